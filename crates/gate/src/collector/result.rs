//! The open result: one code's answer, until somebody acts or its time is over.

use std::time::Duration;

use wire::{Carried, RecordId, Report, Shown};
use zeroize::Zeroizing;

use super::judge::{self, Judged};
use crate::action::Sound;
use crate::deadlines;
use crate::fault::Fault;
use crate::surroundings::Distrust;
use crate::tags::{Tag, TagKey};
use crate::window::collector::{Answer, CodeFields, Outcome, RecordedAs, RecordedBefore, ResultView, ScanId};

/// Keys are ignored for this long after a result appears: they were meant for the screen before.
pub const IGNORES_KEYS: Duration = Duration::from_millis(300);
/// A pass clears itself after this.
const CLEARS_PASS: Duration = Duration::from_secs(20);
/// A check clears itself after this: long enough to look at a document.
const CLEARS_CHECK: Duration = Duration::from_secs(90);
/// Stop, invalid and unjudged clear themselves after this.
const CLEARS_OTHERS: Duration = Duration::from_secs(30);
/// The pass of somebody who was just recorded clears itself after this.
const CLEARS_REPEATED_PASS: Duration = Duration::from_secs(8);

/// Everything that a confirm needs, as it was when the code was judged.
pub(super) struct OpenResult {
    pub(super) scan: ScanId,
    pub(super) answer: Answer,
    /// What a passage says was shown.
    pub(super) shown: Option<Shown>,
    /// What was recorded of this person a moment ago.
    recorded_before: Option<RecordedBefore>,
    fields: Option<CodeFields>,
    pub(super) declare_url: String,
    pub(super) carried: Zeroizing<Carried>,
    /// Names the policies in force.
    pub(super) policies: [u8; 32],
    /// Version of the trust list.
    pub(super) trust: u64,
    pub(super) holder: Tag,
    /// Holder and verdict.
    pub(super) outcome: Tag,
    pub(super) text: Tag,
    /// When the code was last in view.
    pub(super) seen: Duration,
    /// When the result, or its answer, appeared.
    opened: Duration,
    /// When it clears itself.
    pub(super) until: Duration,
    pub(super) not_recorded: Option<Fault>,
    /// The report that could not be made durable. A second try sends the same report under the
    /// same name, because the first may have reached the disk after all.
    pub(super) failed: Option<(RecordId, Box<Report>)>,
}

/// What a judged code becomes a result with.
pub(super) struct Opening {
    pub(super) scan: ScanId,
    pub(super) policies: [u8; 32],
    pub(super) trust: u64,
    pub(super) holder: Tag,
    pub(super) outcome: Tag,
    pub(super) text: Tag,
    /// What was recorded of this person a moment ago.
    pub(super) recorded_before: Option<RecordedBefore>,
}

impl OpenResult {
    pub(super) fn new(judged: Judged, opening: Opening, mono: Duration) -> Self {
        let mut open = Self {
            scan: opening.scan,
            answer: judged.answer,
            shown: judged.shown,
            recorded_before: opening.recorded_before,
            fields: judged.fields,
            declare_url: judged.declare_url,
            carried: judged.carried,
            policies: opening.policies,
            trust: opening.trust,
            holder: opening.holder,
            outcome: opening.outcome,
            text: opening.text,
            seen: mono,
            opened: mono,
            until: mono,
            not_recorded: None,
            failed: None,
        };
        open.restart(mono);
        open
    }

    pub(super) fn view(&self, mono: Duration) -> ResultView {
        ResultView {
            scan: self.scan,
            answer: self.answer.clone(),
            fields: self.fields.clone(),
            recorded_before: self.recorded_before,
            can_confirm: self.shown.is_some(),
            can_turn_away: self.can_turn_away(),
            can_declare_again: !self.declare_url.is_empty(),
            countdown: deadlines::countdown(self.clears_after(), self.until, mono),
            not_recorded: self.not_recorded,
        }
    }

    /// Returns whether a key that was meant for `scan` counts at this moment.
    pub(super) fn takes_key(&self, scan: ScanId, mono: Duration) -> bool {
        self.scan == scan && mono >= self.opened.saturating_add(IGNORES_KEYS)
    }

    /// Returns whether there is something to find out about the person, so that it may end in either
    /// way.
    pub(super) fn can_turn_away(&self) -> bool {
        matches!(self.answer, Answer::Check { .. } | Answer::Unjudged { .. })
    }

    /// Returns what a passage says of the person, if the result can be recorded: what was shown, and
    /// what was done. A pass lets through and a stop turns away, whatever the key.
    pub(super) fn recorded_as(&self, turned_away: bool) -> Option<RecordedBefore> {
        let checked = if turned_away { Outcome::TurnedAway } else { Outcome::LetThrough };
        let (shown, outcome) = match self.answer {
            Answer::Pass { .. } => (RecordedAs::Pass, Outcome::LetThrough),
            Answer::Check { .. } => (RecordedAs::Check, checked),
            Answer::Stop { .. } => (RecordedAs::Stop, Outcome::TurnedAway),
            Answer::Unjudged { .. } => (RecordedAs::Unjudged, checked),
            Answer::Invalid { .. } => return None,
        };
        Some(RecordedBefore { shown, outcome })
    }

    /// Begins the countdown anew; keys are ignored at first, as for a new result.
    pub(super) fn restart(&mut self, mono: Duration) {
        self.opened = mono;
        self.until = mono.saturating_add(self.clears_after());
    }

    /// Takes the verdict back because nothing may be judged any more. It becomes a new scan, so
    /// that a key meant for the verdict no longer counts.
    ///
    /// Returns `false` if there is no verdict, or it was taken back for this reason before.
    pub(super) fn take_back(
        &mut self,
        distrust: Distrust,
        scan: ScanId,
        tags: &TagKey,
        mono: Duration,
    ) -> bool {
        let is_verdict =
            matches!(self.answer, Answer::Pass { .. } | Answer::Check { .. } | Answer::Stop { .. });
        if !is_verdict || self.shown == Some(distrust.shown()) {
            return false;
        }
        self.scan = scan;
        self.answer = Answer::Unjudged { fault: distrust.fault() };
        self.shown = Some(distrust.shown());
        self.outcome = tags.outcome(&self.holder, judge::said(&self.answer, self.shown));
        self.failed = None;
        if distrust == Distrust::ClockWrong
            && let Some(fields) = &mut self.fields
        {
            fields.over = false;
        }
        self.restart(mono);
        true
    }

    pub(super) fn sound(&self) -> Sound {
        match self.answer {
            Answer::Pass { .. } => Sound::Pass,
            Answer::Check { .. } => Sound::Check,
            Answer::Stop { .. } => Sound::Stop,
            Answer::Invalid { .. } => Sound::Invalid,
            Answer::Unjudged { .. } => Sound::Fault,
        }
    }

    fn clears_after(&self) -> Duration {
        match self.answer {
            Answer::Pass { .. } if self.recorded_before.is_some() => CLEARS_REPEATED_PASS,
            Answer::Pass { .. } => CLEARS_PASS,
            Answer::Check { .. } => CLEARS_CHECK,
            Answer::Stop { .. } | Answer::Invalid { .. } | Answer::Unjudged { .. } => CLEARS_OTHERS,
        }
    }
}
