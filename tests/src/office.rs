//! A real back office on loopback.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::lines::Lines;
use crate::programs::command;
use crate::world::World;

/// A `back-office serve`; stopped when dropped.
pub struct Office {
    child: Child,
    data: PathBuf,
    keys_and_trust: PathBuf,
    transport: Transport,
    url: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Transport {
    Tls,
    PlainHttp,
}

impl Office {
    /// Starts it on its folder, with a world's keys and trust, and TLS by a CA of its own.
    #[must_use]
    pub fn start(data: &Path, world: &World) -> Self {
        Self::listen(data, world.path(), Transport::Tls, "127.0.0.1:0")
    }

    /// The same without TLS, so that a browser on this machine opens its pages.
    #[must_use]
    pub fn start_plain(data: &Path, world: &World) -> Self {
        Self::listen(data, world.path(), Transport::PlainHttp, "127.0.0.1:0")
    }

    /// Pulls its plug.
    pub fn cut(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().unwrap();
    }

    /// Starts it again where it was.
    pub fn start_again(&mut self) {
        let address = self.url.rsplit('/').next().expect("a host and a port");
        *self = Self::listen(&self.data, &self.keys_and_trust, self.transport, address);
    }

    fn listen(data: &Path, world: &Path, transport: Transport, address: &str) -> Self {
        let mut command = command("back-office");
        command.env("KADIAN_LOG", "warn").arg("serve").arg("--data").arg(data);
        command.args(["--listen", address, "--host", "127.0.0.1"]);
        command.arg("--import-keys").arg(world.join("office"));
        command.arg("--import-trust").arg(world.join("trust"));
        if transport == Transport::PlainHttp {
            command.arg("--plain-http");
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = Lines::follow(child.stdout.take().unwrap());
        let url = lines.wait("address of the office", Duration::from_secs(30), |line| {
            line.get("url").and_then(Value::as_str).map(str::to_owned)
        });
        Self { child, data: data.to_owned(), keys_and_trust: world.to_owned(), transport, url }
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
