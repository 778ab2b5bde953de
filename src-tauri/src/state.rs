//! What the commands work on: the laptop behind the window.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use station::{CannotLeave, Laptop, LeaveStep, Preview, StartOptions, Station, TicketInput, WindowView};
use tauri::AppHandle;
use tokio::sync::watch;

use crate::args::Args;
use crate::display::TauriWindow;
use crate::error::{CommandError, CommandErrorCode};
use crate::kiosk::{Kiosk, KioskState};
use crate::pulse::Pulse;
use crate::resident::{self, Listener};

/// How long a page waits for the first view.
const FIRST_VIEW: Duration = Duration::from_secs(10);

/// What the commands work on.
pub(crate) struct AppState {
    laptop: Laptop,
    pulse: Arc<Pulse>,
    newest: watch::Receiver<Option<WindowView>>,
    resident: Listener,
    resident_pulse: Arc<Pulse>,
    kiosk: Kiosk,
}

impl AppState {
    /// Opens the laptop's folder, which may be no station yet.
    pub(crate) fn open(args: Args, app: &AppHandle) -> Self {
        let (sender, newest) = watch::channel(None);
        let (teller, resident) = resident::channel();
        let window = TauriWindow::new(app.clone(), sender, teller);
        let options = StartOptions {
            dir: args.dir,
            camera: args.camera,
            second_camera: args.second_camera,
            network: true,
            stick: args.stick,
        };
        let laptop = Laptop::open(options, Box::new(window));
        let chosen = laptop.station(|station| station.settings().kiosk).unwrap_or_default();
        let kiosk = Kiosk::new(args.kiosk, chosen);
        Self { laptop, pulse: Arc::default(), newest, resident, resident_pulse: Arc::default(), kiosk }
    }

    /// Runs `f` on the station, if there is one.
    pub(crate) fn station<T>(&self, f: impl FnOnce(&Station) -> T) -> Result<T, CommandError> {
        self.laptop.station(f).map_err(|why| CommandErrorCode::from(why).into())
    }

    /// Hands in what a person did with a ticket, if the laptop takes one now.
    pub(crate) fn ticket(&self, input: TicketInput) -> Result<(), CommandError> {
        self.laptop.ticket(input).map_err(|_| CommandErrorCode::TakesNoTicket.into())
    }

    /// Takes the station out of service, step by step.
    pub(crate) fn leave(&self, step: LeaveStep, to: &Path) -> Result<(), CommandError> {
        self.laptop.leave(step, to).map_err(|error| match error {
            CannotLeave::NotAllowed => CommandErrorCode::NotAllowed.into(),
            CannotLeave::Disk(_) | CannotLeave::Export(_) => {
                tracing::error!(%error, "this station did not leave service");
                CommandErrorCode::NotSaved.into()
            }
        })
    }

    /// Succeeds if an administrator is in the workbench.
    pub(crate) fn administrator(&self) -> Result<(), CommandError> {
        if self.laptop.admits_administrator() { Ok(()) } else { Err(CommandErrorCode::NotAllowed.into()) }
    }

    /// Returns the kiosk of this process.
    pub(crate) fn kiosk(&self) -> &Kiosk {
        &self.kiosk
    }

    /// Returns whether nobody may leave this window.
    pub(crate) fn is_locked(&self) -> bool {
        self.kiosk.locks(self.laptop.station(|_| ()).is_ok())
    }

    /// Returns whether this laptop is a kiosk.
    pub(crate) fn kiosk_state(&self) -> KioskState {
        let chosen = self.laptop.station(|station| station.settings().kiosk).unwrap_or_default();
        KioskState { chosen, locked: self.is_locked() }
    }

    /// Returns what the resident's side is told.
    pub(crate) fn resident(&self) -> Listener {
        self.resident.clone()
    }

    /// Returns what the page of the resident's side says of itself.
    pub(crate) fn resident_pulse(&self) -> Arc<Pulse> {
        Arc::clone(&self.resident_pulse)
    }

    /// Returns the camera's preview; `None` while no camera runs.
    pub(crate) fn preview(&self) -> Option<Preview> {
        self.laptop.preview()
    }

    /// Returns what the page says of itself.
    pub(crate) fn pulse(&self) -> Arc<Pulse> {
        Arc::clone(&self.pulse)
    }

    /// Returns the newest view, and waits for the first one.
    pub(crate) async fn newest_view(&self) -> Result<WindowView, CommandError> {
        let mut newest = self.newest.clone();
        let first = newest.wait_for(Option::is_some);
        let first = tokio::time::timeout(FIRST_VIEW, first).await.ok().and_then(Result::ok);
        first.and_then(|view| view.clone()).ok_or(CommandErrorCode::NotReady.into())
    }

    /// Stops the station in order, and the camera.
    pub(crate) fn close(&self) {
        self.laptop.close();
    }
}
