//! A real camera, through nokhwa.
//!
//! nokhwa waits for a frame without end, so it lives on a thread of its own, which may be left
//! behind: [`DeviceCamera::next`] always returns. A thread that was left behind still holds the
//! device, and nokhwa would hand that dead descriptor to the next one who opens it; so a device
//! is opened again only when its last thread has let go of it, which it does at the next frame,
//! or when the cable is pulled.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nokhwa::utils::{
    CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};
use nokhwa::{Camera as Nokhwa, NokhwaError};

use super::{Camera, CameraFault, Description, Picture, limits, pixels};

/// A video device of this computer. It may turn out to be one that cannot capture.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Device {
    /// The number in `/dev/video7`.
    pub number: u32,
    /// What it calls itself.
    pub name: String,
    /// Where it is plugged in, which stays the same when numbers change.
    pub place: String,
}

/// The video devices, by number. Names that are not `video` and a number are passed over.
#[must_use]
pub fn devices() -> Vec<Device> {
    let entries = fs::read_dir("/sys/class/video4linux").into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut devices: Vec<Device> =
        names.filter_map(|name| describe(number(&name)?)).take(limits::DEVICES).collect();
    // Without sysfs the nodes themselves still tell their numbers.
    if devices.is_empty() {
        let entries = fs::read_dir("/dev").into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let numbers = names.filter_map(|name| number(&name)).take(limits::DEVICES);
        devices.extend(numbers.map(|number| Device {
            number,
            name: format!("video{number}"),
            place: String::new(),
        }));
    }
    devices.sort();
    devices
}

fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("video")?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

fn describe(number: u32) -> Option<Device> {
    let node = format!("/sys/class/video4linux/video{number}");
    let name = fs::read_to_string(format!("{node}/name")).ok()?.trim().to_owned();
    let place = fs::read_link(format!("{node}/device")).ok();
    let place = place.and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
    Some(Device { number, name, place: place.unwrap_or_default() })
}

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

/// A device whose pictures arrive over a channel.
pub(super) struct DeviceCamera {
    pictures: Receiver<Result<Picture, CameraFault>>,
    stop: Arc<AtomicBool>,
    description: Description,
}

/// Opens the first device that works, of those whose name or place begins with `name`.
pub(super) fn open(name: Option<&str>) -> Result<DeviceCamera, CameraFault> {
    let wanted =
        |device: &Device| name.is_none_or(|name| device.name.starts_with(name) || device.place == name);
    let mut fault = CameraFault::None;
    for device in devices().into_iter().filter(wanted) {
        match open_device(&device) {
            Ok(camera) => return Ok(camera),
            Err(other) if other.telling() > fault.telling() => fault = other,
            Err(_) => {}
        }
    }
    Err(fault)
}

fn open_device(device: &Device) -> Result<DeviceCamera, CameraFault> {
    let Some(hold) = Hold::take(device.number) else { return Err(CameraFault::Stalled) };
    let stop = Arc::new(AtomicBool::new(false));
    let (opened_send, opened) = sync_channel(1);
    let (send, pictures) = sync_channel(2);
    let stopped = Arc::clone(&stop);
    let name = device.name.clone();
    std::thread::Builder::new()
        .name(format!("video{}", device.number))
        .spawn(move || {
            let number = hold.0;
            let run = AssertUnwindSafe(|| capture(number, name, &opened_send, &send, &stopped));
            if catch_unwind(run).is_err() {
                let _ = opened_send.try_send(Err(CameraFault::Unusable));
                let _ = send.try_send(Err(CameraFault::Unusable));
            }
            drop(hold);
        })
        .map_err(|_| CameraFault::Unusable)?;
    let abandon = |fault| {
        stop.store(true, Ordering::Release);
        fault
    };
    match opened.recv_timeout(limits::FIRST_PICTURE) {
        Ok(Ok(description)) => Ok(DeviceCamera { pictures, stop, description }),
        Ok(Err(fault)) => Err(fault),
        Err(RecvTimeoutError::Timeout) => Err(abandon(CameraFault::Stalled)),
        Err(RecvTimeoutError::Disconnected) => Err(CameraFault::Unusable),
    }
}

impl Camera for DeviceCamera {
    fn next(&mut self, timeout: Duration) -> Result<Option<Picture>, CameraFault> {
        match self.pictures.recv_timeout(timeout) {
            Ok(picture) => picture.map(Some),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(CameraFault::Lost),
        }
    }

    fn describe(&self) -> Description {
        self.description.clone()
    }
}

impl Drop for DeviceCamera {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
    }
}

/// The capture thread: one device, from opening to its end.
fn capture(
    number: u32,
    name: String,
    opened: &SyncSender<Result<Description, CameraFault>>,
    send: &SyncSender<Result<Picture, CameraFault>>,
    stop: &AtomicBool,
) {
    let (mut camera, reason) = match open_best(number) {
        Ok(camera) => camera,
        Err(fault) => return drop(opened.try_send(Err(fault))),
    };
    if let Err(error) = camera.open_stream() {
        return drop(opened.try_send(Err(fault_of(&error))));
    }
    let format = camera.camera_format();
    let (width, height) = (format.width() as usize, format.height() as usize);
    let described = format!("{width}×{height} {} {}/s{reason}", format.format(), format.frame_rate());
    let description = Description { name, format: described, simulated: false };
    if opened.try_send(Ok(description)).is_err() {
        return;
    }
    let mut broken = 0;
    while !stop.load(Ordering::Acquire) {
        let picture = match camera.frame_raw() {
            Ok(buffer) if format.format() == FrameFormat::MJPEG => pixels::from_mjpeg(&buffer),
            Ok(buffer) => pixels::from_yuyv(width, height, &buffer),
            Err(error) => return drop(send.send(Err(fault_of(&error)))),
        };
        let Some(picture) = picture else {
            broken += 1;
            if broken >= limits::BROKEN_FRAMES {
                return drop(send.send(Err(CameraFault::Unusable)));
            }
            continue;
        };
        broken = 0;
        // Full means that the reader is behind: this frame is the one to miss.
        if let Err(TrySendError::Disconnected(_)) = send.try_send(Ok(picture)) {
            return;
        }
    }
}

/// Opens with the best format on offer. Also says, if it is not the one that was wanted, so.
fn open_best(number: u32) -> Result<(Nokhwa, &'static str), CameraFault> {
    let index = CameraIndex::Index(number);
    let understood = [FrameFormat::MJPEG, FrameFormat::YUYV];
    let mut fault = CameraFault::Unusable;
    for (at, (width, height, format)) in WISHES.into_iter().enumerate() {
        let wish = CameraFormat::new(Resolution::new(width, height), format, limits::RATE);
        let request = RequestedFormat::with_formats(RequestedFormatType::Closest(wish), &understood);
        match Nokhwa::new(index.clone(), request) {
            Ok(camera) => return Ok((camera, if at < 2 { "" } else { " (1280×720 is not offered)" })),
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
    fn odd_names_are_no_devices() {
        assert_eq!(number("video12"), Some(12));
        for odd in ["video", "videoX", "video-1", "v4l", "video99999999999", "video1a"] {
            assert_eq!(number(odd), None, "{odd}");
        }
    }

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
