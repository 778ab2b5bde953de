use std::collections::VecDeque;
use std::sync::{Mutex, mpsc};

use code_reader::GreyFrame;

use super::*;
use crate::picture::Picture;

/// The outcome of one call for a picture.
type Given = Result<Option<Picture>, CameraFault>;

/// Gives the scripted outcomes, then pictures without end.
struct Scripted {
    script: VecDeque<Given>,
    closed: Option<mpsc::Sender<()>>,
}

impl Camera for Scripted {
    fn next(&mut self, _timeout: Duration) -> Result<Option<Picture>, CameraFault> {
        std::thread::sleep(Duration::from_millis(1));
        self.script.pop_front().unwrap_or_else(|| Ok(Some(picture(200))))
    }

    fn describe(&self) -> Description {
        Description {
            name: "scripted".to_owned(),
            place: String::new(),
            format: "1×1".to_owned(),
            reduced: None,
            set: Vec::new(),
            simulated: false,
            frozen: false,
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        if let Some(closed) = self.closed.take() {
            let _ = closed.send(());
        }
    }
}

fn picture(luma: u8) -> Picture {
    Picture::new(GreyFrame::new(1, 1, vec![luma]).unwrap(), crate::preview::Colours::Grey)
}

/// A stopwatch that advances by `step` at each call.
fn stepping(step: Duration) -> Stopwatch {
    let now = Mutex::new(Duration::ZERO);
    Arc::new(move || {
        let mut now = now.lock().unwrap();
        *now += step;
        *now
    })
}

fn run(
    scripts: Vec<Result<Vec<Given>, CameraFault>>,
    step: Duration,
) -> (CameraHandle, mpsc::Receiver<CameraState>) {
    let (send, states) = mpsc::channel();
    let mut scripts: VecDeque<_> = scripts.into();
    let open = move || -> Result<Box<dyn Camera>, FaultReport> {
        let script = scripts.pop_front().unwrap_or(Ok(Vec::new()))?;
        Ok(Box::new(Scripted { script: script.into(), closed: None }))
    };
    let handle = spawn_with(open, stepping(step), move |state| drop(send.send(state))).unwrap();
    (handle, states)
}

fn next(states: &mpsc::Receiver<CameraState>) -> CameraState {
    states.recv_timeout(Duration::from_secs(20)).unwrap()
}

#[track_caller]
fn expect_live(states: &mpsc::Receiver<CameraState>) {
    let mut state = next(states);
    if matches!(state, CameraState::Returning(_)) {
        state = next(states);
    }
    assert!(matches!(state, CameraState::Live(_)), "{state:?}");
}

#[test]
fn a_camera_that_fails_comes_back() {
    let (handle, states) = run(
        vec![
            Err(CameraFault::None),
            Err(CameraFault::Busy),
            Ok(vec![Ok(Some(picture(200))), Err(CameraFault::Lost)]),
            Ok(vec![]),
        ],
        Duration::from_millis(1),
    );
    assert_eq!(next(&states), CameraState::Starting);
    assert_eq!(next(&states), CameraState::Fault(CameraFault::None.into()));
    assert_eq!(next(&states), CameraState::Fault(CameraFault::Busy.into()));
    expect_live(&states);
    assert_eq!(next(&states), CameraState::Fault(CameraFault::Lost.into()));
    expect_live(&states);
    let latest = handle.latest();
    assert!(latest.newer_than(1, Duration::from_secs(20)).is_some());
}

#[test]
fn a_camera_that_was_opened_again_is_returning_until_its_first_picture() {
    let (_handle, states) =
        run(vec![Err(CameraFault::Lost), Ok(vec![Ok(None), Ok(None)])], Duration::from_millis(1));
    assert_eq!(next(&states), CameraState::Starting);
    assert_eq!(next(&states), CameraState::Fault(CameraFault::Lost.into()));
    assert_eq!(next(&states), CameraState::Returning(CameraFault::Lost));
    expect_live(&states);
}

#[test]
fn silence_is_a_stall_and_leaves_no_picture() {
    let silent = (0..100).map(|_| Ok(None));
    let script = std::iter::once(Ok(Some(picture(200)))).chain(silent).collect();
    let (handle, states) = run(vec![Ok(script), Err(CameraFault::None)], Duration::from_millis(100));
    assert_eq!(next(&states), CameraState::Starting);
    expect_live(&states);
    assert_eq!(next(&states), CameraState::Fault(CameraFault::Stalled.into()));
    assert_eq!(next(&states), CameraState::Fault(CameraFault::None.into()));
    expect_live(&states);
    drop(handle);
}

#[test]
fn one_picture_again_and_again_is_frozen_until_another_comes() {
    let same = (0..100).map(|_| Ok(Some(picture(200))));
    let script = same.chain([Ok(Some(picture(201)))]).collect();
    let (_handle, states) = run(vec![Ok(script)], Duration::from_millis(50));
    assert_eq!(next(&states), CameraState::Starting);
    for frozen in [false, true, false] {
        let CameraState::Live(camera) = next(&states) else { panic!() };
        assert_eq!(camera.frozen, frozen);
    }
}

#[test]
fn a_covered_camera_says_so_and_goes_on() {
    let dark = (0..200).map(|_| Ok(Some(picture(3))));
    let (handle, states) = run(vec![Ok(dark.collect())], Duration::from_millis(50));
    assert_eq!(next(&states), CameraState::Starting);
    expect_live(&states);
    assert_eq!(next(&states), CameraState::Fault(CameraFault::Black.into()));
    assert!(handle.latest().newest().is_some());
    expect_live(&states);
}

#[test]
fn dropping_the_handle_closes_the_camera() {
    let (closed, is_closed) = mpsc::channel();
    let open = move || -> Result<Box<dyn Camera>, FaultReport> {
        Ok(Box::new(Scripted { script: VecDeque::new(), closed: Some(closed.clone()) }))
    };
    let handle = spawn_with(open, stepping(Duration::from_millis(1)), |_| ()).unwrap();
    assert!(handle.latest().newer_than(0, Duration::from_secs(20)).is_some());
    drop(handle);
    assert_eq!(is_closed.try_recv(), Ok(()));
}

#[test]
fn a_panic_is_a_fault() {
    let mut first = true;
    let (send, states) = mpsc::channel();
    let open = move || -> Result<Box<dyn Camera>, FaultReport> {
        assert!(!std::mem::take(&mut first), "as a capture library would");
        Ok(Box::new(Scripted { script: VecDeque::new(), closed: None }))
    };
    let _handle =
        spawn_with(open, stepping(Duration::from_millis(1)), move |state| drop(send.send(state))).unwrap();
    assert_eq!(next(&states), CameraState::Starting);
    assert_eq!(next(&states), CameraState::Fault(CameraFault::Unusable.into()));
    expect_live(&states);
}
