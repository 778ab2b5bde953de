//! The store on a PostgreSQL server, for several office processes at once; on Citus for a whole country.
//!
//! What two processes could both want is decided by rows that are locked: a station's by its `tip`, what all
//! have in common by the row of `office`. Nothing that they could disagree on stays in a process's memory.
//! `docs/scale.md` says what a Citus cluster takes; a test here reads schema and statements for it.

mod accept;
mod accounts;
mod address;
mod alerts;
mod audit;
mod chains;
mod columns;
mod connection;
mod consents;
mod erasing;
mod error;
mod filing;
mod forgetting;
mod history;
mod identity;
mod mail;
mod nearby;
mod officers;
mod partitions;
mod passages;
mod quarantine;
mod reading;
mod residents;
mod retention;
mod roster;
mod schema;
mod stations;
mod tally;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod tickets;
mod tombstones;
mod trust;
mod worklist;

use std::collections::BTreeMap;

use async_trait::async_trait;
use deadpool_postgres::{Client, Pool};
use health_code::{Region, Timestamp};
use wire::{RecordId, StationId};

use super::{
    Accepted, Alert, AlertKind, Alerting, Arrival, Arrivals, Change, Conflicts, Counts, Introduction,
    IssuedTicket, Letter, Officer, Officers, Opened, PassageRow, QuarantineReason, Quarantined, Reading,
    Redeemed, Redemption, RosterChanges, Settled, Station, Stations, StoreError, Waiting, Worklist,
};

use crate::system;

pub use address::PostgresUrl;

/// A store on a PostgreSQL server. What was committed is on its disk, and at its synchronous standby where
/// it has one.
///
/// A connection that breaks fails the calls that use it with [`StoreError::Unreachable`], and the next call
/// takes another one. Cloning gives another handle on the same pool.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool,
    /// Which rows of the counters this process adds to.
    share: [u8; 1],
    #[cfg(test)]
    other: Option<Other>,
}

/// Into how many rows of a counter processes share what they count. Two that draw the same wait for one another
/// now and then.
const SHARES: u8 = 16;

/// A second pool whose turn it is at every other call, so that each case of the contract is told to two.
#[cfg(test)]
#[derive(Clone)]
struct Other {
    pool: Pool,
    turn: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl PostgresStore {
    /// Connects, and migrates the database to the present schema.
    ///
    /// # Errors
    /// [`StoreError`]; `Failed` also for a server that does not sync what it commits.
    pub async fn open(url: &PostgresUrl) -> Result<Self, StoreError> {
        let pool = connection::pool(url)?;
        schema::prepare(&pool, url.citus).await?;
        let drawn: [u8; 1] = system::random().map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self {
            pool,
            share: drawn.map(|byte| byte % SHARES),
            #[cfg(test)]
            other: None,
        })
    }

    async fn client(&self) -> Result<Client, StoreError> {
        #[cfg(test)]
        if let Some(Other { pool, turn }) = &self.other
            && turn.fetch_xor(true, std::sync::atomic::Ordering::SeqCst)
        {
            return Ok(pool.get().await?);
        }
        Ok(self.pool.get().await?)
    }
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PostgresStore").field(&self.pool.status()).finish()
    }
}

#[async_trait]
impl Arrivals for PostgresStore {
    async fn accept(&self, arrival: Arrival) -> Result<Accepted, StoreError> {
        accept::accept(&mut self.client().await?, &arrival).await
    }
}

#[async_trait]
impl Worklist for PostgresStore {
    async fn claim(&self, limit: usize, now: Timestamp, until: Timestamp) -> Result<Vec<Letter>, StoreError> {
        let mut client = self.client().await?;
        // A look first: a worker asks every few seconds, and an idle office should write nothing.
        if worklist::oldest(&client).await?.is_none() {
            return Ok(Vec::new());
        }
        worklist::claim(&mut client, limit, now, until).await
    }

    async fn settle(&self, opened: Vec<Opened>, now: Timestamp) -> Result<(), StoreError> {
        worklist::settle(&mut self.client().await?, &opened, (self.share, now)).await
    }

    async fn oldest_waiting(&self) -> Result<Option<(StationId, Timestamp)>, StoreError> {
        worklist::oldest(&self.client().await?).await
    }

    async fn reopen(&self, reason: Option<QuarantineReason>) -> Result<usize, StoreError> {
        quarantine::reopen(&self.client().await?, reason).await
    }

    async fn check_chains(&self, before: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        let mut client = self.client().await?;
        chains::check(&mut client, before, now).await?;
        mail::drop_opened(&mut client, before).await
    }
}

#[async_trait]
impl Stations for PostgresStore {
    async fn add_ticket(&self, ticket: IssuedTicket) -> Result<(), StoreError> {
        tickets::add(&self.client().await?, &ticket).await
    }

    async fn unused_tickets(&self, now: Timestamp) -> Result<Vec<IssuedTicket>, StoreError> {
        tickets::unused(&self.client().await?, now).await
    }

    async fn revoke_ticket(&self, secret_hash: [u8; 32]) -> Result<bool, StoreError> {
        tickets::revoke(&self.client().await?, &secret_hash).await
    }

    async fn community_of_ticket(&self, secret_hash: [u8; 32]) -> Result<Option<Region>, StoreError> {
        tickets::community(&self.client().await?, &secret_hash).await
    }

    async fn redeem(&self, redemption: Redemption, now: Timestamp) -> Result<Redeemed, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let redeemed = tickets::redeem(&transaction, &redemption, now).await?;
        transaction.commit().await?;
        Ok(redeemed)
    }

    async fn introduce(&self, introduction: Introduction, now: Timestamp) -> Result<bool, StoreError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let known = stations::introduce(&transaction, &introduction, now).await?;
        transaction.commit().await?;
        Ok(known)
    }

    async fn station(&self, id: StationId) -> Result<Option<Station>, StoreError> {
        stations::station(&self.client().await?, id).await
    }

    async fn station_count(&self) -> Result<u64, StoreError> {
        stations::count(&self.client().await?).await
    }

    async fn stations(&self) -> Result<Vec<Station>, StoreError> {
        stations::stations(&self.client().await?).await
    }

    async fn places(&self) -> Result<BTreeMap<StationId, [u8; 8]>, StoreError> {
        stations::places(&self.client().await?).await
    }

    async fn communities_of(
        &self,
        stations: Vec<StationId>,
    ) -> Result<BTreeMap<StationId, Region>, StoreError> {
        stations::communities_of(&self.client().await?, &stations).await
    }

    async fn withdrawn(&self) -> Result<Vec<(StationId, Region)>, StoreError> {
        stations::withdrawn(&self.client().await?).await
    }

    async fn withdraw(&self, id: StationId, now: Timestamp) -> Result<bool, StoreError> {
        stations::withdraw(&self.client().await?, id, now).await
    }
}

#[async_trait]
impl Conflicts for PostgresStore {
    async fn conflicts(&self, station: StationId, record: RecordId) -> Result<Vec<Waiting>, StoreError> {
        quarantine::in_conflict(&self.client().await?, station, record).await
    }

    async fn file_conflict(
        &self,
        conflict: Waiting,
        opened: Settled,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        worklist::file_conflict(&mut self.client().await?, &conflict, &opened, (self.share, now)).await
    }
}

#[async_trait]
impl Alerting for PostgresStore {
    async fn raise_alert(
        &self,
        station: StationId,
        kind: AlertKind,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        alerts::raise_about(&self.client().await?, station, kind, detail, now).await
    }

    async fn clear_alerts(&self, kind: AlertKind, now: Timestamp) -> Result<(), StoreError> {
        alerts::clear_kind(&self.client().await?, kind, now).await
    }
}

#[async_trait]
impl RosterChanges for PostgresStore {
    async fn accepted_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError> {
        roster::accepted(&self.client().await?, limit).await
    }

    async fn changes_of(
        &self,
        station: StationId,
        records: Vec<RecordId>,
    ) -> Result<Vec<Change>, StoreError> {
        roster::of(&self.client().await?, station, &records).await
    }

    async fn changes_about(&self, ids: Vec<[u8; 8]>, limit: usize) -> Result<Vec<Change>, StoreError> {
        roster::about(&self.client().await?, &ids, limit).await
    }
}

#[async_trait]
impl Officers for PostgresStore {
    async fn set_officer(&self, officer: Officer) -> Result<(), StoreError> {
        officers::set(&self.client().await?, &officer).await
    }

    async fn officers(&self) -> Result<Vec<Officer>, StoreError> {
        officers::all(&self.client().await?).await
    }
}

#[async_trait]
impl Reading for PostgresStore {
    async fn counts(&self) -> Result<Counts, StoreError> {
        reading::counts(&self.client().await?).await
    }

    async fn passages(&self, limit: usize) -> Result<Vec<PassageRow>, StoreError> {
        reading::passages(&self.client().await?, limit).await
    }

    async fn quarantined(&self, limit: usize) -> Result<Vec<Quarantined>, StoreError> {
        quarantine::list(&self.client().await?, limit).await
    }

    async fn alerts(&self, limit: usize) -> Result<Vec<Alert>, StoreError> {
        reading::alerts(&self.client().await?, limit).await
    }

    async fn roster_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError> {
        roster::all(&self.client().await?, limit).await
    }
}
