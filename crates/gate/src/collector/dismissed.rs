//! Codes that were just dismissed and may still be held before the camera.
//!
//! Without this, a phone still in view would flash again the moment its result is closed. A
//! dismissed code is taken again once it was out of view for [`OUT_OF_VIEW`]. If a person recorded
//! or discarded it, it is also taken again after a while in view ([`Entry::release`]), so that a
//! mistaken Esc heals by waiting. If its time ran out instead, it is not: a phone left lying there
//! stays quiet.

use std::collections::VecDeque;
use std::time::Duration;

use crate::limits::DISMISSED_CODES;
use crate::tags::Tag;

/// A dismissed code is taken again once it was out of view for this long.
pub const OUT_OF_VIEW: Duration = Duration::from_millis(1500);

/// One dismissed code.
pub(super) struct Entry {
    pub(super) outcome: Tag,
    /// The text it was last read as; this spares verifying it in each frame.
    pub(super) text: Tag,
    /// When it was last in view.
    pub(super) seen: Duration,
    /// When it is taken again, even if it never left the view.
    pub(super) release: Option<Duration>,
}

#[derive(Default)]
pub(super) struct Dismissed(VecDeque<Entry>);

impl Dismissed {
    pub(super) fn add(&mut self, entry: Entry) {
        self.0.retain(|other| other.outcome != entry.outcome);
        if self.0.len() >= DISMISSED_CODES {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    /// Returns whether a text belongs to a dismissed code, and notes that it is in view.
    pub(super) fn has_text(&mut self, text: &Tag, mono: Duration) -> bool {
        self.is_in_view(mono, |entry| entry.text == *text)
    }

    /// Returns whether an outcome belongs to a dismissed code, now read as `text`, and notes that it
    /// is in view.
    pub(super) fn has_outcome(&mut self, outcome: &Tag, text: Tag, mono: Duration) -> bool {
        self.is_in_view(mono, |entry| {
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

    fn is_in_view(&mut self, mono: Duration, mut same: impl FnMut(&mut Entry) -> bool) -> bool {
        self.0.retain(|entry| {
            let in_view = mono.saturating_sub(entry.seen) < OUT_OF_VIEW;
            in_view && entry.release.is_none_or(|release| mono < release)
        });
        match self.0.iter_mut().find_map(|entry| same(entry).then_some(entry)) {
            Some(entry) => {
                entry.seen = mono;
                true
            }
            None => false,
        }
    }
}
