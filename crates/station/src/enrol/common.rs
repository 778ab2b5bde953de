//! What is common to the ways of joining: the request, the checks of its answer, and the folder that becomes a
//! station.

use std::fs::File;

use disk::trust_folder;
use ed25519_dalek::SigningKey;
use health_code::{PublicKey, RootPin, Timestamp, Trust, TrustFiles};
use sha2::{Digest, Sha256};
use wire::{Enrolment, EnrolmentAnswer, StationId, Ticket};

use super::error::EnrolError;
use crate::clock::{Clock as _, MemoryKey, SystemClock, TrustTimes};
use crate::folder::Folder;
use crate::keys;
use crate::settings::{Office, StationFile};
use crate::withdrawal::{self, Heard};

/// Opens a folder that is to be a station: makes it, locks it, and ends what a station that is out of service left.
/// Returns the lock, and whether there was such a station.
pub(super) fn opened(folder: &Folder) -> Result<(File, bool), EnrolError> {
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
    Ok((lock, before.is_some()))
}

/// What the office answered, and its trust, which hold together.
pub(super) struct Answered {
    pub answer: EnrolmentAnswer,
    pub trust: Trust,
    /// Whether the office says what time it is now. A stick says what time it was.
    pub is_fresh: bool,
}

/// Makes the folder the station that the office took in. `was_station` says that a withdrawn one was there before.
pub(super) fn settle(
    folder: &Folder,
    ticket: &Ticket,
    named: &str,
    Answered { answer, trust, is_fresh }: &Answered,
    was_station: bool,
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
    if was_station {
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

/// Returns the signed request. The same ticket, key and name give the same bytes.
pub(super) fn request_of(ticket: &Ticket, key: &SigningKey, name: &str) -> Result<Vec<u8>, EnrolError> {
    let (secret, public, name) = (ticket.secret, public_key_of(key)?, name.to_owned());
    Ok(Enrolment { secret, key: public, name, sealing: wire::stick::public_key(key) }.sign(key))
}

pub(super) fn public_key_of(key: &SigningKey) -> Result<PublicKey, EnrolError> {
    PublicKey::from_bytes(&key.verifying_key().to_bytes())
        .map_err(|error| EnrolError::Answer(error.to_string()))
}

/// Checks an answer, however it came: its root is the ticket's, its files hold together, and the id is that of
/// this laptop's key.
pub(super) fn checked(
    answer: &EnrolmentAnswer,
    ticket: &Ticket,
    public: &PublicKey,
) -> Result<Trust, EnrolError> {
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

/// Returns whether a root is another than the ticket's.
pub(super) fn is_another(root: &[u8], ticket: &Ticket) -> bool {
    let hash: [u8; 32] = Sha256::digest(root).into();
    hash != ticket.root
}
