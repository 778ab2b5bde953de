//! A real camera: found again by what it is, opened with the best that it offers, and watched.
//!
//! Drivers may hang in any call, so a device lives on a thread of its own, which may be left
//! behind: [`DeviceCamera::next`] always returns. On Linux pictures are taken through V4L2
//! ([`by_v4l2`]), elsewhere through nokhwa ([`by_nokhwa`]).

mod by_nokhwa;
#[cfg(target_os = "linux")]
mod by_v4l2;
mod format;
mod holder;
mod list;
mod permission;
mod pick;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

pub use format::{Lesser, Offer, Pixels, best, lesser};
pub use list::{Device, devices};

use super::choice::{Library, Wanted};
use super::{Camera, CameraFault, Description, LesserPicture, Picture, Trouble, limits};
use pick::{Remembered, candidates};

/// A device on its capture thread.
trait Source {
    /// The next picture, waited for until `wait`; a source that cannot keep to that is left behind
    /// with its thread.
    fn grab(&mut self, wait: Duration) -> Result<Grab, CameraFault>;
}

/// What became of waiting for a picture.
enum Grab {
    Picture(Picture),
    /// None came in this time.
    Nothing,
    /// One came that is cut short, corrupt, or marked as such by the driver.
    Broken,
}

/// What a device is asked for, and what it gave: how it was opened.
struct Opened {
    source: Box<dyn Source>,
    offer: Offer,
    /// What could be set of [`super::Tuning`], by the names that V4L2's tools show.
    set: Vec<(&'static str, i64)>,
}

/// A device whose pictures arrive over a channel.
pub(super) struct DeviceCamera {
    pictures: Receiver<Result<Picture, CameraFault>>,
    stop: Arc<AtomicBool>,
    description: Description,
}

/// Which camera ran last.
#[derive(Debug, Default)]
pub(super) struct Memory(Option<Remembered>);

/// What a device offers, of what this program understands.
///
/// # Errors
/// Why it cannot be asked. May wait as long as its driver does.
#[cfg(target_os = "linux")]
pub fn offers(device: &Device) -> Result<Vec<Offer>, Trouble> {
    let ask = AssertUnwindSafe(|| by_v4l2::offers(device.number));
    let answer = catch_unwind(ask).unwrap_or(Err(CameraFault::Unusable));
    answer.map_err(|fault| explain(fault, device))
}

/// What a device offers: known only on Linux.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn offers(_: &Device) -> Result<Vec<Offer>, Trouble> {
    Err(CameraFault::Unusable.into())
}

/// Opens the first device that works, of those that are meant.
pub(super) fn open(wanted: &Wanted, memory: &mut Memory) -> Result<DeviceCamera, Trouble> {
    let all = devices();
    let mut trouble = Trouble::from(if memory.0.is_some() { CameraFault::Lost } else { CameraFault::None });
    for device in candidates(&all, wanted, memory.0.as_ref()) {
        match open_device(&device, wanted) {
            Ok(camera) => {
                memory.0 = Some(Remembered::new(&device, &all));
                return Ok(camera);
            }
            Err(fault) if fault.telling() > trouble.fault.telling() => trouble = explain(fault, &device),
            Err(_) => {}
        }
    }
    Err(trouble)
}

/// Adds to a fault what somebody can do something with.
fn explain(fault: CameraFault, device: &Device) -> Trouble {
    let node = PathBuf::from(format!("/dev/video{}", device.number));
    match fault {
        CameraFault::Busy => match holder::of(&node) {
            // Nobody else, and a thread of our own still hangs in the driver.
            None if RUNNING.load(Ordering::Acquire) > 0 => CameraFault::Stalled.into(),
            held_by => Trouble { held_by, ..fault.into() },
        },
        CameraFault::NoPermission => Trouble { mend: permission::command(&node), ..fault.into() },
        _ => fault.into(),
    }
}

/// Capture threads that run, those that were left behind included.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

struct Running;

impl Running {
    fn begin() -> Option<Self> {
        let more = |count| (count < limits::LEFT_BEHIND).then_some(count + 1);
        let begun = RUNNING.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok();
        // Not `then_some`: one that is made and dropped would count down for another.
        begun.then(|| Self)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::AcqRel);
    }
}

fn open_device(device: &Device, wanted: &Wanted) -> Result<DeviceCamera, CameraFault> {
    let Some(running) = Running::begin() else { return Err(CameraFault::Stalled) };
    let stop = Arc::new(AtomicBool::new(false));
    let (opened_send, opened) = sync_channel(1);
    let (send, pictures) = sync_channel(limits::PICTURES_WAITING);
    let (stopped, known, wanted) = (Arc::clone(&stop), device.clone(), wanted.clone());
    std::thread::Builder::new()
        .name(format!("video{}", device.number))
        .spawn(move || {
            // Capture libraries index and assert over what a device says: a panic is a fault.
            let run = AssertUnwindSafe(|| capture(&known, &wanted, &opened_send, &send, &stopped));
            if catch_unwind(run).is_err() {
                let _ = opened_send.try_send(Err(CameraFault::Unusable));
                let _ = send.try_send(Err(CameraFault::Unusable));
            }
            drop(running);
        })
        .map_err(|_| CameraFault::Unusable)?;
    match opened.recv_timeout(limits::OPENING) {
        Ok(Ok(description)) => Ok(DeviceCamera { pictures, stop, description }),
        Ok(Err(fault)) => Err(fault),
        Err(RecvTimeoutError::Timeout) => {
            stop.store(true, Ordering::Release);
            Err(CameraFault::Stalled)
        }
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
        // A device that is opened again must have been let go of; one that hangs is left behind.
        for _ in 0..limits::PICTURES_WAITING + 2 {
            if matches!(self.pictures.recv_timeout(limits::SLICE), Err(RecvTimeoutError::Disconnected)) {
                break;
            }
        }
    }
}

/// The capture thread: one device, from opening to its end.
fn capture(
    device: &Device,
    wanted: &Wanted,
    opened: &SyncSender<Result<Description, CameraFault>>,
    send: &SyncSender<Result<Picture, CameraFault>>,
    stop: &AtomicBool,
) {
    let mut source = match open_source(device, wanted) {
        Ok(open) => {
            if opened.try_send(Ok(describe(device, &open))).is_err() {
                return;
            }
            open.source
        }
        Err(fault) => return drop(opened.try_send(Err(fault))),
    };
    let mut broken = 0;
    while !stop.load(Ordering::Acquire) {
        match source.grab(limits::SLICE) {
            Ok(Grab::Nothing) => {}
            Ok(Grab::Broken) => {
                broken += 1;
                if broken >= limits::BROKEN_FRAMES {
                    return drop(send.send(Err(CameraFault::Unusable)));
                }
            }
            Ok(Grab::Picture(picture)) => {
                broken = 0;
                // Full means that the reader is behind: this frame is the one to miss.
                if let Err(TrySendError::Disconnected(_)) = send.try_send(Ok(picture)) {
                    return;
                }
            }
            Err(fault) => return drop(send.send(Err(fault))),
        }
    }
}

fn open_source(device: &Device, wanted: &Wanted) -> Result<Opened, CameraFault> {
    match wanted.library {
        #[cfg(target_os = "linux")]
        Library::Native => by_v4l2::open(device.number, &wanted.tuning),
        #[cfg(not(target_os = "linux"))]
        Library::Native => by_nokhwa::open(device.number),
        Library::Nokhwa => by_nokhwa::open(device.number),
    }
}

fn describe(device: &Device, opened: &Opened) -> Description {
    let Offer { pixels, width, height, rate } = opened.offer;
    let lesser = lesser(&opened.offer);
    Description {
        name: device.name.clone(),
        place: device.place.clone(),
        format: format!("{width}×{height} {} {rate:.0}/s", pixels.name()),
        lesser: lesser.map(|why| LesserPicture { width, height, rate: rate.round() as u32, why }),
        set: opened.set.clone(),
        simulated: false,
        frozen: false,
    }
}
