//! Erasing one resident.
//!
//! 1. It is written down, in the journal and in the audit log ([`begin`]).
//! 2. What names them is erased in one transaction: in passages, in quarantine, in the words of looks. Each report
//!    leaves a tombstone, so that filing drops it if it comes again.
//! 3. The tombstones go into a list beside the database ([`list`]), which no backup of the data has: by it a backup
//!    that was made before shows none of them again.
//! 4. While reports that had arrived before wait to be opened, 2 and 3 are done again.
//! 5. The store overwrites what it freed, and a receipt is signed.
//!
//! Each step can be done again, so whoever goes on with an erasure that was interrupted ends it whole ([`go_on`]). Mail
//! is never edited: a letter is opened, what is in it is erased like the rest, and it is dropped whole.

pub mod list;
mod theirs;

use std::path::Path;

use health_code::{PersonId, Region, Root, Timestamp};
use wire::erasure::{ErasedCounts, ErasureReceipt, HeldCopy};
use wire::limits::{COPIES_NAMED, COPY_NAME_BYTES};
use wire::{AuditHead, hex};

use crate::keys::{Keyring, NoReceiptKey};
use crate::limits::{ERASURE_ROUNDS, ERASURE_WAIT_SECONDS, HELD_AT_ONCE, MAIL_SECONDS};
use crate::residents::Named;
use crate::store::{Erasure, Forgotten, Names, Note, PersonKey, Store, StoreError};
use crate::system;

/// The act under which erasures of residents are in the audit log.
pub const ERASED: &str = "resident-erased";

/// Whom to erase, where, and what the audit log says of it.
#[derive(Debug, Clone)]
pub struct Order {
    /// Whom.
    pub names: Names,
    /// Where.
    pub region: Region,
    /// Who wants it; `None` at the office's own machine.
    pub by: Option<PersonId>,
    /// The reason. It names nobody; the log has it below the first digits of the erasure's id.
    pub words: String,
}

/// With what an erasure is done.
#[derive(Debug, Clone, Copy)]
pub struct Means<'o> {
    /// The store.
    pub store: &'o dyn Store,
    /// The office's keys.
    pub keys: &'o Keyring,
    /// The list of tombstones beside the database.
    pub list: &'o list::ErasedList,
    /// The root in force; without one no receipt is signed.
    pub root: Option<&'o Root>,
}

/// Where an erasure is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// What was filed is erased. Reports that had arrived before wait to be opened.
    Waits,
    /// It has ended; the receipt.
    Ended(Vec<u8>),
}

/// Why a resident could not be erased.
#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    /// The phone is several people's.
    #[error("several people have this phone: name the one to erase by their identity number")]
    SeveralPeople,
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The list beside the database cannot be used.
    #[error(transparent)]
    List(#[from] list::ListError),
    /// Everything is erased, and no receipt can be signed now.
    #[error("everything is erased; the receipt cannot be signed yet: {0}")]
    NoReceiptKey(#[from] NoReceiptKey),
    /// The system gives no random bytes to name an erasure by.
    #[error(transparent)]
    NoRandomness(#[from] system::NoRandomness),
}

impl ErasureError {
    /// Returns the stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SeveralPeople => "several-people",
            Self::Store(_) => "store",
            Self::List(_) => "erased-list",
            Self::NoReceiptKey(_) => "no-receipt-key",
            Self::NoRandomness(_) => "no-randomness",
        }
    }
}

impl From<Named> for Names {
    fn from(named: Named) -> Self {
        let sought = named.sought;
        Self {
            identities: sought.identities.into_iter().collect(),
            phones: sought.phones.into_iter().collect(),
            pseudonyms: sought.pseudonym.into_iter().collect(),
            certificates: sought.certificate.into_iter().collect(),
        }
    }
}

/// Writes an erasure down. Nothing is erased yet; [`go_on`] does it, now or after a restart.
///
/// # Errors
/// [`ErasureError::SeveralPeople`]: nothing is written then.
pub async fn begin(
    store: &dyn Store,
    order: Order,
    now: Timestamp,
) -> Result<(Erasure, AuditHead), ErasureError> {
    let Order { names, region, by, words } = order;
    if !names.phones.is_empty() && names.identities.is_empty() {
        let of_phone = Names { phones: names.phones.clone(), ..Names::default() };
        if store.names_beside(&of_phone, &region).await?.identities.len() > 1 {
            return Err(ErasureError::SeveralPeople);
        }
    }
    let id: [u8; 16] = system::random()?;
    let note = Note {
        at: now,
        actor: by,
        act: ERASED.to_owned(),
        object: hex::encode(&id),
        region: region.clone(),
        words: format!("{}\n{words}", hex::encode(&id[..4])),
        salt: system::random()?,
    };
    let (done, receipt) = (Default::default(), None);
    let erasure = Erasure { id, begun: now, by, region, names: Some(names), done, receipt };
    let head = store.begin_erasure(erasure.clone(), note).await?;
    Ok((erasure, head))
}

/// Returns whom a person key names, as the words of a look have it: passages by a number, and by what an issuer or a
/// certificate calls them.
///
/// # Errors
/// [`StoreError`].
pub async fn names_of_key(store: &dyn Store, keys: &Keyring, key: PersonKey) -> Result<Names, StoreError> {
    let mut names = Names { identities: [key].into(), phones: [key].into(), ..Names::default() };
    let mut after = None;
    loop {
        let found = store.pseudonyms(after, HELD_AT_ONCE).await?;
        let Some((last, _)) = found.last() else { return Ok(names) };
        after = Some(last.clone());
        for (pseudonym, certificate) in found {
            if keys.is_key_of(key, &pseudonym, certificate.as_deref()) {
                names.certificates.extend(certificate);
                names.pseudonyms.insert(pseudonym);
            }
        }
    }
}

/// Goes on with an erasure from wherever it was interrupted.
///
/// # Errors
/// [`ErasureError`]; it stays in the journal, and is gone on with later.
pub async fn go_on(means: Means<'_>, erasure: &Erasure, now: Timestamp) -> Result<Stage, ErasureError> {
    let Means { store, keys, list, root } = means;
    let Some(asked) = &erasure.names else {
        return Ok(Stage::Ended(erasure.receipt.clone().unwrap_or_default()));
    };
    // Before anything is erased: what is opened in between is found by the next round at the latest.
    let oldest = store.oldest_waiting().await?;
    let waits = oldest.is_some_and(|(_, received)| received <= erasure.begun);
    let names = closed(store, asked.clone(), &erasure.region).await?;
    let beside = store.names_beside(&names, &erasure.region).await?;
    let (held, shut) = theirs::among_held(store, keys, &names, &erasure.region).await?;
    let looks = keys.looks_at(&names);
    let phones = beside.phones.difference(&names.phones).copied().collect();
    store.erase(erasure.id, Forgotten { names, held, looks, phones }).await?;
    list.join(store).await?;
    if waits && now.since(erasure.begun) < ERASURE_WAIT_SECONDS {
        return Ok(Stage::Waits);
    }
    let overwritten = store.overwrite().await?;
    let root = root.ok_or(NoReceiptKey::NotNamed)?;
    let (kid, key) = keys.receipt(root, now)?;
    // Read again: the counts are those of all rounds.
    let Some(erasure) = store.erasure(erasure.id).await? else { return Ok(Stage::Waits) };
    let waiting = if waits { store.counts().await?.waiting } else { 0 };
    let mut copies = store.copies(now).await?;
    let more = copies.len().saturating_sub(COPIES_NAMED) as u64;
    copies.truncate(COPIES_NAMED);
    let receipt = ErasureReceipt {
        id: erasure.id,
        begun: erasure.begun.0,
        ended: now.0,
        by: erasure.by.map(|id| id.0),
        region: erasure.region.as_str().to_owned(),
        counts: ErasedCounts {
            passages: erasure.done.passages,
            held: erasure.done.held,
            entries: erasure.done.entries,
            shut,
            waiting,
        },
        overwritten,
        // Where rows are overwritten, letters are deleted when they are opened; elsewhere their partition is dropped.
        mail_until: if overwritten { now.0 } else { now.0 + MAIL_SECONDS },
        copies,
        more,
    };
    let signed = receipt.sign(kid, key);
    if store.end_erasure(erasure.id, signed.clone()).await? {
        tracing::info!(id = hex::encode(&erasure.id), "an erasure has ended");
        return Ok(Stage::Ended(signed));
    }
    let ended = store.erasure(erasure.id).await?.and_then(|erasure| erasure.receipt);
    Ok(Stage::Ended(ended.unwrap_or(signed)))
}

/// Returns all names of whoever has these: codes of other issuers, and what was filed by a pseudonym alone. A phone leads
/// to nobody else, since it may be a whole family's.
async fn closed(store: &dyn Store, mut names: Names, region: &Region) -> Result<Names, StoreError> {
    for _ in 0..ERASURE_ROUNDS {
        let beside = Names { phones: Default::default(), ..store.names_beside(&names, region).await? };
        if !names.add(beside) {
            break;
        }
    }
    Ok(names)
}

/// Describes a copy of the database for receipts: a file or a folder, until when it is kept.
#[must_use]
pub fn copy_of(path: &Path, made: i64, until: Option<i64>) -> HeldCopy {
    let mut name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    while name.len() > COPY_NAME_BYTES {
        name.pop();
    }
    HeldCopy { name, made, until }
}

#[cfg(test)]
mod tests;
