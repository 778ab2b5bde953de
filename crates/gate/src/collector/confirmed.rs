//! What a person confirmed, until it is durable.

use std::time::Duration;

use wire::{RecordId, Report};
use zeroize::Zeroize as _;

use crate::window::collector::{RecordedBefore, ScanId};

/// A record without an answer counts as not recorded after this.
pub(super) const WAITS: Duration = Duration::from_secs(10);

/// A passage that was asked for.
pub(super) struct Confirmed {
    /// The passage's name.
    pub(super) record: RecordId,
    /// The passage, for a second try.
    pub(super) report: Box<Report>,
    /// What was on the screen when it was confirmed.
    pub(super) scan: ScanId,
    /// What it says of the person.
    pub(super) recorded: RecordedBefore,
}

impl Drop for Confirmed {
    /// A passage's code must not linger in freed memory.
    fn drop(&mut self) {
        if let Report::Passage(passage) = &mut *self.report {
            passage.code.zeroize();
        }
    }
}
