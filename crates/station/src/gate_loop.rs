//! The gate's thread: it hands the gate one input after the other, and performs its actions.
//!
//! It waits for nobody. What takes time (disk, PIN, network) happens on other threads, whose answers
//! arrive as inputs.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use gate::window::UserInput;
use gate::window::collector::{CollectorInput, CollectorScreen};
use gate::window::shift::ShiftScreen;
use gate::window::workbench::WorkbenchScreen;
use gate::{Action, Aim, Gate, IGNORES_KEYS, Input, LastPlace, Now, OUT_OF_VIEW, Screen, View};
use health_code::Timestamp;
use wire::ClockState;

use crate::clock::Clock;
use crate::device::Desk;
use crate::display::Display;
use crate::entropy;
use crate::gps::{Gps, Heard};
use crate::inputs::{Inputs, Message};
use crate::notebook::Notebook;
use crate::outbox::handle::OutboxHandle;
use crate::reading::Switch;
use crate::relay_host::RelayHost;
use crate::scanner_host::ScannerHost;
use crate::script::{Pending, Step, StepProblem};
use crate::stick::Order;
use crate::wake::Wake;

/// A tick comes at least this often.
const TICK: Duration = Duration::from_millis(250);

/// What the gate's thread works with.
pub(crate) struct Parts {
    pub clock: Arc<dyn Clock>,
    pub outbox: OutboxHandle,
    pub display: Box<dyn Display>,
    pub notebook: Notebook,
    pub switch: Arc<Switch>,
    /// Does what an administrator asks for on the device page.
    pub desk: Desk,
    /// Hands the uplink the changes whose end is awaited.
    pub wake: Arc<Wake>,
    /// Where sticks are asked for.
    pub sticks: Sender<Order>,
    /// Where the gate's own inputs go: a GPS receiver's.
    pub inputs: Inputs,
    /// Whose serial port no GPS receiver is looked for at.
    pub scanner: Arc<ScannerHost>,
    /// Obeys recorded passages; its port is nobody else's either.
    pub relay: Arc<RelayHost>,
    /// Whether waits are skipped by putting the monotonic clock forward. For scripts only.
    pub hurry: bool,
}

/// The gate and its surroundings.
pub(crate) struct GateLoop {
    gate: Gate,
    parts: Parts,
    /// Looks for a receiver while a checkpoint can be added.
    gps: Gps,
    clock_told: ClockState,
    past_told: Option<Timestamp>,
    /// The sum of the waits that were skipped.
    skipped: Duration,
    last_tick: Duration,
    place: Option<LastPlace>,
    /// Number of reports that the outbox has not answered yet.
    appending: usize,
    /// What is on the screen, and since when, if it is a result.
    view: View,
    shown: Option<Duration>,
    pending: Option<Pending>,
}

impl GateLoop {
    pub(crate) fn new(setup: gate::Setup, parts: Parts) -> Self {
        let (now, clock) = parts.clock.read();
        let place = setup.last;
        let mut gate = Gate::new(setup, now);
        let actions = gate.handle(Input::Clock(clock), now);
        let mut this = Self {
            view: gate.view(now),
            gate,
            parts,
            gps: Gps::default(),
            clock_told: clock,
            past_told: None,
            skipped: Duration::ZERO,
            last_tick: now.mono,
            place,
            appending: 0,
            shown: None,
            pending: None,
        };
        this.parts.display.show(&this.view);
        this.perform(actions);
        this
    }

    /// Runs until it is told to stop, or until the last sender is dropped.
    pub(crate) fn run(mut self, messages: &Receiver<Message>) {
        loop {
            match messages.recv_timeout(self.patience()) {
                Ok(Message::Input(input)) => self.feed(input),
                Ok(Message::Step(pending)) => self.pending = Some(pending),
                Ok(Message::OwesReports(answer)) => _ = answer.send(self.gate.owes_reports()),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    // What can still be taken back goes to the outbox, which ends after this thread.
                    return self.feed(Input::Closing);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.tick_when_due();
            self.take_step();
        }
    }

    /// Returns the time until the next tick, deadline or scripted step.
    fn patience(&self) -> Duration {
        let mono = self.now().0.mono;
        let tick = self.last_tick + TICK;
        let due = self.gate.next_deadline().map_or(tick, |deadline| deadline.min(tick));
        let heard = self.pending.as_ref().and(self.shown).map(|since| since + IGNORES_KEYS);
        let due = heard.filter(|heard| *heard > mono).map_or(due, |heard| heard.min(due));
        due.saturating_sub(mono)
    }

    fn tick_when_due(&mut self) {
        let mono = self.now().0.mono;
        let deadline = self.gate.next_deadline().is_some_and(|deadline| deadline <= mono);
        if deadline || mono >= self.last_tick + TICK {
            self.last_tick = mono;
            self.feed(Input::Tick);
        }
    }

    fn now(&self) -> (Now, ClockState) {
        let (now, clock) = self.parts.clock.read();
        (Now { mono: now.mono + self.skipped, ..now }, clock)
    }

    /// Hands one input to the gate, and before it the state of the clock if that has changed.
    fn feed(&mut self, input: Input) {
        let (now, clock) = self.now();
        let past = self.parts.clock.past().filter(|_| clock == ClockState::Wrong);
        if let Some(moment) = past.filter(|_| past != self.past_told) {
            self.past_told = past;
            let actions = self.handle(Input::Past(moment), now);
            self.perform(actions);
        }
        if clock != self.clock_told {
            self.clock_told = clock;
            let actions = self.handle(Input::Clock(clock), now);
            self.perform(actions);
        }
        if matches!(input, Input::Appended { .. } | Input::AppendFailed { .. }) {
            self.appending = self.appending.saturating_sub(1);
        }
        let actions = self.handle(input, now);
        self.perform(actions);
        self.keep_place();
    }

    /// Hands the gate an input, and fresh randomness before it.
    fn handle(&mut self, input: Input, now: Now) -> Vec<Action> {
        match entropy::bytes() {
            Ok(fresh) => self.gate.stir(fresh),
            Err(error) => tracing::error!(%error, "an input without fresh randomness"),
        }
        self.gate.handle(input, now)
    }

    fn perform(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Show(view) => self.show(*view),
                Action::Play(sound) => self.parts.display.play(sound),
                Action::Append { record, report } => {
                    self.appending += 1;
                    self.parts.outbox.append(record, report);
                }
                Action::AssertTime => {
                    tracing::warn!("an administrator vouches for the machine's time");
                    // The gate gets the new state of the clock before the next input.
                    self.parts.clock.assert_now();
                }
                Action::KeepChanges(changes) => self.parts.notebook.keep_changes(changes),
                Action::HashPin { attempt, pin } => self.parts.notebook.hash_pin(attempt, pin),
                // Nobody answers only where the thread is gone.
                Action::LookForSticks => _ = self.parts.sticks.send(Order::Look),
                Action::CarryStick => _ = self.parts.sticks.send(Order::Carry),
                Action::Device(asked) => self.parts.desk.ask(asked),
                Action::LetThrough { record } => self.parts.relay.let_through(record),
                Action::UpdateNow => self.parts.wake.send_now(),
                Action::Await(records) => self.parts.wake.set_awaited(records),
                Action::KeepTries(tries) => self.parts.notebook.keep_tries(tries),
                Action::CheckPin { attempt, pin, phc, tries } => {
                    self.parts.notebook.check_pin(attempt, pin, phc, tries);
                }
            }
        }
    }

    fn show(&mut self, view: View) {
        // A result that comes back after a failed recording is deaf to keys again.
        self.shown = match (view.screen.open_result(), self.view.screen.open_result()) {
            (Some(result), Some(before)) if result.scan == before.scan => self.shown,
            (Some(_), _) => Some(self.now().0.mono),
            (None, _) => None,
        };
        self.parts.switch.wanted.store(view.screen.reads_codes(), Ordering::Release);
        let tries = matches!(view.screen, Screen::Workbench(WorkbenchScreen::Device { .. }));
        self.parts.switch.tries.store(tries, Ordering::Release);
        self.parts.desk.note(&view, tries);
        let inputs = self.parts.inputs.clone();
        let (scanner, relay) = (Arc::clone(&self.parts.scanner), Arc::clone(&self.parts.relay));
        let taken = move || scanner.port().into_iter().chain(relay.port()).collect();
        self.gps.want(view.screen.gps(), Arc::new(taken), move |heard| {
            inputs.tell(match heard {
                Heard::Plugged(plugged) => Input::ReceiverPlugged(plugged),
                Heard::At(located) => Input::Located(located),
            })
        });
        self.parts.display.show(&view);
        self.view = view;
    }

    /// Has the chosen checkpoint and direction written down for the next start.
    fn keep_place(&mut self) {
        let place = self.gate.last_place();
        if place == self.place {
            return;
        }
        self.place = place;
        if let Some(place) = place {
            self.parts.notebook.keep_place(place);
        }
    }

    /// Takes the scripted step, if the gate is ready for it.
    fn take_step(&mut self) {
        if is_checking(&self.view.screen) || self.appending > 0 {
            return;
        }
        let Some(Pending { step, done }) = self.pending.take() else { return };
        if presses_a_key(&step) && !self.is_heard() {
            self.pending = Some(Pending { step, done });
            return;
        }
        let outcome = match step {
            Step::User(input) => {
                self.feed(Input::User(input));
                Ok(())
            }
            Step::Scan(text) => {
                // A new code is held out: the one before left the picture first.
                if matches!(
                    self.view.screen,
                    Screen::Collector(
                        CollectorScreen::Ready { .. }
                            | CollectorScreen::Recorded
                            | CollectorScreen::Unconfirmed
                    )
                ) {
                    self.skip(OUT_OF_VIEW);
                }
                self.feed(Input::CodeSeen { text, aim: Aim::Alone });
                Ok(())
            }
            Step::ConfirmShown => self.confirm_shown(),
        };
        let _ = done.send(outcome);
    }

    fn confirm_shown(&mut self) -> Result<(), StepProblem> {
        let Some(result) = self.view.screen.open_result() else { return Err(StepProblem::NothingShown) };
        if !result.can_confirm {
            return Err(StepProblem::NotConfirmable);
        }
        let scan = result.scan;
        self.feed(Input::User(CollectorInput::Confirm { scan }.into()));
        Ok(())
    }

    /// Returns whether the gate reacts to keys, which it does not in a result's first moments.
    fn is_heard(&mut self) -> bool {
        let Some(since) = self.shown else { return true };
        let heard = since + IGNORES_KEYS;
        self.skip(heard.saturating_sub(self.now().0.mono));
        self.now().0.mono >= heard
    }

    /// Puts the monotonic clock forward instead of waiting, if waits are skipped.
    fn skip(&mut self, wait: Duration) {
        if self.parts.hurry {
            self.skipped += wait;
        }
    }
}

/// Returns whether a PIN is being compared or hashed.
fn is_checking(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Shift(
            ShiftScreen::SignedOut { checking: true, .. } | ShiftScreen::Door { checking: true, .. }
        ) | Screen::Workbench(
            WorkbenchScreen::AddCollector { saving: true, .. } | WorkbenchScreen::NewPin { saving: true, .. }
        )
    )
}

fn presses_a_key(step: &Step) -> bool {
    matches!(
        step,
        Step::ConfirmShown
            | Step::User(UserInput::Collector(
                CollectorInput::Confirm { .. }
                    | CollectorInput::TurnAway { .. }
                    | CollectorInput::Discard { .. }
                    | CollectorInput::DeclareAgain { .. }
            ))
    )
}
