//! The page of the stick: what is on it, what carrying it would do or has done, and for how long this gate needs
//! nothing else.

use std::time::Duration;

use crate::action::Action;
use crate::window::stick::{AloneView, StickView, SticksSeen};
use crate::wing::{Effects, Known};

/// A stick is looked for this often while the page is open.
const LOOKS_EVERY: Duration = Duration::from_secs(2);
/// A stick that has not answered by then hangs.
pub(crate) const ANSWERS_WITHIN: Duration = Duration::from_secs(120);
/// Passages of a day, for telling for how many days the queue has room: nothing here counts them.
const PASSAGES_A_DAY: u64 = 400;
/// Bytes that a sealed report takes on the laptop's disk.
const BYTES_A_REPORT: u64 = 1280;
/// Most days that are told.
const DAYS: u64 = 3650;

/// The state of the page.
#[derive(Default)]
pub(super) struct StickPage {
    seen: Option<SticksSeen>,
    /// When to look next.
    next: Duration,
    /// Until when an answer may take.
    asked: Option<Duration>,
    carrying: bool,
    silent: bool,
}

impl StickPage {
    /// Begins to look.
    pub(super) fn begin(known: &Known, effects: &mut Effects) -> Self {
        let mut this = Self::default();
        this.ask(Action::LookForSticks, known, effects);
        this
    }

    /// Carries the stick that is plugged in.
    pub(super) fn carry(&mut self, known: &Known, effects: &mut Effects) {
        let plugged = self.seen.as_ref().is_some_and(|seen| seen.stick.is_some());
        if plugged && !self.carrying {
            self.carrying = true;
            self.ask(Action::CarryStick, known, effects);
        }
    }

    /// The shell has looked, or carried.
    pub(super) fn seen(&mut self, seen: &SticksSeen, known: &Known) {
        let carried = seen.stick.as_ref().is_none_or(|stick| stick.carried);
        if self.carrying && !carried {
            // A look that was asked for before.
            return;
        }
        (self.carrying, self.silent, self.asked) = (false, false, None);
        self.next = known.now.mono.saturating_add(LOOKS_EVERY);
        self.seen = Some(seen.clone());
    }

    pub(super) fn pass_time(&mut self, known: &Known, effects: &mut Effects) {
        let mono = known.now.mono;
        match self.asked {
            Some(until) if mono >= until => {
                (self.carrying, self.silent, self.asked, self.seen) = (false, true, None, None);
                self.next = mono.saturating_add(LOOKS_EVERY);
            }
            Some(_) => {}
            None if mono >= self.next => self.ask(Action::LookForSticks, known, effects),
            None => {}
        }
    }

    pub(super) fn deadline(&self) -> Duration {
        self.asked.unwrap_or(self.next)
    }

    fn ask(&mut self, action: Action, known: &Known, effects: &mut Effects) {
        self.asked = Some(known.now.mono.saturating_add(ANSWERS_WITHIN));
        effects.act(action);
    }

    pub(super) fn view(&self, known: &Known) -> StickView {
        let alone = known.trust.zip(known.standing.expiries).map(|(trust, (soft, hard))| AloneView {
            issued: trust.list().issued.min(trust.community().issued),
            soft: soft.min(trust.community().soft_expiry),
            hard: hard.min(trust.community().believed_until()),
        });
        let free = self.seen.as_ref().and_then(|seen| seen.disk_free);
        let days = free.map(|free| (free / (BYTES_A_REPORT * PASSAGES_A_DAY)).min(DAYS));
        StickView {
            seen: self.seen.clone(),
            carrying: self.carrying,
            silent: self.silent,
            waiting: known.around.waiting,
            alone,
            a_day: u32::try_from(PASSAGES_A_DAY).unwrap_or(u32::MAX),
            days: days.and_then(|days| u32::try_from(days).ok()),
        }
    }
}
