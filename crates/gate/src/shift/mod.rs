//! The shift's wing: signing in, choosing a checkpoint, and the end of a shift.

mod added;
mod checkpoints;
mod sign_in;
mod tries;

pub use added::{AddedCheckpoints, BadCheckpoints};
pub use checkpoints::LastPlace;
pub use tries::{BadTries, WrongTries};

use std::time::Duration;

use health_code::Trust;
use health_code::trust::{CheckpointId, Person, PersonId, Role};
use wire::report::{RosterChange, ShiftEvent};
use wire::{RecordId, Report, Roster};
use zeroize::Zeroizing;

use crate::action::Action;
use crate::fault::Fault;
use crate::input::AttemptId;
use crate::reports::Purpose;
use crate::surroundings::InBar;
use crate::window::Screen;
use crate::window::shift::{
    CheckpointProblem, Direction, Directions, ShiftId, ShiftInput, ShiftScreen, SignInProblem,
};
use crate::wing::{Activity, Duty, Effects, Known, Wing, WingName};
pub(crate) use added::Place;
use checkpoints::Checkpoints;
use sign_in::SignIn;

/// A checkpoint that is being added is given up after this.
const ADDS_FOR: Duration = Duration::from_secs(10);

/// The state of the shift's wing.
pub(crate) struct Shift {
    sign_in: SignIn,
    session: Option<Session>,
    checkpoints: Checkpoints,
    choice: Choice,
    /// The last shift's number.
    shifts: u32,
}

/// Who is signed in.
struct Session {
    shift: ShiftId,
    person: PersonId,
    masked_name: String,
    role: Role,
    /// The hash of the PIN that was right. Another one ends the session.
    phc: String,
    /// When somebody last pressed a key, or a code became a result.
    active: Duration,
}

/// The state of the page on which a checkpoint is chosen.
#[derive(Default)]
struct Choice {
    problem: Option<CheckpointProblem>,
    /// The report of a checkpoint that is being added, and until when its person waits for it.
    adding: Option<(RecordId, Duration)>,
    /// The checkpoint that was just added, and still has to be chosen.
    fresh: Option<CheckpointId>,
}

impl Wing for Shift {
    fn screen(&self, known: &Known) -> Screen {
        Screen::Shift(if self.session.is_none() {
            self.sign_in.screen(known.now.mono)
        } else {
            ShiftScreen::ChooseCheckpoint {
                rows: self.checkpoints.rows(known.trust, self.choice.fresh),
                may_add: may_add(known),
                problem: self.choice.problem,
            }
        })
    }

    /// Without trust nobody can sign in, nor by a community that nobody vouches for. No other fault
    /// matters here: signing in needs no camera.
    fn is_covered_by(&self, fault: Fault, trust: Option<&Trust>) -> bool {
        let lists_nobody = trust.is_some_and(|trust| trust.unvouched().is_some());
        self.session.is_none()
            && (fault == Fault::TrustMissing || (lists_nobody && fault == Fault::CommunityExpired))
    }

    fn enter(&mut self) {
        self.choice = Choice::default();
    }

    fn pass_time(&mut self, known: &Known, effects: &mut Effects) {
        let mono = known.now.mono;
        self.sign_in.pass_time(mono);
        if self.choice.adding.is_some_and(|(_, until)| mono >= until) {
            self.choice = Choice { problem: Some(CheckpointProblem::NotRecorded), ..Choice::default() };
        }
        // What was just confirmed is seen through first.
        if self.idle_until(known).is_some_and(|at| mono >= at) && known.activity != Activity::Recording {
            self.sign_out(Some(SignInProblem::Idle), known, effects);
        }
    }

    fn deadlines(&self, known: &Known) -> Vec<Duration> {
        let adding = self.choice.adding.map(|(_, until)| until);
        self.sign_in.deadlines(known.now.mono).chain(adding).chain(self.idle_until(known)).collect()
    }

    /// New trust acts at once: somebody whom it no longer lists, or whose PIN or role it changes, is
    /// signed out, open result and all. A record on its way to the disk goes on.
    fn trust_changed(&mut self, known: &Known, effects: &mut Effects) {
        if let Some(added) = self.checkpoints.trust_changed(known.trust) {
            effects.act(Action::KeepAdded(added));
        }
        let Some(session) = &mut self.session else { return };
        let mut people = known.trust.into_iter().flat_map(|trust| &trust.community().people);
        match people.find(|person| person.id == session.person) {
            None => {
                // A community that nobody vouches for lists nobody: that says nothing of this person.
                let listed_nobody = known.trust.is_some_and(|trust| trust.unvouched().is_some());
                self.sign_out((!listed_nobody).then_some(SignInProblem::Removed), known, effects);
            }
            Some(person) if person.pin_phc != session.phc || person.role != session.role => {
                self.sign_out(Some(SignInProblem::Changed), known, effects);
            }
            Some(person) => session.masked_name.clone_from(&person.masked_name),
        }
    }
}

impl Shift {
    pub(crate) fn new(
        last: Option<LastPlace>,
        added: AddedCheckpoints,
        tries: WrongTries,
        mono: Duration,
    ) -> Self {
        Self {
            sign_in: SignIn::new(tries, mono),
            session: None,
            checkpoints: Checkpoints::new(last, added),
            choice: Choice::default(),
            shifts: 0,
        }
    }

    /// Returns who is signed in, and where.
    pub(crate) fn duty(&self, trust: Option<&Trust>) -> Option<Duty> {
        self.session.as_ref().map(|session| Duty {
            person: session.person,
            role: session.role,
            place: self.checkpoints.present(),
            is_at_checkpoint: self.checkpoints.present_place(trust).is_some(),
        })
    }

    /// Returns the checkpoint and direction chosen last, also in an earlier shift.
    pub(crate) fn last_place(&self) -> Option<LastPlace> {
        self.checkpoints.last()
    }

    /// Returns what the bar says of this wing.
    pub(crate) fn in_bar(&self, trust: Option<&Trust>) -> InBar {
        let place = self.checkpoints.present_place(trust);
        InBar {
            direction: place.as_ref().and(self.checkpoints.present()).map(|present| present.direction),
            checkpoint: place.map(|place| place.name),
            collector: self.session.as_ref().map(|session| session.masked_name.clone()),
            shift: self.session.as_ref().map(|session| session.shift),
        }
    }

    /// Somebody pressed a key, or a code became a result: the person is still there.
    pub(crate) fn note_activity(&mut self, mono: Duration) {
        if let Some(session) = &mut self.session {
            session.active = mono;
        }
    }

    /// The station was put out of service: nobody stays signed in.
    pub(crate) fn withdrawn(&mut self, known: &Known, effects: &mut Effects) {
        self.sign_out(None, known, effects);
        self.sign_in.reset(None);
    }

    pub(crate) fn user(&mut self, input: ShiftInput, known: &Known, effects: &mut Effects) {
        match input {
            ShiftInput::SignIn { digits, person, secret } => {
                let (digits, secret) = (Zeroizing::new(digits), Zeroizing::new(secret));
                if let (None, Some(trust)) = (&self.session, known.trust)
                    && let Some(check) =
                        self.sign_in.begin(&digits, person.as_deref(), secret, trust, known.now.mono)
                {
                    effects.act(check);
                }
            }
            ShiftInput::ChooseCheckpoint { id, direction } => {
                self.choose_checkpoint(&id, direction, known, effects);
            }
            ShiftInput::AddCheckpoint { name, directions } => {
                self.add_checkpoint(&name, directions, known, effects);
            }
            ShiftInput::SwitchCheckpoint => {
                if self.session.is_some() && known.activity == Activity::Idle {
                    effects.bring_to_front(WingName::Shift);
                }
            }
            ShiftInput::Back => self.back(known, effects),
            ShiftInput::EndShift { shift } => {
                let is_this = self.session.as_ref().is_some_and(|session| session.shift == shift);
                // What was just confirmed is seen through first.
                if is_this && known.activity != Activity::Recording {
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
        let finished = self.sign_in.finish(attempt, right, known.trust, known.now.mono);
        if let Some(Err(_)) = finished {
            effects.count_wrong_try();
        }
        if let Some(Ok(person)) = finished {
            report(person.id, ShiftEvent::SignedIn, known, effects);
            self.shifts = self.shifts.wrapping_add(1);
            self.session = Some(Session::of(person, ShiftId(self.shifts), known.now.mono));
            self.choice = Choice::default();
            if let Some(keep) = self.sign_in.forgive(person.id) {
                effects.act(keep);
            }
            self.sign_in.reset(None);
        }
    }

    /// A checkpoint that was added here is durable: it can be chosen at once. If its person still
    /// waits for it, and it has only one direction, it is chosen.
    pub(crate) fn checkpoint_saved(
        &mut self,
        record: RecordId,
        place: Place,
        known: &Known,
        effects: &mut Effects,
    ) {
        let (checkpoint, directions) = (place.id, place.directions);
        effects.act(Action::KeepAdded(self.checkpoints.add(place)));
        if !self.choice.waits_for(record) {
            return;
        }
        if directions == Directions::Both {
            self.choice = Choice { fresh: Some(checkpoint), ..Choice::default() };
        } else {
            let direction = directions.nearest(Direction::In);
            self.go_on_duty(LastPlace { checkpoint, direction }, known, effects);
        }
    }

    /// A checkpoint could not be made durable. It never acted, so it is dropped; if its person
    /// still waits for it, the screen says so.
    pub(crate) fn checkpoint_failed(&mut self, record: RecordId) {
        if self.choice.waits_for(record) {
            self.choice = Choice { problem: Some(CheckpointProblem::NotRecorded), ..Choice::default() };
        }
    }

    fn choose_checkpoint(&mut self, id: &str, direction: Direction, known: &Known, effects: &mut Effects) {
        let (Ok(checkpoint), Some(trust)) = (id.parse::<CheckpointId>(), known.trust) else { return };
        let place = LastPlace { checkpoint, direction };
        if self.is_choosing(known) && self.checkpoints.has(place, trust) {
            self.go_on_duty(place, known, effects);
        }
    }

    fn add_checkpoint(&mut self, name: &str, directions: Directions, known: &Known, effects: &mut Effects) {
        let (Some(trust), Some(session)) = (known.trust, &self.session) else { return };
        if !self.is_choosing(known) || !may_add(known) {
            return;
        }
        self.choice = match self.checkpoints.new_name(name, trust) {
            Err(problem) => Choice { problem: Some(problem), ..Choice::default() },
            Ok(name) => {
                let place = Place { id: CheckpointId(effects.random()), name: name.to_owned(), directions };
                let change = RosterChange::CheckpointAdded {
                    id: place.id.0,
                    name: place.name.clone(),
                    directions: directions.into(),
                    place: None,
                };
                let (at, clock, by) = (known.now.wall.0, known.clock(), session.person.0);
                let report = Report::Roster(Roster { at, clock, by, change });
                let record = effects.append(report, Purpose::Checkpoint(place));
                let until = known.now.mono.saturating_add(ADDS_FOR);
                Choice { adding: Some((record, until)), ..Choice::default() }
            }
        };
    }

    /// Stays at the present checkpoint, or signs out where none was chosen yet.
    fn back(&mut self, known: &Known, effects: &mut Effects) {
        if self.session.is_none() {
            self.sign_in.forget_choices();
        } else if self.is_choosing(known) && known.is_at_checkpoint() {
            effects.bring_to_front(WingName::Collector);
        } else if self.is_choosing(known) {
            self.sign_out(None, known, effects);
        }
    }

    fn go_on_duty(&mut self, place: LastPlace, known: &Known, effects: &mut Effects) {
        let Some(session) = &self.session else { return };
        self.checkpoints.enter(place);
        self.choice = Choice::default();
        effects.bring_to_front(WingName::Collector);
        let at = ShiftEvent::At { checkpoint: place.checkpoint.0, direction: place.direction.into() };
        report(session.person, at, known, effects);
    }

    /// Returns when the person counts as gone.
    fn idle_until(&self, known: &Known) -> Option<Duration> {
        let idle = Duration::from_secs(u64::from(known.standing.idle_minutes()) * 60);
        self.session.as_ref().map(|session| session.active.saturating_add(idle))
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
    fn of(person: &Person, shift: ShiftId, mono: Duration) -> Self {
        Self {
            shift,
            person: person.id,
            masked_name: person.masked_name.clone(),
            role: person.role,
            phc: person.pin_phc.clone(),
            active: mono,
        }
    }
}

impl Choice {
    fn waits_for(&self, record: RecordId) -> bool {
        self.adding.is_some_and(|(adding, _)| adding == record)
    }
}

/// Returns whether whoever is signed in may add a checkpoint.
fn may_add(known: &Known) -> bool {
    let collectors_may = known.standing.policy().is_some_and(|policy| policy.collectors_add_checkpoints);
    known.is_administrator() || (collectors_may && known.duty.is_some())
}

fn report(person: PersonId, event: ShiftEvent, known: &Known, effects: &mut Effects) {
    let shift = wire::Shift { at: known.now.wall.0, clock: known.clock(), person: person.0, event };
    effects.append(Report::Shift(shift), Purpose::Notice);
}
