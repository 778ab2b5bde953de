//! The reader's thread: it reads the camera's newest frame and tells the gate what it saw.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use camera::Frame;
use code_reader::{Corners, Reader, SeenCode, Sighting};
use gate::window::collector::Hint;
use gate::window::workbench::{ReadTest, WhichCamera};
use gate::{Aim, Input};

use crate::camera_host::{CameraHost, Read};
use crate::clock::SystemClock;
use crate::device::Desk;
use crate::inputs::Inputs;

/// Longest wait for a new frame; after it the reader looks whether it is to end.
const FRAME_WAIT: Duration = Duration::from_millis(250);
/// What a camera saw counts for so long beside what the other one sees.
const FINDING_LASTS: Duration = Duration::from_millis(500);

/// Tells the reader whether to read, and when to end.
#[derive(Debug, Default)]
pub(crate) struct Switch {
    /// Somebody is signed in and stands at a checkpoint.
    pub wanted: AtomicBool,
    /// An administrator tries the reader: what is read is only timed.
    pub tries: AtomicBool,
    pub stop: AtomicBool,
}

/// Reads until the switch says stop or the gate is gone.
pub(crate) fn start(
    cameras: Arc<CameraHost>,
    switch: Arc<Switch>,
    inputs: Inputs,
    desk: Desk,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("reader".into()).spawn(move || {
        let mut readers = Readers::default();
        let mut read = Read::default();
        let (mut panics, mut busy) = (0, false);
        while !switch.stop.load(Ordering::Acquire) {
            let Some((which, frame)) = cameras.next_frame(&mut read, FRAME_WAIT) else { continue };
            if switch.wanted.load(Ordering::Acquire) {
                let (sighting, counts) = readers.read(which, &frame);
                if matches!(sighting, Sighting::Code(_)) {
                    cameras.saw_a_code(which);
                }
                if counts && !inputs.tell(input(sighting)) {
                    return;
                }
            } else if switch.tries.load(Ordering::Acquire) {
                let (sighting, counts) = readers.read(which, &frame);
                if matches!(sighting, Sighting::Code(_)) {
                    cameras.saw_a_code(which);
                }
                if counts {
                    desk.tried(tried(sighting, which, &frame));
                }
            } else {
                readers.restart(which);
            }
            if readers.panics() > panics {
                panics = readers.panics();
                tracing::warn!(panics, "a decoder panicked and was stopped; others looked on");
            }
            if readers.is_busy() != busy {
                busy = readers.is_busy();
                if !inputs.tell(Input::Busy(busy)) {
                    return;
                }
            }
        }
    })
}

/// Returns what came of a code that is only held out to try. Its text ends here.
fn tried(sighting: Sighting, which: WhichCamera, frame: &Frame) -> Option<ReadTest> {
    match sighting {
        Sighting::Code(_) => {
            let took = SystemClock::since_start().saturating_sub(frame.at);
            let millis = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
            Some(ReadTest::Read { camera: which, millis })
        }
        Sighting::Unreadable { hint, .. } => Some(ReadTest::Unreadable { hint: hint_of(hint) }),
        Sighting::Nothing => None,
    }
}

/// A reader for each camera: what one remembers of its last frames means nothing in the other's.
#[derive(Default)]
pub(crate) struct Readers {
    each: [Reader; 2],
    findings: Findings,
}

impl Readers {
    /// Reads a frame. Returns what is on it, and whether that counts beside what the other camera sees.
    pub(crate) fn read(&mut self, which: WhichCamera, frame: &Frame) -> (Sighting, bool) {
        let sighting = self.each[which.index()].read(&frame.grey);
        let found = match &sighting {
            Sighting::Code(_) => Found::Code,
            Sighting::Unreadable { .. } => Found::Unreadable,
            Sighting::Nothing => Found::Nothing,
        };
        let counts = self.findings.count(which, found, frame.at);
        (sighting, counts)
    }

    fn restart(&mut self, which: WhichCamera) {
        self.each[which.index()].restart();
    }

    fn panics(&self) -> u64 {
        self.each.iter().map(Reader::panics).sum()
    }

    fn is_busy(&self) -> bool {
        self.each.iter().any(Reader::is_busy)
    }
}

/// The newest finding of each camera, so that one that sees nothing does not contradict the other.
#[derive(Debug, Default)]
struct Findings([Option<(Found, Duration)>; 2]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Nothing,
    Unreadable,
    Code,
}

impl Findings {
    /// Returns whether a finding counts: not if the other camera has just seen more. Of two that can't read
    /// what they see, the first one says why.
    fn count(&mut self, which: WhichCamera, found: Found, at: Duration) -> bool {
        self.0[which.index()] = Some((found, at));
        let other =
            self.0[which.other().index()].filter(|(_, then)| at.saturating_sub(*then) < FINDING_LASTS);
        match other {
            Some((Found::Unreadable, _)) if found == Found::Unreadable => which == WhichCamera::First,
            Some((other, _)) => found >= other,
            None => true,
        }
    }
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

    #[test]
    fn a_camera_that_sees_nothing_does_not_contradict_the_other_one() {
        use WhichCamera::{First, Second};
        let mut findings = Findings::default();
        let mut count = |which, found, ms| findings.count(which, found, Duration::from_millis(ms));
        assert!(count(First, Found::Nothing, 0));
        assert!(count(Second, Found::Code, 10));
        assert!(!count(First, Found::Nothing, 20));
        assert!(!count(First, Found::Unreadable, 30));
        assert!(count(First, Found::Code, 40), "two codes are two codes");
        assert!(!count(Second, Found::Unreadable, 60));
        assert!(count(First, Found::Unreadable, 70));
        assert!(!count(Second, Found::Unreadable, 80), "one hint at a time");
        // A camera that has stopped has no say.
        assert!(count(First, Found::Nothing, 700));
    }
}
