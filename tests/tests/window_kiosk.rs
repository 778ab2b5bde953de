//! A laptop that nobody can leave: each door of the real window is tried.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use serde_json::json;
use stage::window::key;
use stage::{NOBODY, Window};
use stories::gate::{ADMINISTRATOR, Gate, PHONE, PIN};

/// Longer than a new result ignores keys.
const DEAF: Duration = Duration::from_millis(400);

/// What tells whether the page is still the same one, at its own size.
const STILL: &str =
    "return [location.href, window.mark, visualViewport.scale, devicePixelRatio, history.length]";

#[tokio::test]
async fn no_key_and_no_script_leads_out_of_a_kiosk() {
    let gate = Gate::new();
    let window = gate.window_with(&["--kiosk"]).await;
    fills_the_screen(&window).await;
    window.sign_in(PHONE, PIN).await.unwrap();
    window.screen("ready").await.unwrap();
    window.run("window.mark = 'the same page'").await.unwrap();
    let before = window.run(STILL).await.unwrap();
    let is_closed = |what: String| {
        let (window, before) = (&window, &before);
        async move {
            assert_eq!(window.run(STILL).await.expect(&what), *before, "{what}");
        }
    };

    for letter in ['w', 'q', 'r', 'p', 'f', 's', 'u', 't', 'n', 'l', 'h', '+', '-', '0'] {
        window.press_with(&[key::CTRL], letter).await.unwrap();
        is_closed(format!("Ctrl {letter}")).await;
    }
    for letter in ['i', 'c', 'r', 'w'] {
        window.press_with(&[key::CTRL, key::SHIFT], letter).await.unwrap();
        is_closed(format!("Ctrl Shift {letter}")).await;
    }
    for (name, held, pressed) in [
        ("Alt F4", &[key::ALT][..], key::F4),
        ("Alt left", &[key::ALT], key::LEFT),
        ("Alt right", &[key::ALT], key::RIGHT),
        ("Backspace", &[], key::BACKSPACE),
        ("F5", &[], key::F5),
        ("Ctrl F5", &[key::CTRL], key::F5),
        ("F11", &[], key::F11),
        ("F12", &[], key::F12),
        ("Shift F10", &[key::SHIFT], key::F10),
        ("Esc", &[], key::ESCAPE),
    ] {
        window.press_with(held, pressed).await.unwrap();
        is_closed(name.to_owned()).await;
        if name == "Shift F10" {
            // It is F10: the workbench's door, which only an administrator's sign-in opens.
            window.screen("door").await.unwrap();
            window.press(key::ESCAPE).await.unwrap();
        }
    }

    for (what, script) in [
        ("a page", "location.href = 'https://example.org/'"),
        ("a file", "location.href = 'file:///etc/passwd'"),
        ("a script as an address", "location.href = 'javascript:window.mark = 1'"),
        ("a window", "window.open('https://example.org/')"),
        ("a link to a new window", LINK),
        ("printing", "window.print()"),
        ("a download", DOWNLOAD),
        ("a form", FORM),
        ("going back", "history.back()"),
        ("closing", "window.close()"),
        ("a dropped text", DROP),
        ("the wheel with Ctrl", WHEEL),
    ] {
        window.run(script).await.unwrap();
        is_closed(what.to_owned()).await;
    }
    let menu = "return document.body.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))";
    assert_eq!(window.run(menu).await.unwrap(), false, "the browser's menu");
    for (command, arguments) in [("leave_kiosk", "{}"), ("set_kiosk", "{ kiosk: false }")] {
        let asked = format!(
            "return window.__TAURI_INTERNALS__.invoke('{command}', {arguments}).then(() => 'done', (error) => error.code)"
        );
        assert_eq!(window.run(&asked).await.unwrap(), "not-allowed", "{command}");
    }
    fills_the_screen(&window).await;

    // The gate works on.
    gate.live.show("green").unwrap();
    window.answer("pass").await.unwrap();
    gate.live.show(NOBODY).unwrap();
    tokio::time::sleep(DEAF).await;
    window.press(key::ENTER).await.unwrap();
    window.any_screen(&["recorded", "ready"]).await.unwrap();
}

const LINK: &str = "
    const link = document.body.appendChild(document.createElement('a'));
    link.href = 'https://example.org/'; link.target = '_blank'; link.click(); link.remove();
";
const DOWNLOAD: &str = "
    const link = document.body.appendChild(document.createElement('a'));
    link.href = location.href; link.download = 'x'; link.click(); link.remove();
";
const FORM: &str = "
    const form = document.body.appendChild(document.createElement('form'));
    form.action = 'https://example.org/'; form.submit(); form.remove();
";
const DROP: &str = "
    for (const kind of ['dragover', 'drop']) {
        const event = new Event(kind, { bubbles: true, cancelable: true });
        if (document.body.dispatchEvent(event)) location.href = 'about:blank';
    }
";
const WHEEL: &str = "
    const wheel = { bubbles: true, cancelable: true, ctrlKey: true, deltaY: -400 };
    if (document.body.dispatchEvent(new WheelEvent('wheel', wheel))) document.body.style.zoom = 2;
";

async fn fills_the_screen(window: &Window) {
    let size = "return innerWidth === 1366 && innerHeight === 768";
    while window.run(size).await.unwrap() != true {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_kiosk_does_not_close_and_an_administrator_leaves_it() {
    let gate = Gate::new();
    gate.set("kiosk", json!(true));
    let window = gate.window().await;
    window.screen("signed-out").await.unwrap();
    fills_the_screen(&window).await;
    gate.screen.close_windows().unwrap();
    window.sign_in(ADMINISTRATOR.0, ADMINISTRATOR.1).await.unwrap();
    window.screen("ready").await.unwrap();
    gate.screen.close_windows().unwrap();
    window.press(key::F10).await.unwrap();
    window.wait_for("nav [aria-keyshortcuts=F11]").await.unwrap();
    window.press(key::F11).await.unwrap();
    window.wait_for("nav:not(:has([aria-keyshortcuts=F11]))").await.unwrap();
    let kiosk = "return window.__TAURI_INTERNALS__.invoke('kiosk')";
    assert_eq!(window.run(kiosk).await.unwrap(), json!({ "chosen": true, "locked": false }));
    gate.screen.close_windows().unwrap();
    window.is_gone().await.unwrap();
}

#[tokio::test]
async fn a_laptop_that_is_no_station_is_not_locked() {
    let gate = Gate::new();
    std::fs::remove_dir_all(&gate.station).unwrap();
    let window = gate.window_with(&["--kiosk"]).await;
    window.screen("entrance-waiting").await.unwrap();
    let kiosk = "return window.__TAURI_INTERNALS__.invoke('kiosk')";
    assert_eq!(window.run(kiosk).await.unwrap(), json!({ "chosen": false, "locked": false }));
    gate.screen.close_windows().unwrap();
    window.is_gone().await.unwrap();
}
