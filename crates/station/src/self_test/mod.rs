//! The self-test: every line can fail, and what fails says what to do. Nothing of it is recorded.
//!
//! Each line is a function that is handed what it tries, so that a test can make it fail.

mod disk;
mod plain;
mod samples;
mod trust;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gate::window::bar::{Battery, Line};
use gate::window::workbench::{
    SelfTest, TestFailure, TestFinding, TestLine, TestOutcome, TestSubject, WhichCamera,
};
use health_code::{Timestamp, Trust};
use scanner::ScannerState;
use wire::StationId;

use crate::camera_host::{CameraHost, Read};
use crate::clock::{Clock, SystemClock};
use crate::displays::Displays;
use crate::entropy;
use crate::folder::Folder;
use crate::outbox::handle::OutboxHandle;
use crate::relay_host::RelayHost;
use crate::scanner_host::ScannerHost;
use crate::settings::{ResidentDisplay, StationFile};
use crate::trust_store::TrustStore;
use crate::wake::Wake;

/// How long pictures are counted. A camera that was just exchanged may need a moment to begin.
const COUNTS_FOR: Duration = Duration::from_secs(1);
/// A scanner is opened within this, or is at fault.
const STARTS_WITHIN: Duration = Duration::from_secs(2);

/// What came of one line.
type Tried = Result<TestFinding, TestFailure>;

/// What the gate knows of the laptop around it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around {
    pub line: Line,
    pub waiting: u64,
    pub set_aside: u64,
    pub battery: Option<Battery>,
}

/// What a laptop may have or not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Has {
    /// A second camera.
    pub second: bool,
    /// A hand scanner that is a device of its own.
    pub scanner: bool,
    /// A relay.
    pub relay: bool,
    /// A display that is turned to the resident.
    pub display: bool,
}

/// What the lines are tried on.
pub(crate) struct Tester {
    pub cameras: Arc<CameraHost>,
    pub folder: Folder,
    pub station: StationId,
    pub outbox: OutboxHandle,
    pub trust: Arc<TrustStore>,
    pub clock: Arc<dyn Clock>,
    pub wake: Arc<Wake>,
    pub scanner: Arc<ScannerHost>,
    pub relay: Arc<RelayHost>,
    pub file: Arc<Mutex<StationFile>>,
    pub displays: Displays,
}

/// Begins a self-test. Returns it, and what is to be tried, in order; the sound is a person's to judge.
pub(crate) fn begin(at: Timestamp, has: Has) -> (SelfTest, Vec<TestSubject>) {
    let subjects = [
        Some(TestSubject::Camera),
        has.second.then_some(TestSubject::SecondCamera),
        has.scanner.then_some(TestSubject::Scanner),
        has.relay.then_some(TestSubject::Relay),
        Some(TestSubject::Reading),
        Some(TestSubject::Sound),
        Some(TestSubject::Disk),
        Some(TestSubject::Clock),
        Some(TestSubject::Trust),
        Some(TestSubject::Outbox),
        Some(TestSubject::Key),
        Some(TestSubject::Network),
        Some(TestSubject::Battery),
        has.display.then_some(TestSubject::Display),
    ];
    let lines = subjects.iter().flatten().map(|subject| {
        let asks = *subject == TestSubject::Sound;
        let outcome = if asks { TestOutcome::Asks } else { TestOutcome::Running };
        TestLine { subject: *subject, outcome }
    });
    let test = SelfTest { at, lines: lines.collect() };
    let left = subjects.into_iter().flatten().filter(|subject| *subject != TestSubject::Sound);
    (test, left.collect())
}

/// Puts what came of a line into a self-test.
pub(crate) fn put(test: &mut SelfTest, subject: TestSubject, outcome: TestOutcome) {
    if let Some(line) = test.lines.iter_mut().find(|line| line.subject == subject) {
        line.outcome = outcome;
    }
}

/// Hears whether the tones were heard, where that was asked.
pub(crate) fn hear(test: &mut SelfTest, heard: bool) {
    let tried = if heard { Ok(TestFinding::Heard) } else { Err(TestFailure::NotHeard) };
    put(test, TestSubject::Sound, outcome(tried));
}

impl Tester {
    /// Tries one line.
    pub(crate) fn attempt(&self, subject: TestSubject, around: &Around) -> TestOutcome {
        outcome(match subject {
            TestSubject::Camera => self.pictures(WhichCamera::First),
            TestSubject::SecondCamera => self.pictures(WhichCamera::Second),
            TestSubject::Scanner => plain::scanner(self.scanner_state()),
            TestSubject::Relay => plain::relay(self.relay.status().look()),
            TestSubject::Reading => samples::read(&samples::SAMPLES),
            TestSubject::Sound => return TestOutcome::Asks,
            TestSubject::Disk => self.disk(),
            TestSubject::Clock => plain::clock(self.clock.read().1),
            TestSubject::Trust => trust::verify(&self.folder.trust(), self.clock.wall()),
            TestSubject::Outbox => plain::outbox(self.outbox.check(), around),
            TestSubject::Key => plain::key(&self.folder.key(), self.station),
            TestSubject::Network => plain::network(around.line, self.wake.met_another()),
            TestSubject::Battery => plain::battery(around.battery),
            TestSubject::Display => self
                .displays
                .names()
                .map_or(Err(TestFailure::NotTried), |names| plain::display(&self.resident_display(), &names)),
        })
    }

    /// Returns whether a display was chosen for residents, where there is a window to be on it.
    pub(crate) fn has_display(&self) -> bool {
        self.displays.names().is_some() && matches!(self.resident_display(), ResidentDisplay::Display { .. })
    }

    fn resident_display(&self) -> ResidentDisplay {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).resident_display.clone()
    }

    /// Returns the trust in force.
    pub(crate) fn trust(&self) -> Option<Arc<Trust>> {
        self.trust.current()
    }

    fn pictures(&self, which: WhichCamera) -> Tried {
        let frames = count_frames(&self.cameras, which);
        let fault = self.cameras.now(which).and_then(|now| now.fault);
        let scripted = self.cameras.frames(which).is_none();
        plain::pictures(fault, scripted, self.cameras.is_frozen(which), frames, COUNTS_FOR)
    }

    /// Returns how the scanner does, once somebody has tried to open it.
    fn scanner_state(&self) -> ScannerState {
        let until = SystemClock::since_start().saturating_add(STARTS_WITHIN);
        loop {
            let state = self.scanner.status().state;
            if state != ScannerState::Starting || SystemClock::since_start() >= until {
                return state;
            }
            std::thread::sleep(STARTS_WITHIN / 100);
        }
    }

    fn disk(&self) -> Tried {
        let probe = self.probe().ok_or(TestFailure::NotTried)?;
        disk::write(&self.folder.probe(), &probe, disk::ENOUGH, |_| ())
    }

    /// Seals a report of nothing, as reports are before they touch the disk.
    fn probe(&self) -> Option<Vec<u8>> {
        let mut rng = entropy::rng().ok()?;
        let trust = self.trust.current();
        let Some(key) = trust.as_ref().and_then(|trust| trust.root().sealing_key(self.clock.wall())) else {
            return entropy::bytes::<{ wire::limits::REPORT_BYTES }>().ok().map(Vec::from);
        };
        disk::sealed(self.station, key.kid, &key.key, self.clock.wall(), &mut rng)
    }
}

/// Counts the frames of one camera for a while.
fn count_frames(cameras: &CameraHost, which: WhichCamera) -> u32 {
    let until = SystemClock::since_start().saturating_add(COUNTS_FOR);
    let (mut read, mut count) = (Read::default(), 0);
    loop {
        let left = until.saturating_sub(SystemClock::since_start());
        if left.is_zero() {
            return count;
        }
        if cameras.next_frame(&mut read, left).is_some_and(|(from, _)| from == which) {
            count += 1;
        }
    }
}

fn outcome(tried: Tried) -> TestOutcome {
    match tried {
        Ok(found) => TestOutcome::Well { found },
        Err(why) => TestOutcome::Failed { why },
    }
}
