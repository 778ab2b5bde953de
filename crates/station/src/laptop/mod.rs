//! A laptop: the window's whole life, before its folder is a station and after.
//!
//! [`Laptop::open`] starts the folder's station, or shows why there is none and waits for one: the
//! [`entrance`] takes a ticket. The camera and its preview belong to the laptop and live in both states.
//! Whoever enrols the folder, this process or another one, the window becomes a station without a restart.

mod entrance;
mod eyes;
mod joining;
mod leaving;
mod surface;
mod view;

pub use entrance::view::{
    EntranceBar, EntranceScreen, EntranceView, JoinSteps, StepState, TicketInput, TicketProblem, TicketView,
};
pub use leaving::{CannotLeave, LeaveStep, TakesNoTicket};
pub use view::{NoStation, Window, WindowView};

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gate::window::workbench::WhichCamera;
use tokio::sync::watch;

use crate::battery;
use crate::camera_host::CameraHost;
use crate::clock::{Clock as _, UnknownClock};
use crate::enrol::pending::Pending;
use crate::folder::Folder;
use crate::limits::SCANS;
use crate::preview::Preview;
use crate::start::{Headless, StartError, StartOptions};
use crate::station::Station;
use crate::stick;
use crate::stick::find::Places;
use crate::withdrawal::ExportedReports;
use entrance::{Entrance, Input, Wants};
use surface::Surface;

/// A laptop without a station looks at its folder this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Looks for which a folder that has just been enrolled may still be held by the process that
/// enrolled it; after them the window says that another process runs the station.
const ENROLMENT_LOOKS: u32 = 10;

/// A laptop with a window. Dropping it stops its station and its camera.
pub struct Laptop {
    shared: Arc<Shared>,
    /// Dropped to end the threads.
    stop: Vec<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    options: StartOptions,
    headless: Headless,
    camera: Arc<CameraHost>,
    window: Surface,
    /// Locked before the entrance.
    state: Mutex<State>,
    entrance: Arc<Mutex<Entrance>>,
    /// To whoever hears what a hand scanner reads for the entrance.
    scans: SyncSender<Input>,
    /// The thread that joins, or has joined.
    joining: Mutex<Option<JoinHandle<()>>>,
    closing: watch::Sender<bool>,
}

enum State {
    NoStation { why: NoStation, said: Said, looks: u32 },
    Station(Box<Station>),
    Closed,
}

/// What a station that is over left to say.
#[derive(Clone, Default)]
struct Said {
    contact: Option<String>,
    exported: Option<ExportedReports>,
}

impl Said {
    fn of(error: &StartError) -> Self {
        match error {
            StartError::Withdrawn { contact } => Self { contact: Some(contact.clone()), exported: None },
            StartError::Left { exported } => Self { contact: None, exported: exported.clone() },
            _ => Self::default(),
        }
    }
}

impl Laptop {
    /// Opens a folder, whatever it is, and shows in `window` what became of it.
    pub fn open(options: StartOptions, window: Box<dyn Window>) -> Self {
        Self::open_headless(options, Headless::default(), window)
    }

    /// Opens a folder as [`Laptop::open`] does, for a host without a screen.
    pub fn open_headless(options: StartOptions, headless: Headless, window: Box<dyn Window>) -> Self {
        let (scans, scanned) = sync_channel(SCANS);
        let shared = Arc::new(Shared {
            options,
            headless,
            camera: Arc::default(),
            window: Surface::new(window),
            state: Mutex::new(State::NoStation { why: NoStation::Failed, said: Said::default(), looks: 0 }),
            entrance: Arc::new(Mutex::new(Entrance::new(false))),
            scans,
            joining: Mutex::new(None),
            closing: watch::Sender::new(false),
        });
        shared.start(&mut shared.lock(), true);
        let mut laptop = Self { shared, stop: Vec::new(), threads: Vec::new() };
        laptop.run("enrolment", |shared, stopped| shared.watch(stopped));
        laptop.run("ticket", move |shared, stopped| eyes::watch(shared, stopped, &scanned));
        laptop
    }

    /// Runs `f` on a thread until the laptop is dropped.
    fn run(&mut self, name: &str, f: impl FnOnce(&Arc<Shared>, &Receiver<()>) + Send + 'static) {
        let (stop, stopped) = channel();
        let shared = Arc::clone(&self.shared);
        match std::thread::Builder::new().name(name.into()).spawn(move || f(&shared, &stopped)) {
            Ok(thread) => self.threads.push(thread),
            Err(error) => tracing::error!(%error, name, "a ticket will not be noticed"),
        }
        self.stop.push(stop);
    }

    /// Hands in what a person did with a ticket. A station is enrolled again by one, under the same identity,
    /// and only by an administrator in its workbench.
    ///
    /// # Errors
    /// [`TakesNoTicket`]; the laptop stays as it was.
    pub fn ticket(&self, input: TicketInput) -> Result<(), TakesNoTicket> {
        if !self.shared.takes_tickets() {
            self.shared.count_forbidden();
            return Err(TakesNoTicket);
        }
        let input = match input {
            TicketInput::FromStick => self.shared.ticket_on_a_stick().unwrap_or(TicketInput::FromStick),
            input => input,
        };
        self.shared.hear(Input::Person(input));
        Ok(())
    }

    /// Runs `f` on the station.
    ///
    /// # Errors
    /// Why there is none.
    pub fn station<T>(&self, f: impl FnOnce(&Station) -> T) -> Result<T, NoStation> {
        match &*self.shared.lock() {
            State::Station(station) => Ok(f(station)),
            State::NoStation { why, .. } => Err(*why),
            State::Closed => Err(NoStation::Failed),
        }
    }

    /// Returns whether an administrator is in this station's workbench. Where nobody is, the gate counts that
    /// somebody asked for what only an administrator may do.
    #[must_use]
    pub fn admits_administrator(&self) -> bool {
        let admits =
            matches!(&*self.shared.lock(), State::Station(_)) && self.shared.window.is_in_workbench();
        if !admits {
            self.shared.count_forbidden();
        }
        admits
    }

    /// Returns the camera's preview; `None` where no camera runs.
    #[must_use]
    pub fn preview(&self) -> Option<Preview> {
        let cameras = &self.shared.camera;
        cameras.has_pictures().then(|| Preview::new(Arc::clone(cameras)))
    }

    /// Stops the station in order, and the camera.
    pub fn close(&self) {
        self.shared.closing.send_replace(true);
        let before = std::mem::replace(&mut *self.shared.lock(), State::Closed);
        drop(before);
        self.shared.camera.stop();
    }
}

impl Drop for Laptop {
    fn drop(&mut self) {
        self.stop.clear();
        self.close();
        let joining = lock(&self.shared.joining).take();
        for thread in self.threads.drain(..).chain(joining) {
            if thread.join().is_err() {
                tracing::error!("a thread of the laptop had panicked");
            }
        }
    }
}

impl Shared {
    /// Looks at the folder again and again: somebody else may enrol it.
    fn watch(self: &Arc<Self>, stopped: &Receiver<()>) {
        while stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
            self.look();
            self.hear(Input::Tick);
        }
    }

    /// Starts the station if there is one now, and nobody is joining.
    fn look(&self) {
        let mut state = self.lock();
        if matches!(&*state, State::Station(_)) {
            return self.end_if_left(&mut state);
        }
        let may_pass = matches!(&*state, State::NoStation { why, .. } if why.may_pass());
        if may_pass && !lock(&self.entrance).is_joining() {
            self.start(&mut state, false);
        }
    }

    /// Starts the station of a folder that has just been enrolled here, in the place of the one before.
    fn start_anew(&self) {
        let mut state = self.lock();
        self.stop(&mut state);
        self.start(&mut state, false);
    }

    /// Stops the station, if one runs.
    fn stop(&self, state: &mut State) {
        if matches!(state, State::Station(_)) {
            *state = State::NoStation { why: NoStation::NotEnrolled, said: Said::default(), looks: 0 };
            self.window.forget_gate();
        }
    }

    /// Hands the entrance an input, does what it wants, and shows what became of it.
    fn hear(self: &Arc<Self>, input: Input) {
        let is_nothing = matches!(input, Input::Nothing);
        let wants = lock(&self.entrance).handle(input, UnknownClock.read().0);
        match wants {
            Wants::Join(ticket) => self.join(ticket),
            Wants::Carry(ticket) => self.carry(ticket),
            Wants::Nothing | Wants::Leave => {}
        }
        // Each frame says so.
        if !is_nothing {
            self.show(&self.lock());
        }
    }

    fn takes_tickets(&self) -> bool {
        match &*self.lock() {
            State::NoStation { why, .. } => why.takes_tickets(),
            State::Station(_) => self.window.is_in_workbench(),
            State::Closed => false,
        }
    }

    /// Returns the text of the ticket on the first stick that has one.
    fn ticket_on_a_stick(&self) -> Option<TicketInput> {
        let sticks = Places::of_system(self.options.stick.clone()).sticks();
        let text = sticks.iter().find_map(|root| stick::ticket(root))?;
        Some(TicketInput::Offer { text })
    }

    /// Returns whether the camera is read for a ticket.
    fn reads(&self) -> bool {
        !*self.closing.borrow() && self.takes_tickets() && lock(&self.entrance).reads()
    }

    fn keep_joining(&self, thread: JoinHandle<()>) {
        // The one before has said its last word, or nobody could join again.
        *lock(&self.joining) = Some(thread);
    }

    fn start(&self, state: &mut State, first: bool) {
        let State::NoStation { why: before, looks, .. } = *state else { return };
        let display = Box::new(self.window.clone());
        let ear = eyes::ear(self.window.clone(), Arc::clone(&self.entrance), self.scans.clone());
        let (options, headless) = (self.options.clone(), self.headless);
        let error = match Station::start_with(options, headless, display, &self.camera, ear) {
            Ok(station) => {
                *state = State::Station(Box::new(station));
                *lock(&self.entrance) = Entrance::new(true);
                self.window.uncover();
                return;
            }
            Err(error) => error,
        };
        let why = NoStation::from(&error);
        let being_enrolled = !first && before.takes_tickets() && why == NoStation::InUse;
        if being_enrolled && looks < ENROLMENT_LOOKS {
            if let State::NoStation { looks, .. } = state {
                *looks += 1;
            }
            return;
        }
        *state = State::NoStation { why, said: Said::of(&error), looks: 0 };
        if first || why != before {
            tracing::error!(%error, "no station");
            self.run_camera(&error);
            let asked = Pending::read(&Folder::new(&self.options.dir)).filter(|_| why.takes_tickets());
            let asked = asked.map(|asked| asked.ticket);
            *lock(&self.entrance) = Entrance::of_laptop(why != NoStation::NotEnrolled, asked);
            self.show(state);
        }
    }

    /// Shows why there is no station, or the entrance in front of that or of a gate. A gate shows itself.
    fn show(&self, state: &State) {
        match state {
            State::NoStation { why, said, .. } => {
                let entrance = self.entrance_view().filter(|_| why.takes_tickets());
                let Said { contact, exported } = said.clone();
                let why = WindowView::NoStation { why: *why, contact, exported };
                self.window.show_own(entrance.unwrap_or(why), false);
            }
            State::Station(_) => {
                let mut entrance = lock(&self.entrance);
                if !entrance.is_joining() && !self.window.is_in_workbench() {
                    // The session ended: so does what was begun in it.
                    *entrance = Entrance::new(true);
                }
                drop(entrance);
                match self.entrance_view() {
                    Some(view) => self.window.show_own(view, true),
                    None => self.window.uncover(),
                }
            }
            State::Closed => {}
        }
    }

    fn entrance_view(&self) -> Option<WindowView> {
        let now = UnknownClock.read().0;
        let (camera, fault, simulated_camera) = self.camera.seen();
        let screen = lock(&self.entrance).screen(now, fault)?;
        let battery = battery::read(battery::POWER_SUPPLY.as_ref());
        let bar = EntranceBar { battery, simulated_camera, camera, now: now.wall };
        Some(WindowView::Entrance { view: Box::new(EntranceView { screen, bar }) })
    }

    /// Runs the camera for a laptop that waits for its enrolment. Where another process runs the
    /// station, the camera is that one's.
    fn run_camera(&self, error: &StartError) {
        if !NoStation::from(error).takes_tickets() {
            self.camera.stop();
            return;
        }
        let first = self.options.camera.clone().unwrap_or_default();
        let second = self.options.second_camera.clone();
        for (which, choice) in [(WhichCamera::First, Some(first)), (WhichCamera::Second, second)] {
            if let Err(error) = self.camera.run(which, choice) {
                tracing::error!(%error, "no camera");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change under these locks is one assignment, or one input of the entrance.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
