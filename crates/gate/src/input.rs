//! What can happen to a gate.

use std::sync::Arc;
use std::time::Duration;

use health_code::{Timestamp, Trust};
use wire::{ClockState, RecordId};

use crate::fault::Fault;
use crate::window::UserInput;
use crate::window::bar::{Battery, CameraView};
use crate::window::collector::Hint;

/// The moment of an input, on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// What the wall clock says.
    pub wall: Timestamp,
    /// Time since some fixed point, never stepping back: for countdowns and waits.
    pub mono: Duration,
}

/// Names one PIN check, so that a late answer cannot sign in somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptId(pub u64);

/// How a code that was read stands among others in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// There is no other.
    Alone,
    /// There are others, and this one is aimed at: the largest, and the middle of the picture is
    /// on it, which can be true of one at most.
    AimedAt,
    /// There are others, and which is meant cannot be told: two phones side by side.
    Unclear,
}

/// Everything that can reach a gate.
#[derive(Debug, Clone)]
pub enum Input {
    /// Some time has passed (sent about four times a second, and when a deadline is due).
    Tick,
    /// A code was read, by camera.
    CodeSeen {
        /// The QR's text.
        text: String,
        /// Whether it is the one that is held out.
        aim: Aim,
    },
    /// A code is in view and cannot be read.
    CodeUnreadable {
        /// Why.
        hint: Hint,
    },
    /// No code is in view.
    NothingSeen,
    /// What a person did at the screen.
    User(UserInput),
    /// The shell has checked a PIN ([`crate::Action::CheckPin`]).
    PinChecked {
        /// Which check.
        attempt: AttemptId,
        /// Whether it was right.
        right: bool,
    },
    /// A report is durable on disk ([`crate::Action::Append`]).
    Appended {
        /// Which.
        record: RecordId,
    },
    /// A report could not be made durable.
    AppendFailed {
        /// Which.
        record: RecordId,
        /// Why.
        fault: Fault,
    },
    /// The number of reports in the outbox has changed.
    Waiting(u64),
    /// The camera's state has changed: `None` is live.
    Camera {
        /// What is wrong with it, if anything.
        fault: Option<Fault>,
        /// Whether it is the simulated one.
        simulated: bool,
    },
    /// What else is known of the camera has changed: shown, never decided on.
    CameraView(CameraView),
    /// Whether other programs leave the reader too little time: shown, never decided on.
    Busy(bool),
    /// Trust that was verified before it got here; `None` where there is none.
    Trust(Option<Arc<Trust>>),
    /// What the station knows of its clock.
    Clock(ClockState),
    /// Whether the back office answers.
    Online(bool),
    /// The battery's state; `None` where there is none.
    Battery(Option<Battery>),
    /// A fault of the outbox itself; `None`: it is well again.
    Outbox(Option<Fault>),
}
