//! The camera: pictures from a device, or from a simulated one that a setting chose, on a thread
//! of its own. The newest frame wins; a camera that fails is reopened until it returns.

mod choice;
mod device;
mod fault;
mod latest;
pub mod limits;
mod pixels;
mod simulated;
mod thread;

pub use choice::{BadChoice, CameraChoice, SimulatedSource};
pub use device::{Device, devices};
pub use fault::CameraFault;
pub use latest::{Frame, LatestFrame};
pub use simulated::Showing;
#[cfg(feature = "bench")]
pub(crate) use simulated::open_at as open_simulated_at;
pub use thread::{CameraHandle, CameraState, Stopwatch, spawn, spawn_with};

use std::sync::Arc;
use std::time::Duration;

use code_reader::GreyFrame;

/// What a camera gives: the same moment in grey for the reader, and as a JPEG for the preview.
#[derive(Debug, Clone)]
pub struct Picture {
    /// For the reader.
    pub grey: GreyFrame,
    /// For the eye.
    pub jpeg: Arc<[u8]>,
}

/// What a camera is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Its name, as the device says it.
    pub name: String,
    /// How it was opened: size, format, rate; and why not better, if so.
    pub format: String,
    /// Whether it is the simulated one, which the screen says at all times.
    pub simulated: bool,
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
