//! The hand scanner: what the bar says of it, and what it types into the window.

use serde::{Deserialize, Serialize};

/// How the hand scanner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ScannerView {
    /// How it sends what it reads.
    pub way: ScannerWay,
    /// Why it does not work; absent while it does, and where nobody can tell.
    pub fault: Option<ScannerTrouble>,
    /// So many characters of a code have come; absent while none comes.
    pub reading: Option<u16>,
}

/// How a hand scanner sends what it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum ScannerWay {
    /// None is used.
    None,
    /// As keys, into the window.
    #[default]
    Window,
    /// By a serial port.
    Serial,
    /// As keys of a keyboard that nobody else hears.
    Keyboard,
}

/// Why a chosen hand scanner does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum ScannerTrouble {
    /// It is not plugged in.
    Absent,
    /// This account may not use it.
    NoPermission,
    /// Another program holds it.
    Busy,
    /// It can't be used as what was chosen.
    Unusable,
}

impl ScannerView {
    /// Returns whether a scanner is there, as far as anybody can tell.
    #[must_use]
    pub fn is_there(&self) -> bool {
        matches!(self.way, ScannerWay::Serial | ScannerWay::Keyboard) && self.fault.is_none()
    }
}

/// What a scanner typed into the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ScannerInput {
    /// A text.
    Typed {
        /// The text.
        text: String,
    },
    /// More than any code holds, or what nobody can make a text of.
    Broken,
}
