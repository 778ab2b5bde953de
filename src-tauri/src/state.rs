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
use crate::pulse::Pulse;

/// How long a page waits for the first view.
const FIRST_VIEW: Duration = Duration::from_secs(10);

/// What the commands work on.
pub(crate) struct AppState {
    laptop: Laptop,
    pulse: Arc<Pulse>,
    newest: watch::Receiver<Option<WindowView>>,
}

impl AppState {
    /// Opens the laptop's folder, which may be no station yet.
    pub(crate) fn open(args: Args, app: &AppHandle) -> Self {
        let (sender, newest) = watch::channel(None);
        let window = TauriWindow::new(app.clone(), sender);
        let options = StartOptions { dir: args.dir, camera: args.camera, network: true, stick: args.stick };
        Self { laptop: Laptop::open(options, Box::new(window)), pulse: Arc::default(), newest }
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
