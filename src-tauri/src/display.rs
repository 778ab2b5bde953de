//! Carries what the laptop shows to the collector's page, and a view of less to the resident's side.

use gate::action::Sound;
use gate::window::resident::ResidentView;
use gate::window::spoken::Spoken;
use serde::Serialize;
use station::{Window, WindowView};
use tauri::{AppHandle, Emitter};
use tokio::sync::watch;

use crate::WINDOW;
use crate::awake::Awake;
use crate::resident::Teller;

/// A sound that the window makes, and what it says after it.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub(crate) struct Sounded {
    sound: Sound,
    /// What is spoken, if anything: what the resident's side shows.
    says: Option<ResidentView>,
}

/// Sends views and sounds to the window, and keeps the newest view for a page that starts late.
pub(crate) struct TauriWindow {
    app: AppHandle,
    newest: watch::Sender<Option<WindowView>>,
    resident: Teller,
    spoken: Spoken,
    awake: Awake,
}

impl TauriWindow {
    pub(crate) fn new(app: AppHandle, newest: watch::Sender<Option<WindowView>>, resident: Teller) -> Self {
        Self { app, newest, resident, spoken: Spoken::default(), awake: Awake::start() }
    }

    fn emit<T: Serialize + Clone>(&self, event: &str, payload: T) {
        if let Err(error) = self.app.emit_to(WINDOW, event, payload) {
            tracing::warn!(%error, event, "the window did not take an event");
        }
    }
}

impl Window for TauriWindow {
    fn show(&mut self, view: WindowView) {
        self.resident.tell(view.resident());
        self.spoken.show(match &view {
            WindowView::Station { view } => Some(view),
            WindowView::NoStation { .. } | WindowView::Entrance { .. } => None,
        });
        let is_shift = matches!(&view, WindowView::Station { view } if view.bar.shift.is_some());
        self.awake.tell(is_shift);
        // The kept view comes before the event, so that a page that starts between the two gets
        // this view or the event.
        self.newest.send_replace(Some(view.clone()));
        self.emit("view", view);
    }

    fn play(&mut self, sound: Sound) {
        let says = self.spoken.ring();
        self.emit("sound", Sounded { sound, says });
    }
}
