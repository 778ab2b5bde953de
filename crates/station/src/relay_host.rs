//! The station's relay: it runs the chosen one, hands it the passages that were let through, and knows what a
//! device page may show.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gate::Input;
use gate::window::relay::{RelayTrouble, RelayView};
use relay::{Heard, PassageId, RelayChoice, RelayFault, RelayHandle, RelayState};
use scanner::{ScannerChoice, System};
use wire::RecordId;

use crate::clock::SystemClock;
use crate::inputs::Inputs;
use crate::serial_choice;

/// How the chosen relay does. What it did for whom is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayStatus {
    /// The choice.
    pub choice: RelayChoice,
    /// How it does; [`RelayState::Starting`] for none.
    pub state: RelayState,
    /// What came of the last pulse by which an administrator tried it, in this run.
    pub tried: Option<Result<(), RelayFault>>,
}

impl RelayStatus {
    /// Returns whether the chosen relay is there and may be used, without opening it; `None` without one.
    pub(crate) fn look(&self) -> Option<Result<(), RelayTrouble>> {
        if self.choice == RelayChoice::None {
            return None;
        }
        let looked = match self.state {
            RelayState::Fault(fault) => Err(fault),
            RelayState::Starting | RelayState::Ready => {
                relay::look(&self.choice, &System::default()).map(|_| ())
            }
        };
        Some(looked.map_err(trouble_of))
    }
}

/// Runs at most one relay.
pub(crate) struct RelayHost {
    inputs: Inputs,
    running: Mutex<Option<RelayHandle>>,
    status: Arc<Mutex<RelayStatus>>,
}

impl RelayHost {
    pub(crate) fn new(inputs: Inputs) -> Self {
        let status = status_of(RelayChoice::None, RelayState::Starting);
        Self { inputs, running: Mutex::new(None), status: Arc::new(Mutex::new(status)) }
    }

    /// Runs the chosen relay instead of the one before; none that is the scanner.
    ///
    /// # Errors
    /// When no thread can be started. No relay runs then.
    pub(crate) fn run(&self, choice: RelayChoice, scanner: &ScannerChoice) -> std::io::Result<()> {
        let mut running = lock(&self.running);
        *running = None;
        let chosen = choice != RelayChoice::None;
        if serial_choice::is_one(scanner, &choice) {
            // Somebody wrote that into the settings.
            let fault = RelayFault::IsScanner;
            *lock(&self.status) = status_of(choice, RelayState::Fault(fault));
            self.inputs.tell(Input::Relay(RelayView { chosen, fault: Some(trouble_of(fault)) }));
            return Ok(());
        }
        *lock(&self.status) = status_of(choice.clone(), RelayState::Starting);
        self.inputs.tell(Input::Relay(RelayView { chosen, fault: None }));
        let (inputs, status) = (self.inputs.clone(), Arc::clone(&self.status));
        let tell = move |heard| match hear(heard, &status) {
            Some(view) => inputs.tell(Input::Relay(view)),
            None => true,
        };
        *running = relay::spawn(&choice, Arc::new(SystemClock::since_start), tell)?;
        Ok(())
    }

    /// Runs another relay, as [`RelayHost::run`] does.
    pub(crate) fn exchange(&self, choice: RelayChoice, scanner: &ScannerChoice) {
        if let Err(error) = self.run(choice, scanner) {
            tracing::error!(%error, "no thread for a relay");
        }
    }

    /// Stops the relay, if one runs.
    pub(crate) fn stop(&self) {
        *lock(&self.running) = None;
    }

    /// Hands the relay a passage that is recorded, and whose person was let through. The gate waits for nothing:
    /// while the relay is being exchanged there is none.
    pub(crate) fn let_through(&self, record: RecordId) {
        if let Ok(running) = self.running.try_lock()
            && let Some(relay) = &*running
        {
            relay.let_through(PassageId(record.0));
        }
    }

    /// Pulses the relay once, because an administrator asked for it.
    pub(crate) fn try_out(&self) {
        lock(&self.status).tried = None;
        if let Some(relay) = &*lock(&self.running) {
            relay.try_out();
        }
    }

    pub(crate) fn status(&self) -> RelayStatus {
        lock(&self.status).clone()
    }

    /// Returns the port that is the relay's, which nobody else may open.
    pub(crate) fn port(&self) -> Option<PathBuf> {
        scanner::port_of(lock(&self.status).choice.port()?, &System::default())
    }
}

/// Takes note of what was heard of a relay, and returns what the gate is told.
fn hear(heard: Heard, status: &Mutex<RelayStatus>) -> Option<RelayView> {
    match heard {
        Heard::State(state) => {
            lock(status).state = state;
            let fault = match state {
                RelayState::Fault(fault) => Some(trouble_of(fault)),
                RelayState::Starting | RelayState::Ready => None,
            };
            Some(RelayView { chosen: true, fault })
        }
        Heard::Tried(tried) => {
            lock(status).tried = Some(tried);
            None
        }
    }
}

fn status_of(choice: RelayChoice, state: RelayState) -> RelayStatus {
    RelayStatus { choice, state, tried: None }
}

pub(crate) fn trouble_of(fault: RelayFault) -> RelayTrouble {
    match fault {
        RelayFault::Absent => RelayTrouble::Absent,
        RelayFault::NoPermission => RelayTrouble::NoPermission,
        RelayFault::Busy => RelayTrouble::Busy,
        RelayFault::Unusable => RelayTrouble::Unusable,
        RelayFault::IsScanner => RelayTrouble::IsScanner,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change under these locks is one assignment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use relay::Pulse;
    use scanner::Port;

    use super::*;
    use crate::inputs::Message;

    fn told(message: Message) -> RelayView {
        match message {
            Message::Input(Input::Relay(view)) => view,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_gate_hears_of_a_relay_and_of_none_and_of_one_that_is_the_scanner() {
        let (inputs, messages) = Inputs::channel();
        let host = RelayHost::new(inputs);
        host.run(RelayChoice::None, &ScannerChoice::Window).unwrap();
        assert_eq!(told(messages.recv().unwrap()), RelayView::default());
        assert_eq!(host.port(), None);
        // Nothing comes of a passage where there is no relay.
        host.let_through(RecordId([1; 16]));

        let port = Port::Path { path: "/nowhere/ttyS0".into() };
        let choice = RelayChoice::Bytes { port: port.clone(), pulse_ms: Pulse::default() };
        host.run(choice.clone(), &ScannerChoice::serial(port)).unwrap();
        let fault = Some(RelayTrouble::IsScanner);
        assert_eq!(told(messages.recv().unwrap()), RelayView { chosen: true, fault });
        assert_eq!(host.status().state, RelayState::Fault(RelayFault::IsScanner));

        host.run(choice, &ScannerChoice::Window).unwrap();
        assert_eq!(told(messages.recv().unwrap()), RelayView { chosen: true, fault: None });
        let fault = Some(RelayTrouble::Absent);
        assert_eq!(told(messages.recv().unwrap()), RelayView { chosen: true, fault });
        host.try_out();
        while host.status().tried.is_none() {
            std::thread::yield_now();
        }
        assert_eq!(host.status().tried, Some(Err(RelayFault::Absent)));
        assert_eq!(host.status().look(), Some(Err(RelayTrouble::Absent)));
        assert_eq!(status_of(RelayChoice::None, RelayState::Starting).look(), None);
        host.stop();
    }

    #[test]
    fn the_gates_words_for_faults_are_the_relays() {
        let all = [
            RelayFault::Absent,
            RelayFault::NoPermission,
            RelayFault::Busy,
            RelayFault::Unusable,
            RelayFault::IsScanner,
        ];
        for fault in all {
            assert_eq!(serde_json::to_value(trouble_of(fault)).unwrap(), fault.code());
        }
    }
}
