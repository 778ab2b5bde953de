//! Deleting what is past its days, by the policy that is in force in each community.
//!
//! 1. [`today()`] says whether the office can rely on its clock. Where it can't, nothing begins until a person vouches
//!    for it ([`vouch`]), or a newer trust list shows that the time has passed.
//! 2. Each community's purge is written down, in the journal and in the audit log, with what it takes.
//! 3. What is in the journal is deleted: whole spans of time at once where a store keeps them apart, else some rows at a
//!    time; and the store overwrites what it freed.
//! 4. The journal forgets it.
//!
//! Each step can be done again, so whoever goes on with a purge that was interrupted ends it whole.

mod today;

use std::sync::Arc;

use health_code::{Region, Timestamp, Trust};
use program::moment::rfc3339;
use wire::AuditHead;

pub use today::{Today, today};

use crate::limits::PURGED_AT_ONCE;
use crate::store::{Note, Purge, Purged, Store, StoreError};
use crate::system;

/// The act under which somebody's word for the office's clock is in the audit log.
pub const VOUCHED: &str = "clock-vouched";

/// What a round came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Whether the clock can be relied on.
    pub today: Today,
    /// What was begun, and how much it takes.
    pub begun: Vec<(Purge, Purged)>,
    /// Whether everything that was begun has ended.
    pub ended: bool,
}

/// Why there was no round.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no random bytes for the audit log.
    #[error(transparent)]
    NoRandomness(#[from] system::NoRandomness),
}

impl RetentionError {
    /// Returns the stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(_) => "store",
            Self::NoRandomness(_) => "no-randomness",
        }
    }
}

/// Deletes what is past its days. `goes_on` is asked between two steps; what is left then is gone on with by the next
/// round.
///
/// # Errors
/// [`RetentionError`].
pub async fn round(
    store: &dyn Store,
    trusts: &[Arc<Trust>],
    now: Timestamp,
    goes_on: impl Fn() -> bool,
) -> Result<Round, RetentionError> {
    // What was begun is on record: no clock has a say in it any more.
    let mut ended = finish(store, &goes_on).await?;
    let today = standing(store, trusts, now).await?;
    let mut begun = Vec::new();
    if let Today::Known(moment) = today {
        store.rely_on(moment).await?;
        for purge in due(trusts, moment) {
            if let Some(purged) = store.begin_purge(&purge, now, system::random()?).await? {
                tracing::info!(community = %purge.community, ?purged, "passages are past their days");
                begun.push((purge, purged));
            }
        }
        ended = finish(store, &goes_on).await?;
    }
    Ok(Round { today, begun, ended })
}

/// Returns whether the clock can be relied on.
///
/// # Errors
/// [`StoreError`].
pub async fn standing(store: &dyn Store, trusts: &[Arc<Trust>], now: Timestamp) -> Result<Today, StoreError> {
    // The publisher signs the list elsewhere, by another clock.
    let published = trusts.iter().map(|trust| trust.list().issued).max();
    Ok(today(now, store.relied_on().await?, published))
}

/// Notes that a person vouches for the office's clock.
///
/// # Errors
/// [`RetentionError`].
pub async fn vouch(store: &dyn Store, now: Timestamp) -> Result<AuditHead, RetentionError> {
    let before = store.relied_on().await?;
    let before = before.map_or_else(|| "nothing".to_owned(), rfc3339);
    let note = Note {
        at: now,
        actor: None,
        act: VOUCHED.to_owned(),
        object: String::new(),
        region: Region::country(),
        words: format!("{}\nbefore it: {before}", rfc3339(now)),
        salt: system::random()?,
    };
    Ok(store.vouch_for(now, note).await?)
}

/// Returns what each community's policy, of those in force at a moment, lets nobody keep any more. A community in which
/// nothing could be judged then, or whose policy names no days, keeps what it has.
fn due(trusts: &[Arc<Trust>], today: Timestamp) -> Vec<Purge> {
    let of = |trust: &Arc<Trust>| {
        let policy = trust.policy(today).ok()?.policy;
        let days = i64::from(policy.keep_days?);
        let before = policy.zone.start_of_day(policy.zone.day(today) - days);
        Some(Purge { community: trust.community().region.clone(), before })
    };
    trusts.iter().filter_map(of).collect()
}

/// Goes on with every purge in the journal; returns whether all have ended.
async fn finish(store: &dyn Store, goes_on: &impl Fn() -> bool) -> Result<bool, StoreError> {
    let open = store.open_purges().await?;
    if open.is_empty() {
        return Ok(true);
    }
    store.drop_whole().await?;
    for purge in &open {
        while store.purge_some(purge, PURGED_AT_ONCE).await? > 0 {
            if !goes_on() {
                return Ok(false);
            }
        }
    }
    store.overwrite().await?;
    for purge in &open {
        store.end_purge(purge).await?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
