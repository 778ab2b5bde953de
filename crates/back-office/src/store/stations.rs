//! Tickets and stations.

use async_trait::async_trait;
use health_code::Timestamp;
use wire::StationId;

use super::error::StoreError;

/// An enrolled station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// Its Ed25519 public key.
    pub key: [u8; 32],
    /// The name that the technician gave it.
    pub name: String,
    /// When it was enrolled.
    pub enrolled: Timestamp,
    /// When it was withdrawn.
    pub withdrawn: Option<Timestamp>,
    /// When a receipt first told it so.
    pub told: Option<Timestamp>,
    /// When its last batch was committed.
    pub last_seen: Option<Timestamp>,
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
    Used,
    /// The key belongs to a station that was withdrawn.
    Withdrawn,
}

/// Keeps tickets and stations.
#[async_trait]
pub trait Stations {
    /// Keeps a ticket by the SHA-256 of its secret.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn add_ticket(
        &self,
        secret_hash: [u8; 32],
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError>;

    /// Uses a ticket up for a station's key. The same ticket and key give the same station again,
    /// so that a station can ask once more when an answer was lost.
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

    /// Returns the ids of the withdrawn stations, in their order.
    async fn withdrawn(&self) -> Result<Vec<StationId>, StoreError>;

    /// Withdraws a station: what it sends from now on goes to quarantine. Returns false if there is
    /// no such station.
    async fn withdraw(&self, id: StationId, now: Timestamp) -> Result<bool, StoreError>;
}
