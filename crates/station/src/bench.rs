//! The station's inner parts that the benches measure. No program enables this feature.

use std::path::Path;

use wire::seal::ChainPlace;
use wire::{RecordId, SealedReport, StationId, StreamId};

use crate::folder::Folder;
use crate::outbox;
use crate::settings::StationFile;

/// The outbox of a station.
#[derive(Debug)]
pub struct Outbox(outbox::Outbox);

impl Outbox {
    /// Opens or makes an outbox file.
    ///
    /// # Panics
    /// If the file cannot be opened.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn open(path: &Path, station: StationId, stream: StreamId) -> Self {
        Self(outbox::Outbox::open(path, station, stream).expect("an outbox"))
    }

    /// Opens the outbox of an enrolled station's folder; also returns the station's id.
    ///
    /// # Panics
    /// If the folder is not an enrolled station.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn of(folder: &Path, stream: StreamId) -> (Self, StationId) {
        let folder = Folder::new(folder);
        let station =
            StationFile::load(&folder.settings()).expect("an enrolled station").station().expect("its id");
        (Self::open(&folder.outbox(), station, stream), station)
    }

    /// Returns the position of the next report.
    #[must_use]
    pub fn place(&self, record: RecordId) -> ChainPlace {
        self.0.place(record)
    }

    /// Makes a report durable.
    ///
    /// # Panics
    /// If that fails.
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn append(&mut self, sealed: &SealedReport) {
        self.0.append(sealed).expect("appended");
    }

    /// Makes many reports durable in one transaction, which no gate does.
    ///
    /// # Panics
    /// If that fails.
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn fill(&mut self, reports: impl FnMut(&ChainPlace) -> Option<SealedReport>) {
        self.0.fill(reports).expect("filled");
    }
}
