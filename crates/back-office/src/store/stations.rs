//! Tickets and stations.

use std::collections::BTreeMap;

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::{About, StationId};

use super::error::StoreError;

/// An enrolled station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// Its Ed25519 public key.
    pub key: [u8; 32],
    /// Its X25519 public key, to which community files on sticks are sealed.
    pub sealing: [u8; 32],
    /// The name that the technician gave it.
    pub name: String,
    /// The community that it belongs to, by its ticket.
    pub community: Region,
    /// When it was enrolled.
    pub enrolled: Timestamp,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
    /// When a receipt first told it so.
    pub told: Option<Timestamp>,
    /// When its last batch was committed.
    pub last_seen: Option<Timestamp>,
    /// What it said of itself with the last batch that said anything.
    pub about: Option<About>,
}

/// A ticket that was made, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedTicket {
    /// SHA-256 of the secret.
    pub secret_hash: [u8; 32],
    /// The community that the station will belong to.
    pub community: Region,
    /// What the laptop is to be called; may be empty.
    pub laptop: String,
    /// Who made it at the console; `None` for a ticket of the command line.
    pub by: Option<[u8; 8]>,
    /// When it was made.
    pub made: Timestamp,
    /// The first moment at which it is good no longer.
    pub expires: Timestamp,
}

impl IssuedTicket {
    /// Returns a ticket that names no laptop, as the command line makes them.
    #[must_use]
    pub fn nameless(secret_hash: [u8; 32], community: Region, made: Timestamp, expires: Timestamp) -> Self {
        Self { secret_hash, community, laptop: String::new(), by: None, made, expires }
    }
}

/// A request to enrol a station by a ticket.
#[derive(Debug, Clone)]
pub struct Redemption {
    /// SHA-256 of the ticket's secret.
    pub secret_hash: [u8; 32],
    /// The station's id, which follows from its key.
    pub station: StationId,
    /// The station's Ed25519 public key.
    pub key: [u8; 32],
    /// The station's X25519 public key, to which community files on sticks are sealed.
    pub sealing: [u8; 32],
    /// The name that the technician gave the station.
    pub name: String,
}

/// A station that an office signed a receipt for, and that this database does not know.
#[derive(Debug, Clone)]
pub struct Introduction {
    /// The station's id, which follows from its key.
    pub station: StationId,
    /// The station's Ed25519 public key.
    pub key: [u8; 32],
    /// The station's X25519 public key, to which community files on sticks are sealed.
    pub sealing: [u8; 32],
    /// The name that the technician gave the station.
    pub name: String,
    /// The community that it belongs to, as far as the office can know.
    pub community: Region,
    /// When the office signed the receipt.
    pub seen: Timestamp,
}

/// What became of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// The station is enrolled under this id: now, or by an earlier request with the same key.
    Enrolled(StationId),
    /// No such ticket was made.
    Unknown,
    /// The ticket's time is over.
    Expired,
    /// Another station has used the ticket.
    Used {
        /// When it did.
        at: Timestamp,
    },
    /// The key belongs to a station that was withdrawn.
    Withdrawn,
}

/// Keeps tickets and stations.
#[async_trait]
pub trait Stations {
    /// Keeps a ticket.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn add_ticket(&self, ticket: IssuedTicket) -> Result<(), StoreError>;

    /// Returns the tickets that nobody has used and that are good still, those that end first at first.
    async fn unused_tickets(&self, now: Timestamp) -> Result<Vec<IssuedTicket>, StoreError>;

    /// Takes a ticket back that nobody has used: its time is over at once. Returns false if there is no
    /// such one.
    async fn revoke_ticket(&self, secret_hash: [u8; 32]) -> Result<bool, StoreError>;

    /// Returns the community of a ticket, used or not.
    async fn community_of_ticket(&self, secret_hash: [u8; 32]) -> Result<Option<Region>, StoreError>;

    /// Uses a ticket up for a station's key, which then belongs to the ticket's community. The same ticket
    /// and key give the same station again, so that a station can ask once more when an answer was lost.
    async fn redeem(&self, redemption: Redemption, now: Timestamp) -> Result<Redeemed, StoreError>;

    /// Takes a station in that was enrolled before, without a ticket, and raises the alert
    /// [`AlertKind::KnownAgain`](super::AlertKind::KnownAgain). A station that is known stays as it is.
    /// Returns false if it was withdrawn.
    async fn introduce(&self, introduction: Introduction, now: Timestamp) -> Result<bool, StoreError>;

    /// Returns a station by its id.
    async fn station(&self, id: StationId) -> Result<Option<Station>, StoreError>;

    /// Returns how many stations are not withdrawn.
    async fn station_count(&self) -> Result<u64, StoreError>;

    /// Returns all stations, sorted by name.
    async fn stations(&self) -> Result<Vec<Station>, StoreError>;

    /// Returns the checkpoint at which people last began to work, for each station where somebody did.
    async fn places(&self) -> Result<BTreeMap<StationId, [u8; 8]>, StoreError>;

    /// Returns the communities of these stations. Unknown ones are left out.
    async fn communities_of(
        &self,
        stations: Vec<StationId>,
    ) -> Result<BTreeMap<StationId, Region>, StoreError>;

    /// Returns the ids of the withdrawn stations, in their order, each with its community.
    async fn withdrawn(&self) -> Result<Vec<(StationId, Region)>, StoreError>;

    /// Withdraws a station: what it sends from now on goes to quarantine. Returns false if there is
    /// no such station.
    async fn withdraw(&self, id: StationId, now: Timestamp) -> Result<bool, StoreError>;
}
