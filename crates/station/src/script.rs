//! Scripted steps of a headless station. Each is taken when the gate is ready for it.

use std::sync::mpsc::SyncSender;

use gate::UserInput;

/// One step of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A person does something at the screen.
    User(UserInput),
    /// A code is held to the camera.
    Scan(String),
    /// Enter is pressed as soon as the gate reacts to keys.
    ConfirmShown,
}

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepProblem {
    /// The screen shows no result.
    #[error("nothing is shown that could be confirmed")]
    NothingShown,
    /// The result on the screen can only be discarded.
    #[error("what is shown cannot be confirmed")]
    NotConfirmable,
    /// The station has stopped.
    #[error("the station has stopped")]
    Stopped,
}

impl StepProblem {
    /// Returns a stable code for scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NothingShown => "nothing-shown",
            Self::NotConfirmable => "not-confirmable",
            Self::Stopped => "stopped",
        }
    }
}

/// A step, and where its outcome goes.
#[derive(Debug)]
pub(crate) struct Pending {
    pub step: Step,
    pub done: SyncSender<Result<(), StepProblem>>,
}
