//! The reader's thread: it reads the camera's newest frame and tells the gate what it saw.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use camera::{CameraFault, CameraState, LatestFrame, Shortfall};
use code_reader::{Corners, Reader, SeenCode, Sighting};
use gate::window::bar::{CameraView, LesserPicture};
use gate::window::collector::Hint;
use gate::{Aim, Fault, Input};

use crate::inputs::Inputs;

/// Longest wait for a new frame; after it the reader looks whether it is to end.
const FRAME_WAIT: Duration = Duration::from_millis(250);

/// Tells the reader whether to read, and when to end.
#[derive(Debug, Default)]
pub(crate) struct Switch {
    /// Somebody is signed in and stands at a checkpoint.
    pub wanted: AtomicBool,
    pub stop: AtomicBool,
}

/// Reads until the switch says stop or the gate is gone.
pub(crate) fn start(
    frames: Arc<LatestFrame>,
    switch: Arc<Switch>,
    inputs: Inputs,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("reader".into()).spawn(move || {
        let mut reader = Reader::new();
        let (mut seq, mut panics, mut busy) = (0, 0, false);
        while !switch.stop.load(Ordering::Acquire) {
            let Some(frame) = frames.newer_than(seq, FRAME_WAIT) else { continue };
            seq = frame.seq;
            if switch.wanted.load(Ordering::Acquire) {
                let sighting = reader.read(&frame.grey);
                if !inputs.tell(input(sighting)) {
                    return;
                }
            } else {
                reader.restart();
            }
            if reader.panics() > panics {
                panics = reader.panics();
                tracing::warn!(panics, "a decoder panicked and was stopped; others looked on");
            }
            if reader.is_busy() != busy {
                busy = reader.is_busy();
                if !inputs.tell(Input::Busy(busy)) {
                    return;
                }
            }
        }
    })
}

fn input(sighting: Sighting) -> Input {
    match sighting {
        Sighting::Code(code) if code.text.part().is_some_and(|part| part.of > 1) => {
            Input::CodeUnreadable { hint: Hint::OneOfSeveral }
        }
        Sighting::Code(code) => {
            let aim = aim(&code);
            Input::CodeSeen { text: code.text.into_string(), aim }
        }
        Sighting::Unreadable { hint, .. } => Input::CodeUnreadable { hint: hint_of(hint) },
        Sighting::Nothing => Input::NothingSeen,
    }
}

/// Returns whether the code that was read is the one that is held out.
///
/// Of several codes the reader reads the largest. It counts as aimed at if it covers the middle of
/// the picture and no other code does, so that two people are never mixed up.
fn aim(code: &SeenCode) -> Aim {
    const MIDDLE: [f32; 2] = [0.5, 0.5];
    if code.others.is_empty() {
        Aim::Alone
    } else if covers(&code.corners, MIDDLE) && !code.others.iter().any(|other| covers(other, MIDDLE)) {
        Aim::AimedAt
    } else {
        Aim::Unclear
    }
}

/// Returns whether a point lies inside a convex quadrilateral: on one side of all its edges.
fn covers(corners: &Corners, [x, y]: [f32; 2]) -> bool {
    let sides: Vec<f32> = (0..4)
        .map(|at| {
            let ([ax, ay], [bx, by]) = (corners[at], corners[(at + 1) % 4]);
            (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        })
        .collect();
    sides.iter().all(|side| *side > 0.0) || sides.iter().all(|side| *side < 0.0)
}

pub(crate) fn hint_of(hint: code_reader::Hint) -> Hint {
    match hint {
        code_reader::Hint::TooFar => Hint::TooFar,
        code_reader::Hint::Blurred => Hint::Blurred,
        code_reader::Hint::TooBright => Hint::TooBright,
        code_reader::Hint::CutOff => Hint::CutOff,
        code_reader::Hint::TooDark => Hint::TooDark,
    }
}

/// What the gate is told of the camera: its fault, where that may have changed, and what else is
/// known of it.
pub(crate) fn camera_inputs(state: &CameraState, simulated: bool) -> impl Iterator<Item = Input> {
    let fault = match state {
        // Neither well nor ill: what was before holds until the first picture.
        CameraState::Starting | CameraState::Returning(_) => None,
        CameraState::Live(camera) => Some(Input::Camera { fault: None, simulated: camera.simulated }),
        CameraState::Fault(report) => Some(Input::Camera { fault: Some(fault_of(report.fault)), simulated }),
    };
    [Input::CameraView(camera_view(state))].into_iter().chain(fault)
}

pub(crate) fn camera_view(state: &CameraState) -> CameraView {
    match state {
        CameraState::Starting => CameraView { opening: true, ..Default::default() },
        // A camera that is opened again because it stalled has not come back yet.
        CameraState::Returning(fault) => CameraView {
            opening: !matches!(fault, CameraFault::Stalled | CameraFault::Unusable),
            ..Default::default()
        },
        CameraState::Live(camera) => CameraView {
            frozen: camera.frozen,
            lesser: camera.reduced.map(|reduced| LesserPicture {
                width: reduced.width,
                height: reduced.height,
                rate: reduced.rate,
                small: reduced.why == Shortfall::Size,
            }),
            ..Default::default()
        },
        CameraState::Fault(report) => {
            CameraView { held_by: report.held_by.clone(), mend: report.fix.clone(), ..Default::default() }
        }
    }
}

pub(crate) fn fault_of(fault: CameraFault) -> Fault {
    match fault {
        CameraFault::None | CameraFault::NoSource => Fault::CameraNone,
        CameraFault::Busy => Fault::CameraBusy,
        CameraFault::NoPermission => Fault::CameraNoPermission,
        CameraFault::Lost => Fault::CameraLost,
        CameraFault::Stalled | CameraFault::Unusable => Fault::CameraStalled,
        CameraFault::Black => Fault::CameraCovered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use code_reader::{Part, QrText};

    fn seen(corners: Corners, others: usize) -> Aim {
        let others = vec![square([0.9, 0.9], 0.05); others];
        aim(&SeenCode { text: QrText::from_bytes(b"KD1:".to_vec()), corners, others })
    }

    fn square([x, y]: [f32; 2], half: f32) -> Corners {
        [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]]
    }

    #[test]
    fn one_of_several_codes_of_one_message_is_never_taken_for_a_whole_one() {
        let part = |number, of| {
            let text = QrText::from_bytes(b"KD1:".to_vec()).as_part(Part { number, of });
            input(Sighting::Code(SeenCode { text, corners: square([0.5; 2], 0.2), others: Vec::new() }))
        };
        assert!(matches!(part(1, 3), Input::CodeUnreadable { hint: Hint::OneOfSeveral }));
        assert!(matches!(part(1, 1), Input::CodeSeen { .. }), "it is all of them");
    }

    #[test]
    fn of_several_codes_the_one_in_the_middle_is_aimed_at() {
        assert_eq!(seen(square([0.1, 0.1], 0.05), 0), Aim::Alone, "wherever it is");
        assert_eq!(seen(square([0.5, 0.5], 0.2), 1), Aim::AimedAt);
        assert_eq!(seen(square([0.6, 0.4], 0.2), 3), Aim::AimedAt);
        assert_eq!(seen(square([0.25, 0.5], 0.2), 1), Aim::Unclear, "two phones side by side");
        let mut turned = square([0.5, 0.5], 0.2);
        turned.reverse();
        turned.rotate_left(1);
        assert_eq!(seen(turned, 1), Aim::AimedAt, "whichever way it is held");
        assert_eq!(seen([[0.5, 0.5]; 4], 1), Aim::Unclear);
    }
}
