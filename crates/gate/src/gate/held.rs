//! Codes that were just dismissed and may still be held before the camera.
//!
//! Without this, a phone still in view would flash again the moment its result is closed. A
//! dismissed code is taken again once it was out of view for [`OUT_OF_VIEW`]. One that a person
//! recorded or discarded is also taken again after [`crate::limits::HELD_LONGEST`] in view, so
//! that a mistaken Esc heals by waiting; one that ran out of time is not, so that a phone left
//! lying there stays quiet.

use std::collections::VecDeque;
use std::time::Duration;

use super::tags::Tag;
use crate::limits::{HELD, OUT_OF_VIEW};

/// One dismissed code.
pub(super) struct Entry {
    pub(super) outcome: Tag,
    /// The text it was last read as: spares verifying it in each frame.
    pub(super) text: Tag,
    /// When it was last in view.
    pub(super) seen: Duration,
    /// Taken again from here on, even if it never left.
    pub(super) release: Option<Duration>,
}

#[derive(Default)]
pub(super) struct Held(VecDeque<Entry>);

impl Held {
    pub(super) fn hold(&mut self, entry: Entry) {
        self.0.retain(|other| other.outcome != entry.outcome);
        if self.0.len() >= HELD {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    /// Whether this text is of a held code; sees it.
    pub(super) fn holds_text(&mut self, text: &Tag, mono: Duration) -> bool {
        self.sees(mono, |entry| entry.text == *text)
    }

    /// Whether this outcome is of a held code, read as `text` now; sees it.
    pub(super) fn holds_outcome(&mut self, outcome: &Tag, text: Tag, mono: Duration) -> bool {
        self.sees(mono, |entry| {
            let same = entry.outcome == *outcome;
            if same {
                entry.text = text;
            }
            same
        })
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn sees(&mut self, mono: Duration, same: impl FnMut(&mut Entry) -> bool) -> bool {
        self.0.retain(|entry| {
            let in_view = mono.saturating_sub(entry.seen) < OUT_OF_VIEW;
            in_view && entry.release.is_none_or(|release| mono < release)
        });
        let mut same = same;
        match self.0.iter_mut().find_map(|entry| same(entry).then_some(entry)) {
            Some(entry) => {
                entry.seen = mono;
                true
            }
            None => false,
        }
    }
}
