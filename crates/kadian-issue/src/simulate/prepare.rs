//! Sealing and signing ahead, on every core.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, SeedableRng as _};
use wire::{Batch, BatchId, RecordId};

use super::Progress;
use super::passages::{Chain, Passages};
use super::stations::Station;

/// A signed batch, and what its receipt has to say.
pub struct Ready {
    /// Its id.
    pub id: BatchId,
    /// The signed bytes.
    pub bytes: Vec<u8>,
    /// Each record with the hash of its ciphertext.
    pub reports: Vec<(RecordId, [u8; 32])>,
}

/// How many passages there are, and how many go into a batch.
#[derive(Clone, Copy)]
pub struct Share {
    /// Passages in all.
    pub total: u32,
    /// Passages of a batch, at most.
    pub batch: usize,
}

impl Share {
    /// Returns how many passages a station has; the first ones have one more where they don't divide.
    fn of(self, number: usize, stations: usize) -> usize {
        let total = self.total as usize;
        total / stations + usize::from(number < total % stations)
    }
}

/// Makes the batches of each station, in its order.
///
/// # Errors
/// A sentence.
pub fn prepare(
    passages: &Passages,
    stations: &[Station],
    share: Share,
    rng: &mut ChaCha20Rng,
    progress: Progress,
) -> Result<Vec<Vec<Ready>>, String> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    progress.say(format_args!("sealing {} passages", share.total));
    let work: Vec<(usize, &Station, ChaCha20Rng)> =
        stations.iter().enumerate().map(|(number, station)| (number, station, rng.fork())).collect();
    let next = AtomicUsize::new(0);
    let one = || {
        let mut made = Vec::new();
        while let Some((number, station, rng)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            let count = share.of(*number, stations.len());
            made.push((*number, of_station(passages, station, count, share.batch, &mut rng.clone())?));
        }
        Ok::<_, String>(made)
    };
    let made = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(one)).collect();
        let ended = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a thread ended".to_owned())));
        ended.collect::<Result<Vec<_>, _>>()
    })?;
    let mut all: Vec<_> = made.into_iter().flatten().collect();
    all.sort_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, batches)| batches).collect())
}

fn of_station(
    passages: &Passages,
    station: &Station,
    count: usize,
    batch: usize,
    rng: &mut impl CryptoRng,
) -> Result<Vec<Ready>, String> {
    let mut chain = Chain::begin(station.id, rng);
    let sizes = (0..count).step_by(batch).map(|done| batch.min(count - done));
    sizes
        .map(|size| {
            let sealed = (0..size).map(|_| chain.add(passages, rng)).collect::<Result<Vec<_>, _>>()?;
            let (reports, hashes): (Vec<_>, Vec<_>) = sealed.into_iter().unzip();
            let mut id = BatchId([0; 16]);
            rng.fill_bytes(&mut id.0);
            let named = reports.iter().map(|report| report.record).zip(hashes).collect();
            let bytes = Batch { station: station.id, id, reports, awaits: Vec::new(), about: None }
                .sign(&station.key)
                .bytes;
            Ok(Ready { id, bytes, reports: named })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_spread_evenly_and_none_is_left_out() {
        for (total, stations) in [(5000, 1000), (7, 3), (2, 5), (1, 1)] {
            let share = Share { total, batch: 20 };
            let each: Vec<usize> = (0..stations).map(|number| share.of(number, stations)).collect();
            assert_eq!(each.iter().sum::<usize>(), total as usize);
            assert!(each.iter().max().unwrap() - each.iter().min().unwrap() <= 1);
        }
    }
}
