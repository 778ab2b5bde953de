//! Starting a station from its folder: each part, in the order in which they need each other.

mod error;

pub use error::StartError;

use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use camera::CameraChoice;
use gate::Withdrawal;
use gate::sync::Rules;
use gate::window::workbench::WhichCamera;
use tokio::sync::{mpsc, watch};

use crate::camera_host::CameraHost;
use crate::clock::{Clock, MemoryKey, SystemClock};
use crate::device::Desk;
use crate::display::Display;
use crate::displays::Displays;
use crate::folder::Folder;
use crate::gate_loop::{self, GateLoop};
use crate::inputs::Inputs;
use crate::notebook::Notebook;
use crate::outbox::handle::{self, OutboxHandle};
use crate::reading::{self, Switch};
use crate::relay_host::RelayHost;
use crate::scanner_host::{Ear, ScannerHost};
use crate::self_test::Tester;
use crate::settings::StationFile;
use crate::station::Station;
use crate::stick::Sticks;
use crate::stick::find::Places;
use crate::trust_store::TrustStore;
use crate::uplink::http::Http;
use crate::uplink::{self, Uplink};
use crate::wake::Wake;
use crate::withdrawal::{Heard, Phase};
use crate::{device, enrol, entropy, housekeeping, keys, memory, withdrawal};

/// How to start.
#[derive(Debug, Clone)]
pub struct StartOptions {
    /// The station's folder.
    pub dir: PathBuf,
    /// The camera to use instead of the one in the settings.
    pub camera: Option<CameraChoice>,
    /// The second camera to use instead of the one in the settings.
    pub second_camera: Option<CameraChoice>,
    /// Whether to reach for the back office at once.
    pub network: bool,
    /// A folder that counts as a stick, beside those that are plugged in.
    pub stick: Option<PathBuf>,
}

/// What only a station without a window can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Headless {
    /// Scripted steps skip the gate's waits (a result's deaf moment, a code's leaving the
    /// picture) by putting the gate's monotonic clock forward. No rule is switched off. The wall
    /// clock, which verdicts and records go by, stays what it is.
    pub hurry: bool,
}

impl Station {
    /// Starts the station of a folder, with a camera of its own.
    ///
    /// # Errors
    /// [`StartError`]. Damaged trust files or a damaged outbox are faults on the screen instead.
    pub fn start(options: StartOptions, display: Box<dyn Display>) -> Result<Self, StartError> {
        Self::start_headless(options, Headless::default(), display)
    }

    /// Starts a station without a window, with a camera of its own.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start_headless(
        options: StartOptions,
        headless: Headless,
        display: Box<dyn Display>,
    ) -> Result<Self, StartError> {
        Self::start_with(options, headless, display, &Arc::default(), Arc::new(|_| false))
    }

    /// Starts a station on the camera of its laptop. It runs the chosen camera last, and leaves it
    /// running when it stops. `ear` hears the hand scanner before the gate does.
    ///
    /// # Errors
    /// [`StartError`].
    pub(crate) fn start_with(
        options: StartOptions,
        headless: Headless,
        display: Box<dyn Display>,
        camera: &Arc<CameraHost>,
        ear: Ear,
    ) -> Result<Self, StartError> {
        memory::keep_private();
        let folder = Folder::new(&options.dir);
        let heard = Heard::read(&folder);
        let erasing = heard.as_ref().is_some_and(|heard| heard.phase == Phase::Erasing);
        if !erasing && !folder.settings().exists() {
            return Err(StartError::NotEnrolled(options.dir));
        }
        if let Some(heard) = heard.clone().filter(|_| erasing) {
            if !withdrawal::is_erased(&folder, &heard) {
                let _lock = folder.lock()?.ok_or(StartError::InUse)?;
                withdrawal::erase_rest(&folder, &heard)?;
            }
            let Heard { left, contact, exported, .. } = heard;
            return Err(if left { StartError::Left { exported } } else { StartError::Withdrawn { contact } });
        }
        let lock = folder.lock()?.ok_or(StartError::InUse)?;
        enrol::again::finish(&folder)?;
        let file = StationFile::load(&folder.settings())?;
        let station = file.station()?;
        let key = keys::load(&folder.key())?;
        keys::check_owner(&key, station)?;
        let trust = Arc::new(TrustStore::load(&folder.trust()));
        let heard = heard.or_else(|| withdrawal::by_the_community(&folder, &trust, station));
        let clock = SystemClock::start(&folder.clock(), MemoryKey::derive(&key.to_bytes()), trust.times());
        let clock = Arc::new(clock);
        let office =
            Http::new(&file.office.url, file.office.ca().as_deref(), Arc::clone(&clock) as Arc<dyn Clock>)?;
        let (name, enrolment) = (file.name.clone(), file.enrolment());
        let (inputs, messages) = Inputs::channel();
        let wake = Arc::new(Wake::default());
        let switch = Arc::new(Switch::default());
        let mut threads = Vec::new();

        let (outbox, thread) = OutboxHandle::start(handle::Parts {
            path: folder.outbox(),
            station,
            trust: Arc::clone(&trust),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            inputs: inputs.clone(),
            wake: Arc::clone(&wake),
            rng: entropy::rng()?,
        })?;
        threads.push(thread);

        let file = Arc::new(Mutex::new(file));
        let scanner = Arc::new(ScannerHost::new(Arc::clone(&clock) as Arc<dyn Clock>, inputs.clone(), ear));
        let relay = Arc::new(RelayHost::new(inputs.clone()));
        let displays = Displays::default();
        let (desk, thread) = Desk::start(device::Parts {
            cameras: Arc::clone(camera),
            inputs: inputs.clone(),
            folder: folder.clone(),
            file: Arc::clone(&file),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            tester: Tester {
                cameras: Arc::clone(camera),
                folder: folder.clone(),
                station,
                outbox: outbox.clone(),
                trust: Arc::clone(&trust),
                clock: Arc::clone(&clock) as Arc<dyn Clock>,
                wake: Arc::clone(&wake),
                scanner: Arc::clone(&scanner),
                relay: Arc::clone(&relay),
                file: Arc::clone(&file),
                displays: displays.clone(),
            },
            scanner: Arc::clone(&scanner),
            relay: Arc::clone(&relay),
        })?;
        threads.push(thread);

        let (notebook, thread) = Notebook::start(folder.clone(), inputs.clone())?;
        threads.push(thread);

        let setup = gate::Setup {
            trust: trust.current(),
            last: folder.last_place(),
            changes: folder.changes(),
            tries: folder.tries(),
            withdrawn: heard.clone().map(|Heard { left, contact, .. }| Withdrawal { left, contact }),
            enrolment,
            seed: entropy::bytes()?,
        };
        let (tasks, taken) = mpsc::channel(1);
        let sticks = Sticks {
            station,
            trust: Arc::clone(&trust),
            tasks,
            folder: options.dir.clone(),
            places: Places::of_system(options.stick.clone()),
        };
        let parts = gate_loop::Parts {
            sticks: sticks.clone().serve(inputs.clone())?,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            outbox: outbox.clone(),
            display,
            notebook,
            switch: Arc::clone(&switch),
            desk: desk.clone(),
            wake: Arc::clone(&wake),
            inputs: inputs.clone(),
            scanner: Arc::clone(&scanner),
            relay: Arc::clone(&relay),
            hurry: headless.hurry,
        };
        let run = move || GateLoop::new(setup, parts).run(&messages);
        threads.push(thread_named("gate", run)?);

        let uplink = Uplink::new(uplink::Parts {
            office: Box::new(office),
            station,
            name,
            key,
            folder: folder.clone(),
            heard,
            outbox: Box::new(outbox),
            trust,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            inputs: inputs.clone(),
            wake: Arc::clone(&wake),
            rules: Rules::default(),
            rng: entropy::rng()?,
        });
        let (network, switched) = watch::channel(options.network);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        threads.push(thread_named("uplink", move || runtime.block_on(uplink.run(switched, taken)))?);

        let (housekeeping, ended) = channel::<()>();
        let told = inputs.clone();
        let kept = Arc::clone(&clock);
        threads.push(thread_named("housekeeping", move || housekeeping::keep(&kept, &told, &ended))?);

        camera.attach(inputs.clone());
        let (first, second, chosen, relayed) = {
            let file = file.lock().unwrap_or_else(PoisonError::into_inner);
            (file.camera.clone(), file.second_camera.clone(), file.scanner.clone(), file.relay.clone())
        };
        relay.run(relayed, &chosen)?;
        scanner.run(chosen)?;
        camera.run(WhichCamera::First, Some(options.camera.unwrap_or(first)))?;
        camera.run(WhichCamera::Second, options.second_camera.or(second))?;
        let reader = reading::start(Arc::clone(camera), Arc::clone(&switch), inputs.clone(), desk.clone())?;
        threads.push(reader);
        Ok(Self {
            inputs,
            folder,
            file,
            network: Some(network),
            wake,
            switch,
            camera: Arc::clone(camera),
            scanner,
            relay,
            sticks,
            desk,
            displays,
            stepping: Mutex::new(()),
            housekeeping: Some(housekeeping),
            threads,
            clock,
            _lock: lock,
        })
    }
}

fn thread_named(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run)
}

#[cfg(test)]
mod tests;
