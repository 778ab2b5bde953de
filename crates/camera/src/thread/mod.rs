//! The camera's thread: opens the camera, publishes its frames, and reopens it after a fault.

mod stop;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::choice::CameraChoice;
use crate::fault::{CameraFault, FaultReport};
use crate::health::{Condition, Health};
use crate::latest::LatestFrame;
use crate::open_camera::{Camera, Description, WAIT};
use crate::stopwatch::Stopwatch;
use crate::{device, simulated};
use stop::Stop;

/// The first delay before a camera is reopened. It doubles with each failure (backoff).
const RETRY_FIRST: Duration = Duration::from_millis(250);
/// The longest such delay, so that a camera that was plugged in works again within two seconds.
const RETRY_MOST: Duration = Duration::from_millis(750);

/// The state of the camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraState {
    /// The camera is being opened for the first time.
    Starting,
    /// Pictures come.
    Live(Description),
    /// No pictures come, or they are black. The camera is tried again without end.
    Fault(FaultReport),
    /// After this fault the camera was opened again, and has not sent its first picture yet.
    Returning(CameraFault),
}

/// A running camera thread. Dropping the handle stops the camera.
pub struct CameraHandle {
    latest: Arc<LatestFrame>,
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

impl CameraHandle {
    /// Returns the slot that holds the camera's newest frame.
    #[must_use]
    pub fn latest(&self) -> Arc<LatestFrame> {
        Arc::clone(&self.latest)
    }
}

impl Drop for CameraHandle {
    fn drop(&mut self) {
        self.stop.request();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Starts the chosen camera. Calls `on_state` on the camera's thread at each change of state.
///
/// # Errors
/// No thread can be started.
pub fn spawn(
    choice: CameraChoice,
    stopwatch: Stopwatch,
    on_state: impl FnMut(CameraState) + Send + 'static,
) -> std::io::Result<CameraHandle> {
    spawn_into(Arc::default(), choice, stopwatch, on_state)
}

/// Starts the chosen camera as [`spawn`] does. Its frames go into a slot that is counted with others'.
///
/// # Errors
/// No thread can be started.
pub fn spawn_into(
    latest: Arc<LatestFrame>,
    choice: CameraChoice,
    stopwatch: Stopwatch,
    on_state: impl FnMut(CameraState) + Send + 'static,
) -> std::io::Result<CameraHandle> {
    let clock = Arc::clone(&stopwatch);
    let mut last_used = device::LastUsed::default();
    let open = move || -> Result<Box<dyn Camera>, FaultReport> {
        match &choice {
            CameraChoice::None => Err(CameraFault::None.into()),
            CameraChoice::Device(wanted) => Ok(Box::new(device::open(wanted, &mut last_used)?)),
            CameraChoice::Simulated { source } => Ok(simulated::open(source, Arc::clone(&clock))?),
        }
    };
    run(latest, Box::new(open), stopwatch, Box::new(on_state))
}

/// Starts a camera that `open` opens, and reopens after each fault.
///
/// # Errors
/// No thread can be started.
pub fn spawn_with(
    open: impl FnMut() -> Result<Box<dyn Camera>, FaultReport> + Send + 'static,
    stopwatch: Stopwatch,
    on_state: impl FnMut(CameraState) + Send + 'static,
) -> std::io::Result<CameraHandle> {
    run(Arc::default(), Box::new(open), stopwatch, Box::new(on_state))
}

fn run(
    latest: Arc<LatestFrame>,
    open: Open,
    stopwatch: Stopwatch,
    on_state: OnState,
) -> std::io::Result<CameraHandle> {
    let stop = Arc::new(Stop::default());
    let runner = Runner {
        open,
        stopwatch,
        on_state,
        state: None,
        latest: Arc::clone(&latest),
        stop: Arc::clone(&stop),
    };
    let thread = std::thread::Builder::new().name("camera".to_owned()).spawn(move || runner.run())?;
    Ok(CameraHandle { latest, stop, thread: Some(thread) })
}

type OnState = Box<dyn FnMut(CameraState) + Send>;
type Open = Box<dyn FnMut() -> Result<Box<dyn Camera>, FaultReport> + Send>;

struct Runner {
    open: Open,
    stopwatch: Stopwatch,
    on_state: OnState,
    state: Option<CameraState>,
    latest: Arc<LatestFrame>,
    stop: Arc<Stop>,
}

impl Runner {
    fn run(mut self) {
        self.set_state(CameraState::Starting);
        let mut delay = RETRY_FIRST;
        while !self.stop.is_requested() {
            // Capture libraries index by what a device reports, and assert over it. A panic of
            // theirs is a fault of the camera.
            let opened =
                catch_unwind(AssertUnwindSafe(|| (self.open)())).unwrap_or(Err(CameraFault::Unusable.into()));
            let report = match opened {
                Ok(mut camera) => {
                    if let Some(CameraState::Fault(report)) = &self.state {
                        self.set_state(CameraState::Returning(report.fault));
                    }
                    let (fault, worked) = self.take_pictures(camera.as_mut());
                    if worked {
                        delay = RETRY_FIRST;
                    }
                    // Closing may take a moment: clear first, so that no picture outlives its camera.
                    self.latest.clear();
                    fault.map(FaultReport::from)
                }
                Err(report) => Some(report),
            };
            let Some(report) = report else { break };
            self.set_state(CameraState::Fault(report));
            self.stop.wait(delay);
            delay = (delay * 2).min(RETRY_MOST);
        }
    }

    /// Publishes pictures until the camera fails or is to stop. Returns the fault, and whether any
    /// picture came.
    fn take_pictures(&mut self, camera: &mut dyn Camera) -> (Option<CameraFault>, bool) {
        let mut health = Health::new((self.stopwatch)());
        while !self.stop.is_requested() {
            let next = catch_unwind(AssertUnwindSafe(|| camera.next(WAIT)));
            let now = (self.stopwatch)();
            match next.unwrap_or(Err(CameraFault::Unusable)) {
                Ok(Some(picture)) => {
                    let condition = health.picture(&picture.grey, now);
                    self.latest.publish(picture, now);
                    self.set_state(state(condition, camera.describe()));
                }
                Ok(None) if health.is_stalled(now) => return (Some(CameraFault::Stalled), health.any()),
                Ok(None) => {}
                Err(fault) => return (Some(fault), health.any()),
            }
        }
        (None, health.any())
    }

    fn set_state(&mut self, state: CameraState) {
        if self.state.as_ref() != Some(&state) {
            log(&state);
            self.state = Some(state.clone());
            (self.on_state)(state);
        }
    }
}

fn log(state: &CameraState) {
    match state {
        CameraState::Starting => tracing::debug!("the camera is being opened"),
        CameraState::Returning(fault) => tracing::debug!(after = fault.code(), "the camera was opened again"),
        CameraState::Live(camera) => {
            tracing::info!(
                name = camera.name,
                place = camera.place,
                format = camera.format,
                "the camera is live"
            );
        }
        CameraState::Fault(report) => {
            tracing::warn!(code = report.fault.code(), held_by = report.held_by, "{}", report.fault);
        }
    }
}

fn state(condition: Condition, camera: Description) -> CameraState {
    match condition {
        Condition::Black => CameraState::Fault(CameraFault::Black.into()),
        // A picture file stays the same for seconds.
        Condition::Frozen if !camera.simulated => CameraState::Live(Description { frozen: true, ..camera }),
        Condition::Frozen | Condition::Normal => CameraState::Live(camera),
    }
}

#[cfg(test)]
mod tests;
