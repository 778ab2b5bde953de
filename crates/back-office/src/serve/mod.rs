//! Starting and stopping a back office.

mod doors;
mod error;
mod first;
mod office;
mod switch;
#[cfg(test)]
mod tests;

use std::fs::{File, TryLockError};
use std::sync::Arc;

use crate::config::{Config, Layout};
use crate::console::first_start::FirstStart;
use crate::console::state::Console;
use crate::running::{Running, Working};
use crate::store;
use doors::Doors;

pub use error::StartError;

/// Starts a back office in the current tokio runtime.
///
/// # Errors
/// [`StartError`].
pub async fn serve(config: Config) -> Result<Running, StartError> {
    check(&config)?;
    let layout = Layout::of(&config.data);
    disk::private_folder(layout.root())?;
    let serving = lock(&layout)?;
    // Whoever imports from the command line needs no page for it.
    if config.import_trust.is_none() && config.import_keys.is_none() {
        let store = store::open(&layout.database(), config.store.as_ref()).await?;
        let has_trust = store.first_community().await?.is_some();
        if FirstStart::is_due(&layout, has_trust) {
            return first::serve(config, layout, store, serving).await;
        }
    }
    let context = office::open(&config, &layout).await?;
    let certified = office::certified_at(&context, config.clock.now());
    let doors = Doors::open(&config, &layout, certified)?;
    let place = doors.place(&layout);
    let console = Arc::new(Console::new(context, place.clone(), false));
    let (answers, worker) = office::begin(console, &place, &doors.rooms).await?;
    let (addr, url, page) = (doors.addr, doors.url.clone(), doors.shown_at);
    let console = doors.console_url.clone();
    let servers = doors.answer(answers)?;
    Ok(Running {
        addr,
        url,
        page,
        console,
        first_word: None,
        first_start_at: None,
        servers,
        worker: Working::Works(worker),
        serving,
    })
}

fn check(config: &Config) -> Result<(), StartError> {
    if config.plain_http && !config.listen.ip().is_loopback() {
        return Err(StartError::PlainHttp(config.listen.ip()));
    }
    if !config.page.ip().is_loopback() {
        return Err(StartError::Page(config.page.ip()));
    }
    match config.hosts.iter().find(|host| !web::tls::is_host(host)) {
        Some(bad) => Err(StartError::Host(bad.clone())),
        None => Ok(()),
    }
}

/// Locks the data folder against a second server.
fn lock(layout: &Layout) -> Result<File, StartError> {
    let path = layout.root().join("serving.lock");
    let file = File::options().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::AlreadyServing),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
