//! The shift's wing: who is signed in, for a shift or at the workbench, and at which checkpoint.

mod checkpoints;
mod choice;
mod door;
mod ended;
mod new_pin;

mod reporting;
mod resume;
mod session;
mod sign_in;
mod tries;

pub use checkpoints::LastPlace;
pub use tries::{BadTries, WrongTries};

use std::time::Duration;

use health_code::trust::{CheckpointId, PersonId, Role};
use health_code::{Community, Trust};
use wire::RecordId;
use wire::report::{RosterChange, ShiftEvent};
use zeroize::Zeroizing;

use crate::changes::Entry;
use crate::fault::Fault;
use crate::input::AttemptId;
use crate::surroundings::InBar;
use crate::window::Screen;
use crate::window::shift::{CheckpointProblem, Direction, ShiftId, ShiftInput, ShiftScreen, SignInProblem};
use crate::wing::{Activity, Duty, Effects, Known, Wing, WingName};
use checkpoints::Checkpoints;
use choice::Choice;
use ended::Ended;
use reporting::{may_add, report, report_place};
use session::{Session, Who};
use sign_in::SignIn;

/// The state of the shift's wing.
pub(crate) struct Shift {
    sign_in: SignIn,
    session: Option<Session>,
    /// The administrator who has opened the workbench. A shift goes on meanwhile.
    keeper: Option<Who>,
    checkpoints: Checkpoints,
    choice: Choice,
    /// The shift that a person has just ended, and may take up again.
    ended: Option<Ended>,
    /// The last shift's number.
    shifts: u32,
}

impl Wing for Shift {
    fn screen(&self, known: &Known) -> Screen {
        let mono = known.now.mono;
        Screen::Shift(if self.sign_in.is_door() {
            let on_duty = self.session.as_ref().map(|session| session.who.masked_name.clone());
            let contact = known.community().map(|community| community.contact.clone());
            self.sign_in.door(on_duty, contact.unwrap_or_default(), mono)
        } else if self.session.is_none() {
            self.sign_in.screen(self.ended.as_ref().map(|ended| ended.countdown(mono)), mono)
        } else {
            ShiftScreen::ChooseCheckpoint {
                rows: self.checkpoints.rows(known.community(), self.choice.fresh),
                may_add: may_add(known),
                problem: self.choice.problem,
            }
        })
    }

    /// Without trust nobody can sign in, nor by a community that nobody vouches for. No other fault
    /// matters here: signing in needs no camera.
    fn is_covered_by(&self, fault: Fault, trust: Option<&Trust>) -> bool {
        let lists_nobody = trust.is_some_and(|trust| trust.unvouched().is_some());
        (self.session.is_none() || self.sign_in.is_door())
            && (fault == Fault::TrustMissing || (lists_nobody && fault == Fault::CommunityExpired))
    }

    fn enter(&mut self) {
        self.choice = Choice::default();
    }

    fn leave(&mut self) {
        self.sign_in.leave_door();
    }

    fn pass_time(&mut self, known: &Known, effects: &mut Effects) {
        let mono = known.now.mono;
        self.sign_in.pass_time(mono);
        self.ended.take_if(|ended| ended.is_over(mono));
        if self.choice.adding_until().is_some_and(|until| mono >= until) {
            self.choice = Choice::failed(CheckpointProblem::NotRecorded);
        }
        let is_over = |who: &Who| mono >= who.idle_until(known);
        // What was just confirmed is seen through first.
        if self.session.as_ref().is_some_and(|session| is_over(&session.who))
            && known.activity != Activity::Recording
        {
            self.sign_out(Some(SignInProblem::Idle), known, effects);
        }
        if self.keeper.as_ref().is_some_and(is_over) {
            self.lock(Some(SignInProblem::Idle), known, effects);
        }
        if self.sign_in.door_until().is_some_and(|until| mono >= until) {
            self.close_door(known, effects);
        }
    }

    fn deadlines(&self, known: &Known) -> Vec<Duration> {
        let people = self.session.iter().map(|session| &session.who).chain(&self.keeper);
        let own = self.choice.adding_until().into_iter().chain(self.sign_in.door_until());
        let idle = people.map(|who| who.idle_until(known));
        let ended = self.ended.as_ref().map(|ended| ended.deadline(known.now.mono));
        self.sign_in.deadlines(known.now.mono).chain(own).chain(idle).chain(ended).collect()
    }

    /// A new community acts at once: somebody whom it no longer lists, or whose PIN or role it changes, is
    /// signed out, open result and all. A record on its way to the disk goes on.
    fn trust_changed(&mut self, known: &Known, effects: &mut Effects) {
        let over = |who: &mut Who| who.follow(known).err();
        if let Some(problem) = self.session.as_mut().and_then(|session| over(&mut session.who)) {
            self.sign_out(problem, known, effects);
        }
        if let Some(problem) = self.keeper.as_mut().and_then(over) {
            self.lock(problem, known, effects);
        }
        self.ended.take_if(|ended| over(&mut ended.who).is_some());
    }
}

impl Shift {
    pub(crate) fn new(last: Option<LastPlace>, tries: WrongTries, mono: Duration) -> Self {
        Self {
            sign_in: SignIn::new(tries, mono),
            session: None,
            keeper: None,
            checkpoints: Checkpoints::new(last),
            choice: Choice::default(),
            ended: None,
            shifts: 0,
        }
    }

    /// Returns who is on duty, and where.
    pub(crate) fn duty(&self, community: Option<&Community>) -> Option<Duty> {
        self.session.as_ref().map(|session| Duty {
            person: session.who.person,
            role: session.who.role,
            place: self.checkpoints.present(),
            is_at_checkpoint: self.checkpoints.present_place(community).is_some(),
        })
    }

    /// Returns the administrator who has opened the workbench.
    pub(crate) fn keeper(&self) -> Option<PersonId> {
        self.keeper.as_ref().map(|who| who.person)
    }

    /// Returns the checkpoint and direction chosen last, also in an earlier shift.
    pub(crate) fn last_place(&self) -> Option<LastPlace> {
        self.checkpoints.last()
    }

    /// Returns what the bar says of this wing.
    pub(crate) fn in_bar(&self, community: Option<&Community>) -> InBar {
        let place = self.checkpoints.present_place(community);
        let name = |who: &Who| who.masked_name.clone();
        InBar {
            direction: place.and(self.checkpoints.present()).map(|present| present.direction),
            checkpoint: place.map(|place| place.name.clone()),
            collector: self.session.as_ref().map(|session| name(&session.who)),
            administrator: self.keeper.as_ref().map(name),
            shift: self.session.as_ref().map(|session| session.shift),
        }
    }

    /// Somebody pressed a key, or a code became a result: the person is still there.
    pub(crate) fn note_activity(&mut self, mono: Duration) {
        for who in self.session.iter_mut().map(|session| &mut session.who).chain(&mut self.keeper) {
            who.active = mono;
        }
        self.sign_in.hold_door(mono);
    }

    /// The station was put out of service: nobody stays signed in.
    pub(crate) fn withdrawn(&mut self, known: &Known, effects: &mut Effects) {
        self.sign_in.close_door();
        self.lock(None, known, effects);
        self.sign_out(None, known, effects);
        self.ended = None;
        self.sign_in.reset(None);
    }

    pub(crate) fn user(&mut self, input: ShiftInput, known: &Known, effects: &mut Effects) {
        match input {
            ShiftInput::SignIn { digits, person, secret } => {
                let (digits, secret) = (Zeroizing::new(digits), Zeroizing::new(secret));
                self.try_to_sign_in(&digits, person.as_deref(), secret, known, effects);
            }
            ShiftInput::ChooseCheckpoint { id, direction } => {
                self.choose_checkpoint(&id, direction, known, effects);
            }
            ShiftInput::AddCheckpoint { name, directions } => {
                if self.is_choosing(known)
                    && let Some(choice) = Choice::add(&name, directions, known, effects)
                {
                    self.choice = choice;
                }
            }
            ShiftInput::SwitchCheckpoint => {
                if self.session.is_some() && known.activity == Activity::Idle && self.keeper.is_none() {
                    effects.bring_to_front(WingName::Shift);
                }
            }
            ShiftInput::OpenWorkbench => self.open_workbench(known, effects),
            ShiftInput::Back => self.back(known, effects),
            ShiftInput::EndShift { shift } => {
                let is_this = self.session.as_ref().is_some_and(|session| session.shift == shift);
                // What was just confirmed is seen through first.
                if is_this && known.activity != Activity::Recording {
                    self.end(known, effects);
                }
            }
            ShiftInput::ResumeShift => self.resume(known, effects),
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
        if self.session.is_some() && !self.sign_in.is_door() {
            return;
        }
        let finished = self.sign_in.finish(attempt, right, known.community(), known.now.mono);
        match finished {
            None => {}
            Some(Err(_)) => effects.count_wrong_try(),
            Some(Ok(person)) => {
                if let Some(keep) = self.sign_in.forgive(person.id) {
                    effects.act(keep);
                }
                self.sign_in.reset(None);
                match (self.sign_in.is_door(), person.role) {
                    (false, _) => self.begin_shift(Who::of(person, known.now.mono), known, effects),
                    (true, Role::Administrator) => {
                        self.keeper = Some(Who::of(person, known.now.mono));
                        effects.bring_to_front(WingName::Workbench);
                    }
                    // Says why there is no workbench, and signs nobody in.
                    (true, Role::Collector) => self.sign_in.refuse_at_door(&person.masked_name),
                }
            }
        }
    }

    /// A change that was made here is durable. If somebody waits for it here, it is a checkpoint, which is
    /// chosen where it has only one direction.
    pub(crate) fn change_saved(&mut self, entry: &Entry, known: &Known, effects: &mut Effects) {
        let RosterChange::CheckpointAdded { id, directions, .. } = &entry.change else { return };
        if !self.choice.waits_for(entry.record) {
            return;
        }
        let checkpoint = CheckpointId(*id);
        let direction = match directions {
            wire::Directions::Both => return self.choice = Choice::fresh(checkpoint),
            wire::Directions::Entry => Direction::In,
            wire::Directions::Exit => Direction::Out,
        };
        self.go_on_duty(LastPlace { checkpoint, direction }, known, effects);
    }

    /// A change could not be made durable. It never acted, so it is dropped; if its person still waits for
    /// it, the screen says so.
    pub(crate) fn change_failed(&mut self, record: RecordId) {
        if self.choice.waits_for(record) {
            self.choice = Choice::failed(CheckpointProblem::NotRecorded);
        }
    }

    /// Makes a checkpoint the one at which this station stands, for the shift that goes on, if one does.
    pub(crate) fn stand(&mut self, checkpoint: CheckpointId, known: &Known, effects: &mut Effects) {
        let Some(place) = self.checkpoints.at(checkpoint, known.community()) else { return };
        if let Some(session) = &self.session {
            self.checkpoints.enter(place);
            report_place(session.who.person, place, known, effects);
        } else {
            self.checkpoints.remember(place);
        }
    }

    fn try_to_sign_in(
        &mut self,
        digits: &str,
        person: Option<&str>,
        secret: Zeroizing<String>,
        known: &Known,
        effects: &mut Effects,
    ) {
        // A community that nobody vouches for lists nobody: no try is a wrong one.
        let Some(community) = known.community().filter(|_| !known.is_unvouched()) else { return };
        if self.keeper.is_some() || (self.session.is_some() && !self.sign_in.is_door()) {
            return;
        }
        self.ended = None;
        if let Some(check) = self.sign_in.begin(digits, person, secret, community, known.now.mono) {
            effects.act(check);
        }
    }

    fn begin_shift(&mut self, who: Who, known: &Known, effects: &mut Effects) {
        report(who.person, ShiftEvent::SignedIn, known, effects);
        self.shifts = self.shifts.wrapping_add(1);
        self.session = Some(Session { shift: ShiftId(self.shifts), who });
        self.choice = Choice::default();
    }

    fn choose_checkpoint(&mut self, id: &str, direction: Direction, known: &Known, effects: &mut Effects) {
        if let Some(place) = Checkpoints::chosen(id, direction, known.community())
            && self.is_choosing(known)
        {
            self.go_on_duty(place, known, effects);
        }
    }

    /// Closes the door, stays at the present checkpoint, or signs out where none was chosen yet.
    fn back(&mut self, known: &Known, effects: &mut Effects) {
        if self.sign_in.is_door() {
            self.close_door(known, effects);
        } else if self.session.is_none() {
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
        // The workbench stays open: its administrator locks it.
        if self.keeper.is_none() {
            effects.bring_to_front(WingName::Collector);
        }
        report_place(session.who.person, place, known, effects);
    }

    fn sign_out(&mut self, problem: Option<SignInProblem>, known: &Known, effects: &mut Effects) {
        let Some(session) = self.session.take() else { return };
        effects.end_shift();
        report(session.who.person, ShiftEvent::SignedOut, known, effects);
        self.checkpoints.leave();
        self.choice = Choice::default();
        // Whoever signs in to the workbench, or has, goes on.
        if self.keeper.is_none() {
            effects.bring_to_front(WingName::Shift);
        }
        if !self.sign_in.is_door() {
            self.sign_in.reset(problem);
        }
    }

    /// Returns whether somebody may choose a checkpoint now: not while one is being added.
    fn is_choosing(&self, known: &Known) -> bool {
        known.front == WingName::Shift
            && self.session.is_some()
            && !self.sign_in.is_door()
            && !self.choice.is_adding()
    }
}
