//! The station's real window, driven by WebDriver as a person would: keys, and what is seen.
//!
//! WebKitWebDriver starts the program itself. Everything it starts, WebKit's own processes
//! included, is in one process group and ends with it.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::clock::{self, PATIENCE};
use crate::problem::{Problem, Result, io};
use crate::programs::program;
use crate::running::Running;
use crate::screen::Screen;
use crate::world::last_digits;

/// Pause between two looks at the page.
const BETWEEN_LOOKS: Duration = Duration::from_millis(30);

pub mod key;
mod keyboard;
mod others;

/// A person looks at a new screen for so long before they click.
const LOOKS: Duration = Duration::from_millis(500);

/// An open window; closed when dropped.
pub struct Window {
    client: Client,
    // Dropped last: it ends the program and the driver.
    _driver: Running,
}

impl Window {
    /// Opens it on an enrolled station's folder. `home` takes whatever a program leaves behind.
    ///
    /// # Errors
    /// [`Problem`]: the driver is missing, or the window does not open.
    pub async fn open(screen: &Screen, station: &Path, camera: &str, home: &Path) -> Result<Self> {
        Self::open_with(screen, station, camera, home, &[]).await
    }

    /// Opens it with more in the program's environment.
    ///
    /// # Errors
    /// As [`Window::open`].
    pub async fn open_with(
        screen: &Screen,
        station: &Path,
        camera: &str,
        home: &Path,
        environment: &[(&str, PathBuf)],
    ) -> Result<Self> {
        Self::open_as(screen, station, camera, home, environment, &[]).await
    }

    /// Opens it with more in the program's environment and on its command line.
    ///
    /// # Errors
    /// As [`Window::open`].
    pub async fn open_as(
        screen: &Screen,
        station: &Path,
        camera: &str,
        home: &Path,
        environment: &[(&str, PathBuf)],
        more: &[&str],
    ) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("DISPLAY", screen.display())
            // A laptop without a desktop, whatever the tests run on.
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XDG_CURRENT_DESKTOP")
            .env_remove("GTK_THEME")
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
        let driver = Running::start_group(&mut command)?;
        let address = (Ipv4Addr::LOCALHOST, port);
        clock::until("WebDriver", PATIENCE, || Ok(TcpStream::connect(address).ok()))?;
        let program = program("kadian-station")?;
        let mut arguments =
            vec!["--dir".to_owned(), station.display().to_string(), "--camera".to_owned(), camera.to_owned()];
        arguments.extend(more.iter().map(|&word| word.to_owned()));
        let options = json!({ "binary": program, "args": arguments });
        let capabilities = [("webkitgtk:browserOptions".to_owned(), options)].into_iter().collect();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await?;
        let window = Self { client, _driver: driver };
        window.wait_for(".station[data-screen]").await?;
        Ok(window)
    }

    /// Waits until `selector` finds something.
    ///
    /// # Errors
    /// [`Problem::TooLate`], with what the page says instead and where a picture of it lies.
    pub async fn wait_for(&self, selector: &str) -> Result<()> {
        self.find(selector).await.map(|_| ())
    }

    async fn find(&self, selector: &str) -> Result<Element> {
        let end = clock::now() + PATIENCE;
        loop {
            if let Ok(element) = self.client.find(Locator::Css(selector)).await {
                return Ok(element);
            }
            if clock::now() > end {
                return Err(self.too_late(selector).await);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    async fn too_late(&self, what: &str) -> Problem {
        let picture = std::env::temp_dir().join("kadian-window-failed.png");
        let kept = match self.picture().await {
            Ok(bytes) if fs::write(&picture, &bytes).is_ok() => picture.display().to_string(),
            _ => "no picture".to_owned(),
        };
        let screen = self.run("return document.querySelector('.station')?.dataset.screen").await;
        let text = self.text("body").await.unwrap_or_default();
        let instead = format!("the page is at {} ({kept}):\n{text}", screen.unwrap_or_default());
        Problem::TooLate { what: what.to_owned(), patience: PATIENCE, instead }
    }

    /// Waits for a screen by its name.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn screen(&self, kind: &str) -> Result<()> {
        self.wait_for(&format!(".station[data-screen={kind}]")).await
    }

    /// Waits for any of these screens. A screen that stays for a moment only may be over before a
    /// busy machine looks; whoever waits for it names the screen that follows, too.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn any_screen(&self, kinds: &[&str]) -> Result<()> {
        let selectors: Vec<String> =
            kinds.iter().map(|kind| format!(".station[data-screen={kind}]")).collect();
        self.wait_for(&selectors.join(", ")).await
    }

    /// Waits for a result by its answer.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn answer(&self, kind: &str) -> Result<()> {
        self.wait_for(&format!("main[data-answer={kind}]")).await
    }

    /// Waits until so many reports wait in the outbox, by the bar.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn waiting(&self, reports: usize) -> Result<()> {
        self.wait_for(&format!("footer[data-waiting=\"{reports}\"]")).await
    }

    /// Switches the language until it is this one (`zh` or `en`), as a person would.
    ///
    /// # Errors
    /// [`Problem::Unexpected`] where the page does not have it.
    pub async fn language(&self, tag: &str) -> Result<()> {
        for _ in 0..2 {
            if self.run("return document.documentElement.lang.slice(0, 2)").await? == tag {
                return Ok(());
            }
            let before = self.run("return document.documentElement.dataset.language").await?;
            self.press(key::F6).await?;
            self.wait_for(&format!("html:not([data-language={before}])")).await?;
        }
        Err(Problem::unexpected("the language of the page", format!("there is no {tag}")))
    }

    /// Waits for what a selector finds, and clicks it.
    ///
    /// # Errors
    /// [`Problem::TooLate`] or [`Problem::Window`].
    pub async fn click(&self, selector: &str) -> Result<()> {
        let button = self.find(selector).await?;
        // A person looks first: a new screen's buttons take no click for a moment.
        tokio::time::sleep(LOOKS).await;
        Ok(button.click().await?)
    }

    /// Waits for a field, and types into it.
    ///
    /// # Errors
    /// [`Problem::TooLate`] or [`Problem::Window`].
    pub async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        Ok(self.find(selector).await?.send_keys(text).await?)
    }

    /// Puts a text into a field at once, in the place of what is there, as whoever pastes it.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn put(&self, selector: &str, text: &str) -> Result<()> {
        let _ = self.find(selector).await?;
        let script = format!(
            "const field = document.querySelector({}); field.value = {};\
             field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))",
            json!(selector),
            json!(text)
        );
        self.run(&script).await.map(|_| ())
    }

    /// Signs in and chooses the first checkpoint.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn sign_in(&self, phone: &str, pin: &str) -> Result<()> {
        self.enter_pin(phone, pin).await?;
        self.start_shift().await
    }

    /// Starts at the checkpoint that is chosen: the first, until a person chose another.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn start_shift(&self) -> Result<()> {
        self.screen("choose-checkpoint").await?;
        self.click(".station[data-screen=choose-checkpoint] button[aria-keyshortcuts=Enter]").await
    }

    /// Fills in the first screen and sends it.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub async fn enter_pin(&self, phone: &str, pin: &str) -> Result<()> {
        self.screen("signed-out").await?;
        self.fill("#digits", last_digits(phone)).await?;
        self.fill("#secret", pin).await?;
        self.click("button[form=sign-in][type=submit]").await
    }

    /// Returns what a selector's first element says; nothing where there is none.
    ///
    /// # Errors
    /// [`Problem::Window`].
    pub async fn text(&self, selector: &str) -> Result<String> {
        let script = format!("return document.querySelector({})?.innerText ?? ''", Value::from(selector));
        Ok(self.run(&script).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Runs a script in the page, as a harmful page could.
    ///
    /// # Errors
    /// [`Problem::Window`].
    pub async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Makes the page as large as a screen of this size.
    ///
    /// # Errors
    /// [`Problem::TooLate`] or [`Problem::Window`].
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.client.set_window_rect(0, 0, width, height).await?;
        let size = json!([width, height]);
        let end = clock::now() + PATIENCE;
        loop {
            let now = self.run("return [innerWidth, innerHeight]").await?;
            if now == size {
                return Ok(());
            }
            if clock::now() > end {
                let what = format!("a window of {width}x{height}");
                return Err(Problem::TooLate { what, patience: PATIENCE, instead: format!("it is {now}") });
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Returns what is seen now, as PNG.
    ///
    /// # Errors
    /// [`Problem::TooLate`] or [`Problem::Window`].
    pub async fn picture(&self) -> Result<Vec<u8>> {
        // WebKitGTK answers with the next frame that it draws; a page that stands still draws none.
        self.run(STIR).await?;
        let picture = tokio::time::timeout(PATIENCE, self.client.screenshot()).await;
        // Where the page is another by now, the pixel is gone with it.
        let _ = self.run("document.getElementById('stir')?.remove()").await;
        let Ok(picture) = picture else {
            let (what, instead) = ("a picture of the window".to_owned(), "it draws no frame".to_owned());
            return Err(Problem::TooLate { what, patience: PATIENCE, instead });
        };
        Ok(picture?)
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

fn free_port() -> Result<u16> {
    // Taken again by the driver in a moment; the system hands out others meanwhile.
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(io("a free port on loopback"))
}
