//! Enrolment: a way to the office, its root, one request with a ticket's secret, one answer, one folder.
//! Where no way leads to the office, a stick takes the request there and brings the answer ([`enrol_by_stick`]).

pub(crate) mod again;
pub(crate) mod by_stick;
mod common;
mod error;
pub(crate) mod pending;
mod reach;

pub use by_stick::{ByStick, enrol_by_stick};
pub use error::{EnrolError, EnrolFailure, Unreached};

use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use wire::limits::{ENROLMENT_BYTES, TRUST_FILE_BYTES};
use wire::{EnrolmentAnswer, Ticket};

use crate::clock::UnknownClock;
use crate::folder::Folder;
use crate::keys;
use crate::limits::CONNECT_TIMEOUT;
use crate::settings::bounded;
use crate::uplink::http::Http;
use crate::uplink::office::{BackOffice as _, CBOR, COSE, ExchangeError, Request};
use common::{Answered, checked, is_another, opened, public_key_of, request_of, settle};

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
    let (_lock, was_station) = opened(&folder)?;
    let key = keys::load_or_create(&folder.key())?;
    let named = bounded(name);
    let answered = hand_in(&office, ticket, &key, &named, &mut |_| Ok(()), begins).await?;
    settle(&folder, ticket, &named, &answered, was_station)
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

#[cfg(test)]
pub(crate) mod tests;
