//! Reading a board: laptops and what they need, and the counters.

use std::collections::{BTreeMap, BTreeSet};

use health_code::{CheckpointId, Region, Timestamp};
use program::moment::rfc3339;
use wire::{StationId, hex};

use super::needs;
use super::view::{Board, Minutes, Named, Need, Part, Row, Silent, StationCounts};
use crate::console::regions::RegionTable;
use crate::console::stations::{self, Found};
use crate::console::view::RegionRef;
use crate::context::Context;
use crate::limits::{BOARD_NEEDS, BOARD_PARTS, BOARD_ROWS, LIST_ROWS};
use crate::retention;
use crate::store::{Series, Span, StoreError, Subject, Tally};

/// Minutes on a board; the last one is not over yet.
const MINUTES: i64 = 60;
/// Minutes of one part's or laptop's line.
const LINE: usize = 24;
/// Lengths of a region's digits, the widest first.
const LEVELS: [usize; 5] = [2, 4, 6, 9, 12];

/// What a board shows beside its counters; it is read less often.
#[derive(Debug)]
pub(super) struct Around {
    region: RegionRef,
    stations: StationCounts,
    silent: Option<Silent>,
    oldest_trust: Option<Silent>,
    needs: Vec<Need>,
    /// What is counted, each with its name.
    parts: Vec<(Subject, Named)>,
    more_parts: usize,
    rows: Vec<Found>,
    more_rows: usize,
}

/// Reads laptops, alerts and parts of a region, with names for whoever has `top`.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn around(
    context: &Context,
    names: &RegionTable,
    (scope, top): (&Region, &Region),
    tls_ends: Option<Timestamp>,
) -> Result<Around, StoreError> {
    let mut found = stations::of(context, scope, top, names).await?;
    found.retain(|found| found.view.state != "withdrawn");
    let now = context.clock.now();
    let mut held: BTreeMap<StationId, u64> = BTreeMap::new();
    for report in context.store.quarantined(LIST_ROWS).await? {
        *held.entry(report.station).or_default() += 1;
    }
    let (trust, own) = (context.trust.trust(), context.trust.of(scope));
    let office = needs::Office {
        root: trust.root(),
        list: trust.list(),
        community: own.as_ref().map(|own| own.community()),
        today: retention::standing(&*context.store, &context.trust.communities(), now).await?,
        keys: &context.keys,
        tls_ends,
    };
    let mut needs = needs::of(&found, &held, &office, now);
    let more_needs = needs.len().saturating_sub(BOARD_NEEDS);
    needs.truncate(BOARD_NEEDS);
    if more_needs > 0 {
        needs.push(needs::more(more_needs));
    }
    let mut parts = parts(context, scope, &found, names);
    let more_parts = parts.len().saturating_sub(BOARD_PARTS);
    parts.truncate(BOARD_PARTS);
    let more_rows = found.len().saturating_sub(BOARD_ROWS);
    Ok(Around {
        region: RegionRef::new(scope, names, top),
        stations: counted(&found),
        silent: silent(&found, now),
        oldest_trust: oldest_trust(&found),
        needs,
        parts,
        more_parts,
        rows: found.into_iter().take(BOARD_ROWS).collect(),
        more_rows,
    })
}

/// Joins what is around with the counters of this minute and those before it.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn read(context: &Context, scope: &Region, around: &Around) -> Result<Board, StoreError> {
    let now = context.clock.now();
    let from = Span::Minute.start(now) - (MINUTES - 1) * 60;
    let subjects: Vec<Subject> = [Subject::Region(scope.clone())]
        .into_iter()
        .chain(around.parts.iter().map(|(subject, _)| subject.clone()))
        .chain(around.rows.iter().map(|row| Subject::Station(row.id)))
        .collect();
    let until = Timestamp(from + MINUTES * 60);
    let store = &context.store;
    let mut series = store.tallies(Span::Minute, subjects, Timestamp(from), until).await?.into_iter();
    let mut next = || minute_by_minute(&series.next().unwrap_or_default(), from);
    let minutes = Minutes::of(&next());
    let part = |(_, named): &(Subject, Named), tallies: Vec<Tally>| Part {
        named: named.clone(),
        people: tallies.iter().map(Tally::people).sum(),
        invalid: tallies.iter().map(|tally| tally.invalid).sum(),
        line: line(&tallies),
    };
    let parts = around.parts.iter().map(|of| part(of, next())).collect();
    let rows = around.rows.iter().map(|row| Row { station: row.view.clone(), line: line(&next()) }).collect();
    Ok(Board {
        at: rfc3339(now),
        region: around.region.clone(),
        from,
        minutes,
        stations: around.stations.clone(),
        silent: around.silent.clone(),
        oldest_trust: around.oldest_trust.clone(),
        needs: around.needs.clone(),
        parts,
        more_parts: around.more_parts,
        rows,
        more_rows: around.more_rows,
    })
}

/// Returns what lies directly below a region where laptops are: its parts, or a community's checkpoints.
fn parts(context: &Context, scope: &Region, found: &[Found], names: &RegionTable) -> Vec<(Subject, Named)> {
    let digits = scope.as_str().len();
    let Some(next) = LEVELS.into_iter().find(|level| *level > digits) else {
        return checkpoints(context, scope, found);
    };
    let below: BTreeSet<Region> =
        found.iter().filter_map(|found| found.community.as_str().get(..next)?.parse().ok()).collect();
    let name = |region: &Region| names.name(region).map_or_else(|| region.to_string(), str::to_owned);
    let named = |region: Region| {
        let named = Named { id: region.to_string(), name: name(&region) };
        (Subject::Region(region), named)
    };
    below.into_iter().map(named).collect()
}

fn checkpoints(context: &Context, community: &Region, found: &[Found]) -> Vec<(Subject, Named)> {
    let trust = context.trust.of(community);
    let listed = trust.iter().flat_map(|trust| &trust.community().checkpoints).map(|one| one.id.0);
    let mut ids: Vec<[u8; 8]> = listed.collect();
    // One that was added at a laptop and is in no file yet.
    let added: BTreeSet<[u8; 8]> = found.iter().filter_map(|found| found.place).collect();
    ids.extend(added.into_iter().filter(|id| {
        trust.as_ref().is_none_or(|trust| trust.community().checkpoint(CheckpointId(*id)).is_none())
    }));
    let named = |id: [u8; 8]| {
        let named = Named { id: hex::encode(&id), name: stations::place(context, community, id) };
        (Subject::Checkpoint { community: community.clone(), id }, named)
    };
    ids.into_iter().map(named).collect()
}

fn counted(found: &[Found]) -> StationCounts {
    let of = |states: &[&str]| found.iter().filter(|found| states.contains(&found.view.state)).count();
    StationCounts {
        all: found.len() - of(&["new"]),
        online: found.len() - of(&["new", "offline"]),
        offline: of(&["offline"]),
        behind: of(&["behind"]),
        new: of(&["new"]),
    }
}

/// Returns which laptop has been silent for the longest time. What it holds nobody here can know; it said how much
/// waited when it was last heard.
fn silent(found: &[Found], now: Timestamp) -> Option<Silent> {
    let offline = found.iter().filter(|found| found.view.state == "offline");
    let (seen, found) =
        offline.filter_map(|found| Some((found.last_seen?, found))).min_by_key(|(seen, _)| *seen)?;
    Some(Silent::of(found, now.since(seen)))
}

fn oldest_trust(found: &[Found]) -> Option<Silent> {
    let ages = found.iter().filter_map(|found| Some((found.view.trust_age?, found)));
    ages.max_by_key(|(age, _)| *age).map(|(age, found)| Silent::of(found, age))
}

fn minute_by_minute(series: &Series, from: i64) -> Vec<Tally> {
    (0..MINUTES).map(|minute| series.get(&(from + minute * 60)).copied().unwrap_or_default()).collect()
}

fn line(tallies: &[Tally]) -> Vec<u64> {
    tallies.iter().skip(tallies.len().saturating_sub(LINE)).map(Tally::people).collect()
}
