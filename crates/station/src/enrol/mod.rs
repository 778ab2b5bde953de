//! Enrolment: a way to the office, its root, one request with a ticket's secret, one answer, one folder.
//! Where no way leads to the office, a stick takes the request there and brings the answer ([`enrol_by_stick`]).

pub(crate) mod again;
pub(crate) mod by_stick;
mod error;
pub(crate) mod pending;
mod reach;

pub use by_stick::{ByStick, enrol_by_stick};
pub use error::{EnrolError, EnrolFailure, Unreached};

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use disk::trust_folder;
use ed25519_dalek::SigningKey;
use health_code::{PublicKey, RootPin, Timestamp, Trust, TrustFiles};
use sha2::{Digest, Sha256};
use wire::limits::{ENROLMENT_BYTES, TRUST_FILE_BYTES};
use wire::{Enrolment, EnrolmentAnswer, StationId, Ticket};

use crate::clock::{Clock as _, MemoryKey, SystemClock, TrustTimes, UnknownClock};
use crate::folder::Folder;
use crate::keys;
use crate::limits::CONNECT_TIMEOUT;
use crate::settings::{Office, StationFile, bounded};
use crate::uplink::http::Http;
use crate::uplink::office::{BackOffice as _, CBOR, COSE, ExchangeError, Request};
use crate::withdrawal::{self, Heard};

/// The steps of joining, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JoinStep {
    /// Whether a way leads to the office.
    Reach,
    /// Whether it is the office: TLS, and the root that the ticket names.
    Identity,
    /// The ticket is handed in.
    Ticket,
    /// The trust files are checked and kept.
    Trust,
}

/// Makes `dir` a station of the back office that gave the ticket. The laptop is called what the ticket
/// calls it, unless `name` says otherwise.
///
/// # Errors
/// [`EnrolError`]; the folder is then no station, and may keep the key for the next try.
pub async fn enrol(dir: &Path, ticket: &str, name: Option<&str>) -> Result<(), EnrolError> {
    let ticket = Ticket::parse(ticket).map_err(|_| EnrolError::Ticket)?;
    let name = name.unwrap_or(&ticket.laptop).to_owned();
    join(dir, &ticket, &name, &mut |_| ()).await
}

/// Makes `dir` a station, and tells each step as it begins.
///
/// # Errors
/// [`EnrolError`]; the folder is then no station, and may keep the key for the next try.
pub(crate) async fn join(
    dir: &Path,
    ticket: &Ticket,
    name: &str,
    begins: &mut (dyn FnMut(JoinStep) + Send),
) -> Result<(), EnrolError> {
    let office = Http::new(&ticket.url, ticket.ca.as_deref(), Arc::new(UnknownClock))?;
    let folder = Folder::new(dir);
    let (_lock, before) = opened(&folder)?;
    let key = keys::load_or_create(&folder.key())?;
    let named = bounded(name);
    let answered = hand_in(&office, ticket, &key, &named, &mut |_| Ok(()), begins).await?;
    settle(&folder, ticket, &named, &answered, before)
}

/// Opens a folder that is to be a station: makes it, locks it, and ends what a station that is out of service left.
/// Returns the lock, and that station's last word.
fn opened(folder: &Folder) -> Result<(File, Option<Heard>), EnrolError> {
    folder.create()?;
    let lock = folder.lock()?.ok_or(EnrolError::InUse)?;
    if folder.settings().exists() {
        return Err(EnrolError::AlreadyEnrolled);
    }
    // A station that is out of service left only that word: with a new ticket the laptop is a new station.
    let before = Heard::read(folder);
    if let Some(heard) = &before {
        withdrawal::erase_rest(folder, heard)?;
    }
    Ok((lock, before))
}

/// What the office answered, and its trust, which hold together.
struct Answered {
    answer: EnrolmentAnswer,
    trust: Trust,
    /// Whether the office says what time it is now. A stick says what time it was.
    is_fresh: bool,
}

/// Makes the folder the station that the office took in.
fn settle(
    folder: &Folder,
    ticket: &Ticket,
    named: &str,
    Answered { answer, trust, is_fresh }: &Answered,
    before: Option<Heard>,
) -> Result<(), EnrolError> {
    trust_folder::swap(&folder.trust(), trust.files())?;
    let memory = MemoryKey::derive(&keys::load(&folder.key())?.to_bytes());
    if *is_fresh {
        let clock = SystemClock::start(&folder.clock(), memory, TrustTimes::default());
        clock.hear_now(Timestamp(answer.time));
        clock.end();
    } else {
        SystemClock::begin_at(&folder.clock(), &memory, Timestamp(answer.time))?;
    }
    if before.is_some() {
        disk::erase(&folder.withdrawn())?;
    }
    // The settings come last: a folder that has them is an enrolled station.
    let office = Office::of(ticket, answer.time);
    StationFile::new(answer.station, named, office).save(&folder.settings())?;
    if let Err(error) = disk::erase(&folder.request()) {
        // The first start tries again.
        tracing::warn!(%error, "the request that waited could not be erased");
    }
    tracing::info!(station = %answer.station, office = ticket.url, "this laptop is enrolled");
    Ok(())
}

/// Takes the ticket to its office, and comes back with the answer and its trust, which hold together. The
/// ticket is handed in only to who has the root that it names, and if `may` allows that root.
async fn hand_in(
    office: &Http,
    ticket: &Ticket,
    key: &SigningKey,
    name: &str,
    may: &mut (dyn FnMut(&[u8]) -> Result<(), EnrolError> + Send),
    begins: &mut (dyn FnMut(JoinStep) + Send),
) -> Result<Answered, EnrolError> {
    begins(JoinStep::Reach);
    reach::reach(office.base(), CONNECT_TIMEOUT).await?;
    begins(JoinStep::Identity);
    may(&root_of(office, ticket).await?)?;
    begins(JoinStep::Ticket);
    let request = request_of(ticket, key, name)?;
    let answer = office.post("/v1/enrol", request, CBOR, ENROLMENT_BYTES).await.map_err(error::of_answer)?;
    begins(JoinStep::Trust);
    let answer = EnrolmentAnswer::parse(&answer).map_err(|error| EnrolError::Answer(error.to_string()))?;
    let trust = checked(&answer, ticket, &public_key_of(key)?)?;
    Ok(Answered { answer, trust, is_fresh: true })
}

/// Returns the signed request. The same ticket, key and name give the same bytes.
fn request_of(ticket: &Ticket, key: &SigningKey, name: &str) -> Result<Vec<u8>, EnrolError> {
    let (secret, public, name) = (ticket.secret, public_key_of(key)?, name.to_owned());
    Ok(Enrolment { secret, key: public, name, sealing: wire::stick::public_key(key) }.sign(key))
}

fn public_key_of(key: &SigningKey) -> Result<PublicKey, EnrolError> {
    PublicKey::from_bytes(&key.verifying_key().to_bytes())
        .map_err(|error| EnrolError::Answer(error.to_string()))
}

/// Checks an answer, however it came: its root is the ticket's, its files hold together, and the id is that of
/// this laptop's key.
fn checked(answer: &EnrolmentAnswer, ticket: &Ticket, public: &PublicKey) -> Result<Trust, EnrolError> {
    if is_another(&answer.root, ticket) {
        return Err(EnrolError::WrongRoot);
    }
    let files = TrustFiles {
        root: answer.root.clone(),
        list: answer.list.clone(),
        community: answer.community.clone(),
        revocations: answer.revocations.clone().into(),
        policies: answer.policies.clone(),
    };
    let trust = Trust::open(files, &RootPin::of(&answer.root))?.vouched_for()?;
    if answer.station != StationId::of(public) {
        return Err(EnrolError::Answer("another station's id".to_owned()));
    }
    Ok(trust)
}

/// Asks the office for its root before it gets the ticket's secret.
async fn root_of(office: &Http, ticket: &Ticket) -> Result<Vec<u8>, EnrolError> {
    let limit = TRUST_FILE_BYTES;
    let path = "/v1/trust/root.cose";
    let part =
        office.get(Request { path, answer: COSE, header: None, limit, had: None, part: limit }).await?;
    if part.broken {
        return Err(ExchangeError::BrokenOff.into());
    }
    if is_another(&part.bytes, ticket) { Err(EnrolError::WrongRoot) } else { Ok(part.bytes) }
}

fn is_another(root: &[u8], ticket: &Ticket) -> bool {
    let hash: [u8; 32] = Sha256::digest(root).into();
    hash != ticket.root
}

#[cfg(test)]
pub(crate) mod tests;
