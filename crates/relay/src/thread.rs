//! The relay's thread: it looks whether the chosen relay is there, and pulses it when it is told to.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use scanner::{Stopwatch, System};

use crate::choice::RelayChoice;
use crate::fault::RelayFault;
use crate::limits::WAITING;
use crate::look::look;
use crate::port;
use crate::pulses::{PassageId, Pulses};
use crate::switch;

/// Pause between two looks whether the relay is there.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// How a relay does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelayState {
    /// Nobody has looked for it yet.
    Starting,
    /// It is there, as far as can be told without opening it.
    Ready,
    /// It does not work. What should have been pulsed is not made up for.
    Fault(RelayFault),
}

/// What was heard of a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// How it does has changed.
    State(RelayState),
    /// What came of a pulse that somebody asked for, to try the relay.
    Tried(Result<(), RelayFault>),
}

/// A running relay. Dropping it ends a pulse, and the thread.
#[derive(Debug)]
pub struct RelayHandle {
    clock: Clock,
    /// Both are dropped to end the thread.
    orders: Option<SyncSender<Order>>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl RelayHandle {
    /// Asks for the pulse of a passage that is recorded, and whose person was let through. Waits for nothing;
    /// what there is no room for is dropped.
    pub fn let_through(&self, passage: PassageId) {
        self.order(Order::Passage(passage, (self.clock.0)()));
    }

    /// Asks for one pulse, to try the relay.
    pub fn try_out(&self) {
        self.order(Order::Try);
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.try_send(order);
        }
    }
}

impl Drop for RelayHandle {
    fn drop(&mut self) {
        (self.orders, self.stop) = (None, None);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the relay's thread had panicked");
        }
    }
}

/// Pulses the chosen relay once, to try it, and waits until that is over.
///
/// # Errors
/// [`RelayFault`].
pub fn pulse_once(choice: &RelayChoice, system: &System) -> Result<(), RelayFault> {
    let path = look(choice, system)?;
    let mut open = port::open(choice, &path)?;
    switch::pulse(open.as_mut(), || std::thread::sleep(choice.pulse().length()))
}

/// Runs the chosen relay; `None` for a choice that has none. `tell` gets what is heard, and returns whether to
/// go on.
///
/// # Errors
/// When no thread can be started.
pub fn spawn(
    choice: &RelayChoice,
    clock: Stopwatch,
    tell: impl FnMut(Heard) -> bool + Send + 'static,
) -> std::io::Result<Option<RelayHandle>> {
    spawn_on(System::default(), choice, clock, tell)
}

/// Runs the chosen relay of a system whose folders are elsewhere.
///
/// # Errors
/// When no thread can be started.
pub fn spawn_on(
    system: System,
    choice: &RelayChoice,
    clock: Stopwatch,
    tell: impl FnMut(Heard) -> bool + Send + 'static,
) -> std::io::Result<Option<RelayHandle>> {
    if *choice == RelayChoice::None {
        return Ok(None);
    }
    let (orders, ordered) = sync_channel(WAITING);
    let (stop, stopped) = channel();
    let clock = Clock(clock);
    let work = Work {
        system,
        choice: choice.clone(),
        clock: clock.clone(),
        tell,
        ordered,
        stopped,
        pulses: Pulses::default(),
        tries: false,
        state: RelayState::Starting,
        failed: None,
    };
    let thread = std::thread::Builder::new().name("relay".into()).spawn(move || work.run())?;
    Ok(Some(RelayHandle { clock, orders: Some(orders), stop: Some(stop), thread: Some(thread) }))
}

#[derive(Clone)]
struct Clock(Stopwatch);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

#[derive(Debug)]
enum Order {
    /// A passage, and when it was asked for.
    Passage(PassageId, Duration),
    Try,
}

struct Work<F> {
    system: System,
    choice: RelayChoice,
    clock: Clock,
    tell: F,
    ordered: Receiver<Order>,
    stopped: Receiver<()>,
    pulses: Pulses,
    /// Somebody asked for a pulse to try the relay.
    tries: bool,
    state: RelayState,
    /// Why the last pulse failed, as long as the relay is there and none went well.
    failed: Option<RelayFault>,
}

/// The thread is to end.
struct Stop;

impl<F: FnMut(Heard) -> bool> Work<F> {
    fn run(mut self) {
        while self.turn().is_ok() {}
    }

    fn turn(&mut self) -> Result<(), Stop> {
        self.look()?;
        let wait = self.pulses.wait(self.now()).unwrap_or(LOOKS_EVERY).min(LOOKS_EVERY);
        match self.ordered.recv_timeout(wait) {
            Ok(Order::Passage(passage, at)) => self.pulses.ask(passage, at),
            Ok(Order::Try) => self.tries = true,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(Stop),
        }
        if self.is_over() {
            return Err(Stop);
        }
        if self.pulses.begin(self.now()).is_some() {
            // What came of it is the relay's state, and nothing else remembers it.
            let _ = self.pulse();
        } else if self.tries && self.pulses.wait(self.now()).is_none() {
            // People come first.
            self.tries = false;
            let tried = self.pulse();
            self.say(Heard::Tried(tried))?;
        }
        Ok(())
    }

    /// Pulses the relay now, or not at all.
    fn pulse(&mut self) -> Result<(), RelayFault> {
        let opened = look(&self.choice, &self.system).and_then(|path| port::open(&self.choice, &path));
        let pulsed = opened.and_then(|mut open| {
            // The end of the program ends the pulse.
            let hold = || _ = self.stopped.recv_timeout(self.choice.pulse().length());
            switch::pulse(open.as_mut(), hold)
        });
        self.pulses.end(self.now());
        // What a look sees is said as long as it sees it.
        self.failed = pulsed.err().filter(|_| look(&self.choice, &self.system).is_ok());
        pulsed
    }

    fn look(&mut self) -> Result<(), Stop> {
        let looked = look(&self.choice, &self.system);
        if looked == Err(RelayFault::Absent) {
            // What is plugged in again begins anew.
            self.failed = None;
        }
        let state = match (looked, self.failed) {
            (Err(fault), _) | (Ok(_), Some(fault)) => RelayState::Fault(fault),
            (Ok(_), None) => RelayState::Ready,
        };
        if std::mem::replace(&mut self.state, state) == state {
            Ok(())
        } else {
            self.say(Heard::State(state))
        }
    }

    fn is_over(&self) -> bool {
        self.stopped.try_recv() == Err(TryRecvError::Disconnected)
    }

    fn now(&self) -> Duration {
        (self.clock.0)()
    }

    fn say(&mut self, heard: Heard) -> Result<(), Stop> {
        if (self.tell)(heard) { Ok(()) } else { Err(Stop) }
    }
}

#[cfg(test)]
mod tests;
