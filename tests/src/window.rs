//! The station's real window, driven by WebDriver as a person would: keys, and what is seen.
//!
//! WebKitWebDriver starts the program itself. Everything it starts, WebKit's own processes
//! included, is in one process group and ends with it.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::clock;
use crate::group::Group;
use crate::programs::program;
use crate::screen::Screen;

/// Long enough for a busy machine, short enough to tell that something hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two keys: the page takes faster ones for a hand scanner's.
const BETWEEN_KEYS: Duration = Duration::from_millis(60);

/// Keys by their WebDriver names (WebDriver §17.4.2).
pub mod key {
    /// Enter.
    pub const ENTER: char = '\u{E007}';
    /// Esc.
    pub const ESCAPE: char = '\u{E00C}';
    /// F6: the next language.
    pub const F6: char = '\u{E036}';
    /// F9: end the shift.
    pub const F9: char = '\u{E039}';
}

/// An open window; closed when dropped.
pub struct Window {
    client: Client,
    // Dropped last: it ends the program and the driver.
    _driver: Group,
}

impl Window {
    /// Opens it on an enrolled station's folder. `home` takes whatever a program leaves behind.
    ///
    /// # Panics
    /// Where the driver is missing or the window does not open.
    pub async fn open(screen: &Screen, station: &Path, camera: &str, home: &Path) -> Self {
        Self::open_with(screen, station, camera, home, &[]).await
    }

    /// The same, with more in the program's environment.
    ///
    /// # Panics
    /// As [`Window::open`].
    pub async fn open_with(
        screen: &Screen,
        station: &Path,
        camera: &str,
        home: &Path,
        environment: &[(&str, PathBuf)],
    ) -> Self {
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("DISPLAY", screen.display())
            .env_remove("WAYLAND_DISPLAY")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env("GDK_BACKEND", "x11")
            .env("HOME", home)
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            // No session bus, no assistive technology: both would be asked for and waited for.
            .env("NO_AT_BRIDGE", "1")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let driver = Group::start(&mut command);
        let address = (Ipv4Addr::LOCALHOST, port);
        clock::until("WebDriver", PATIENCE, || TcpStream::connect(address).ok());
        let arguments = ["--dir".into(), station.display().to_string(), "--camera".into(), camera.into()];
        let capabilities = json!({
            "webkitgtk:browserOptions": { "binary": program("kadian-station"), "args": arguments }
        });
        let capabilities = capabilities.as_object().expect("an object").clone();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("the window opens");
        let window = Self { client, _driver: driver };
        window.wait_for(".station[data-screen]").await;
        window
    }

    /// Asks until `selector` finds something.
    ///
    /// # Panics
    /// With what the page says instead, when patience is over.
    pub async fn wait_for(&self, selector: &str) {
        let end = clock::now() + PATIENCE;
        while self.client.find(Locator::Css(selector)).await.is_err() {
            if clock::now() > end {
                let screen = self.run("return document.querySelector('.station')?.dataset.screen").await;
                let picture = std::env::temp_dir().join("kadian-window-failed.png");
                let _ = std::fs::write(&picture, self.picture().await);
                let text = self.text("body").await;
                panic!("no {selector} in time; the page is at {screen} ({}):\n{text}", picture.display());
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits for a screen by its name.
    pub async fn screen(&self, kind: &str) {
        self.wait_for(&format!(".station[data-screen={kind}]")).await;
    }

    /// Waits for a result by its answer.
    pub async fn answer(&self, kind: &str) {
        self.wait_for(&format!("main[data-answer={kind}]")).await;
    }

    /// Waits until so many reports wait in the outbox, by the bar.
    pub async fn waiting(&self, reports: usize) {
        self.wait_for(&format!("footer[data-waiting=\"{reports}\"]")).await;
    }

    /// Switches the language until it is this one (`zh` or `en`), as a person would.
    pub async fn language(&self, tag: &str) {
        // Chinese, English and the system's, which is one of the two.
        for _ in 0..3 {
            if self.run("return document.documentElement.lang.slice(0, 2)").await == tag {
                return;
            }
            let before = self.run("return document.documentElement.dataset.language").await;
            self.press(key::F6).await;
            self.wait_for(&format!("html:not([data-language={before}])")).await;
        }
        panic!("no language {tag}");
    }

    /// Presses a key and lets it go.
    pub async fn press(&self, key: char) {
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client.perform_actions(actions).await.expect("the window takes keys");
        tokio::time::sleep(BETWEEN_KEYS).await;
    }

    /// Clicks what a selector finds.
    pub async fn click(&self, selector: &str) {
        self.wait_for(selector).await;
        let element = self.client.find(Locator::Css(selector)).await.expect("it was just there");
        element.click().await.expect("it can be clicked");
    }

    /// Types into a field.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.wait_for(selector).await;
        let field = self.client.find(Locator::Css(selector)).await.expect("it was just there");
        field.send_keys(text).await.expect("it takes text");
    }

    /// Signs in and stands at the first checkpoint.
    pub async fn sign_in(&self, phone: &str, pin: &str) {
        self.enter_pin(phone, pin).await;
        self.screen("choose-checkpoint").await;
        self.click(".station[data-screen=choose-checkpoint] li button").await;
    }

    /// Fills in the first screen and sends it.
    pub async fn enter_pin(&self, phone: &str, pin: &str) {
        self.screen("signed-out").await;
        self.fill("#phone", phone).await;
        self.fill("#pin", pin).await;
        self.click("#sign-in button[type=submit]").await;
    }

    /// What a selector's first element says.
    pub async fn text(&self, selector: &str) -> String {
        let script = format!(
            "return document.querySelector({})?.innerText ?? ''",
            serde_json::to_string(selector).expect("a string")
        );
        self.run(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script in the page, as a harmful page could.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// Makes the page as large as a screen of this size.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_rect(0, 0, width, height).await.expect("the window can be resized");
        let size = json!([width, height]);
        let end = clock::now() + PATIENCE;
        while self.run("return [innerWidth, innerHeight]").await != size {
            assert!(clock::now() < end, "the window did not become {width}x{height}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// What is seen now, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        // WebKitGTK answers with the next frame that it draws; a page that stands still draws none.
        let _ = self.run(STIR).await;
        let picture = tokio::time::timeout(PATIENCE, self.client.screenshot()).await;
        let _ = self.run("document.getElementById('stir').remove()").await;
        picture.expect("a picture in time").expect("a picture")
    }
}

/// Adds one clear pixel that changes again and again.
const STIR: &str = "
    const pixel = document.body.appendChild(document.createElement('i'));
    pixel.id = 'stir';
    pixel.style.cssText = 'position: fixed; width: 1px; height: 1px; top: 0; left: 0';
    let frames = 0;
    (function stir() {
        if (!pixel.isConnected) return;
        pixel.style.background = `rgb(0 0 0 / ${(frames++ % 2) / 255})`;
        setTimeout(stir, 20);
    })();
";

fn free_port() -> u16 {
    // Taken again by the driver in a moment; the system hands out others meanwhile.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}
