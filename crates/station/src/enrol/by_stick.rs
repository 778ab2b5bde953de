//! Joining by a stick, where no network is: the request goes out, and the office's answer comes back.
//!
//! The request is the one of the network, and its answer is checked as there. The laptop keeps its key and the
//! ticket until it is a station, so that weeks, restarts and other sticks may lie between the two.

use std::path::Path;

use ed25519_dalek::SigningKey;
use gate::window::stick::StickProblem;
use health_code::{PublicKey, Timestamp, Trust};
use sha2::{Digest, Sha256};
use wire::limits::{ENROLMENT_REQUEST_BYTES, REFUSAL_BYTES, SEALED_ANSWER_BYTES};
use wire::stick::{ANSWER, REFUSAL, REQUEST, Refusal, SealedAnswer, StickError, private_key, request_id};
use wire::{EnrolmentAnswer, Receipt, StationId, Ticket};

use super::common::{Answered, checked, opened, public_key_of, request_of, settle};
use super::error::{EnrolError, refused};
use super::pending::Pending;
use crate::folder::Folder;
use crate::keys;
use crate::settings::bounded;
use crate::stick::drive::{At, Drive, FolderDrive};
use crate::stick::ticket as ticket_on;

/// What came of a stick at a laptop that is no station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByStick {
    /// The request lies on the stick. The office has not answered it there yet.
    Asked(StationId),
    /// The office's answer was taken: the folder is a station now.
    Joined(StationId),
}

/// Takes the office's answer from the stick that is mounted at a folder, or else writes the request to it. Without a
/// ticket it is the one of the request that waits, or that of the stick's `ticket.txt`.
///
/// # Errors
/// [`EnrolError`]; the folder is then no station, and keeps its key and its request.
pub fn enrol_by_stick(
    dir: &Path,
    ticket: Option<&str>,
    name: Option<&str>,
    stick: &Path,
) -> Result<ByStick, EnrolError> {
    let folder = Folder::new(dir);
    if folder.settings().exists() {
        return Err(EnrolError::AlreadyEnrolled);
    }
    let waits = Pending::read(&folder);
    let text = match (ticket, &waits) {
        (Some(text), _) => text.to_owned(),
        (None, Some(waits)) => waits.ticket.to_text(),
        (None, None) => ticket_on(stick).ok_or(EnrolError::NoTicket)?,
    };
    let ticket = Ticket::parse(&text).map_err(|_| EnrolError::Ticket)?;
    // The same ticket goes on under the name that its request has.
    let same = waits.filter(|waits| waits.ticket == ticket).map(|waits| waits.name);
    let name = name.map(str::to_owned).or(same).unwrap_or_else(|| ticket.laptop.clone());
    carry(dir, &ticket, &name, stick)
}

/// Carries a stick for a ticket that a person confirmed.
///
/// # Errors
/// [`EnrolError`], likewise.
fn carry(dir: &Path, ticket: &Ticket, name: &str, stick: &Path) -> Result<ByStick, EnrolError> {
    let folder = Folder::new(dir);
    let (_lock, was_station) = opened(&folder)?;
    let key = keys::load_or_create(&folder.key())?;
    let public = public_key_of(&key)?;
    let station = StationId::of(&public);
    let pending = Pending { ticket: ticket.clone(), name: bounded(name) };
    // Whatever leaves can be answered: the laptop knows what it asked, also after a restart.
    pending.keep(&folder)?;
    let request = request_of(ticket, &key, &pending.name)?;
    let drive = FolderDrive::new(stick, station);
    match answer(&drive, &pending, &key, &public, &request) {
        Ok(Some((answered, receipt))) => {
            settle(&folder, ticket, &pending.name, &answered, was_station)?;
            // An office that is restored knows this station again by it. The next receipt comes otherwise.
            if let Err(error) = disk::replace(&folder.receipt(), &receipt, disk::Access::Owner) {
                tracing::warn!(%error, "the receipt in an answer could not be kept");
            }
            // They are of use to nobody any more; on a stick that takes nothing they do no harm.
            for name in [REQUEST, ANSWER, REFUSAL] {
                drive.remove(name);
            }
            Ok(ByStick::Joined(station))
        }
        outcome => {
            let there = drive.read(At::Own(REQUEST), ENROLMENT_REQUEST_BYTES);
            if there.ok().flatten().as_ref() != Some(&request) {
                drive.write(REQUEST, &request).map_err(EnrolError::Stick)?;
                // It was about another request, and this one is new to the office.
                drive.remove(REFUSAL);
            }
            outcome.map(|_| ByStick::Asked(station))
        }
    }
}

/// Reads the office's answer, and checks it as the network's: it is for this very request, its files hold together
/// under the root that the ticket names, and a receipt key of that root signed which files these are.
fn answer(
    drive: &dyn Drive,
    Pending { ticket, .. }: &Pending,
    key: &SigningKey,
    public: &PublicKey,
    request: &[u8],
) -> Result<Option<(Answered, Vec<u8>)>, EnrolError> {
    let station = StationId::of(public);
    let read = drive.read(At::Own(ANSWER), SEALED_ANSWER_BYTES).map_err(EnrolError::Stick)?;
    let Some(bytes) = read else { return refusal(drive, station, request).map_or(Ok(None), Err) };
    let sealed = SealedAnswer::parse(&bytes).map_err(problem_of)?;
    if sealed.station != station {
        return Err(EnrolError::Stick(StickProblem::OtherStation));
    }
    if sealed.request != request_id(request) {
        return Err(EnrolError::OtherRequest);
    }
    let answer = sealed.open(&private_key(key)).map_err(problem_of)?;
    let trust = checked(&answer, ticket, public)?;
    if !is_signed(&sealed, &answer, &trust) {
        return Err(EnrolError::Altered);
    }
    Ok(Some((Answered { answer, trust, is_fresh: false }, sealed.receipt)))
}

/// Reads why the office refused this very request. Nothing proves it, and nothing follows from it: a person is told, and
/// the request stays.
fn refusal(drive: &dyn Drive, station: StationId, request: &[u8]) -> Option<EnrolError> {
    let bytes = drive.read(At::Own(REFUSAL), REFUSAL_BYTES).ok()??;
    let said = Refusal::parse(&bytes).ok()?;
    let is_about_this = said.station == station && said.request == request_id(request);
    is_about_this.then(|| EnrolError::Refused { failure: refused(&said.code), at: said.at.map(Timestamp) })
}

/// Returns whether the receipt is this office's, and names the very files of the answer.
fn is_signed(sealed: &SealedAnswer, answer: &EnrolmentAnswer, trust: &Trust) -> bool {
    let time = Timestamp(answer.time);
    let keys = trust.root().receipts.iter().filter(|key| key.is_in_force(time));
    let keys = keys.map(|key| (key.kid, &key.key));
    let Ok(receipt) = Receipt::open(&sealed.receipt, keys, sealed.station, sealed.request) else {
        return false;
    };
    let hash = |file: &[u8]| <[u8; 32]>::from(Sha256::digest(file));
    let files = [&answer.root, &answer.list, &answer.community].map(|file| hash(file));
    let named = [receipt.root.hash, receipt.list.hash, receipt.community.hash];
    files == named
        && receipt.time == answer.time
        && receipt.region == trust.community().region.as_str()
        && receipt.withdrawn.is_none()
}

fn problem_of(error: StickError) -> EnrolError {
    match error {
        StickError::TooLarge => EnrolError::Stick(StickProblem::TooLarge),
        StickError::Malformed => EnrolError::Stick(StickProblem::Malformed),
        // It says that it is for this laptop's request.
        StickError::Seal => EnrolError::Altered,
    }
}

#[cfg(test)]
mod tests;
