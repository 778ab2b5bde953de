//! `kadian-issue live`: codes that are always fresh, and the one before the simulated camera.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::lines::Lines;
use crate::programs::command;
use crate::world::World;

/// Nobody is before the camera.
pub const NOBODY: &str = "nobody";

/// A running `kadian-issue live`; stopped when dropped.
pub struct LiveCodes {
    child: Child,
    folder: PathBuf,
    url: String,
}

impl LiveCodes {
    /// Starts it on a world.
    #[must_use]
    pub fn start(world: &World) -> Self {
        let mut child = command("kadian-issue")
            .args(["live", "--listen", "127.0.0.1:0"])
            .arg(world.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Lines::follow(child.stdout.take().unwrap());
        let url = lines.wait("address of the live codes", Duration::from_secs(30), |line| {
            line.get("url").and_then(Value::as_str).map(str::to_owned)
        });
        Self { child, folder: world.path().join("live"), url }
    }

    /// The page.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The camera to give to a station.
    #[must_use]
    pub fn camera(&self) -> String {
        format!("simulated:{}", self.folder.display())
    }

    /// Holds a code before the camera, or [`NOBODY`].
    pub fn show(&self, name: &str) {
        let name = if name == NOBODY { "" } else { name };
        assert!(name.is_empty() || self.folder.join(format!("{name}.txt")).exists(), "no code {name}");
        // Replaced whole, so that the camera never reads half a name.
        let next = self.folder.join("show.next");
        std::fs::write(&next, name).unwrap();
        std::fs::rename(&next, self.folder.join("show.txt")).unwrap();
    }
}

impl Drop for LiveCodes {
    fn drop(&mut self) {
        // It may have ended already; either way it must not outlive the story.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
