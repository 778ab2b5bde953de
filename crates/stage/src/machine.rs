//! A machine whose disk fills up, fails or loses power in the middle of a write, and whose clock jumps:
//! `crates/stage/machine-shim` stands between a program and libc.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use crate::compiled::library;
use crate::problem::{Result, io};

/// Size of `struct control` in machine.c, in bytes.
const CONTROL: usize = 16;

/// How well a disk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// It takes what is written.
    Well = 0,
    /// No file can grow, and none can be made.
    Full = 1,
    /// Nothing can be written.
    ReadOnly = 2,
    /// Writing and syncing fail.
    Failing = 3,
}

/// A machine for programs that are started in its [`Machine::environment`].
pub struct Machine {
    disk: PathBuf,
    path: PathBuf,
    control: File,
    library: PathBuf,
}

impl Machine {
    /// Makes a machine that is well, with a folder on its disk; `control` is a file of its own elsewhere.
    ///
    /// # Errors
    /// [`crate::Problem`] where the shim does not compile.
    pub fn new(disk: &Path, control: &Path) -> Result<Self> {
        let said = || io("the control file of a machine");
        fs::write(control, [0; CONTROL]).map_err(said())?;
        let file = File::options().write(true).open(control).map_err(said())?;
        let library = library("machine-shim", &["machine.c"])?;
        Ok(Self { disk: disk.to_owned(), path: control.to_owned(), control: file, library })
    }

    /// Returns what a program's environment needs to run on this machine.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let (disk, control) = (self.disk.clone(), self.path.clone());
        vec![
            ("LD_PRELOAD", self.library.clone()),
            ("KADIAN_MACHINE_DISK", disk),
            ("KADIAN_MACHINE_CONTROL", control),
        ]
    }

    /// Makes the disk well or ill.
    ///
    /// # Errors
    /// [`crate::Problem::Io`], as for the other methods.
    pub fn set_disk(&self, disk: Disk) -> Result<()> {
        self.write(0, &(disk as u32).to_le_bytes())
    }

    /// Lets the power fail in the middle of so manieth write from now; 0: it does not.
    ///
    /// # Errors
    /// [`crate::Problem::Io`].
    pub fn fail_power_in(&self, writes: u32) -> Result<()> {
        self.write(4, &writes.to_le_bytes())
    }

    /// Sets the wall clock so many seconds ahead, or back.
    ///
    /// # Errors
    /// [`crate::Problem::Io`].
    pub fn set_clock_ahead(&self, seconds: i64) -> Result<()> {
        self.write(8, &seconds.to_le_bytes())
    }

    fn write(&self, at: u64, bytes: &[u8]) -> Result<()> {
        self.control.write_all_at(bytes, at).map_err(io("the control file of a machine"))
    }
}
