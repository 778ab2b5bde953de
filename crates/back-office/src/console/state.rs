//! What the console's endpoints share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use health_code::{PersonId, Region, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use web::App;
use wire::{AuditHead, hex};
use zeroize::Zeroizing;

use super::account::Account;
use super::board::Boards;
use super::delays::Delays;
use super::error::ConsoleError;
use super::names::Names;
use super::officers;
use super::passphrase;
use super::pictured;
use super::sealed;
use super::second_factor::SECRET;
use crate::ca;
use crate::config::Layout;
use crate::context::Context;
use crate::limits::{LOOKS, NAME_FILE_BYTES};
use crate::store::{Note, StoreError};
use crate::system;

/// How many passphrases are hashed at once: each takes 64 MiB.
const HASHED_AT_ONCE: usize = 2;
/// How many pictures are read at once: one may take 200 MB, and a core for seconds.
const READ_AT_ONCE: usize = 1;
/// Seconds within which the same look of the same person is noted once.
const LOOKED: i64 = 600;

/// The state of the console's endpoints.
#[derive(Debug)]
pub struct Console {
    /// The office.
    pub context: Context,
    /// Whether people come over TLS.
    pub secure: bool,
    /// What tickets and the card say of this office.
    pub place: Place,
    shared: Arc<Shared>,
}

/// Where the office is.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its data folder.
    pub(crate) layout: Layout,
    /// Where stations reach it.
    pub url: String,
    /// Where people reach the console.
    pub page: String,
    /// Until when the certificates are good that it answers with, the first of them.
    pub tls_ends: Option<Timestamp>,
}

/// What is the same at every address of one process.
#[derive(Debug)]
struct Shared {
    delays: Mutex<Delays>,
    hashing: Semaphore,
    reading: Semaphore,
    names: Names,
    looks: Mutex<BTreeMap<(PersonId, &'static str, Region), Timestamp>>,
    checked: Mutex<Option<Checked>>,
    looking: tokio::sync::Mutex<()>,
    boards: Boards,
}

/// When the audit log was checked, since when it goes, and whether it is whole.
type Checked = (Timestamp, Timestamp, bool);

impl Console {
    /// Joins what the endpoints need.
    #[must_use]
    pub fn new(context: Context, place: Place, secure: bool) -> Self {
        let shared = Shared {
            delays: Mutex::default(),
            hashing: Semaphore::new(HASHED_AT_ONCE),
            reading: Semaphore::new(READ_AT_ONCE),
            names: Names::default(),
            looks: Mutex::default(),
            checked: Mutex::default(),
            looking: tokio::sync::Mutex::default(),
            boards: Boards::of_office(place.tls_ends),
        };
        Self { context, secure, place, shared: Arc::new(shared) }
    }

    /// Returns the same console at another address.
    #[must_use]
    pub fn at(&self, page: String, secure: bool) -> Self {
        let place = Place { page, ..self.place.clone() };
        Self { context: self.context.clone(), secure, place, shared: self.shared.clone() }
    }

    /// Returns when one look at a resident follows another: so nobody has two of the last one.
    pub async fn one_look(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.shared.looking.lock().await
    }

    /// Returns who has to wait.
    pub fn delays(&self) -> MutexGuard<'_, Delays> {
        self.shared.delays.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the boards that somebody looks at.
    pub fn boards(&self) -> &Boards {
        &self.shared.boards
    }

    /// Returns the names of regions.
    pub fn names(&self) -> &Names {
        &self.shared.names
    }

    /// Returns whether a secret is the one that was hashed; `None` is nobody's, and takes as long.
    ///
    /// # Errors
    /// [`ConsoleError::Internal`], while the process ends.
    pub async fn is_right(&self, secret: &str, phc: Option<&str>) -> Result<bool, ConsoleError> {
        let known = phc.is_some();
        let phc = phc.unwrap_or(passphrase::NOBODY).to_owned();
        let secret = secret.to_owned();
        let is = self.slowly(move || passphrase::is(&secret, &phc)).await?;
        Ok(is && known)
    }

    /// Hashes a secret that was checked.
    ///
    /// # Errors
    /// [`ConsoleError::Internal`].
    pub async fn hash(&self, secret: &str) -> Result<String, ConsoleError> {
        let (secret, salt) = (secret.to_owned(), system::random()?);
        let hashed = self.slowly(move || passphrase::hash(&secret, &salt)).await?;
        hashed.map_err(|error| {
            tracing::error!(%error, "a secret could not be hashed");
            ConsoleError::Internal
        })
    }

    /// Reads the code in a picture on a thread of its own.
    ///
    /// # Errors
    /// [`ConsoleError::Internal`] where reading panicked; within it a stable code, as [`pictured::text_in`].
    pub async fn read_picture(&self, bytes: Vec<u8>) -> Result<Result<String, &'static str>, ConsoleError> {
        let _turn = self.shared.reading.acquire().await.map_err(|_| ConsoleError::Internal)?;
        let read = tokio::task::spawn_blocking(move || pictured::text_in(bytes)).await;
        read.map_err(|error| {
            tracing::error!(%error, "a picture could not be read");
            ConsoleError::Internal
        })
    }

    async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ConsoleError> {
        let _turn = self.shared.hashing.acquire().await.map_err(|_| ConsoleError::Internal)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| ConsoleError::Internal)
    }

    /// Seals the secret of somebody's authenticator.
    ///
    /// # Errors
    /// [`ConsoleError::Internal`] without randomness.
    pub fn seal(&self, id: PersonId, secret: &[u8; SECRET]) -> Result<String, ConsoleError> {
        sealed::seal(&self.context.keys, id, secret, system::random()?).ok_or(ConsoleError::Internal)
    }

    /// Opens the secret of somebody's authenticator.
    ///
    /// # Errors
    /// [`ConsoleError::Internal`] where this server has other keys than the one that sealed it.
    pub fn open(&self, id: PersonId, secret: &str) -> Result<Zeroizing<[u8; SECRET]>, ConsoleError> {
        sealed::open(&self.context.keys, id, secret).ok_or_else(|| {
            tracing::error!(%id, "the secret of an authenticator was sealed by a key that is not in keys/");
            ConsoleError::Internal
        })
    }

    /// Returns a note of what somebody did.
    ///
    /// # Errors
    /// [`ConsoleError::Internal`] without randomness.
    pub fn note(
        &self,
        actor: Option<PersonId>,
        act: &str,
        (object, region): (&str, &Region),
        words: &str,
    ) -> Result<Note, ConsoleError> {
        Ok(Note {
            at: self.now(),
            actor,
            act: act.to_owned(),
            object: object.to_owned(),
            region: region.clone(),
            words: words.to_owned(),
            salt: system::random()?,
        })
    }

    /// Adds to the audit log, whose head receipts show, and returns it: its count is the number of the last note.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn write(&self, notes: Vec<Note>) -> Result<AuditHead, StoreError> {
        let head = self.context.store.note(notes).await?;
        self.context.audit_head.set(head);
        Ok(head)
    }

    /// Notes that somebody looked at a list; once in a while where they look again and again.
    ///
    /// # Errors
    /// [`ConsoleError`].
    pub async fn look(&self, who: PersonId, act: &'static str, region: &Region) -> Result<(), ConsoleError> {
        let now = self.now();
        {
            let mut looks = self.shared.looks.lock().unwrap_or_else(PoisonError::into_inner);
            let key = (who, act, region.clone());
            if looks.get(&key).is_some_and(|at| now.0 - at.0 < LOOKED) {
                return Ok(());
            }
            if looks.len() >= LOOKS {
                looks.clear();
            }
            looks.insert(key, now);
        }
        let note = self.note(Some(who), act, (region.as_str(), region), "")?;
        self.write(vec![note]).await?;
        Ok(())
    }

    /// Returns when this process last checked the audit log.
    #[must_use]
    pub fn checked(&self) -> Option<Checked> {
        *self.shared.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers that the audit log was checked.
    pub fn note_checked(&self, since: Timestamp, ok: bool) {
        let checked = (self.now(), since, ok);
        *self.shared.checked.lock().unwrap_or_else(PoisonError::into_inner) = Some(checked);
    }

    /// Returns whether the deployment is only for trying, as its root says.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        self.context.trust.trust().root().trial
    }

    /// Keeps accounts and notes what was done; community files follow.
    ///
    /// # Errors
    /// [`ConsoleError::Changed`] where somebody was quicker.
    pub async fn keep(&self, accounts: &[Account], notes: Vec<Note>) -> Result<(), ConsoleError> {
        let rows = accounts.iter().map(Account::row).collect::<Result<Vec<_>, _>>()?;
        if !self.context.store.put_accounts(rows, notes).await? {
            return Err(ConsoleError::Changed);
        }
        self.context.audit_head.set(self.context.store.audit_head().await?);
        Ok(officers::tell(&*self.context.store, accounts).await?)
    }

    /// Returns all people of the console.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.context.store.accounts().await?.iter().map(Account::read).collect()
    }

    /// Returns the deployment's own region: the one for which the root lets this office sign.
    #[must_use]
    pub fn top(&self) -> Region {
        let trust = self.context.trust.trust();
        let own = self.context.keys.public().region;
        let is_own = |key: &[u8]| own.values().any(|listed| *listed == hex::encode(key));
        let delegated = trust.root().regions.iter().filter(|listed| is_own(&listed.key.to_bytes()));
        let widest = delegated.map(|listed| listed.region.clone()).min_by_key(|region| region.as_str().len());
        widest.unwrap_or_else(|| trust.community().region.clone())
    }

    /// Returns what the deployment is called: as it was named at the first start, or as its region.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn deployment(&self) -> Result<String, StoreError> {
        if let Some(name) = name_in(&self.place.layout) {
            return Ok(name);
        }
        let top = self.top();
        let names = self.names().of(&self.context).await?;
        let first = self.context.trust.trust().community().name.clone();
        Ok(names.name(&top).map_or(first, str::to_owned))
    }

    /// Returns the groups by which people compare the root, and those of the CA where TLS needs one.
    #[must_use]
    pub fn fingerprints(&self) -> ([String; 8], Option<[String; 8]>) {
        let root = Sha256::digest(&self.context.trust.trust().files().root).into();
        let ca = ca::certificate(&self.place.layout.tls()).ok().flatten();
        let ca = ca.filter(|_| self.place.url.starts_with("https://") || self.secure);
        let ca = ca.map(|ca| wire::ticket::fingerprint(&Sha256::digest(&ca).into()));
        (wire::ticket::fingerprint(&root), ca)
    }
}

/// Returns the name that the deployment was given at its first start.
fn name_in(layout: &Layout) -> Option<String> {
    let name = disk::read_if_there(&layout.name(), NAME_FILE_BYTES).ok().flatten()?;
    String::from_utf8(name).ok().filter(|name| !name.is_empty())
}

impl App for Console {
    fn now(&self) -> Timestamp {
        self.context.clock.now()
    }
}
