//! Enrolment: one request with a ticket's secret, one answer, one folder.

use std::io;
use std::path::Path;
use std::sync::Arc;

use disk::{DiskError, trust_folder};
use health_code::{PublicKey, Rejection, RootPin, Timestamp, Trust, TrustFiles};
use sha2::{Digest, Sha256};
use wire::limits::ENROLMENT_BYTES;
use wire::{Enrolment, EnrolmentAnswer, StationId, Ticket};

use crate::clock::{Clock as _, MemoryKey, SystemClock, TrustTimes, UnknownClock};
use crate::folder::Folder;
use crate::keys::{self, KeyError};
use crate::settings::{Office, SettingsError, StationFile, bounded};
use crate::uplink::bad_office::BadOffice;
use crate::uplink::http::Http;
use crate::uplink::office::{BackOffice as _, CBOR, ExchangeError};
use crate::withdrawal::{self, Heard};

/// Why a station could not join.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The text is not a ticket.
    #[error("this is no enrolment ticket")]
    Ticket,
    /// The folder is a station already.
    #[error("this folder is an enrolled station already")]
    AlreadyEnrolled,
    /// Another process uses the folder.
    #[error("another process uses this folder")]
    InUse,
    /// The folder cannot be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The folder cannot be locked.
    #[error("the station's folder: {0}")]
    Io(#[from] io::Error),
    /// The station's key cannot be read or made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The ticket's address cannot be used.
    #[error(transparent)]
    Office(#[from] BadOffice),
    /// The back office gave no answer.
    #[error("the back office: {0}")]
    Link(#[from] ExchangeError),
    /// The ticket was used, has expired, or is unknown there.
    #[error("the back office does not take this ticket; ask for a new one")]
    Refused,
    /// The answer cannot be parsed.
    #[error("the back office's answer is not understood: {0}")]
    Answer(String),
    /// The answer holds another root than the ticket names.
    #[error("the back office sent another root than the ticket names")]
    WrongRoot,
    /// The trust files were refused.
    #[error(transparent)]
    Trust(#[from] Rejection),
    /// The settings cannot be kept.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

impl EnrolError {
    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ticket => "bad-ticket",
            Self::AlreadyEnrolled => "already-enrolled",
            Self::InUse => "in-use",
            Self::Disk(_) | Self::Io(_) | Self::Settings(_) => "folder",
            Self::Key(_) => "key",
            Self::Office(_) => "bad-office",
            Self::Link(_) => "unreachable",
            Self::Refused => "refused",
            Self::Answer(_) => "bad-answer",
            Self::WrongRoot => "wrong-root",
            Self::Trust(_) => "bad-trust",
        }
    }

    /// Returns whether trying the same ticket again may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Disk(_) | Self::Io(_) | Self::Link(_) | Self::InUse | Self::Settings(_))
    }
}

/// Makes `dir` a station of the back office that gave the ticket.
///
/// # Errors
/// [`EnrolError`]; the folder is then no station, and may keep the key for the next try.
pub async fn enrol(dir: &Path, ticket: &str, name: &str) -> Result<(), EnrolError> {
    let ticket = Ticket::parse(ticket.trim()).map_err(|_| EnrolError::Ticket)?;
    let office = Http::new(&ticket.url, ticket.ca.as_deref(), Arc::new(UnknownClock))?;
    let folder = Folder::new(dir);
    folder.create()?;
    let _lock = folder.lock()?.ok_or(EnrolError::InUse)?;
    if folder.settings().exists() {
        return Err(EnrolError::AlreadyEnrolled);
    }
    // A station that was withdrawn left only that word: with a new ticket the laptop is a new station.
    let before = Heard::read(&folder);
    if before.is_some() {
        withdrawal::erase_rest(&folder)?;
    }
    let key = keys::load_or_create(&folder.key())?;
    let public = PublicKey::from_bytes(&key.verifying_key().to_bytes())
        .map_err(|error| EnrolError::Answer(error.to_string()))?;
    let named = bounded(name);
    let request = Enrolment {
        secret: ticket.secret,
        key: public.clone(),
        name: named.clone(),
        sealing: wire::stick::public_key(&key),
    }
    .sign(&key);
    let answer = ask(&office, request).await?;
    let hash: [u8; 32] = Sha256::digest(&answer.root).into();
    if hash != ticket.root {
        return Err(EnrolError::WrongRoot);
    }
    let EnrolmentAnswer { station, time, root, list, community, revocations, policies } = answer;
    let files = TrustFiles { root, list, community, revocations: revocations.into(), policies };
    let trust = Trust::open(files, &RootPin(hash))?.vouched_for()?;
    if station != StationId::of(&public) {
        return Err(EnrolError::Answer("another station's id".to_owned()));
    }
    trust_folder::swap(&folder.trust(), trust.files())?;
    let clock =
        SystemClock::start(&folder.clock(), MemoryKey::derive(&key.to_bytes()), TrustTimes::default());
    clock.hear_now(Timestamp(time));
    clock.end();
    if before.is_some() {
        disk::erase(&folder.withdrawn())?;
    }
    // The settings come last: a folder that has them is an enrolled station.
    let office = Office::new(&ticket.url, ticket.ca.as_deref());
    StationFile::new(station, &named, office).save(&folder.settings())?;
    tracing::info!(%station, office = ticket.url, "this laptop is enrolled");
    Ok(())
}

async fn ask(office: &Http, request: Vec<u8>) -> Result<EnrolmentAnswer, EnrolError> {
    let answer = office.post("/v1/enrol", request, CBOR, ENROLMENT_BYTES).await;
    let bytes = answer.map_err(|error| match error {
        ExchangeError::Status { status: 400..=404 | 409 | 410, .. } => EnrolError::Refused,
        other => EnrolError::Link(other),
    })?;
    EnrolmentAnswer::parse(&bytes).map_err(|error| EnrolError::Answer(error.to_string()))
}

#[cfg(test)]
pub(crate) mod tests;
