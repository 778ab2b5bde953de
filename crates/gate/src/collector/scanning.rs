//! Codes that a hand scanner read: each is held out on purpose, and is in nobody's view.
//!
//! So what was dismissed is taken again at the next trigger, whatever the camera sees; only a text that comes
//! again at once is the same trigger still. A text that looks cut off is asked for once more: if the same comes
//! again, it is what the code says.

use std::time::Duration;

use health_code::Refusal;
use health_code::family::{PREFIXES, Presented};

use super::{Collector, is_in_front};
use crate::input::Scan;
use crate::tags::Tag;
use crate::window::collector::Hint;
use crate::window::scanner::ScannerWay;
use crate::wing::{Activity, Effects, Known, Wing as _};

/// The same text again within this time, counted from the last one, is no other trigger.
const AGAIN: Duration = Duration::from_millis(1500);
/// Beginnings of codes within a text that are looked at.
const BEGINNINGS: usize = 8;

/// What the scanner read last.
#[derive(Default)]
pub(super) struct Scans {
    /// The text that was taken last, and when it came last.
    taken: Option<(Tag, Duration)>,
    /// The last text, if it looked cut off.
    cut_off: Option<Tag>,
}

impl Scans {
    /// Returns whether a text is the last one, still or again; if so, it is from now on.
    fn is_again(&mut self, text: Tag, mono: Duration) -> bool {
        match &mut self.taken {
            Some((taken, last)) if *taken == text && mono.saturating_sub(*last) < AGAIN => {
                *last = mono;
                true
            }
            _ => false,
        }
    }

    /// Returns what is wrong with a text, if that is worth another try.
    fn damage(&mut self, text: &str, tag: Tag) -> Option<Hint> {
        let damage = damage(text);
        let before =
            std::mem::replace(&mut self.cut_off, (damage == Some(Hint::ScanIncomplete)).then_some(tag));
        // What comes twice in the same way was not lost on the way.
        damage.filter(|damage| *damage != Hint::ScanIncomplete || before != Some(tag))
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Collector {
    /// A hand scanner sent something.
    pub(crate) fn scanned(&mut self, scan: &Scan, known: &Known, effects: &mut Effects) {
        if !is_in_front(known) {
            return;
        }
        let hint = match scan {
            _ if known.around.scanner.way == ScannerWay::None => Some(Hint::ScannerOff),
            Scan::Broken => Some(Hint::ScanIncomplete),
            Scan::Text(text) => self.take_scan(text, known, effects),
        };
        if let Some(hint) = hint
            && self.activity() == Activity::Idle
        {
            self.hints.say(hint, known.now.mono);
        }
    }

    /// Takes a text. Returns what to say about it, if nothing comes of it.
    fn take_scan(&mut self, text: &str, known: &Known, effects: &mut Effects) -> Option<Hint> {
        let trust = known.trust?;
        let (mono, tag) = (known.now.mono, self.tags.text(text));
        if let Some(open) = self.stage.open() {
            // No other code takes its place.
            if open.text == tag {
                self.hand.is_again(tag, mono);
            }
            return None;
        }
        if !self.takes_codes(known) {
            return None;
        }
        if self.hand.is_again(tag, mono) {
            return Some(Hint::ScannedTwice);
        }
        if let Some(hint) = self.hand.damage(text, tag) {
            return Some(hint);
        }
        self.hand.taken = Some((tag, mono));
        let open = self.read(text, tag, trust, known);
        self.open(open, known, effects);
        None
    }

    pub(super) fn forget_scans(&mut self) {
        self.hand.clear();
    }
}

/// Returns what looks damaged about a text; `None` for one that has the form of a code, and for any other text.
/// A lost character moves all that follow, so a text of the wrong form may be a right one that was damaged.
pub(crate) fn damage(text: &str) -> Option<Hint> {
    let Err(refusal) = Presented::parse(text) else { return None };
    if refusal == Refusal::NotAHealthCode {
        None
    } else if is_two(text) {
        Some(Hint::ScanDoubled)
    } else {
        Some(Hint::ScanIncomplete)
    }
}

/// Returns whether a text begins anew within itself, before or behind a whole code.
fn is_two(text: &str) -> bool {
    let begins =
        |at: &usize| text.get(*at..).is_some_and(|rest| PREFIXES.iter().any(|it| rest.starts_with(it)));
    let starts = text.char_indices().map(|(at, _)| at).skip(1).filter(begins).take(BEGINNINGS);
    let is_code = |part: Option<&str>| part.is_some_and(|part| Presented::parse(part).is_ok());
    starts.into_iter().any(|at| is_code(text.get(..at)) || is_code(text.get(at..)))
}
