//! Which camera: chosen by a setting, never silently.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::simulated::Showing;

/// Which camera to use.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CameraChoice {
    /// None at all: codes come from a script.
    None,
    /// A real one.
    Device {
        /// The beginning of its name or of its place on the bus; none: the first that works.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// A drawn one, which every screen says it is.
    Simulated {
        /// What is held up to it.
        source: SimulatedSource,
    },
}

/// What is held up to a simulated camera.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SimulatedSource {
    /// Picture files of a folder, in the order of their names, over and over.
    Pictures {
        /// The folder.
        folder: PathBuf,
    },
    /// Codes on a phone: `show.txt` holds the name of one, or nothing while nobody is there, and
    /// `NAME.txt` its text. Both are read again as they change.
    Codes {
        /// The folder.
        folder: PathBuf,
    },
    /// Codes on a phone, as the program says.
    #[serde(skip)]
    Program(Showing),
}

impl Default for CameraChoice {
    fn default() -> Self {
        Self::Device { name: None }
    }
}

/// A text that names no camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither `device`, `device:NAME`, `none` nor `simulated:FOLDER`")]
pub struct BadChoice;

impl std::str::FromStr for CameraChoice {
    type Err = BadChoice;

    /// As commands take it: `device`, `device:NAME`, `none`, or `simulated:FOLDER` with the codes
    /// of a folder.
    fn from_str(text: &str) -> Result<Self, BadChoice> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None if text == "device" => Ok(Self::Device { name: None }),
            Some(("device", name)) if !name.is_empty() => Ok(Self::Device { name: Some(name.to_owned()) }),
            Some(("simulated", folder)) if !folder.is_empty() => {
                Ok(Self::Simulated { source: SimulatedSource::Codes { folder: folder.into() } })
            }
            _ => Err(BadChoice),
        }
    }
}

impl CameraChoice {
    /// Whether this is the simulated camera.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        matches!(self, Self::Simulated { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cameras_are_named_in_words() {
        assert!(matches!("none".parse(), Ok(CameraChoice::None)));
        assert!(matches!("device".parse(), Ok(CameraChoice::Device { name: None })));
        assert!(matches!("device:HD".parse(), Ok(CameraChoice::Device { name: Some(name) }) if name == "HD"));
        assert!("simulated:/live".parse::<CameraChoice>().unwrap().is_simulated());
        for bad in ["", "rear", "simulated:", "device:", "none:x"] {
            assert!(bad.parse::<CameraChoice>().is_err(), "{bad}");
        }
    }
}
