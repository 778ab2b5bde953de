//! The gate itself.

use std::sync::Arc;

use health_code::Trust;
use health_code::trust::CheckpointId;

use crate::action::Action;
use crate::input::{Input, Now};
use crate::view::View;

/// What a gate begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Verified trust, where the station has any.
    pub trust: Option<Arc<Trust>>,
    /// The checkpoint chosen last time.
    pub last_checkpoint: Option<CheckpointId>,
    /// Randomness for record ids and for the key of "the same person".
    pub seed: [u8; 32],
}

/// One checkpoint's state and rules.
#[derive(Debug)]
pub struct Gate {}

impl Gate {
    /// A gate with nobody signed in.
    #[must_use]
    pub fn new(setup: Setup, now: Now) -> Self {
        let _ = (setup, now);
        todo!()
    }

    /// Decides what to do about one input.
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<Action> {
        let _ = (input, now);
        todo!()
    }

    /// What is on the screen.
    #[must_use]
    pub fn view(&self, now: Now) -> View {
        let _ = now;
        todo!()
    }

    /// When [`Input::Tick`] is due next, on the monotonic clock.
    #[must_use]
    pub fn next_deadline(&self) -> Option<std::time::Duration> {
        todo!()
    }

    /// The checkpoint chosen last, for [`Setup::last_checkpoint`] of the next run.
    #[must_use]
    pub fn last_checkpoint(&self) -> Option<CheckpointId> {
        todo!()
    }
}
