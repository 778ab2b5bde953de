//! Why a station does not start.

use std::path::PathBuf;

use disk::DiskError;

use crate::entropy::NoEntropy;
use crate::keys::KeyError;
use crate::settings::SettingsError;
use crate::uplink::bad_office::BadOffice;
use crate::withdrawal::ExportedReports;

/// Why a station does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder is no enrolled station.
    #[error("{0} is no enrolled station; `kadian station enrol` makes it one")]
    NotEnrolled(PathBuf),
    /// The station was withdrawn, has sent what it had, and is erased.
    #[error("this station was withdrawn and is erased; enrol it again with a new ticket")]
    Withdrawn {
        /// Whom to ask; may be empty.
        contact: String,
    },
    /// An administrator here took the laptop out of service, and it is erased.
    #[error("this laptop has left service; enrol it again with a new ticket")]
    Left {
        /// Where the reports are that could not be sent.
        exported: Option<ExportedReports>,
    },
    /// A withdrawn station's files could not be erased.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Another process runs it.
    #[error("this station is running already")]
    InUse,
    /// Its settings cannot be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Its key cannot be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Its back office cannot be asked.
    #[error(transparent)]
    Office(#[from] BadOffice),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// No thread could be started, or the folder cannot be used.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl StartError {
    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEnrolled(_) => "not-enrolled",
            Self::InUse => "in-use",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Left { .. } => "left",
            Self::Settings(error) => error.code(),
            Self::Key(_) => "key",
            Self::Office(_) => "bad-office",
            Self::NoEntropy(_) => "no-entropy",
            Self::Disk(_) | Self::Io(_) => "folder",
        }
    }

    /// Returns whether retrying may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::InUse | Self::NoEntropy(_) | Self::Disk(_) | Self::Io(_))
    }
}
