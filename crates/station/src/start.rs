//! Starting a station from its folder, and stopping it in order.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use camera::{CameraChoice, CameraHandle, LatestFrame};
use gate::action::Sound;
use gate::{Input, UserInput, View};
use tokio::sync::{Notify, watch};

use crate::battery;
use crate::clock::Clock;
use crate::discretion;
use crate::entropy;
use crate::folder::Folder;
use crate::gate_loop::{self, GateLoop};
use crate::inputs::{Inputs, Message};
use crate::keys::{self, KeyError};
use crate::limits::{BATTERY_EVERY, HEARTBEAT};
use crate::outbox::desk::{self, Desk};
use crate::reading::{self, Switch};
use crate::script::{Pending, Step, StepProblem};
use crate::settings::{Language, Settings, SettingsError, StationFile};
use crate::trust_store::TrustStore;
use crate::uplink::link::{BadOffice, Link};
use crate::uplink::{self, Uplink};

/// How to start.
#[derive(Debug, Clone)]
pub struct StartOptions {
    /// The station's folder.
    pub dir: PathBuf,
    /// Which camera, instead of the one in the settings.
    pub camera: Option<CameraChoice>,
    /// Whether to reach for the back office at once.
    pub network: bool,
}

/// What only a station without a window can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Headless {
    /// Scripted steps skip the gate's waits (a result's deaf moment, a code's leaving the
    /// picture) by putting the gate's monotonic clock forward. No rule is switched off, and the
    /// wall clock, which verdicts and records go by, stays what it is.
    pub hurry: bool,
}

/// Where views and sounds go.
pub trait Display: Send + 'static {
    /// Shows a view instead of the one before.
    fn show(&mut self, view: &View);
    /// Makes a sound.
    fn play(&mut self, sound: Sound);
}

/// Why a station does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder is no enrolled station.
    #[error("{0} is no enrolled station; `kadian station enrol` makes it one")]
    NotEnrolled(PathBuf),
    /// Another process runs it.
    #[error("this station is running already")]
    InUse,
    /// Its settings cannot be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Its key cannot be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Its back office cannot be asked.
    #[error(transparent)]
    Office(#[from] BadOffice),
    /// No randomness.
    #[error(transparent)]
    NoEntropy(#[from] entropy::NoEntropy),
    /// No thread, or the folder cannot be used.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl StartError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEnrolled(_) => "not-enrolled",
            Self::InUse => "in-use",
            Self::Settings(error) => error.code(),
            Self::Key(_) => "key",
            Self::Office(_) => "bad-office",
            Self::NoEntropy(_) => "no-entropy",
            Self::Io(_) => "folder",
        }
    }

    /// Whether retrying may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::InUse | Self::NoEntropy(_) | Self::Io(_))
    }
}

/// The camera's newest picture, for showing.
#[derive(Debug, Clone)]
pub struct Preview(Option<Arc<LatestFrame>>);

impl Preview {
    /// Its number and its JPEG; `None` while the camera gives none.
    #[must_use]
    pub fn newest(&self) -> Option<(u64, Arc<[u8]>)> {
        let frame = self.0.as_ref()?.newest()?;
        Some((frame.seq, frame.jpeg()?))
    }

    /// The newest with a number above `seq`, waited for until `timeout`.
    #[must_use]
    pub fn newer_than(&self, seq: u64, timeout: Duration) -> Option<(u64, Arc<[u8]>)> {
        let frame = self.0.as_ref()?.newer_than(seq, timeout)?;
        Some((frame.seq, frame.jpeg()?))
    }
}

/// A running station.
pub struct Station {
    inputs: Inputs,
    folder: Folder,
    file: Mutex<StationFile>,
    network: Option<watch::Sender<bool>>,
    switch: Arc<Switch>,
    camera: Option<CameraHandle>,
    preview: Preview,
    /// Held during a scripted step: the gate's thread keeps one.
    stepping: Mutex<()>,
    /// Dropped to end the housekeeping.
    keep: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
    /// Held while it runs: no second station on the same folder.
    _lock: std::fs::File,
}

impl Station {
    /// Starts the station of a folder. Its threads run until it is stopped or dropped.
    ///
    /// # Errors
    /// [`StartError`]. Damaged trust files or a damaged outbox are faults on the screen instead.
    pub fn start(options: StartOptions, display: Box<dyn Display>) -> Result<Self, StartError> {
        Self::start_headless(options, Headless::default(), display)
    }

    /// Starts a station without a window.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start_headless(
        options: StartOptions,
        headless: Headless,
        display: Box<dyn Display>,
    ) -> Result<Self, StartError> {
        discretion::keep_memory_private();
        let folder = Folder::new(&options.dir);
        if !folder.settings().exists() {
            return Err(StartError::NotEnrolled(options.dir));
        }
        let lock = folder.lock()?.ok_or(StartError::InUse)?;
        let file = StationFile::load(&folder.settings())?;
        let station = file.station()?;
        let key = keys::load(&folder.key())?;
        let link = Link::new(&file.office.url, file.office.ca().as_deref())?;
        let trust = Arc::new(TrustStore::load(&folder.trust()));
        let signed = trust.current().map(|trust| trust.latest_signed_time());
        let clock = Arc::new(Clock::start(&folder.clock(), signed));
        let (inputs, messages) = Inputs::channel();
        let wake = Arc::new(Notify::new());
        let switch = Arc::new(Switch::default());
        let mut threads = Vec::new();

        let (desk, thread) = Desk::start(desk::Setting {
            path: folder.outbox(),
            station,
            trust: Arc::clone(&trust),
            clock: Arc::clone(&clock),
            inputs: inputs.clone(),
            wake: Arc::clone(&wake),
        })?;
        threads.push(thread);

        let setup = gate::Setup {
            trust: trust.current(),
            last_checkpoint: folder.last_checkpoint(),
            seed: entropy::bytes()?,
        };
        let setting = gate_loop::Setting {
            clock: Arc::clone(&clock),
            desk: desk.clone(),
            display,
            folder: folder.clone(),
            inputs: inputs.clone(),
            switch: Arc::clone(&switch),
            hurry: headless.hurry,
        };
        let run = move || GateLoop::new(setup, setting).run(&messages);
        threads.push(thread_named("gate", run)?);

        let uplink = Uplink::new(uplink::Setting {
            link,
            station,
            key,
            desk,
            trust,
            clock: Arc::clone(&clock),
            inputs: inputs.clone(),
        });
        let (network, switched) = watch::channel(options.network);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        threads.push(thread_named("uplink", move || runtime.block_on(uplink.run(switched, wake)))?);

        let (keep, ended) = channel::<()>();
        let told = inputs.clone();
        threads.push(thread_named("housekeeping", move || keep_house(&clock, &told, &ended))?);

        let choice = options.camera.unwrap_or_else(|| file.camera.clone());
        let camera = start_camera(choice, &inputs)?;
        let frames = camera.as_ref().map(CameraHandle::latest);
        if let Some(frames) = frames.clone() {
            threads.push(reading::start(frames, Arc::clone(&switch), inputs.clone())?);
        }
        Ok(Self {
            inputs,
            folder,
            file: Mutex::new(file),
            network: Some(network),
            switch,
            camera,
            preview: Preview(frames),
            stepping: Mutex::new(()),
            keep: Some(keep),
            threads,
            _lock: lock,
        })
    }

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
        let _turn = self.stepping.lock().unwrap_or_else(PoisonError::into_inner);
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

    /// The camera's newest picture, for showing.
    #[must_use]
    pub fn preview(&self) -> Preview {
        self.preview.clone()
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).settings()
    }

    /// Chooses the screen's language, and keeps it.
    ///
    /// # Errors
    /// [`SettingsError`]; the language stays as it was.
    pub fn set_language(&self, language: Language) -> Result<(), SettingsError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = file.clone();
        changed.language = language;
        changed.save(&self.folder.settings())?;
        *file = changed;
        Ok(())
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
        self.keep = None;
        self.inputs.send(Message::Stop);
        self.camera = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the station had panicked");
            }
        }
    }
}

fn thread_named(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run)
}

fn start_camera(choice: CameraChoice, inputs: &Inputs) -> std::io::Result<Option<CameraHandle>> {
    if matches!(choice, CameraChoice::None) {
        // A script holds out the codes; the screen says that no camera does.
        inputs.tell(Input::Camera { fault: None, simulated: true });
        return Ok(None);
    }
    let simulated = choice.is_simulated();
    let inputs = inputs.clone();
    let on_state = move |state: camera::CameraState| {
        for input in reading::camera_inputs(&state, simulated) {
            inputs.tell(input);
        }
    };
    camera::spawn(choice, Arc::new(Clock::since_start), on_state).map(Some)
}

/// The battery and the clock's heartbeat, by a timer that knows nothing of scans.
fn keep_house(clock: &Clock, inputs: &Inputs, ended: &std::sync::mpsc::Receiver<()>) {
    let mut battery = None;
    let beats = HEARTBEAT.as_secs() / BATTERY_EVERY.as_secs();
    for round in 0_u64.. {
        if round % beats == 0 {
            clock.beat();
        }
        let now = battery::read(battery::POWER_SUPPLY.as_ref());
        if now != battery {
            battery = now;
            inputs.tell(Input::Battery(now));
        }
        if ended.recv_timeout(BATTERY_EVERY) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
