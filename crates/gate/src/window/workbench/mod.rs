//! The screens of the workbench (社区工作台), in which an administrator looks after checkpoints and
//! collectors, and what can be done there.

mod device;
mod input;
mod items;
mod notices;
mod ports;
mod problems;
mod self_test;

pub use device::{
    CameraItem, CameraName, CameraNow, DeviceInput, DeviceProblem, DeviceView, ReadTest, WhichCamera,
};
pub use input::{WorkbenchInput, WorkbenchPage};
pub use items::{
    CheckpointItem, CollectorItem, CollectorState, Enrolment, EnrolmentView, GpsView, HereView, RootView,
    ScannedPerson,
};
pub use notices::{ChangeKind, OfficeNotice, OfficeRefusal};
pub use ports::{PortItem, PortUse, RelayKind, RelayNow, RelayPick, RelayTried, ScannerNow, ScannerPick};
pub use problems::{AddProblem, ChangeProblem};
pub use self_test::{SelfTest, TestFailure, TestFinding, TestLine, TestOutcome, TestSubject};

use serde::{Deserialize, Serialize};

use super::collector::Hint;
use super::rules::{PolicyView, TrustUpdate, TrustView};
use super::stick::StickView;

/// A page of the workbench.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum WorkbenchScreen {
    /// The community's checkpoints.
    Checkpoints {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// The checkpoint at which this station stands, or stood last.
        current: Option<CheckpointItem>,
        /// The others.
        rows: Vec<CheckpointItem>,
        /// Where the laptop is.
        gps: GpsView,
        /// Whether a change is on its way to the disk.
        saving: bool,
        /// Why the last change was not made.
        problem: Option<ChangeProblem>,
    },
    /// The community's collectors.
    Collectors {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// The collectors, by masked phone number.
        rows: Vec<CollectorItem>,
        /// Why the last change was not made.
        problem: Option<ChangeProblem>,
    },
    /// Authorising a collector: the code, the phone number, the PIN.
    AddCollector {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// Whom the code names, once one was read; the camera reads until then.
        person: Option<ScannedPerson>,
        /// What keeps the code in view from being read.
        hint: Option<Hint>,
        /// Whether the PIN is being hashed, or the change is on its way to the disk.
        saving: bool,
        /// What is wrong, at the field that it is about.
        problem: Option<AddProblem>,
    },
    /// Another PIN for a collector, who chooses it.
    NewPin {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// Their masked name.
        masked_name: String,
        /// Their masked phone number.
        masked_phone: String,
        /// Whether the PIN is being hashed, or the change is on its way to the disk.
        saving: bool,
        /// What is wrong.
        problem: Option<AddProblem>,
    },
    /// The policy in force.
    Policy {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// What holds; absent if no policy is in force.
        policy: Option<PolicyView>,
        /// Whether a change is on its way to the disk.
        saving: bool,
        /// Why the last change was not made.
        problem: Option<ChangeProblem>,
    },
    /// The trust files.
    Trust {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// The files; absent if there are none.
        trust: Option<TrustView>,
        /// What came of asking for newer ones, once somebody did.
        update: Option<TrustUpdate>,
    },
    /// The USB stick.
    Stick {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// What is on it, and for how long this gate needs nothing else.
        stick: StickView,
    },
    /// What the laptop has: cameras, sound, screen; with a self-test.
    Device {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// What the shell knows of it.
        device: Box<DeviceView>,
    },
    /// Where this laptop belongs; from here it is enrolled again, or leaves service.
    Enrolment {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// Where.
        place: EnrolmentView,
    },
}

/// What every page of the workbench shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct WorkbenchFrame {
    /// The community's name.
    pub community: String,
    /// What the back office refused, until somebody has seen it.
    pub notices: Vec<OfficeNotice>,
}

impl WorkbenchScreen {
    /// Returns what every page shows.
    #[must_use]
    pub fn frame(&self) -> &WorkbenchFrame {
        match self {
            Self::Checkpoints { frame, .. }
            | Self::Collectors { frame, .. }
            | Self::AddCollector { frame, .. }
            | Self::NewPin { frame, .. }
            | Self::Policy { frame, .. }
            | Self::Trust { frame, .. }
            | Self::Stick { frame, .. }
            | Self::Device { frame, .. }
            | Self::Enrolment { frame, .. } => frame,
        }
    }

    /// Returns whether the page waits for a code before the camera.
    #[must_use]
    pub fn reads_codes(&self) -> bool {
        matches!(self, Self::AddCollector { person: None, .. })
    }
}
