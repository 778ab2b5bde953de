//! A city's counters, written by SQL: what filing would have written, without the passages.

use std::path::Path;

use back_office::store::Subject;
use tokio_postgres::NoTls;

use crate::NOW;

/// Minutes of the day in which people passed, and how many at each laptop.
const MINUTES: usize = 600;
const PEOPLE: usize = 9;
/// Days of counters by the hour.
const DAYS: usize = 30;

/// Returns how many passages the minutes count.
pub fn passages(stations: usize) -> usize {
    stations * MINUTES * PEOPLE
}

/// Returns the checkpoint of this number of a city's first community.
pub fn checkpoint(community: &str, number: u64) -> Subject {
    Subject::Checkpoint { community: community.parse().unwrap(), id: number.to_be_bytes() }
}

/// Fills a SQLite database.
pub fn sqlite(path: &Path, stations: usize) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let hours = DAYS * 24;
    let now = NOW.0;
    let series = |name: &str, column: &str, count: usize| {
        format!(
            "CREATE TEMP TABLE {name} AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
               WHERE i + 1 < {count}) SELECT {column} FROM n;"
        )
    };
    let sql = [
        series("minutes", &format!("{now} - i * 60 AS at"), MINUTES),
        series("hours", &format!("({now} / 3600 - i) * 3600 AS at"), hours),
        series(
            "laptops",
            "printf('%032x', i) AS id, printf('%016x', i) AS place,
               printf('4201%02d%03d%03d', i / 200, i / 50 % 4, i / 5 % 10) AS community",
            stations,
        ),
        "CREATE TEMP TABLE levels AS SELECT column1 AS digits FROM (VALUES (0), (2), (4), (6), (9), (12));
         INSERT INTO stations SELECT unhex(id), unhex(id || id), unhex(id || id), 'sample', community, 0 FROM laptops;
         INSERT INTO tip (station, n, records, head, loose) SELECT unhex(id), 0, 0, zeroblob(32), 0 FROM laptops;
         INSERT INTO shifts SELECT unhex(id), randomblob(16), at, 0, zeroblob(8), 2, unhex(place), 0
           FROM laptops, hours WHERE at / 3600 % 12 = 0;"
            .to_owned(),
        [("minutes", 60), ("hours", 3600)]
            .map(|(times, span)| {
                format!(
                    "INSERT INTO tallies SELECT {span}, substr(community, 1, digits), at, 8 * count(*), count(*), 0, 0, 0, 0
                       FROM laptops, {times}, levels GROUP BY 2, 3;
                     INSERT INTO tallies SELECT {span}, community || '/' || place, at, 8, 1, 0, 0, 0, 0
                       FROM laptops, {times};"
                )
            })
            .concat(),
        "INSERT INTO tallies SELECT 60, 's' || id, at, 8, 1, 0, 0, 0, 0 FROM laptops, minutes;
         INSERT INTO work_hours SELECT community, at, unhex(place), unhex(place), 0, 480, 60, 0, 0, 0, 0
           FROM laptops, hours WHERE at / 3600 % 24 < 10;"
            .to_owned(),
    ];
    connection
        .execute_batch(&format!("PRAGMA cache_size = -400000; BEGIN; {} COMMIT; ANALYZE;", sql.concat()))
        .unwrap();
}

/// Fills a PostgreSQL database: two offices counted, each its share.
pub async fn postgres(url: &str, stations: usize) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let (now, hours, last) = (NOW.0, DAYS * 24 - 1, stations - 1);
    let minutes = MINUTES - 1;
    let laptops = format!(
        "CREATE TEMP TABLE laptops AS SELECT lpad(to_hex(i), 32, '0') AS id, lpad(to_hex(i), 16, '0') AS place,
           '4201' || lpad((i / 200)::text, 2, '0') || lpad((i / 50 % 4)::text, 3, '0')
             || lpad((i / 5 % 10)::text, 3, '0') AS community, decode(lpad((i % 2)::text, 2, '0'), 'hex') AS share
           FROM generate_series(0, {last}) AS n (i);
         CREATE TEMP TABLE minutes AS SELECT {now}::bigint - i * 60 AS at FROM generate_series(0, {minutes}) AS n (i);
         CREATE TEMP TABLE hours AS SELECT ({now}::bigint / 3600 - i) * 3600 AS at FROM generate_series(0, {hours}) AS n (i);
         CREATE TEMP TABLE levels AS SELECT * FROM (VALUES (0), (2), (4), (6), (9), (12)) AS v (digits);
         INSERT INTO stations SELECT decode(id, 'hex'), decode(id || id, 'hex'), decode(id || id, 'hex'), 'sample',
           community, 0 FROM laptops;
         INSERT INTO tip (station) SELECT decode(id, 'hex') FROM laptops;
         INSERT INTO shifts SELECT decode(id, 'hex'), decode(lpad(to_hex(at), 32, '0'), 'hex'), at, 0, decode(place, 'hex'), 2,
           decode(place, 'hex'), 0 FROM laptops, hours WHERE at / 3600 % 12 = 0;"
    );
    let counted = [("minutes", 60), ("hours", 3600)].map(|(times, span)| {
        format!(
            "INSERT INTO tallies SELECT share, {span}, left(community, digits), at, 8 * count(*), count(*), 0, 0, 0, 0
               FROM laptops, {times}, levels GROUP BY 1, 3, 4;
             INSERT INTO tallies SELECT share, {span}, community || '/' || place, at, 8, 1, 0, 0, 0, 0
               FROM laptops, {times};"
        )
    });
    let others = "INSERT INTO tallies SELECT share, 60, 's' || id, at, 8, 1, 0, 0, 0, 0 FROM laptops, minutes;
         INSERT INTO work_hours SELECT share, community, at, decode(place, 'hex'), decode(place, 'hex'), 0, 480, 60, 0, 0, 0, 0
           FROM laptops, hours WHERE at / 3600 % 24 < 10;
         ANALYZE;";
    client.batch_execute(&format!("{laptops} {} {others}", counted.concat())).await.unwrap();
}
