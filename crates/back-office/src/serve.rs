//! Starting and stopping a back office.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use disk::Access;
use hyper_util::rt::TokioTimer;
use tokio::task::JoinHandle as Task;

use crate::api::{Office, router};
use crate::config::{Config, Layout};
use crate::keys::{KeyError, Keyring};
use crate::limits::{HANDSHAKE_TIME, HEADER_TIME, STOP_TIME};
use crate::store::{SqliteStore, Store, StoreError};
use crate::tls::{self, TlsError};
use crate::trust::{self, TrustError, TrustInForce};
use crate::worker::{self, Desk};

/// Why a back office does not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Plain HTTP where others could listen.
    #[error("--plain-http is for loopback only, and {0} is not: leave it out, and TLS is used")]
    PlainHttp(IpAddr),
    /// A host name that no certificate can name.
    #[error("{0:?} is no host name or address")]
    Host(String),
    /// Another process serves from this folder.
    #[error("another back office serves from this folder")]
    AlreadyServing,
    /// None of the root's recipients or receipt keys is this office's.
    #[error("the root file names none of this office's keys; see `back-office keys`, or use --import-keys")]
    NotOurRoot,
    /// The file system or the network.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A file or a folder.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// Keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// Trust files.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// A back office that serves, until it is stopped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    /// The address for tickets, such as `https://192.168.1.5:8443`.
    pub url: String,
    handle: Handle<SocketAddr>,
    server: Task<io::Result<()>>,
    worker: JoinHandle<()>,
    // Released by the system when the process ends, however it ends.
    _serving: File,
}

impl Running {
    /// Stops: takes no more requests, lets those at work end, settles what the worker has in hand.
    ///
    /// # Errors
    /// Where the server ended with an error of its own.
    pub async fn shutdown(self) -> io::Result<()> {
        self.handle.graceful_shutdown(Some(STOP_TIME));
        let served = self.server.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        // The last waker went with the server, so the worker ends by itself.
        let worker = self.worker;
        let joined = tokio::task::spawn_blocking(move || worker.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            return Err(io::Error::other("the worker ended badly"));
        }
        served
    }
}

/// Starts a back office inside the current tokio runtime.
///
/// # Errors
/// [`StartError`].
pub async fn serve(config: Config) -> Result<Running, StartError> {
    let prepared = tokio::task::spawn_blocking(move || prepare(&config))
        .await
        .map_err(|error| StartError::Io(io::Error::other(error)))??;
    let Prepared { desk, listener, tls, url, serving } = prepared;
    let addr = listener.local_addr()?;
    let (waker, worker) = worker::start(desk.clone())?;
    let app = router(Arc::new(Office::new(desk, waker))).into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let mut server = axum_server::from_tcp(listener)?.handle(handle.clone()).http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
    let server = match tls {
        Some(tls) => {
            let acceptor =
                RustlsAcceptor::new(RustlsConfig::from_config(tls)).handshake_timeout(HANDSHAKE_TIME);
            let handle = handle.clone();
            tokio::spawn(server.acceptor(acceptor).handle(handle).serve(app))
        }
        None => tokio::spawn(server.serve(app)),
    };
    Ok(Running { addr, url, handle, server, worker, _serving: serving })
}

struct Prepared {
    desk: Desk,
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    url: String,
    serving: File,
}

fn prepare(config: &Config) -> Result<Prepared, StartError> {
    if config.plain_http && !config.listen.ip().is_loopback() {
        return Err(StartError::PlainHttp(config.listen.ip()));
    }
    if let Some(bad) = config.hosts.iter().find(|host| !tls::is_host(host)) {
        return Err(StartError::Host(bad.clone()));
    }
    let layout = Layout::of(&config.data);
    disk::private_folder(layout.root())?;
    let serving = lock(&layout)?;
    let now = config.clock.now();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&layout.database())?);
    if let Some(from) = &config.import_keys {
        Keyring::import(from, &layout.keys())?;
    }
    if let Some(from) = &config.import_trust {
        trust::import(from, &layout.trust(), &*store, now)?;
    }
    let keys = Keyring::open(&layout.keys())?;
    let trust = TrustInForce::open(layout.trust(), store.clone(), now)?;
    if let Some(refused) = trust.refused() {
        tracing::warn!(%refused, "the trust files in the folder are not in force");
    }
    let root = trust.trust();
    if !keys.opens_for(root.root()) || keys.receipt(root.root(), now).is_none() {
        return Err(StartError::NotOurRoot);
    }
    let listener = TcpListener::bind(config.listen)?;
    listener.set_nonblocking(true)?;
    let addr = listener.local_addr()?;
    let hosts = hosts(config, addr.ip());
    let tls = (!config.plain_http).then(|| tls::server(&layout.tls(), &hosts, now)).transpose()?;
    let url = url(tls.is_some(), hosts.first().map_or("localhost", String::as_str), addr.port());
    disk::replace(&layout.address(), url.as_bytes(), Access::Owner)?;
    let desk = Desk { store, trust: Arc::new(trust), keys: Arc::new(keys), clock: config.clock.clone() };
    Ok(Prepared { desk, listener, tls, url, serving })
}

fn lock(layout: &Layout) -> Result<File, StartError> {
    let file =
        File::options().create(true).truncate(false).write(true).open(layout.root().join("serving.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::AlreadyServing),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The names of this machine, the one for tickets first.
fn hosts(config: &Config, ip: IpAddr) -> Vec<String> {
    let mut hosts = config.hosts.clone();
    if !ip.is_unspecified() {
        hosts.push(ip.to_string());
    }
    for local in ["localhost", "127.0.0.1", "::1"] {
        if !hosts.iter().any(|host| host == local) {
            hosts.push(local.to_owned());
        }
    }
    hosts
}

fn url(tls: bool, host: &str, port: u16) -> String {
    let scheme = if tls { "https" } else { "http" };
    if host.contains(':') {
        format!("{scheme}://[{host}]:{port}")
    } else {
        format!("{scheme}://{host}:{port}")
    }
}
