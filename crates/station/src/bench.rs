//! What the benches need of a station's inside. Behind a feature that no program switches on.

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
    /// Where it cannot: a bench goes no further then.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn open(path: &Path, station: StationId, stream: StreamId) -> Self {
        Self(outbox::Outbox::open(path, station, stream).expect("an outbox"))
    }

    /// The outbox of an enrolled station's folder, and who the station is.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn of(folder: &Path, stream: StreamId) -> (Self, StationId) {
        let folder = Folder::new(folder);
        let station =
            StationFile::load(&folder.settings()).expect("an enrolled station").station().expect("its id");
        (Self::open(&folder.outbox(), station, stream), station)
    }

    /// Where the next report will stand.
    #[must_use]
    pub fn place(&self, record: RecordId) -> ChainPlace {
        self.0.place(record)
    }

    /// Makes a report durable.
    ///
    /// # Panics
    /// Where it cannot.
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn append(&mut self, sealed: &SealedReport) {
        self.0.append(sealed).expect("appended");
    }

    /// Makes many reports durable at once, as no gate ever does.
    ///
    /// # Panics
    /// Where it cannot.
    #[allow(clippy::expect_used, reason = "a bench")]
    pub fn fill(&mut self, reports: impl FnMut(&ChainPlace) -> Option<SealedReport>) {
        self.0.fill(reports).expect("filled");
    }
}
