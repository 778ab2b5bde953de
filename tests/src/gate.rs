//! A station with its office, before whose camera codes are held, and its real window.

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::time::Duration;

use stage::clock::{PATIENCE, until};
use stage::window::key;
use stage::{HeadlessStation, LiveCodes, Office, Screen, Window, World};

/// The phone of the collector in the demo world.
pub const PHONE: &str = "13800000001";
/// That collector's PIN.
pub const PIN: &str = "246810";
/// The phone and the secret of its administrator.
pub const ADMINISTRATOR: (&str, &str) = ("13800000002", "1357924680");

/// A checkpoint, and the codes before its camera.
pub struct Gate {
    /// What is held before the camera.
    pub live: LiveCodes,
    checkpoint: Checkpoint,
}

/// An enrolled station, its office, and the screen for its window.
pub struct Checkpoint {
    /// The station's data folder.
    pub station: PathBuf,
    /// The office at which the station is enrolled.
    pub office: Office,
    /// The screen on which its window opens.
    pub screen: Screen,
    /// Where everything is; removed at the end.
    pub folder: tempfile::TempDir,
    /// Whose codes are read there.
    pub world: World,
}

impl Deref for Gate {
    type Target = Checkpoint;

    fn deref(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl DerefMut for Gate {
    fn deref_mut(&mut self) -> &mut Checkpoint {
        &mut self.checkpoint
    }
}

impl Gate {
    /// Starts a checkpoint, and codes that are always fresh.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it starts programs")]
    pub fn new() -> Self {
        let checkpoint = Checkpoint::new();
        Self { live: LiveCodes::start(&checkpoint.world).unwrap(), checkpoint }
    }

    /// Opens its window, in Chinese.
    pub async fn window(&self) -> Window {
        self.window_with(&[]).await
    }

    /// Opens its window with more on the program's command line, in Chinese.
    pub async fn window_with(&self, more: &[&str]) -> Window {
        self.window_before(&self.live.camera(), more, &[]).await
    }
}

impl Checkpoint {
    /// Starts an office and enrols a station at it, in folders of their own.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it starts programs")]
    pub fn new() -> Self {
        let world = World::new(None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let office = Office::start(&folder.path().join("office"), &world).unwrap();
        let station = folder.path().join("station");
        HeadlessStation::enrol(&station, &office.ticket().unwrap()).unwrap();
        Self { station, office, screen: Screen::new(1366, 768).unwrap(), folder, world }
    }

    /// Changes the station's settings, as a later start finds them.
    pub fn set(&self, name: &str, value: serde_json::Value) {
        let path = self.station.join("station.json");
        let mut settings: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        settings[name] = value;
        std::fs::write(path, serde_json::to_vec(&settings).unwrap()).unwrap();
    }

    /// Confirms the result on the window's screen, and waits until the office has so many passages.
    pub async fn record(&self, window: &Window, passages: u64) {
        // Keys are ignored in a result's first moments.
        tokio::time::sleep(Duration::from_millis(400)).await;
        window.press(key::ENTER).await.unwrap();
        window.any_screen(&["recorded", "ready"]).await.unwrap();
        self.has_filed(passages, PATIENCE);
    }

    /// Waits until the office has so many passages.
    pub fn has_filed(&self, passages: u64, patience: Duration) {
        let has = || Ok((self.office.list()?["counts"]["passages"] == passages).then_some(()));
        until("the passage", patience, has).unwrap();
    }

    /// Opens its window before a camera, with more on the program's command line and in its environment, in
    /// Chinese.
    pub async fn window_before(
        &self,
        camera: &str,
        more: &[&str],
        environment: &[(&str, PathBuf)],
    ) -> Window {
        let home = self.folder.path().join("home");
        let opened = Window::open_as(&self.screen, &self.station, camera, &home, environment, more).await;
        let window = opened.unwrap();
        window.language("zh").await.unwrap();
        window
    }
}
