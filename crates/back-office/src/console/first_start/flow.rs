//! The steps of a first start, and what they leave on the disk.

use std::sync::Arc;

use disk::Access;
use health_code::{PersonId, Region, Timestamp};
use tokio::sync::{Mutex, MutexGuard};

use super::door::Door;
use crate::config::Layout;
use crate::console::account::{Account, Role};
use crate::console::error::ConsoleError;
use crate::console::second_factor::SECRET;
use crate::console::state::{Console, Place};
use crate::context::Context;
use crate::store::Store;
use crate::system::Clock;

/// What a first start needs of the process that serves it.
#[async_trait::async_trait]
pub trait Host: std::fmt::Debug + Send + Sync {
    /// Opens what lies in the data folder, now that there are trust files.
    ///
    /// # Errors
    /// A sentence that says what is wrong with them.
    async fn open(&self) -> Result<Context, String>;

    /// Begins to serve as an office.
    ///
    /// # Errors
    /// A sentence.
    async fn begin(&self, console: Arc<Console>) -> Result<(), String>;
}

/// A first start.
#[derive(Debug)]
pub struct FirstStart {
    pub(super) host: Box<dyn Host>,
    pub(super) store: Arc<dyn Store>,
    pub(super) place: Place,
    pub(super) clock: Clock,
    state: Mutex<Progress>,
}

/// How far it is.
#[derive(Debug)]
pub(super) struct Progress {
    pub door: Door,
    pub step: Step,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Step {
    /// Trust files.
    Trust,
    /// The first administrator, as far as they are typed.
    Administrator(Arc<Console>, Option<Box<Draft>>),
    /// A ticket.
    Ticket(Arc<Console>, Box<Account>),
    /// Nothing: the office serves.
    Over,
}

/// The first administrator before their second factor is confirmed.
#[derive(Debug)]
pub(super) struct Draft {
    pub account: Account,
    pub name: String,
    pub passphrase: String,
    pub laptop: String,
    pub secret: [u8; SECRET],
}

impl FirstStart {
    /// Begins, or goes on where an earlier process ended after the trust files were there.
    ///
    /// # Errors
    /// A sentence.
    pub async fn new(
        host: Box<dyn Host>,
        store: Arc<dyn Store>,
        place: Place,
        clock: Clock,
        word: &str,
    ) -> Result<Self, String> {
        let has_trust = store.first_community().await;
        let has_trust = has_trust.map_err(|error| error.to_string())?.is_some();
        let step = if has_trust {
            Step::Administrator(Arc::new(Console::new(host.open().await?, place.clone(), false)), None)
        } else {
            Step::Trust
        };
        let door = Door::new(word, clock.now());
        Ok(Self { host, store, place, clock, state: Mutex::new(Progress { door, step }) })
    }

    /// Returns whether a data folder is to have a first start: it has no trust files, or nobody has become
    /// its administrator since they came by one.
    #[must_use]
    pub(crate) fn is_due(layout: &Layout, has_trust: bool) -> bool {
        layout.first_start().exists()
            || (!has_trust && !layout.trust().join(disk::trust_folder::ROOT).exists())
    }

    pub(super) async fn progress(&self) -> MutexGuard<'_, Progress> {
        self.state.lock().await
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Notes that trust files are there and no administrator is, so that another process goes on.
    pub(super) fn mark(&self) -> Result<(), ConsoleError> {
        disk::replace(&self.place.layout.first_start(), b"", Access::Owner).map_err(|error| {
            tracing::error!(%error, "the first start cannot be noted");
            ConsoleError::Store
        })
    }

    /// Opens what was written, and goes on to the next step.
    pub(super) async fn opened(&self, progress: &mut Progress) -> Result<(), ConsoleError> {
        let context = self.host.open().await.map_err(|error| {
            tracing::error!(error, "the first trust files cannot be used");
            ConsoleError::BadTrust(error)
        })?;
        let console = Arc::new(Console::new(context, self.place.clone(), false));
        progress.step = Step::Administrator(console, None);
        Ok(())
    }

    /// Notes that somebody is the administrator: no process has a first start here again.
    pub(super) fn finish(&self) -> Result<(), ConsoleError> {
        std::fs::remove_file(self.place.layout.first_start()).map_err(|error| {
            tracing::error!(%error, "the first start cannot be ended");
            ConsoleError::Store
        })
    }
}

/// Returns the first administrator, without what they sign in with.
pub(super) fn administrator(name: &str, phone: &str, region: Region, id: [u8; 8]) -> Account {
    Account::new(PersonId(id), name.to_owned(), phone.to_owned(), Role::Administrator, region)
}
