//! A running station, and what its host may tell it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use gate::window::stick::StickSeen;
use gate::window::workbench::SelfTest;
use gate::{Input, UserInput};
use relay::RelayChoice;
use scanner::{Candidate, ScannerChoice, SerialPort, System};
use tokio::sync::watch;

use crate::camera_host::CameraHost;
use crate::clock::SystemClock;
use crate::device::{self, CannotSave, Desk};
use crate::displays::Displays;
use crate::folder::Folder;
use crate::inputs::{Inputs, Message};
use crate::preview::Preview;
use crate::reading::Switch;
use crate::relay_host::{RelayHost, RelayStatus};
use crate::scanner_host::{ScannerHost, ScannerStatus};
use crate::script::{Pending, Step, StepProblem};
use crate::serial_choice::{self, CannotChoose};
use crate::settings::{
    self, DeviceSetting, Language, ResidentDisplay, Settings, SettingsError, StationFile, Theme,
};
use crate::stick::Sticks;
use crate::wake::Wake;

/// A running station. Its threads run until it is stopped or dropped.
pub struct Station {
    pub(crate) inputs: Inputs,
    pub(crate) folder: Folder,
    pub(crate) file: Arc<Mutex<StationFile>>,
    /// Whether the uplink may reach for the back office. `None` while the station stops.
    pub(crate) network: Option<watch::Sender<bool>>,
    pub(crate) wake: Arc<Wake>,
    pub(crate) switch: Arc<Switch>,
    pub(crate) camera: Arc<CameraHost>,
    pub(crate) scanner: Arc<ScannerHost>,
    pub(crate) relay: Arc<RelayHost>,
    /// Reads and writes sticks.
    pub(crate) sticks: Sticks,
    pub(crate) desk: Desk,
    pub(crate) displays: Displays,
    /// Held during a scripted step: the gate's thread keeps one.
    pub(crate) stepping: Mutex<()>,
    /// Dropped to end the housekeeping.
    pub(crate) housekeeping: Option<Sender<()>>,
    pub(crate) threads: Vec<JoinHandle<()>>,
    /// Ended when nobody reads it any more.
    pub(crate) clock: Arc<SystemClock>,
    /// Held while the station runs: no second station runs on the same folder.
    pub(crate) _lock: File,
}

impl Station {
    /// Hands in what a person did at the screen.
    pub fn user(&self, input: UserInput) {
        self.inputs.tell(Input::User(input));
    }

    /// Holds a code out as if the camera had read it; returns when the gate has taken it.
    pub fn scan(&self, text: String) {
        let _ = self.step(Step::Scan(text));
    }

    /// Takes one step of a script as soon as the gate is ready for it; returns when it was taken.
    ///
    /// # Errors
    /// [`StepProblem`].
    pub fn step(&self, step: Step) -> Result<(), StepProblem> {
        let _only_one = self.stepping.lock().unwrap_or_else(PoisonError::into_inner);
        let (done, outcome) = sync_channel(1);
        self.inputs.send(Message::Step(Pending { step, done }));
        outcome.recv().unwrap_or(Err(StepProblem::Stopped))
    }

    /// Lets the uplink reach for the back office, or not.
    pub fn set_network(&self, on: bool) {
        if let Some(network) = &self.network {
            network.send_replace(on);
        }
    }

    /// Sends what waits without waiting for more, and asks the back office what is new.
    pub fn send_now(&self) {
        self.wake.send_now();
    }

    /// Looks at the stick that is mounted at a folder, or carries it: takes in trust files and receipts, and writes
    /// what waits. Returns what that would do, or has done.
    #[must_use]
    pub fn stick(&self, root: &Path, carry: bool) -> StickSeen {
        self.sticks.take(root, carry)
    }

    /// Returns what reads and writes sticks for this station.
    pub(crate) fn sticks(&self) -> Sticks {
        self.sticks.clone()
    }

    /// Returns the camera's preview; `None` where a script holds out the codes.
    #[must_use]
    pub fn preview(&self) -> Option<Preview> {
        self.camera.has_pictures().then(|| Preview::new(Arc::clone(&self.camera)))
    }

    /// Returns the settings that the window may know.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).settings()
    }

    /// Chooses the screen's language, and keeps it.
    ///
    /// # Errors
    /// [`SettingsError`]; the language stays as it was.
    pub fn set_language(&self, language: Language) -> Result<(), SettingsError> {
        self.keep(|file| file.language = language)
    }

    /// Chooses the screen's colours, and keeps them.
    ///
    /// # Errors
    /// [`SettingsError`]; the colours stay as they were.
    pub fn set_theme(&self, theme: Theme) -> Result<(), SettingsError> {
        self.keep(|file| file.theme = theme)
    }

    /// Chooses whether the second language stands beside the first, and keeps it.
    ///
    /// # Errors
    /// [`SettingsError`]; it stays as it was.
    pub fn set_gloss(&self, gloss: bool) -> Result<(), SettingsError> {
        self.keep(|file| file.gloss = gloss)
    }

    /// Returns how the chosen hand scanner does.
    #[must_use]
    pub fn scanner_status(&self) -> ScannerStatus {
        self.scanner.status()
    }

    /// Returns what is plugged in that may be a hand scanner. Nothing is opened.
    #[must_use]
    pub fn scanner_candidates(&self) -> Vec<Candidate> {
        scanner::candidates(&System::default())
    }

    /// Chooses the hand scanner, and keeps the choice. It acts at once.
    ///
    /// # Errors
    /// [`CannotChoose`]; the scanner stays as it was.
    pub fn choose_scanner(&self, choice: ScannerChoice) -> Result<(), CannotChoose> {
        serial_choice::keep(&self.file, &self.folder, |file| file.scanner = choice.clone())?;
        self.scanner.exchange(choice);
        Ok(())
    }

    /// Returns how the chosen relay does.
    #[must_use]
    pub fn relay_status(&self) -> RelayStatus {
        self.relay.status()
    }

    /// Returns the serial ports that may be a relay's. Nothing is opened.
    #[must_use]
    pub fn serial_ports(&self) -> Vec<SerialPort> {
        scanner::serial_ports(&System::default())
    }

    /// Chooses the relay, and keeps the choice. It acts at once, and pulses nothing.
    ///
    /// # Errors
    /// [`CannotChoose`]; the relay stays as it was.
    pub fn choose_relay(&self, choice: RelayChoice) -> Result<(), CannotChoose> {
        serial_choice::keep(&self.file, &self.folder, |file| file.relay = choice.clone())?;
        self.relay.exchange(choice, &self.scanner.status().choice);
        Ok(())
    }

    /// Chooses where the resident's side is shown, and keeps it.
    ///
    /// # Errors
    /// [`SettingsError`]; it stays where it was.
    pub fn set_resident_display(&self, display: ResidentDisplay) -> Result<(), SettingsError> {
        self.keep(|file| file.resident_display = display)
    }

    /// Tells on which displays the resident's side can be now, by name: the self-test looks for the chosen one.
    pub fn tell_displays(&self, names: Vec<String>) {
        self.displays.tell(names);
    }

    /// Chooses whether this laptop is a kiosk from the next start on, and keeps it.
    ///
    /// # Errors
    /// [`SettingsError`]; it stays as it was.
    pub fn set_kiosk(&self, kiosk: bool) -> Result<(), SettingsError> {
        self.keep(|file| file.kiosk = kiosk)
    }

    /// Changes a setting of the device page, and keeps it. Only an administrator may: whoever calls this asks.
    ///
    /// # Errors
    /// [`SettingsError`]; it stays as it was.
    pub fn set_device(&self, setting: DeviceSetting) -> Result<(), SettingsError> {
        self.keep(|file| file.set(setting))
    }

    fn keep(&self, change: impl FnOnce(&mut StationFile)) -> Result<(), SettingsError> {
        settings::keep(&self.file, &self.folder.settings(), change)
    }

    /// Carries the self-test out, but for what only a person can answer; `None` if the station has stopped.
    #[must_use]
    pub fn self_test(&self) -> Option<SelfTest> {
        self.desk.test()
    }

    /// Writes the diagnostics that an administrator reads now to a new file of a folder, byte for byte as
    /// they are shown. Returns where that is.
    ///
    /// # Errors
    /// [`CannotSave`].
    pub fn save_diagnostics(&self, folder: &Path) -> Result<PathBuf, CannotSave> {
        let text = self.desk.shown().ok_or(CannotSave::NotShown)?;
        Ok(device::save(&text, folder)?)
    }

    /// Stops in order: what was recorded is on disk already.
    pub fn stop(self) {}
}

impl Drop for Station {
    fn drop(&mut self) {
        self.switch.stop.store(true, Ordering::Release);
        if let Some(network) = self.network.take() {
            network.send_replace(false);
        }
        self.housekeeping = None;
        self.inputs.send(Message::Stop);
        self.desk.stop();
        self.camera.detach();
        self.scanner.stop();
        self.relay.stop();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the station had panicked");
            }
        }
        self.clock.end();
    }
}
