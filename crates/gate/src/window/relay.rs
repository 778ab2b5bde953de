//! The relay on which a lamp or a barrier hangs: what the bar says of it.

use serde::{Deserialize, Serialize};

/// How the relay does. The bar says nothing of one that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RelayView {
    /// Whether one is chosen.
    pub chosen: bool,
    /// Why it does not work; absent while it does.
    pub fault: Option<RelayTrouble>,
}

/// Why a chosen relay does not work. It stops nothing: whoever stands at the gate opens by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum RelayTrouble {
    /// It is not plugged in.
    Absent,
    /// This account may not use it.
    NoPermission,
    /// Another program holds it.
    Busy,
    /// It can't be used as what was chosen.
    Unusable,
    /// It is the hand scanner.
    IsScanner,
}
