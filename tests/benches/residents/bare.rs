//! A look-up in the same index, with nothing of the office around it: ids and moments of somebody's passages.

use std::path::Path;

use back_office::store::Around;
use rusqlite::{Connection, OpenFlags, params};
use tokio_postgres::Client;

use crate::{By, ROWS};

/// A connection of its own.
pub enum Bare {
    Sqlite(Connection),
    Postgres(Client),
}

impl Bare {
    pub fn sqlite(file: &Path) -> Self {
        Self::Sqlite(Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap())
    }

    /// Returns how many passages the index names about a place and a time.
    pub async fn around(&self, around: &Around) -> usize {
        let (from, until) = (around.at.0 - around.within, around.at.0 + around.within);
        let sql = "SELECT at FROM passages WHERE checkpoint = $1 AND at BETWEEN $2 AND $3";
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql).unwrap();
                let params = params![around.checkpoint, from, until];
                let rows = statement.query_map(params, |row| row.get::<_, i64>(0)).unwrap();
                rows.map(Result::unwrap).count()
            }
            Self::Postgres(client) => {
                client.query(sql, &[&&around.checkpoint[..], &from, &until]).await.unwrap().len()
            }
        }
    }

    /// Returns how many passages the index names, at most as many as a look shows.
    pub async fn look(&self, by: By, key: [u8; 16]) -> usize {
        let (sqlite, postgres) = match by {
            By::Identity => ("identity = ?1", "identity = $1"),
            By::Phone => ("phone = ?1", "phone = $1"),
            By::Code => ("iss = 'sample' AND pseudonym = ?1", "iss = 'sample' AND pseudonym = $1"),
        };
        let of =
            |filter: &str| format!("SELECT at FROM passages WHERE {filter} ORDER BY at DESC LIMIT {ROWS}");
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&of(sqlite)).unwrap();
                let rows = statement.query_map(params![key], |row| row.get::<_, i64>(0)).unwrap();
                rows.map(Result::unwrap).count()
            }
            Self::Postgres(client) => client.query(&of(postgres), &[&&key[..]]).await.unwrap().len(),
        }
    }
}
