//! The store in one SQLite file.

mod accept;
mod accounts;
mod alerts;
mod audit;
mod columns;
mod committing;
mod connections;
mod consents;
mod copying;
mod erasing;
mod filing;
mod forgetting;
mod gaps;
mod history;
mod identity;
mod nearby;
mod officers;
mod quarantine;
mod reading;
mod residents;
mod retention;
mod roster;
mod schema;
mod stations;
mod tally;
#[cfg(test)]
mod tests;
mod tickets;
mod tombstones;
mod trust;
mod worklist;

use std::collections::BTreeMap;
use std::path::Path;

use async_trait::async_trait;
use health_code::{PolicyHash, Region, Timestamp, TrustFiles};
use rusqlite::Connection;
use wire::{Generation, RecordId, StationId, StreamId};

use super::{
    Accepted, Alert, AlertKind, Alerting, Arrival, Arrivals, ChainEnd, Change, CommunityFiles, Conflicts,
    Counts, Edition, Identity, Introduction, IssuedTicket, Letter, Officer, Officers, Opened, PassageRow,
    QuarantineReason, Quarantined, Reading, Redeemed, Redemption, RosterChanges, SetName, Settled,
    SharedFiles, Station, Stations, StoreError, TrustHistory, Waiting, Worklist,
};
use committing::Queue;
use connections::Connections;

/// SQLite in WAL mode with full synchronisation: what was committed survives a power cut.
///
/// Work runs on tokio's threads for blocking work. Cloning gives another handle on the same connections.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    connections: Connections,
    queue: Queue,
}

impl SqliteStore {
    /// Opens or makes the database and migrates it to the present schema. This call blocks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { connections: Connections::open(path)?, queue: Queue::default() })
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connections = self.connections.clone();
        blocking(move || connections.write(|connection| Ok(work(connection)?))).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connections = self.connections.clone();
        blocking(move || connections.read(work)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied,
            ) => Self::NotWritable(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

#[async_trait]
impl Arrivals for SqliteStore {
    async fn accept(&self, arrival: Arrival) -> Result<Accepted, StoreError> {
        let prepared = blocking(move || Ok(accept::Prepared::of(arrival))).await?;
        self.queue.commit(prepared, &self.connections).await
    }
}

#[async_trait]
impl Worklist for SqliteStore {
    async fn claim(&self, limit: usize, now: Timestamp, until: Timestamp) -> Result<Vec<Letter>, StoreError> {
        // A look first: a worker asks every few seconds, and an idle office should write nothing.
        if self.read(move |connection| worklist::is_empty(connection, now)).await? {
            return Ok(Vec::new());
        }
        self.write(move |connection| worklist::claim(connection, limit, now, until)).await
    }

    async fn settle(&self, opened: Vec<Opened>, now: Timestamp) -> Result<(), StoreError> {
        let again = worklist::bring_again(&opened);
        let letters = blocking(move || worklist::pairs(&opened)).await?;
        let settle = move |connection: &Connection| -> rusqlite::Result<bool> {
            let dropped = worklist::settle(connection, &letters, now)?;
            Ok(dropped || (again && tombstones::are_some(connection)?))
        };
        if self.write(settle).await? {
            // The log still has the letter, and in it what was erased.
            let connections = self.connections.clone();
            blocking(move || connections.forget_log()).await?;
        }
        Ok(())
    }

    async fn oldest_waiting(&self) -> Result<Option<(StationId, Timestamp)>, StoreError> {
        self.read(worklist::oldest).await
    }

    async fn reopen(&self, reason: Option<QuarantineReason>) -> Result<usize, StoreError> {
        self.write(move |connection| quarantine::reopen(connection, reason)).await
    }

    async fn check_chains(&self, before: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| gaps::check(connection, before, now)).await
    }
}

#[async_trait]
impl Stations for SqliteStore {
    async fn add_ticket(&self, ticket: IssuedTicket) -> Result<(), StoreError> {
        self.write(move |connection| tickets::add(connection, &ticket)).await
    }

    async fn unused_tickets(&self, now: Timestamp) -> Result<Vec<IssuedTicket>, StoreError> {
        self.read(move |connection| tickets::unused(connection, now)).await
    }

    async fn revoke_ticket(&self, secret_hash: [u8; 32]) -> Result<bool, StoreError> {
        self.write(move |connection| tickets::revoke(connection, &secret_hash)).await
    }

    async fn community_of_ticket(&self, secret_hash: [u8; 32]) -> Result<Option<Region>, StoreError> {
        self.read(move |connection| tickets::community(connection, &secret_hash)).await
    }

    async fn redeem(&self, redemption: Redemption, now: Timestamp) -> Result<Redeemed, StoreError> {
        self.write(move |connection| tickets::redeem(connection, &redemption, now)).await
    }

    async fn introduce(&self, introduction: Introduction, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |connection| stations::introduce(connection, &introduction, now)).await
    }

    async fn station(&self, id: StationId) -> Result<Option<Station>, StoreError> {
        self.read(move |connection| stations::station(connection, id)).await
    }

    async fn station_count(&self) -> Result<u64, StoreError> {
        self.read(stations::count).await
    }

    async fn stations(&self) -> Result<Vec<Station>, StoreError> {
        self.read(stations::stations).await
    }

    async fn places(&self) -> Result<BTreeMap<StationId, [u8; 8]>, StoreError> {
        self.read(stations::places).await
    }

    async fn communities_of(
        &self,
        stations: Vec<StationId>,
    ) -> Result<BTreeMap<StationId, Region>, StoreError> {
        self.read(move |connection| stations::communities_of(connection, &stations)).await
    }

    async fn withdrawn(&self) -> Result<Vec<(StationId, Region)>, StoreError> {
        self.read(stations::withdrawn).await
    }

    async fn withdraw(&self, id: StationId, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |connection| stations::withdraw(connection, id, now)).await
    }
}

#[async_trait]
impl Conflicts for SqliteStore {
    async fn conflicts(&self, station: StationId, record: RecordId) -> Result<Vec<Waiting>, StoreError> {
        self.read(move |connection| quarantine::in_conflict(connection, station, record)).await
    }

    async fn file_conflict(
        &self,
        conflict: Waiting,
        opened: Settled,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| worklist::file_conflict(connection, &conflict, &opened, now)).await
    }
}

#[async_trait]
impl Alerting for SqliteStore {
    async fn raise_alert(
        &self,
        station: StationId,
        kind: AlertKind,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let detail = detail.to_owned();
        self.write(move |connection| alerts::raise_about(connection, station, kind, &detail, now)).await
    }

    async fn clear_alerts(&self, kind: AlertKind, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| alerts::clear(connection, kind, now)).await
    }
}

#[async_trait]
impl RosterChanges for SqliteStore {
    async fn accepted_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.read(move |connection| roster::accepted(connection, limit)).await
    }

    async fn changes_of(
        &self,
        station: StationId,
        records: Vec<RecordId>,
    ) -> Result<Vec<Change>, StoreError> {
        self.read(move |connection| roster::of(connection, station, &records)).await
    }

    async fn changes_about(&self, ids: Vec<[u8; 8]>, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.read(move |connection| roster::about(connection, &ids, limit)).await
    }
}

#[async_trait]
impl Officers for SqliteStore {
    async fn set_officer(&self, officer: Officer) -> Result<(), StoreError> {
        self.write(move |connection| officers::set(connection, &officer)).await
    }

    async fn officers(&self) -> Result<Vec<Officer>, StoreError> {
        self.read(officers::all).await
    }
}

#[async_trait]
impl TrustHistory for SqliteStore {
    async fn edition(&self) -> Result<u64, StoreError> {
        self.read(trust::edition).await
    }

    async fn bring_into_force(&self, next: Edition, before: u64, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |connection| trust::bring_into_force(connection, &next, before, now)).await
    }

    async fn shared(&self, edition: u64) -> Result<Option<(u64, SharedFiles)>, StoreError> {
        self.read(move |connection| trust::shared(connection, edition)).await
    }

    async fn communities(&self, edition: u64) -> Result<Vec<(u64, CommunityFiles)>, StoreError> {
        self.read(move |connection| trust::communities(connection, edition)).await
    }

    async fn first_community(&self) -> Result<Option<Region>, StoreError> {
        self.read(trust::first_community).await
    }

    async fn trust(&self, community: &Region, name: SetName) -> Result<Option<TrustFiles>, StoreError> {
        let community = community.clone();
        self.read(move |connection| trust::trust(connection, &community, name)).await
    }

    async fn sets_of_list(
        &self,
        community: &Region,
        list: u64,
        limit: usize,
    ) -> Result<Vec<SetName>, StoreError> {
        let community = community.clone();
        self.read(move |connection| trust::sets_of_list(connection, &community, list, limit)).await
    }

    async fn in_force_at(
        &self,
        moments: Vec<(Region, Timestamp)>,
    ) -> Result<Vec<Option<SetName>>, StoreError> {
        self.read(move |connection| trust::in_force_at(connection, &moments)).await
    }

    async fn policy(&self, hash: PolicyHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(move |connection| trust::policy(connection, hash)).await
    }

    async fn root(&self, version: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(move |connection| trust::root(connection, version)).await
    }
}

#[async_trait]
impl Identity for SqliteStore {
    async fn generation(&self, drawn: Generation) -> Result<Generation, StoreError> {
        self.write(move |connection| identity::generation(connection, drawn)).await
    }

    async fn begin_generation(
        &self,
        drawn: Generation,
        community_from: u64,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        self.write(move |connection| identity::begin(connection, drawn, community_from, now)).await
    }

    async fn community_from(&self) -> Result<u64, StoreError> {
        self.read(identity::community_from).await
    }

    async fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError> {
        self.read(identity::chain_ends).await
    }

    async fn note_backed_up(&self, ends: Vec<ChainEnd>) -> Result<(), StoreError> {
        self.write(move |connection| identity::note_backed_up(connection, &ends)).await
    }

    async fn backed_up(&self, station: StationId) -> Result<Option<(StreamId, u64)>, StoreError> {
        self.read(move |connection| identity::backed_up(connection, station)).await
    }
}

#[async_trait]
impl Reading for SqliteStore {
    async fn counts(&self) -> Result<Counts, StoreError> {
        self.read(reading::counts).await
    }

    async fn passages(&self, limit: usize) -> Result<Vec<PassageRow>, StoreError> {
        self.read(move |connection| reading::passages(connection, limit)).await
    }

    async fn quarantined(&self, limit: usize) -> Result<Vec<Quarantined>, StoreError> {
        self.read(move |connection| quarantine::list(connection, limit)).await
    }

    async fn alerts(&self, limit: usize) -> Result<Vec<Alert>, StoreError> {
        self.read(move |connection| reading::alerts(connection, limit)).await
    }

    async fn roster_changes(&self, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.read(move |connection| roster::all(connection, limit)).await
    }
}
