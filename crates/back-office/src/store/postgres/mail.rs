//! Letters that wait to be opened, and the partitions that they lie in.
//!
//! A partition holds what arrived within an hour. It is made when the first letter of its time finds
//! none, and dropped as a whole when all of its letters are opened.

use deadpool_postgres::{Client, GenericClient, Transaction};
use futures_util::future::try_join_all;
use health_code::Timestamp;
use tokio_postgres::Error;
use wire::StationId;

use super::columns::{Columns as _, Params, Result, row, rows, run};
use super::partitions::Spans;
use crate::store::{Arrival, Content, Letter, LetterKey, Skip};

const MAIL: Spans = Spans { table: "mail", seconds: 3600 };
/// How many letters a claim looks at for one that it takes: others may take the first ones meanwhile.
const LOOK: usize = 4;

/// Keeps a letter.
pub(super) async fn insert(
    transaction: &Transaction<'_>,
    arrival: &Arrival,
    n: u64,
    skip: &Skip,
) -> std::result::Result<(), Error> {
    let sql = "INSERT INTO mail (station, n, received, reports, skip, body) VALUES ($1, $2, $3, $4, $5, $6)";
    let (station, n) = (arrival.batch.station.0.as_slice(), n.cast_signed());
    let reports = i32::try_from(skip.waiting()).unwrap_or(i32::MAX);
    let params: Params<'_> = &[&station, &n, &arrival.received.0, &reports, &skip.bits(), &arrival.signed];
    let statement = transaction.prepare_cached(sql).await?;
    transaction.execute(&statement, params).await.map(drop)
}

/// Makes the partition for letters that arrive at this moment, unless another server did.
pub(super) async fn make_partition(client: &Client, received: Timestamp) -> Result<()> {
    MAIL.make(client, received).await
}

/// Drops the partitions of times before `before` whose letters are all opened.
pub(super) async fn drop_opened(client: &mut Client, before: Timestamp) -> Result<()> {
    for partition in MAIL.ended(client, before).await? {
        let waiting =
            format!("SELECT 1 FROM \"{}\" WHERE until < 9223372036854775807 LIMIT 1", partition.name);
        MAIL.drop_unless(client, &partition, (&waiting, &[])).await?;
    }
    Ok(())
}

/// A letter that waits, without its body.
struct Candidate {
    station: StationId,
    n: i64,
    received: Timestamp,
    reports: usize,
}

/// Leases letters, together at most `left` reports or one letter of more where `letters` is empty.
pub(super) async fn claim(
    transaction: &Transaction<'_>,
    letters: &mut Vec<Letter>,
    left: usize,
    now: Timestamp,
    until: Timestamp,
) -> Result<()> {
    let sql = "SELECT station, n, received, reports FROM mail
       WHERE until < 9223372036854775807 AND until <= $1 ORDER BY received, station, n LIMIT $2";
    let found = rows(transaction, sql, &[&now.0, &super::columns::limit(left.saturating_mul(LOOK))]).await?;
    let mut candidates = Vec::with_capacity(found.len());
    for row in &found {
        candidates.push(Candidate {
            station: row.station("station")?,
            n: row.try_get("n")?,
            received: row.time("received")?,
            reports: row.try_get::<_, i32>("reports")?.unsigned_abs() as usize,
        });
    }
    let mut left = left;
    let mut rest = candidates.as_slice();
    // What another server took in between is not there any more: the next ones are tried.
    while left > 0 && !rest.is_empty() {
        let fitting = fitting(rest, left, letters.is_empty());
        if fitting == 0 {
            break;
        }
        let (next, others) = rest.split_at(fitting);
        let leased =
            try_join_all(next.iter().map(|candidate| lease(transaction, candidate, now, until))).await?;
        for letter in leased.into_iter().flatten() {
            left = left.saturating_sub(letter.1);
            letters.push(letter.0);
        }
        rest = others;
    }
    Ok(())
}

/// Returns how many of the first candidates fit; one that is too long fits alone.
fn fitting(candidates: &[Candidate], left: usize, alone: bool) -> usize {
    let mut reports = 0_usize;
    let fits = |candidate: &&Candidate| {
        reports = reports.saturating_add(candidate.reports);
        reports <= left
    };
    let count = candidates.iter().take_while(fits).count();
    if count == 0 && alone { 1 } else { count }
}

async fn lease(
    transaction: &Transaction<'_>,
    candidate: &Candidate,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<(Letter, usize)>> {
    let sql = "UPDATE mail SET until = $5 WHERE station = $1 AND n = $2 AND received = $3
         AND until < 9223372036854775807 AND until <= $4 RETURNING skip, body";
    let Candidate { station, n, received, reports } = candidate;
    let params: Params<'_> = &[&station.0.as_slice(), n, &received.0, &now.0, &until.0];
    let Some(found) = row(transaction, sql, params).await? else { return Ok(None) };
    let skip = found.try_get::<_, Option<Vec<u8>>>("skip")?.map(Skip::from_bits);
    let content = Content::Batch { signed: found.try_get("body")?, skip };
    let key = LetterKey::Mail { station: *station, n: n.cast_unsigned() };
    Ok(Some((Letter { key, received: *received, content }, *reports)))
}

/// Notes that a letter is opened. Returns false if it was before.
pub(super) async fn mark_opened(
    transaction: &Transaction<'_>,
    station: StationId,
    n: u64,
    received: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE mail SET until = 9223372036854775807 WHERE station = $1 AND n = $2 AND received = $3
       AND until < 9223372036854775807";
    Ok(run(transaction, sql, &[&station.0.as_slice(), &n.cast_signed(), &received.0]).await? == 1)
}

/// Returns when the oldest letter that waits arrived.
pub(super) async fn oldest(client: &impl GenericClient) -> Result<Option<(StationId, Timestamp)>> {
    let sql =
        "SELECT station, received FROM mail WHERE until < 9223372036854775807 ORDER BY received LIMIT 1";
    let found = row(client, sql, &[]).await?;
    found.as_ref().map(|row| Ok((row.station("station")?, row.time("received")?))).transpose()
}
