//! The collector's wing: reading codes, showing answers, recording passages.

mod confirmed;
mod dismissed;
mod fields;
mod health;
mod judge;
mod just_recorded;
mod recording;
mod result;
mod scanning;
mod stage;

pub use dismissed::OUT_OF_VIEW;
pub use result::IGNORES_KEYS;
pub(crate) use scanning::damage;

use std::collections::VecDeque;
use std::time::Duration;

use health_code::Trust;
use health_code::family::{Family, Presented};
use wire::{Health, RecordId, Report};

use crate::action::Sound;
use crate::fault::Fault;
use crate::hints::Hints;
use crate::input::Aim;
use crate::reports::Purpose;
use crate::tags::{Tag, TagKey};
use crate::window::Screen;
use crate::window::collector::{Answer, CollectorInput, Hint, ScanId};
use crate::wing::{Activity, Effects, Known, Wing, WingName};
use dismissed::{Dismissed, InView};
use health::HealthCounts;
use judge::judge;
use just_recorded::JustRecorded;
use result::{OpenResult, holder};
use scanning::Scans;
use stage::{SHOWS_ADDRESS, SHOWS_UNCONFIRMED, Stage};

/// Somebody counts as just recorded for this long where no policy is in force.
const JUST: Duration = Duration::from_secs(60);
/// A code that a person recorded or discarded, and that is still in view, is taken again after
/// this.
const DISMISSED_FOR: Duration = Duration::from_secs(10);
/// Under this name a health report counts what was asked for and is not allowed.
const FORBIDDEN: &str = "forbidden";

/// The state of the collector's wing.
pub(crate) struct Collector {
    tags: TagKey,
    stage: Stage,
    hints: Hints,
    dismissed: Dismissed,
    /// What a hand scanner read last.
    hand: Scans,
    recorded: JustRecorded,
    counts: HealthCounts,
    /// The last scan's number.
    scans: u32,
    /// Records that were given up because no answer came, and that may still become durable.
    silent: VecDeque<RecordId>,
}

impl Wing for Collector {
    fn screen(&self, known: &Known) -> Screen {
        Screen::Collector(self.stage.screen(self.hints.shown(), known))
    }

    /// A fault covers only the wait for a code: what is open is finished first.
    fn is_covered_by(&self, _fault: Fault, _trust: Option<&Trust>) -> bool {
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
            Stage::Open(open) if mono >= open.until => self.run_out(known, effects),
            Stage::Recording { until, .. } if mono >= *until => self.stop_waiting(known, effects),
            Stage::Recorded { until }
            | Stage::Unconfirmed { until }
            | Stage::DeclareAgain { until, .. }
            | Stage::NoCode { until }
                if mono >= *until =>
            {
                self.wait_for_code(known, effects);
            }
            _ => {}
        }
        self.hints.pass_time(mono);
        self.recorded.pass_time(repeat_window(known), mono);
        if self.counts.due().is_some_and(|due| mono >= due) {
            self.report_health(known, effects);
        }
        self.judge_again(known);
    }

    /// What is on the screen is what the code is worth now, whatever has changed around it.
    fn follow(&mut self, known: &Known, effects: &mut Effects) {
        self.judge_again(known);
        let mono = known.now.mono;
        if let Some(sound) = self.stage.open().and_then(|open| open.next_sound(mono)) {
            effects.play(sound);
        }
    }

    fn deadlines(&self, known: &Known) -> Vec<Duration> {
        let stage = self.stage.deadline(known.now.mono);
        stage.into_iter().chain(self.counts.due()).chain(self.hints.deadlines()).collect()
    }

    fn trust_changed(&mut self, known: &Known, effects: &mut Effects) {
        if is_in_front(known) && matches!(self.stage, Stage::Ready) {
            self.wait_for_code(known, effects);
        }
    }

    fn shift_ended(&mut self, known: &Known, effects: &mut Effects) {
        self.report_health(known, effects);
        self.dismissed.clear();
        self.forget_scans();
    }
}

impl Collector {
    pub(crate) fn new(tags: TagKey, mono: Duration) -> Self {
        Self {
            tags,
            stage: Stage::Ready,
            hints: Hints::default(),
            dismissed: Dismissed::default(),
            hand: Scans::default(),
            recorded: JustRecorded::new(mono),
            counts: HealthCounts::default(),
            scans: 0,
            silent: VecDeque::new(),
        }
    }

    /// Returns whether a result is on the screen, which is judged anew in each second.
    pub(crate) fn is_judging(&self) -> bool {
        matches!(self.stage, Stage::Open(_) | Stage::Recording { .. })
    }

    /// Counts something that was asked for and is not allowed.
    pub(crate) fn count_forbidden(&mut self, mono: Duration) {
        self.counts.count_refusal(FORBIDDEN, mono);
    }

    /// Counts a sign-in that failed.
    pub(crate) fn count_wrong_try(&mut self, mono: Duration) {
        self.counts.count_wrong_try(mono);
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
            CollectorInput::KeepOpen { scan } => {
                if let Stage::Open(open) = &mut self.stage
                    && open.scan == scan
                {
                    open.keep(known.now.mono);
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
        let hint = match aim {
            Aim::Unclear => Some(Hint::OneAtATime),
            Aim::Alone | Aim::AimedAt => self.take_code(text, known, effects),
        };
        self.found(hint, known);
    }

    /// Takes a code. Returns what to say about it, if nothing comes of it.
    fn take_code(&mut self, text: &str, known: &Known, effects: &mut Effects) -> Option<Hint> {
        let trust = known.trust?;
        let (mono, text_tag) = (known.now.mono, self.tags.text(text));
        if let Some(open) = self.stage.open() {
            let tags = &self.tags;
            let holder_of = || {
                let judged = judge(&Presented::parse(text), trust, known);
                holder(tags, &judged, text_tag)
            };
            if !open.is_seen(text_tag, mono, holder_of) {
                self.dismissed.by_text(&text_tag, mono);
            }
            return None;
        }
        if !self.takes_codes(known) {
            return None;
        }
        if let Some(dismissed) = self.dismissed.by_text(&text_tag, mono) {
            return hint_of(dismissed);
        }
        let open = self.read(text, text_tag, trust, known);
        if let Some(dismissed) = self.dismissed.by_outcome(&open.outcome, text_tag, mono) {
            return hint_of(dismissed);
        }
        self.open(open, known, effects);
        None
    }

    /// Reads and judges a code.
    fn read(&self, text: &str, tag: Tag, trust: &Trust, known: &Known) -> OpenResult {
        let code = Presented::parse(text);
        let judged = judge(&code, trust, known);
        let scan = ScanId(self.scans.wrapping_add(1));
        OpenResult::new(scan, Family::of(text), code, judged, tag, &self.tags, known)
    }

    /// Puts a result on the screen.
    fn open(&mut self, mut open: OpenResult, known: &Known, effects: &mut Effects) {
        self.scans = open.scan.0;
        effects.note_activity();
        self.begin(&mut open, known);
        self.stage = Stage::Open(Box::new(open));
    }

    /// Takes a frame's finding; `None` if the frame shows no code, or a readable one.
    pub(crate) fn found(&mut self, hint: Option<Hint>, known: &Known) {
        if is_in_front(known) {
            self.hints.found(hint, known.now.mono);
        }
    }

    /// Judges what is on the screen anew. Another answer is another result.
    fn judge_again(&mut self, known: &Known) {
        let scan = ScanId(self.scans.wrapping_add(1));
        let Some(trust) = known.trust else { return };
        let Some(mut stage) =
            self.stage.open().is_some().then(|| std::mem::replace(&mut self.stage, Stage::Ready))
        else {
            return;
        };
        if let Some(open) = stage.open()
            && open.judge_again(scan, trust, &self.tags, known)
        {
            self.scans = scan.0;
            self.begin(open, known);
        }
        self.stage = stage;
    }

    /// Begins a result: a new code, or one that has become another.
    fn begin(&mut self, open: &mut OpenResult, known: &Known) {
        let mono = known.now.mono;
        if let Answer::Invalid { refusal } = &open.judged.answer {
            self.counts.count_refusal(refusal.code(), mono);
        }
        open.begin(self.recorded.get(&open.holder, repeat_window(known), mono), known);
    }

    fn declare_again(&mut self, scan: ScanId, known: &Known, effects: &mut Effects) {
        if !self.takes_key(scan, known) {
            return;
        }
        let Stage::Open(open) = &self.stage else { return };
        let url = open.declare_url().to_owned();
        if url.is_empty() {
            return;
        }
        self.dismiss(Some(DISMISSED_FOR), known, effects);
        self.stage = Stage::DeclareAgain { url, until: known.now.mono.saturating_add(SHOWS_ADDRESS) };
    }

    /// Closes the open result. Its code is taken again once it was out of view, or `after` a while.
    fn dismiss(&mut self, after: Option<Duration>, known: &Known, effects: &mut Effects) {
        if let Stage::Open(open) = &self.stage {
            let release = after.map(|after| known.now.mono.saturating_add(after));
            let (outcome, text, seen, closed) = (open.outcome, open.text, open.seen, known.now.mono);
            self.dismissed.add(dismissed::Entry { outcome, text, seen, closed, release });
        }
        self.wait_for_code(known, effects);
    }

    /// The open result's time is over. Where somebody should have confirmed it, the screen says so.
    fn run_out(&mut self, known: &Known, effects: &mut Effects) {
        let wanted_an_end = self.stage.open().is_some_and(|open| open.wants_an_end());
        self.dismiss(None, known, effects);
        if wanted_an_end && known.is_at_checkpoint() {
            let until = known.now.mono.saturating_add(SHOWS_UNCONFIRMED);
            self.stage = Stage::Unconfirmed { until };
            effects.play(Sound::Unconfirmed);
        }
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

    fn report_health(&mut self, known: &Known, effects: &mut Effects) {
        if let Some(counted) = self.counts.take() {
            let (at, clock) = (known.now.wall.0, known.clock());
            let (refusals, wrong_tries) = (counted.refusals, counted.wrong_tries);
            effects.append(Report::Health(Health { at, clock, refusals, wrong_tries }), Purpose::Notice);
        }
    }
}

fn is_in_front(known: &Known) -> bool {
    known.front == WingName::Collector
}

/// Returns what to say about a dismissed code that is still in view.
fn hint_of(dismissed: InView) -> Option<Hint> {
    (dismissed == InView::Lingering).then_some(Hint::TakeAway)
}

/// Returns for how long a person counts as just recorded.
fn repeat_window(known: &Known) -> Duration {
    let policy = known.standing.policy();
    policy.map_or(JUST, |policy| Duration::from_secs(policy.repeat_window_seconds.into()))
}
