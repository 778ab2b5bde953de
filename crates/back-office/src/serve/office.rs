//! Opening what an office works with, and beginning to work.

use std::sync::Arc;

use health_code::Timestamp;
use web::bounded;
use wire::Generation;

use super::doors::{Answers, Rooms, ids};
use super::error::StartError;
use crate::api::{Office, local_router, router};
use crate::backup::recipient;
use crate::ca;
use crate::config::{Config, Layout};
use crate::console::filed::is_secret_lost;
use crate::console::state::{Console, Place};
use crate::console::{officers, pages};
use crate::context::{Context, Parts};
use crate::copies::Copies;
use crate::erasure;
use crate::erasure::list::ErasedList;
use crate::keys::{Keyring, NoReceiptKey};
use crate::retention;
use crate::store::{self, Store};
use crate::system;
use crate::trust::{TrustInForce, import};
use crate::worker::{self, Worker};

/// Opens the store, the keys and the trust; takes over what the configuration says to import. Files are read
/// and written right here: before the first request, nobody waits for this thread.
pub(super) async fn open(config: &Config, layout: &Layout) -> Result<Context, StartError> {
    let store = store::open(&layout.database(), config.store.as_ref()).await?;
    if let Some(from) = &config.import_keys {
        Keyring::import(from, &layout.keys())?;
        ca::import(from, &layout.tls())?;
    }
    if let Some(from) = &config.import_trust {
        import::copy(from, &layout.trust(), &*store, config.clock.now()).await?;
    }
    if let Some(recipient) = &config.backup_to {
        recipient::choose(layout, recipient)?;
    }
    context(config, layout, store).await
}

/// Joins what lies in the data folder.
pub(super) async fn context(
    config: &Config,
    layout: &Layout,
    store: Arc<dyn Store>,
) -> Result<Context, StartError> {
    let now = config.clock.now();
    let keys = Keyring::open(&layout.keys())?;
    let trust = TrustInForce::open(layout.trust(), store.clone(), now).await?;
    if let Some(refused) = trust.refused() {
        tracing::warn!(%refused, "the trust files in the folder are not in force");
    }
    let in_force = trust.trust();
    match keys.receipt(in_force.root(), now) {
        _ if !keys.opens_for(in_force.root()) => return Err(StartError::NotOurRoot),
        Err(NoReceiptKey::NotNamed) => return Err(StartError::NotOurRoot),
        // The clock can be set right while the office runs, and until then it gives news at least.
        Err(outside) => tracing::error!("{outside}"),
        Ok(_) => {}
    }
    if recipient::chosen(layout)?.is_none() {
        tracing::warn!("no backup can be made: say to whom it is encrypted, by --backup-to age1…");
    }
    let copies = config.copy_to.as_ref().map(|folder| Copies::open(folder, now)).transpose()?;
    let erased = ErasedList::of(layout, config.copy_to.as_deref());
    // Before anything is shown: this may be a database of before an erasure.
    erased.join(&*store).await?;
    // This may be a backup from before it went.
    let round = retention::round(&*store, &trust.communities(), now, || true).await?;
    if let Some((code, seconds)) = round.today.needs_a_person() {
        tracing::warn!(code, seconds, "nothing is deleted by this clock; see `back-office purge --help`");
    }
    if let Some(folder) = &config.copy_to {
        store.note_copy(erasure::copy_of(folder, now.0, None)).await?;
    }
    let generation = store.generation(Generation(system::random()?)).await?;
    officers::tell_all(&*store).await?;
    let clock = config.clock.clone();
    Ok(Context { copies, ..Context::of(Parts { store, trust, keys, generation, erased, clock }) })
}

/// Starts the worker, and returns what is answered from now on. `console` answers this machine's browser.
pub(super) async fn begin(
    console: Arc<Console>,
    at: &Place,
    rooms: &Rooms,
) -> Result<(Answers, Worker), StartError> {
    let context = &console.context;
    context.pacing.set(context.store.station_count().await?);
    context.audit_head.set(context.store.audit_head().await?);
    if is_secret_lost(context).await? {
        tracing::warn!(
            "keys/person.key is another one than that by which the oldest passages were filed: no number finds \
             them. Lay the earlier one beside it as keys/person-NAME.key"
        );
    }
    let (waker, worker) = worker::start(context);
    let office = Arc::new(Office::new(context.clone(), waker, rooms.stations.clone()));
    let page = local_router(office.clone(), pages::local_router(console.clone()), &rooms.page, ids()?);
    let stations = router(office, ids()?);
    let console = pages::router(Arc::new(console.at(at.page.clone(), true)));
    let console = bounded(console, &rooms.console, ids()?);
    Ok((Answers { stations, page, console }, worker))
}

/// Returns the moment at which the server's certificate is made: by this machine's clock, or, where that is
/// outside the receipt key's time, the nearest moment inside. So stations whose clocks are right reach an
/// office whose clock is wrong, and get news.
pub(super) fn certified_at(context: &Context, now: Timestamp) -> Timestamp {
    match context.keys.receipt(context.trust.trust().root(), now) {
        Err(NoReceiptKey::OutsideItsTime { not_before, not_after, .. }) => {
            now.min(not_after.plus(-1)).max(not_before)
        }
        Err(NoReceiptKey::NotNamed) | Ok(_) => now,
    }
}
