//! Codes that were just dismissed and may still be held before the camera.
//!
//! Without this, a phone still in view would flash again the moment its result is closed. A
//! dismissed code is taken again once it was out of view for [`OUT_OF_VIEW`]. If a person recorded
//! or discarded it, it is also taken again after a while in view ([`Entry::release`]), so that a
//! mistaken Esc heals by waiting. If its time ran out instead, it is not: a phone left lying there
//! only asks to be taken away.

use std::collections::VecDeque;
use std::time::Duration;

use crate::limits::DISMISSED_CODES;
use crate::tags::Tag;

/// A dismissed code is taken again once it was out of view for this long.
pub const OUT_OF_VIEW: Duration = Duration::from_millis(1500);
/// A dismissed code that is still in view after this long has to be asked away.
const LINGERS: Duration = Duration::from_secs(2);

/// A dismissed code is in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InView {
    /// It was closed a moment ago, and people are still moving.
    Leaving,
    /// It has been there for a while, and nothing will come of it.
    Lingering,
}

/// One dismissed code.
pub(super) struct Entry {
    pub(super) outcome: Tag,
    /// The text it was last read as; this spares verifying it in each frame.
    pub(super) text: Tag,
    /// When it was last in view.
    pub(super) seen: Duration,
    /// When its result was closed.
    pub(super) closed: Duration,
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

    /// Finds the dismissed code to which a text belongs, and notes that it is in view.
    pub(super) fn by_text(&mut self, text: &Tag, mono: Duration) -> Option<InView> {
        self.in_view(mono, |entry| entry.text == *text)
    }

    /// Finds the dismissed code to which an outcome belongs, now read as `text`, and notes that it is
    /// in view.
    pub(super) fn by_outcome(&mut self, outcome: &Tag, text: Tag, mono: Duration) -> Option<InView> {
        self.in_view(mono, |entry| {
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

    fn in_view(&mut self, mono: Duration, mut same: impl FnMut(&mut Entry) -> bool) -> Option<InView> {
        self.0.retain(|entry| {
            let in_view = mono.saturating_sub(entry.seen) < OUT_OF_VIEW;
            in_view && entry.release.is_none_or(|release| mono < release)
        });
        let entry = self.0.iter_mut().find_map(|entry| same(entry).then_some(entry))?;
        entry.seen = mono;
        let lingers = mono.saturating_sub(entry.closed) >= LINGERS;
        Some(if lingers { InView::Lingering } else { InView::Leaving })
    }
}
