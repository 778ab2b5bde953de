//! The window of the resident's side: where it was chosen to be, as long as that place is there.
//!
//! A thread compares what was chosen with the displays that are connected; it holds a kiosk's window in its
//! place, too. A display that is unplugged takes the window with it: otherwise it would come to lie on the
//! collector's screen.

use std::time::Duration;

use serde::Serialize;
use station::ResidentDisplay;
use tauri::{AppHandle, Manager as _, Monitor};

use crate::state::AppState;
use crate::{RESIDENT, WINDOW, hardening, kiosk_window};

/// Time between two looks at the displays.
const LOOK: Duration = Duration::from_secs(1);

/// A display on which the resident's side can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub(crate) struct DisplayInfo {
    /// The name that the system gives it.
    pub(crate) name: String,
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
    /// Whether the collector's window is on it: the resident's side is not shown there.
    pub(crate) collectors: bool,
}

/// Returns the displays that are connected, each name once.
pub(crate) fn displays(app: &AppHandle) -> tauri::Result<Vec<DisplayInfo>> {
    let own = app.get_webview_window(WINDOW).and_then(|window| window.current_monitor().ok().flatten());
    let own = own.as_ref().and_then(Monitor::name).cloned();
    let mut displays: Vec<DisplayInfo> = Vec::new();
    for monitor in app.available_monitors()? {
        let Some(name) = monitor.name().cloned() else { continue };
        if displays.iter().any(|display| display.name == name) {
            continue;
        }
        let size = monitor.size();
        let collectors = own.as_ref() == Some(&name);
        displays.push(DisplayInfo { name, width: size.width, height: size.height, collectors });
    }
    Ok(displays)
}

/// Keeps both windows where they belong, until the program ends.
pub(crate) fn follow(app: &AppHandle) -> tauri::Result<()> {
    let app = app.clone();
    let follower = std::thread::Builder::new().name("windows".into()).spawn(move || {
        let mut open = Place::None;
        loop {
            // Without the collector's window the program is about to end.
            if app.get_webview_window(WINDOW).is_none() {
                return;
            }
            if let Err(error) = kiosk_window::hold(&app) {
                tracing::error!(%error, "the kiosk's window is not where it belongs");
            }
            if app.get_webview_window(RESIDENT).is_none() {
                open = Place::None;
            }
            let connected = displays(&app).unwrap_or_default();
            let chosen = app.state::<AppState>().station(|station| {
                station.tell_displays(free(&connected));
                station.settings().resident_display
            });
            let wanted = place(&chosen.unwrap_or_default(), &connected);
            if wanted != open {
                match go(&app, &wanted) {
                    Ok(()) => open = wanted,
                    Err(error) => tracing::error!(%error, "the resident's side could not be shown"),
                }
            }
            std::thread::sleep(LOOK);
        }
    });
    follower.map(|_| ()).map_err(Into::into)
}

/// Where the window is, or is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    None,
    Window,
    Display(String),
}

/// Returns where the window belongs, of what was chosen and what there is.
fn place(chosen: &ResidentDisplay, connected: &[DisplayInfo]) -> Place {
    match chosen {
        ResidentDisplay::None => Place::None,
        ResidentDisplay::Window => Place::Window,
        ResidentDisplay::Display { name } if free(connected).contains(name) => Place::Display(name.clone()),
        ResidentDisplay::Display { .. } => Place::None,
    }
}

/// Returns the names of the displays on which the window can be.
fn free(connected: &[DisplayInfo]) -> Vec<String> {
    let free = connected.iter().filter(|display| !display.collectors);
    free.map(|display| display.name.clone()).collect()
}

/// Opens the window anew at a place, or closes it.
fn go(app: &AppHandle, to: &Place) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(RESIDENT) {
        window.destroy()?;
    }
    let monitor = match to {
        Place::None => return Ok(()),
        Place::Window => None,
        Place::Display(name) => {
            app.available_monitors()?.into_iter().find(|monitor| monitor.name() == Some(name))
        }
    };
    let window = hardening::open_resident_window(app)?;
    if let Some(monitor) = monitor {
        window.set_position(*monitor.position())?;
        window.set_fullscreen(true)?;
        #[cfg(target_os = "linux")]
        fill(&window, monitor.name().cloned().unwrap_or_default())?;
    }
    window.show()
}

/// Asks for a display by its number: a Wayland compositor lets no program say where a window is.
#[cfg(target_os = "linux")]
fn fill(window: &tauri::WebviewWindow, name: String) -> tauri::Result<()> {
    use gtk::prelude::{GtkWindowExt as _, MonitorExt as _, WidgetExt};
    let shown = window.clone();
    window.run_on_main_thread(move || {
        let Ok(shown) = shown.gtk_window() else { return };
        let display = shown.display();
        let number = (0..display.n_monitors()).find(|number| {
            display.monitor(*number).and_then(|monitor| monitor.model()).is_some_and(|model| model == name)
        });
        if let (Some(number), Some(screen)) = (number, WidgetExt::screen(&shown)) {
            shown.fullscreen_on_monitor(&screen, number);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connected(names: &[(&str, bool)]) -> Vec<DisplayInfo> {
        let info = |&(name, collectors): &(&str, bool)| DisplayInfo {
            name: name.to_owned(),
            width: 1366,
            height: 768,
            collectors,
        };
        names.iter().map(info).collect()
    }

    #[test]
    fn it_is_shown_where_it_was_chosen_and_never_on_the_collectors_screen() {
        let chosen = ResidentDisplay::Display { name: "HDMI-1".to_owned() };
        let there = Place::Display("HDMI-1".to_owned());
        assert_eq!(place(&chosen, &connected(&[("eDP-1", true), ("HDMI-1", false)])), there);
        assert_eq!(place(&chosen, &connected(&[("eDP-1", true)])), Place::None, "unplugged");
        assert_eq!(place(&chosen, &connected(&[("eDP-1", false), ("HDMI-1", true)])), Place::None);
        assert_eq!(place(&ResidentDisplay::None, &connected(&[("HDMI-1", false)])), Place::None);
        assert_eq!(place(&ResidentDisplay::Window, &[]), Place::Window);
    }
}
