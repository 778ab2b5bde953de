//! Pictures by nokhwa.
//!
//! It waits for a frame without end, and it lends the open descriptor of a thread that hangs to
//! the next one who opens the same number; so a device is opened again only when its last thread
//! has let go of it, which it does at the next frame, or when the cable is pulled.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nokhwa::utils::{
    CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};
use nokhwa::{Camera as Nokhwa, NokhwaError};

use super::format::{Offer, Pixels};
use super::{Grab, Opened, Source};
use crate::pixels::{self, Layout};
use crate::{CameraFault, limits};

/// Sizes and formats in the order in which they are asked for. Never "any": that was seen to give
/// 320 × 180 at one frame a second.
const WISHES: [(u32, u32, FrameFormat); 9] = [
    (limits::WIDTH, limits::HEIGHT, FrameFormat::MJPEG),
    (limits::WIDTH, limits::HEIGHT, FrameFormat::YUYV),
    (1920, 1080, FrameFormat::MJPEG),
    (1280, 960, FrameFormat::MJPEG),
    (1024, 768, FrameFormat::MJPEG),
    (800, 600, FrameFormat::MJPEG),
    (800, 600, FrameFormat::YUYV),
    (640, 480, FrameFormat::MJPEG),
    (640, 480, FrameFormat::YUYV),
];

struct Taker {
    camera: Nokhwa,
    layout: Layout,
    // Dropped last: whoever opens the device next must find the camera gone.
    _hold: Hold,
}

/// Opens with the best format on offer. What a camera can be set to is left as it is.
pub(super) fn open(number: u32) -> Result<Opened, CameraFault> {
    let hold = Hold::take(number).ok_or(CameraFault::Stalled)?;
    let mut camera = open_best(number)?;
    camera.open_stream().map_err(|error| fault_of(&error))?;
    let format = camera.camera_format();
    let pixels = if format.format() == FrameFormat::MJPEG { Pixels::Mjpeg } else { Pixels::Yuyv };
    let (width, height) = (format.width(), format.height());
    let layout = Layout { pixels, width: width as usize, height: height as usize, stride: 0 };
    let offer = Offer { pixels, width, height, rate: format.frame_rate() as f32 };
    let source = Box::new(Taker { camera, layout, _hold: hold });
    Ok(Opened { source, offer, set: Vec::new() })
}

impl Source for Taker {
    fn grab(&mut self, _wait: Duration) -> Result<Grab, CameraFault> {
        let buffer = self.camera.frame_raw().map_err(|error| fault_of(&error))?;
        Ok(pixels::picture(self.layout, &buffer).map_or(Grab::Broken, Grab::Picture))
    }
}

fn open_best(number: u32) -> Result<Nokhwa, CameraFault> {
    let index = CameraIndex::Index(number);
    let understood = [FrameFormat::MJPEG, FrameFormat::YUYV];
    let mut fault = CameraFault::Unusable;
    for (width, height, format) in WISHES {
        let wish = CameraFormat::new(Resolution::new(width, height), format, limits::RATE);
        let request = RequestedFormat::with_formats(RequestedFormatType::Closest(wish), &understood);
        match Nokhwa::new(index.clone(), request) {
            Ok(camera) => return Ok(camera),
            Err(error) => {
                fault = fault_of(&error);
                // Only an unmet wish is worth another one.
                if fault != CameraFault::Unusable {
                    break;
                }
            }
        }
    }
    Err(fault)
}

fn fault_of(error: &NokhwaError) -> CameraFault {
    // nokhwa passes the system's error on as text only.
    let text = error.to_string();
    let number = text.rsplit_once("(os error ").and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    number.map_or(CameraFault::Unusable, CameraFault::from_os)
}

/// The right to open a device, held by the one thread that does.
struct Hold(u32);

static HELD: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

impl Hold {
    fn take(number: u32) -> Option<Self> {
        let is_new = held().insert(number);
        // Not `then_some`: a hold that is made and dropped would let go for the one who has it.
        is_new.then(|| Self(number))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        held().remove(&self.0);
    }
}

fn held() -> MutexGuard<'static, BTreeSet<u32>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn a_device_has_one_holder() {
        let hold = Hold::take(4_000_000_000).unwrap();
        assert!(Hold::take(4_000_000_000).is_none());
        drop(hold);
        assert!(Hold::take(4_000_000_000).is_some());
    }
}
