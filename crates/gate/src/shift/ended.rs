//! A shift that a person has ended, and can take up again for some seconds: the key was pressed by mistake.

use std::time::Duration;

use super::checkpoints::LastPlace;
use super::session::Who;
use crate::deadlines;
use crate::window::collector::Countdown;

/// A shift can be taken up again for this long. Whoever meant to end it is still there.
const RESUMABLE: Duration = Duration::from_secs(8);

/// A shift that a person has just ended.
pub(super) struct Ended {
    pub(super) who: Who,
    /// Where they stood.
    pub(super) place: Option<LastPlace>,
    until: Duration,
}

impl Ended {
    pub(super) fn new(who: Who, place: Option<LastPlace>, mono: Duration) -> Self {
        Self { who, place, until: mono.saturating_add(RESUMABLE) }
    }

    pub(super) fn is_over(&self, mono: Duration) -> bool {
        mono >= self.until
    }

    pub(super) fn countdown(&self, mono: Duration) -> Countdown {
        deadlines::countdown(RESUMABLE, self.until, mono)
    }

    pub(super) fn deadline(&self, mono: Duration) -> Duration {
        deadlines::next_second(self.until, mono)
    }
}
