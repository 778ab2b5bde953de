//! Two clocks. This is the one place here where time comes from outside.

use std::time::Duration;

use code_reader::Clock;
use rustix::time::{ClockId, clock_gettime};

/// What something took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Took {
    /// Of this thread's own computing: the same however busy the machine is.
    pub cpu: Duration,
    /// By the clock on the wall.
    pub wall: Duration,
}

/// Does something, and says what it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let (cpu, wall) = (read(ClockId::ThreadCPUTime), read(ClockId::Monotonic));
    let done = work();
    let since = |clock, begin| read(clock).saturating_sub(begin);
    (done, Took { cpu: since(ClockId::ThreadCPUTime, cpu), wall: since(ClockId::Monotonic, wall) })
}

/// The computing time of the thread that asks: a budget kept by it is the same in every run.
#[must_use]
pub fn cpu_clock() -> Clock {
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
