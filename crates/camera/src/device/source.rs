//! The interface of a capture library.

use std::time::Duration;

use crate::fault::CameraFault;
use crate::mode::CaptureMode;
use crate::picture::Picture;

/// An open device, used by its capture thread.
pub(super) trait Source {
    /// Waits up to `timeout` for the next picture. A source that waits longer is abandoned with
    /// its thread.
    fn grab(&mut self, timeout: Duration) -> Result<Grab, CameraFault>;
}

/// The outcome of a wait for a picture.
pub(super) enum Grab {
    Picture(Picture),
    /// No picture came in time.
    Nothing,
    /// A picture came that is cut short, corrupt, or marked as damaged by the driver.
    Damaged,
}

/// An open device, and how it was opened.
pub(super) struct Opened {
    pub(super) source: Box<dyn Source>,
    pub(super) mode: CaptureMode,
    /// The controls that could be set, by the names that V4L2's tools use.
    pub(super) set: Vec<(&'static str, i64)>,
}
