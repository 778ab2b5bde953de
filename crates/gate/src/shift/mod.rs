//! The shift's wing: signing in, choosing a checkpoint, and the end of a shift.

mod checkpoints;
mod sign_in;

use std::time::Duration;

use health_code::Trust;
use health_code::trust::{Checkpoint, CheckpointId, Person, PersonId, Role};
use wire::report::{Direction, Directions, RosterChange, ShiftEvent};
use wire::{RecordId, Report, Roster};
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::input::AttemptId;
use crate::reports::Purpose;
use crate::window::Screen;
use crate::window::shift::{CheckpointProblem, ShiftInput, ShiftScreen, SignInProblem};
use crate::wing::{Activity, Duty, Effects, Known, Wing, WingName};
use checkpoints::Checkpoints;
use sign_in::SignIn;

/// The state of the shift's wing.
pub(crate) struct Shift {
    sign_in: SignIn,
    session: Option<Session>,
    checkpoints: Checkpoints,
    choice: Choice,
}

/// Who is signed in.
struct Session {
    person: PersonId,
    masked_name: String,
    role: Role,
}

/// The state of the page on which a checkpoint is chosen.
#[derive(Default)]
struct Choice {
    problem: Option<CheckpointProblem>,
    /// The report of a checkpoint that is being added.
    adding: Option<RecordId>,
}

impl Wing for Shift {
    fn screen(&self, known: &Known) -> Screen {
        Screen::Shift(if self.session.is_none() {
            self.sign_in.screen(known.now.mono)
        } else {
            ShiftScreen::ChooseCheckpoint {
                rows: self.checkpoints.rows(known.trust),
                may_add: may_add(known),
                problem: self.choice.problem,
            }
        })
    }

    /// Without trust nobody can sign in. No other fault matters here: signing in needs no camera.
    fn is_covered_by(&self, fault: Fault) -> bool {
        self.session.is_none() && fault == Fault::TrustMissing
    }

    fn enter(&mut self) {
        self.choice = Choice::default();
    }

    fn pass_time(&mut self, known: &Known, _effects: &mut Effects) {
        self.sign_in.pass_time(known.now.mono);
    }

    fn deadlines(&self, mono: Duration) -> Vec<Duration> {
        self.sign_in.deadlines(mono).collect()
    }

    /// New trust acts at once: somebody whom it no longer lists is signed out, open result and
    /// all. A record on its way to the disk goes on.
    fn trust_changed(&mut self, known: &Known, effects: &mut Effects) {
        self.checkpoints.trust_changed(known.trust);
        let Some(session) = &self.session else { return };
        let mut people = known.trust.into_iter().flat_map(|trust| &trust.community().people);
        match people.find(|person| person.id == session.person) {
            Some(person) => self.session = Some(Session::of(person)),
            None => self.sign_out(Some(SignInProblem::Removed), known, effects),
        }
    }
}

impl Shift {
    pub(crate) fn new(last_checkpoint: Option<CheckpointId>) -> Self {
        Self {
            sign_in: SignIn::default(),
            session: None,
            checkpoints: Checkpoints::new(last_checkpoint),
            choice: Choice::default(),
        }
    }

    /// Returns who is signed in, and where.
    pub(crate) fn duty(&self, trust: Option<&Trust>) -> Option<Duty> {
        self.session.as_ref().map(|session| Duty {
            person: session.person,
            role: session.role,
            checkpoint: self.checkpoints.present(),
            is_at_checkpoint: self.checkpoints.present_name(trust).is_some(),
        })
    }

    /// Returns the checkpoint chosen last, also in an earlier shift.
    pub(crate) fn last_checkpoint(&self) -> Option<CheckpointId> {
        self.checkpoints.last()
    }

    pub(crate) fn checkpoint_name(&self, trust: Option<&Trust>) -> Option<String> {
        self.checkpoints.present_name(trust).map(str::to_owned)
    }

    pub(crate) fn masked_name(&self) -> Option<String> {
        self.session.as_ref().map(|session| session.masked_name.clone())
    }

    pub(crate) fn user(&mut self, input: ShiftInput, known: &Known, effects: &mut Effects) {
        match input {
            ShiftInput::SignIn { phone, pin } => self.begin_sign_in(phone, pin, known, effects),
            ShiftInput::ChooseCheckpoint { id } => self.choose_checkpoint(&id, known, effects),
            ShiftInput::AddCheckpoint { name } => self.add_checkpoint(&name, known, effects),
            ShiftInput::SwitchCheckpoint => {
                if self.session.is_some() && known.activity == Activity::Idle {
                    effects.bring_to_front(WingName::Shift);
                }
            }
            ShiftInput::Back => {
                if self.is_choosing(known) && known.is_at_checkpoint() {
                    effects.bring_to_front(WingName::Collector);
                }
            }
            ShiftInput::EndShift => {
                // What was just confirmed is seen through first; it takes milliseconds.
                if known.activity != Activity::Recording {
                    self.sign_out(None, known, effects);
                }
            }
        }
    }

    /// The shell has compared a PIN.
    pub(crate) fn pin_checked(
        &mut self,
        attempt: AttemptId,
        right: bool,
        known: &Known,
        effects: &mut Effects,
    ) {
        if self.session.is_some() {
            return;
        }
        if let Some(person) = self.sign_in.finish(attempt, right, known.trust, known.now.mono) {
            report(person.id, ShiftEvent::SignedIn, known, effects);
            self.session = Some(Session::of(person));
            self.choice = Choice::default();
        }
    }

    /// A checkpoint that was added here is durable: it can be chosen at once. If its person still
    /// waits for it, it is chosen.
    pub(crate) fn checkpoint_saved(
        &mut self,
        record: RecordId,
        checkpoint: Checkpoint,
        known: &Known,
        effects: &mut Effects,
    ) {
        let id = checkpoint.id;
        self.checkpoints.add(checkpoint);
        if self.choice.adding == Some(record) {
            self.go_on_duty(id, known, effects);
        }
    }

    /// A checkpoint could not be made durable. It never acted, so it is dropped; if its person
    /// still waits for it, the screen says so.
    pub(crate) fn checkpoint_failed(&mut self, record: RecordId) {
        if self.choice.adding == Some(record) {
            self.choice = Choice { problem: Some(CheckpointProblem::NotRecorded), adding: None };
        }
    }

    fn begin_sign_in(&mut self, phone: String, pin: String, known: &Known, effects: &mut Effects) {
        let (phone, pin) = (Zeroizing::new(phone), Zeroizing::new(pin));
        if let (None, Some(trust)) = (&self.session, known.trust)
            && let Some(check) = self.sign_in.begin(&phone, pin, trust, known.now.mono)
        {
            effects.act(check);
        }
    }

    fn choose_checkpoint(&mut self, id: &str, known: &Known, effects: &mut Effects) {
        let (Ok(id), Some(trust)) = (id.parse::<CheckpointId>(), known.trust) else { return };
        if self.is_choosing(known) && self.checkpoints.contains(id, trust) {
            self.go_on_duty(id, known, effects);
        }
    }

    fn add_checkpoint(&mut self, name: &str, known: &Known, effects: &mut Effects) {
        let (Some(trust), Some(session)) = (known.trust, &self.session) else { return };
        if !self.is_choosing(known) || !may_add(known) {
            return;
        }
        self.choice = match self.checkpoints.new_name(name, trust) {
            Err(problem) => Choice { problem: Some(problem), adding: None },
            Ok(name) => {
                let checkpoint = Checkpoint { id: CheckpointId(effects.random()), name: name.to_owned() };
                let change = RosterChange::CheckpointAdded {
                    id: checkpoint.id.0,
                    name: checkpoint.name.clone(),
                    directions: Directions::Entry,
                    place: None,
                };
                let (at, clock, by) = (known.now.wall.0, known.clock(), session.person.0);
                let report = Report::Roster(Roster { at, clock, by, change });
                let record = effects.append(report, Purpose::Checkpoint(checkpoint));
                Choice { problem: None, adding: Some(record) }
            }
        };
    }

    fn go_on_duty(&mut self, id: CheckpointId, known: &Known, effects: &mut Effects) {
        let Some(session) = &self.session else { return };
        self.checkpoints.enter(id);
        self.choice = Choice::default();
        effects.bring_to_front(WingName::Collector);
        report(session.person, ShiftEvent::At { checkpoint: id.0, direction: Direction::In }, known, effects);
    }

    fn sign_out(&mut self, problem: Option<SignInProblem>, known: &Known, effects: &mut Effects) {
        let Some(session) = self.session.take() else { return };
        effects.end_shift();
        report(session.person, ShiftEvent::SignedOut, known, effects);
        effects.bring_to_front(WingName::Shift);
        self.checkpoints.leave();
        self.choice = Choice::default();
        self.sign_in.reset(problem);
    }

    /// Returns whether somebody may choose a checkpoint now: not while one is being added.
    fn is_choosing(&self, known: &Known) -> bool {
        known.front == WingName::Shift && self.session.is_some() && self.choice.adding.is_none()
    }
}

impl Session {
    fn of(person: &Person) -> Self {
        Self { person: person.id, masked_name: person.masked_name.clone(), role: person.role }
    }
}

/// Returns whether whoever is signed in may add a checkpoint.
fn may_add(known: &Known) -> bool {
    let collectors_may =
        known.trust.is_some_and(|trust| trust.policy(known.now.wall).collectors_add_checkpoints);
    known.is_administrator() || (collectors_may && known.duty.is_some())
}

fn report(person: PersonId, event: ShiftEvent, known: &Known, effects: &mut Effects) {
    let shift = wire::Shift { at: known.now.wall.0, clock: known.clock(), person: person.0, event };
    effects.append(Report::Shift(shift), Purpose::Notice);
}
