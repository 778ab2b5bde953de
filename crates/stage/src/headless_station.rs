//! A real station without a window.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::clock::PATIENCE;
use crate::json_lines::JsonLines;
use crate::problem::{Problem, Result, io};
use crate::programs::command;
use crate::running::{Running, finish};
use crate::surroundings::Surroundings;
use crate::world::last_digits;

/// A running `kadian station --headless`; killed when dropped.
pub struct HeadlessStation {
    program: Running,
    input: ChildStdin,
    lines: JsonLines,
    folder: PathBuf,
}

impl HeadlessStation {
    /// Enrols a new station in a folder.
    ///
    /// # Errors
    /// [`Problem::Failed`] where the office does not take it.
    pub fn enrol(folder: &Path, ticket: &str) -> Result<()> {
        let mut command = command("kadian")?;
        command.args(["station", "enrol", "--dir"]).arg(folder);
        finish(command.args(["--ticket", ticket, "--name", "stage"])).map(|_| ())
    }

    /// Starts a station without a camera, with further arguments.
    ///
    /// # Errors
    /// [`Problem`]: it is not built, or does not start.
    pub fn start(folder: &Path, arguments: &[&str]) -> Result<Self> {
        let station = Self::launch(folder, arguments, &Surroundings::default())?;
        station.started()?;
        Ok(station)
    }

    /// Starts one as [`HeadlessStation::start`] does, in some surroundings, and does not wait for it.
    ///
    /// # Errors
    /// [`Problem`]: it is not built, or does not start.
    pub fn launch(folder: &Path, arguments: &[&str], surroundings: &Surroundings) -> Result<Self> {
        let mut command = command("kadian")?;
        surroundings.lend(&mut command)?;
        command
            .args(["station", "--headless", "--dir"])
            .arg(folder)
            .args(["--camera", "none"])
            .args(arguments);
        let mut program = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let (input, lines) = (program.stdin()?, program.stdout_lines()?);
        Ok(Self { program, input, lines, folder: folder.to_owned() })
    }

    /// Waits until it says that it has started.
    ///
    /// # Errors
    /// [`Problem`]: it does not, or not in time.
    pub fn started(&self) -> Result<()> {
        let started = |line: &Value| (line["event"] == "started").then_some(());
        self.lines.wait("the start of the station", PATIENCE, started)
    }

    /// Returns its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.program.id()
    }

    /// Returns its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Hands it a line.
    ///
    /// # Errors
    /// [`Problem::Io`] where it has ended.
    pub fn say(&mut self, line: &Value) -> Result<()> {
        writeln!(self.input, "{line}").map_err(io("handing the station a line"))
    }

    /// Waits for a screen, and returns the whole view.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub fn screen(&self, kind: &str) -> Result<Value> {
        self.view(&format!("screen {kind}"), |view| view["screen"]["kind"] == kind)
    }

    /// Waits for a view.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub fn view(&self, what: &str, is: impl FnMut(&Value) -> bool) -> Result<Value> {
        self.view_within(what, PATIENCE, is)
    }

    /// Waits for a view that may take longer, or must not take as long.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub fn view_within(
        &self,
        what: &str,
        patience: Duration,
        mut is: impl FnMut(&Value) -> bool,
    ) -> Result<Value> {
        self.lines.wait(what, patience, |line| {
            let view = (line["event"] == "view").then(|| &line["view"])?;
            is(view).then(|| view.clone())
        })
    }

    /// Signs in and chooses the community's first checkpoint.
    ///
    /// # Errors
    /// [`Problem::TooLate`] where the phone or the PIN is wrong.
    pub fn sign_in(&mut self, phone: &str, pin: &str) -> Result<()> {
        self.say(&json!({ "wing": "shift", "kind": "sign-in", "digits": last_digits(phone), "person": null, "secret": pin }))?;
        let choice = self.screen("choose-checkpoint")?;
        let row = &choice["screen"]["rows"][0];
        let (id, direction) = (row["id"].clone(), row["direction"].clone());
        if !id.is_string() {
            return Err(Problem::unexpected("the list of checkpoints", choice));
        }
        self.say(&json!({ "wing": "shift", "kind": "choose-checkpoint", "id": id, "direction": direction }))?;
        // Without a camera the screen behind is a fault; the bar says at which checkpoint it is.
        self.view("the checkpoint in the bar", |view| view["bar"]["checkpoint"].is_string()).map(|_| ())
    }

    /// Scans a code and returns its result.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub fn scan(&mut self, text: &str) -> Result<Value> {
        self.say(&json!({ "kind": "scan", "text": text }))?;
        Ok(self.screen("result")?["screen"]["result"].clone())
    }

    /// Confirms what is shown and waits until it is recorded.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub fn confirm(&mut self) -> Result<()> {
        self.say(&json!({ "kind": "confirm-shown" }))?;
        self.screen("recorded").map(|_| ())
    }

    /// Switches the network off or on.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn network(&mut self, on: bool) -> Result<()> {
        self.say(&json!({ "kind": "network", "on": on }))
    }

    /// Ends it as a power cut would, and returns its folder.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn kill(mut self) -> Result<PathBuf> {
        self.program.kill()?;
        Ok(self.folder)
    }

    /// Asks it to stop by a signal, and returns its folder.
    ///
    /// # Errors
    /// [`Problem::TooLate`], or [`Problem::Unexpected`] where it ended with an error.
    pub fn stop_by(mut self, signal: rustix::process::Signal) -> Result<PathBuf> {
        let id = i32::try_from(self.id()).ok().and_then(rustix::process::Pid::from_raw);
        let id = id.ok_or_else(|| Problem::unexpected("the station's id", self.id()))?;
        rustix::process::kill_process(id, signal).map_err(|error| io("a signal")(error.into()))?;
        let status = self.program.wait(PATIENCE)?;
        if !status.success() {
            return Err(Problem::unexpected("the end of the station", status));
        }
        Ok(self.folder)
    }

    /// Waits for an error about a line, and returns it.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub fn error(&self) -> Result<Value> {
        self.lines.wait("an error", PATIENCE, |line| (line["event"] == "error").then(|| line.clone()))
    }

    /// Ends it in good order, and returns its folder.
    ///
    /// # Errors
    /// [`Problem::TooLate`], or [`Problem::Unexpected`] where it ended with an error.
    pub fn quit(mut self) -> Result<PathBuf> {
        self.say(&json!({ "kind": "quit" }))?;
        let status = self.program.wait(PATIENCE)?;
        if !status.success() {
            return Err(Problem::unexpected("the end of the station", status));
        }
        Ok(self.folder)
    }
}
