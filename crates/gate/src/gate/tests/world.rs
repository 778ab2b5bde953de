//! A small deployment, and a gate in it that a test drives like a shell would.

use std::sync::Arc;
use std::time::Duration;

use health_code::trust::{RegionKey, RevocationIndex, Revocations, RoleKeys, SealingKey};
use health_code::{
    Checkpoint, CheckpointId, Claims, Colour, Community, Issuer, Person, PersonId, Policy, Region, Role,
    Root, RootPin, Timestamp, Trust, TrustFiles, TrustList,
};
use issuer::{CodeSigner, KeyPair};
use wire::{ClockState, Passage, RecordId, Report};

use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::gate::{Gate, Setup};
use crate::input::{Aim, AttemptId, Input, Now};
use crate::window::collector::{Answer, CollectorInput, CollectorScreen, ResultView, ScanId};
use crate::window::shift::ShiftInput;
use crate::window::{Screen, UserInput, View};

/// The wall clock when the monotonic one is at zero.
pub const START: Timestamp = Timestamp(1_600_000_000);
pub const DAY: i64 = 86_400;
pub const PHONE: &str = "13800000001";
pub const ADMINISTRATOR: &str = "13800000002";
pub const EAST: &str = "0101010101010101";
pub const WEST: &str = "0202020202020202";

fn key(seed: u8) -> KeyPair {
    KeyPair::from_seed(&[seed; 32])
}

/// What the trust files say, to be changed before they are signed.
#[derive(Clone)]
pub struct World {
    pub list: TrustList,
    pub community: Community,
    pub revocations: Revocations,
}

impl World {
    pub fn new() -> Self {
        let country = Region::country();
        let policy = Policy::standard(3, country.clone(), "2020-1", START.plus(-DAY), "https://code.example");
        let issuer = Issuer {
            iss: "hubei".to_owned(),
            name_zh: "样例健康码".to_owned(),
            name_en: "Sample health code".to_owned(),
            kid: key(3).kid(),
            key: key(3).public().clone(),
            regions: vec![country.clone()],
            foreign: false,
            not_before: START.plus(-100 * DAY),
            not_after: START.plus(100 * DAY),
            max_life_seconds: 300,
            max_static_life_seconds: 604_800,
            colours: true,
            recognised_by: vec![country],
            declare_url: "https://declare.example".to_owned(),
            static_cut_off: None,
            passed_on: false,
            grey_notice: None,
        };
        let list = TrustList {
            version: 7,
            root_epoch: 1,
            issued: START.plus(-DAY),
            soft_expiry: START.plus(6 * DAY),
            hard_expiry: START.plus(44 * DAY),
            issuers: vec![issuer],
            signers: Vec::new(),
            revocations: RevocationIndex::default(),
            policy,
        };
        let place = |id, name: &str| Checkpoint { id: CheckpointId([id; 8]), name: name.to_owned() };
        let community = Community {
            version: 5,
            region: "420106001001".parse().unwrap(),
            issued: START.plus(-DAY),
            name: "样例社区".to_owned(),
            contact: "样例社区居委会".to_owned(),
            policy: None,
            checkpoints: vec![place(1, "样例社区 · 东门"), place(2, "样例社区 · 西门")],
            people: vec![person(1, PHONE, Role::Collector), person(2, ADMINISTRATOR, Role::Administrator)],
            phone_key: [8; 32],
        };
        Self { list, community, revocations: Revocations::default() }
    }

    pub fn trust(&self) -> Arc<Trust> {
        let roles =
            |seed| RoleKeys { keys: vec![(key(seed).kid(), key(seed).public().clone())], threshold: 1 };
        let root = Root {
            version: 1,
            issued: START.plus(-30 * DAY),
            expires: START.plus(300 * DAY),
            root: roles(1),
            publisher: roles(2),
            regions: vec![RegionKey {
                region: "4201".parse().unwrap(),
                kid: key(4).kid(),
                key: key(4).public().clone(),
            }],
            sealing: vec![SealingKey {
                kid: health_code::key_id(&[9; 32]),
                key: [9; 32],
                not_before: START.plus(-30 * DAY),
                not_after: START.plus(300 * DAY),
            }],
            receipts: vec![health_code::trust::ReceiptKey {
                kid: key(5).kid(),
                key: key(5).public().clone(),
                not_before: START.plus(-30 * DAY),
                not_after: START.plus(300 * DAY),
            }],
        };
        let files = TrustFiles {
            root: issuer::sign_root(&root, &[&key(1)]),
            list: issuer::sign_list(&self.list, &[&key(2)]),
            community: issuer::sign_community(&self.community, &[&key(4)]),
            revocations: Arc::clone(self.revocations.bytes()),
        };
        let pin = RootPin::of(&files.root);
        Arc::new(Trust::open(files, &pin).unwrap())
    }
}

fn person(id: u8, phone: &str, role: Role) -> Person {
    Person {
        id: PersonId([id; 8]),
        masked_name: if id == 1 { "李*" } else { "王*" }.to_owned(),
        masked_phone: "138****0001".to_owned(),
        phone_hash: Community::phone_hash(&[8; 32], phone),
        pin_phc: format!("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaG{id}"),
        role,
    }
}

/// A green code of somebody in this community, issued `age` seconds after [`START`].
pub fn claims(who: u8, age: i64) -> Claims {
    Claims {
        iss: "hubei".to_owned(),
        iat: START.plus(age),
        exp: START.plus(age + 300),
        pseudonym: [who; 16],
        masked_name: format!("{}*", ["张", "赵", "钱", "孙", "周", "吴"][usize::from(who) % 6]),
        masked_id: format!("4201**********{:04}", 1000 + u32::from(who)),
        colour: Colour::Green,
        region: "420106001001".parse().unwrap(),
        symptoms: 0,
        temperature: Some(365),
        sealed_declaration: vec![who; 120],
        is_static: false,
        declared_at: Timestamp(START.0 / 3600 * 3600 - 7200),
    }
}

pub fn sign(claims: &Claims) -> String {
    CodeSigner::new(key(3)).sign(claims).unwrap()
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
    CodeSigner::new(key(99)).sign(&claims(who, -10)).unwrap()
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
