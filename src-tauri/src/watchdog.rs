//! A watchdog for both pages: it reloads a page that crashed or that sends no heartbeat any more.
//!
//! Reloading loses nothing. A page holds no state, and asks for the newest view when it starts.

use std::sync::Arc;
use std::time::Duration;

use tauri::{AppHandle, Manager, WebviewWindow};

use crate::pulse::Pulse;
use crate::state::AppState;
use crate::{RESIDENT, WINDOW};

/// Time between two looks at the page.
const LOOK: Duration = Duration::from_millis(500);
/// Looks without a heartbeat after which a page counts as dead. A page sends one a second.
const SILENT: u32 = 12;
/// Looks that a page has until its first heartbeat: a cold laptop with a slow disk loads for long. Each page without one
/// doubles them for the next.
const LOADING: u32 = 40;
/// Upper limit of these looks.
const LOADING_MOST: u32 = 240;

/// Watches the pages until the program ends. The resident's side comes and goes; its page beats by asking.
pub(crate) fn watch(app: &AppHandle) -> tauri::Result<()> {
    let app = app.clone();
    let state = app.state::<AppState>();
    let mut pages = [Page::new(WINDOW, state.pulse()), Page::new(RESIDENT, state.resident_pulse())];
    let watching = std::thread::Builder::new().name("watchdog".into()).spawn({
        let app = app.clone();
        move || loop {
            std::thread::sleep(LOOK);
            if app.get_webview_window(WINDOW).is_none() {
                return;
            }
            for page in &mut pages {
                page.look(&app);
            }
        }
    });
    watching.map(|_| ()).map_err(Into::into)
}

/// A page that is watched while its window is there.
struct Page {
    label: &'static str,
    pulse: Arc<Pulse>,
    /// `None` while there is no window.
    watchdog: Option<Watchdog>,
}

impl Page {
    fn new(label: &'static str, pulse: Arc<Pulse>) -> Self {
        Self { label, pulse, watchdog: None }
    }

    fn look(&mut self, app: &AppHandle) {
        let Some(window) = app.get_webview_window(self.label) else {
            self.watchdog = None;
            return;
        };
        if self.watchdog.is_none()
            && let Err(error) = listen_for_crashes(&window, Arc::clone(&self.pulse))
        {
            tracing::error!(%error, page = self.label, "a crash of the page will be noticed late");
        }
        // The web view suspends a page that is not visible.
        let seen = window.is_visible().unwrap_or(true) && !window.is_minimized().unwrap_or(false);
        let crashed = self.pulse.take_crash();
        let watchdog = self.watchdog.get_or_insert_default();
        match watchdog.look(self.pulse.beats(), seen, crashed) {
            Finding::Alive => {}
            Finding::Crashed => {
                tracing::error!(page = self.label, "the page's process ended; it is reloaded");
                reload(&window, false);
            }
            Finding::Silent => {
                tracing::error!(page = self.label, "the page no longer answers; it is reloaded");
                reload(&window, true);
            }
        }
    }
}

fn reload(window: &WebviewWindow, hangs: bool) {
    // A page that hangs does not react to a reload; its process has to be ended first.
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
        tracing::error!(%error, "the page could not be reloaded");
    }
}

#[cfg(target_os = "linux")]
fn listen_for_crashes(window: &WebviewWindow, pulse: Arc<Pulse>) -> tauri::Result<()> {
    window.with_webview(move |view| {
        use webkit2gtk::{WebProcessTerminationReason, WebViewExt as _};
        view.inner().connect_web_process_terminated(move |_, reason| {
            // `reload` ends the process of a page that hangs, and reloads it by itself.
            if reason != WebProcessTerminationReason::TerminatedByApi {
                pulse.note_crash();
            }
        });
    })
}

/// On other systems a crashed page is noticed because its heartbeats stop.
#[cfg(not(target_os = "linux"))]
fn listen_for_crashes(_: &WebviewWindow, _: Arc<Pulse>) -> tauri::Result<()> {
    Ok(())
}

/// What the looks at one page have shown so far.
#[derive(Debug)]
struct Watchdog {
    beats: u64,
    /// Looks since the last heartbeat.
    silent: u32,
    /// Whether this page has sent a heartbeat.
    lives: bool,
    /// Looks that this page has until its first heartbeat.
    loading: u32,
}

impl Default for Watchdog {
    fn default() -> Self {
        Self { beats: 0, silent: 0, lives: false, loading: LOADING }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Finding {
    Alive,
    /// The page's process ended.
    Crashed,
    /// The page sends no heartbeats.
    Silent,
}

impl Watchdog {
    fn look(&mut self, beats: u64, seen: bool, crashed: bool) -> Finding {
        if beats != self.beats {
            *self = Self { beats, silent: 0, lives: true, loading: LOADING };
        } else if seen {
            self.silent += 1;
        }
        let patience = if self.lives { SILENT } else { self.loading };
        // A page that crashes while it loads waits like a silent one, so that reloads do not pile up.
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
        let mut watchdog = Watchdog::default();
        for look in 0..1000_u64 {
            assert_eq!(watchdog.look(look / 2, true, false), Finding::Alive);
        }
    }

    #[test]
    fn silence_is_noticed_once_and_a_new_page_is_given_time() {
        let mut watchdog = Watchdog::default();
        assert_eq!(watchdog.look(1, true, false), Finding::Alive);
        let looks = |watchdog: &mut Watchdog| {
            (1..1000).find(|_| watchdog.look(1, true, false) == Finding::Silent).unwrap()
        };
        assert_eq!(looks(&mut watchdog), SILENT);
        assert_eq!(looks(&mut watchdog), LOADING);
        assert_eq!(looks(&mut watchdog), LOADING * 2);
        for _ in 0..10 {
            assert!(looks(&mut watchdog) <= LOADING_MOST);
        }
        assert_eq!(watchdog.look(2, true, false), Finding::Alive);
        assert!((1..=SILENT).any(|_| watchdog.look(2, true, false) == Finding::Silent));
    }

    #[test]
    fn a_crash_is_noticed_at_once_and_a_hidden_page_may_sleep() {
        let mut watchdog = Watchdog::default();
        assert_eq!(watchdog.look(1, true, false), Finding::Alive);
        assert_eq!(watchdog.look(1, true, true), Finding::Crashed);
        assert_eq!(watchdog.look(1, true, true), Finding::Alive, "it is loading");
        assert_eq!(watchdog.look(2, true, false), Finding::Alive);
        for _ in 0..100 {
            assert_eq!(watchdog.look(2, false, false), Finding::Alive);
        }
    }
}
