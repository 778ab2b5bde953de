//! Starting and stopping a back office.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;

use disk::Access;
use health_code::Timestamp;
use web::{Bounds, RequestIds, Room, Server, TlsError};
use wire::Generation;

use crate::api::{Office, local_router, router};
use crate::backup::{BackupError, recipient};
use crate::ca::{self, CaError};
use crate::config::{Config, Layout};
use crate::context::Context;
use crate::copies::{Copies, CopyError};
use crate::keys::{KeyError, Keyring, NoReceiptKey};
use crate::running::Running;
use crate::store::{self, StoreError};
use crate::system::NoRandomness;
use crate::trust::{TrustError, TrustInForce, import};
use crate::{system, worker};

const SERVER_NAME: &str = "Kadian back office";

/// Why a back office does not start. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Plain HTTP was asked for where others could listen.
    #[error("--plain-http is for loopback only, and {0} is not: leave it out, and TLS is used")]
    PlainHttp(IpAddr),
    /// The local page was to be shown where others could ask for it.
    #[error("--page is for loopback only, and {0} is not")]
    Page(IpAddr),
    /// No certificate can name this host.
    #[error("{0:?} is no host name or address")]
    Host(String),
    /// Another process serves from this folder.
    #[error("another back office serves from this folder")]
    AlreadyServing,
    /// The office has none of the private keys that the root file names.
    #[error("the root file names none of this office's keys; see `back-office keys`, or use --import-keys")]
    NotOurRoot,
    /// The file system or the network failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// The office's keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// No trust files can come into force.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The recipient of backups cannot be kept.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The folder of copies cannot be written.
    #[error(transparent)]
    Copies(#[from] CopyError),
    /// The CA cannot be used.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// The server's certificate cannot be made.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Starts a back office in the current tokio runtime.
///
/// # Errors
/// [`StartError`].
pub async fn serve(config: Config) -> Result<Running, StartError> {
    let Prepared { context, listener, page, tls, addr, url, serving } = prepare(&config).await?;
    let ids = || system::random().map(|ids| RequestIds::new(u32::from_be_bytes(ids)));
    context.pacing.set(context.store.station_count().await?);
    let (waker, worker) = worker::start(&context);
    // Each has room of its own: however many stations send, the page is shown.
    let (room, local_room) = (Room::new(Bounds::default()), Room::new(Bounds::default()));
    let office = Arc::new(Office::new(context, waker, room.clone()));
    let shown_at = page.local_addr()?;
    let local = Server::start(page, None, local_router(office.clone(), &local_room, ids()?), &local_room)?;
    let server = Server::start(listener, tls, router(office, ids()?), &room)?;
    Ok(Running { addr, url, page: shown_at, server, local, worker, serving })
}

/// What has to be there before the first request is taken.
struct Prepared {
    context: Context,
    listener: TcpListener,
    page: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    addr: SocketAddr,
    url: String,
    serving: File,
}

/// Files are read and written right here: before the first request, nobody waits for this thread.
async fn prepare(config: &Config) -> Result<Prepared, StartError> {
    check(config)?;
    let layout = Layout::of(&config.data);
    disk::private_folder(layout.root())?;
    let serving = lock(&layout)?;
    let context = open(config, &layout).await?;
    let listener = web::listen(config.listen)?;
    let page = web::listen(config.page)?;
    let addr = listener.local_addr()?;
    let hosts = hosts(config, addr.ip());
    let tls = if config.plain_http {
        None
    } else {
        let now = certified_at(&context, config.clock.now());
        Some(ca::open(&layout.tls(), now)?.server(SERVER_NAME, &hosts, now)?)
    };
    let url = url(tls.is_some(), hosts.first().map_or("localhost", String::as_str), addr.port());
    disk::replace(&layout.address(), url.as_bytes(), Access::Owner)?;
    Ok(Prepared { context, listener, page, tls, addr, url, serving })
}

/// Returns the moment at which the server's certificate is made: by this machine's clock, or, where that is
/// outside the receipt key's time, the nearest moment inside. So stations whose clocks are right reach an
/// office whose clock is wrong, and get news.
fn certified_at(context: &Context, now: Timestamp) -> Timestamp {
    match context.keys.receipt(context.trust.trust().root(), now) {
        Err(NoReceiptKey::OutsideItsTime { not_before, not_after, .. }) => {
            now.min(not_after.plus(-1)).max(not_before)
        }
        Err(NoReceiptKey::NotNamed) | Ok(_) => now,
    }
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

/// Opens the store, the keys and the trust; takes over what the configuration says to import.
async fn open(config: &Config, layout: &Layout) -> Result<Context, StartError> {
    let now = config.clock.now();
    let store = store::open(&layout.database(), config.store.as_ref()).await?;
    if let Some(from) = &config.import_keys {
        Keyring::import(from, &layout.keys())?;
        ca::import(from, &layout.tls())?;
    }
    if let Some(from) = &config.import_trust {
        import::copy(from, &layout.trust(), &*store, now).await?;
    }
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
    if let Some(recipient) = &config.backup_to {
        recipient::choose(layout, recipient)?;
    }
    if recipient::chosen(layout)?.is_none() {
        tracing::warn!("no backup can be made: say to whom it is encrypted, by --backup-to age1…");
    }
    let copies = config.copy_to.as_ref().map(|folder| Copies::open(folder, now)).transpose()?;
    let generation = store.generation(Generation(system::random()?)).await?;
    let clock = config.clock.clone();
    let (trust, keys) = (Arc::new(trust), Arc::new(keys));
    let (pacing, metrics, audit_head) = (Arc::default(), Arc::default(), Arc::default());
    Ok(Context { store, trust, keys, generation, copies, clock, pacing, audit_head, metrics })
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

/// Returns the names of this machine; tickets use the first.
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::path::Path;
    use std::sync::atomic::AtomicI64;

    use super::*;
    use crate::system::Clock;
    use crate::testing::world::{files_with_list, write_keys, write_trust};

    fn config(folder: &Path) -> Config {
        write_keys(&folder.join("keys"));
        write_trust(&folder.join("trust"), &files_with_list(7));
        Config {
            import_keys: Some(folder.join("keys")),
            import_trust: Some(folder.join("trust")),
            clock: Clock::set_by(Arc::new(AtomicI64::new(sample::NOW.0))),
            ..Config::loopback(&folder.join("office"))
        }
    }

    fn get(addr: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(addr).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_office_serves_alone_until_it_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let running = serve(config.clone()).await.unwrap();
        assert_eq!(running.url, format!("http://127.0.0.1:{}", running.addr.port()));
        assert!(get(running.addr, "/v1/trust/root.cose").starts_with("HTTP/1.1 200"));
        // Over a real connection the peer is known, so this machine's browser sees the page, at its own port.
        assert!(get(running.page, "/").contains("样例社区"));
        assert!(get(running.addr, "/").starts_with("HTTP/1.1 404"));
        assert!(matches!(serve(config.clone()).await, Err(StartError::AlreadyServing)));
        running.shutdown().await.unwrap();
        serve(config).await.unwrap().shutdown().await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_office_whose_clock_is_outside_its_receipt_keys_time_starts_says_so_and_gives_news() {
        let folder = tempfile::tempdir().unwrap();
        for years in [-40, 40] {
            let now = sample::NOW.plus(years * 365 * 86_400);
            let clock = Clock::set_by(Arc::new(AtomicI64::new(now.0)));
            let config = Config { clock, ..config(folder.path()) };
            let running = serve(config).await.unwrap();
            assert!(get(running.addr, "/v1/trust/root.cose").starts_with("HTTP/1.1 200"));
            let page = get(running.page, "/");
            let key = sample::key(sample::RECEIPTS).kid().to_string();
            assert!(page.contains(&key) && page.contains("stations wait"), "{page}");
            running.shutdown().await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_certificate_is_made_for_stations_whose_clocks_are_right() {
        let folder = tempfile::tempdir().unwrap();
        let context = crate::testing::world::context(folder.path(), Clock::system()).await;
        let root = context.trust.trust().root().clone();
        let key = &root.receipts[0];
        for (clock, certified) in [
            (sample::NOW, sample::NOW),
            (Timestamp(0), key.not_before),
            (key.not_after, key.not_after.plus(-1)),
            (Timestamp(i64::MAX), key.not_after.plus(-1)),
        ] {
            assert_eq!(certified_at(&context, clock), certified);
        }
    }

    #[tokio::test]
    async fn what_would_not_work_is_refused_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let good = config(folder.path());
        let open = Config { listen: SocketAddr::from(([0, 0, 0, 0], 0)), ..good.clone() };
        assert!(matches!(serve(open).await, Err(StartError::PlainHttp(_))));
        let page = Config { page: SocketAddr::from(([192, 0, 2, 1], 0)), ..good.clone() };
        assert!(matches!(serve(page).await, Err(StartError::Page(_))));
        let host = Config { hosts: vec!["no host".into()], ..good.clone() };
        assert!(matches!(serve(host).await, Err(StartError::Host(_))));
        let keys = Config { import_keys: None, ..good };
        assert!(matches!(serve(keys).await, Err(StartError::NotOurRoot)));
    }
}
