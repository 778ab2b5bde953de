//! Two clocks: computing time and wall time. This is the only file here that reads the time.

use std::time::Duration;

use code_reader::Clock;
use rustix::time::{ClockId, clock_gettime};

/// How long something took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Took {
    /// Computing time of this thread, which does not depend on how busy the machine is.
    pub(crate) cpu: Duration,
    /// Wall time.
    pub(crate) wall: Duration,
}

/// Does something, and returns how long it took, too.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let (cpu, wall) = (read(ClockId::ThreadCPUTime), read(ClockId::Monotonic));
    let done = work();
    let since = |clock, begin| read(clock).saturating_sub(begin);
    (done, Took { cpu: since(ClockId::ThreadCPUTime, cpu), wall: since(ClockId::Monotonic, wall) })
}

/// Returns a clock of the calling thread's computing time. A budget kept by it is the same in every run.
pub(crate) fn cpu_clock() -> Clock {
    Box::new(|| read(ClockId::ThreadCPUTime))
}

fn read(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    // Neither clock is ever negative.
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeping_costs_no_computing() {
        let ((), took) = timed(|| std::thread::sleep(Duration::from_millis(50)));
        assert!(took.wall >= Duration::from_millis(50), "{took:?}");
        assert!(took.cpu < took.wall, "{took:?}");
    }
}
