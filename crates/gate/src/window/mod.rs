//! What crosses between the gate and the window: the view that is shown, and what a person does.
//!
//! Views carry codes and masked text only. The window turns codes into sentences in its language;
//! it keeps no past and computes no verdict. Each wing of the gate has one file here, with its
//! screens and its inputs.

pub mod bar;
pub mod collector;
pub mod relay;
pub mod resident;
pub mod rules;
pub mod scanner;
pub mod shift;
pub mod spoken;
pub mod station;
pub mod stick;
pub mod workbench;

use serde::{Deserialize, Serialize};

use bar::StatusBar;
use collector::{CollectorInput, CollectorScreen, ResultView};
use scanner::ScannerInput;
use shift::{ShiftInput, ShiftScreen};
use station::{StationInput, StationScreen};
use workbench::{GpsView, WorkbenchInput, WorkbenchScreen};

/// All that the window shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// The main part.
    pub screen: Screen,
    /// The status bar along the foot.
    pub bar: StatusBar,
    /// Whom to call in this community, as its file says; may be empty.
    pub contact: String,
}

/// The main part of a view. In JSON `wing` and `kind` together name the screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "wing", rename_all = "kebab-case")]
pub enum Screen {
    /// Reading and recording codes.
    Collector(CollectorScreen),
    /// Signing in and choosing a checkpoint.
    Shift(ShiftScreen),
    /// The station speaks of itself.
    Station(StationScreen),
    /// Looking after checkpoints and collectors.
    Workbench(WorkbenchScreen),
}

impl Screen {
    /// Returns the result that waits for a person's decision, if the screen shows one.
    #[must_use]
    pub fn open_result(&self) -> Option<&ResultView> {
        match self {
            Self::Collector(CollectorScreen::Result { result }) => Some(result),
            _ => None,
        }
    }

    /// Returns whether a code before the camera means anything on this screen.
    #[must_use]
    pub fn reads_codes(&self) -> bool {
        match self {
            Self::Collector(_) | Self::Station(_) => true,
            Self::Shift(_) => false,
            Self::Workbench(screen) => screen.reads_codes(),
        }
    }

    /// Returns what the screen wants of a GPS receiver.
    #[must_use]
    pub fn gps(&self) -> GpsUse {
        match self {
            Self::Workbench(WorkbenchScreen::Checkpoints { gps: GpsView::Asked { .. }, .. }) => {
                GpsUse::Listen
            }
            Self::Workbench(WorkbenchScreen::Checkpoints { .. }) => GpsUse::Look,
            _ => GpsUse::None,
        }
    }
}

/// What is wanted of a GPS receiver. No device is opened before somebody asks: what else may stand behind a
/// serial port, such as a barrier, could act on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GpsUse {
    /// Nothing.
    #[default]
    None,
    /// Whether there may be one.
    Look,
    /// Where it is.
    Listen,
}

/// What a person did at the screen. In JSON `wing` and `kind` together name the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "wing", rename_all = "kebab-case")]
pub enum UserInput {
    /// To the collector's wing.
    Collector(CollectorInput),
    /// To the shift's wing.
    Shift(ShiftInput),
    /// To the station's wing.
    Station(StationInput),
    /// To the workbench.
    Workbench(WorkbenchInput),
    /// From a hand scanner that types: it is no person's doing.
    Scanner(ScannerInput),
}

impl From<CollectorInput> for UserInput {
    fn from(input: CollectorInput) -> Self {
        Self::Collector(input)
    }
}

impl From<ShiftInput> for UserInput {
    fn from(input: ShiftInput) -> Self {
        Self::Shift(input)
    }
}

impl From<StationInput> for UserInput {
    fn from(input: StationInput) -> Self {
        Self::Station(input)
    }
}

impl From<ScannerInput> for UserInput {
    fn from(input: ScannerInput) -> Self {
        Self::Scanner(input)
    }
}

impl From<WorkbenchInput> for UserInput {
    fn from(input: WorkbenchInput) -> Self {
        Self::Workbench(input)
    }
}
