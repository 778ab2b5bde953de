//! Enrolling a station again under the same identity: its key, its id and its outbox stay.
//!
//! What the office answered is written beside the station's own files; it counts once its trust files are
//! whole, in the folder `next`. Whoever opens the station's folder then puts it in place ([`finish`]). A
//! process that is killed before leaves the station as it was; one that is killed later leaves what the next
//! start completes.

use std::fs;
use std::sync::Arc;

use disk::{Access, DiskError, trust_folder};
use health_code::{Timestamp, Trust, TrustUpdate};
use wire::Ticket;

use super::common::Answered;
use super::{EnrolError, JoinStep, hand_in};
use crate::clock::Clock;
use crate::folder::{Folder, Next};
use crate::keys;
use crate::settings::{Office, SettingsError, StationFile, bounded};
use crate::trust_store::TrustStore;
use crate::uplink::http::Http;

/// Takes a ticket to its office for the station of a folder, which may run meanwhile, and keeps the answer
/// for [`finish`]. With reports waiting, another deployment's office does not even get the ticket.
///
/// # Errors
/// [`EnrolError`]; the station stays as it is.
pub(crate) async fn again(
    folder: &Folder,
    ticket: &Ticket,
    clock: Arc<dyn Clock>,
    waiting: u64,
    begins: &mut (dyn FnMut(JoinStep) + Send),
) -> Result<(), EnrolError> {
    let key = keys::load(&folder.key())?;
    let before = StationFile::load(&folder.settings())?;
    let trust = TrustStore::load(&folder.trust()).current();
    let now = clock.wall();
    let office = Http::new(&ticket.url, ticket.ca.as_deref(), clock)?;
    let name = if ticket.laptop.is_empty() { before.name.clone() } else { bounded(&ticket.laptop) };
    let mut other = false;
    let mut may = |root: &[u8]| {
        other = !trust.as_ref().is_some_and(|trust| is_same_deployment(trust, root, now));
        if other && waiting > 0 { Err(EnrolError::OtherDeployment) } else { Ok(()) }
    };
    let Answered { answer, trust: fresh, .. } =
        hand_in(&office, ticket, &key, &name, &mut may, begins).await?;
    let mut file = before;
    (file.name, file.office) = (name, Office::of(ticket, answer.time));
    keep(folder, &file, &fresh, other)?;
    tracing::info!(station = %answer.station, office = ticket.url, "this station is enrolled again");
    Ok(())
}

/// Returns whether a root is the one in force, or its successor.
fn is_same_deployment(trust: &Trust, root: &[u8], now: Timestamp) -> bool {
    let next = TrustUpdate { roots: vec![root.to_vec()], ..TrustUpdate::default() };
    trust.files().root == root || trust.update(&next, now).is_ok()
}

fn keep(folder: &Folder, file: &StationFile, trust: &Trust, other: bool) -> Result<(), EnrolError> {
    let next = folder.next();
    forget(&next)?;
    file.save(&next.settings)?;
    if other {
        disk::replace(&next.other, b"", Access::Owner)?;
    }
    // From here on it counts: the folder appears in one step.
    Ok(trust_folder::swap(&next.trust, trust.files())?)
}

/// Puts in place what [`again`] kept, or forgets what it did not finish. For a folder that nobody runs.
///
/// # Errors
/// [`SettingsError`]; the next call goes on.
pub(crate) fn finish(folder: &Folder) -> Result<(), SettingsError> {
    let next = folder.next();
    if next.trust.exists() {
        let files = trust_folder::read(&next.trust)?;
        let file = StationFile::load(&next.settings)?;
        if next.other.exists() {
            // What was chosen, changed and received belongs to the old deployment.
            folder.of_the_deployment().iter().try_for_each(|path| disk::erase(path))?;
        }
        trust_folder::swap(&folder.trust(), &files)?;
        file.save(&folder.settings())?;
        // In one step: half of it could not be read again.
        let renamed = fs::rename(&next.trust, &next.over);
        renamed.map_err(|source| DiskError::Io { path: next.trust.clone(), source })?;
        disk::sync(folder.path())?;
    }
    // It became this station, by whatever way.
    disk::erase(&folder.request())?;
    Ok(forget(&next)?)
}

/// Erases what is not, or not any more, to be put in place.
fn forget(next: &Next) -> Result<(), DiskError> {
    next.folders().iter().try_for_each(|folder| disk::erase_folder(folder))?;
    next.files().iter().try_for_each(|file| disk::erase(file))
}

#[cfg(test)]
mod tests;
