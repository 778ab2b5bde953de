//! What the office does by time, whether anything arrives or not.

use crate::context::Context;
use crate::erasure;
use crate::limits::{BEHIND_SECONDS, GAP_SECONDS, LIST_ROWS};
use crate::renewal;
use crate::retention::{self, RetentionError};
use crate::store::{AlertKind, QuarantineReason, StoreError};
use crate::trust::TrustError;

use super::Stopping;

/// Takes over changed trust files and renews the community. One after the other: both bring a set into force.
///
/// # Errors
/// [`TrustError`].
pub(super) async fn trust_files(context: &Context) -> Result<(), TrustError> {
    let refreshed = context.trust.refresh(context.clock.now()).await;
    match refreshed {
        Ok(true) => {
            tracing::info!(trust = ?context.trust, "other trust files are in force");
            context.store.reopen(Some(QuarantineReason::UnknownTrust)).await?;
        }
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "the trust files in the folder are not in force"),
    }
    renewal::renew(context, context.clock.now()).await
}

/// Looks for what is missing in the stations' chains.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn chains(context: &Context) -> Result<(), TrustError> {
    let now = context.clock.now();
    Ok(context.store.check_chains(now.plus(-GAP_SECONDS), now).await?)
}

/// Deletes counters that are too old.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn tallies(context: &Context) -> Result<(), TrustError> {
    Ok(context.store.forget_tallies(context.clock.now()).await?)
}

/// Counts stations for the pace, and raises an alert while what arrived waits for too long.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn watch(context: &Context) -> Result<(), TrustError> {
    let stations = context.store.station_count().await?;
    context.pacing.set(stations);
    let now = &context.metrics.now;
    now.stations.set(i64::try_from(stations).unwrap_or(i64::MAX));
    now.pause_seconds.set(context.pacing.pace().pause.into());
    Ok(watch_backlog(context).await?)
}

/// Goes on with erasures that were interrupted, or that wait for reports to be opened. One that fails holds up no other.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn erasures(context: &Context) -> Result<(), TrustError> {
    let open = context.store.open_erasures().await?;
    if open.is_empty() {
        return Ok(());
    }
    let trust = context.trust.trust();
    for erasure in open {
        let means = erasure::Means {
            store: &*context.store,
            keys: &context.keys,
            list: &context.erased,
            root: Some(trust.root()),
        };
        if let Err(error) = erasure::go_on(means, &erasure, context.clock.now()).await {
            tracing::error!(%error, "an erasure has not ended");
        }
    }
    Ok(())
}

/// Brings the list of what was erased and the database to the same tombstones: another server may have erased.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn erased_list(context: &Context) -> Result<(), TrustError> {
    if let Err(error) = context.erased.join(&*context.store).await {
        tracing::error!(%error, "the list of what was erased is not up to date");
    }
    Ok(())
}

/// Deletes what is past its days.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn retention(context: &Context, stopping: &Stopping) -> Result<(), TrustError> {
    let (store, now) = (&*context.store, context.clock.now());
    let goes_on = || !*stopping.borrow();
    match retention::round(store, &context.trust.communities(), now, goes_on).await {
        Ok(round) => {
            if let Some((code, seconds)) = round.today.needs_a_person() {
                tracing::warn!(
                    code,
                    seconds,
                    "nothing is deleted by this clock until somebody vouches for it"
                );
            }
        }
        Err(RetentionError::Store(error)) => return Err(error.into()),
        Err(error) => tracing::error!(%error, "what is past its days is still here"),
    }
    Ok(())
}

/// Reads the head of the audit log: another process may have added to it.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn audit_head(context: &Context) -> Result<(), TrustError> {
    context.audit_head.set(context.store.audit_head().await?);
    Ok(())
}

async fn watch_backlog(context: &Context) -> Result<(), StoreError> {
    let now = context.clock.now();
    let oldest = context.store.oldest_waiting().await?;
    let waits = oldest.map_or(0, |(_, received)| now.since(received).max(0));
    context.metrics.now.oldest_letter_seconds.set(waits);
    match oldest {
        Some((station, _)) if waits > BEHIND_SECONDS => {
            let open = context.store.alerts(LIST_ROWS).await?;
            if !open.iter().any(|alert| alert.kind == AlertKind::Behind && alert.cleared.is_none()) {
                let detail = format!("the oldest report that is not opened has waited for {waits} seconds");
                tracing::warn!(waits, "what arrived waits for too long");
                context.store.raise_alert(station, AlertKind::Behind, &detail, now).await?;
            }
            Ok(())
        }
        _ => context.store.clear_alerts(AlertKind::Behind, now).await,
    }
}
