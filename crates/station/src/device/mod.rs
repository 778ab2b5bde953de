//! What an administrator asks for on the device page, on a thread of its own: the gate waits for nothing.

mod choice;
mod diagnostics;
mod faults;
mod ports;

pub use diagnostics::CannotSave;
pub(crate) use diagnostics::save;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use gate::window::bar::StatusBar;
use gate::window::station::StationScreen;
use gate::window::workbench::{
    CameraItem, CameraName, CameraNow, DeviceInput, DeviceProblem, DeviceView, ReadTest, RelayNow, RelayPick,
    ScannerNow, ScannerPick, SelfTest, TestSubject, WhichCamera,
};
use gate::{Fault, Input, Screen, View};
use relay::RelayChoice;
use scanner::ScannerChoice;

use crate::camera_host::CameraHost;
use crate::clock::{Clock, SystemClock};
use crate::folder::Folder;
use crate::inputs::Inputs;
use crate::relay_host::RelayHost;
use crate::scanner_host::ScannerHost;
use crate::self_test::{Around, Has, Tester};
use crate::settings::{self, StationFile};
use choice::Plugged;
use faults::Faults;

/// How often an open page learns how the cameras do.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The time of a code that stays in view is shown anew this often.
const READ_EVERY: Duration = Duration::from_millis(500);

/// What the desk works with.
pub(crate) struct Parts {
    pub cameras: Arc<CameraHost>,
    pub inputs: Inputs,
    pub folder: Folder,
    pub file: Arc<Mutex<StationFile>>,
    pub clock: Arc<dyn Clock>,
    pub tester: Tester,
    pub scanner: Arc<ScannerHost>,
    pub relay: Arc<RelayHost>,
}

/// Sends to the desk's thread, and never waits for it.
#[derive(Debug, Clone)]
pub(crate) struct Desk(Sender<Job>);

/// Something to do.
#[derive(Debug)]
enum Job {
    Ask(DeviceInput),
    /// What the gate shows, as far as it matters here, and whether that is the device page.
    Note {
        open: bool,
        around: Around,
        fault: Option<Fault>,
    },
    /// What came of a code that is only held out to try.
    Tried(Option<ReadTest>),
    /// Carries the whole self-test out, without asking anybody anything.
    Test(SyncSender<SelfTest>),
    /// Returns the diagnostics that somebody reads now.
    Shown(SyncSender<Option<String>>),
    Stop,
}

impl Desk {
    /// Starts the thread. It ends when it is told to.
    pub(crate) fn start(parts: Parts) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (sender, jobs) = channel();
        let bench = Bench {
            parts,
            open: false,
            view: DeviceView::default(),
            told: DeviceView::default(),
            read_at: Duration::ZERO,
            left: Vec::new(),
            around: Around::default(),
            faults: Faults::default(),
        };
        let thread = std::thread::Builder::new().name("device".into()).spawn(move || bench.run(&jobs))?;
        Ok((Self(sender), thread))
    }

    pub(crate) fn ask(&self, asked: DeviceInput) {
        let _ = self.0.send(Job::Ask(asked));
    }

    /// Hears what the gate shows.
    pub(crate) fn note(&self, view: &View, open: bool) {
        let StatusBar { line, waiting, set_aside, battery, .. } = view.bar;
        let fault = match view.screen {
            Screen::Station(StationScreen::Fault { fault, .. }) => Some(fault),
            _ => None,
        };
        let around = Around { line, waiting, set_aside, battery };
        let _ = self.0.send(Job::Note { open, around, fault });
    }

    pub(crate) fn tried(&self, read: Option<ReadTest>) {
        let _ = self.0.send(Job::Tried(read));
    }

    /// Carries the self-test out, and waits for it; `None` if the station has stopped.
    pub(crate) fn test(&self) -> Option<SelfTest> {
        self.answer(Job::Test)
    }

    /// Returns the diagnostics that somebody reads now.
    pub(crate) fn shown(&self) -> Option<String> {
        self.answer(Job::Shown)?
    }

    pub(crate) fn stop(&self) {
        let _ = self.0.send(Job::Stop);
    }

    fn answer<T>(&self, job: impl FnOnce(SyncSender<T>) -> Job) -> Option<T> {
        let (sender, answer) = sync_channel(1);
        self.0.send(job(sender)).ok()?;
        answer.recv().ok()
    }
}

/// The desk's thread.
struct Bench {
    parts: Parts,
    open: bool,
    view: DeviceView,
    told: DeviceView,
    read_at: Duration,
    /// What the self-test has still to try, the last first.
    left: Vec<TestSubject>,
    around: Around,
    faults: Faults,
}

impl Bench {
    fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let job = match (self.left.is_empty(), self.open) {
                (false, _) => jobs.recv_timeout(Duration::ZERO),
                (true, true) => jobs.recv_timeout(LOOK_EVERY),
                (true, false) => jobs.recv().map_err(RecvTimeoutError::from),
            };
            match job {
                Ok(Job::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(job) => self.take(job),
                Err(RecvTimeoutError::Timeout) => self.try_next(),
            }
            self.tell();
        }
    }

    fn take(&mut self, job: Job) {
        match job {
            Job::Ask(asked) => self.answer(asked),
            Job::Note { open, around, fault } => {
                self.faults.note(fault, self.parts.clock.wall());
                self.around = around;
                if self.open && !open {
                    let self_test = self.view.self_test.take();
                    self.view = DeviceView { self_test, ..DeviceView::default() };
                }
                self.open = open;
            }
            Job::Tried(read) => self.hear(read),
            Job::Test(answer) => {
                self.begin();
                while !self.left.is_empty() {
                    self.try_next();
                }
                if let Some(test) = self.view.self_test.clone() {
                    let _ = answer.send(test);
                }
            }
            Job::Shown(answer) => _ = answer.send(self.view.diagnostics.clone()),
            Job::Stop => {}
        }
    }

    fn answer(&mut self, asked: DeviceInput) {
        self.view.problem = None;
        match asked {
            DeviceInput::ListCameras => self.list(),
            DeviceInput::HideCameras => self.view.cameras = None,
            DeviceInput::ChooseCamera { which, camera } => self.choose(which, camera),
            DeviceInput::ListScanners => {
                let (scanner, relay) = self.chosen();
                self.view.scanners = Some(ports::Plugged::look().scanner_items(&scanner, &relay));
            }
            DeviceInput::ChooseScanner { pick } => self.choose_scanner(&pick),
            DeviceInput::ListRelays => {
                let (scanner, relay) = self.chosen();
                self.view.relays = Some(ports::Plugged::look().relay_items(&scanner, &relay));
            }
            DeviceInput::ChooseRelay { pick } => self.choose_relay(pick.as_ref()),
            DeviceInput::TryRelay => self.parts.relay.try_out(),
            DeviceInput::HidePorts => (self.view.scanners, self.view.relays) = (None, None),
            DeviceInput::SelfTest => self.begin(),
            DeviceInput::Heard { heard } => {
                if let Some(test) = &mut self.view.self_test {
                    crate::self_test::hear(test, heard);
                }
            }
            DeviceInput::ShowDiagnostics => self.view.diagnostics = Some(self.diagnostics()),
            DeviceInput::HideDiagnostics => self.view.diagnostics = None,
        }
    }

    fn hear(&mut self, read: Option<ReadTest>) {
        let now = SystemClock::since_start();
        match (read, self.view.read) {
            (Some(ReadTest::Read { .. }), Some(ReadTest::Read { .. }))
                if now.saturating_sub(self.read_at) < READ_EVERY => {}
            (Some(read), _) => (self.view.read, self.read_at) = (Some(read), now),
            // What was read stays until something else is held out.
            (None, Some(ReadTest::Unreadable { .. })) => self.view.read = None,
            (None, _) => {}
        }
    }

    fn list(&mut self) {
        let used = |place: &str| {
            WhichCamera::BOTH.into_iter().find(|which| self.place(*which).as_deref() == Some(place))
        };
        let listed = choice::plugged().into_iter().map(|Plugged { camera, format }| CameraItem {
            used_as: used(&camera.place),
            camera,
            format,
        });
        self.view.cameras = Some(listed.collect());
    }

    fn place(&self, which: WhichCamera) -> Option<String> {
        self.parts.cameras.place(which).map(|camera| camera.place)
    }

    fn choose(&mut self, which: WhichCamera, camera: Option<CameraName>) {
        let now = choice::Now {
            choices: WhichCamera::BOTH.map(|which| self.parts.cameras.choice(which)),
            live: WhichCamera::BOTH.map(|which| self.parts.cameras.place(which)),
        };
        let before = now.choices.clone();
        let chosen = match choice::choose(which, camera, &choice::plugged(), now) {
            Ok(chosen) => chosen,
            Err(problem) => return self.view.problem = Some(problem),
        };
        let [first_is_new, second_is_new] = [0, 1].map(|at: usize| chosen[at] != before[at]);
        for (which, choice) in WhichCamera::BOTH.into_iter().zip(chosen.clone()) {
            if let Err(error) = self.parts.cameras.run(which, choice) {
                tracing::error!(%error, "no camera");
            }
        }
        let [first, second] = chosen;
        let kept = settings::keep(&self.parts.file, &self.parts.folder.settings(), |file| {
            // What the command line said holds for this run alone.
            if let Some(first) = first.filter(|_| first_is_new) {
                file.camera = first;
            }
            if second_is_new {
                file.second_camera = second;
            }
        });
        if let Err(error) = kept {
            tracing::error!(%error, "the choice of a camera");
            self.view.problem = Some(DeviceProblem::NotSaved);
        }
        self.view.cameras = None;
    }

    fn chosen(&self) -> (ScannerChoice, RelayChoice) {
        (self.parts.scanner.status().choice, self.parts.relay.status().choice)
    }

    fn choose_scanner(&mut self, pick: &ScannerPick) {
        (self.view.scanners, self.view.relays) = (None, None);
        let kept = ports::Plugged::look().pick_scanner(pick).and_then(|choice| {
            let kept = crate::serial_choice::keep(&self.parts.file, &self.parts.folder, |file| {
                file.scanner = choice.clone();
            });
            kept.map(|()| choice).map_err(|error| ports::problem_of(&error))
        });
        match kept {
            Ok(choice) => self.parts.scanner.exchange(choice),
            Err(problem) => self.view.problem = Some(problem),
        }
    }

    fn choose_relay(&mut self, pick: Option<&RelayPick>) {
        (self.view.scanners, self.view.relays) = (None, None);
        let (scanner, now) = self.chosen();
        let kept = ports::Plugged::look().pick_relay(pick, &now).and_then(|choice| {
            let kept = crate::serial_choice::keep(&self.parts.file, &self.parts.folder, |file| {
                file.relay = choice.clone()
            });
            kept.map(|()| choice).map_err(|error| ports::problem_of(&error))
        });
        match kept {
            Ok(choice) => self.parts.relay.exchange(choice, &scanner),
            Err(problem) => self.view.problem = Some(problem),
        }
    }

    fn begin(&mut self) {
        let (scanner, relay) = self.chosen();
        let has = Has {
            second: self.parts.cameras.choice(WhichCamera::Second).is_some(),
            scanner: !matches!(scanner, ScannerChoice::None | ScannerChoice::Window),
            relay: relay != RelayChoice::None,
            display: self.parts.tester.has_display(),
        };
        let (test, mut left) = crate::self_test::begin(self.parts.clock.wall(), has);
        left.reverse();
        (self.view.self_test, self.left) = (Some(test), left);
    }

    /// Carries out what the self-test has to try next.
    fn try_next(&mut self) {
        let Some(subject) = self.left.pop() else { return };
        let outcome = self.parts.tester.attempt(subject, &self.around);
        if let Some(test) = &mut self.view.self_test {
            crate::self_test::put(test, subject, outcome);
        }
    }

    fn diagnostics(&self) -> String {
        let now = self.parts.clock.wall();
        diagnostics::Facts {
            cameras: WhichCamera::BOTH.map(|which| self.parts.cameras.now(which)),
            plugged: choice::plugged(),
            trust: self.parts.tester.trust(),
            clock: self.parts.clock.read().1,
            around: self.around,
            test: self.view.self_test.as_ref(),
            faults: self.faults.newest(now),
            now,
        }
        .text()
    }

    /// Tells the gate what the page shows, if that has changed.
    fn tell(&mut self) {
        if self.open {
            let now = |which| self.parts.cameras.now(which);
            self.view.first = now(WhichCamera::First).unwrap_or_default();
            self.view.second = now(WhichCamera::Second);
            let plugged = ports::Plugged::look();
            self.view.scanner = plugged.scanner(&self.parts.scanner.status());
            self.view.relay = plugged.relay(&self.parts.relay.status());
        } else {
            (self.view.first, self.view.second) = (CameraNow::default(), None);
            (self.view.scanner, self.view.relay) = (ScannerNow::default(), RelayNow::default());
        }
        if self.view != self.told {
            self.told = self.view.clone();
            self.parts.inputs.tell(Input::Device(Box::new(self.view.clone())));
        }
    }
}

#[cfg(test)]
mod tests;
