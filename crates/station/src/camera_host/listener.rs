//! What is known of the cameras, and who hears it. One of two that works is enough.

use camera::{CameraChoice, CameraState};
use gate::window::bar::CameraView;
use gate::window::workbench::{CameraName, CameraNow, WhichCamera};
use gate::{Fault, Input};

use super::told::{camera_view, fault_of};
use crate::inputs::Inputs;

/// What is known of the cameras.
#[derive(Default)]
pub(super) struct Listener {
    heard: [Heard; 2],
    inputs: Option<Inputs>,
}

/// What is known of one camera.
#[derive(Default)]
struct Heard {
    /// Whether it was chosen.
    runs: bool,
    /// A script holds out the codes; the screen says that no camera does.
    scripted: bool,
    simulated: bool,
    /// The last state that said whether the camera works.
    settled: Option<CameraState>,
    newest: Option<CameraState>,
}

impl Listener {
    /// A camera of this choice is about to start, or none is.
    pub(super) fn begin(&mut self, which: WhichCamera, choice: Option<&CameraChoice>) {
        self.heard[which.index()] = Heard {
            runs: choice.is_some(),
            scripted: matches!(choice, Some(CameraChoice::None)),
            simulated: choice.is_some_and(CameraChoice::is_simulated),
            ..Heard::default()
        };
        self.tell_all();
    }

    pub(super) fn attach(&mut self, inputs: Inputs) {
        self.inputs = Some(inputs);
        self.tell_all();
    }

    pub(super) fn detach(&mut self) {
        self.inputs = None;
    }

    pub(super) fn hear(&mut self, which: WhichCamera, state: CameraState) {
        let settles = matches!(state, CameraState::Live(_) | CameraState::Fault(_));
        let heard = &mut self.heard[which.index()];
        if settles {
            heard.settled = Some(state.clone());
        }
        heard.newest = Some(state);
        self.tell(Input::CameraView(self.view()));
        if settles {
            self.tell_fault();
        }
    }

    pub(super) fn seen(&self) -> (CameraView, Option<Fault>, bool) {
        let scripted = self.heard.iter().any(|heard| heard.scripted);
        let newest =
            self.heard.iter().filter(|heard| heard.runs).map(|heard| fault_in(heard.newest.as_ref()));
        let fault = if scripted { Some(Fault::CameraNone) } else { all_or_none(newest) };
        (self.view(), fault, self.is_simulated())
    }

    pub(super) fn now(&self, which: WhichCamera, choice: &CameraChoice) -> CameraNow {
        let heard = &self.heard[which.index()];
        let (name, automatic) = match choice {
            CameraChoice::Device(device) => {
                let is_any = device.name.is_none() && device.place.is_none();
                (device.name.clone().unwrap_or_default(), is_any)
            }
            CameraChoice::None | CameraChoice::Simulated { .. } => (String::new(), false),
        };
        let live = match &heard.newest {
            Some(CameraState::Live(live)) => Some(live),
            _ => None,
        };
        CameraNow {
            name: live.map_or(name, |live| live.name.clone()),
            format: live.map(|live| live.format.clone()).unwrap_or_default(),
            automatic,
            simulated: heard.simulated || heard.scripted,
            fault: fault_in(heard.newest.as_ref()),
        }
    }

    pub(super) fn place(&self, which: WhichCamera) -> Option<CameraName> {
        match &self.heard[which.index()].newest {
            Some(CameraState::Live(live)) if !live.place.is_empty() => {
                Some(CameraName { name: live.name.clone(), place: live.place.clone() })
            }
            _ => None,
        }
    }

    pub(super) fn is_frozen(&self, which: WhichCamera) -> bool {
        matches!(&self.heard[which.index()].newest, Some(CameraState::Live(live)) if live.frozen)
    }

    fn is_simulated(&self) -> bool {
        self.heard.iter().any(|heard| heard.simulated)
    }

    fn tell_all(&self) {
        if self.heard.iter().any(|heard| heard.newest.is_some()) {
            self.tell(Input::CameraView(self.view()));
        }
        self.tell_fault();
    }

    /// Says whether any camera works, once that is known. What was before holds until the first picture.
    fn tell_fault(&self) {
        let scripted = self.heard.iter().any(|heard| heard.scripted);
        if scripted {
            return self.tell(Input::Camera { fault: None, simulated: true });
        }
        let running: Vec<&Heard> = self.heard.iter().filter(|heard| heard.runs).collect();
        let lives = |heard: &&Heard| matches!(heard.settled, Some(CameraState::Live(_)));
        let known = running.iter().any(lives) || running.iter().all(|heard| heard.settled.is_some());
        if !known || running.is_empty() {
            return;
        }
        let fault = all_or_none(running.iter().map(|heard| fault_in(heard.settled.as_ref())));
        self.tell(Input::Camera { fault, simulated: self.is_simulated() });
    }

    /// Returns the view of the first camera; of the second one, while the first is out and it is not.
    fn view(&self) -> CameraView {
        let [first, second] = &self.heard;
        let of = |heard: &Heard| heard.newest.as_ref().map(camera_view).unwrap_or_default();
        let is_live = |heard: &Heard| matches!(heard.newest, Some(CameraState::Live(_)));
        let out = |heard: &Heard| fault_in(heard.settled.as_ref()).filter(|_| heard.runs && !is_live(heard));
        match (out(first), out(second)) {
            (Some(fault), None) if is_live(second) => CameraView { other_out: Some(fault), ..of(second) },
            (None, Some(fault)) if is_live(first) || first.scripted => {
                CameraView { other_out: Some(fault), ..of(first) }
            }
            _ => of(first),
        }
    }

    fn tell(&self, input: Input) {
        if let Some(inputs) = &self.inputs {
            inputs.tell(input);
        }
    }
}

/// Returns the first fault if there is one everywhere.
fn all_or_none(faults: impl Iterator<Item = Option<Fault>>) -> Option<Fault> {
    let all: Option<Vec<Fault>> = faults.collect();
    all?.first().copied()
}

fn fault_in(state: Option<&CameraState>) -> Option<Fault> {
    match state {
        Some(CameraState::Fault(report)) => Some(fault_of(report.fault)),
        Some(CameraState::Starting | CameraState::Returning(_) | CameraState::Live(_)) | None => None,
    }
}
