//! Why a change was not made.

use health_code::Refusal;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::window::shift::CheckpointProblem;

/// Why a change was not made. What was typed stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ChangeProblem {
    /// The checkpoint cannot be called so, or could not be recorded.
    Checkpoint {
        /// Why.
        why: CheckpointProblem,
    },
    /// The station stands there: another one has to be the current one first.
    Current,
    /// A collector needs a checkpoint to stand at: add one first.
    NoCheckpoint,
    /// Nobody knows where the laptop is.
    NoPlace,
    /// Whoever opened the workbench may not do this.
    NotAllowed,
    /// Too many changes wait for the back office.
    TooMany,
    /// It is not there any more.
    Gone,
    /// It is no stricter than what holds.
    NotStricter,
}

/// What is wrong with somebody who is to be authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum AddProblem {
    /// The code is refused.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// A certificate from abroad names nobody of this country's codes.
    Certificate,
    /// By the rules in force they are to be turned back.
    Stop,
    /// The station cannot verify codes now.
    Unjudged {
        /// Why.
        fault: Fault,
    },
    /// The phone number has not eleven digits of a mobile.
    Phone,
    /// Somebody with this name and this phone number is listed already.
    Listed,
    /// The PIN has fewer than six digits.
    PinShort,
    /// The PIN has too many digits.
    PinLong,
    /// The PIN has something else than digits.
    PinNotDigits,
    /// The PIN is one that everybody tries first.
    PinTrivial,
    /// The PIN stands in the phone number.
    PinInPhone,
    /// The PIN was typed otherwise the second time.
    PinsDiffer,
    /// Too many changes wait for the back office.
    TooMany,
    /// It could not be recorded.
    NotRecorded,
}
