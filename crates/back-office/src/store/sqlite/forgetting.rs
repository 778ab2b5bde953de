//! Forgetting one resident.

use std::collections::BTreeSet;

use async_trait::async_trait;
use health_code::{PersonId, Region, Timestamp};
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension as _, Result, Row, params};
use wire::erasure::HeldCopy;
use wire::{AuditHead, RecordId, StationId};

use super::tombstones::{bury, bury_conflict, bury_if_filed};
use super::{SqliteStore, alerts, audit, blocking, columns, quarantine, reading};
use crate::store::forgetting::{NOBODY, Pseudonym, from_column, longest_first, to_column};
use crate::store::{
    ErasedResident, Erasure, Forgetting, Forgotten, Names, Note, PersonKey, QuarantineReason, ReportKey,
    StoreError, Tombstone, Waiting, filed_as,
};

#[async_trait]
impl Forgetting for SqliteStore {
    async fn names_beside(&self, names: &Names, region: &Region) -> std::result::Result<Names, StoreError> {
        let (names, region) = (names.clone(), region.clone());
        self.read(move |connection| beside(connection, &names, &region)).await
    }

    async fn pseudonyms(
        &self,
        after: Option<Pseudonym>,
        limit: usize,
    ) -> std::result::Result<Vec<(Pseudonym, Option<String>)>, StoreError> {
        let sql = "SELECT iss, pseudonym, max(certificate) FROM passages WHERE (iss, pseudonym) > (?1, ?2)
           GROUP BY iss, pseudonym ORDER BY iss, pseudonym LIMIT ?3";
        let (iss, pseudonym) = after.unwrap_or_default();
        self.read(move |connection| {
            reading::list(connection, sql, params![iss, pseudonym, limit as i64], |row| {
                Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
            })
        })
        .await
    }

    async fn held(
        &self,
        after: Option<ReportKey>,
        region: &Region,
        limit: usize,
    ) -> std::result::Result<Vec<Waiting>, StoreError> {
        let sql = "SELECT q.* FROM quarantine AS q JOIN stations AS s ON s.id = q.station
           WHERE q.state <> 1 AND (q.station, q.record, q.hash) > (?1, ?2, ?3)
             AND substr(s.community, 1, length(?4)) = ?4
           ORDER BY q.station, q.record, q.hash LIMIT ?5";
        let region = region.clone();
        self.read(move |connection| {
            let (station, record, hash) = parts(after.as_ref());
            let params = params![station, record, hash, region.as_str(), limit as i64];
            reading::list(connection, sql, params, |row| {
                let station = quarantine::read_key(row)?.station;
                let received = columns::time(row, "received_at")?;
                Ok(Waiting::of(station, quarantine::read_report(row)?, received))
            })
        })
        .await
    }

    async fn begin_erasure(
        &self,
        erasure: Erasure,
        note: Note,
    ) -> std::result::Result<AuditHead, StoreError> {
        let sql = "INSERT INTO erasures (id, begun, by_person, region, names) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.write(move |connection| {
            let Erasure { id, begun, by, region, names, .. } = &erasure;
            let (by, names) = (by.map(|id| id.0), names.as_ref().map(to_column));
            connection.execute(sql, params![id, begun.0, by, region.as_str(), names])?;
            audit::add(connection, vec![note])
        })
        .await
    }

    async fn open_erasures(&self) -> std::result::Result<Vec<Erasure>, StoreError> {
        let sql = "SELECT * FROM erasures WHERE names IS NOT NULL ORDER BY begun";
        self.read(move |connection| reading::list(connection, sql, [], read)).await?.into_iter().collect()
    }

    async fn erasure(&self, id: [u8; 16]) -> std::result::Result<Option<Erasure>, StoreError> {
        let sql = "SELECT * FROM erasures WHERE id = ?1";
        self.read(move |connection| connection.query_row(sql, [id], read).optional()).await?.transpose()
    }

    async fn erase(&self, id: [u8; 16], what: Forgotten) -> std::result::Result<(), StoreError> {
        self.write(move |connection| erase(connection, id, &what)).await
    }

    async fn end_erasure(&self, id: [u8; 16], receipt: Vec<u8>) -> std::result::Result<bool, StoreError> {
        let sql = "UPDATE erasures SET names = NULL, receipt = ?2 WHERE id = ?1 AND names IS NOT NULL";
        let ended = self.write(move |connection| connection.execute(sql, params![id, receipt])).await? > 0;
        let connections = self.connections.clone();
        blocking(move || connections.forget_log()).await?;
        Ok(ended)
    }

    async fn tombstones(&self) -> std::result::Result<BTreeSet<Tombstone>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT station, record FROM tombstones";
            let reports = reading::list(connection, sql, [], |row| {
                Ok(Tombstone::Report(StationId(row.get(0)?), RecordId(row.get(1)?)))
            })?;
            let sql = "SELECT seq, hash FROM audit WHERE words IS NULL";
            let words = reading::list(connection, sql, [], |row| {
                Ok(Tombstone::Words(row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
            })?;
            let sql = "SELECT station, record, hash FROM conflict_tombstones";
            let conflicts = reading::list(connection, sql, [], |row| {
                Ok(Tombstone::Conflict(quarantine::read_key(row)?))
            })?;
            Ok(reports.into_iter().chain(conflicts).chain(words).collect())
        })
        .await
    }

    async fn entomb(&self, tombstones: Vec<Tombstone>) -> std::result::Result<ErasedResident, StoreError> {
        self.write(move |connection| entomb(connection, &tombstones)).await
    }

    async fn note_copy(&self, copy: HeldCopy) -> std::result::Result<(), StoreError> {
        let sql = "INSERT INTO copies (name, made, until) VALUES (?1, ?2, ?3)
           ON CONFLICT (name) DO UPDATE SET made = excluded.made, until = excluded.until";
        self.write(move |connection| {
            connection.execute(sql, params![copy.name, copy.made, copy.until]).map(drop)
        })
        .await
    }

    async fn copies(&self, now: Timestamp) -> std::result::Result<Vec<HeldCopy>, StoreError> {
        let sql = "SELECT name, made, until FROM copies WHERE until IS NULL OR until >= ?1";
        let mut copies = self
            .read(move |connection| {
                reading::list(connection, sql, [now.0], |row| {
                    Ok(HeldCopy { name: row.get(0)?, made: row.get(1)?, until: row.get(2)? })
                })
            })
            .await?;
        longest_first(&mut copies);
        Ok(copies)
    }

    async fn overwrite(&self) -> std::result::Result<bool, StoreError> {
        let connections = self.connections.clone();
        blocking(move || connections.rewrite()).await
    }
}

fn parts(key: Option<&ReportKey>) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    // Nothing is smaller than no bytes at all.
    key.map(|key| (key.station.0.to_vec(), key.record.0.to_vec(), key.hash.to_vec())).unwrap_or_default()
}

type Found = std::result::Result<Erasure, StoreError>;

fn read(row: &Row<'_>) -> Result<Found> {
    let names: Option<String> = row.get("names")?;
    let count = |column: &str| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let done =
        ErasedResident { passages: count("passages")?, held: count("held")?, entries: count("entries")? };
    let mut erasure = Erasure {
        id: row.get("id")?,
        begun: columns::time(row, "begun")?,
        by: row.get::<_, Option<[u8; 8]>>("by_person")?.map(PersonId),
        region: columns::parsed(row, "region")?,
        names: None,
        done,
        receipt: row.get("receipt")?,
    };
    Ok(match names.as_deref().map(from_column).transpose() {
        Ok(names) => {
            erasure.names = names;
            Ok(erasure)
        }
        Err(error) => Err(error),
    })
}

/// Calls `found` with each passage in a region that has any of these names; one may come twice.
fn each(
    connection: &Connection,
    names: &Names,
    region: &Region,
    mut found: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut search = |by: &str, values: &[&dyn ToSql]| -> Result<()> {
        let sql = format!(
            "SELECT p.station, p.record, p.iss, p.pseudonym, p.identity, p.phone, p.certificate
             FROM passages AS p JOIN stations AS s ON s.id = p.station
             WHERE {by} AND substr(s.community, 1, length(?1)) = ?1"
        );
        let region = region.as_str();
        let mut params: Vec<&dyn ToSql> = vec![&region];
        params.extend(values);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params.as_slice())?;
        while let Some(row) = rows.next()? {
            found(row)?;
        }
        Ok(())
    };
    for key in &names.identities {
        search("p.identity = ?2", &[&key.0])?;
    }
    for key in &names.phones {
        search("p.phone = ?2", &[&key.0])?;
    }
    for (iss, pseudonym) in names.pseudonyms.iter().filter(|(_, pseudonym)| *pseudonym != NOBODY) {
        search("p.iss = ?2 AND p.pseudonym = ?3", &[iss, pseudonym])?;
    }
    for certificate in &names.certificates {
        search("p.certificate = ?2", &[certificate])?;
    }
    Ok(())
}

fn beside(connection: &Connection, names: &Names, region: &Region) -> Result<Names> {
    let mut beside = Names::default();
    let key = |row: &Row<'_>, column: &str| -> Result<Option<PersonKey>> {
        Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(PersonKey))
    };
    each(connection, names, region, |row| {
        let pseudonym = (row.get("iss")?, row.get("pseudonym")?);
        beside.add_passage(pseudonym, key(row, "identity")?, key(row, "phone")?, row.get("certificate")?);
        Ok(())
    })?;
    Ok(beside)
}

fn erase(connection: &Connection, id: [u8; 16], what: &Forgotten) -> Result<()> {
    let sql = "SELECT region FROM erasures WHERE id = ?1 AND names IS NOT NULL";
    let read = |row: &Row<'_>| columns::parsed::<Region>(row, "region");
    // Somebody else ended it in between.
    let Some(region) = connection.query_row(sql, [id], read).optional()? else { return Ok(()) };
    let mut reports = BTreeSet::new();
    each(connection, &what.names, &region, |row| {
        reports.insert((StationId(row.get("station")?), RecordId(row.get("record")?)));
        Ok(())
    })?;
    let mut done = ErasedResident::default();
    for (station, record) in reports {
        done.passages += blank(connection, station, record)?;
        bury(connection, station, record)?;
        bury_if_filed(connection, station, record)?;
    }
    for key in &what.held {
        let Some(reason) = forget_held(connection, key)? else { continue };
        done.held += 1;
        // What is filed under a conflict's id is somebody else's.
        match reason {
            QuarantineReason::Conflict => bury_conflict(connection, key)?,
            _ => bury(connection, key.station, key.record)?,
        }
    }
    let sql = "UPDATE audit SET salt = NULL, words = NULL
       WHERE kind = 'looks' AND substr(words, -32) = ?1 AND substr(region, 1, length(?2)) = ?2";
    // What waits for a second person's consent is about one resident, too.
    let asked = "DELETE FROM consents WHERE person = ?1 AND person <> ''";
    for key in &what.looks {
        done.entries += connection.execute(sql, params![key.to_string(), region.as_str()])? as u64;
        connection.execute(asked, [key.to_string()])?;
    }
    for key in &what.phones {
        let others = "SELECT EXISTS (SELECT 1 FROM passages WHERE phone = ?1)";
        if !connection.query_row(others, [key.0], |row| row.get::<_, bool>(0))? {
            done.entries += connection.execute(sql, params![key.to_string(), region.as_str()])? as u64;
            connection.execute(asked, [key.to_string()])?;
        }
    }
    let sql =
        "UPDATE erasures SET passages = passages + ?2, held = held + ?3, entries = entries + ?4, names = ?5
       WHERE id = ?1";
    let names = to_column(&what.names);
    connection.execute(
        sql,
        params![id, done.passages.cast_signed(), done.held.cast_signed(), done.entries.cast_signed(), names],
    )?;
    Ok(())
}

/// Erases the ciphertext of a report in quarantine. Returns why it was there, or `None` where it had left.
fn forget_held(connection: &Connection, key: &ReportKey) -> Result<Option<QuarantineReason>> {
    let sql = "UPDATE quarantine SET state = 1, until = NULL, ciphertext = x''
       WHERE station = ?1 AND record = ?2 AND hash = ?3 AND state <> 1 RETURNING reason";
    let read = |row: &Row<'_>| columns::parsed(row, "reason");
    let reason = connection
        .prepare_cached(sql)?
        .query_row(params![key.station.0, key.record.0, key.hash], read)
        .optional()?;
    if reason == Some(QuarantineReason::Conflict) {
        alerts::clear_settled_conflict(connection, key.station, key.record)?;
    }
    Ok(reason)
}

/// Leaves of a passage that somebody passed. Returns how many it changed.
fn blank(connection: &Connection, station: StationId, record: RecordId) -> Result<u64> {
    let sql =
        "UPDATE passages SET identity = NULL, phone = NULL, masked_name = '', masked_id = '', code = x'',
         pseudonym = zeroblob(16), certificate = NULL, iss = '', region = '', colour = ''
       WHERE station = ?1 AND record = ?2
         AND (pseudonym <> zeroblob(16) OR iss <> '' OR masked_name <> '' OR length(code) > 0)";
    connection.prepare_cached(sql)?.execute(params![station.0, record.0]).map(|changed| changed as u64)
}

fn entomb(connection: &Connection, tombstones: &[Tombstone]) -> Result<ErasedResident> {
    let mut done = ErasedResident::default();
    let held = "UPDATE quarantine SET state = 1, until = NULL, ciphertext = x''
       WHERE station = ?1 AND record = ?2 AND state <> 1 AND reason <> ?3";
    let conflict = QuarantineReason::Conflict.to_string();
    let words =
        "UPDATE audit SET salt = NULL, words = NULL WHERE seq = ?1 AND hash = ?2 AND words IS NOT NULL";
    for tombstone in tombstones {
        match tombstone {
            Tombstone::Report(station, record) => {
                bury(connection, *station, *record)?;
                done.passages += blank(connection, *station, *record)?;
                let mut held = connection.prepare_cached(held)?;
                done.held += held.execute(params![station.0, record.0, conflict])? as u64;
            }
            Tombstone::Conflict(key) => {
                bury_conflict(connection, key)?;
                // A copy of when it was filed already has it under this id.
                done.passages += blank(connection, key.station, filed_as(key))?;
                done.held += u64::from(forget_held(connection, key)?.is_some());
            }
            Tombstone::Words(seq, hash) => {
                let mut words = connection.prepare_cached(words)?;
                done.entries += words.execute(params![seq.cast_signed(), hash])? as u64;
            }
        }
    }
    Ok(done)
}
