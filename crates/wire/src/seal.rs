//! Sealing reports to the back office: HPKE (RFC 9180) base mode, X25519, HKDF-SHA256,
//! ChaCha20-Poly1305, one sealing context a report.

use rand_core::CryptoRng;
use strict_cose::KeyId;

use crate::ids::{RecordId, StationId, StreamId};
use crate::report::Report;

/// A report that only the back office can open: what an outbox row holds and a batch carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedReport {
    /// The run of the station that made it.
    pub stream: StreamId,
    /// Its place in the stream, from 0.
    pub seq: u64,
    /// Its name.
    pub record: RecordId,
    /// The recipient it is sealed to.
    pub kid: KeyId,
    /// Head of the chain before this report: for the first of a stream, the head of the
    /// predecessor, or zeros where there is none.
    pub link: [u8; 32],
    /// `enc ‖ ciphertext ‖ tag`, always [`crate::limits::SEALED_BYTES`] long.
    pub ciphertext: Vec<u8>,
}

/// Why a report could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Longer than a report may be, before padding.
    #[error("a report longer than it may be")]
    TooLong,
    /// The recipient's key is no X25519 key.
    #[error("not a recipient's key")]
    BadRecipient,
}

/// Why a sealed report does not open. Retrying helps only with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Sealed to another key, altered, or moved to another place.
    #[error("does not open")]
    Seal,
    /// Opens, but holds no report.
    #[error("holds no report")]
    Report,
}

/// Where a report stands; bound into its seal as additional data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The station.
    pub station: StationId,
    /// The stream.
    pub stream: StreamId,
    /// Place in the stream.
    pub seq: u64,
    /// The record.
    pub record: RecordId,
    /// Head of the chain before it.
    pub link: [u8; 32],
}

/// Pads and seals a report to a recipient.
///
/// # Errors
/// [`SealError`].
pub fn seal(
    report: &Report,
    place: &Place,
    kid: KeyId,
    recipient: &[u8; 32],
    rng: &mut impl CryptoRng,
) -> Result<SealedReport, SealError> {
    let _ = (report, place, kid, recipient, rng);
    todo!()
}

/// Opens a sealed report of a station with the recipient's private key.
///
/// # Errors
/// [`OpenError`].
pub fn open(sealed: &SealedReport, station: StationId, private: &[u8; 32]) -> Result<Report, OpenError> {
    let _ = (sealed, station, private);
    todo!()
}

/// The chain's head after a report: `SHA-256(link ‖ SHA-256(ciphertext))`.
#[must_use]
pub fn chain(link: &[u8; 32], ciphertext: &[u8]) -> [u8; 32] {
    let _ = (link, ciphertext);
    todo!()
}

/// SHA-256 of a ciphertext: with station and record id, the identity of a record.
#[must_use]
pub fn hash(ciphertext: &[u8]) -> [u8; 32] {
    let _ = ciphertext;
    todo!()
}
