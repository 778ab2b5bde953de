//! What a program finds around it: its environment, and where its log goes.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use crate::problem::{Result, io};

/// The surroundings of a program. By default it has those of this one.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Variables of its environment.
    pub environment: Vec<(&'static str, PathBuf)>,
    /// The file to which its standard error is added.
    pub log: Option<PathBuf>,
}

impl Surroundings {
    /// Puts a program into these surroundings.
    pub(crate) fn lend(&self, command: &mut Command) -> Result<()> {
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(path) = &self.log {
            let log = File::options().append(true).create(true).open(path);
            command.stderr(log.map_err(io(path.display().to_string()))?);
        }
        Ok(())
    }
}
