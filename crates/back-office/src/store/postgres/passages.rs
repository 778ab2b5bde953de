//! Filing passages: one statement for all of many letters, one array a column.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Transaction;
use health_code::{Claims, Timestamp};
use wire::report::Passage;
use wire::{Carried, StationId};

use super::columns::{Columns as _, Params, Result, rows, run, stored};
use super::partitions::Spans;
use crate::store::{PersonKeys, ReportKey};

const FILE: &str = "INSERT INTO passages (station, record, at, judged_at, clock, checkpoint, direction,
     collector, policies, trust, shown, outcome, iss, pseudonym, masked_name, masked_id, colour, region, code,
     received_at, certificate, identity, phone, verified, filed_at)
   SELECT p.*, p.certificate IS NULL, $24::bigint FROM unnest($1::bytea[], $2::bytea[], $3::bigint[],
       $4::bigint[], $5::smallint[], $6::bytea[], $7::smallint[], $8::bytea[], $9::bytea[], $10::bigint[],
       $11::smallint[], $12::smallint[], $13::text[], $14::bytea[], $15::text[], $16::text[], $17::text[],
       $18::text[], $19::bytea[], $20::bigint[], $21::text[], $22::bytea[], $23::bytea[])
     AS p (station, record, at, judged_at, clock, checkpoint, direction, collector, policies, trust, shown,
       outcome, iss, pseudonym, masked_name, masked_id, colour, region, code, received_at, certificate, identity, phone)
   ON CONFLICT DO NOTHING RETURNING station, record";

/// Passages that arrived within a week lie together.
pub(super) const PASSAGES: Spans = Spans { table: "passages", seconds: 7 * 86_400 };

/// Seconds before a passage in which another one under its record id is looked for. The chain decides that no report is
/// filed twice; this finds two reports with one id, which only a copy of a station's memory, or somebody with its key,
/// makes. Further back it would look through all weeks that are kept.
const DOUBLES: i64 = 60 * 86_400;

/// A passage that is to be filed.
pub(super) struct Row<'a> {
    pub key: ReportKey,
    pub received: Timestamp,
    pub passage: &'a Passage,
    /// What its verified code says; `None` for a certificate.
    pub claims: Option<&'a Claims>,
    pub person: PersonKeys,
}

/// Files passages, and returns station and record of those that are new.
pub(super) async fn file(
    transaction: &Transaction<'_>,
    passages: &[Row<'_>],
    now: Timestamp,
) -> Result<BTreeSet<([u8; 16], [u8; 16])>> {
    let passages = new(transaction, passages).await?;
    if passages.is_empty() {
        return Ok(BTreeSet::new());
    }
    let holders: Vec<Holder<'_>> = passages.iter().map(|row| Holder::of(row)).collect();
    let pseudonyms: Vec<&[u8]> = holders.iter().map(|holder| holder.pseudonym.as_slice()).collect();
    fn column<'a, T>(rows: &[&'a Row<'a>], value: impl Fn(&'a Row<'a>) -> T) -> Vec<T> {
        rows.iter().map(|row| value(row)).collect()
    }
    let stations = column(&passages, |row| row.key.station.0.as_slice());
    let records = column(&passages, |row| row.key.record.0.as_slice());
    let at = column(&passages, |row| row.passage.at);
    let judged = column(&passages, |row| row.passage.judged_at);
    let clocks = column(&passages, |row| i16::from(row.passage.clock.number()));
    let checkpoints = column(&passages, |row| row.passage.checkpoint.as_slice());
    let directions = column(&passages, |row| i16::from(row.passage.direction.number()));
    let collectors = column(&passages, |row| row.passage.collector.as_slice());
    let policies = column(&passages, |row| row.passage.policies.as_slice());
    let lists = column(&passages, |row| stored(row.passage.trust));
    let shown = column(&passages, |row| i16::from(row.passage.shown.number()));
    let outcomes = column(&passages, |row| i16::from(row.passage.outcome.number()));
    let received = column(&passages, |row| row.received.0);
    let codes: Vec<&[u8]> = holders.iter().map(|holder| holder.code).collect();
    let certificates: Vec<Option<&str>> = holders.iter().map(|holder| holder.certificate).collect();
    let identities = column(&passages, |row| row.person.identity.as_ref().map(|key| key.0.as_slice()));
    let phones = column(&passages, |row| row.person.phone.as_ref().map(|key| key.0.as_slice()));
    let issuers: Vec<&str> = holders.iter().map(|holder| holder.iss).collect();
    let names: Vec<&str> = holders.iter().map(|holder| holder.masked_name).collect();
    let ids: Vec<&str> = holders.iter().map(|holder| holder.masked_id).collect();
    let colours: Vec<&str> = holders.iter().map(|holder| holder.colour).collect();
    let regions: Vec<&str> = holders.iter().map(|holder| holder.region).collect();
    let params: Params<'_> = &[
        &stations,
        &records,
        &at,
        &judged,
        &clocks,
        &checkpoints,
        &directions,
        &collectors,
        &policies,
        &lists,
        &shown,
        &outcomes,
        &issuers,
        &pseudonyms,
        &names,
        &ids,
        &colours,
        &regions,
        &codes,
        &received,
        &certificates,
        &identities,
        &phones,
        &now.0,
    ];
    let filed = rows(transaction, FILE, params).await?;
    filed.iter().map(|row| Ok((row.array("station")?, row.array("record")?))).collect()
}

/// Returns the passages whose record ids were not filed before, each id once. Of one station one transaction looks and
/// files at a time, so what another one files meanwhile is seen.
async fn new<'p, 'r>(transaction: &Transaction<'_>, passages: &'p [Row<'r>]) -> Result<Vec<&'p Row<'r>>> {
    let mut of: BTreeMap<StationId, Vec<&Row<'_>>> = BTreeMap::new();
    for row in passages {
        of.entry(row.key.station).or_default().push(row);
    }
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let turn = "INSERT INTO filing (station, turn) SELECT s, 1 FROM unnest($1::bytea[]) AS s ORDER BY s
       ON CONFLICT (station) DO UPDATE SET turn = filing.turn + 1";
    let stations: Vec<&[u8]> = of.keys().map(|station| station.0.as_slice()).collect();
    run(transaction, turn, &[&stations]).await?;
    let mut taken = BTreeSet::new();
    for (station, rows_of) in of {
        let records: Vec<&[u8]> = rows_of.iter().map(|row| row.key.record.0.as_slice()).collect();
        let oldest = rows_of.iter().map(|row| row.received.0).min().unwrap_or_default();
        let sql =
            "SELECT record FROM passages WHERE station = $1 AND record = ANY ($2) AND received_at >= $3";
        let since = oldest.saturating_sub(DOUBLES);
        for found in rows(transaction, sql, &[&station.0.as_slice(), &records, &since]).await? {
            taken.insert((station, found.record("record")?));
        }
    }
    Ok(passages.iter().filter(|row| taken.insert((row.key.station, row.key.record))).collect())
}

/// The columns of a passage that describe the person who passed.
#[derive(Default)]
struct Holder<'a> {
    iss: &'a str,
    pseudonym: [u8; 16],
    masked_name: &'a str,
    masked_id: &'a str,
    colour: &'a str,
    region: &'a str,
    code: &'a [u8],
    certificate: Option<&'a str>,
}

impl<'a> Holder<'a> {
    fn of(row: &Row<'a>) -> Self {
        let whole = match &row.passage.code {
            Carried::Whole(code) => code.as_slice(),
            Carried::Certificate { .. } => &[],
        };
        match (row.claims, &row.passage.code) {
            (Some(claims), _) => Self {
                iss: &claims.iss,
                pseudonym: claims.pseudonym,
                masked_name: &claims.masked_name,
                masked_id: &claims.masked_id,
                colour: claims.colour.code(),
                region: claims.region.as_str(),
                code: whole,
                certificate: None,
            },
            (None, Carried::Certificate { id, country, masked_name }) => Self {
                iss: country,
                pseudonym: health_code::hcert::pseudonym(id),
                masked_name,
                colour: "certificate",
                certificate: Some(id),
                ..Self::default()
            },
            (None, Carried::Whole(_)) => Self { colour: "certificate", code: whole, ..Self::default() },
        }
    }
}
