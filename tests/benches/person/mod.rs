//! People who come to a gate one after the other, and the collector at it.

use std::sync::Arc;
use std::time::Duration;

use camera::{Showing, Stopwatch};
use gate::window::collector::{CollectorInput, CollectorScreen, ScanId};
use gate::window::shift::{Direction, ShiftInput};
use gate::{Action, Gate, Input, Now, Screen, Setup, UserInput, WrongTries};
use stage::World;
use stories::residents::{Issuer, Resident};
use wire::ClockState;

/// How long a result is shown, and how long nobody is there afterwards.
const STANDS: Duration = Duration::from_millis(500);
const NOBODY: Duration = Duration::from_millis(400);

/// A gate with a collector signed in, and the person before it.
pub struct Person {
    gate: Gate,
    issuer: Issuer,
    showing: Showing,
    stopwatch: Stopwatch,
    number: usize,
    /// The result on the screen, and when it is discarded.
    open: Option<(ScanId, Duration)>,
    /// When the next person comes.
    next: Option<Duration>,
    /// When the code was held out that has no result yet.
    held_out: Option<Duration>,
}

impl Person {
    /// Opens the gate of a world and signs its first collector in.
    pub fn new(world: &World, showing: Showing, stopwatch: Stopwatch) -> Self {
        let (trust, _) = world.trust().unwrap();
        let checkpoint = trust.community().checkpoints[0].id;
        let (id, direction) = (checkpoint.to_string(), Direction::In);
        let now = Now { wall: stage::clock::wall(), mono: stopwatch() };
        let setup = Setup {
            trust: Some(Arc::new(trust)),
            last: None,
            changes: gate::Changes::default(),
            tries: WrongTries::default(),
            withdrawn: None,
            enrolment: gate::window::workbench::Enrolment::default(),
            seed: [1; 32],
        };
        let mut gate = Gate::new(setup, now);
        for input in [
            Input::Clock(ClockState::Trusted),
            Input::Camera { fault: None, simulated: true },
            Input::User(UserInput::Shift(ShiftInput::SignIn {
                digits: "0001".into(),
                person: None,
                secret: "246810".into(),
            })),
        ] {
            for action in gate.handle(input, now) {
                if let Action::CheckPin { attempt, .. } = action {
                    // The comparison of PINs is not measured.
                    gate.handle(Input::PinChecked { attempt, right: true }, now);
                }
            }
        }
        for action in
            gate.handle(Input::User(UserInput::Shift(ShiftInput::ChooseCheckpoint { id, direction })), now)
        {
            if let Action::Append { record, .. } = action {
                gate.handle(Input::Appended { record }, now);
            }
        }
        let view = gate.view(now);
        assert!(matches!(view.screen, Screen::Collector(CollectorScreen::Ready { .. })), "{:?}", view.screen);
        let issuer = Issuer::of(world);
        Self { gate, issuer, showing, stopwatch, number: 0, open: None, next: Some(now.mono), held_out: None }
    }

    /// Tells the gate what the reader saw. Returns whether that brought a new result.
    pub fn see(&mut self, input: Input) -> bool {
        let is_new = self.feed(input);
        if is_new {
            self.held_out = None;
        }
        is_new
    }

    /// Returns when the code was held out that has no result yet.
    pub fn held_out(&self) -> Option<Duration> {
        self.held_out
    }

    /// Does what is due: discards a result, sends the next person.
    pub fn act(&mut self) {
        self.feed(Input::Tick);
        let now = (self.stopwatch)();
        if let Some((scan, until)) = self.open
            && now >= until
        {
            self.open = None;
            self.showing.show(None);
            self.feed(Input::User(UserInput::Collector(CollectorInput::Discard { scan })));
            self.next = Some(now + NOBODY);
        }
        if self.next.is_some_and(|next| now >= next) {
            self.next = None;
            self.number += 1;
            let code = self.issuer.sign(&Resident::number(self.number), stage::clock::wall());
            self.showing.show(Some(code));
            self.held_out = Some((self.stopwatch)());
        }
    }

    fn feed(&mut self, input: Input) -> bool {
        let now = Now { wall: stage::clock::wall(), mono: (self.stopwatch)() };
        let mut is_new = false;
        for action in self.gate.handle(input, now) {
            let Action::Show(view) = action else { continue };
            let Screen::Collector(CollectorScreen::Result { result }) = &view.screen else { continue };
            if self.open.is_none_or(|(open, _)| open != result.scan) {
                self.open = Some((result.scan, now.mono + STANDS));
                is_new = true;
            }
        }
        is_new
    }
}
