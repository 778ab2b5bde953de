//! The faults of a camera.

/// A fault of a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CameraFault {
    /// No camera is connected, or not the chosen one.
    #[error("no camera is connected")]
    None,
    /// Another program uses the camera.
    #[error("another program is using the camera")]
    Busy,
    /// This account may not open the camera.
    #[error("this account may not open the camera: add it to the group `video`")]
    NoPermission,
    /// The camera was unplugged.
    #[error("the camera was disconnected")]
    Lost,
    /// The camera is connected and sends nothing.
    #[error("the camera sends no pictures")]
    Stalled,
    /// No supported format, or only damaged pictures.
    #[error("the camera's pictures cannot be used")]
    Unusable,
    /// The pictures are black: the lens is covered, or there is no light. Pictures still come.
    #[error("the camera's picture is black")]
    Black,
    /// The simulated camera's folder cannot be read.
    #[error("the simulated camera's folder cannot be read")]
    NoSource,
}

/// A fault, and what helps somebody to end it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultReport {
    /// The fault.
    pub fault: CameraFault,
    /// With [`CameraFault::Busy`]: the program that uses the camera, if known.
    pub held_by: Option<String>,
    /// With [`CameraFault::NoPermission`]: the command with which an administrator permits it.
    pub fix: Option<String>,
}

impl From<CameraFault> for FaultReport {
    fn from(fault: CameraFault) -> Self {
        Self { fault, held_by: None, fix: None }
    }
}

impl CameraFault {
    /// Returns a stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "camera-none",
            Self::Busy => "camera-busy",
            Self::NoPermission => "camera-no-permission",
            Self::Lost => "camera-lost",
            Self::Stalled => "camera-stalled",
            Self::Unusable => "camera-unusable",
            Self::Black => "camera-covered",
            Self::NoSource => "camera-no-source",
        }
    }

    /// Returns whether the fault may end without anybody doing something. The camera is tried
    /// again in any case, because only a try shows whether somebody did.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Busy | Self::Stalled | Self::Black)
    }

    /// Maps an operating system's error number (errno).
    pub(crate) fn from_os(number: i32) -> Self {
        match number {
            1 | 13 => Self::NoPermission,
            16 => Self::Busy,
            2 | 6 => Self::None,
            5 | 19 => Self::Lost,
            _ => Self::Unusable,
        }
    }

    /// Ranks how much the fault tells a person. Of several cameras that could not be opened, the
    /// fault with the highest rank is shown.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Unusable => 1,
            Self::Lost => 2,
            Self::NoPermission => 3,
            _ => 4,
        }
    }
}
