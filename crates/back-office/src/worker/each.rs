//! Doing the same to many things, on every core.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

/// Fewer things than this for each thread are not worth one: opening a report takes some 0.2 ms, starting a
/// thread a tenth of it.
const WORTH_A_THREAD: usize = 8;

/// Does `work` with each thing, and returns the results in the things' order. Where it panics there is `None`:
/// the others go on.
pub(super) fn each<T: Send, R: Send>(things: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<Option<R>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(things.len() / WORTH_A_THREAD).max(1);
    if threads == 1 {
        return things.into_iter().map(|thing| guarded(|| work(thing))).collect();
    }
    let size = things.len().div_ceil(threads);
    let mut things = things.into_iter();
    let shares: Vec<Vec<T>> = (0..threads).map(|_| things.by_ref().take(size).collect()).collect();
    let do_share = |share: Vec<T>| share.into_iter().map(|thing| guarded(|| work(thing))).collect::<Vec<_>>();
    let do_share = &do_share;
    thread::scope(|scope| {
        let started: Vec<_> = shares.into_iter().map(|share| scope.spawn(move || do_share(share))).collect();
        // A share's own thread cannot panic: each thing is guarded.
        started.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}

/// Does `work`, and returns `None` where it panics. What `work` changes is not used afterwards, or whole.
fn guarded<R>(work: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_panics_takes_no_other_with_it() {
        for count in [1, 7, 100] {
            let results = each((0..count).collect(), |n: usize| {
                assert_ne!(n, count / 2, "a panic, as a test of panics has");
                n * 2
            });
            let expected: Vec<_> = (0..count).map(|n| (n != count / 2).then_some(n * 2)).collect();
            assert_eq!(results, expected);
        }
    }
}
