//! Opening what arrived, on every core; and filing it.

use std::collections::{BTreeMap, BTreeSet};

use health_code::{Region, Timestamp};
use tokio::task::spawn_blocking;
use wire::StationId;

use super::Stopping;
use super::known::{Communities, Known};
use super::opening::{Unsealed, name_people, settle_all, unseal_all};
use crate::context::Context;
use crate::limits::{LEASE_SECONDS, LIST_ROWS, OPENED_AT_ONCE};
use crate::store::{Letter, Opened, Outcome, Settled, StoreError, Waiting};
use crate::trust::TrustError;

/// Opens everything that waits. While one claim is filed, the seals of the next are opened.
///
/// Reports are opened on all cores and compared in their order, since a change that a report makes counts
/// for those after it.
///
/// # Errors
/// [`StoreError`]. Letters that were claimed and not settled wait until their lease ends.
pub(super) async fn open_all(context: &Context, stopping: &Stopping) -> Result<(), TrustError> {
    let mut opened = Vec::new();
    loop {
        let goes_on = !*stopping.borrow();
        let next = async { if goes_on { claim(context).await } else { Ok(Claimed::default()) } };
        let (filed, claimed) = tokio::join!(file(context, std::mem::take(&mut opened)), next);
        filed?;
        let claimed = claimed?;
        if claimed.count == 0 {
            return Ok(());
        }
        opened = compare(context, claimed).await?;
    }
}

/// Letters whose seals are open.
#[derive(Default)]
struct Claimed {
    /// How many letters were claimed, those that cannot be read too.
    count: usize,
    /// Each letter with the number of its reports.
    letters: Vec<(Letter, usize)>,
    /// The reports of all letters, in their order.
    reports: Vec<Unsealed>,
}

/// A letter that cannot be read is left: its lease ends.
async fn claim(context: &Context) -> Result<Claimed, StoreError> {
    let now = context.clock.now();
    let claimed = context.store.claim(OPENED_AT_ONCE, now, now.plus(LEASE_SECONDS)).await?;
    let count = claimed.len();
    let keys = context.keys.clone();
    Ok(compute(move || {
        let (mut letters, mut waiting) = (Vec::new(), Vec::new());
        for letter in claimed {
            match letter.reports() {
                Ok(reports) => {
                    letters.push((letter, reports.len()));
                    waiting.extend(reports);
                }
                Err(error) => {
                    tracing::error!(key = ?letter.key, %error, "a letter in the database cannot be read");
                }
            }
        }
        Claimed { count, letters, reports: unseal_all(waiting, &keys) }
    })
    .await)
}

/// Compares reports with what the office knows. That is fetched here, since comparing only computes.
async fn compare(context: &Context, claimed: Claimed) -> Result<Vec<Opened>, StoreError> {
    let Claimed { letters, reports, .. } = claimed;
    let known = known(context, &reports).await?;
    let keys = context.keys.clone();
    Ok(compute(move || {
        let mut settled = name_people(settle_all(reports, known), &keys).into_iter();
        let take = |(letter, count)| Opened { letter, settled: settled.by_ref().take(count).collect() };
        letters.into_iter().map(take).collect()
    })
    .await)
}

/// Opens reports and compares them, and files nothing.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn look(context: &Context, reports: Vec<Waiting>) -> Result<Vec<Settled>, StoreError> {
    let (keys, names) = (context.keys.clone(), context.keys.clone());
    let unsealed = compute(move || unseal_all(reports, &keys)).await;
    let known = known(context, &unsealed).await?;
    Ok(compute(move || name_people(settle_all(unsealed, known), &names)).await)
}

/// Files what was opened. A letter that the store refuses keeps out no other.
async fn file(context: &Context, opened: Vec<Opened>) -> Result<(), StoreError> {
    if opened.is_empty() {
        return Ok(());
    }
    let now = context.clock.now();
    match context.store.settle(opened.clone(), now).await {
        Err(StoreError::Failed(error)) if opened.len() > 1 => {
            tracing::error!(error, "opened letters could not be filed together; each is tried alone");
            let mut failed = None;
            for letter in opened {
                match context.store.settle(vec![letter.clone()], now).await {
                    Ok(()) => note(context, &letter),
                    Err(error) => {
                        tracing::error!(key = ?letter.letter.key, %error, "a letter cannot be filed");
                        failed = Some(error);
                    }
                }
            }
            failed.map_or(Ok(()), Err)
        }
        settled => {
            settled?;
            opened.iter().for_each(|letter| note(context, letter));
            Ok(())
        }
    }
}

/// Counts what became of a letter's reports, and logs what an operator must look into.
fn note(context: &Context, opened: &Opened) {
    for Settled { key, outcome, alerts } in &opened.settled {
        match outcome {
            Outcome::Filed(_) => context.metrics.opened("filed"),
            Outcome::Quarantined(reason) => {
                context.metrics.opened(reason);
                tracing::warn!(?key, %reason, "a report is in quarantine");
            }
        }
        for (kind, detail) in alerts {
            tracing::warn!(?key, kind = kind.code(), detail, "an alert is raised");
        }
    }
}

/// Fetches what the office knows of the reports' communities, lists, moments and changes.
async fn known(context: &Context, reports: &[Unsealed]) -> Result<Communities, StoreError> {
    let stations: BTreeSet<StationId> = reports.iter().map(Unsealed::station).collect();
    let of = context.store.communities_of(stations.into_iter().collect()).await?;
    let mut known = BTreeMap::new();
    for community in of.values() {
        if !known.contains_key(community) {
            match context.trust.offered(community).await {
                Ok((trust, _)) => drop(known.insert(community.clone(), Known::now(trust))),
                // What belongs there waits in quarantine, and holds up nobody else's.
                Err(StoreError::Failed(why)) => {
                    tracing::error!(%community, why, "reports cannot be compared")
                }
                Err(error) => return Err(error),
            }
        }
    }
    let mut people: BTreeSet<[u8; 8]> = reports.iter().flat_map(Unsealed::people).collect();
    // Who is listed nowhere may have been refused, as somebody who is there already under another id.
    let is_listed = |id: &[u8; 8]| {
        known.values().any(|known| known.now.community().people.iter().any(|person| person.id.0 == *id))
    };
    people.extend(reports.iter().filter_map(Unsealed::collector).filter(|id| !is_listed(id)));
    let accepted = context.store.accepted_changes(LIST_ROWS).await?;
    if reports.iter().any(Unsealed::adds_person) {
        // Whether they are there already, under another id.
        let listed = known.values().flat_map(|known| &known.now.community().people);
        people.extend(listed.map(|person| person.id.0));
        people.extend(accepted.iter().filter_map(|change| change.change.subject()));
    }
    // Most of what arrives changes nothing.
    let about = match people.is_empty() {
        true => Vec::new(),
        false => context.store.changes_about(people.into_iter().collect(), LIST_ROWS).await?,
    };
    let mut versions = BTreeSet::new();
    let mut moments: BTreeSet<(Region, Timestamp)> =
        about.iter().map(|change| (change.community.clone(), change.at)).collect();
    for report in reports {
        let Some(community) = of.get(&report.station()) else { continue };
        versions.extend(report.trust_version().map(|version| (community.clone(), version)));
        moments.extend(report.moments().into_iter().map(|moment| (community.clone(), moment)));
    }
    for (community, version) in versions {
        let sets = context.trust.of_list(&community, version).await?;
        if let Some(known) = known.get_mut(&community) {
            known.by_list.insert(version, sets);
        }
    }
    for ((community, moment), set) in context.trust.at(moments.into_iter().collect()).await? {
        if let Some(known) = known.get_mut(&community) {
            known.at.insert(moment, set);
        }
    }
    for change in about {
        if let Some(known) = known.get_mut(&change.community) {
            known.about.push(change);
        }
    }
    for change in accepted {
        if let Some(known) = known.get_mut(&change.community) {
            known.take(&change.change);
        }
    }
    Ok(Communities { of, known })
}

async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}
