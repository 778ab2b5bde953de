//! The capture thread of a device.
//!
//! A driver may hang in any call. Each device is therefore opened and read on its own thread,
//! which is abandoned if it hangs, so that [`DeviceCamera::next`] always returns.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use super::list::Device;
use super::source::{Grab, Opened};
use super::via_nokhwa;
#[cfg(target_os = "linux")]
use super::via_v4l2;
use crate::choice::{DeviceChoice, Library};
use crate::fault::CameraFault;
use crate::limits;
use crate::mode::{CaptureMode, shortfall};
use crate::open_camera::{Camera, Description, ReducedPicture, WAIT};
use crate::picture::Picture;

/// Pictures that may wait between the capture thread and the camera's thread.
const QUEUE: usize = 2;
/// This many damaged frames in a row are a fault.
const DAMAGED_FRAMES: u32 = 30;

/// A device whose capture thread sends pictures over a channel.
pub(crate) struct DeviceCamera {
    pictures: Receiver<Result<Picture, CameraFault>>,
    stop: Arc<AtomicBool>,
    description: Description,
}

impl DeviceCamera {
    pub(super) fn open(device: &Device, wanted: &DeviceChoice) -> Result<Self, CameraFault> {
        let Some(running) = Running::begin() else { return Err(CameraFault::Stalled) };
        let stop = Arc::new(AtomicBool::new(false));
        let (opened_send, opened) = sync_channel(1);
        let (send, pictures) = sync_channel(QUEUE);
        let (stopped, known, wanted) = (Arc::clone(&stop), device.clone(), wanted.clone());
        std::thread::Builder::new()
            .name(format!("video{}", device.number))
            .spawn(move || {
                // Capture libraries index by what a device reports, and assert over it. A panic of
                // theirs is a fault of the camera.
                let run = AssertUnwindSafe(|| capture(&known, &wanted, &opened_send, &send, &stopped));
                if catch_unwind(run).is_err() {
                    let _ = opened_send.try_send(Err(CameraFault::Unusable));
                    let _ = send.try_send(Err(CameraFault::Unusable));
                }
                drop(running);
            })
            .map_err(|_| CameraFault::Unusable)?;
        match opened.recv_timeout(limits::OPENING) {
            Ok(Ok(description)) => Ok(Self { pictures, stop, description }),
            Ok(Err(fault)) => Err(fault),
            Err(RecvTimeoutError::Timeout) => {
                stop.store(true, Ordering::Release);
                Err(CameraFault::Stalled)
            }
            Err(RecvTimeoutError::Disconnected) => Err(CameraFault::Unusable),
        }
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
        // The device must be closed before it can be opened again. A thread that hangs is abandoned.
        for _ in 0..QUEUE + 2 {
            if matches!(self.pictures.recv_timeout(WAIT), Err(RecvTimeoutError::Disconnected)) {
                break;
            }
        }
    }
}

/// Opens a device, reads it until it fails or is to stop, and closes it.
fn capture(
    device: &Device,
    wanted: &DeviceChoice,
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
    let mut damaged = 0;
    while !stop.load(Ordering::Acquire) {
        match source.grab(WAIT) {
            Ok(Grab::Nothing) => {}
            Ok(Grab::Damaged) => {
                damaged += 1;
                if damaged >= DAMAGED_FRAMES {
                    return drop(send.send(Err(CameraFault::Unusable)));
                }
            }
            Ok(Grab::Picture(picture)) => {
                damaged = 0;
                // If the queue is full, the camera's thread is behind: drop this frame.
                if let Err(TrySendError::Disconnected(_)) = send.try_send(Ok(picture)) {
                    return;
                }
            }
            Err(fault) => return drop(send.send(Err(fault))),
        }
    }
}

fn open_source(device: &Device, wanted: &DeviceChoice) -> Result<Opened, CameraFault> {
    match wanted.library {
        #[cfg(target_os = "linux")]
        Library::Native => via_v4l2::open(device.number, &wanted.tuning),
        #[cfg(not(target_os = "linux"))]
        Library::Native => via_nokhwa::open(device.number),
        Library::Nokhwa => via_nokhwa::open(device.number),
    }
}

fn describe(device: &Device, opened: &Opened) -> Description {
    let CaptureMode { width, height, rate, .. } = opened.mode;
    let shortfall = shortfall(&opened.mode);
    Description {
        name: device.name.clone(),
        place: device.place.clone(),
        format: opened.mode.to_string(),
        reduced: shortfall.map(|why| ReducedPicture { width, height, rate: rate.round() as u32, why }),
        set: opened.set.clone(),
        simulated: false,
        frozen: false,
    }
}

/// The number of capture threads, including abandoned ones.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Returns the number of capture threads, including abandoned ones.
pub(super) fn threads() -> usize {
    THREADS.load(Ordering::Acquire)
}

/// Counts a capture thread for as long as it lives.
struct Running;

impl Running {
    fn begin() -> Option<Self> {
        let more = |count| (count < limits::CAPTURE_THREADS).then_some(count + 1);
        let begun = THREADS.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok();
        // `then`, not `then_some`: a `Running` that is made and dropped would decrease the count.
        begun.then(|| Self)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        THREADS.fetch_sub(1, Ordering::AcqRel);
    }
}
