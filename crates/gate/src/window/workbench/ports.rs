//! The hand scanner and the relay on the device page: what is chosen, and what could be.

use health_code::Timestamp;
use serde::{Deserialize, Serialize};

use crate::window::relay::RelayTrouble;
use crate::window::scanner::{ScannerTrouble, ScannerWay};

/// The hand scanner that is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ScannerNow {
    /// How it sends what it reads.
    pub way: ScannerWay,
    /// What its device calls itself; empty where there is no device, or it has no name.
    pub name: String,
    /// Why it does not work.
    pub fault: Option<ScannerTrouble>,
    /// When it sent something last, in this run.
    pub last_read: Option<Timestamp>,
}

/// The relay that is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RelayNow {
    /// How it is switched; absent while none is chosen.
    pub kind: Option<RelayKind>,
    /// What its device calls itself; empty where there is none, or it has no name.
    pub name: String,
    /// For how long it is on, in milliseconds.
    pub pulse: u16,
    /// Why it does not work.
    pub fault: Option<RelayTrouble>,
    /// What came of the last pulse by which it was tried.
    pub tried: Option<RelayTried>,
}

/// What came of a pulse by which a relay was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RelayTried {
    /// Why it was not pulsed.
    pub fault: Option<RelayTrouble>,
}

/// How a relay is switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum RelayKind {
    /// By the bytes of a board.
    Bytes,
    /// By the line RTS of its port.
    Rts,
    /// By the line DTR of its port.
    Dtr,
}

/// A device that could be a scanner or a relay. It was seen, and not opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PortItem {
    /// What names it to the station.
    pub key: String,
    /// What it calls itself; may be empty.
    pub name: String,
    /// Its own number, or where it is plugged in.
    pub place: String,
    /// Whether it is a keyboard, and no serial port.
    pub keyboard: bool,
    /// What it is used as now.
    pub used_as: Option<PortUse>,
}

/// What a device is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum PortUse {
    /// As the hand scanner.
    Scanner,
    /// As the relay.
    Relay,
}

/// Which hand scanner to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "by", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ScannerPick {
    /// None.
    None,
    /// One that types into the window.
    Window,
    /// A device of the list.
    Device {
        /// What names it.
        key: String,
    },
}

/// Which relay to use, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelayPick {
    /// What names the device of the list.
    pub key: String,
    /// How it is switched.
    pub kind: RelayKind,
    /// For how long it is on, in milliseconds.
    pub pulse: u16,
}
