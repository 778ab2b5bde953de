//! Programs that run until their value is dropped.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, ExitStatus, Output};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::clock;
use crate::json_lines::JsonLines;
use crate::problem::{Problem, Result, io};

/// A program that runs; killed when dropped.
pub struct Running {
    child: Child,
    name: String,
    /// It leads a process group, which ends with it.
    leads_group: bool,
}

impl Running {
    /// Starts a program.
    ///
    /// # Errors
    /// [`Problem::NotStarted`].
    pub fn start(command: &mut Command) -> Result<Self> {
        Self::spawn(command, false)
    }

    /// Starts a program that starts others: all of them end together, as one process group.
    ///
    /// # Errors
    /// [`Problem::NotStarted`].
    pub fn start_group(command: &mut Command) -> Result<Self> {
        Self::spawn(command.process_group(0), true)
    }

    fn spawn(command: &mut Command, leads_group: bool) -> Result<Self> {
        let name = name(command);
        match command.spawn() {
            Ok(child) => Ok(Self { child, name, leads_group }),
            Err(source) => Err(Problem::NotStarted { program: name, source }),
        }
    }

    /// Follows its standard output, which must be piped and not yet taken.
    ///
    /// # Errors
    /// [`Problem::Unexpected`] where it is not.
    pub fn stdout_lines(&mut self) -> Result<JsonLines> {
        self.child.stdout.take().map(JsonLines::follow).ok_or_else(|| self.not_piped("output"))
    }

    /// Follows its standard error, which must be piped and not yet taken.
    ///
    /// # Errors
    /// [`Problem::Unexpected`] where it is not.
    pub fn stderr_lines(&mut self) -> Result<JsonLines> {
        self.child.stderr.take().map(JsonLines::follow).ok_or_else(|| self.not_piped("error"))
    }

    /// Takes its standard input, which must be piped and not yet taken.
    ///
    /// # Errors
    /// [`Problem::Unexpected`] where it is not.
    pub fn stdin(&mut self) -> Result<ChildStdin> {
        self.child.stdin.take().ok_or_else(|| self.not_piped("input"))
    }

    fn not_piped(&self, which: &str) -> Problem {
        Problem::unexpected(&self.name, format!("its standard {which} is not piped, or was taken before"))
    }

    /// Returns its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut would.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn kill(&mut self) -> Result<()> {
        if let Some(leader) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
            && self.leads_group
        {
            // All of the group may have ended already.
            let _ = kill_process_group(leader, Signal::KILL);
        }
        let ended = self.child.kill().and_then(|()| self.child.wait().map(|_| ()));
        ended.map_err(io(format!("ending {}", self.name)))
    }

    /// Returns whether it has ended.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn has_ended(&mut self) -> Result<bool> {
        let ended = self.child.try_wait().map_err(io(format!("asking after {}", self.name)))?;
        Ok(ended.is_some())
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// [`Problem::TooLate`].
    pub fn wait(&mut self, patience: Duration) -> Result<ExitStatus> {
        let name = self.name.clone();
        clock::until(&format!("the end of {name}"), patience, || {
            self.child.try_wait().map_err(io(format!("waiting for {name}")))
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; either way it must not outlive its value.
        let _ = self.kill();
    }
}

/// Runs a program to its end, and returns what it printed.
///
/// # Errors
/// [`Problem::NotStarted`], or [`Problem::Failed`] with what it said.
pub fn finish(command: &mut Command) -> Result<Output> {
    let program = name(command);
    match command.output() {
        Err(source) => Err(Problem::NotStarted { program, source }),
        Ok(output) if output.status.success() => Ok(output),
        Ok(Output { status, stderr, .. }) => Err(Problem::Failed {
            program,
            status,
            said: String::from_utf8_lossy(&stderr).trim_end().to_owned(),
        }),
    }
}

fn name(command: &Command) -> String {
    let path = std::path::Path::new(command.get_program());
    path.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}
