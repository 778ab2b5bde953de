//! A schema of its own for a test, on the server that the environment names or on a private one.

use scratch_postgres::Server;
use tokio_postgres::NoTls;

use super::{PostgresStore, PostgresUrl, connection};
use crate::system;

/// An empty schema. It is dropped with everything in it.
pub(crate) struct Scratch {
    server: Server,
    schema: String,
}

impl Scratch {
    /// Makes a schema. Where no server is named this thread starts one, which ends with the thread.
    pub fn new() -> Self {
        let server = Server::of_tests().unwrap_or_else(|error| panic!("{error}"));
        let schema = format!("test_{}", wire::hex::encode(&system::random::<8>().unwrap()));
        let this = Self { server, schema };
        this.ask(format!("CREATE SCHEMA {}", this.schema));
        this
    }

    /// Returns the URL of the schema.
    pub fn url(&self) -> PostgresUrl {
        self.text().parse().unwrap()
    }

    /// Returns the URL as a person writes it.
    pub fn text(&self) -> String {
        let sign = if self.server.url().contains('?') { '&' } else { '?' };
        format!("{}{sign}options=-csearch_path%3D{}", self.server.url(), self.schema)
    }

    /// Opens the store in the schema.
    pub async fn open(&self) -> PostgresStore {
        PostgresStore::open(&self.url()).await.unwrap()
    }

    /// Opens the store as two office processes that answer in turn.
    pub async fn open_as_two(&self) -> PostgresStore {
        let mut store = self.open().await;
        store.other =
            Some(super::Other { pool: connection::pool(&self.url()).unwrap(), turn: Default::default() });
        store
    }

    /// Runs statements in the schema.
    pub fn run(&self, sql: &str) {
        self.ask(format!("SET search_path = {}; {sql}", self.schema));
    }

    fn ask(&self, sql: String) {
        let config = self.url().config;
        // A thread and a runtime of its own: a test drops this where nothing can be awaited.
        let asked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (client, connection) = config.connect(NoTls).await.unwrap();
                let connection = tokio::spawn(connection);
                client.batch_execute(&sql).await.unwrap();
                drop(client);
                connection.await.unwrap().unwrap();
            });
        });
        asked.join().unwrap();
    }
}

impl PostgresStore {
    /// Returns whether a text is in any column of any table, as text or as bytes.
    pub async fn holds(&self, text: &str) -> bool {
        let client = self.client().await.unwrap();
        let tables = "SELECT quote_ident(table_name) FROM information_schema.tables
           WHERE table_schema = current_schema()";
        let hex = wire::hex::encode(text.as_bytes());
        for table in client.query(tables, &[]).await.unwrap() {
            let table: String = table.get(0);
            let sql = format!(
                "SELECT count(*) FROM {table} t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0"
            );
            let found: i64 = client.query_one(&sql, &[&text, &hex]).await.unwrap().get(0);
            if found > 0 {
                return true;
            }
        }
        false
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.ask(format!("DROP SCHEMA {} CASCADE", self.schema));
        }
    }
}

/// An empty database of its own, for what works on whole databases.
pub(crate) struct OwnDatabase {
    scratch: Scratch,
    name: String,
}

impl OwnDatabase {
    /// Makes a database.
    pub fn new() -> Self {
        let scratch = Scratch::new();
        let name = format!("{}_own", scratch.schema);
        scratch.ask(format!("CREATE DATABASE {name}"));
        Self { scratch, name }
    }

    /// Returns its URL.
    pub fn url(&self) -> PostgresUrl {
        let server = self.scratch.server.url();
        let (place, options) = server
            .split_once('?')
            .map_or((server, String::new()), |(place, options)| (place, format!("?{options}")));
        let (place, _) = place.rsplit_once('/').unwrap();
        format!("{place}/{}{options}", self.name).parse().unwrap()
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.scratch.ask(format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}
