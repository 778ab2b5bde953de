//! What a wing is, what it knows, and what it may ask of the router.
//!
//! A wing owns its part of the gate's state. It never touches another wing's state: it reads what
//! the router tells it ([`Known`]) and leaves what it wants done as [`Effects`].

use std::time::Duration;

use health_code::trust::{CheckpointId, PersonId, Role};
use health_code::{Community, Trust};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};
use wire::{ClockState, RecordId, Report};

use crate::action::{Action, Sound};
use crate::changes::{Entry, Roster};
use crate::fault::Fault;
use crate::input::Now;
use crate::reports::Purpose;
use crate::shift::LastPlace;
use crate::standing::Standing;
use crate::surroundings::{Distrust, Surroundings};
use crate::window::Screen;

/// A part of the gate with its own state, screens and inputs.
pub(crate) trait Wing {
    /// Returns the wing's screen, shown while the wing is in front and no fault covers it.
    fn screen(&self, known: &Known) -> Screen;

    /// Returns whether a fault's screen covers the wing's screen, by this trust.
    fn is_covered_by(&self, fault: Fault, trust: Option<&Trust>) -> bool;

    /// Returns how far the wing may be interrupted.
    fn activity(&self) -> Activity {
        Activity::Idle
    }

    /// The wing comes to the front.
    fn enter(&mut self) {}

    /// Another wing comes to the front: drops what is on the screen.
    fn leave(&mut self) {}

    /// Does what time alone does. Runs before every input.
    fn pass_time(&mut self, known: &Known, effects: &mut Effects);

    /// Makes the screen agree with what an input has changed around the wing. Runs after every
    /// input.
    fn follow(&mut self, _known: &Known, _effects: &mut Effects) {}

    /// Returns when time alone changes the wing or its screen next.
    fn deadlines(&self, known: &Known) -> Vec<Duration>;

    /// Trust was replaced, or the community is another one by a change that was made here; `known` holds
    /// the new one.
    fn trust_changed(&mut self, _known: &Known, _effects: &mut Effects) {}

    /// A person has signed out, so what belongs to a shift ends.
    fn shift_ended(&mut self, _known: &Known, _effects: &mut Effects) {}
}

/// The wings that can be in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WingName {
    Shift,
    Collector,
    Workbench,
}

impl WingName {
    pub(crate) const ALL: [Self; 3] = [Self::Shift, Self::Collector, Self::Workbench];
}

/// How far the wing in front may be interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    /// Another wing may come to the front.
    Idle,
    /// Something is open that a person has to finish, or to give up by ending the shift.
    Busy,
    /// A report that a person confirmed is on its way to the disk: not even the shift ends.
    Recording,
}

/// Who is signed in, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Duty {
    pub(crate) person: PersonId,
    pub(crate) role: Role,
    /// The checkpoint and the direction that were chosen.
    pub(crate) place: Option<LastPlace>,
    /// Whether that checkpoint still exists.
    pub(crate) is_at_checkpoint: bool,
}

/// What every wing may know at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) now: Now,
    pub(crate) trust: Option<&'a Trust>,
    /// What that trust allows now.
    pub(crate) standing: &'a Standing,
    pub(crate) around: &'a Surroundings,
    /// The community, and the changes that were made here.
    pub(crate) roster: &'a Roster,
    pub(crate) duty: Option<Duty>,
    /// The administrator who has opened the workbench.
    pub(crate) keeper: Option<PersonId>,
    /// The checkpoint at which this station stands, or stood last.
    pub(crate) current: Option<CheckpointId>,
    pub(crate) front: WingName,
    /// The activity of the wing in front.
    pub(crate) activity: Activity,
    /// The fault in force.
    pub(crate) fault: Option<Fault>,
    /// The fault on the screen: the fault in force, if it covers the wing in front.
    pub(crate) fault_on_screen: Option<Fault>,
}

impl<'a> Known<'a> {
    /// Returns the community with the changes that were made here; `None` without trust.
    pub(crate) fn community(&self) -> Option<&'a Community> {
        self.roster.community()
    }

    /// Returns whether the community in force lists nobody because nobody vouches for it.
    pub(crate) fn is_unvouched(&self) -> bool {
        self.trust.is_some_and(|trust| trust.unvouched().is_some())
    }

    /// Returns why nothing may be judged, if so.
    pub(crate) fn distrust(&self) -> Option<Distrust> {
        self.around.distrust(self.standing)
    }

    /// Returns what a report says of its own time.
    pub(crate) fn clock(&self) -> ClockState {
        self.around.clock_state(self.standing)
    }

    /// Returns whether this station is out of service.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.around.withdrawn.is_some()
    }

    pub(crate) fn is_administrator(&self) -> bool {
        self.duty.is_some_and(|duty| duty.role == Role::Administrator)
    }

    pub(crate) fn is_at_checkpoint(&self) -> bool {
        self.duty.is_some_and(|duty| duty.is_at_checkpoint)
    }
}

/// One thing that a wing asks of the router.
pub(crate) enum Effect {
    /// Asks the shell to do something at once.
    Act(Action),
    /// Asks for a report to be made durable. The answer goes by its purpose.
    Append { record: RecordId, report: Box<Report>, purpose: Purpose },
    /// Brings a wing to the front. Changes nothing if it is there already.
    Front(WingName),
    /// Tells every wing that the shift has ended.
    EndShift,
    /// Notes that whoever is signed in is still there.
    NoteActivity,
    /// Counts a sign-in that failed.
    CountWrongTry,
    /// Counts something that was asked for and that whoever is signed in may not do.
    CountForbidden,
    /// Has a change act at once, and reports it once it can't be taken back any more.
    Hold(Box<Entry>),
    /// Takes back the last removal, of this or of anything.
    TakeBack(Option<[u8; 8]>),
    /// Reports every change that can still be taken back.
    ReportHeld,
    /// Forgets the office's notices: somebody has seen them.
    NoticesSeen,
    /// Locks the workbench.
    Lock,
    /// Makes a checkpoint the one at which this station stands.
    Stand(CheckpointId),
}

/// What a wing asks of the router while it handles one input, in order, and the gate's randomness.
pub(crate) struct Effects {
    asked: Vec<Effect>,
    rng: ChaCha20Rng,
}

impl Effects {
    pub(crate) fn new(rng: ChaCha20Rng) -> Self {
        Self { asked: Vec::new(), rng }
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.asked.push(Effect::Act(action));
    }

    pub(crate) fn play(&mut self, sound: Sound) {
        self.act(Action::Play(sound));
    }

    /// Appends a new report, and returns the name it was given.
    pub(crate) fn append(&mut self, report: Report, purpose: Purpose) -> RecordId {
        let record = RecordId(self.random());
        self.append_again(record, Box::new(report), purpose);
        record
    }

    /// Appends a report that failed before, under its first name: a doubt about the first attempt
    /// must not double it.
    pub(crate) fn append_again(&mut self, record: RecordId, report: Box<Report>, purpose: Purpose) {
        self.asked.push(Effect::Append { record, report, purpose });
    }

    pub(crate) fn bring_to_front(&mut self, wing: WingName) {
        self.asked.push(Effect::Front(wing));
    }

    pub(crate) fn end_shift(&mut self) {
        self.asked.push(Effect::EndShift);
    }

    pub(crate) fn note_activity(&mut self) {
        self.asked.push(Effect::NoteActivity);
    }

    pub(crate) fn count_wrong_try(&mut self) {
        self.asked.push(Effect::CountWrongTry);
    }

    pub(crate) fn count_forbidden(&mut self) {
        self.asked.push(Effect::CountForbidden);
    }

    pub(crate) fn ask(&mut self, effect: Effect) {
        self.asked.push(effect);
    }

    /// Makes all later draws depend on these bytes and on the state so far.
    pub(crate) fn stir(&mut self, fresh: [u8; 32]) {
        let old: [u8; 32] = self.random();
        self.rng =
            ChaCha20Rng::from_seed(Sha256::new().chain_update(old).chain_update(fresh).finalize().into());
    }

    pub(crate) fn random<const BYTES: usize>(&mut self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// Returns what was asked so far, and forgets it.
    pub(crate) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.asked)
    }
}
