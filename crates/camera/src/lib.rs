//! The camera: pictures from a device, or from a simulated one that a setting chose, on a thread
//! of its own. The newest frame wins; a camera that fails is reopened until it returns.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod choice;
mod device;
mod fault;
mod latest;
pub mod limits;
pub mod pixels;
mod preview;
mod simulated;
mod thread;

pub use choice::{BadChoice, CameraChoice, Library, PowerLine, SimulatedSource, Tuning, Wanted};
pub use device::{Device, Lesser, Offer, Pixels, best, devices, lesser, offers};
pub use fault::{CameraFault, Trouble};
pub use latest::{Frame, LatestFrame};
pub use simulated::{Showing, open_at as open_simulated};
pub use thread::{CameraHandle, CameraState, Stopwatch, spawn, spawn_with};

use std::sync::Arc;
use std::time::Duration;

use code_reader::GreyFrame;
use preview::{Colours, Preview};

/// What a camera gives: the same moment in grey for the reader, and as a JPEG for the preview.
#[derive(Debug, Clone)]
pub struct Picture {
    /// For the reader.
    pub grey: GreyFrame,
    preview: Preview,
}

impl Picture {
    fn new(grey: GreyFrame, colours: Colours) -> Self {
        Self { grey, preview: Preview::new(colours) }
    }

    /// For the eye; compressed by the first who asks. `None` where that fails.
    #[must_use]
    pub fn jpeg(&self) -> Option<Arc<[u8]>> {
        self.preview.jpeg(&self.grey)
    }
}

/// What a camera is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Its name, as the device says it.
    pub name: String,
    /// Where it is plugged in; empty for one that is not.
    pub place: String,
    /// How it was opened: size, format, rate.
    pub format: String,
    /// That it gives less than was wanted, and why.
    pub lesser: Option<LesserPicture>,
    /// What it could be set to: exposure, focus, power-line frequency.
    pub set: Vec<(&'static str, i64)>,
    /// Whether it is the simulated one, which the screen says at all times.
    pub simulated: bool,
    /// Whether it has been giving the very same picture again and again.
    pub frozen: bool,
}

/// A picture that is smaller or rarer than was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LesserPicture {
    /// Across, in pixels.
    pub width: u32,
    /// Down, in pixels.
    pub height: u32,
    /// Pictures a second, rounded.
    pub rate: u32,
    /// Why no better one.
    pub why: Lesser,
}

/// An open camera. Dropping it closes it.
pub trait Camera {
    /// The next picture. `Ok(None)`: none has come in this time, which is not yet a fault.
    ///
    /// # Errors
    /// When the camera will give no more: drop it, and open it again.
    fn next(&mut self, timeout: Duration) -> Result<Option<Picture>, CameraFault>;

    /// What it is.
    fn describe(&self) -> Description;
}
