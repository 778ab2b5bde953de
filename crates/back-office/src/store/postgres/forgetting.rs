//! Forgetting one resident. PostgreSQL itself keeps what a row was until its table is written anew and its log recycled.

use std::collections::BTreeSet;

use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use health_code::{PersonId, Region, Timestamp};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use wire::erasure::HeldCopy;
use wire::{AuditHead, RecordId, StationId};

use super::PostgresStore;
use super::columns::{Columns as _, Result, limit as most, row, rows, run};
use super::quarantine;
use super::tombstones::{bury, bury_conflict, bury_if_filed};
use super::{alerts, audit};
use crate::store::forgetting::{NOBODY, Pseudonym, from_column, longest_first, to_column};
use crate::store::{
    ErasedResident, Erasure, Forgetting, Forgotten, Names, Note, PersonKey, QuarantineReason, ReportKey,
    Tombstone, Waiting, filed_as,
};

#[async_trait]
impl Forgetting for PostgresStore {
    async fn names_beside(&self, names: &Names, region: &Region) -> Result<Names> {
        let mut beside = Names::default();
        for row in found(&self.client().await?, names, region).await? {
            let key = |column: &str| -> Result<Option<PersonKey>> {
                let has = row.try_get::<_, Option<&[u8]>>(column)?.is_some();
                if has { Ok(Some(PersonKey(row.array(column)?))) } else { Ok(None) }
            };
            let pseudonym = (row.try_get("iss")?, row.array("pseudonym")?);
            beside.add_passage(pseudonym, key("identity")?, key("phone")?, row.try_get("certificate")?);
        }
        Ok(beside)
    }

    async fn pseudonyms(
        &self,
        after: Option<Pseudonym>,
        limit: usize,
    ) -> Result<Vec<(Pseudonym, Option<String>)>> {
        let sql = "SELECT iss, pseudonym, max(certificate) AS certificate FROM passages
           WHERE (iss, pseudonym) > ($1, $2) GROUP BY iss, pseudonym ORDER BY iss, pseudonym LIMIT $3";
        let (iss, pseudonym) = after.unwrap_or_default();
        let found = rows(&self.client().await?, sql, &[&iss, &pseudonym.as_slice(), &most(limit)]).await?;
        let read =
            |row: &Row| Ok(((row.try_get("iss")?, row.array("pseudonym")?), row.try_get("certificate")?));
        found.iter().map(read).collect()
    }

    async fn held(&self, after: Option<ReportKey>, region: &Region, limit: usize) -> Result<Vec<Waiting>> {
        let sql =
            "SELECT q.station, q.record, q.hash, q.received, q.stream, q.seq, q.kid, q.link, q.ciphertext
           FROM quarantine AS q JOIN stations AS s ON s.id = q.station
           WHERE q.state <> 1 AND (q.station, q.record, q.hash) > ($1, $2, $3)
             AND left(s.community, length($4)) = $4
           ORDER BY q.station, q.record, q.hash LIMIT $5";
        // Nothing is smaller than no bytes at all.
        let key = after.map(|key| (key.station.0.to_vec(), key.record.0.to_vec(), key.hash.to_vec()));
        let (station, record, hash) = key.unwrap_or_default();
        let params: &[&(dyn ToSql + Sync)] = &[&station, &record, &hash, &region.as_str(), &most(limit)];
        let found = rows(&self.client().await?, sql, params).await?;
        found.iter().filter_map(|row| quarantine::waiting(row).transpose()).collect()
    }

    async fn begin_erasure(&self, erasure: Erasure, note: Note) -> Result<AuditHead> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let sql = "INSERT INTO erasures (id, begun, by_person, region, names) VALUES ($1, $2, $3, $4, $5)";
        let by = erasure.by.as_ref().map(|id| id.0.as_slice());
        let names = erasure.names.as_ref().map(to_column);
        let params: &[&(dyn ToSql + Sync)] =
            &[&erasure.id.as_slice(), &erasure.begun.0, &by, &erasure.region.as_str(), &names];
        run(&transaction, sql, params).await?;
        let head = audit::add(&transaction, vec![note]).await?;
        transaction.commit().await?;
        Ok(head)
    }

    async fn open_erasures(&self) -> Result<Vec<Erasure>> {
        let sql = "SELECT * FROM erasures WHERE names IS NOT NULL ORDER BY begun";
        rows(&self.client().await?, sql, &[]).await?.iter().map(read).collect()
    }

    async fn erasure(&self, id: [u8; 16]) -> Result<Option<Erasure>> {
        let sql = "SELECT * FROM erasures WHERE id = $1";
        row(&self.client().await?, sql, &[&id.as_slice()]).await?.as_ref().map(read).transpose()
    }

    async fn erase(&self, id: [u8; 16], what: Forgotten) -> Result<()> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        erase(&transaction, id, &what).await?;
        Ok(transaction.commit().await?)
    }

    async fn end_erasure(&self, id: [u8; 16], receipt: Vec<u8>) -> Result<bool> {
        let sql = "UPDATE erasures SET names = NULL, receipt = $2 WHERE id = $1 AND names IS NOT NULL";
        Ok(run(&self.client().await?, sql, &[&id.as_slice(), &receipt]).await? > 0)
    }

    async fn tombstones(&self) -> Result<BTreeSet<Tombstone>> {
        let client = self.client().await?;
        let mut tombstones = BTreeSet::new();
        for row in rows(&client, "SELECT station, record FROM tombstones", &[]).await? {
            tombstones.insert(Tombstone::Report(row.station("station")?, row.record("record")?));
        }
        for row in rows(&client, "SELECT station, record, hash FROM conflict_tombstones", &[]).await? {
            tombstones.insert(Tombstone::Conflict(quarantine::key_of(&row)?));
        }
        for row in rows(&client, "SELECT seq, hash FROM audit WHERE words IS NULL", &[]).await? {
            let seq = row.try_get::<_, i64>("seq")?.cast_unsigned();
            tombstones.insert(Tombstone::Words(seq, row.array("hash")?));
        }
        Ok(tombstones)
    }

    async fn entomb(&self, tombstones: Vec<Tombstone>) -> Result<ErasedResident> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let held = "UPDATE quarantine SET state = 1, until = 0, ciphertext = ''::bytea
           WHERE station = $1 AND record = $2 AND state <> 1 AND reason <> 'conflict'";
        let words = "UPDATE audit SET salt = NULL, words = NULL
           WHERE seq = $1 AND hash = $2 AND words IS NOT NULL";
        let mut done = ErasedResident::default();
        for tombstone in tombstones {
            match tombstone {
                Tombstone::Report(station, record) => {
                    bury(&transaction, station, record).await?;
                    done.passages += blank(&transaction, station, record).await?;
                    let (station, record) = (station.0.as_slice(), record.0.as_slice());
                    done.held += run(&transaction, held, &[&station, &record]).await?;
                }
                Tombstone::Conflict(key) => {
                    bury_conflict(&transaction, &key).await?;
                    // A copy of when it was filed already has it under this id.
                    done.passages += blank(&transaction, key.station, filed_as(&key)).await?;
                    done.held += u64::from(forget_held(&transaction, &key).await?.is_some());
                }
                Tombstone::Words(seq, hash) => {
                    done.entries += run(&transaction, words, &[&seq.cast_signed(), &hash.as_slice()]).await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(done)
    }

    async fn note_copy(&self, copy: HeldCopy) -> Result<()> {
        let sql = "INSERT INTO copies (name, made, until) VALUES ($1, $2, $3)
           ON CONFLICT (name) DO UPDATE SET made = excluded.made, until = excluded.until";
        run(&self.client().await?, sql, &[&copy.name, &copy.made, &copy.until]).await.map(drop)
    }

    async fn copies(&self, now: Timestamp) -> Result<Vec<HeldCopy>> {
        let sql = "SELECT name, made, until FROM copies WHERE until IS NULL OR until >= $1";
        let found = rows(&self.client().await?, sql, &[&now.0]).await?;
        let read = |row: &Row| -> Result<HeldCopy> {
            Ok(HeldCopy {
                name: row.try_get("name")?,
                made: row.try_get("made")?,
                until: row.try_get("until")?,
            })
        };
        let mut copies = found.iter().map(read).collect::<Result<Vec<_>>>()?;
        longest_first(&mut copies);
        Ok(copies)
    }

    async fn overwrite(&self) -> Result<bool> {
        // A table that is written anew is locked for as long as that takes: its operator chooses when.
        Ok(false)
    }
}

fn read(row: &Row) -> Result<Erasure> {
    let by = row.try_get::<_, Option<&[u8]>>("by_person")?.is_some();
    let count = |column: &str| -> Result<u64> { Ok(row.try_get::<_, i64>(column)?.unsigned_abs()) };
    Ok(Erasure {
        id: row.array("id")?,
        begun: row.time("begun")?,
        by: if by { Some(PersonId(row.array("by_person")?)) } else { None },
        region: row.parsed("region")?,
        names: row.try_get::<_, Option<&str>>("names")?.map(from_column).transpose()?,
        done: ErasedResident {
            passages: count("passages")?,
            held: count("held")?,
            entries: count("entries")?,
        },
        receipt: row.try_get("receipt")?,
    })
}

/// Returns the passages in a region that have any of these names; one may be there twice.
async fn found(client: &impl GenericClient, names: &Names, region: &Region) -> Result<Vec<Row>> {
    let region = region.as_str();
    let search = async |by: &str, values: &[&(dyn ToSql + Sync)]| -> Result<Vec<Row>> {
        let sql = format!(
            "SELECT p.station, p.record, p.iss, p.pseudonym, p.identity, p.phone, p.certificate
             FROM passages AS p JOIN stations AS s ON s.id = p.station
             WHERE {by} AND left(s.community, length($1)) = $1"
        );
        let mut params: Vec<&(dyn ToSql + Sync)> = vec![&region];
        params.extend(values);
        rows(client, &sql, &params).await
    };
    let mut all = Vec::new();
    for key in &names.identities {
        all.extend(search("p.identity = $2", &[&key.0.as_slice()]).await?);
    }
    for key in &names.phones {
        all.extend(search("p.phone = $2", &[&key.0.as_slice()]).await?);
    }
    for (iss, pseudonym) in names.pseudonyms.iter().filter(|(_, pseudonym)| *pseudonym != NOBODY) {
        all.extend(search("p.iss = $2 AND p.pseudonym = $3", &[iss, &pseudonym.as_slice()]).await?);
    }
    for certificate in &names.certificates {
        all.extend(search("p.certificate = $2", &[certificate]).await?);
    }
    Ok(all)
}

async fn erase(transaction: &Transaction<'_>, id: [u8; 16], what: &Forgotten) -> Result<()> {
    // Locked, since another server may go on with it at the same time, or may have ended it.
    let sql = "UPDATE erasures SET begun = begun WHERE id = $1 AND names IS NOT NULL RETURNING region";
    let Some(open) = row(transaction, sql, &[&id.as_slice()]).await? else { return Ok(()) };
    let region: Region = open.parsed("region")?;
    let mut reports = BTreeSet::new();
    for row in found(transaction, &what.names, &region).await? {
        reports.insert((row.station("station")?, row.record("record")?));
    }
    let mut done = ErasedResident::default();
    for (station, record) in reports {
        done.passages += blank(transaction, station, record).await?;
        bury(transaction, station, record).await?;
        bury_if_filed(transaction, station, record).await?;
    }
    for key in &what.held {
        let Some(reason) = forget_held(transaction, key).await? else { continue };
        done.held += 1;
        // What is filed under a conflict's id is somebody else's.
        match reason {
            QuarantineReason::Conflict => bury_conflict(transaction, key).await?,
            _ => bury(transaction, key.station, key.record).await?,
        }
    }
    let words = "UPDATE audit SET salt = NULL, words = NULL
       WHERE kind = 'looks' AND right(words, 32) = $1 AND left(region, length($2)) = $2";
    let mut looks: Vec<PersonKey> = what.looks.clone();
    for key in &what.phones {
        let others = "SELECT 1 FROM passages WHERE phone = $1 LIMIT 1";
        if row(transaction, others, &[&key.0.as_slice()]).await?.is_none() {
            looks.push(*key);
        }
    }
    // What waits for a second person's consent is about one resident, too.
    let asked = "DELETE FROM consents WHERE person = $1 AND person <> ''";
    for key in looks {
        run(transaction, asked, &[&key.to_string()]).await?;
        done.entries += run(transaction, words, &[&key.to_string(), &region.as_str()]).await?;
    }
    let sql = "UPDATE erasures SET passages = passages + $2, held = held + $3, entries = entries + $4,
         names = $5 WHERE id = $1";
    let counts = [done.passages, done.held, done.entries].map(u64::cast_signed);
    run(transaction, sql, &[&id.as_slice(), &counts[0], &counts[1], &counts[2], &to_column(&what.names)])
        .await
        .map(drop)
}

/// Erases the ciphertext of a report in quarantine. Returns why it was there, or `None` where it had left.
async fn forget_held(transaction: &Transaction<'_>, key: &ReportKey) -> Result<Option<QuarantineReason>> {
    let sql = "UPDATE quarantine SET state = 1, until = 0, ciphertext = ''::bytea
       WHERE station = $1 AND record = $2 AND hash = $3 AND state <> 1 RETURNING reason";
    let (station, record, hash) = (key.station.0.as_slice(), key.record.0.as_slice(), key.hash.as_slice());
    let Some(found) = row(transaction, sql, &[&station, &record, &hash]).await? else { return Ok(None) };
    let reason = found.parsed("reason")?;
    if reason == QuarantineReason::Conflict {
        alerts::clear_settled_conflict(transaction, key.station, key.record).await?;
    }
    Ok(Some(reason))
}

/// Leaves of a passage that somebody passed. Returns how many it changed.
async fn blank(transaction: &Transaction<'_>, station: StationId, record: RecordId) -> Result<u64> {
    let sql = "UPDATE passages SET identity = NULL, phone = NULL, masked_name = '', masked_id = '',
         code = ''::bytea, pseudonym = $3, certificate = NULL, iss = '', region = '', colour = ''
       WHERE station = $1 AND record = $2
         AND (pseudonym <> $3 OR iss <> '' OR masked_name <> '' OR octet_length(code) > 0)";
    let (station, record) = (station.0.as_slice(), record.0.as_slice());
    run(transaction, sql, &[&station, &record, &NOBODY.as_slice()]).await
}
