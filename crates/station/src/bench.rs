//! What the benches need of a station's inside. Behind a feature that no program switches on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use wire::seal::Place;
use wire::{RecordId, SealedReport, StationId, StreamId};

use crate::camera::pixels;
use crate::camera::{self, CameraHandle, LatestFrame, Picture, Showing, SimulatedSource, Stopwatch};
use crate::folder::Folder;
use crate::outbox;
use crate::settings::StationFile;
use crate::start::Preview;

/// A simulated camera at a rate of its own, on a thread named `camera` as at a gate, and its
/// preview.
///
/// # Panics
/// Where no thread can be started.
#[must_use]
#[allow(clippy::expect_used, reason = "a bench")]
pub fn camera(showing: Showing, rate: u32, stopwatch: Stopwatch) -> (CameraHandle, Preview) {
    let source = SimulatedSource::Program(showing);
    let clock = stopwatch.clone();
    let open = move || Ok(camera::open_simulated_at(&source, clock.clone(), rate)?);
    let handle = camera::spawn_with(open, stopwatch, |_| {}).expect("a camera");
    let preview = Preview::of(handle.latest());
    (handle, preview)
}

/// What is kept of a Motion-JPEG frame for the preview.
#[must_use]
pub fn kept(buffer: &[u8]) -> Option<Arc<[u8]>> {
    pixels::kept(buffer)
}

/// Luma at half its size.
#[must_use]
pub fn halved(luma: &[u8], width: usize) -> Vec<u8> {
    pixels::halved(luma, width)
}

/// Makes a picture the newest frame, as the camera's thread does.
pub fn publish(latest: &LatestFrame, picture: Picture) {
    latest.publish(picture, Duration::ZERO);
}

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
    pub fn place(&self, record: RecordId) -> Place {
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
    pub fn fill(&mut self, reports: impl FnMut(&Place) -> Option<SealedReport>) {
        self.0.fill(reports).expect("filled");
    }
}
