//! What a kiosk does to the program's windows.

use tauri::{AppHandle, Manager as _, WebviewWindow, Window, WindowEvent};

use crate::state::AppState;
use crate::{RESIDENT, WINDOW};

/// Leaves the kiosk. Whoever calls it has made sure that an administrator asked.
pub(crate) fn leave(app: &AppHandle) -> tauri::Result<()> {
    tracing::warn!("an administrator leaves the kiosk");
    if app.state::<AppState>().kiosk().leave() {
        app.exit(0);
        return Ok(());
    }
    app.get_webview_window(WINDOW).map_or(Ok(()), |window| window.set_fullscreen(false))
}

/// Brings the locked window back to where it belongs: a desktop's own keys may have moved it.
pub(crate) fn hold(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(WINDOW) else { return Ok(()) };
    if !app.state::<AppState>().is_locked() {
        return Ok(());
    }
    hold_window(&window)
}

fn hold_window(window: &WebviewWindow) -> tauri::Result<()> {
    if window.is_minimized()? {
        window.unminimize()?;
        window.set_focus()?;
    }
    if !window.is_fullscreen()? {
        window.set_fullscreen(true)?;
        window.set_focus()?;
    }
    Ok(())
}

/// Lets no window of a locked laptop close. With the collector's window the program ends, whatever else is
/// open.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::CloseRequested { api, .. } if window.state::<AppState>().is_locked() => {
            api.prevent_close();
        }
        WindowEvent::Destroyed if window.label() == WINDOW => {
            if let Some(resident) = window.app_handle().get_webview_window(RESIDENT)
                && let Err(error) = resident.destroy()
            {
                tracing::warn!(%error, "the resident's side did not close");
            }
        }
        _ => {}
    }
}
