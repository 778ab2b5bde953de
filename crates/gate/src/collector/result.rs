//! The open result: one code's answer, judged anew until somebody acts or its time is over.

use std::time::Duration;

use health_code::family::{Family, Presented};
use health_code::policy::ScreenTimes;
use health_code::{Refusal, Timestamp, Trust};

use super::confirmed::Confirmed;
use super::fields::{self, Viewing};
use super::judge::{Judged, Under, judge};
use crate::action::Sound;
use crate::deadlines;
use crate::fault::Fault;
use crate::tags::{Tag, TagKey};
use crate::window::collector::{Answer, CodeFields, Outcome, RecordedAs, RecordedBefore, ResultView, ScanId};
use crate::wing::Known;

/// Keys are ignored for this long after a result appears: they were meant for the screen before.
pub const IGNORES_KEYS: Duration = Duration::from_millis(300);

/// Keys keep a result open for no longer than this: one of them may be stuck.
const KEPT_OPEN: Duration = Duration::from_secs(600);
/// A result that nobody confirms ticks in each of its last seconds, so many of them.
const TICKS: u32 = 5;

/// A code on the screen, and what it is worth now.
pub(super) struct OpenResult {
    pub(super) scan: ScanId,
    family: Family,
    code: Result<Presented, Refusal>,
    pub(super) judged: Judged,
    fields: Option<CodeFields>,
    /// The moment of the scan, or of the change by which it became another.
    seen_at: Timestamp,
    /// What was recorded of this person a moment ago.
    pub(super) recorded_before: Option<RecordedBefore>,
    pub(super) holder: Tag,
    /// Holder and verdict.
    pub(super) outcome: Tag,
    pub(super) text: Tag,
    /// The other code in view last, and its holder: nobody has to verify it in each frame.
    neighbour: Option<(Tag, Tag)>,
    /// When the code was last in view.
    pub(super) seen: Duration,
    /// When the answer appeared.
    began: Duration,
    /// When keys began to be ignored: the answer, or what came of a confirm, appeared.
    opened: Duration,
    /// For how long it stays.
    stays: Duration,
    /// When it clears itself.
    pub(super) until: Duration,
    /// Whether the answer was heard.
    sounded: bool,
    /// The last second that ticked, counted to the end.
    ticked: Option<u32>,
    pub(super) not_recorded: Option<Fault>,
    /// What was confirmed and is not durable. A second try sends the same report under the same name,
    /// because the first may have reached the disk after all.
    pub(super) failed: Option<Confirmed>,
}

impl OpenResult {
    pub(super) fn new(
        scan: ScanId,
        family: Family,
        code: Result<Presented, Refusal>,
        judged: Judged,
        text: Tag,
        tags: &TagKey,
        known: &Known,
    ) -> Self {
        let mono = known.now.mono;
        let holder = holder(tags, &judged, text);
        Self {
            scan,
            family,
            code,
            fields: None,
            seen_at: known.now.wall,
            recorded_before: None,
            holder,
            outcome: tags.outcome(&holder, judged.said()),
            text,
            neighbour: None,
            seen: mono,
            began: mono,
            opened: mono,
            stays: Duration::ZERO,
            until: mono,
            sounded: false,
            ticked: None,
            not_recorded: None,
            failed: None,
            judged,
        }
    }

    /// Begins as a new result: with what was recorded of its person before, and a countdown.
    pub(super) fn begin(&mut self, recorded_before: Option<RecordedBefore>, known: &Known) {
        self.recorded_before = recorded_before.filter(|_| self.judged.shown.is_some());
        self.stays = self.stays(known.standing.screen_times());
        self.read(known);
        self.began = known.now.mono;
        self.restart(known.now.mono);
        (self.sounded, self.ticked) = (false, None);
    }

    /// Judges the code anew, if anything has changed by which it was judged. Returns whether another
    /// answer came of it: then it is another result, for which [`OpenResult::begin`] is due.
    ///
    /// What was confirmed before belonged to the answer before.
    pub(super) fn judge_again(&mut self, scan: ScanId, trust: &Trust, tags: &TagKey, known: &Known) -> bool {
        if self.judged.under == Under::now(known) {
            return false;
        }
        let judged = judge(&self.code, trust, known);
        let is_other = judged.answer != self.judged.answer;
        self.judged = judged;
        self.holder = holder(tags, &self.judged, self.text);
        self.outcome = tags.outcome(&self.holder, self.judged.said());
        if is_other {
            self.scan = scan;
            self.seen_at = known.now.wall;
            (self.not_recorded, self.failed) = (None, None);
        } else {
            self.read(known);
        }
        is_other
    }

    pub(super) fn view(&self, mono: Duration) -> ResultView {
        ResultView {
            scan: self.scan,
            answer: self.judged.answer.clone(),
            family: self.family,
            recorded_before: self.recorded_before,
            fields: self.fields.clone(),
            can_confirm: self.may_end(false),
            can_turn_away: self.can_turn_away() && self.may_end(true),
            can_declare_again: !self.declare_url().is_empty(),
            countdown: deadlines::countdown(self.stays, self.until, mono),
            not_recorded: self.not_recorded,
        }
    }

    /// Returns whether a key that was meant for `scan` counts at this moment.
    pub(super) fn takes_key(&self, scan: ScanId, mono: Duration) -> bool {
        self.scan == scan && mono >= self.opened.saturating_add(IGNORES_KEYS)
    }

    /// Returns where to declare again; empty if nowhere.
    pub(super) fn declare_url(&self) -> &str {
        self.judged.signed.as_ref().map(fields::declare_url).unwrap_or_default()
    }

    /// Returns whether there is something to find out about the person, so that it may end in either
    /// way.
    pub(super) fn can_turn_away(&self) -> bool {
        matches!(self.judged.answer, Answer::Check { .. } | Answer::Unjudged { .. })
    }

    /// Returns what a passage says of the person, if the result can be recorded: what was shown, and
    /// what was done. A pass lets through and a stop turns away.
    pub(super) fn recorded_as(&self, turned_away: bool) -> Option<RecordedBefore> {
        let checked = if turned_away { Outcome::TurnedAway } else { Outcome::LetThrough };
        let (shown, outcome) = match self.judged.answer {
            Answer::Pass { .. } => (RecordedAs::Pass, Outcome::LetThrough),
            Answer::Check { .. } => (RecordedAs::Check, checked),
            Answer::Stop { .. } => (RecordedAs::Stop, Outcome::TurnedAway),
            Answer::Unjudged { .. } => (RecordedAs::Unjudged, checked),
            Answer::Invalid { .. } => return None,
        };
        Some(RecordedBefore { shown, outcome })
    }

    /// Returns whether the result may end in this way. What was confirmed may still become durable until
    /// the outbox has answered; so until then only the same end may be tried again.
    pub(super) fn may_end(&self, turned_away: bool) -> bool {
        let unanswered = self.failed.as_ref().filter(|_| self.not_recorded == Some(Fault::OutboxSilent));
        self.recorded_as(turned_away)
            .is_some_and(|end| unanswered.is_none_or(|confirmed| confirmed.recorded == end))
    }

    /// Begins the countdown anew; keys are ignored at first, as for a new result.
    pub(super) fn restart(&mut self, mono: Duration) {
        self.opened = mono;
        self.until = mono.saturating_add(self.stays);
    }

    /// Begins the countdown anew: somebody is still busy with this result.
    pub(super) fn keep(&mut self, mono: Duration) {
        let latest = self.began.saturating_add(KEPT_OPEN.max(self.stays));
        self.until = mono.saturating_add(self.stays).min(latest).max(self.until);
    }

    /// Returns whether somebody should have confirmed it by its end: there is something to record, and
    /// it was not recorded a moment ago.
    pub(super) fn wants_an_end(&self) -> bool {
        self.recorded_before.is_none() && self.recorded_as(false).is_some()
    }

    /// Returns the sound of the answer, once; then a tick for each of its last seconds.
    pub(super) fn next_sound(&mut self, mono: Duration) -> Option<Sound> {
        let left = deadlines::countdown(self.stays, self.until, mono).left;
        let is_another = self.ticked.replace(left) != Some(left);
        let ticks = is_another && self.wants_an_end() && (1..=TICKS).contains(&left);
        self.sound().or(ticks.then_some(Sound::Tick))
    }

    /// Returns the sound of the answer, once.
    fn sound(&mut self) -> Option<Sound> {
        let heard = std::mem::replace(&mut self.sounded, true);
        (!heard).then_some(match self.judged.answer {
            Answer::Pass { .. } => Sound::Pass,
            Answer::Check { .. } => Sound::Check,
            Answer::Stop { .. } => Sound::Stop,
            Answer::Invalid { .. } => Sound::Invalid,
            Answer::Unjudged { .. } => Sound::Fault,
        })
    }

    /// Takes note of a code in view, and returns whether it is this one, or this person's next.
    pub(super) fn is_seen(&mut self, text: Tag, mono: Duration, holder_of: impl FnOnce() -> Tag) -> bool {
        let is_this = self.text == text || {
            let holder = match self.neighbour {
                Some((known, holder)) if known == text => holder,
                _ => holder_of(),
            };
            self.neighbour = Some((text, holder));
            holder == self.holder
        };
        if is_this {
            self.seen = mono;
        }
        is_this
    }

    fn stays(&self, times: ScreenTimes) -> Duration {
        let seconds = match self.judged.answer {
            Answer::Pass { .. } if self.recorded_before.is_some() => times.repeated_pass,
            Answer::Pass { .. } => times.pass,
            Answer::Check { .. } => times.check,
            Answer::Stop { .. } | Answer::Invalid { .. } | Answer::Unjudged { .. } => times.others,
        };
        Duration::from_secs(seconds.into())
    }

    /// Reads what is shown beside the answer. Ages stay those of the scan.
    fn read(&mut self, known: &Known) {
        let dated = self.judged.under.can_date().then_some(known.now.wall);
        let viewing = Viewing { seen_at: self.seen_at, dated, policy: known.standing.policy() };
        self.fields = self.judged.signed.as_ref().map(|signed| fields::of(signed, viewing));
    }
}

/// Returns the tag of whoever holds a code. If no signature held, nobody is known: the tag is the
/// text's own.
pub(super) fn holder(tags: &TagKey, judged: &Judged, text: Tag) -> Tag {
    judged.signed.as_ref().map_or(text, |signed| {
        let person = fields::person(signed);
        tags.person(&person.issuer, &person.pseudonym)
    })
}
