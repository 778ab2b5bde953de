//! How a station joins: a ticket from the back office, one request, one answer.

use ed25519_dalek::SigningKey;
use strict_cose::PublicKey;

use crate::ids::StationId;

/// What every ticket text begins with (it fits a QR code).
pub const PREFIX: &str = "KDT1:";

/// An invitation for one station, shown once by the back office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Where the back office answers, such as `https://office.example:8443`.
    pub url: String,
    /// The deployment's CA certificate (DER); absent only for plain HTTP on loopback.
    pub ca: Option<Vec<u8>>,
    /// SHA-256 of the root file to begin with.
    pub root: [u8; 32],
    /// The secret that is good for one enrolment.
    pub secret: [u8; 16],
    /// Good until, seconds since 1970.
    pub expires: i64,
}

/// Why a text is no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment ticket")]
pub struct BadTicket;

impl Ticket {
    /// The text: prefix and base45 of canonical CBOR.
    #[must_use]
    pub fn to_text(&self) -> String {
        todo!()
    }

    /// Reads a ticket's text.
    ///
    /// # Errors
    /// [`BadTicket`].
    pub fn parse(text: &str) -> Result<Self, BadTicket> {
        let _ = text;
        Err(BadTicket)
    }
}

/// A station's request, signed by the key that it brings (proof of possession).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The ticket's secret.
    pub secret: [u8; 16],
    /// The station's public key.
    pub key: PublicKey,
    /// What the technician calls the laptop.
    pub name: String,
}

/// What the back office answers over the pinned connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentAnswer {
    /// The station's id.
    pub station: StationId,
    /// The back office's time, seconds since 1970.
    pub time: i64,
    /// `root.cose`, whose hash the ticket pinned.
    pub root: Vec<u8>,
    /// `trust.cose`.
    pub list: Vec<u8>,
    /// The station's `community.cose`.
    pub community: Vec<u8>,
}

/// Why a message of the enrolment is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnrolmentError {
    /// Not the shape.
    #[error("not an enrolment message: {0}")]
    Malformed(String),
    /// The request is not signed by the key in it.
    #[error("not signed by the key in it")]
    Signature,
}

impl Enrolment {
    /// Signs the request (COSE_Sign1).
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let _ = key;
        todo!()
    }

    /// Verifies and reads a request.
    ///
    /// # Errors
    /// [`EnrolmentError`].
    pub fn open(bytes: &[u8]) -> Result<Self, EnrolmentError> {
        let _ = bytes;
        todo!()
    }
}

impl EnrolmentAnswer {
    /// Canonical CBOR (TLS and the pinned root protect it).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        todo!()
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// [`EnrolmentError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EnrolmentError> {
        let _ = bytes;
        todo!()
    }
}
