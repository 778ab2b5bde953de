//! Two cameras, one of which is enough.

use std::sync::mpsc::Receiver;

use camera::{CameraFault, CameraState, Description, Showing, SimulatedSource};
use gate::Input;

use super::*;
use crate::inputs::Message;
use WhichCamera::{First, Second};

const WAIT: Duration = Duration::from_secs(30);

fn simulated() -> (Option<CameraChoice>, Showing) {
    let showing = Showing::default();
    let source = SimulatedSource::Program(showing.clone());
    (Some(CameraChoice::Simulated { source }), showing)
}

#[test]
fn frames_of_both_cameras_come_in_turns_and_one_that_ends_leaves_the_other() {
    let host = CameraHost::default();
    let (first, _) = simulated();
    let (second, _) = simulated();
    host.run(First, first).unwrap();
    host.run(Second, second).unwrap();
    let mut read = Read::default();
    let mut next = || host.next_frame(&mut read, WAIT).expect("a frame in time");
    let mut came: Vec<WhichCamera> = Vec::new();
    while !(came.contains(&First) && came.contains(&Second)) {
        came.push(next().0);
    }
    host.run(Second, None).unwrap();
    let (_, last) = next();
    let newer = host.shown_after(last.seq, SystemClock::since_start() + WAIT).expect("a frame in time");
    assert!(newer.seq > last.seq);
    assert!(host.frames(Second).is_none() && host.now(Second).is_none());
}

#[test]
fn the_picture_is_that_of_the_camera_that_saw_a_code_last() {
    let host = CameraHost::default();
    let (first, _) = simulated();
    let (second, _) = simulated();
    host.run(First, first).unwrap();
    host.run(Second, second).unwrap();
    let until_both = SystemClock::since_start() + WAIT;
    while [First, Second].iter().any(|which| host.frames(*which).is_none_or(|it| it.newest().is_none())) {
        assert!(SystemClock::since_start() < until_both);
        host.arrivals.wait_beyond(host.arrivals.count(), WAIT);
    }
    let is_of = |which| {
        let shown = host.newest_shown().expect("a picture");
        let frames = host.frames(which).expect("a camera");
        // It may have been overtaken meanwhile, but not by the other camera's.
        frames.newest().is_some_and(|frame| Arc::ptr_eq(&frame, &shown))
    };
    let shows = |which| (0..1000).any(|_| is_of(which));
    assert!(shows(First) && !is_of(Second));
    host.saw_a_code(Second);
    assert!(shows(Second) && !is_of(First));
}

/// What a gate hears of two cameras, without any.
struct Heard {
    listener: Listener,
    messages: Receiver<Message>,
}

impl Heard {
    fn new(both: bool) -> Self {
        let (inputs, messages) = Inputs::channel();
        let mut listener = Listener::default();
        listener.attach(inputs);
        listener.begin(First, Some(&CameraChoice::default()));
        listener.begin(Second, both.then(CameraChoice::default).as_ref());
        Self { listener, messages }
    }

    /// Returns the last fault that was told, if any was, and what the bar says of the other one.
    fn hear(&mut self, which: WhichCamera, state: CameraState) -> (Option<Option<Fault>>, Option<Fault>) {
        self.listener.hear(which, state);
        let (mut fault, mut other) = (None, None);
        for message in self.messages.try_iter() {
            match message {
                Message::Input(Input::Camera { fault: told, .. }) => fault = Some(told),
                Message::Input(Input::CameraView(view)) => other = view.other_out,
                _ => {}
            }
        }
        (fault, other)
    }
}

fn live() -> CameraState {
    CameraState::Live(Description {
        name: "Sample HD".to_owned(),
        place: "usb-1".to_owned(),
        format: "1280×720 MJPEG 30/s".to_owned(),
        reduced: None,
        set: Vec::new(),
        simulated: false,
        frozen: false,
    })
}

fn lost() -> CameraState {
    CameraState::Fault(CameraFault::Lost.into())
}

#[test]
fn a_fault_of_one_camera_stops_no_gate_while_the_other_one_works() {
    let mut heard = Heard::new(true);
    assert_eq!(heard.hear(First, live()), (Some(None), None));
    assert_eq!(heard.hear(Second, lost()), (Some(None), Some(Fault::CameraLost)));
    assert_eq!(heard.hear(Second, live()), (Some(None), None));
    assert_eq!(heard.hear(First, lost()), (Some(None), Some(Fault::CameraLost)));
    let (fault, _) = heard.hear(Second, CameraState::Fault(CameraFault::Stalled.into()));
    assert_eq!(fault, Some(Some(Fault::CameraLost)), "nothing works any more");
    let (fault, other) = heard.hear(First, CameraState::Returning(CameraFault::Lost));
    assert_eq!((fault, other), (None, None), "what was before holds until the first picture");
    assert_eq!(heard.hear(First, live()).0, Some(None));
}

#[test]
fn nothing_is_said_of_a_fault_before_both_cameras_have_had_their_time() {
    let mut heard = Heard::new(true);
    assert_eq!(heard.hear(First, CameraState::Starting).0, None);
    assert_eq!(heard.hear(First, lost()).0, None, "the second one may work");
    assert_eq!(heard.hear(Second, live()).0, Some(None));
    let mut alone = Heard::new(false);
    assert_eq!(alone.hear(First, lost()).0, Some(Some(Fault::CameraLost)));
}

#[test]
fn a_second_camera_that_is_given_up_no_longer_counts() {
    let mut heard = Heard::new(true);
    heard.hear(First, lost());
    heard.hear(Second, live());
    heard.listener.begin(Second, None);
    let told = heard.messages.try_iter().filter_map(|message| match message {
        Message::Input(Input::Camera { fault, .. }) => Some(fault),
        _ => None,
    });
    assert_eq!(told.last(), Some(Some(Fault::CameraLost)));
}
