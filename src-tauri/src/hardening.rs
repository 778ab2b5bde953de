//! Confines each window to its one page, together with tauri.conf.json and capabilities/. The test
//! `tests/hardening.rs` checks all three.

#[cfg(target_os = "linux")]
use tauri::Manager as _;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Wry};

#[cfg(target_os = "linux")]
use crate::state::AppState;
use crate::{RESIDENT, WINDOW};

/// Prepares the process. `main` calls it first, before any thread is started.
pub(crate) fn prepare_process() {
    // WebKitGTK's DMA-BUF renderer costs several times the memory and processor time here, and
    // its web process crashed with it.
    #[cfg(target_os = "linux")]
    set_if_absent("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    // A checkpoint stands in the dusk: dark, where no desktop says what it prefers.
    #[cfg(target_os = "linux")]
    if std::env::var_os("XDG_CURRENT_DESKTOP").is_none() {
        set_if_absent("GTK_THEME", "Adwaita:dark");
    }
}

#[cfg(target_os = "linux")]
fn set_if_absent(variable: &str, value: &str) {
    if std::env::var_os(variable).is_none() {
        // SAFETY: `main` comes here first, while this is the only thread.
        #[allow(unsafe_code)]
        unsafe {
            std::env::set_var(variable, value);
        }
    }
}

/// Opens the collector's window.
pub(crate) fn open_window(app: &AppHandle) -> tauri::Result<()> {
    let window = confined(app, WINDOW, "station/index.html").title("Kadian 卡点");
    let window = window.inner_size(1366.0, 768.0).min_inner_size(1024.0, 600.0).center();
    close_doors(&window.maximized(true).build()?)
}

/// Makes the window of the resident's side, which nobody sees yet.
pub(crate) fn open_resident_window(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let window = confined(app, RESIDENT, "resident/index.html").title("Kadian 居民屏");
    // Whoever is at the collector's keys types on.
    let window = window.inner_size(960.0, 540.0).focused(false).visible(false).skip_taskbar(true).build()?;
    close_doors(&window)?;
    Ok(window)
}

/// Returns a window to be, which stores nothing on disk, navigates nowhere, and opens no other window.
fn confined<'a>(app: &'a AppHandle, label: &str, page: &str) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        .incognito(!is_driven())
        .devtools(cfg!(debug_assertions))
        .general_autofill_enabled(false)
        .zoom_hotkeys_enabled(false)
        .disable_drag_drop_handler()
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
}

/// Closes what a web view opens by itself: its menu, dialogs, printing, zoom, and files that are dropped on it.
#[cfg(target_os = "linux")]
fn close_doors(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::glib::prelude::{ObjectExt as _, ToValue as _};
    use gtk::prelude::WidgetExt as _;
    use webkit2gtk::{PermissionRequestExt as _, WebViewExt as _};
    let app = window.app_handle().clone();
    window.with_webview(move |view| {
        let view = view.inner();
        // Untyped: a menu that a key asks for may come without an event, which the typed way does not expect.
        view.connect_local("context-menu", false, |_| Some(true.to_value()));
        view.connect_print(|_, _| true);
        view.connect_script_dialog(|_, _| true);
        view.connect_permission_request(|_, request| {
            request.deny();
            true
        });
        // A dialog for files walks through all of them. A laptop that is no station yet takes its ticket so.
        view.connect_run_file_chooser(move |_, _| app.state::<AppState>().is_locked());
        // By two fingers, too.
        view.connect_zoom_level_notify(|view| {
            if (view.zoom_level() - 1.0).abs() > f64::EPSILON {
                view.set_zoom_level(1.0);
            }
        });
        view.drag_dest_unset();
        view.drag_source_unset();
        keep_open(&view);
    })
}

/// Keeps the view of a page that closes itself: wry would destroy it, and leave a window without one. The pages
/// here do not close; the watchdog loads one anew that did all the same.
#[cfg(target_os = "linux")]
fn keep_open(view: &webkit2gtk::WebView) {
    use gtk::glib::gobject_ffi::{self, G_SIGNAL_MATCH_ID};
    use gtk::glib::prelude::{ObjectExt as _, ObjectType as _};
    use gtk::glib::translate::IntoGlib as _;
    use std::ptr::null_mut;
    // SAFETY: the view is alive and has this signal. The mask says that no other argument is read.
    #[allow(unsafe_code)]
    unsafe {
        let close = gobject_ffi::g_signal_lookup(c"close".as_ptr(), view.type_().into_glib());
        let of = view.as_ptr().cast();
        gobject_ffi::g_signal_handlers_block_matched(
            of,
            G_SIGNAL_MATCH_ID,
            close,
            0,
            null_mut(),
            null_mut(),
            null_mut(),
        );
    }
}

/// On other systems the page closes them alone.
#[cfg(not(target_os = "linux"))]
fn close_doors(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Returns whether a test drives this window, which is never so in a release.
///
/// WebKitGTK lets no WebDriver into an incognito window. A driven window therefore writes its cache
/// into the home folder that the test gave it.
fn is_driven() -> bool {
    cfg!(debug_assertions)
        && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true")
}

/// Returns whether an address is this program's own page.
fn is_own(url: &Url) -> bool {
    if cfg!(any(windows, target_os = "android")) {
        matches!(url.scheme(), "http" | "https") && url.host_str() == Some("tauri.localhost")
    } else {
        url.scheme() == "tauri" && url.host_str() == Some("localhost")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(windows))]
    fn the_window_goes_nowhere_else() {
        let own = |text| is_own(&Url::parse(text).unwrap());
        assert!(own("tauri://localhost/station/index.html"));
        assert!(own("tauri://localhost"));
        for other in [
            "https://example.org/",
            "http://tauri.localhost/",
            "tauri://example.org/",
            "preview://localhost/frame",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "about:blank",
        ] {
            assert!(!own(other), "{other}");
        }
    }
}
