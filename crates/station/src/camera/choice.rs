//! Which camera: chosen by a setting, never silently.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::simulated::Showing;

/// Which camera to use.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CameraChoice {
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

impl CameraChoice {
    /// Whether this is the simulated camera.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        matches!(self, Self::Simulated { .. })
    }
}
