//! The camera's thread: opens, watches, reopens, until its handle is dropped.

use std::hash::Hasher as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{
    Camera, CameraChoice, CameraFault, Description, LatestFrame, Picture, Trouble, device, limits, simulated,
};

/// Time since some fixed point, never stepping back.
pub type Stopwatch = Arc<dyn Fn() -> Duration + Send + Sync>;

/// How the camera does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraState {
    /// It is being opened for the first time.
    Starting,
    /// Pictures come.
    Live(Description),
    /// They do not, or are black. It is tried again without end.
    Fault(Trouble),
    /// After such a fault it could be opened again, and its first picture is waited for.
    Returning(CameraFault),
}

/// A running camera thread. Dropping it stops the camera.
pub struct CameraHandle {
    latest: Arc<LatestFrame>,
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

impl CameraHandle {
    /// Where its newest frame is.
    #[must_use]
    pub fn latest(&self) -> Arc<LatestFrame> {
        Arc::clone(&self.latest)
    }
}

impl Drop for CameraHandle {
    fn drop(&mut self) {
        self.stop.now();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Starts the chosen camera. `on_state` is called on the camera's thread at each change of state.
///
/// # Errors
/// When no thread can be started.
pub fn spawn(
    choice: CameraChoice,
    stopwatch: Stopwatch,
    on_state: impl FnMut(CameraState) + Send + 'static,
) -> std::io::Result<CameraHandle> {
    let clock = Arc::clone(&stopwatch);
    let mut memory = device::Memory::default();
    let open = move || -> Result<Box<dyn Camera>, Trouble> {
        match &choice {
            CameraChoice::None => Err(CameraFault::None.into()),
            CameraChoice::Device(wanted) => Ok(Box::new(device::open(wanted, &mut memory)?)),
            CameraChoice::Simulated { source } => Ok(simulated::open(source, Arc::clone(&clock))?),
        }
    };
    spawn_with(open, stopwatch, on_state)
}

/// Starts a camera that `open` opens.
///
/// # Errors
/// When no thread can be started.
pub fn spawn_with(
    open: impl FnMut() -> Result<Box<dyn Camera>, Trouble> + Send + 'static,
    stopwatch: Stopwatch,
    on_state: impl FnMut(CameraState) + Send + 'static,
) -> std::io::Result<CameraHandle> {
    let latest = Arc::new(LatestFrame::default());
    let stop = Arc::new(Stop::default());
    let watch = Watch {
        open: Box::new(open),
        stopwatch,
        on_state: Box::new(on_state),
        state: None,
        latest: Arc::clone(&latest),
        stop: Arc::clone(&stop),
    };
    let thread = std::thread::Builder::new().name("camera".to_owned()).spawn(move || watch.run())?;
    Ok(CameraHandle { latest, stop, thread: Some(thread) })
}

/// A request to stop, which ends a wait.
#[derive(Default)]
struct Stop {
    asked: AtomicBool,
    lock: Mutex<()>,
    changed: Condvar,
}

impl Stop {
    fn now(&self) {
        let _guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.asked.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    fn asked(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }

    fn wait(&self, time: Duration) {
        let guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let _unused = self.changed.wait_timeout_while(guard, time, |()| !self.asked());
    }
}

type Open = Box<dyn FnMut() -> Result<Box<dyn Camera>, Trouble> + Send>;

struct Watch {
    open: Open,
    stopwatch: Stopwatch,
    on_state: Box<dyn FnMut(CameraState) + Send>,
    state: Option<CameraState>,
    latest: Arc<LatestFrame>,
    stop: Arc<Stop>,
}

impl Watch {
    fn run(mut self) {
        self.turn(CameraState::Starting);
        let mut wait = limits::RETRY_FIRST;
        while !self.stop.asked() {
            // Capture libraries index and assert over what a device says: a panic is a fault.
            let opened =
                catch_unwind(AssertUnwindSafe(|| (self.open)())).unwrap_or(Err(CameraFault::Unusable.into()));
            let trouble = match opened {
                Ok(mut camera) => {
                    if let Some(CameraState::Fault(trouble)) = &self.state {
                        self.turn(CameraState::Returning(trouble.fault));
                    }
                    let (fault, worked) = self.watch(camera.as_mut());
                    if worked {
                        wait = limits::RETRY_FIRST;
                    }
                    // Before the camera is closed, which may take a moment: no picture outlives it.
                    self.latest.clear();
                    fault.map(Trouble::from)
                }
                Err(trouble) => Some(trouble),
            };
            let Some(trouble) = trouble else { break };
            self.turn(CameraState::Fault(trouble));
            self.stop.wait(wait);
            wait = (wait * 2).min(limits::RETRY_MOST);
        }
    }

    /// Takes pictures until the camera fails or is to stop. Also says whether any came.
    fn watch(&mut self, camera: &mut dyn Camera) -> (Option<CameraFault>, bool) {
        let mut last = (self.stopwatch)();
        let mut any = false;
        let mut black_since = None;
        let mut same = Same::default();
        while !self.stop.asked() {
            let next = catch_unwind(AssertUnwindSafe(|| camera.next(limits::SLICE)));
            let now = (self.stopwatch)();
            match next.unwrap_or(Err(CameraFault::Unusable)) {
                Ok(Some(picture)) => {
                    (last, any) = (now, true);
                    let since = is_black(&picture).then(|| *black_since.get_or_insert(now));
                    black_since = since;
                    let frozen = same.for_how_long(&picture, now) >= limits::FROZEN_FOR;
                    self.latest.publish(picture, now);
                    self.turn(match since {
                        Some(since) if now.saturating_sub(since) >= limits::BLACK_FOR => {
                            CameraState::Fault(CameraFault::Black.into())
                        }
                        // A picture that has just gone dark is not yet judged, either way.
                        Some(_) if self.state == Some(CameraState::Fault(CameraFault::Black.into())) => {
                            continue;
                        }
                        _ => {
                            let camera = camera.describe();
                            // A drawn picture may stand as long as it likes.
                            CameraState::Live(Description { frozen: frozen && !camera.simulated, ..camera })
                        }
                    });
                }
                Ok(None) => {
                    let patience = if any { limits::STALLED } else { limits::FIRST_PICTURE };
                    if now.saturating_sub(last) >= patience {
                        return (Some(CameraFault::Stalled), any);
                    }
                }
                Err(fault) => return (Some(fault), any),
            }
        }
        (None, any)
    }

    fn turn(&mut self, state: CameraState) {
        if self.state.as_ref() != Some(&state) {
            self.state = Some(state.clone());
            (self.on_state)(state);
        }
    }
}

/// How long pictures have been one and the same.
#[derive(Default)]
struct Same {
    last: Option<(u64, Duration)>,
}

impl Same {
    fn for_how_long(&mut self, picture: &Picture, now: Duration) -> Duration {
        let mut hasher = std::hash::DefaultHasher::new();
        picture.grey.pixels().iter().step_by(SAMPLE).for_each(|pixel| hasher.write_u8(*pixel));
        let sum = hasher.finish();
        let since = match self.last {
            Some((before, since)) if before == sum => since,
            _ => now,
        };
        self.last = Some((sum, since));
        now.saturating_sub(since)
    }
}

/// One pixel in so many is looked at; a prime, so that no column is left out.
const SAMPLE: usize = 97;

/// Almost nothing in it is brighter than black. A sample of the pixels tells.
fn is_black(picture: &Picture) -> bool {
    let sample = picture.grey.pixels().iter().step_by(SAMPLE);
    let (mut count, mut bright) = (0u32, 0u32);
    for &pixel in sample {
        count += 1;
        bright += u32::from(pixel > limits::BLACK_LUMA);
    }
    bright * 200 <= count
}

#[cfg(test)]
mod tests;
