//! Scripted steps of a headless station: taken one after the other, each when the gate is ready.

use std::sync::mpsc::SyncSender;

use gate::UserInput;

/// One step of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// What a person does.
    User(UserInput),
    /// A code is held to the camera.
    Scan(String),
    /// Enter is pressed as soon as it is heard.
    ConfirmShown,
}

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepProblem {
    /// Nothing is on the screen that could be confirmed.
    #[error("nothing is shown that could be confirmed")]
    NothingShown,
    /// What is shown can only be discarded.
    #[error("what is shown cannot be confirmed")]
    NotConfirmable,
    /// The station has stopped.
    #[error("the station has stopped")]
    Stopped,
}

impl StepProblem {
    /// A stable code for scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NothingShown => "nothing-shown",
            Self::NotConfirmable => "not-confirmable",
            Self::Stopped => "stopped",
        }
    }
}

/// A step and who waits for it.
#[derive(Debug)]
pub(crate) struct Pending {
    pub step: Step,
    pub done: SyncSender<Result<(), StepProblem>>,
}
