//! The status bar along the foot of every screen.

use health_code::Timestamp;
use serde::{Deserialize, Serialize};

use super::relay::RelayView;
use super::scanner::ScannerView;
use super::shift::{Direction, ShiftId};
use crate::fault::Fault;

/// The status bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct StatusBar {
    /// The checkpoint at which the station stands.
    pub checkpoint: Option<String>,
    /// The masked name of whoever is signed in.
    pub collector: Option<String>,
    /// The shift of whoever is signed in.
    pub shift: Option<ShiftId>,
    /// The masked name of the administrator who has opened the workbench.
    pub administrator: Option<String>,
    /// The direction in which people pass the checkpoint.
    pub direction: Option<Direction>,
    /// How the back office is reached.
    pub line: Line,
    /// Number of reports in the outbox.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub waiting: u64,
    /// Number of reports that the back office calls malformed. They are kept, and not sent, until
    /// somebody exports them.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub set_aside: u64,
    /// Age of the trust list.
    pub trust: TrustAge,
    /// Whether the clock is known to be wrong.
    pub clock_wrong: bool,
    /// The masked name of the administrator who vouches for the clock; absent if nobody has to.
    pub asserted_by: Option<String>,
    /// The battery, if there is one.
    pub battery: Option<Battery>,
    /// Whether the root says that the deployment is for trying only.
    pub trial: bool,
    /// Whether the camera is the simulated one.
    pub simulated_camera: bool,
    /// What else is known about the camera.
    pub camera: CameraView,
    /// How the hand scanner does.
    pub scanner: ScannerView,
    /// How the relay does.
    pub relay: RelayView,
    /// Whether other programs leave too little time for reading codes.
    pub busy: bool,
    /// What the wall clock said at the last change of the view.
    pub now: Timestamp,
}

/// How the back office is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// It answers.
    Online,
    /// It does not answer.
    #[default]
    Offline,
    /// It does not answer, and the reason is this machine's clock.
    OfflineClock,
}

/// What is known about the camera beside its fault. The station has cut its texts to plain, short
/// ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CameraView {
    /// The camera is there, but its first picture has not come: at the start, or on its return.
    pub opening: bool,
    /// The program that holds the camera, if that is known.
    pub held_by: Option<String>,
    /// The command by which an administrator lets this account use the camera.
    pub mend: Option<String>,
    /// The camera repeats one picture, which must not look live.
    pub frozen: bool,
    /// The camera gives less than was asked for.
    pub lesser: Option<LesserPicture>,
    /// What is wrong with one of two cameras, while the other one works.
    pub other_out: Option<Fault>,
}

/// A picture that is smaller, or comes less often, than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LesserPicture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pictures per second.
    pub rate: u32,
    /// Whether the camera offers no larger size; if not, it offers no higher rate.
    pub small: bool,
}

/// How old the trust list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TrustAge {
    /// Age in seconds; absent if there is no list.
    pub seconds: Option<u32>,
    /// Whether the list is past its soft expiry.
    pub old: bool,
    /// The ages that matter; absent if there is no list.
    pub limits: Option<TrustLimits>,
}

/// The ages of a trust list that matter, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TrustLimits {
    /// From this age on the list is old: somebody should ask why.
    pub soft: u32,
    /// From this age on nothing is judged by it.
    pub hard: u32,
}

/// A battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Battery {
    /// Charge from 0 to 100.
    pub percent: u8,
    /// Whether it is on mains.
    pub charging: bool,
}
