//! The interface of an open camera, whatever its pictures come from.

use std::time::Duration;

use crate::fault::CameraFault;
use crate::mode::Shortfall;
use crate::picture::Picture;

/// Longest single wait for a picture. A camera can be stopped this often.
pub(crate) const WAIT: Duration = Duration::from_millis(200);

/// An open camera. Dropping it closes it.
pub trait Camera {
    /// Waits for the next picture. Returns `Ok(None)` if none came within `timeout`, which is not
    /// a fault yet.
    ///
    /// # Errors
    /// The camera gives no more pictures. Drop it and open it again.
    fn next(&mut self, timeout: Duration) -> Result<Option<Picture>, CameraFault>;

    /// Describes the camera and how it was opened.
    fn describe(&self) -> Description;
}

/// A camera, and how it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The name that the device reports.
    pub name: String,
    /// The port that it is plugged into. Empty for a simulated camera.
    pub place: String,
    /// Size, format and rate, to be shown.
    pub format: String,
    /// Set if the camera gives smaller or fewer pictures than wanted.
    pub reduced: Option<ReducedPicture>,
    /// The controls that were set (exposure, focus, power-line frequency), with their values.
    pub set: Vec<(&'static str, i64)>,
    /// Whether the camera is simulated. The screen says so at all times.
    pub simulated: bool,
    /// Whether the camera keeps sending the same picture.
    pub frozen: bool,
}

/// The mode of a camera that gives smaller or fewer pictures than wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReducedPicture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pictures a second, rounded.
    pub rate: u32,
    /// What the camera falls short in.
    pub why: Shortfall,
}
