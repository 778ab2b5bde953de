//! The databases: grown once, and copied for each cell.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use back_office::store::{PostgresStore, PostgresUrl, SqliteStore, Store};
use rusqlite::Connection;
use scratch_postgres::Cluster;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls};

use crate::bare::Bare;
use crate::options::{Kind, Options};
use crate::senders::Senders;
use crate::sqlite::fill_log;

/// Reports in a batch by which a database grows.
const GROWS_BY: usize = 500;
/// Connections by which it grows.
const GROWERS: usize = 4;
/// Batches of each connection between two times at which the mail is forgotten.
const BETWEEN: usize = 25;

/// A database engine, and the folder of this run.
pub struct Engine {
    kind: Kind,
    folder: TempDir,
    server: Option<String>,
    _own: Option<Cluster>,
}

/// The names of the grown database and of its copy.
const GROWN: &str = "grown";
const COPY: &str = "copied";

impl Engine {
    pub fn start(kind: Kind, options: &Options) -> Self {
        let own = (kind == Kind::Postgres && options.postgres.is_none()).then(|| Cluster::start().unwrap());
        let named = options.postgres.clone().filter(|_| kind == Kind::Postgres);
        let server = named.or_else(|| own.as_ref().map(|own| own.url().to_owned()));
        let folder = match &options.folder {
            Some(folder) => TempDir::with_prefix_in("ingest-", folder),
            None => TempDir::with_prefix("ingest-"),
        };
        Self { kind, folder: folder.unwrap(), server, _own: own }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the folder of this run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the database, and enrols the stations.
    pub async fn prepare(&self, senders: &Senders) {
        if self.kind == Kind::Postgres {
            self.make(GROWN, None).await;
        }
        senders.enrol(&*self.open(GROWN).await).await;
    }

    /// Takes batches in until the database holds so many reports. Their mail is not kept.
    pub async fn grow(&self, senders: &mut Senders, rows: usize) {
        let store = self.open(GROWN).await;
        let mut held = usize::try_from(store.counts().await.unwrap().records).unwrap();
        while held < rows {
            let count = BETWEEN.min((rows - held).div_ceil(GROWS_BY * GROWERS));
            let mut growing = JoinSet::new();
            for batches in senders.batches(GROWERS, count, GROWS_BY, false) {
                let store = Arc::clone(&store);
                growing.spawn(async move {
                    for arrival in batches {
                        store.accept(arrival).await.unwrap();
                    }
                });
            }
            growing.join_all().await;
            held += count * GROWS_BY * GROWERS;
            self.forget_mail().await;
        }
        eprintln!("{} holds {held} reports", self.kind.name());
    }

    async fn forget_mail(&self) {
        match self.kind {
            Kind::Sqlite => {
                let connection = Connection::open(self.file(GROWN)).unwrap();
                connection.busy_timeout(Duration::from_secs(60)).unwrap();
                connection.execute_batch("DELETE FROM mail").unwrap();
            }
            Kind::Postgres => self.client(GROWN).await.batch_execute("TRUNCATE mail").await.unwrap(),
        }
    }

    /// Returns how many bytes the database keeps for ever.
    pub async fn kept_bytes(&self) -> u64 {
        let bytes: i64 = match self.kind {
            Kind::Sqlite => {
                let connection = Connection::open(self.file(GROWN)).unwrap();
                let pages = "SELECT sum(pgsize) FROM dbstat WHERE name IN
                    (SELECT name FROM sqlite_schema WHERE tbl_name IN ('run', 'tip'))";
                connection.query_row(pages, [], |row| row.get(0)).unwrap()
            }
            Kind::Postgres => {
                let sizes = "SELECT pg_total_relation_size('run') + pg_total_relation_size('tip')";
                self.client(GROWN).await.query_one(sizes, &[]).await.unwrap().get(0)
            }
        };
        bytes.unsigned_abs()
    }

    /// Opens a copy of the grown database, and a bare table beside it.
    pub async fn copy(&self, connections: usize) -> (Arc<dyn Store>, Bare) {
        match self.kind {
            Kind::Sqlite => {
                let from = self.file(GROWN);
                // What the log still holds is written into the file first.
                let connection = Connection::open(&from).unwrap();
                let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
                connection.query_row(emptied, [], |_| Ok(())).unwrap();
                drop(connection);
                fs::copy(&from, self.file(COPY)).unwrap();
                let (store, bare) = (self.open(COPY).await, Bare::sqlite(&self.file("bare")));
                ["bare", COPY].iter().for_each(|name| fill_log(&self.file(name)));
                (store, bare)
            }
            Kind::Postgres => {
                self.make(COPY, Some(GROWN)).await;
                (self.open(COPY).await, Bare::postgres(&self.url(COPY), connections).await)
            }
        }
    }

    /// Removes both.
    pub async fn drop_copy(&self, store: Arc<dyn Store>, bare: Bare) {
        drop((store, bare));
        match self.kind {
            Kind::Sqlite => {
                for name in [COPY, "bare"] {
                    for ending in ["", "-wal", "-shm"] {
                        let mut path = self.file(name).into_os_string();
                        path.push(ending);
                        // The log goes with its last connection.
                        let _ = fs::remove_file(path);
                    }
                }
            }
            Kind::Postgres => {
                let drop = format!("DROP DATABASE {COPY} WITH (FORCE)");
                self.client("postgres").await.batch_execute(&drop).await.unwrap();
            }
        }
    }

    /// Opens the office's store on a database of this name.
    pub async fn open(&self, name: &str) -> Arc<dyn Store> {
        match self.kind {
            Kind::Sqlite => Arc::new(SqliteStore::open(&self.file(name)).unwrap()),
            Kind::Postgres => Arc::new(PostgresStore::open(&self.address(name)).await.unwrap()),
        }
    }

    /// Returns the address of a database, as the office takes it.
    pub fn address(&self, name: &str) -> PostgresUrl {
        self.url(name).parse().unwrap()
    }

    /// Makes an empty database, or a copy of another.
    pub async fn make(&self, name: &str, template: Option<&str>) {
        let client = self.client("postgres").await;
        let like = match template {
            None => String::new(),
            Some(other) => {
                // Nobody may be connected to a database that is copied.
                let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
                client.execute(others, &[&other]).await.unwrap();
                format!("TEMPLATE {other} STRATEGY FILE_COPY")
            }
        };
        let make = format!("CREATE DATABASE {name} {like}");
        client.batch_execute(&make).await.unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name).with_extension("sqlite")
    }

    /// Returns the URL of a database on the server: another path.
    fn url(&self, name: &str) -> String {
        let server = self.server.as_deref().unwrap();
        let (host, _) = server.rsplit_once('/').unwrap();
        format!("{host}/{name}")
    }

    async fn client(&self, name: &str) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.url(name), NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}
