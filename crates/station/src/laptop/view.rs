//! What a laptop's window shows.

use gate::View;
use gate::action::Sound;
use gate::window::resident::ResidentView;
use serde::{Deserialize, Serialize};

use super::entrance::view::EntranceView;
use crate::start::StartError;
use crate::withdrawal::ExportedReports;

/// One whole window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum WindowView {
    /// No station runs on this laptop.
    NoStation {
        /// The reason.
        why: NoStation,
        /// Whom to ask, where the reason is that the station was withdrawn; may be empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        contact: Option<String>,
        /// Where the reports are that could not be sent, where the reason is that the laptop left service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        exported: Option<ExportedReports>,
    },
    /// The laptop takes a ticket and joins.
    Entrance {
        /// What the entrance shows.
        view: Box<EntranceView>,
    },
    /// The gate's screen.
    Station {
        /// What the gate shows.
        view: Box<View>,
    },
}

impl WindowView {
    /// Returns what the resident's side shows meanwhile. A laptop that speaks of itself is no open gate.
    #[must_use]
    pub fn resident(&self) -> ResidentView {
        match self {
            Self::NoStation { .. } | Self::Entrance { .. } => ResidentView::Closed,
            Self::Station { view } => ResidentView::of(view),
        }
    }
}

/// Why no station runs on a laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum NoStation {
    /// The folder is no enrolled station yet: a ticket makes it one.
    NotEnrolled,
    /// Another process runs this station.
    InUse,
    /// The station that this was is withdrawn, has sent what it had, and is erased.
    Withdrawn,
    /// An administrator here took the laptop out of service, and it is erased.
    Left,
    /// The station could not be started; the log says why.
    #[serde(rename = "no-station")]
    Failed,
}

impl NoStation {
    /// Returns a stable code, the one that serialising gives.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotEnrolled => "not-enrolled",
            Self::InUse => "in-use",
            Self::Withdrawn => "withdrawn",
            Self::Left => "left",
            Self::Failed => "no-station",
        }
    }

    /// Returns whether what others do to the folder may end this state.
    #[must_use]
    pub fn may_pass(self) -> bool {
        self.takes_tickets() || self == Self::InUse
    }

    /// Returns whether a ticket makes this laptop a station.
    #[must_use]
    pub fn takes_tickets(self) -> bool {
        matches!(self, Self::NotEnrolled | Self::Withdrawn | Self::Left)
    }

    #[cfg(test)]
    pub(crate) const ALL: [Self; 5] =
        [Self::NotEnrolled, Self::InUse, Self::Withdrawn, Self::Left, Self::Failed];
}

impl From<&StartError> for NoStation {
    fn from(error: &StartError) -> Self {
        match error {
            StartError::NotEnrolled(_) => Self::NotEnrolled,
            StartError::InUse => Self::InUse,
            StartError::Withdrawn { .. } => Self::Withdrawn,
            StartError::Left { .. } => Self::Left,
            _ => Self::Failed,
        }
    }
}

/// Where a laptop's views and sounds go. It is called on the laptop's threads, so it must neither
/// wait nor call the laptop.
pub trait Window: Send + 'static {
    /// Shows a view instead of the one before.
    fn show(&mut self, view: WindowView);
    /// Makes a sound.
    fn play(&mut self, sound: Sound);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_serialised_as_its_code() {
        for why in NoStation::ALL {
            let view = WindowView::NoStation { why, contact: None, exported: None };
            assert_eq!(view.resident(), ResidentView::Closed);
            let json = serde_json::to_value(view).unwrap();
            assert_eq!(json, serde_json::json!({ "state": "no-station", "why": why.code() }));
        }
    }
}
