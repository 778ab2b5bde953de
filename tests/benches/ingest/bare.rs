//! The least that a durable insert costs: one table, one statement, one commit.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, params};
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls, Statement};
use wire::SealedReport;

/// A bare table.
pub enum Bare {
    /// In SQLite one connection writes, whoever asks: two would wait for one another and sleep.
    Sqlite(Arc<Mutex<Connection>>),
    /// In PostgreSQL each connection is one.
    Postgres(Vec<(Client, Statement)>),
}

impl Bare {
    /// Opens a table in a new file, with the pragmas of the office.
    pub fn sqlite(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
            PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
            PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384;
            CREATE TABLE report (place INTEGER PRIMARY KEY, record BLOB, stream BLOB, seq INTEGER, kid BLOB,
              link BLOB, ciphertext BLOB) STRICT;";
        connection.execute_batch(pragmas).unwrap();
        Self::Sqlite(Arc::new(Mutex::new(connection)))
    }

    /// Makes a table, and so many connections.
    pub async fn postgres(url: &str, connections: usize) -> Self {
        let mut clients = Vec::new();
        for number in 0..connections {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            if number == 0 {
                let table =
                    "CREATE TABLE bare (record bytea NOT NULL, stream bytea NOT NULL, seq bigint NOT NULL,
                    kid bytea NOT NULL, link bytea NOT NULL, ciphertext bytea NOT NULL)";
                client.batch_execute(table).await.unwrap();
            }
            // One statement for the whole batch: one way there and back.
            let insert = "INSERT INTO bare SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[],
                $4::bytea[], $5::bytea[], $6::bytea[])";
            let statement = client.prepare(insert).await.unwrap();
            clients.push((client, statement));
        }
        Self::Postgres(clients)
    }

    /// Commits the batches of each connection one after the other, and those of all connections at the same
    /// time.
    pub async fn insert_all(&mut self, batches: Vec<Vec<Vec<SealedReport>>>) {
        match self {
            Self::Sqlite(connection) => {
                let mut writers = JoinSet::new();
                for batches in batches {
                    let connection = Arc::clone(connection);
                    writers.spawn_blocking(move || {
                        batches.iter().for_each(|reports| insert(&mut connection.lock().unwrap(), reports));
                    });
                }
                writers.join_all().await;
            }
            Self::Postgres(clients) => {
                let work = clients.drain(..).zip(batches);
                let mut writers = JoinSet::new();
                for ((client, statement), batches) in work {
                    writers.spawn(async move {
                        for reports in batches {
                            insert_unnested(&client, &statement, &reports).await;
                        }
                        (client, statement)
                    });
                }
                *clients = writers.join_all().await;
            }
        }
    }
}

fn insert(connection: &mut Connection, reports: &[SealedReport]) {
    let transaction = connection.transaction().unwrap();
    {
        let insert =
            "INSERT INTO report (record, stream, seq, kid, link, ciphertext) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut statement = transaction.prepare_cached(insert).unwrap();
        for SealedReport { stream, seq, record, kid, link, ciphertext } in reports {
            let row = params![record.0, stream.0, seq.cast_signed(), kid.0, link, ciphertext];
            statement.execute(row).unwrap();
        }
    }
    transaction.commit().unwrap();
}

async fn insert_unnested(client: &Client, statement: &Statement, reports: &[SealedReport]) {
    let column = |of: fn(&SealedReport) -> &[u8]| reports.iter().map(of).collect::<Vec<_>>();
    let seqs: Vec<i64> = reports.iter().map(|report| report.seq.cast_signed()).collect();
    let (records, streams) = (column(|report| &report.record.0), column(|report| &report.stream.0));
    let (kids, links) = (column(|report| &report.kid.0), column(|report| &report.link));
    let ciphertexts = column(|report| &report.ciphertext);
    let rows = client.execute(statement, &[&records, &streams, &seqs, &kids, &links, &ciphertexts]).await;
    assert_eq!(rows.unwrap(), reports.len() as u64);
}
