//! The station's clock: the only place that reads the machine's clocks.

mod judge;
mod memory;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use disk::{Access, DiskError};
use gate::Now;
use health_code::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use wire::ClockState;

use crate::limits::SMALL_FILE_BYTES;
pub(crate) use judge::{BEAT, TrustTimes};
use judge::{ClockJudge, Look, Reading};
use memory::Memory;
pub(crate) use memory::MemoryKey;

/// The file whose contents change at each start of the machine.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The station's clock, as everything that reads the time sees it.
pub(crate) trait Clock: Send + Sync {
    /// Returns the moment, and whether it can be relied on. A trusted moment is never earlier than
    /// one before.
    fn read(&self) -> (Now, ClockState);

    /// Returns what the wall clock says.
    fn wall(&self) -> Timestamp {
        self.read().0.wall
    }

    /// Returns the latest moment that is surely past, if any is known.
    fn past(&self) -> Option<Timestamp>;

    /// Hears a signed time that is past.
    fn hear_past(&self, signed: Timestamp);

    /// Hears a moment that a trust file names as past.
    fn hear_issued(&self, issued: Timestamp);

    /// Hears the back office's own time, fresh and signed.
    fn hear_now(&self, signed: Timestamp);

    /// Hears that an administrator vouches for what the machine's clock says now.
    fn assert_now(&self);
}

/// The machine's clock, and what is known of it.
#[derive(Debug)]
pub(crate) struct SystemClock {
    judge: Mutex<ClockJudge>,
    /// What the disk holds; locked while it is written. It is locked before `judge`.
    kept: Mutex<Option<Memory>>,
    file: PathBuf,
    key: MemoryKey,
    boot_id: String,
}

impl SystemClock {
    /// Begins a run: reads what the last one left, and both clocks, and takes the first lease.
    pub(crate) fn start(file: &Path, key: MemoryKey, trust: TrustTimes) -> Self {
        let boot_id = boot_id();
        let bytes = disk::read_if_there(file, SMALL_FILE_BYTES);
        let bytes = bytes.inspect_err(|error| tracing::error!(%error, "the memory of time")).ok().flatten();
        let memory = bytes.and_then(|bytes| key.open(&bytes, &boot_id));
        if memory.is_none() {
            tracing::warn!("this station remembers no time: only a signed time or a person ends that");
        }
        let judge = ClockJudge::start(read_clocks(), memory.as_ref(), trust);
        let this =
            Self { judge: Mutex::new(judge), kept: Mutex::new(memory), file: file.to_owned(), key, boot_id };
        this.beat();
        this
    }

    /// Writes the first memory of a laptop that hears no fresh time: an office signed this moment, which is past.
    /// The first start judges the clock by it as after a pause.
    pub(crate) fn begin_at(file: &Path, key: &MemoryKey, signed: Timestamp) -> Result<(), DiskError> {
        let memory = Memory { upto: signed, signed: Some(signed), started: None };
        disk::replace(file, key.seal(&memory, &boot_id()).as_bytes(), Access::Owner)
    }

    /// Returns the time since the machine was started, sleep included.
    pub(crate) fn since_start() -> Duration {
        read_clocks().boot
    }

    /// Writes the memory anew, so that the disk covers the next moments.
    ///
    /// A timer that knows nothing of scans calls this every [`BEAT`]. A look calls it only if the
    /// timer could not, as after a suspend.
    pub(crate) fn beat(&self) {
        let mut kept = lock(&self.kept);
        let memory = lock(&self.judge).lease(read_clocks());
        self.keep(&mut kept, memory);
    }

    /// Writes what was reported, and no lease. For the end of a run, after the last look.
    pub(crate) fn end(&self) {
        let mut kept = lock(&self.kept);
        let memory = lock(&self.judge).end(read_clocks());
        self.keep(&mut kept, memory);
    }

    fn keep(&self, kept: &mut Option<Memory>, memory: Option<Memory>) {
        let Some(memory) = memory.filter(|memory| Some(memory) != kept.as_ref()) else { return };
        let text = self.key.seal(&memory, &self.boot_id);
        match disk::replace(&self.file, text.as_bytes(), Access::Owner) {
            Ok(()) => {
                lock(&self.judge).written(&memory);
                *kept = Some(memory);
            }
            Err(error) => {
                tracing::warn!(%error, "the memory of time could not be written");
                // The rename may have happened.
                *kept = None;
            }
        }
    }

    /// Lets the judge hear something, and writes what became of it before anybody goes by it.
    fn hear(&self, what: &'static str, hear: impl FnOnce(&mut ClockJudge, Reading)) {
        let mut kept = lock(&self.kept);
        let mut judge = lock(&self.judge);
        let reading = read_clocks();
        let before = judge.state(reading);
        hear(&mut judge, reading);
        let after = judge.state(reading);
        let memory = judge.lease(reading);
        drop(judge);
        if before != after {
            tracing::warn!(?before, ?after, "{what}");
        }
        self.keep(&mut kept, memory);
    }

    fn look(&self) -> (Reading, Look) {
        let reading = read_clocks();
        let look = lock(&self.judge).look(reading);
        (reading, look)
    }
}

impl Clock for SystemClock {
    fn read(&self) -> (Now, ClockState) {
        let (mut reading, mut look) = self.look();
        if look == Look::NotCovered {
            self.beat();
            (reading, look) = self.look();
        }
        let (wall, state) = match look {
            Look::Known(at, state) => (at, state),
            // What the disk does not cover could be forgotten.
            Look::NotCovered => (reading.wall, ClockState::Wrong),
        };
        (Now { wall, mono: reading.boot }, state)
    }

    fn wall(&self) -> Timestamp {
        read_clocks().wall
    }

    fn past(&self) -> Option<Timestamp> {
        lock(&self.judge).past()
    }

    fn hear_past(&self, signed: Timestamp) {
        self.hear("a signed time was heard", |judge, reading| judge.hear_past(reading, signed));
    }

    fn hear_issued(&self, issued: Timestamp) {
        self.hear("newer trust files were heard", |judge, reading| judge.hear_issued(reading, issued));
    }

    fn hear_now(&self, signed: Timestamp) {
        self.hear("the back office's time was heard", |judge, reading| judge.hear_now(reading, signed));
    }

    fn assert_now(&self) {
        if !lock(&self.judge).assert_now(read_clocks()) {
            tracing::warn!("nobody can vouch for a time before what is remembered or signed");
        }
    }
}

/// The clock of a laptop that is no station yet: nothing speaks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnknownClock;

impl Clock for UnknownClock {
    fn read(&self) -> (Now, ClockState) {
        let Reading { wall, boot } = read_clocks();
        (Now { wall, mono: boot }, ClockState::Wrong)
    }

    fn past(&self) -> Option<Timestamp> {
        None
    }

    fn hear_past(&self, _: Timestamp) {}

    fn hear_issued(&self, _: Timestamp) {}

    fn hear_now(&self, _: Timestamp) {}

    fn assert_now(&self) {}
}

/// Locks what is whole between any two steps of those who use it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_clocks() -> Reading {
    #[allow(clippy::disallowed_methods, reason = "the station's one place that reads the wall clock")]
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let boot = clock_gettime(ClockId::Boottime);
    Reading {
        wall: Timestamp(i64::try_from(wall.as_secs()).unwrap_or(i64::MAX)),
        boot: Duration::new(boot.tv_sec.unsigned_abs(), u32::try_from(boot.tv_nsec).unwrap_or(0)),
    }
}

fn boot_id() -> String {
    let bytes = std::fs::read(BOOT_ID).unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

#[cfg(test)]
pub(crate) mod tests;
