//! The station's clock: the only place that reads the machine's clocks.

mod judge;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use disk::Access;
use gate::Now;
use health_code::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use wire::ClockState;

use crate::limits::SMALL_FILE_BYTES;
pub(crate) use judge::HEARTBEAT;
use judge::{ClockJudge, Memory, Reading};

/// First word of the heartbeat file.
const MAGIC: &str = "kadian-clock-1";
/// The file whose contents change at each start of the machine.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The station's clock, as everything that reads the time sees it.
pub(crate) trait Clock: Send + Sync {
    /// Returns the moment, and whether its wall time can be relied on.
    fn read(&self) -> (Now, ClockState);

    /// Returns what the wall clock says.
    fn wall(&self) -> Timestamp {
        self.read().0.wall
    }

    /// Hears a moment that a signed file names as past.
    fn hear_past(&self, signed: Timestamp);

    /// Hears the back office's own time, fresh and signed.
    fn hear_now(&self, signed: Timestamp);

    /// Hears that an administrator vouches for what the machine's clock says now.
    fn assert_now(&self);
}

/// The machine's clock, and what is known of it.
#[derive(Debug)]
pub(crate) struct SystemClock {
    judge: Mutex<ClockJudge>,
    file: PathBuf,
    boot_id: String,
}

impl SystemClock {
    /// Begins a run: reads what the last one left, and both clocks.
    pub(crate) fn start(file: &Path, signed: Option<Timestamp>) -> Self {
        let boot_id = boot_id();
        let memory = recall(file, &boot_id);
        let judge = Mutex::new(ClockJudge::start(read_clocks(), &memory, signed));
        Self { judge, file: file.to_owned(), boot_id }
    }

    /// Returns the time since the machine was started, sleep included.
    pub(crate) fn since_start() -> Duration {
        read_clocks().boot
    }

    /// Writes the heartbeat. A timer that knows nothing of scans calls this.
    pub(crate) fn beat(&self) {
        let Some(memory) = self.judge().memory(read_clocks()) else { return };
        let (Some(heartbeat), Some(started)) = (memory.heartbeat, memory.started) else { return };
        let text = format!("{MAGIC} {} {started} {}\n", heartbeat.0, self.boot_id);
        if let Err(error) = disk::replace(&self.file, text.as_bytes(), Access::Owner) {
            tracing::warn!(%error, "the clock's heartbeat could not be written");
        }
    }

    fn judge(&self) -> MutexGuard<'_, ClockJudge> {
        // The judge is whole between any two of its steps.
        self.judge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SystemClock {
    fn read(&self) -> (Now, ClockState) {
        let reading = read_clocks();
        let state = self.judge().look(reading);
        (Now { wall: reading.wall, mono: reading.boot }, state)
    }

    fn wall(&self) -> Timestamp {
        read_clocks().wall
    }

    fn hear_past(&self, signed: Timestamp) {
        self.judge().hear_past(read_clocks(), signed);
    }

    fn hear_now(&self, signed: Timestamp) {
        let reading = read_clocks();
        let mut judge = self.judge();
        let before = judge.look(reading);
        let after = judge.hear_now(reading, signed);
        drop(judge);
        if before != after {
            tracing::warn!(?after, "the back office's signed time was heard");
            self.beat();
        }
    }

    fn assert_now(&self) {
        self.judge().assert_now(read_clocks());
    }
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

/// Reads what the last run wrote down. A file that cannot be parsed counts as absent: the signed
/// times still apply.
fn recall(file: &Path, boot_id: &str) -> Memory {
    let Ok(Some(bytes)) = disk::read_if_there(file, SMALL_FILE_BYTES) else { return Memory::default() };
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.split_ascii_whitespace();
    if words.next() != Some(MAGIC) {
        return Memory::default();
    }
    let heartbeat = words.next().and_then(|word| word.parse().ok()).map(Timestamp);
    let started = words.next().and_then(|word| word.parse().ok());
    let same_start = !boot_id.is_empty() && words.next() == Some(boot_id);
    Memory { heartbeat, started: started.filter(|_| same_start) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_leaves_what_the_next_one_needs() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("clock");
        let clock = SystemClock::start(&file, None);
        assert_eq!(clock.read().1, ClockState::Trusted);
        clock.beat();
        let memory = recall(&file, &boot_id());
        assert!(memory.heartbeat.unwrap() >= clock.wall());
        assert!(memory.started.is_some());
        assert_eq!(recall(&file, "another start").started, None);
        assert_eq!(SystemClock::start(&file, None).read().1, ClockState::Trusted);
    }

    #[test]
    fn a_start_before_the_last_heartbeat_is_wrong_until_the_back_office_agrees() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("clock");
        let later = read_clocks().wall.plus(86_400);
        let text = format!("{MAGIC} {} 0 elsewhere\n", later.0);
        disk::replace(&file, text.as_bytes(), Access::Owner).unwrap();
        let clock = SystemClock::start(&file, None);
        assert_eq!(clock.read().1, ClockState::Wrong);
        clock.beat();
        assert_eq!(recall(&file, "").heartbeat, Some(later), "a wrong clock writes nothing");
        clock.hear_now(clock.wall());
        assert_eq!(clock.read().1, ClockState::Trusted);
        assert!(recall(&file, "").heartbeat.unwrap() < later);
    }

    #[test]
    fn rubbish_in_the_file_is_no_reason_to_stop() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("clock");
        for text in ["", "x", MAGIC, "kadian-clock-1 a b c", "kadian-clock-1 99999999999999999999"] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(SystemClock::start(&file, None).read().1, ClockState::Trusted, "{text:?}");
        }
    }
}
