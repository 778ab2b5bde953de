//! What can be wrong with a camera.

/// What can be wrong with a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CameraFault {
    /// No camera is connected, or not the one that was chosen.
    #[error("no camera is connected")]
    None,
    /// Another program holds it.
    #[error("another program is using the camera")]
    Busy,
    /// This account may not open it.
    #[error("this account may not open the camera: add it to the group `video`")]
    NoPermission,
    /// It was there and is gone.
    #[error("the camera was disconnected")]
    Lost,
    /// It is there and sends nothing.
    #[error("the camera sends no pictures")]
    Stalled,
    /// It sends nothing that can be used: no format that is understood, or broken pictures.
    #[error("the camera's pictures cannot be used")]
    Unusable,
    /// Its pictures are black: covered, or no light at all. Pictures go on meanwhile.
    #[error("the camera's picture is black")]
    Black,
    /// The simulated camera's folder cannot be read.
    #[error("the simulated camera's folder cannot be read")]
    NoSource,
}

/// A fault, and what is known about it that helps somebody to end it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub fault: CameraFault,
    /// With [`CameraFault::Busy`]: the program that holds the camera, where that can be known.
    pub held_by: Option<String>,
    /// With [`CameraFault::NoPermission`]: the command by which an administrator mends it.
    pub mend: Option<String>,
}

impl From<CameraFault> for Trouble {
    fn from(fault: CameraFault) -> Self {
        Self { fault, held_by: None, mend: None }
    }
}

impl CameraFault {
    /// A stable code.
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

    /// Whether it may pass with nobody doing anything. The station tries again in any case: what
    /// a person does about the others is seen only by trying.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Busy | Self::Stalled | Self::Black)
    }

    /// From an operating system's error number.
    pub(super) fn from_os(number: i32) -> Self {
        match number {
            1 | 13 => Self::NoPermission,
            16 => Self::Busy,
            2 | 6 => Self::None,
            5 | 19 => Self::Lost,
            _ => Self::Unusable,
        }
    }

    /// Of several cameras that could not be opened, the fault that tells a person most.
    pub(super) fn telling(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Unusable => 1,
            Self::Lost => 2,
            Self::NoPermission => 3,
            _ => 4,
        }
    }
}
