//! What checkpoints and collectors are called: as their community's file has them, or as the file of the time did.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use health_code::trust::Place;
use health_code::{Community, Region, Timestamp, Trust};
use wire::report::RosterChange;

use super::state::Console;
use crate::limits::CHANGES_COMPARED;
use crate::store::{ChangeState, PassageRow, StoreError};

/// A checkpoint or a collector of a community.
pub type Key = (Region, [u8; 8]);

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Its name.
    pub name: String,
    /// Where it is, where that is known.
    pub place: Option<Place>,
    /// Whether it was removed.
    pub gone: bool,
}

/// A collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    /// The masked name.
    pub name: String,
    /// Whether they were removed.
    pub gone: bool,
}

/// What is called how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    /// All checkpoints of the communities at hand, and those that were removed and passed.
    pub gates: BTreeMap<Key, Gate>,
    /// Collectors.
    pub collectors: BTreeMap<Key, Collector>,
}

/// Finds the names for passages, each with its community.
///
/// # Errors
/// [`StoreError`].
pub async fn called(console: &Console, passages: &[(Region, &PassageRow)]) -> Result<Called, StoreError> {
    let mut called = Called::default();
    let communities: BTreeSet<&Region> = passages.iter().map(|(region, _)| region).collect();
    for region in communities {
        if let Some(trust) = console.context.trust.of(region) {
            called.add(trust.community(), false);
        }
    }
    let moments: BTreeSet<(Region, Timestamp)> =
        called.missing(passages).map(|(region, row)| (region.clone(), row.judged)).collect();
    if moments.is_empty() {
        return Ok(called);
    }
    let then: Vec<((Region, Timestamp), Arc<Trust>)> =
        console.context.trust.at(moments.into_iter().collect()).await?;
    // The latest file wins: a checkpoint may have had several names.
    for (_, trust) in then.iter().rev() {
        called.add(trust.community(), true);
    }
    let ids: BTreeSet<[u8; 8]> =
        called.missing(passages).flat_map(|(_, row)| [row.checkpoint, row.collector]).collect();
    if ids.is_empty() {
        return Ok(called);
    }
    let store = &console.context.store;
    for change in store.changes_about(ids.into_iter().collect(), CHANGES_COMPARED).await?.into_iter().rev() {
        // What was accepted is in the next file.
        let gone = change.state != ChangeState::Accepted;
        let region = change.community;
        match change.change {
            RosterChange::CheckpointAdded { id, name, place, .. } => {
                called.gates.entry((region, id)).or_insert(Gate { name, place: place.map(on_earth), gone });
            }
            RosterChange::PersonAdded { id, masked_name, .. } => {
                let collector = Collector { name: masked_name, gone };
                called.collectors.entry((region, id)).or_insert(collector);
            }
            _ => {}
        }
    }
    Ok(called)
}

fn on_earth(place: wire::report::Place) -> Place {
    Place { latitude: place.latitude, longitude: place.longitude }
}

impl Called {
    fn add(&mut self, file: &Community, gone: bool) {
        for one in &file.checkpoints {
            let gate = Gate { name: one.name.clone(), place: one.place, gone };
            self.gates.entry((file.region.clone(), one.id.0)).or_insert(gate);
        }
        for one in &file.people {
            let collector = Collector { name: one.masked_name.clone(), gone };
            self.collectors.entry((file.region.clone(), one.id.0)).or_insert(collector);
        }
    }

    fn missing<'a>(
        &'a self,
        passages: &'a [(Region, &'a PassageRow)],
    ) -> impl Iterator<Item = &'a (Region, &'a PassageRow)> {
        passages.iter().filter(|(region, row)| {
            !self.gates.contains_key(&(region.clone(), row.checkpoint))
                || !self.collectors.contains_key(&(region.clone(), row.collector))
        })
    }
}
