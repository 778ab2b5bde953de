//! A laptop: the window's whole life, before its folder is a station and after.
//!
//! [`Laptop::open`] starts the folder's station, or shows why there is none and waits for one. The
//! camera and its preview belong to the laptop and live in both states. Whoever enrols the folder,
//! this process by [`Laptop::enrol`] or another one, the window becomes a station without a restart.

mod view;

pub use view::{NoStation, Window, WindowView};

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gate::View;
use gate::action::Sound;

use crate::camera_host::CameraHost;
use crate::display::Display;
use crate::enrol::{self, EnrolError};
use crate::preview::Preview;
use crate::start::{Headless, StartError, StartOptions};
use crate::station::Station;

/// A laptop without a station looks at its folder this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Looks for which a folder that has just been enrolled may still be held by the process that
/// enrolled it; after them the window says that another process runs the station.
const ENROLMENT_LOOKS: u32 = 10;

/// A laptop with a window. Dropping it stops its station and its camera.
pub struct Laptop {
    shared: Arc<Shared>,
    /// Dropped to end the watch.
    stop_watch: Option<Sender<()>>,
    watch: Option<JoinHandle<()>>,
}

struct Shared {
    options: StartOptions,
    headless: Headless,
    camera: Arc<CameraHost>,
    window: SharedWindow,
    state: Mutex<State>,
}

enum State {
    NoStation { why: NoStation, looks: u32 },
    Station(Box<Station>),
    Closed,
}

impl Laptop {
    /// Opens a folder, whatever it is, and shows in `window` what became of it.
    pub fn open(options: StartOptions, window: Box<dyn Window>) -> Self {
        Self::open_headless(options, Headless::default(), window)
    }

    /// Opens a folder as [`Laptop::open`] does, for a host without a screen.
    pub fn open_headless(options: StartOptions, headless: Headless, window: Box<dyn Window>) -> Self {
        let shared = Arc::new(Shared {
            options,
            headless,
            camera: Arc::default(),
            window: SharedWindow(Arc::new(Mutex::new(window))),
            state: Mutex::new(State::NoStation { why: NoStation::Failed, looks: 0 }),
        });
        shared.start(&mut shared.lock(), true);
        let (stop, stopped) = channel();
        let watched = Arc::clone(&shared);
        let watch =
            std::thread::Builder::new().name("enrolment".into()).spawn(move || watched.watch(&stopped));
        let watch =
            watch.inspect_err(|error| tracing::error!(%error, "an enrolment will not be noticed")).ok();
        Self { shared, stop_watch: Some(stop), watch }
    }

    /// Enrols the folder with a ticket's text, and starts the station.
    ///
    /// # Errors
    /// [`EnrolError`]; the laptop stays as it was. A folder that is enrolled and whose station does
    /// not start is no error of this call: the window says why.
    pub async fn enrol(&self, ticket: &str, name: &str) -> Result<(), EnrolError> {
        enrol::enrol(&self.shared.options.dir, ticket, name).await?;
        self.shared.look();
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

    /// Returns the camera's preview; `None` where no camera runs.
    #[must_use]
    pub fn preview(&self) -> Option<Preview> {
        self.shared.camera.frames().map(Preview::new)
    }

    /// Stops the station in order, and the camera.
    pub fn close(&self) {
        let before = std::mem::replace(&mut *self.shared.lock(), State::Closed);
        drop(before);
        self.shared.camera.stop();
    }
}

impl Drop for Laptop {
    fn drop(&mut self) {
        self.stop_watch = None;
        self.close();
        if let Some(watch) = self.watch.take()
            && watch.join().is_err()
        {
            tracing::error!("the watch for an enrolment had panicked");
        }
    }
}

impl Shared {
    /// Looks at the folder again and again until a station runs or cannot run.
    fn watch(&self, stopped: &Receiver<()>) {
        while stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) && self.look() {}
    }

    /// Starts the station if there is one now. Returns whether looking again makes sense.
    fn look(&self) -> bool {
        let mut state = self.lock();
        self.start(&mut state, false);
        matches!(&*state, State::NoStation { why, .. } if why.may_pass())
    }

    fn start(&self, state: &mut State, first: bool) {
        let State::NoStation { why: before, looks } = *state else { return };
        let display = Box::new(self.window.clone());
        let error = match Station::start_with(self.options.clone(), self.headless, display, &self.camera) {
            Ok(station) => {
                *state = State::Station(Box::new(station));
                return;
            }
            Err(error) => error,
        };
        let why = NoStation::from(&error);
        let waits = matches!(before, NoStation::NotEnrolled | NoStation::Withdrawn);
        let being_enrolled = !first && waits && why == NoStation::InUse;
        if being_enrolled && looks < ENROLMENT_LOOKS {
            *state = State::NoStation { why: before, looks: looks + 1 };
            return;
        }
        *state = State::NoStation { why, looks: 0 };
        if first || why != before {
            tracing::error!(%error, "no station");
            self.run_camera(&error);
            let contact = match error {
                StartError::Withdrawn { contact } => Some(contact),
                _ => None,
            };
            self.window.show_window(WindowView::NoStation { why, contact });
        }
    }

    /// Runs the camera for a laptop that waits for its enrolment. Where another process runs the
    /// station, the camera is that one's.
    fn run_camera(&self, error: &StartError) {
        if !matches!(error, StartError::NotEnrolled(_) | StartError::Withdrawn { .. }) {
            self.camera.stop();
            return;
        }
        let choice = self.options.camera.clone().unwrap_or_default();
        if let Err(error) = self.camera.run(choice) {
            tracing::error!(%error, "no camera");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The window, which the laptop and its gate share.
#[derive(Clone)]
struct SharedWindow(Arc<Mutex<Box<dyn Window>>>);

impl SharedWindow {
    fn show_window(&self, view: WindowView) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).show(view);
    }
}

impl Display for SharedWindow {
    fn show(&mut self, view: &View) {
        self.show_window(WindowView::Station { view: Box::new(view.clone()) });
    }

    fn play(&mut self, sound: Sound) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).play(sound);
    }
}

#[cfg(test)]
mod tests;
