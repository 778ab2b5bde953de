//! Cameras: finds the right device, reads its frames, and reports its faults.
//!
//! [`spawn`] runs the chosen camera on its own thread. The thread publishes each frame to a
//! [`LatestFrame`], which holds only the newest one, and reopens a camera that failed until it
//! works again. A frame is grey for the reader and a JPEG for the preview. A simulated camera
//! draws a phone with a code, or plays picture files. `docs/camera.md` describes the behaviour.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod choice;
mod device;
mod fault;
mod health;
mod latest;
pub mod limits;
mod mode;
mod open_camera;
mod picture;
pub mod pixels;
mod preview;
mod showing;
mod simulated;
mod stopwatch;
mod thread;

pub use choice::{CameraChoice, DeviceChoice, InvalidChoice, Library, PowerLine, SimulatedSource, Tuning};
pub use device::{Device, capture_modes, devices};
pub use fault::{CameraFault, FaultReport};
pub use latest::{Arrivals, Frame, LatestFrame};
pub use mode::{CaptureMode, Shortfall, best_mode, shortfall};
pub use open_camera::{Camera, Description, ReducedPicture};
pub use picture::Picture;
pub use pixels::PixelFormat;
pub use showing::Showing;
pub use simulated::{RISE, open_at_rate as open_simulated};
pub use stopwatch::Stopwatch;
pub use thread::{CameraHandle, CameraState, spawn, spawn_into, spawn_with};
