//! Programs that start programs of their own, ended together by their process group.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process_group};

/// A program that leads a group; the whole group is killed when this is dropped.
pub struct Group(Child);

impl Group {
    /// Starts it.
    ///
    /// # Panics
    /// Where the program is not installed; `cargo xtask test` installs all of them.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().display().to_string();
        Self(command.process_group(0).spawn().unwrap_or_else(|error| panic!("{name}: {error}")))
    }

    /// The leader.
    pub fn leader(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let id = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        if let Some(id) = id {
            // All of it may have ended already.
            let _ = kill_process_group(id, Signal::KILL);
        }
        let _ = self.0.wait();
    }
}
