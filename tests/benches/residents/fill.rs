//! Databases filled directly: stations, and passages of residents who pass at many of them.
//!
//! A station's passages are written in the order of their ids, and the other indexes are made at the end:
//! the same tables as those that grew, in minutes instead of hours.

use std::path::Path;

use rusqlite::{Connection, params};
use tokio_postgres::{Client, NoTls};

/// Stations, ten in each community.
const STATIONS: u64 = 1000;
/// Communities, each with one checkpoint.
const COMMUNITIES: u64 = 100;
/// How often a resident passes: ten million passages are of 500,000 residents.
const PASSES: u64 = 20;
/// How many of them pass a hundred times as often.
pub const OFTEN: u64 = 100;
/// One passage in so many is of somebody who passes often.
const OFTEN_EVERY: u64 = 50;
/// Issuer of every code.
pub const ISSUER: &str = "sample";
/// Bytes of a code, as passages keep it.
const CODE_BYTES: u64 = 330;
/// The first moment, and the seconds over which passages are spread: ninety days.
pub const FIRST: u64 = 1_900_000_000;
pub const SECONDS: u64 = 90 * 86_400;

/// Returns a resident by a number, among so many passages: others for other numbers, in no order.
pub fn person(n: u64, rows: u64) -> u64 {
    OFTEN + (n * 7919) % (rows / PASSES - OFTEN)
}

/// Returns by what a resident is filed, in place of hashes: as wide, and as well spread.
pub fn key(person: u64) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&(person * 0x9e37_79b1 % (1 << 32)).to_be_bytes());
    key[8..].copy_from_slice(&person.to_be_bytes());
    key
}

/// Returns who passes at a station as its nth.
fn who(station: u64, nth: u64, each: u64) -> u64 {
    let all = station * each + nth;
    if all.is_multiple_of(OFTEN_EVERY) { (all / OFTEN_EVERY) % OFTEN } else { person(all, STATIONS * each) }
}

/// Returns the community of a station.
pub fn community(station: u64) -> String {
    format!("420106001{:03}", station % COMMUNITIES + 1)
}

/// Returns the checkpoint of a station.
pub fn checkpoint(station: u64) -> [u8; 8] {
    (station % COMMUNITIES).to_be_bytes()
}

fn id(a: u64, b: u64) -> Vec<u8> {
    [a.to_be_bytes(), b.to_be_bytes()].concat()
}

fn station_key(station: u64) -> Vec<u8> {
    [id(station, 1), id(station, 2)].concat()
}

/// Asks by what people are filed.
const KEYS: &str = "SELECT DISTINCT identity FROM passages WHERE identity IS NOT NULL";
/// As many as are looked for.
const ASKED: usize = 600;

const COLUMNS: &str = "station, record, at, judged_at, clock, checkpoint, direction, collector, policies, trust,
    shown, outcome, iss, pseudonym, masked_name, masked_id, colour, region, code, received_at, filed_at, verified,
    certificate, identity, phone";

/// Returns by what those are filed whose passages are there already.
pub fn keys_of_sqlite(file: &Path) -> Vec<[u8; 16]> {
    let connection = Connection::open(file).unwrap();
    let mut statement = connection.prepare(&format!("{KEYS} LIMIT {ASKED}")).unwrap();
    let keys = statement.query_map([], |row| row.get(0)).unwrap();
    keys.map(Result::unwrap).collect()
}

/// Fills an office's SQLite file.
pub fn sqlite(file: &Path, rows: u64) {
    let mut connection = Connection::open(file).unwrap();
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;").unwrap();
    let indexes: Vec<(String, String)> = {
        let named = "SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'passages' AND type = 'index'
            AND sql IS NOT NULL";
        let mut statement = connection.prepare(named).unwrap();
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        found.map(Result::unwrap).collect()
    };
    for (name, _) in &indexes {
        connection.execute_batch(&format!("DROP INDEX {name}")).unwrap();
    }
    let each = rows / STATIONS;
    let values = (1..=25).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let insert = format!("INSERT INTO passages ({COLUMNS}) VALUES ({values})");
    for station in 0..STATIONS {
        let transaction = connection.transaction().unwrap();
        let own = station_key(station);
        let enrol = "INSERT INTO stations (id, key, sealing, name, community, enrolled_at)
            VALUES (?1, ?2, ?2, 'bench', ?3, 0)";
        transaction.execute(enrol, params![id(0, station), own, community(station)]).unwrap();
        let mut passage = transaction.prepare_cached(&insert).unwrap();
        for nth in 0..each {
            let (at, key) = (moment(nth, each, station), key(who(station, nth, each)));
            let code = vec![0xab_u8; CODE_BYTES as usize];
            passage
                .execute(params![
                    id(0, station),
                    id(nth, station),
                    at,
                    at,
                    0,
                    checkpoint(station),
                    1,
                    [2_u8; 8],
                    [3_u8; 32],
                    7_u64.to_be_bytes(),
                    0,
                    0,
                    ISSUER,
                    key,
                    "样*",
                    "4201**********0011",
                    "green",
                    "420106001001",
                    code,
                    at,
                    at,
                    1,
                    None::<String>,
                    key,
                    key
                ])
                .unwrap();
        }
        drop(passage);
        transaction.commit().unwrap();
        if station % 100 == 99 {
            eprintln!("SQLite: {} passages", (station + 1) * each);
        }
    }
    for (_, sql) in indexes {
        connection.execute_batch(&sql).unwrap();
    }
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

fn moment(nth: u64, each: u64, station: u64) -> i64 {
    i64::try_from(FIRST + nth * SECONDS / each + station % 60).unwrap()
}

/// Fills an office's PostgreSQL database. Returns by what those are filed whose passages were there before, too.
pub async fn postgres(url: &str, rows: u64) -> (Client, Vec<[u8; 16]>) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let before = client.query(&format!("{KEYS} LIMIT {ASKED}"), &[]).await.unwrap();
    let before = before.iter().map(|row| row.get::<_, &[u8]>(0).try_into().unwrap()).collect();
    client.batch_execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'").await.unwrap();
    // As the office makes them when the first passage of a week comes.
    let week = 7 * 86_400;
    for span in FIRST / week..=(FIRST + SECONDS + 60) / week {
        let (from, until) = (span * week, (span + 1) * week);
        let sql = format!(
            "CREATE TABLE passages_{span} PARTITION OF passages FOR VALUES FROM ({from}) TO ({until})"
        );
        client.batch_execute(&sql).await.unwrap();
    }
    let named = "SELECT indexname, indexdef FROM pg_indexes
        WHERE tablename = 'passages' AND indexname NOT LIKE '%pkey' AND schemaname = current_schema()";
    let indexes = client.query(named, &[]).await.unwrap();
    for index in &indexes {
        client.batch_execute(&format!("DROP INDEX {}", index.get::<_, String>(0))).await.unwrap();
    }
    let each = rows / STATIONS;
    // The same arithmetic as in `who`, `person` and `key`, in the server: nothing travels.
    let people = STATIONS * each / PASSES - OFTEN;
    let insert = format!(
        "INSERT INTO passages ({COLUMNS})
         SELECT $1, int8send(nth) || int8send($2::int8), at, at, 0::int2, int8send($2::int8 % {COMMUNITIES}), 1::int2,
           decode(repeat('02', 8), 'hex'), decode(repeat('03', 32), 'hex'), 7, 0::int2, 0::int2, '{ISSUER}', key,
           '样*', '4201**********0011', 'green', '420106001001', decode(repeat('ab', {CODE_BYTES}), 'hex'), at, at,
           true, NULL, key, key
         FROM (SELECT nth, {FIRST} + nth * {SECONDS} / {each} + $2::int8 % 60 AS at,
             int8send(person * 2654435761 % 4294967296) || int8send(person) AS key
           FROM (SELECT nth, CASE WHEN ($2::int8 * {each} + nth) % {OFTEN_EVERY} = 0
               THEN ($2::int8 * {each} + nth) / {OFTEN_EVERY} % {OFTEN}
               ELSE {OFTEN} + ($2::int8 * {each} + nth) * 7919 % {people} END AS person
             FROM generate_series(0::int8, {each} - 1) AS nth) AS who) AS passage"
    );
    let insert = client.prepare(&insert).await.unwrap();
    for station in 0..STATIONS {
        let enrol = "INSERT INTO stations (id, key, sealing, name, community, enrolled_at)
            VALUES ($1, $2, $2, 'bench', $3, 0)";
        let (name, number) = (id(0, station), i64::try_from(station).unwrap());
        client.execute(enrol, &[&name, &station_key(station), &community(station)]).await.unwrap();
        client.execute(&insert, &[&name, &number]).await.unwrap();
        if station % 100 == 99 {
            eprintln!("PostgreSQL: {} passages", (station + 1) * each);
        }
    }
    for index in &indexes {
        // Of a table in partitions the server names the index of the whole alone.
        let made = index.get::<_, String>(1).replace(" ON ONLY ", " ON ");
        client.batch_execute(&made).await.unwrap();
    }
    client.batch_execute("VACUUM ANALYZE").await.unwrap();
    (client, before)
}
