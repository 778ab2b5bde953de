//! The description of a trust list in JSON, of which a command changes one part.

use std::path::{Path, PathBuf};

use health_code::limits::TRUST_FILE_BYTES;
use serde_json::{Map, Value as Json};

use crate::files::{self, Access};

/// A description, and where it was read from.
pub struct Description {
    path: PathBuf,
    parts: Map<String, Json>,
}

impl Description {
    /// Reads the file that `show --json` wrote.
    pub fn read(path: &Path) -> Result<Self, String> {
        let said = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
        let text = files::read(path, TRUST_FILE_BYTES as u64)?;
        let parts: Map<String, Json> = serde_json::from_slice(&text).map_err(|error| said(&error))?;
        if !parts.contains_key("issuers") {
            return Err(said(&"no description of a trust list: it has no issuers"));
        }
        Ok(Self { path: path.to_owned(), parts })
    }

    /// Returns a part.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.parts.get(name)
    }

    /// Replaces a part.
    pub fn set(&mut self, name: &str, part: Json) {
        self.parts.insert(name.to_owned(), part);
    }

    /// Writes the file anew.
    pub fn write(&self) -> Result<(), String> {
        let mut text = serde_json::to_string_pretty(&self.parts).map_err(|error| self.said(error))?;
        text.push('\n');
        files::write(&self.path, text.as_bytes(), Access::Everyone)
    }

    /// Returns a sentence about the file.
    pub fn said(&self, what: impl std::fmt::Display) -> String {
        format!("{}: {what}", self.path.display())
    }
}
