//! A small deployment, and a gate in it that a test drives like a shell would.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use health_code::{Checkpoint, CheckpointId, Claims, Colour, Community, Person, PersonId, Role, Trust};
use issuer::CodeSigner;
use sample::{Deployment, HUBEI, PHONE_KEY, STRANGER, key};
use wire::{ClockState, Passage, RecordId, Report};

use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::{Aim, AttemptId, Input, Now};
use crate::router::{Gate, Setup};
use crate::window::collector::{Answer, CollectorInput, CollectorScreen, ResultView, ScanId};
use crate::window::shift::ShiftInput;
use crate::window::{Screen, UserInput, View};

pub use sample::{DAY, NOW as START, PHONE};

pub const ADMINISTRATOR: &str = "13800000002";
pub const EAST: &str = "0101010101010101";
pub const WEST: &str = "0202020202020202";

/// The sample deployment at [`START`], with a second checkpoint and an administrator. A test changes
/// it before it is signed.
#[derive(Clone)]
pub struct World(Deployment);

impl World {
    pub fn new() -> Self {
        let mut deployment = Deployment::at(START);
        let community = &mut deployment.community;
        community
            .checkpoints
            .push(Checkpoint { id: CheckpointId([2; 8]), name: "样例社区 · 西门".to_owned() });
        let administrator = Person {
            id: PersonId([2; 8]),
            masked_name: "王*".to_owned(),
            phone_hash: Community::phone_hash(&PHONE_KEY, ADMINISTRATOR),
            pin_phc: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaQ".to_owned(),
            role: Role::Administrator,
            ..community.people[0].clone()
        };
        community.people.push(administrator);
        Self(deployment)
    }

    pub fn trust(&self) -> Arc<Trust> {
        Arc::new(self.0.trust())
    }
}

impl Deref for World {
    type Target = Deployment;

    fn deref(&self) -> &Deployment {
        &self.0
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Deployment {
        &mut self.0
    }
}

/// A green code of somebody in this community, issued `age` seconds after [`START`].
pub fn claims(who: u8, age: i64) -> Claims {
    Claims {
        iat: START.plus(age),
        exp: START.plus(age + 300),
        pseudonym: [who; 16],
        masked_name: format!("{}*", ["张", "赵", "钱", "孙", "周", "吴"][usize::from(who) % 6]),
        masked_id: format!("4201**********{:04}", 1000 + u32::from(who)),
        sealed_declaration: vec![who; 120],
        ..sample::claims(START)
    }
}

pub fn sign(claims: &Claims) -> String {
    CodeSigner::new(key(HUBEI)).sign(claims).unwrap()
}

/// A green code of person `who`, good from the start.
pub fn green(who: u8) -> String {
    sign(&claims(who, -10))
}

pub fn coloured(who: u8, colour: Colour) -> String {
    sign(&Claims { colour, ..claims(who, -10) })
}

/// By a key that no trust list names.
pub fn forged(who: u8) -> String {
    CodeSigner::new(key(STRANGER)).sign(&claims(who, -10)).unwrap()
}

pub fn cose(text: &str) -> Vec<u8> {
    health_code::UnverifiedCode::parse(text).unwrap().cose().to_vec()
}

/// A gate and the shell around it: the clocks, and what it was asked to do.
pub struct Desk {
    pub gate: Gate,
    pub mono: Duration,
    /// What the wall clock is off by, in seconds.
    pub off: i64,
    /// Everything since the last [`Desk::taken`].
    pub actions: Vec<Action>,
}

impl Desk {
    /// Nobody signed in; a good clock.
    pub fn new(world: &World) -> Self {
        let setup = Setup { trust: Some(world.trust()), last_checkpoint: None, seed: [42; 32] };
        let gate = Gate::new(setup, Now { wall: START, mono: Duration::ZERO });
        let mut desk = Self { gate, mono: Duration::ZERO, off: 0, actions: Vec::new() };
        desk.send(Input::Clock(ClockState::Trusted));
        desk.send(Input::Camera { fault: None, simulated: false });
        desk.taken();
        desk
    }

    /// Signed in by phone, at no checkpoint yet.
    pub fn signed_in(world: &World, phone: &str) -> Self {
        let mut desk = Self::new(world);
        desk.sign_in(phone, true);
        desk.save();
        desk
    }

    /// A collector at the east gate, waiting for a code.
    pub fn ready(world: &World) -> Self {
        let mut desk = Self::signed_in(world, PHONE);
        desk.user(ShiftInput::ChooseCheckpoint { id: EAST.to_owned() });
        desk.save();
        desk.taken();
        assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
        desk
    }

    pub fn now(&self) -> Now {
        let seconds = i64::try_from(self.mono.as_secs()).unwrap();
        Now { wall: START.plus(seconds + self.off), mono: self.mono }
    }

    pub fn send(&mut self, input: Input) {
        let now = self.now();
        self.actions.extend(self.gate.handle(input, now));
    }

    pub fn user(&mut self, input: impl Into<UserInput>) {
        self.send(Input::User(input.into()));
    }

    pub fn see(&mut self, text: &str) {
        self.see_among(text, Aim::Alone);
    }

    pub fn see_among(&mut self, text: &str, aim: Aim) {
        self.send(Input::CodeSeen { text: text.to_owned(), aim });
    }

    /// Lets time pass, as one late tick.
    pub fn wait(&mut self, millis: u64) {
        self.mono += Duration::from_millis(millis);
        self.send(Input::Tick);
    }

    /// Holds a code before the camera, ten frames a second.
    pub fn hold(&mut self, text: &str, millis: u64) {
        for _ in 0..millis / 100 {
            self.mono += Duration::from_millis(100);
            self.see(text);
        }
    }

    pub fn sign_in(&mut self, phone: &str, right: bool) {
        self.user(ShiftInput::SignIn { phone: phone.to_owned(), pin: "246810".to_owned() });
        if let Some(attempt) = self.attempt() {
            self.send(Input::PinChecked { attempt, right });
        }
    }

    /// The PIN check that was last asked for.
    pub fn attempt(&self) -> Option<AttemptId> {
        self.actions.iter().rev().find_map(|action| match action {
            Action::CheckPin { attempt, .. } => Some(*attempt),
            _ => None,
        })
    }

    pub fn enter(&mut self) {
        let scan = self.scan();
        self.user(CollectorInput::Confirm { scan });
    }

    pub fn escape(&mut self) {
        let scan = self.scan();
        self.user(CollectorInput::Discard { scan });
    }

    /// Answers every open append.
    pub fn save(&mut self) {
        for (record, _) in self.appends() {
            self.send(Input::Appended { record });
        }
    }

    pub fn fail(&mut self, fault: Fault) {
        for (record, _) in self.appends() {
            self.send(Input::AppendFailed { record, fault });
        }
    }

    /// Reads a code, confirms it, and makes it durable.
    pub fn record(&mut self, text: &str) {
        self.see(text);
        self.wait(300);
        self.enter();
        self.save();
        assert_eq!(self.screen(), Screen::Collector(CollectorScreen::Recorded));
    }

    pub fn appends(&self) -> Vec<(RecordId, Report)> {
        let append = |action: &Action| match action {
            Action::Append { record, report } => Some((*record, (**report).clone())),
            _ => None,
        };
        self.actions.iter().filter_map(append).collect()
    }

    /// The one passage that was asked for.
    pub fn passage(&self) -> (RecordId, Passage) {
        match &self.appends()[..] {
            [(record, Report::Passage(passage))] => (*record, passage.clone()),
            other => panic!("not one passage: {other:?}"),
        }
    }

    pub fn sounds(&self) -> Vec<Sound> {
        let sound = |action: &Action| match action {
            Action::Play(sound) => Some(*sound),
            _ => None,
        };
        self.actions.iter().filter_map(sound).collect()
    }

    pub fn shows(&self) -> usize {
        self.actions.iter().filter(|action| matches!(action, Action::Show(_))).count()
    }

    /// What it did since the last time this was asked.
    pub fn taken(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    pub fn view(&self) -> View {
        self.gate.view(self.now())
    }

    pub fn screen(&self) -> Screen {
        self.view().screen
    }

    pub fn result(&self) -> ResultView {
        match self.screen() {
            Screen::Collector(CollectorScreen::Result { result })
            | Screen::Collector(CollectorScreen::Recording { result }) => *result,
            other => panic!("no result: {other:?}"),
        }
    }

    pub fn answer(&self) -> Answer {
        self.result().answer
    }

    /// The scan on the screen, or one that never was.
    pub fn scan(&self) -> ScanId {
        match self.screen() {
            Screen::Collector(CollectorScreen::Result { result })
            | Screen::Collector(CollectorScreen::Recording { result }) => result.scan,
            _ => ScanId(u32::MAX),
        }
    }
}
