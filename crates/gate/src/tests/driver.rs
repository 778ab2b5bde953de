//! A gate in the tests' deployment, driven as a shell would drive it.

use std::sync::Arc;
use std::time::Duration;

use health_code::Trust;
use wire::{ClockState, Passage, RecordId, Report};

use super::world::{EAST, PHONE, START, World};
use crate::action::{Action, Sound};
use crate::changes::Changes;
use crate::fault::Fault;
use crate::input::{Aim, AttemptId, Input, Now};
use crate::router::{Gate, Setup};
use crate::shift::WrongTries;
use crate::window::collector::{Answer, CollectorInput, CollectorScreen, ResultView, ScanId};
use crate::window::shift::{Direction, ShiftId, ShiftInput};
use crate::window::station::StationInput;
use crate::window::workbench::Enrolment;
use crate::window::{Screen, UserInput, View};

/// A gate with the shell's clocks around it, and what the gate asked the shell to do.
pub struct Driver {
    pub gate: Gate,
    pub mono: Duration,
    /// Seconds by which the wall clock is ahead of the monotonic one.
    pub off: i64,
    /// All actions since the last [`Driver::taken`].
    pub actions: Vec<Action>,
    /// What the window shows.
    shown: View,
}

/// Returns what a gate begins with that has never signed anybody in.
pub fn setup(world: &World) -> Setup {
    setup_by(world.trust())
}

fn setup_by(trust: Arc<Trust>) -> Setup {
    let tries = WrongTries::default();
    Setup {
        trust: Some(trust),
        last: None,
        changes: Changes::default(),
        tries,
        withdrawn: None,
        enrolment: Enrolment::default(),
        seed: [42; 32],
    }
}

/// Returns the sign-in of whoever has this phone.
pub fn typed(phone: &str) -> ShiftInput {
    let digits = phone[phone.len() - 4..].to_owned();
    ShiftInput::SignIn { digits, person: None, secret: "246810".to_owned() }
}

impl Driver {
    /// Returns a gate with a good clock, and nobody signed in.
    pub fn new(world: &World) -> Self {
        Self::by(setup(world))
    }

    /// Returns a gate that begins like this, with a good clock.
    pub fn by(setup: Setup) -> Self {
        let gate = Gate::new(setup, Now { wall: START, mono: Duration::ZERO });
        let shown = gate.view(Now { wall: START, mono: Duration::ZERO });
        let mut driver = Self { gate, mono: Duration::ZERO, off: 0, actions: Vec::new(), shown };
        driver.send(Input::Clock(ClockState::Trusted));
        driver.send(Input::Camera { fault: None, simulated: false });
        driver.taken();
        driver
    }

    /// Returns a gate at which somebody is signed in and has chosen no checkpoint.
    pub fn signed_in(world: &World, phone: &str) -> Self {
        Self::new(world).with(phone)
    }

    /// Signs somebody in.
    fn with(self, phone: &str) -> Self {
        let mut driver = self;
        driver.sign_in(phone, true);
        driver.save();
        driver
    }

    /// Returns a gate with a collector at the east gate, waiting for a code.
    pub fn ready(world: &World) -> Self {
        Self::ready_by(&world.trust())
    }

    /// Returns the same by a trust that was made before.
    pub fn ready_by(trust: &Arc<Trust>) -> Self {
        let mut driver = Self::by(setup_by(Arc::clone(trust))).with(PHONE);
        driver.choose(EAST);
        driver.save();
        driver.taken();
        assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
        driver
    }

    pub fn now(&self) -> Now {
        let seconds = i64::try_from(self.mono.as_secs()).unwrap();
        Now { wall: START.plus(seconds + self.off), mono: self.mono }
    }

    pub fn send(&mut self, input: Input) {
        let now = self.now();
        let actions = self.gate.handle(input, now);
        if let Some(Action::Show(view)) = actions.first() {
            self.shown = (**view).clone();
        }
        self.actions.extend(actions);
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

    /// Lets time pass, and then sends one tick.
    pub fn wait(&mut self, millis: u64) {
        self.mono += Duration::from_millis(millis);
        self.send(Input::Tick);
    }

    /// Holds a code before the camera, at ten frames per second.
    pub fn hold(&mut self, text: &str, millis: u64) {
        for _ in 0..millis / 100 {
            self.mono += Duration::from_millis(100);
            self.see(text);
        }
    }

    /// Chooses a checkpoint, for people who go in.
    pub fn choose(&mut self, id: &str) {
        self.user(ShiftInput::ChooseCheckpoint { id: id.to_owned(), direction: Direction::In });
    }

    /// Ends the shift that the bar shows, or one that never was.
    pub fn end_shift(&mut self) {
        let shift = self.view().bar.shift.unwrap_or(ShiftId(u32::MAX));
        self.user(ShiftInput::EndShift { shift });
    }

    /// Types the last digits of a phone and a PIN, and answers whether that was right.
    pub fn sign_in(&mut self, phone: &str, right: bool) {
        self.user(typed(phone));
        if let Some(attempt) = self.attempt() {
            self.send(Input::PinChecked { attempt, right });
        }
    }

    /// Returns the PIN check that was asked for last.
    pub fn attempt(&self) -> Option<AttemptId> {
        self.actions.iter().rev().find_map(|action| match action {
            Action::CheckPin { attempt, .. } => Some(*attempt),
            _ => None,
        })
    }

    /// Vouches for a time so many seconds away from the one in the bar.
    pub fn assert_time(&mut self, off: i64) {
        let shown = self.view().bar.now.plus(off);
        self.user(StationInput::AssertTime { shown });
    }

    pub fn enter(&mut self) {
        let scan = self.scan();
        self.user(CollectorInput::Confirm { scan });
    }

    pub fn escape(&mut self) {
        let scan = self.scan();
        self.user(CollectorInput::Discard { scan });
    }

    /// Answers every append among the actions: the report is durable.
    pub fn save(&mut self) {
        for (record, _) in self.appends() {
            self.send(Input::Appended { record });
        }
    }

    /// Answers every append among the actions: the report could not be made durable.
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

    /// Returns the only report that was asked for: a passage.
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

    /// Returns the actions since the last call.
    pub fn taken(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    pub fn view(&self) -> View {
        self.gate.view(self.now())
    }

    /// Returns what the window shows, whatever time it is by now.
    pub fn shown(&self) -> Screen {
        self.shown.screen.clone()
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

    /// Returns the scan on the screen, or one that never was.
    pub fn scan(&self) -> ScanId {
        match self.screen() {
            Screen::Collector(CollectorScreen::Result { result })
            | Screen::Collector(CollectorScreen::Recording { result }) => result.scan,
            _ => ScanId(u32::MAX),
        }
    }
}
