//! Confines the window to its one page, together with tauri.conf.json and capabilities/. The test
//! `tests/hardening.rs` checks all three.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Url, WebviewUrl, WebviewWindowBuilder};

use crate::WINDOW;

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

/// Opens the window. It stores nothing on disk, navigates nowhere, and opens no other window.
pub(crate) fn open_window(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::App("index.html".into()))
        .title("Kadian 卡点")
        .inner_size(1366.0, 768.0)
        .min_inner_size(1024.0, 600.0)
        .center()
        .maximized(true)
        .incognito(!is_driven())
        .devtools(cfg!(debug_assertions))
        .general_autofill_enabled(false)
        .zoom_hotkeys_enabled(false)
        .disable_drag_drop_handler()
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
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
        assert!(own("tauri://localhost/index.html"));
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
