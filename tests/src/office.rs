//! A real back office on loopback.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::lines::Lines;
use crate::programs::command;
use crate::world::World;

/// A running `back-office serve`; stopped when dropped.
pub struct Office {
    child: Child,
    data: PathBuf,
    url: String,
}

impl Office {
    /// Starts it on its folder, with a world's keys and trust, and TLS by a CA of its own.
    #[must_use]
    pub fn start(data: &Path, world: &World) -> Self {
        Self::listen(data, world, "127.0.0.1:0")
    }

    /// Pulls its plug and starts it again where it was.
    #[must_use]
    pub fn cut_and_start(mut self, world: &World) -> Self {
        self.child.kill().expect("it runs");
        self.child.wait().unwrap();
        let address = self.url.rsplit('/').next().expect("a host and a port").to_owned();
        Self::listen(&self.data.clone(), world, &address)
    }

    fn listen(data: &Path, world: &World, address: &str) -> Self {
        let mut child = command("back-office")
            .env("KADIAN_LOG", "warn")
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", address, "--host", "127.0.0.1"])
            .arg("--import-keys")
            .arg(world.path().join("office"))
            .arg("--import-trust")
            .arg(world.path().join("trust"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Lines::follow(child.stdout.take().unwrap());
        let url = lines.wait("address of the office", Duration::from_secs(30), |line| {
            line.get("url").and_then(Value::as_str).map(str::to_owned)
        });
        Self { child, data: data.to_owned(), url }
    }

    /// Where it answers.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A ticket for one station.
    #[must_use]
    pub fn ticket(&self) -> String {
        let mut ticket = command("back-office");
        ticket.arg("ticket").arg("--data").arg(&self.data).args(["--url", &self.url]);
        let output = ticket.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let ticket = text.lines().find(|line| line.starts_with("KDT1:")).expect("a ticket");
        ticket.to_owned()
    }

    /// What `back-office list --json` says.
    #[must_use]
    pub fn list(&self) -> Value {
        let output =
            command("back-office").arg("list").arg("--data").arg(&self.data).arg("--json").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON object")
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        // It may have ended already; either way it must not outlive the story.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
