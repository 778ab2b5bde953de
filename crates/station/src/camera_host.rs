//! The laptop's camera: it runs whether a gate runs or not, and tells the gate that listens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camera::{CameraChoice, CameraHandle, CameraState, LatestFrame};
use gate::window::bar::CameraView;
use gate::{Fault, Input};

use crate::clock::SystemClock;
use crate::inputs::Inputs;
use crate::reading;

/// Holds at most one running camera, and at most one gate that hears of it.
#[derive(Default)]
pub(crate) struct CameraHost {
    running: Mutex<Option<Running>>,
    listener: Arc<Mutex<Listener>>,
}

struct Running {
    choice: CameraChoice,
    /// `None` for [`CameraChoice::None`]. Dropping it stops the camera.
    handle: Option<CameraHandle>,
}

impl CameraHost {
    /// Runs the chosen camera. One that runs already goes on; another one is stopped first.
    ///
    /// # Errors
    /// When no thread can be started. No camera runs then.
    pub(crate) fn run(&self, choice: CameraChoice) -> std::io::Result<()> {
        let mut running = lock(&self.running);
        if running.as_ref().is_some_and(|running| running.choice == choice) {
            return Ok(());
        }
        *running = None;
        lock(&self.listener).begin(&choice);
        let handle = match &choice {
            CameraChoice::None => None,
            choice => {
                let listener = Arc::clone(&self.listener);
                let on_state = move |state| lock(&listener).hear(state);
                Some(camera::spawn(choice.clone(), Arc::new(SystemClock::since_start), on_state)?)
            }
        };
        *running = Some(Running { choice, handle });
        Ok(())
    }

    /// Stops the camera, if one runs.
    pub(crate) fn stop(&self) {
        *lock(&self.running) = None;
    }

    /// Tells a gate how the camera does, now and at each change, until [`CameraHost::detach`].
    pub(crate) fn attach(&self, inputs: Inputs) {
        lock(&self.listener).attach(inputs);
    }

    /// Tells nobody any more.
    pub(crate) fn detach(&self) {
        lock(&self.listener).inputs = None;
    }

    /// Returns how the camera looks to somebody who is not a gate, its fault, and whether it is simulated.
    pub(crate) fn seen(&self) -> (CameraView, Option<Fault>, bool) {
        let listener = lock(&self.listener);
        let view = listener.newest.as_ref().map(reading::camera_view).unwrap_or_default();
        let fault = match &listener.newest {
            _ if listener.scripted => Some(Fault::CameraNone),
            Some(CameraState::Fault(report)) => Some(reading::fault_of(report.fault)),
            _ => None,
        };
        (view, fault, listener.simulated)
    }

    /// Returns where the running camera's newest frame is.
    pub(crate) fn frames(&self) -> Option<Arc<LatestFrame>> {
        lock(&self.running).as_ref()?.handle.as_ref().map(CameraHandle::latest)
    }
}

/// What is known of the camera, and who hears it.
#[derive(Default)]
struct Listener {
    /// A script holds out the codes; the screen says that no camera does.
    scripted: bool,
    simulated: bool,
    /// The last state that said whether the camera works.
    settled: Option<CameraState>,
    newest: Option<CameraState>,
    inputs: Option<Inputs>,
}

impl Listener {
    /// A camera of this choice is about to start.
    fn begin(&mut self, choice: &CameraChoice) {
        let scripted = matches!(choice, CameraChoice::None);
        let inputs = self.inputs.take();
        *self = Self { scripted, simulated: choice.is_simulated(), ..Self::default() };
        if let Some(inputs) = inputs {
            self.attach(inputs);
        }
    }

    fn attach(&mut self, inputs: Inputs) {
        if self.scripted {
            inputs.tell(Input::Camera { fault: None, simulated: true });
        }
        self.inputs = Some(inputs);
        let newest = self.newest.clone().filter(|newest| Some(newest) != self.settled.as_ref());
        for state in [self.settled.clone(), newest].into_iter().flatten() {
            self.tell(&state);
        }
    }

    fn hear(&mut self, state: CameraState) {
        self.tell(&state);
        if matches!(state, CameraState::Live(_) | CameraState::Fault(_)) {
            self.settled = Some(state.clone());
        }
        self.newest = Some(state);
    }

    fn tell(&self, state: &CameraState) {
        let Some(inputs) = &self.inputs else { return };
        for input in reading::camera_inputs(state, self.simulated) {
            inputs.tell(input);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change under these locks is one assignment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
