//! The collector's wing: reading codes, showing answers, recording passages.

mod dismissed;
mod fields;
mod hints;
mod judge;
mod just_recorded;
mod refusal_counts;
mod result;
mod stage;

pub use dismissed::OUT_OF_VIEW;
pub use result::IGNORES_KEYS;

use std::time::Duration;

use health_code::Trust;
use wire::{Health, Passage, RecordId, Report};

use crate::action::Sound;
use crate::fault::Fault;
use crate::input::Aim;
use crate::reports::Purpose;
use crate::tags::{Tag, TagKey};
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorInput, Hint, RecordedBefore, ScanId};
use crate::wing::{Activity, Effects, Known, Wing, WingName};
use dismissed::Dismissed;
use hints::Hints;
use judge::Judged;
use just_recorded::JustRecorded;
use refusal_counts::RefusalCounts;
use result::{OpenResult, Opening};
use stage::{SHOWS_ADDRESS, Stage};

/// "Recorded" is shown for this long, or until the next code.
const SHOWS_RECORDED: Duration = Duration::from_millis(900);
/// A code that a person recorded or discarded, and that is still in view, is taken again after
/// this.
const DISMISSED_FOR: Duration = Duration::from_secs(10);

/// The state of the collector's wing.
pub(crate) struct Collector {
    tags: TagKey,
    stage: Stage,
    hints: Hints,
    dismissed: Dismissed,
    recorded: JustRecorded,
    refusals: RefusalCounts,
    /// The last scan's number.
    scans: u32,
}

impl Wing for Collector {
    fn screen(&self, known: &Known) -> Screen {
        Screen::Collector(self.stage.screen(self.hints.shown(), known))
    }

    /// A fault covers only the wait for a code: what is open is finished first.
    fn is_covered_by(&self, _fault: Fault) -> bool {
        matches!(self.stage, Stage::Ready)
    }

    fn activity(&self) -> Activity {
        self.stage.activity()
    }

    fn leave(&mut self) {
        self.stage = Stage::Ready;
        self.hints.clear();
    }

    fn pass_time(&mut self, known: &Known, effects: &mut Effects) {
        let mono = known.now.mono;
        match &self.stage {
            Stage::Open(open) if mono >= open.until => self.dismiss(None, known, effects),
            Stage::Recorded { until } | Stage::DeclareAgain { until, .. } | Stage::NoCode { until }
                if mono >= *until =>
            {
                self.wait_for_code(known, effects);
            }
            _ => {}
        }
        self.hints.pass_time(mono);
        if let Some(trust) = known.trust {
            self.recorded.pass_time(repeat_window(trust, known), mono);
        }
        if self.refusals.due().is_some_and(|due| mono >= due) {
            self.report_refusals(known, effects);
        }
        self.follow(known);
    }

    /// Takes an open verdict back once clock or trust list turn out to be unreliable: nothing is
    /// green meanwhile.
    fn follow(&mut self, known: &Known) {
        let Some(distrust) = known.distrust() else { return };
        let (Stage::Open(open) | Stage::Recording(open, _)) = &mut self.stage else { return };
        let scan = self.scans.wrapping_add(1);
        if open.take_back(distrust, ScanId(scan), &self.tags, known.now.mono) {
            self.scans = scan;
        }
    }

    fn deadlines(&self, mono: Duration) -> Vec<Duration> {
        let stage = self.stage.deadline(mono);
        stage.into_iter().chain(self.refusals.due()).chain(self.hints.deadlines()).collect()
    }

    fn trust_changed(&mut self, known: &Known, effects: &mut Effects) {
        if is_in_front(known) && matches!(self.stage, Stage::Ready) {
            self.wait_for_code(known, effects);
        }
    }

    fn shift_ended(&mut self, known: &Known, effects: &mut Effects) {
        self.report_refusals(known, effects);
        self.dismissed.clear();
    }
}

impl Collector {
    pub(crate) fn new(tags: TagKey, mono: Duration) -> Self {
        Self {
            tags,
            stage: Stage::Ready,
            hints: Hints::default(),
            dismissed: Dismissed::default(),
            recorded: JustRecorded::new(mono),
            refusals: RefusalCounts::default(),
            scans: 0,
        }
    }

    pub(crate) fn user(&mut self, input: CollectorInput, known: &Known, effects: &mut Effects) {
        if !is_in_front(known) {
            return;
        }
        match input {
            CollectorInput::Confirm { scan } => self.confirm(scan, false, known, effects),
            CollectorInput::TurnAway { scan } => self.confirm(scan, true, known, effects),
            CollectorInput::Discard { scan } => {
                if self.takes_key(scan, known) {
                    self.dismiss(Some(DISMISSED_FOR), known, effects);
                }
            }
            CollectorInput::DeclareAgain { scan } => self.declare_again(scan, known, effects),
            CollectorInput::NoCode => {
                if self.activity() == Activity::Idle && known.trust.is_some() {
                    self.stage = Stage::NoCode { until: known.now.mono.saturating_add(SHOWS_ADDRESS) };
                }
            }
            CollectorInput::Back => {
                if matches!(self.stage, Stage::DeclareAgain { .. } | Stage::NoCode { .. }) {
                    self.wait_for_code(known, effects);
                }
            }
        }
    }

    /// A code was read. It becomes a result unless something is open or it was just dismissed.
    pub(crate) fn code_seen(&mut self, text: &str, aim: Aim, known: &Known, effects: &mut Effects) {
        // Two people's codes: taking none is better than taking the wrong one.
        if aim == Aim::Unclear {
            return self.found(Some(Hint::OneAtATime), known);
        }
        self.found(None, known);
        let Some(trust) = known.trust else { return };
        let (mono, text_tag) = (known.now.mono, self.tags.text(text));
        let judge = || judge::judge(text, trust, known.distrust(), known.now.wall);
        if let Stage::Open(open) | Stage::Recording(open, _) = &mut self.stage {
            if open.text == text_tag || open.holder == holder(&self.tags, &judge(), text_tag) {
                open.seen = mono;
            } else {
                self.dismissed.has_text(&text_tag, mono);
            }
            return;
        }
        if !self.takes_codes(known) || self.dismissed.has_text(&text_tag, mono) {
            return;
        }
        let judged = judge();
        let holder = holder(&self.tags, &judged, text_tag);
        let outcome = self.tags.outcome(&holder, judged.said());
        if self.dismissed.has_outcome(&outcome, text_tag, mono) {
            return;
        }
        if let Answer::Invalid { refusal } = &judged.answer {
            self.refusals.count(refusal.code(), mono);
        }
        let recorded_before =
            judged.shown.and_then(|_| self.recorded.get(&holder, repeat_window(trust, known), mono));
        self.scans = self.scans.wrapping_add(1);
        effects.note_activity();
        let opening = Opening {
            scan: ScanId(self.scans),
            policies: trust.policy(known.now.wall).map_or([0; 32], |in_force| in_force.set.0),
            trust: trust.list().version,
            holder,
            outcome,
            text: text_tag,
            recorded_before,
        };
        let open = Box::new(OpenResult::new(judged, opening, mono));
        effects.play(open.sound());
        self.stage = Stage::Open(open);
    }

    /// Takes a frame's finding; `None` if the frame shows no code, or a readable one.
    pub(crate) fn found(&mut self, hint: Option<Hint>, known: &Known) {
        if is_in_front(known) {
            self.hints.found(hint, known.now.mono);
        }
    }

    /// A passage is durable. The screen says so only if it still waits for this one.
    pub(crate) fn passage_saved(
        &mut self,
        record: RecordId,
        holder: Tag,
        recorded: RecordedBefore,
        known: &Known,
        effects: &mut Effects,
    ) {
        let mono = known.now.mono;
        self.recorded.insert(holder, recorded, mono);
        if let Stage::Recording(open, waiting) = &self.stage
            && *waiting == record
        {
            let outcome = open.outcome;
            let release = Some(mono.saturating_add(DISMISSED_FOR));
            self.dismissed.add(dismissed::Entry { outcome, text: open.text, seen: open.seen, release });
            self.stage = Stage::Recorded { until: mono.saturating_add(SHOWS_RECORDED) };
            effects.play(Sound::Recorded);
        }
    }

    /// A passage could not be made durable: the result stays, and says so. Returns the report if
    /// nobody on this screen waits for it.
    pub(crate) fn passage_failed(
        &mut self,
        record: RecordId,
        report: Box<Report>,
        fault: Fault,
        known: &Known,
        effects: &mut Effects,
    ) -> Option<Box<Report>> {
        match std::mem::replace(&mut self.stage, Stage::Ready) {
            Stage::Recording(mut open, waiting) if waiting == record => {
                // If the verdict was taken back meanwhile, the next confirm is another passage.
                let same = matches!(&*report, Report::Passage(passage) if Some(passage.shown) == open.shown);
                open.failed = same.then_some((record, report));
                open.not_recorded = Some(fault);
                open.restart(known.now.mono);
                self.stage = Stage::Open(open);
                effects.play(Sound::Fault);
                None
            }
            stage => {
                self.stage = stage;
                Some(report)
            }
        }
    }

    /// Enter, or T after a check: the two ways to a passage.
    fn confirm(&mut self, scan: ScanId, turned_away: bool, known: &Known, effects: &mut Effects) {
        let Some(duty) = known.duty else { return };
        let (Some(place), true) = (duty.place, self.takes_key(scan, known)) else { return };
        let Stage::Open(open) = &mut self.stage else { return };
        let (Some(shown), Some(recorded)) = (open.shown, open.recorded_as(turned_away)) else { return };
        if turned_away && !open.can_turn_away() {
            return;
        }
        open.not_recorded = None;
        let purpose = Purpose::Passage { holder: open.holder, recorded };
        let record = match open.failed.take() {
            Some((record, report)) => {
                effects.append_again(record, report, purpose);
                record
            }
            None => {
                let passage = Passage {
                    at: known.now.wall.0,
                    clock: known.clock(),
                    checkpoint: place.checkpoint.0,
                    collector: duty.person.0,
                    policies: open.policies,
                    trust: open.trust,
                    shown,
                    code: (*open.carried).clone(),
                    judged_at: known.now.wall.0,
                    direction: place.direction.into(),
                    outcome: recorded.outcome.into(),
                };
                effects.append(Report::Passage(passage), purpose)
            }
        };
        if let Stage::Open(open) = std::mem::replace(&mut self.stage, Stage::Ready) {
            self.stage = Stage::Recording(open, record);
        }
    }

    fn declare_again(&mut self, scan: ScanId, known: &Known, effects: &mut Effects) {
        if !self.takes_key(scan, known) {
            return;
        }
        let Stage::Open(open) = &self.stage else { return };
        if open.declare_url.is_empty() {
            return;
        }
        let url = open.declare_url.clone();
        self.dismiss(Some(DISMISSED_FOR), known, effects);
        self.stage = Stage::DeclareAgain { url, until: known.now.mono.saturating_add(SHOWS_ADDRESS) };
    }

    /// Closes the open result. Its code is taken again once it was out of view, or `after` a while.
    fn dismiss(&mut self, after: Option<Duration>, known: &Known, effects: &mut Effects) {
        if let Stage::Open(open) = &self.stage {
            let release = after.map(|after| known.now.mono.saturating_add(after));
            let (outcome, text, seen) = (open.outcome, open.text, open.seen);
            self.dismissed.add(dismissed::Entry { outcome, text, seen, release });
        }
        self.wait_for_code(known, effects);
    }

    /// Waits for the next code, if the checkpoint still exists; if not, another must be chosen.
    fn wait_for_code(&mut self, known: &Known, effects: &mut Effects) {
        self.stage = Stage::Ready;
        if !known.is_at_checkpoint() {
            effects.bring_to_front(WingName::Shift);
        }
    }

    /// Returns whether a code may become a result. A fault of the camera does not matter: if a
    /// code comes, something reads. A fault of the outbox does: nothing could be recorded.
    fn takes_codes(&self, known: &Known) -> bool {
        is_in_front(known)
            && self.activity() == Activity::Idle
            && known.is_at_checkpoint()
            && known.around.outbox.is_none()
    }

    fn takes_key(&self, scan: ScanId, known: &Known) -> bool {
        matches!(&self.stage, Stage::Open(open) if open.takes_key(scan, known.now.mono))
    }

    fn report_refusals(&mut self, known: &Known, effects: &mut Effects) {
        let refusals = self.refusals.take();
        if !refusals.is_empty() {
            let (at, clock) = (known.now.wall.0, known.clock());
            let health = Health { at, clock, refusals, wrong_tries: 0 };
            effects.append(Report::Health(health), Purpose::Notice);
        }
    }
}

fn is_in_front(known: &Known) -> bool {
    known.front == WingName::Collector
}

/// Returns the tag of whoever holds a code. If no signature held, nobody is known: the tag is the
/// text's own.
fn holder(tags: &TagKey, judged: &Judged, text: Tag) -> Tag {
    judged.person.as_ref().map_or(text, |person| tags.person(&person.issuer, &person.pseudonym))
}

/// Returns for how long a person counts as just recorded.
fn repeat_window(trust: &Trust, known: &Known) -> Duration {
    let seconds = trust.policy(known.now.wall).map_or(0, |in_force| in_force.policy.repeat_window_seconds);
    Duration::from_secs(seconds.into())
}
