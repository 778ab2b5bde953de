//! Carries what the gate shows to the page.

use gate::View;
use gate::action::Sound;
use station::Display;
use tauri::{AppHandle, Emitter};
use tokio::sync::watch;

use crate::WINDOW;

/// Sends views and sounds to the window, and keeps the newest view for a page that starts late.
pub(crate) struct WindowDisplay {
    app: AppHandle,
    newest: watch::Sender<Option<View>>,
}

impl WindowDisplay {
    pub(crate) fn new(app: AppHandle, newest: watch::Sender<Option<View>>) -> Self {
        Self { app, newest }
    }

    fn emit<T: serde::Serialize + Clone>(&self, event: &str, payload: T) {
        if let Err(error) = self.app.emit_to(WINDOW, event, payload) {
            tracing::warn!(%error, event, "the window did not take an event");
        }
    }
}

impl Display for WindowDisplay {
    fn show(&mut self, view: &View) {
        // First what a late page will ask for, then the event: between the two it misses nothing.
        self.newest.send_replace(Some(view.clone()));
        self.emit("view", view);
    }

    fn play(&mut self, sound: Sound) {
        self.emit("sound", sound);
    }
}
