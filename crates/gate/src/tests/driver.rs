//! A gate in the tests' deployment, driven as a shell would drive it.

use std::time::Duration;

use wire::{ClockState, Passage, RecordId, Report};

use super::world::{EAST, PHONE, START, World};
use crate::action::{Action, Sound};
use crate::fault::Fault;
use crate::input::{Aim, AttemptId, Input, Now};
use crate::router::{Gate, Setup};
use crate::window::collector::{Answer, CollectorInput, CollectorScreen, ResultView, ScanId};
use crate::window::shift::ShiftInput;
use crate::window::{Screen, UserInput, View};

/// A gate with the shell's clocks around it, and what the gate asked the shell to do.
pub struct Driver {
    pub gate: Gate,
    pub mono: Duration,
    /// Seconds by which the wall clock is ahead of the monotonic one.
    pub off: i64,
    /// All actions since the last [`Driver::taken`].
    pub actions: Vec<Action>,
}

impl Driver {
    /// Returns a gate with a good clock, and nobody signed in.
    pub fn new(world: &World) -> Self {
        let setup = Setup { trust: Some(world.trust()), last_checkpoint: None, seed: [42; 32] };
        let gate = Gate::new(setup, Now { wall: START, mono: Duration::ZERO });
        let mut driver = Self { gate, mono: Duration::ZERO, off: 0, actions: Vec::new() };
        driver.send(Input::Clock(ClockState::Trusted));
        driver.send(Input::Camera { fault: None, simulated: false });
        driver.taken();
        driver
    }

    /// Returns a gate at which somebody is signed in and has chosen no checkpoint.
    pub fn signed_in(world: &World, phone: &str) -> Self {
        let mut driver = Self::new(world);
        driver.sign_in(phone, true);
        driver.save();
        driver
    }

    /// Returns a gate with a collector at the east gate, waiting for a code.
    pub fn ready(world: &World) -> Self {
        let mut driver = Self::signed_in(world, PHONE);
        driver.user(ShiftInput::ChooseCheckpoint { id: EAST.to_owned() });
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

    pub fn sign_in(&mut self, phone: &str, right: bool) {
        self.user(ShiftInput::SignIn { phone: phone.to_owned(), pin: "246810".to_owned() });
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
