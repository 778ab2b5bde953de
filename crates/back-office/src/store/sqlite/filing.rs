//! Filing what was opened, and the quarantine.

use health_code::{Claims, Timestamp};
use rusqlite::{Connection, OptionalExtension, Result, params};
use wire::report::{Health, Passage, Roster, RosterChange, Shift, ShiftEvent};
use wire::{Carried, RecordId, StationId};

use super::chains;
use crate::store::reason::QuarantineReason;
use crate::store::types::{Filing, Outcome, Settled};

struct Row {
    station: StationId,
    record: RecordId,
    received: i64,
}

pub(super) fn settle(connection: &Connection, settled: &[Settled], now: Timestamp) -> Result<()> {
    settled.iter().try_for_each(|settled| settle_one(connection, settled, now))
}

fn settle_one(connection: &Connection, settled: &Settled, now: Timestamp) -> Result<()> {
    let row = connection
        .prepare_cached("SELECT station, record, received_at FROM arrivals WHERE id = ?1 AND state = 0")?
        .query_row([settled.row], |row| {
            Ok(Row { station: StationId(row.get(0)?), record: RecordId(row.get(1)?), received: row.get(2)? })
        })
        .optional()?;
    // Settled before: by this worker, whose transaction was committed and whose thread then died.
    let Some(row) = row else { return Ok(()) };
    match &settled.outcome {
        Outcome::Filed(filing) => {
            file(connection, &row, filing, now)?;
            connection
                .prepare_cached(
                    "UPDATE arrivals SET state = 1, reason = NULL, ciphertext = NULL WHERE id = ?1",
                )?
                .execute([settled.row])?;
        }
        Outcome::Quarantined(reason) => {
            connection
                .prepare_cached("UPDATE arrivals SET state = 2, reason = ?2 WHERE id = ?1")?
                .execute(params![settled.row, reason.to_string()])?;
        }
    }
    if let Some((kind, detail)) = &settled.alert {
        chains::raise(connection, row.station, *kind, row.record, detail, now)?;
    }
    Ok(())
}

pub(super) fn reopen(connection: &Connection, reason: Option<QuarantineReason>) -> Result<usize> {
    connection.execute(
        "UPDATE arrivals SET state = 0 WHERE state = 2 AND reason <> ?1 AND (?2 IS NULL OR reason = ?2)",
        params![QuarantineReason::Conflict.to_string(), reason.map(|reason| reason.to_string())],
    )
}

fn file(connection: &Connection, row: &Row, filing: &Filing, now: Timestamp) -> Result<()> {
    match filing {
        Filing::Passage { passage, claims } => {
            file_passage(connection, row, passage, &Holder::of_code(claims, &passage.code), now)
        }
        Filing::Certificate(passage) => {
            file_passage(connection, row, passage, &Holder::of_certificate(&passage.code), now)
        }
        Filing::Shift(shift) => file_shift(connection, row, shift),
        Filing::Roster(roster) => file_roster(connection, row, roster),
        Filing::Health(health) => file_health(connection, row, health),
    }
}

/// What is filed of whoever passed.
#[derive(Default)]
struct Holder<'a> {
    iss: &'a str,
    pseudonym: [u8; 16],
    masked_name: &'a str,
    masked_id: &'a str,
    colour: &'static str,
    region: &'a str,
    code: &'a [u8],
    certificate: Option<&'a str>,
}

impl<'a> Holder<'a> {
    fn of_code(claims: &'a Claims, carried: &'a Carried) -> Self {
        Self {
            iss: &claims.iss,
            pseudonym: claims.pseudonym,
            masked_name: &claims.masked_name,
            masked_id: &claims.masked_id,
            colour: claims.colour.code(),
            region: claims.region.as_str(),
            code: match carried {
                Carried::Whole(code) => code,
                Carried::Certificate { .. } => &[],
            },
            certificate: None,
        }
    }

    fn of_certificate(carried: &'a Carried) -> Self {
        let colour = "certificate";
        match carried {
            Carried::Whole(code) => Self { code, colour, ..Self::default() },
            Carried::Certificate { id, country, masked_name } => Self {
                iss: country,
                pseudonym: health_code::hcert::pseudonym(id),
                masked_name,
                colour,
                certificate: Some(id),
                ..Self::default()
            },
        }
    }
}

fn file_passage(
    connection: &Connection,
    row: &Row,
    passage: &Passage,
    holder: &Holder<'_>,
    now: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO passages (station, record, at, clock, checkpoint, collector, policy, trust, shown,
               iss, pseudonym, masked_name, masked_id, colour, region, code, received_at, filed_at, certificate)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?
        .execute(params![
            row.station.0,
            row.record.0,
            passage.at,
            passage.clock.number(),
            passage.checkpoint,
            passage.collector,
            passage.policy.to_be_bytes(),
            passage.trust.to_be_bytes(),
            passage.shown.number(),
            holder.iss,
            holder.pseudonym,
            holder.masked_name,
            holder.masked_id,
            holder.colour,
            holder.region,
            holder.code,
            row.received,
            now.0,
            holder.certificate,
        ])?;
    Ok(())
}

fn file_shift(connection: &Connection, row: &Row, shift: &Shift) -> Result<()> {
    let (event, checkpoint) = match shift.event {
        ShiftEvent::SignedIn => (0, None),
        ShiftEvent::SignedOut => (1, None),
        ShiftEvent::At { checkpoint } => (2, Some(checkpoint)),
    };
    connection.execute(
        "INSERT INTO shifts (station, record, at, clock, person, event, checkpoint)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![row.station.0, row.record.0, shift.at, shift.clock.number(), shift.person, event, checkpoint],
    )?;
    Ok(())
}

fn file_roster(connection: &Connection, row: &Row, roster: &Roster) -> Result<()> {
    let RosterChange::CheckpointAdded { id, name } = &roster.change;
    connection.execute(
        "INSERT INTO roster_changes (station, record, at, clock, by_person, checkpoint, name)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![row.station.0, row.record.0, roster.at, roster.clock.number(), roster.by, id, name],
    )?;
    Ok(())
}

fn file_health(connection: &Connection, row: &Row, health: &Health) -> Result<()> {
    connection.execute(
        "INSERT INTO health_reports (station, record, at, clock) VALUES (?1, ?2, ?3, ?4)",
        params![row.station.0, row.record.0, health.at, health.clock.number()],
    )?;
    for (refusal, count) in &health.refusals {
        connection.execute(
            "INSERT INTO refusal_counts (station, record, refusal, count) VALUES (?1, ?2, ?3, ?4)",
            params![row.station.0, row.record.0, refusal, count],
        )?;
    }
    Ok(())
}
