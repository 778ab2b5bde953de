//! The station's inner parts that the benches measure. No program enables this feature.

use std::path::Path;

use wire::seal::ChainPlace;
use wire::{RecordId, SealedReport, StationId, StreamId};

use crate::folder::Folder;
use crate::outbox;
use crate::outbox::backlog::Settled;
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

    /// Settles the oldest reports as a receipt for them does; returns how many there were.
    ///
    /// # Panics
    /// If that fails.
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn settle_oldest(&mut self, limit: usize) -> usize {
        let reports = self.0.pending(limit).expect("reports");
        let acknowledged: Vec<_> = reports.iter().map(|report| report.record).collect();
        self.0.settle(&Settled { acknowledged, ..Settled::default() }, None).expect("settled");
        reports.len()
    }

    /// Does what the outbox's thread does while nobody asks anything of it.
    ///
    /// # Panics
    /// If that fails.
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn keep_up(&mut self) {
        while self.0.upkeep().expect("upkeep") {}
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
