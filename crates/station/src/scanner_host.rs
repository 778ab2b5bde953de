//! The station's hand scanner: it runs the chosen one, tells the gate, and knows what a device page may show.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gate::window::scanner::{ScannerTrouble, ScannerView, ScannerWay};
use gate::{Input, Scan};
use health_code::Timestamp;
use scanner::{Frame, Heard, ScannerChoice, ScannerFault, ScannerHandle, ScannerState, System};
use zeroize::Zeroizing;

use crate::clock::{Clock, SystemClock};
use crate::inputs::Inputs;

/// How the chosen hand scanner does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannerStatus {
    /// The choice.
    pub choice: ScannerChoice,
    /// How it does; [`ScannerState::Starting`] for a choice that has no device.
    pub state: ScannerState,
    /// When it sent something last, in this run. Nothing is kept of what.
    pub last_read: Option<Timestamp>,
}

/// Is handed what the scanner reads before the gate, and returns whether it took it away from the gate.
pub(crate) type Ear = Arc<dyn Fn(&Scan) -> bool + Send + Sync>;

/// Runs at most one scanner.
pub(crate) struct ScannerHost {
    clock: Arc<dyn Clock>,
    inputs: Inputs,
    ear: Ear,
    running: Mutex<Option<ScannerHandle>>,
    status: Arc<Mutex<ScannerStatus>>,
}

impl ScannerHost {
    pub(crate) fn new(clock: Arc<dyn Clock>, inputs: Inputs, ear: Ear) -> Self {
        let status = ScannerStatus {
            choice: ScannerChoice::default(),
            state: ScannerState::Starting,
            last_read: None,
        };
        Self { clock, inputs, ear, running: Mutex::new(None), status: Arc::new(Mutex::new(status)) }
    }

    /// Runs the chosen scanner instead of the one before.
    ///
    /// # Errors
    /// When no thread can be started. No scanner runs then.
    pub(crate) fn run(&self, choice: ScannerChoice) -> std::io::Result<()> {
        let mut running = lock(&self.running);
        *running = None;
        let mut view = ScannerView { way: way_of(&choice), fault: None, reading: None };
        // Until it was opened nobody knows that it is there.
        if matches!(view.way, ScannerWay::Serial | ScannerWay::Keyboard) {
            view.fault = Some(ScannerTrouble::Absent);
        }
        *lock(&self.status) =
            ScannerStatus { choice: choice.clone(), state: ScannerState::Starting, last_read: None };
        self.inputs.tell(Input::Scanner(view));
        let (inputs, ear) = (self.inputs.clone(), Arc::clone(&self.ear));
        let (status, clock) = (Arc::clone(&self.status), Arc::clone(&self.clock));
        let tell = move |heard| {
            let heard = hear(heard, &mut view, &status, &*clock);
            matches!(&heard, Input::Scanned(scan) if ear(scan)) || inputs.tell(heard)
        };
        *running = scanner::spawn(&choice, Arc::new(SystemClock::since_start), tell)?;
        Ok(())
    }

    /// Runs another scanner, as [`ScannerHost::run`] does.
    pub(crate) fn exchange(&self, choice: ScannerChoice) {
        if let Err(error) = self.run(choice) {
            tracing::error!(%error, "no thread for a hand scanner");
        }
    }

    /// Stops the scanner, if one runs.
    pub(crate) fn stop(&self) {
        *lock(&self.running) = None;
    }

    pub(crate) fn status(&self) -> ScannerStatus {
        lock(&self.status).clone()
    }

    /// Returns the port that is the scanner's, which nobody else may open.
    pub(crate) fn port(&self) -> Option<PathBuf> {
        match &lock(&self.status).choice {
            ScannerChoice::Serial { port, .. } => scanner::port_of(port, &System::default()),
            _ => None,
        }
    }
}

/// Takes note of what was heard of a scanner, and returns what the gate is told.
fn hear(heard: Heard, view: &mut ScannerView, status: &Mutex<ScannerStatus>, clock: &dyn Clock) -> Input {
    match heard {
        Heard::State(state) => {
            lock(status).state = state;
            view.fault = match state {
                ScannerState::Fault(fault) => Some(trouble_of(fault)),
                ScannerState::Connected => None,
                ScannerState::Starting => view.fault,
            };
            view.reading = None;
        }
        Heard::Reading(read) => view.reading = u16::try_from(read).ok().filter(|read| *read > 0),
        Heard::Frame(frame) => {
            lock(status).last_read = Some(clock.read().0.wall);
            return Input::Scanned(match frame {
                Frame::Text(text) => Scan::Text(Zeroizing::new(text)),
                Frame::Incomplete => Scan::Broken,
            });
        }
    }
    Input::Scanner(*view)
}

pub(crate) fn way_of(choice: &ScannerChoice) -> ScannerWay {
    match choice {
        ScannerChoice::None => ScannerWay::None,
        ScannerChoice::Window => ScannerWay::Window,
        ScannerChoice::Serial { .. } => ScannerWay::Serial,
        ScannerChoice::Keyboard { .. } => ScannerWay::Keyboard,
    }
}

pub(crate) fn trouble_of(fault: ScannerFault) -> ScannerTrouble {
    match fault {
        ScannerFault::Absent => ScannerTrouble::Absent,
        ScannerFault::NoPermission => ScannerTrouble::NoPermission,
        ScannerFault::Busy => ScannerTrouble::Busy,
        ScannerFault::Unusable => ScannerTrouble::Unusable,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change under these locks is one assignment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnknownClock;
    use crate::inputs::Message;

    fn told(message: Message) -> Input {
        match message {
            Message::Input(input) => input,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_gate_hears_of_the_scanner_and_a_page_knows_when_it_read_last_and_not_what() {
        let (inputs, messages) = Inputs::channel();
        let host = ScannerHost::new(Arc::new(UnknownClock), inputs, Arc::new(|_| false));
        host.run(ScannerChoice::None).unwrap();
        let none = ScannerView { way: ScannerWay::None, fault: None, reading: None };
        assert!(matches!(told(messages.recv().unwrap()), Input::Scanner(view) if view == none));
        assert_eq!(host.port(), None);

        let mut view = ScannerView { way: ScannerWay::Serial, fault: None, reading: None };
        let mut hear = |heard| hear(heard, &mut view, &host.status, &UnknownClock);
        let fault = ScannerState::Fault(ScannerFault::NoPermission);
        assert!(matches!(hear(Heard::State(fault)), Input::Scanner(view) if !view.is_there()));
        assert_eq!(host.status().state, fault);
        assert!(
            matches!(hear(Heard::State(ScannerState::Connected)), Input::Scanner(view) if view.is_there())
        );
        assert!(matches!(hear(Heard::Reading(210)), Input::Scanner(view) if view.reading == Some(210)));
        assert_eq!(host.status().last_read, None);
        let heard = hear(Heard::Frame(Frame::Text("KD1:SAMPLE".to_owned())));
        assert!(matches!(&heard, Input::Scanned(Scan::Text(text)) if text.as_str() == "KD1:SAMPLE"));
        assert!(!format!("{heard:?}{:?}", host.status()).contains("SAMPLE"), "no log names a code");
        assert!(host.status().last_read.is_some());
        assert!(matches!(hear(Heard::Reading(0)), Input::Scanner(view) if view.reading.is_none()));
        assert!(matches!(hear(Heard::Frame(Frame::Incomplete)), Input::Scanned(Scan::Broken)));
    }

    #[test]
    fn the_gates_words_for_faults_are_the_scanners() {
        for fault in
            [ScannerFault::Absent, ScannerFault::NoPermission, ScannerFault::Busy, ScannerFault::Unusable]
        {
            let json = serde_json::to_value(trouble_of(fault)).unwrap();
            assert_eq!(json, fault.code());
        }
    }
}
