//! The station behind the window, or the reason why there is none.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gate::View;
use station::{Preview, StartError, StartOptions, Station};
use tauri::AppHandle;
use tokio::sync::watch;

use crate::alive::Pulse;
use crate::args::Args;
use crate::commands::{CommandError, CommandErrorCode};
use crate::display::WindowDisplay;

/// How long a page waits for the first view.
const FIRST_VIEW: Duration = Duration::from_secs(10);

/// What the commands work on.
pub(crate) struct Desk {
    station: Mutex<Result<Station, CommandErrorCode>>,
    preview: Option<Preview>,
    pulse: Arc<Pulse>,
    newest: watch::Receiver<Option<View>>,
}

impl Desk {
    /// Starts the station.
    pub(crate) fn open(args: Args, app: &AppHandle) -> Result<Self, StartError> {
        let (sender, newest) = watch::channel(None);
        let display = WindowDisplay::new(app.clone(), sender);
        let options = StartOptions { dir: args.dir, camera: args.camera, network: true };
        let station = Station::start(options, Box::new(display))?;
        let preview = Some(station.preview());
        Ok(Self { station: Mutex::new(Ok(station)), preview, pulse: Arc::default(), newest })
    }

    /// A desk without a station.
    pub(crate) fn closed(error: &StartError) -> Self {
        let why = match error {
            StartError::NotEnrolled(_) => CommandErrorCode::NotEnrolled,
            StartError::InUse => CommandErrorCode::InUse,
            _ => CommandErrorCode::NoStation,
        };
        let (_, newest) = watch::channel(None);
        Self { station: Mutex::new(Err(why)), preview: None, pulse: Arc::default(), newest }
    }

    /// Runs `f` on the station, if there is one.
    pub(crate) fn station<T>(&self, f: impl FnOnce(&Station) -> T) -> Result<T, CommandError> {
        let station = self.station.lock().unwrap_or_else(PoisonError::into_inner);
        station.as_ref().map(f).map_err(|&why| why.into())
    }

    pub(crate) fn preview(&self) -> Option<Preview> {
        self.preview.clone()
    }

    /// What the page says of itself.
    pub(crate) fn pulse(&self) -> Arc<Pulse> {
        Arc::clone(&self.pulse)
    }

    /// The newest view, waiting for the first.
    pub(crate) async fn newest_view(&self) -> Result<View, CommandError> {
        self.station(|_| ())?;
        let mut newest = self.newest.clone();
        let first = newest.wait_for(Option::is_some);
        let first = tokio::time::timeout(FIRST_VIEW, first).await.ok().and_then(Result::ok);
        first.and_then(|view| view.clone()).ok_or(CommandErrorCode::NotReady.into())
    }

    /// Stops the station in order.
    pub(crate) fn close(&self) {
        let mut station = self.station.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(station) = std::mem::replace(&mut *station, Err(CommandErrorCode::NoStation)) {
            station.stop();
        }
    }
}
