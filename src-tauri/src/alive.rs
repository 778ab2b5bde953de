//! Keeps a page on the screen that lives: one that crashed, or no longer says that it is alive, is
//! loaded anew. Nothing is lost by that: a page holds nothing, and asks for the newest view.

use std::sync::Arc;
use std::time::Duration;

use tauri::{AppHandle, Manager, WebviewWindow};

use crate::WINDOW;
use crate::pulse::Pulse;
use crate::state::AppState;

/// How often the page is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// Looks without a heartbeat after which a page counts as dead; a page sends one a second.
const SILENT: u32 = 12;
/// Looks that a page gets for its first heartbeat, doubled with each page that gave none.
const LOADING: u32 = 20;
/// Most such looks.
const LOADING_MOST: u32 = 240;

/// Watches the window's page until the program ends.
pub(crate) fn watch(app: &AppHandle) -> tauri::Result<()> {
    let app = app.clone();
    let pulse = app.state::<AppState>().pulse();
    if let Some(window) = app.get_webview_window(WINDOW) {
        listen_for_crashes(&window, Arc::clone(&pulse))?;
    }
    let watching = std::thread::Builder::new().name("alive".into()).spawn(move || {
        let mut patient = Patient::default();
        loop {
            std::thread::sleep(LOOK);
            let Some(window) = app.get_webview_window(WINDOW) else { return };
            // The web view lets a page that nobody sees sleep.
            let seen = window.is_visible().unwrap_or(true) && !window.is_minimized().unwrap_or(false);
            let crashed = pulse.take_crash();
            match patient.look(pulse.beats(), seen, crashed) {
                Finding::Alive => {}
                Finding::Crashed => {
                    tracing::error!("the page's process ended; it is loaded anew");
                    reload(&window, false);
                }
                Finding::Silent => {
                    tracing::error!("the page no longer answers; it is loaded anew");
                    reload(&window, true);
                }
            }
        }
    });
    watching.map(|_| ()).map_err(Into::into)
}

fn reload(window: &WebviewWindow, hangs: bool) {
    // A page that hangs takes no wish to be loaded anew; its process has to end first.
    #[cfg(target_os = "linux")]
    let ended = window.with_webview(move |view| {
        use webkit2gtk::WebViewExt as _;
        if hangs {
            view.inner().terminate_web_process();
        }
        view.inner().reload();
    });
    #[cfg(not(target_os = "linux"))]
    let ended = {
        let _ = hangs;
        window.reload()
    };
    if let Err(error) = ended {
        tracing::error!(%error, "the page could not be loaded anew");
    }
}

#[cfg(target_os = "linux")]
fn listen_for_crashes(window: &WebviewWindow, pulse: Arc<Pulse>) -> tauri::Result<()> {
    window.with_webview(move |view| {
        use webkit2gtk::{WebProcessTerminationReason, WebViewExt as _};
        view.inner().connect_web_process_terminated(move |_, reason| {
            // What this program ended, it loads anew itself.
            if reason != WebProcessTerminationReason::TerminatedByApi {
                pulse.note_crash();
            }
        });
    })
}

/// Elsewhere a crashed page is noticed by its silence.
#[cfg(not(target_os = "linux"))]
fn listen_for_crashes(_: &WebviewWindow, _: Arc<Pulse>) -> tauri::Result<()> {
    Ok(())
}

/// A page as it is looked at again and again.
#[derive(Debug)]
struct Patient {
    beats: u64,
    /// Looks since the last heartbeat.
    silent: u32,
    /// Whether this page ever gave one.
    lives: bool,
    /// Looks that the next page without one gets.
    loading: u32,
}

impl Default for Patient {
    fn default() -> Self {
        Self { beats: 0, silent: 0, lives: false, loading: LOADING }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Finding {
    Alive,
    /// Its process ended.
    Crashed,
    /// It says nothing.
    Silent,
}

impl Patient {
    fn look(&mut self, beats: u64, seen: bool, crashed: bool) -> Finding {
        if beats != self.beats {
            *self = Self { beats, silent: 0, lives: true, loading: LOADING };
        } else if seen {
            self.silent += 1;
        }
        let patience = if self.lives { SILENT } else { self.loading };
        // A page that crashes again and again while it loads does not crash all the faster.
        let finding = match crashed {
            true if self.lives => Finding::Crashed,
            _ if self.silent >= patience => Finding::Silent,
            _ => return Finding::Alive,
        };
        let loading = if self.lives { LOADING } else { (self.loading * 2).min(LOADING_MOST) };
        *self = Self { beats, silent: 0, lives: false, loading };
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_beats_is_left_alone() {
        let mut patient = Patient::default();
        for look in 0..1000_u64 {
            assert_eq!(patient.look(look / 2, true, false), Finding::Alive);
        }
    }

    #[test]
    fn silence_is_noticed_once_and_a_new_page_is_given_time() {
        let mut patient = Patient::default();
        assert_eq!(patient.look(1, true, false), Finding::Alive);
        let looks = |patient: &mut Patient| {
            (1..1000).find(|_| patient.look(1, true, false) == Finding::Silent).unwrap()
        };
        assert_eq!(looks(&mut patient), SILENT);
        assert_eq!(looks(&mut patient), LOADING);
        assert_eq!(looks(&mut patient), LOADING * 2);
        for _ in 0..10 {
            assert!(looks(&mut patient) <= LOADING_MOST);
        }
        assert_eq!(patient.look(2, true, false), Finding::Alive);
        assert!((1..=SILENT).any(|_| patient.look(2, true, false) == Finding::Silent));
    }

    #[test]
    fn a_crash_is_noticed_at_once_and_a_hidden_page_may_sleep() {
        let mut patient = Patient::default();
        assert_eq!(patient.look(1, true, false), Finding::Alive);
        assert_eq!(patient.look(1, true, true), Finding::Crashed);
        assert_eq!(patient.look(1, true, true), Finding::Alive, "it is loading");
        assert_eq!(patient.look(2, true, false), Finding::Alive);
        for _ in 0..100 {
            assert_eq!(patient.look(2, false, false), Finding::Alive);
        }
    }
}
