//! Long runs of random histories, and what holds of every tip.

use std::collections::BTreeMap;

use futures_util::FutureExt as _;

use super::MemoryStore;
use super::office::Known;
use crate::store::chain::Loose;
use crate::store::contract::model;

#[test]
fn random_histories_agree_with_a_naive_model_and_every_tip_is_sound() {
    for seed in 0..600 {
        let store = MemoryStore::default();
        model::live(&store, seed).now_or_never().expect("memory never waits");
        store.office().stations.values().for_each(is_sound);
    }
}

/// Asserts what the fast path relies on.
fn is_sound(known: &Known) {
    let hang = known.runs.values().filter(|(stored, _)| stored.loose != Loose::Joined).count();
    assert_eq!(known.tip.loose, hang as u64);
    let runs = || known.runs.values().map(|(stored, _)| &stored.run);
    if let Some((stream, next)) = known.tip.place {
        let last = runs().filter(|run| run.stream == stream).map(|run| run.last()).max();
        assert_eq!(last.and_then(|last| last.checked_add(1)), Some(next));
    }
    if let Some(head) = known.tip.head {
        assert!(!runs().flat_map(|run| run.reports()).any(|report| report.link == head));
    }
    // Runs of one fork never share a place.
    let mut ends = BTreeMap::new();
    for (key, (stored, _)) in &known.runs {
        if let Some(end) = ends.insert((key.stream, key.fork), stored.run.last()) {
            assert!(end < key.first);
        }
    }
}
