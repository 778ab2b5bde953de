//! Captures through nokhwa.
//!
//! nokhwa waits for a frame without a timeout. It also hands the open descriptor of a thread that
//! hangs to whoever opens the same device next. A device is therefore reopened only after its last
//! thread has ended, which happens at the next frame or when the cable is pulled.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nokhwa::utils::{
    CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};
use nokhwa::{Camera as Nokhwa, NokhwaError};

use super::source::{Grab, Opened, Source};
use crate::fault::CameraFault;
use crate::mode::{CaptureMode, HEIGHT, RATE, WIDTH};
use crate::pixels::{self, Layout, PixelFormat};

/// Sizes and formats in the order in which they are requested. Never "any", which gave 320 × 180 at
/// one frame a second on one camera.
const WISHES: [(u32, u32, FrameFormat); 9] = [
    (WIDTH, HEIGHT, FrameFormat::MJPEG),
    (WIDTH, HEIGHT, FrameFormat::YUYV),
    (1920, 1080, FrameFormat::MJPEG),
    (1280, 960, FrameFormat::MJPEG),
    (1024, 768, FrameFormat::MJPEG),
    (800, 600, FrameFormat::MJPEG),
    (800, 600, FrameFormat::YUYV),
    (640, 480, FrameFormat::MJPEG),
    (640, 480, FrameFormat::YUYV),
];

struct NokhwaSource {
    camera: Nokhwa,
    layout: Layout,
    // Dropped last: the camera must be closed before the device may be opened again.
    _claim: Claim,
}

/// Opens a device in the first mode of [`WISHES`] that it has. Its controls are left as they are.
pub(super) fn open(number: u32) -> Result<Opened, CameraFault> {
    let claim = Claim::take(number).ok_or(CameraFault::Stalled)?;
    let mut camera = open_best(number)?;
    camera.open_stream().map_err(|error| fault_of(&error))?;
    let format = camera.camera_format();
    let (width, height, rate) = (format.width(), format.height(), format.frame_rate() as f32);
    let format = if format.format() == FrameFormat::MJPEG { PixelFormat::Mjpeg } else { PixelFormat::Yuyv };
    let layout = Layout { format, width: width as usize, height: height as usize, stride: 0 };
    let mode = CaptureMode { format, width, height, rate };
    let source = Box::new(NokhwaSource { camera, layout, _claim: claim });
    Ok(Opened { source, mode, set: Vec::new() })
}

impl Source for NokhwaSource {
    fn grab(&mut self, _timeout: Duration) -> Result<Grab, CameraFault> {
        let buffer = self.camera.frame_raw().map_err(|error| fault_of(&error))?;
        Ok(pixels::picture(self.layout, &buffer).map_or(Grab::Damaged, Grab::Picture))
    }
}

fn open_best(number: u32) -> Result<Nokhwa, CameraFault> {
    let index = CameraIndex::Index(number);
    let supported = [FrameFormat::MJPEG, FrameFormat::YUYV];
    let mut fault = CameraFault::Unusable;
    for (width, height, format) in WISHES {
        let wish = CameraFormat::new(Resolution::new(width, height), format, RATE);
        let request = RequestedFormat::with_formats(RequestedFormatType::Closest(wish), &supported);
        match Nokhwa::new(index.clone(), request) {
            Ok(camera) => return Ok(camera),
            Err(error) => {
                fault = fault_of(&error);
                // Another wish helps only if this one was not met.
                if fault != CameraFault::Unusable {
                    break;
                }
            }
        }
    }
    Err(fault)
}

fn fault_of(error: &NokhwaError) -> CameraFault {
    // nokhwa reports the system's error as text only.
    let text = error.to_string();
    let number = text.rsplit_once("(os error ").and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    number.map_or(CameraFault::Unusable, CameraFault::from_os)
}

/// The exclusive right of one thread to open a device.
struct Claim(u32);

static CLAIMED: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

impl Claim {
    fn take(number: u32) -> Option<Self> {
        let is_new = claimed().insert(number);
        // `then`, not `then_some`: a claim that is made and dropped would release the owner's.
        is_new.then(|| Self(number))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        claimed().remove(&self.0);
    }
}

fn claimed() -> MutexGuard<'static, BTreeSet<u32>> {
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_says_what_is_wrong() {
        let opening = |text: &str| fault_of(&NokhwaError::OpenDeviceError("0".to_owned(), text.to_owned()));
        assert_eq!(opening("V4L2 Error: Device or resource busy (os error 16)"), CameraFault::Busy);
        assert_eq!(opening("V4L2 Error: Permission denied (os error 13)"), CameraFault::NoPermission);
        assert_eq!(opening("V4L2 Error: No such file or directory (os error 2)"), CameraFault::None);
        assert_eq!(
            fault_of(&NokhwaError::ReadFrameError("No such device (os error 19)".to_owned())),
            CameraFault::Lost
        );
        assert_eq!(opening("something else"), CameraFault::Unusable);
    }

    #[test]
    fn a_device_has_one_owner() {
        let claim = Claim::take(4_000_000_000).unwrap();
        assert!(Claim::take(4_000_000_000).is_none());
        drop(claim);
        assert!(Claim::take(4_000_000_000).is_some());
    }
}
