//! A real headless station.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::lines::Lines;
use crate::programs::command;

/// Long enough for a busy machine, short enough to tell that something hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `kadian station --headless`; killed when dropped.
pub struct HeadlessStation {
    child: Child,
    input: ChildStdin,
    lines: Lines,
    folder: PathBuf,
}

impl HeadlessStation {
    /// Enrols a new station in a folder.
    pub fn enrol(folder: &Path, ticket: &str) {
        let output = command("kadian")
            .args(["station", "enrol", "--dir"])
            .arg(folder)
            .args(["--ticket", ticket, "--name", "stories"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts it without a camera, with further arguments.
    #[must_use]
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = command("kadian")
            .args(["station", "--headless", "--dir"])
            .arg(folder)
            .args(["--camera", "none"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let lines = Lines::follow(child.stdout.take().unwrap());
        let station = Self { child, input, lines, folder: folder.to_owned() };
        station
            .lines
            .wait("start of the station", PATIENCE, |line| (line["event"] == "started").then_some(()));
        station
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Hands it a line.
    pub fn say(&mut self, line: &Value) {
        writeln!(self.input, "{line}").expect("the station takes its lines");
    }

    /// Waits for a screen, and hands out the whole view.
    #[must_use]
    pub fn screen(&self, kind: &str) -> Value {
        self.view(&format!("screen {kind}"), |view| view["screen"]["kind"] == kind)
    }

    /// Waits for a view.
    #[must_use]
    pub fn view(&self, what: &str, is: impl FnMut(&Value) -> bool) -> Value {
        self.view_within(what, PATIENCE, is)
    }

    /// Waits for a view that may take long.
    #[must_use]
    pub fn view_within(&self, what: &str, patience: Duration, mut is: impl FnMut(&Value) -> bool) -> Value {
        self.lines.wait(what, patience, |line| {
            let view = (line["event"] == "view").then(|| &line["view"])?;
            is(view).then(|| view.clone())
        })
    }

    /// Signs in and stands at the community's first checkpoint.
    pub fn sign_in(&mut self, phone: &str, pin: &str) {
        self.say(&json!({ "wing": "shift", "kind": "sign-in", "phone": phone, "pin": pin }));
        let choice = self.screen("choose-checkpoint");
        let id = choice["screen"]["rows"][0]["id"].clone();
        assert!(id.is_string(), "no checkpoint to choose: {choice}");
        self.say(&json!({ "wing": "shift", "kind": "choose-checkpoint", "id": id }));
        // Without a camera the screen behind is a fault; the bar tells where the station stands.
        let _ = self.view("checkpoint in the bar", |view| view["bar"]["checkpoint"].is_string());
    }

    /// Scans a code and waits for its result.
    pub fn scan(&mut self, text: &str) -> Value {
        self.say(&json!({ "kind": "scan", "text": text }));
        self.screen("result")["screen"]["result"].clone()
    }

    /// Confirms what is shown and waits until it is recorded.
    pub fn confirm(&mut self) {
        self.say(&json!({ "kind": "confirm-shown" }));
        let _ = self.screen("recorded");
    }

    /// Switches the network off or on.
    pub fn network(&mut self, on: bool) {
        self.say(&json!({ "kind": "network", "on": on }));
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) -> PathBuf {
        self.child.kill().expect("it runs");
        self.child.wait().unwrap();
        self.folder.clone()
    }

    /// Ends it in good order.
    pub fn quit(mut self) -> PathBuf {
        self.say(&json!({ "kind": "quit" }));
        let status = crate::clock::until("end of the station", PATIENCE, || self.child.try_wait().unwrap());
        assert!(status.success(), "{status}");
        self.folder.clone()
    }
}

impl Drop for HeadlessStation {
    fn drop(&mut self) {
        // It may have ended already; either way it must not outlive the story.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
