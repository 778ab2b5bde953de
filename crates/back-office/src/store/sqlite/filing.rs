//! Filing what was opened: one table for each kind of report.

use health_code::{Claims, Timestamp};
use rusqlite::{Connection, Result, params};
use wire::Carried;
use wire::report::{Health, Passage, Roster, Shift, ShiftEvent};

use super::columns;
use crate::store::{ChangeState, Filing, PersonKeys, ReportKey};

/// The report that is filed.
pub(super) struct Source {
    pub key: ReportKey,
    pub received: Timestamp,
    /// Its number in its stream.
    pub seq: u64,
}

/// Files an opened report. Returns false if one of this kind was filed under its record id before.
pub(super) fn file(
    connection: &Connection,
    source: &Source,
    filing: &Filing,
    now: Timestamp,
) -> Result<bool> {
    match filing {
        Filing::Passage { passage, claims, person } => {
            let holder = Holder { person: *person, ..Holder::of_code(claims, &passage.code) };
            file_passage(connection, source, passage, &holder, now)
        }
        Filing::Certificate(passage) => {
            file_passage(connection, source, passage, &Holder::of_certificate(&passage.code), now)
        }
        Filing::Shift(shift) => file_shift(connection, source, shift),
        Filing::Roster { roster, state } => file_roster(connection, source, roster, *state),
        Filing::Health(health) => file_health(connection, source, health),
    }
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
    person: PersonKeys,
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
            person: PersonKeys::default(),
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
    source: &Source,
    passage: &Passage,
    holder: &Holder<'_>,
    now: Timestamp,
) -> Result<bool> {
    let filed = connection
        .prepare_cached(
            "INSERT INTO passages (station, record, at, judged_at, clock, checkpoint, direction, collector,
               policies, trust, shown, outcome, iss, pseudonym, masked_name, masked_id, colour, region, code,
               received_at, filed_at, verified, certificate, identity, phone)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
               ?20, ?21, ?22, ?23, ?24, ?25) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            source.key.station.0,
            source.key.record.0,
            passage.at,
            passage.judged_at,
            passage.clock.number(),
            passage.checkpoint,
            passage.direction.number(),
            passage.collector,
            passage.policies,
            passage.trust.to_be_bytes(),
            passage.shown.number(),
            passage.outcome.number(),
            holder.iss,
            holder.pseudonym,
            holder.masked_name,
            holder.masked_id,
            holder.colour,
            holder.region,
            holder.code,
            source.received.0,
            now.0,
            holder.certificate.is_none(),
            holder.certificate,
            holder.person.identity.map(|key| key.0),
            holder.person.phone.map(|key| key.0),
        ])?;
    Ok(filed == 1)
}

fn file_shift(connection: &Connection, source: &Source, shift: &Shift) -> Result<bool> {
    let (event, place) = match shift.event {
        ShiftEvent::SignedIn => (0, None),
        ShiftEvent::SignedOut => (1, None),
        ShiftEvent::At { checkpoint, direction } => (2, Some((checkpoint, direction.number()))),
    };
    let filed = connection.execute(
        "INSERT INTO shifts (station, record, at, clock, person, event, checkpoint, direction)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        params![
            source.key.station.0,
            source.key.record.0,
            shift.at,
            shift.clock.number(),
            shift.person,
            event,
            place.map(|(checkpoint, _)| checkpoint),
            place.map(|(_, direction)| direction),
        ],
    )?;
    Ok(filed == 1)
}

fn file_roster(
    connection: &Connection,
    source: &Source,
    roster: &Roster,
    state: ChangeState,
) -> Result<bool> {
    let (state, version, refusal) = state.numbers();
    let filed = connection.execute(
        "INSERT INTO roster_changes (station, record, at, clock, by_person, change, received_at, state,
           version, refusal, subject, seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING",
        params![
            source.key.station.0,
            source.key.record.0,
            roster.at,
            roster.clock.number(),
            roster.by,
            roster.change.to_bytes(),
            source.received.0,
            state,
            version.map(u64::to_be_bytes),
            refusal,
            roster.change.subject(),
            columns::place(source.seq),
        ],
    )?;
    Ok(filed == 1)
}

fn file_health(connection: &Connection, source: &Source, health: &Health) -> Result<bool> {
    let filed = connection.execute(
        "INSERT INTO health_reports (station, record, at, clock, wrong_tries) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
        params![
            source.key.station.0,
            source.key.record.0,
            health.at,
            health.clock.number(),
            health.wrong_tries
        ],
    )?;
    if filed == 0 {
        return Ok(false);
    }
    for (refusal, count) in &health.refusals {
        connection.execute(
            "INSERT INTO refusal_counts (station, record, refusal, count) VALUES (?1, ?2, ?3, ?4)",
            params![source.key.station.0, source.key.record.0, refusal, count],
        )?;
    }
    Ok(true)
}
