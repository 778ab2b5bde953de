//! What a simulation measured.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// Something that happened to a batch.
#[derive(Debug)]
pub enum Event {
    /// A receipt acknowledged all of it.
    Acknowledged {
        /// How many passages it held.
        passages: usize,
        /// How many of them the office had before.
        before: usize,
        /// From sending it until the answer was here.
        waited: Duration,
    },
    /// It has no receipt yet and is sent again.
    Failed(String),
    /// It will never have one, or the receipt says something else than it should.
    Lost {
        /// How many passages it held.
        passages: usize,
        /// Why.
        why: String,
    },
}

/// Events, added up.
#[derive(Debug)]
pub struct Figures {
    stations: usize,
    passages: usize,
    acknowledged: usize,
    before: usize,
    lost: usize,
    waits: Vec<Duration>,
    errors: BTreeMap<String, usize>,
    took: Duration,
}

/// The figures as JSON shows them.
#[derive(Debug, PartialEq, Serialize)]
pub struct Summary {
    stations: usize,
    passages: usize,
    acknowledged: usize,
    already_stored: usize,
    lost: usize,
    batches: usize,
    seconds: f64,
    passages_per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    longest_ms: f64,
    errors: BTreeMap<String, usize>,
}

impl Figures {
    /// Begins with nothing acknowledged.
    pub fn new(stations: usize, passages: usize) -> Self {
        Self {
            stations,
            passages,
            acknowledged: 0,
            before: 0,
            lost: 0,
            waits: Vec::new(),
            errors: BTreeMap::new(),
            took: Duration::ZERO,
        }
    }

    /// Adds what happened at a moment after the start.
    pub fn add(&mut self, event: Event, at: Duration) {
        match event {
            Event::Acknowledged { passages, before, waited } => {
                self.acknowledged += passages;
                self.before += before;
                self.waits.push(waited);
                self.took = at;
            }
            Event::Failed(code) => *self.errors.entry(code).or_default() += 1,
            Event::Lost { passages, why } => {
                self.lost += passages;
                *self.errors.entry(why).or_default() += 1;
            }
        }
    }

    /// Returns how many passages were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged
    }

    /// Returns whether every passage was acknowledged as it was sent.
    pub fn is_complete(&self) -> bool {
        self.acknowledged == self.passages && self.lost == 0
    }

    /// Returns how many errors there were.
    pub fn errors(&self) -> usize {
        self.errors.values().sum()
    }

    /// Returns the figures.
    pub fn summary(&self) -> Summary {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        let seconds = self.took.as_secs_f64();
        Summary {
            stations: self.stations,
            passages: self.passages,
            acknowledged: self.acknowledged,
            already_stored: self.before,
            lost: self.lost,
            batches: waits.len(),
            seconds: round(seconds),
            passages_per_second: round(if seconds > 0.0 { self.acknowledged as f64 / seconds } else { 0.0 }),
            p50_ms: round(percentile(&waits, 50)),
            p99_ms: round(percentile(&waits, 99)),
            longest_ms: round(percentile(&waits, 100)),
            errors: self.errors.clone(),
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.summary();
        writeln!(
            f,
            "{} of {} passages of {} stations acknowledged in {:.2} s: {:.0} a second",
            all.acknowledged, all.passages, all.stations, all.seconds, all.passages_per_second
        )?;
        write!(
            f,
            "{} batches waited {:.1} ms (p50), {:.1} ms (p99), {:.1} ms at most; {} sent before, {} lost, {} errors",
            all.batches,
            all.p50_ms,
            all.p99_ms,
            all.longest_ms,
            all.already_stored,
            all.lost,
            self.errors()
        )?;
        all.errors.iter().try_for_each(|(code, count)| write!(f, "\n  {code}: {count}"))
    }
}

/// Returns a percentile of sorted waits in milliseconds, by the nearest rank.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_waits_that_were_measured() {
        let waits: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        for (percent, expected) in [(50, 100.0), (99, 198.0), (100, 200.0)] {
            assert!((percentile(&waits, percent) - expected).abs() < 1e-9);
        }
        assert!(percentile(&[], 50).abs() < 1e-9);
        assert!((percentile(&waits[..1], 99) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn only_what_was_acknowledged_as_sent_is_complete() {
        let second = Duration::from_secs(1);
        let mut figures = Figures::new(1, 4);
        figures.add(Event::Acknowledged { passages: 2, before: 1, waited: second }, second);
        figures.add(Event::Failed("busy".to_owned()), second);
        assert!(!figures.is_complete());
        figures.add(Event::Acknowledged { passages: 2, before: 0, waited: second }, 2 * second);
        assert!(figures.is_complete());
        let summary = figures.summary();
        assert_eq!((summary.acknowledged, summary.already_stored, summary.batches), (4, 1, 2));
        assert!((summary.passages_per_second - 2.0).abs() < 1e-9);
        assert_eq!(summary.errors, BTreeMap::from([("busy".to_owned(), 1)]));
        figures.add(Event::Lost { passages: 1, why: "conflict".to_owned() }, second);
        assert!(!figures.is_complete());
    }
}
