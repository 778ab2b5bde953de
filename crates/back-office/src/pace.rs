//! How often stations send: the more of them, the longer each one gathers before it sends.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use wire::Pace;
use wire::limits::PAUSE_SECONDS;

/// Up to this many stations, each sends [`SHORTEST_SECONDS`] after its first report.
const FEW_STATIONS: u64 = 200;
/// The pause of a small office. Nobody notices it, and what two people do at once is one batch.
const SHORTEST_SECONDS: u16 = 2;
/// Batches that all stations together send in a second, beyond [`FEW_STATIONS`]: with commits that take 5 ms
/// each, half of what a disk gives.
const BATCHES_A_SECOND: u64 = 100;
/// Seconds after which a station with nothing to send asks what is new: in a small office soon, so that who
/// was removed is signed out everywhere, and in a larger one later.
const POLL_SECONDS: RangeInclusive<u64> = 10..=60;
/// Stations that ask so in a second, all together, between the two.
const POLLS_A_SECOND: u64 = 20;

/// The pace by the number of stations. Every process of an office counts them in the store, by time.
#[derive(Debug, Default)]
pub struct Pacing(AtomicU64);

impl Pacing {
    /// Takes note of how many stations there are.
    pub fn set(&self, stations: u64) {
        self.0.store(stations, Ordering::Relaxed);
    }

    /// Returns the pace that receipts name.
    #[must_use]
    pub fn pace(&self) -> Pace {
        pace_of(self.0.load(Ordering::Relaxed))
    }
}

/// Returns the pace for a number of stations.
fn pace_of(stations: u64) -> Pace {
    let pause = match stations {
        0..=FEW_STATIONS => SHORTEST_SECONDS,
        more => {
            u16::try_from(more / BATCHES_A_SECOND).unwrap_or(u16::MAX).clamp(SHORTEST_SECONDS, PAUSE_SECONDS)
        }
    };
    let poll = (stations / POLLS_A_SECOND).clamp(*POLL_SECONDS.start(), *POLL_SECONDS.end());
    // At most 60.
    let poll = u16::try_from(poll).unwrap_or(u16::MAX);
    Pace { pause, poll: poll.max(pause) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_stations_the_longer_each_gathers() {
        let stations = [0, 200, 201, 999, 1000, 12_345, 30_000, u64::MAX];
        let pauses = stations.map(|stations| pace_of(stations).pause);
        assert_eq!(pauses, [2, 2, 2, 9, 10, 123, 300, 300]);
        let polls = [0, 200, 600, 1200, 12_345, u64::MAX].map(|stations| pace_of(stations).poll);
        assert_eq!(polls, [10, 10, 30, 60, 123, 300]);
    }
}
