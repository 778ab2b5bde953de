//! The device page: what the laptop has, and what can be tried and chosen there. The shell fills it in.

use serde::{Deserialize, Serialize};

use super::ports::{PortItem, RelayNow, RelayPick, ScannerNow, ScannerPick};
use super::self_test::SelfTest;
use crate::fault::Fault;
use crate::window::collector::Hint;

/// What the device page shows. The gate hands it on as the shell tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// The camera for codes that are held up.
    pub first: CameraNow,
    /// The camera that looks down at paper, if one is chosen.
    pub second: Option<CameraNow>,
    /// The cameras that are plugged in, once somebody asked for them.
    pub cameras: Option<Vec<CameraItem>>,
    /// The hand scanner.
    pub scanner: ScannerNow,
    /// What could be the hand scanner, once somebody asked for that.
    pub scanners: Option<Vec<PortItem>>,
    /// The relay of a lamp or a barrier.
    pub relay: RelayNow,
    /// What could be the relay, once somebody asked for that.
    pub relays: Option<Vec<PortItem>>,
    /// What came of the last code that was held out to try.
    pub read: Option<ReadTest>,
    /// The self-test, once somebody asked for it.
    pub self_test: Option<SelfTest>,
    /// The text of a diagnostics file that would be written, byte for byte, while somebody reads it.
    pub diagnostics: Option<String>,
    /// Why the last choice came to nothing.
    pub problem: Option<DeviceProblem>,
}

/// One of two cameras.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum WhichCamera {
    /// The one for codes that are held up.
    #[default]
    First,
    /// The one that looks down at paper.
    Second,
}

impl WhichCamera {
    /// Both, in their order.
    pub const BOTH: [Self; 2] = [Self::First, Self::Second];

    /// Returns the other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    /// Returns its place among [`WhichCamera::BOTH`].
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::First => 0,
            Self::Second => 1,
        }
    }
}

/// A camera that is in use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CameraNow {
    /// The name that the device reports; empty while it is not known.
    pub name: String,
    /// Size, format and rate, as in `1280×720 MJPEG 30/s`; empty while no pictures come.
    pub format: String,
    /// Whether nobody chose it: it is the first that works.
    pub automatic: bool,
    /// Whether it is a simulated one, or a script.
    pub simulated: bool,
    /// What is wrong with it.
    pub fault: Option<Fault>,
}

/// A camera that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CameraItem {
    /// What names it.
    pub camera: CameraName,
    /// The mode in which it would be opened; empty where it has none that is understood.
    pub format: String,
    /// What it is used as now.
    pub used_as: Option<WhichCamera>,
}

/// What names a camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CameraName {
    /// The name that the device reports.
    pub name: String,
    /// The port that it is plugged into.
    pub place: String,
}

/// What came of a code that was held out to try. What it says is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ReadTest {
    /// It was read.
    Read {
        /// By which camera.
        camera: WhichCamera,
        /// Milliseconds from its picture to its text.
        millis: u32,
    },
    /// It is seen, and cannot be read.
    Unreadable {
        /// Why.
        hint: Hint,
    },
}

/// Why what was asked for on the device page came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum DeviceProblem {
    /// The choice could not be written down; it holds until the program ends.
    NotSaved,
    /// The camera is no longer plugged in.
    CameraGone,
    /// The camera is the other one of the two already.
    CameraTaken,
    /// The device is no longer plugged in.
    DeviceGone,
    /// One device would be the hand scanner and the relay.
    SameDevice,
    /// A pulse has no such length.
    BadPulse,
}

/// What can be asked for on the device page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "ask", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum DeviceInput {
    /// Lists the cameras that are plugged in.
    ListCameras,
    /// Puts the list away.
    HideCameras,
    /// Chooses a camera, at once and for the next start.
    ChooseCamera {
        /// As which of the two.
        which: WhichCamera,
        /// Which device; without one, the first that works, or no second camera.
        camera: Option<CameraName>,
    },
    /// Lists what could be the hand scanner. Nothing is opened.
    ListScanners,
    /// Chooses the hand scanner, at once and for the next start.
    ChooseScanner {
        /// Which.
        pick: ScannerPick,
    },
    /// Lists the serial ports that could be the relay's. Nothing is opened.
    ListRelays,
    /// Chooses the relay, at once and for the next start; nothing is pulsed.
    ChooseRelay {
        /// Which; without one, none.
        pick: Option<RelayPick>,
    },
    /// Pulses the relay once, to try it. Nothing is recorded.
    TryRelay,
    /// Puts the lists of scanners and relays away.
    HidePorts,
    /// Begins the self-test (F5).
    SelfTest,
    /// Answers the self-test's question.
    Heard {
        /// Whether two tones were heard.
        heard: bool,
    },
    /// Writes the diagnostics, for a person to read before they are saved.
    ShowDiagnostics,
    /// Puts them away.
    HideDiagnostics,
}
