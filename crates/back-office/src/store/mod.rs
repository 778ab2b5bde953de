//! What the office keeps, behind traits split by subject.
//!
//! - [`Arrivals`] takes batches in;
//! - [`Worklist`] hands letters to the workers that open them, and files the result;
//! - [`Stations`] keeps tickets and stations;
//! - [`Officers`] keeps the people of a street or wider, whom the console opens;
//! - [`RosterChanges`] keeps what people changed at stations;
//! - [`TrustHistory`] keeps the trust files in force and before;
//! - [`Identity`] names the state of the database;
//! - [`Alerting`] raises alerts about the office itself, and clears them;
//! - [`Conflicts`] hands out and files reports that another one contradicts;
//! - [`Accounts`] keeps who works at the console; [`AuditLog`] what they did; [`Consents`] what waits for two;
//! - [`Tallies`] keeps counters of what was filed;
//! - [`Residents`] finds one person's passages, [`Nearby`] who passed at the same time; [`Forgetting`] erases somebody, and
//!   keeps them erased;
//! - [`Retention`] deletes what is past its days;
//! - [`Reading`] lists and counts, for people.
//!
//! Several servers may work on one database. So the database decides whatever two of them could
//! both want to do, and no row number leaves a store: keys are what the wire names things by.
//! `contract.rs` tests every backend by the same cases.
//!
//! The traits use `async-trait`: which backend serves is chosen when the program starts, so a store
//! has to be a trait object. One allocation a call is nothing beside a transaction.

mod accounts;
mod alert_kind;
mod alerting;
mod arrivals;
mod audit_log;
pub mod chain;
mod conflicts;
mod consents;
#[cfg(test)]
mod contract;
mod erasing;
mod error;
mod forgetting;
mod identity;
mod letter;
#[cfg(any(test, feature = "testing"))]
mod memory;
mod nearby;
mod officers;
mod place;
mod postgres;
mod reading;
mod reason;
mod residents;
mod retention;
mod roster;
mod sqlite;
mod stations;
mod tally;
mod trust_history;
mod waiting;
mod worklist;

pub use accounts::{AccountRow, Accounts, SessionRow};
pub use alert_kind::AlertKind;
pub use alerting::Alerting;
pub use arrivals::{Accepted, Arrival, Arrivals};
pub use audit_log::{AuditLog, Entry, Note, Wanted as AuditWanted};
pub use conflicts::{Conflicts, filed_as};
pub use consents::{ConsentRow, Consents};
pub use erasing::{Erased, Erasing};
pub use error::StoreError;
pub use forgetting::{
    BadTombstone, ErasedResident, Erasure, Forgetting, Forgotten, Names, Pseudonym, Tombstone,
};
pub use identity::{ChainEnd, Identity};
pub use letter::{Content, Letter, LetterKey, Opened, Skip};
#[cfg(any(test, feature = "testing"))]
pub use memory::{MemoryStore, Rules};
pub use nearby::{Around, Nearby, Passer, WithCode};
pub use officers::{Officer, Officers};
pub use place::open;
#[cfg(test)]
pub(crate) use postgres::testing::OwnDatabase;
pub use postgres::{PostgresStore, PostgresUrl};
pub use reading::{Alert, Counts, PassageRow, Quarantined, Reading};
pub use reason::QuarantineReason;
pub use residents::{PersonKey, PersonKeys, Place, Residents, Sought};
pub use retention::{PURGED, Purge, Purged, Retention};
pub use roster::{Change, ChangeKey, ChangeRefusal, ChangeState, Considered, RosterChanges};
pub use sqlite::SqliteStore;
pub use stations::{Introduction, IssuedTicket, Redeemed, Redemption, Station, Stations};
pub use tally::{Duty, Series, Span, Subject, Tallies, Tally, WorkHour};
pub use trust_history::{CommunityFiles, Dropped, Edition, SetName, SharedFiles, TrustHistory};
pub use waiting::{Filing, Outcome, ReportKey, Settled, Waiting};
pub use worklist::Worklist;

/// Everything that an office keeps.
pub trait Store:
    Arrivals
    + Worklist
    + Stations
    + Officers
    + RosterChanges
    + TrustHistory
    + Identity
    + Reading
    + Alerting
    + Conflicts
    + Accounts
    + AuditLog
    + Erasing
    + Residents
    + Tallies
    + Nearby
    + Consents
    + Forgetting
    + Retention
    + std::fmt::Debug
    + Send
    + Sync
    + 'static
{
}

impl<S> Store for S where
    S: Arrivals
        + Worklist
        + Stations
        + Officers
        + Officers
        + RosterChanges
        + TrustHistory
        + Identity
        + Reading
        + Alerting
        + Conflicts
        + Accounts
        + AuditLog
        + Erasing
        + Residents
        + Tallies
        + Nearby
        + Consents
        + Forgetting
        + Retention
        + std::fmt::Debug
        + Send
        + Sync
        + 'static
{
}
