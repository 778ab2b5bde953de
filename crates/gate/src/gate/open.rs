//! The open result: one code's answer, until somebody acts or its time is over.

use std::time::Duration;

use health_code::Timestamp;
use wire::{Carried, RecordId, Report, Shown};
use zeroize::Zeroizing;

use super::scan::Judged;
use super::tags::Tag;
use super::{Gate, Stage, held, scan, time};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::Now;
use crate::limits::{CLEAR_AGAIN, CLEAR_OTHERS, CLEAR_PASS, DEAF, HELD_LONGEST};
use crate::window::collector::{Answer, CodeFields, ResultView, ScanId};

/// Everything that a confirm needs, as it was when the code was judged.
pub(super) struct OpenResult {
    pub(super) scan: ScanId,
    pub(super) answer: Answer,
    /// What a passage says was shown; for "again" the verdict behind it.
    pub(super) shown: Option<Shown>,
    fields: Option<CodeFields>,
    pub(super) declare_url: String,
    pub(super) carried: Zeroizing<Carried>,
    pub(super) policy: u64,
    pub(super) trust: u64,
    holder: Tag,
    /// Holder and answer.
    pub(super) outcome: Tag,
    pub(super) text: Tag,
    /// When the code was last in view.
    pub(super) seen: Duration,
    /// Deaf until [`DEAF`] after this.
    opened: Duration,
    pub(super) until: Duration,
    pub(super) not_recorded: Option<Fault>,
    /// The report that could not be made durable: a second try must be the same report under the
    /// same name, or a doubt about the first could double it.
    pub(super) failed: Option<(RecordId, Box<Report>)>,
}

impl OpenResult {
    pub(super) fn view(&self, mono: Duration) -> ResultView {
        ResultView {
            scan: self.scan,
            answer: self.answer.clone(),
            fields: self.fields.clone(),
            can_confirm: self.shown.is_some(),
            can_declare_again: !self.declare_url.is_empty(),
            countdown: time::countdown(self.clears_after(), self.until, mono),
            not_recorded: self.not_recorded,
        }
    }

    /// Whether a key meant for `scan` counts at this moment.
    pub(super) fn hears(&self, scan: ScanId, mono: Duration) -> bool {
        self.scan == scan && mono >= self.opened.saturating_add(DEAF)
    }

    /// Begins the countdown, and the deaf moment before it, anew.
    pub(super) fn restart(&mut self, mono: Duration) {
        self.opened = mono;
        self.until = mono.saturating_add(self.clears_after());
    }

    fn clears_after(&self) -> Duration {
        match self.answer {
            Answer::Pass { .. } => CLEAR_PASS,
            Answer::Again => CLEAR_AGAIN,
            _ => CLEAR_OTHERS,
        }
    }

    fn sound(&self) -> Sound {
        match self.answer {
            Answer::Pass { .. } => Sound::Pass,
            Answer::Check { .. } => Sound::Check,
            Answer::Stop { .. } => Sound::Stop,
            Answer::Invalid { .. } => Sound::Invalid,
            Answer::Again => Sound::Again,
            Answer::Unjudged { .. } => Sound::Fault,
        }
    }
}

impl Gate {
    /// A text was read. It becomes a result where nothing else is open, and nothing blocks it.
    pub(super) fn code_seen(&mut self, text: &str, now: Now, out: &mut Vec<Action>) {
        self.hints.found(None, now.mono);
        let Some(trust) = self.trust.clone() else { return };
        let text_tag = self.tags.text(text);
        let region = &trust.community().region;
        let distrust = self.distrust(now.wall);
        if let Stage::Open(open) | Stage::Recording(open, _) = &mut self.stage {
            let same = open.text == text_tag || {
                let judged = scan::judge(text, &trust, region, distrust, now);
                open.holder == self.tags.holder(&judged, text)
            };
            if same {
                open.seen = now.mono;
            } else {
                self.held.holds_text(&text_tag, now.mono);
            }
            return;
        }
        if !self.takes_codes() || self.held.holds_text(&text_tag, now.mono) {
            return;
        }
        let judged = scan::judge(text, &trust, region, distrust, now);
        let holder = self.tags.holder(&judged, text);
        let outcome = self.tags.outcome(&holder, &judged.answer, judged.shown);
        if self.held.holds_outcome(&outcome, text_tag, now.mono) {
            return;
        }
        self.open(judged, holder, text_tag, now, out);
    }

    /// Ready (or still showing "recorded"), somebody at a checkpoint, and a record would have a
    /// place. A camera's fault does not matter here: if a code comes, something reads.
    fn takes_codes(&self) -> bool {
        matches!(self.stage, Stage::Ready | Stage::Recorded { .. })
            && self.session.is_some()
            && self.places.stands(self.trust.as_deref())
            && self.around.outbox.is_none()
    }

    fn open(&mut self, judged: Judged, holder: Tag, text: Tag, now: Now, out: &mut Vec<Action>) {
        let Some(trust) = &self.trust else { return };
        let policy = trust.policy(now.wall);
        let window = Duration::from_secs(policy.repeat_window_seconds.into());
        let outcome = self.tags.outcome(&holder, &judged.answer, judged.shown);
        // Validity comes first: what cannot be recorded is never "again".
        let again = judged.shown.is_some() && self.repeats.contains(&outcome, window, now.mono);
        if let Answer::Invalid { refusal } = &judged.answer {
            self.counters.count(refusal.code(), now.mono);
        }
        self.scans = self.scans.wrapping_add(1);
        let mut open = Box::new(OpenResult {
            scan: ScanId(self.scans),
            answer: if again { Answer::Again } else { judged.answer },
            shown: judged.shown,
            fields: judged.fields,
            declare_url: judged.declare_url,
            carried: judged.carried,
            policy: policy.version,
            trust: trust.list().version,
            holder,
            outcome,
            text,
            seen: now.mono,
            opened: now.mono,
            until: now.mono,
            not_recorded: None,
            failed: None,
        });
        open.restart(now.mono);
        out.push(Action::Play(open.sound()));
        self.stage = Stage::Open(open);
    }

    /// Closes the open result. `acted`: a person did it.
    pub(super) fn dismiss(&mut self, acted: bool, mono: Duration) {
        if let Stage::Open(open) | Stage::Recording(open, _) =
            std::mem::replace(&mut self.stage, Stage::Ready)
        {
            let release = acted.then(|| mono.saturating_add(HELD_LONGEST));
            self.held.hold(held::Entry { outcome: open.outcome, text: open.text, seen: open.seen, release });
        }
        self.settle_down();
    }

    /// Takes the verdict off an open result when the clock or the trust list turns out to be
    /// unreliable: nothing is green meanwhile, and a key meant for the verdict no longer counts.
    pub(super) fn distrust_open(&mut self, now: Now) {
        let Some(fault) = self.distrust(now.wall) else { return };
        let shown = match fault {
            Fault::ClockWrong => Shown::UnjudgedClock,
            _ => Shown::UnjudgedTrust,
        };
        let (Stage::Open(open) | Stage::Recording(open, _)) = &mut self.stage else { return };
        if !matches!(
            open.answer,
            Answer::Pass { .. } | Answer::Check { .. } | Answer::Stop { .. } | Answer::Again
        ) || open.shown == Some(shown)
        {
            return;
        }
        self.scans = self.scans.wrapping_add(1);
        open.scan = ScanId(self.scans);
        open.answer = Answer::Unjudged { fault };
        open.shown = Some(shown);
        open.outcome = self.tags.outcome(&open.holder, &open.answer, open.shown);
        open.failed = None;
        if fault == Fault::ClockWrong
            && let Some(fields) = &mut open.fields
        {
            fields.over = false;
        }
        open.restart(now.mono);
    }

    /// After a result: ready, where there is still a checkpoint to stand at.
    pub(super) fn settle_down(&mut self) {
        self.stage = if self.session.is_none() {
            Stage::SignedOut
        } else if self.places.stands(self.trust.as_deref()) {
            Stage::Ready
        } else {
            Stage::Choosing { problem: None, adding: None }
        };
    }

    /// The trust list that is in force cannot vouch, or the clock cannot date: nothing is judged.
    pub(super) fn distrust(&self, wall: Timestamp) -> Option<Fault> {
        let trust = self.trust.as_deref()?;
        if self.around.clock_wrong(Some(trust), wall) {
            Some(Fault::ClockWrong)
        } else if trust.freshness(wall) == health_code::Freshness::Expired {
            Some(Fault::TrustExpired)
        } else {
            None
        }
    }
}
