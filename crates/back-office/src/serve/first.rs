//! Serving a first start, and the office that it becomes, in one process.

use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use web::{RequestError, bounded};

use super::doors::{Answers, Doors, Rooms, ids};
use super::error::StartError;
use super::office;
use super::switch::Switch;
use crate::ca;
use crate::config::{Config, Layout};
use crate::console::first_start::{self, FirstStart, Host};
use crate::console::state::{Console, Place};
use crate::console::words;
use crate::context::Context;
use crate::running::{Running, Working};
use crate::store::Store;
use crate::system;
use crate::worker::Worker;

/// Serves the first start of a data folder.
pub(super) async fn serve(
    config: Config,
    layout: Layout,
    store: Arc<dyn Store>,
    serving: File,
) -> Result<Running, StartError> {
    let doors = Doors::open(&config, &layout, config.clock.now())?;
    let (place, tls) = (doors.place(&layout), layout.tls());
    // No office yet: stations and people elsewhere are told to come again.
    let none = || axum::Router::new().fallback(|| async { RequestError::Busy });
    let (stations, page, console) = (Switch::new(none()), Switch::new(none()), Switch::new(none()));
    let answers = Answers { stations: stations.router(), page: page.router(), console: console.router() };
    let word = words::word(&system::random::<{ words::INVITATION }>()?);
    let (begun, coming) = oneshot::channel();
    let (clock, rooms) = (config.clock.clone(), doors.rooms.clone());
    let (local, elsewhere) = (rooms.page.clone(), rooms.console.clone());
    let open_elsewhere = config.first_start_elsewhere.then(|| console.clone());
    let bought = config.tls.is_some();
    let switches = (stations, page.clone(), console);
    let host = Process {
        config,
        store: store.clone(),
        place: place.clone(),
        rooms,
        switches,
        begun: Mutex::new(Some(begun)),
    };
    let first = FirstStart::new(Box::new(host), store, place, clock, &word).await;
    let first = Arc::new(first.map_err(StartError::FirstStart)?);
    page.set(bounded(first_start::router(first.clone()), &local, ids()?));
    if let Some(console) = &open_elsewhere {
        console.set(bounded(first_start::router_over_tls(first), &elsewhere, ids()?));
    }
    let (addr, url, shown_at) = (doors.addr, doors.url.clone(), doors.shown_at);
    let console = doors.console_url.clone();
    let ca = if bought { None } else { ca::certificate(&tls)? };
    let ca = ca.map(|ca| wire::ticket::fingerprint(&Sha256::digest(&ca).into()));
    let first_start_at = match &console {
        Some(console) if open_elsewhere.is_some() => Some(told(console, &ca)),
        _ => None,
    };
    let servers = doors.answer(answers)?;
    let worker = Working::Waits(coming);
    Ok(Running {
        addr,
        url,
        page: shown_at,
        console,
        first_word: Some(word),
        first_start_at,
        servers,
        worker,
        serving,
    })
}

/// Returns where browsers elsewhere make the first start, with the fingerprint of the CA behind its certificate: a
/// browser that does not know the CA warns, and shows the same.
fn told(console: &str, fingerprint: &Option<[String; 8]>) -> String {
    match fingerprint {
        Some(groups) => format!("{console}/console/, whose certificate is by the CA {},", groups.join(" ")),
        None => format!("{console}/console/"),
    }
}

/// This process, as the first start sees it.
struct Process {
    config: Config,
    store: Arc<dyn Store>,
    place: Place,
    rooms: Rooms,
    switches: (Switch, Switch, Switch),
    begun: Mutex<Option<oneshot::Sender<Worker>>>,
}

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process").field("place", &self.place).finish_non_exhaustive()
    }
}

#[async_trait]
impl Host for Process {
    async fn open(&self) -> Result<Context, String> {
        let opened = office::context(&self.config, &self.place.layout, self.store.clone()).await;
        opened.map_err(|error| error.to_string())
    }

    async fn begin(&self, console: Arc<Console>) -> Result<(), String> {
        let begun = office::begin(console, &self.place, &self.rooms).await;
        let (Answers { stations, page, console }, worker) = begun.map_err(|error| error.to_string())?;
        let (to_stations, to_page, to_console) = &self.switches;
        to_stations.set(stations);
        to_page.set(page);
        to_console.set(console);
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Whoever waited for the worker has ended if nobody takes it.
        drop(begun.map(|begun| begun.send(worker)));
        tracing::info!("the first start is over: the office serves");
        Ok(())
    }
}
