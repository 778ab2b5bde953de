//! The screens on which the station speaks of itself, and what a person can answer.

use health_code::Timestamp;
use serde::{Deserialize, Serialize};

use super::stick::SticksSeen;
use crate::fault::Fault;

/// What the station says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum StationScreen {
    /// The station cannot judge.
    Fault {
        /// What is wrong.
        fault: Fault,
        /// For how many seconds it has been wrong.
        seconds: u32,
        /// Whether a person has seen it, so that it is silent.
        seen: bool,
        /// Whether this person may vouch for the time on the screen.
        may_assert_time: bool,
    },
    /// The station is out of service: it judges nothing any more. This covers every other screen.
    OutOfService {
        /// Whether an administrator at this laptop took it out of service, and not the office.
        left: bool,
        /// Whom to ask; may be empty.
        contact: String,
        /// Reports that still wait to be sent; then trust and keys are erased.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        waiting: u64,
        /// What came of carrying a stick, once somebody did; what waits leaves by one, too.
        stick: Option<Box<SticksSeen>>,
        /// Whether a stick is being carried.
        carrying: bool,
    },
}

/// What a person can answer to the station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum StationInput {
    /// Silences the fault on the screen: a person has seen it.
    FaultSeen,
    /// Writes what waits to a stick, and takes in what it brings. Only a station that is out of service may;
    /// elsewhere an administrator carries it in the workbench.
    CarryStick,
    /// Vouches for the time on the screen; only an administrator may.
    AssertTime {
        /// The time that the person looked at ([`StatusBar::now`](super::bar::StatusBar::now)).
        shown: Timestamp,
    },
}
