//! What a copy says of itself: `about.json`, the first entry of each archive.

use serde::{Deserialize, Serialize};

/// The form of the archives that this program writes, and the only one that it reads.
const FORMAT: u32 = 1;

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The database, the trust files and the office's address.
    Data,
    /// The office's private keys and its CA.
    Keys,
}

impl Kind {
    /// Returns what people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "a copy of the data",
            Self::Keys => "a copy of the keys",
        }
    }
}

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    format: u32,
    /// What it holds.
    pub kind: Kind,
    /// When the copying began, in seconds since 1970.
    pub made: i64,
    /// The program that wrote it.
    pub program: String,
}

impl About {
    /// Describes a copy that is made now.
    #[must_use]
    pub fn of(kind: Kind, made: i64) -> Self {
        let program = concat!("back-office ", env!("CARGO_PKG_VERSION")).to_owned();
        Self { format: FORMAT, kind, made, program }
    }

    /// Encodes the description.
    pub(super) fn to_json(&self) -> String {
        // A struct of numbers and texts always has an encoding.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads a description; `None` for one of another form.
    pub(super) fn parse(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok().filter(|about: &Self| about.format == FORMAT)
    }
}
