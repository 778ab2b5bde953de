//! Filing what was opened: one table for each kind of report.

use deadpool_postgres::Transaction;
use health_code::Timestamp;
use wire::report::{Health, Roster, Shift, ShiftEvent};

use super::columns::{self, Params, Result, run};
use super::passages;
use crate::store::{ChangeState, Filing, PersonKeys, ReportKey};

/// A report that is to be filed.
pub(super) struct Source<'a> {
    pub key: ReportKey,
    pub received: Timestamp,
    /// Its number in its stream.
    pub seq: u64,
    pub filing: &'a Filing,
}

/// Files opened reports. Returns for each whether it was filed: false if one of its kind was filed under its
/// record id before.
pub(super) async fn file(
    transaction: &Transaction<'_>,
    sources: &[Source<'_>],
    now: Timestamp,
) -> Result<Vec<bool>> {
    let mut filed = vec![false; sources.len()];
    let mut found = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let Source { key, received, filing, .. } = source;
        let (passage, claims, person) = match filing {
            Filing::Passage { passage, claims, person } => (passage, Some(&**claims), *person),
            Filing::Certificate(passage) => (passage, None, PersonKeys::default()),
            Filing::Shift(shift) => {
                filed[index] = file_shift(transaction, key, shift).await?;
                continue;
            }
            Filing::Roster { roster, state } => {
                filed[index] = file_roster(transaction, source, roster, *state).await?;
                continue;
            }
            Filing::Health(health) => {
                filed[index] = file_health(transaction, key, health).await?;
                continue;
            }
        };
        found.push((index, passages::Row { key: *key, received: *received, passage, claims, person }));
    }
    // In one order everywhere: so two servers that file the same records don't wait for one another.
    found.sort_by_key(|(index, row)| (row.key.station, row.key.record, *index));
    let (places, rows): (Vec<usize>, Vec<passages::Row<'_>>) = found.into_iter().unzip();
    let mut new = passages::file(transaction, &rows, now).await?;
    for (index, row) in places.into_iter().zip(&rows) {
        // Of two under one record id the first one is filed.
        filed[index] = new.remove(&(row.key.station.0, row.key.record.0));
    }
    Ok(filed)
}

async fn file_shift(transaction: &Transaction<'_>, key: &ReportKey, shift: &Shift) -> Result<bool> {
    let (event, place) = match shift.event {
        ShiftEvent::SignedIn => (0_i16, None),
        ShiftEvent::SignedOut => (1, None),
        ShiftEvent::At { checkpoint, direction } => (2, Some((checkpoint, i16::from(direction.number())))),
    };
    let sql = "INSERT INTO shifts (station, record, at, clock, person, event, checkpoint, direction)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let (station, record) = (key.station.0.as_slice(), key.record.0.as_slice());
    let (clock, person) = (i16::from(shift.clock.number()), shift.person.as_slice());
    let checkpoint = place.as_ref().map(|(checkpoint, _)| checkpoint.as_slice());
    let direction = place.map(|(_, direction)| direction);
    let params: Params<'_> =
        &[&station, &record, &shift.at, &clock, &person, &event, &checkpoint, &direction];
    Ok(run(transaction, sql, params).await? == 1)
}

async fn file_roster(
    transaction: &Transaction<'_>,
    source: &Source<'_>,
    roster: &Roster,
    state: ChangeState,
) -> Result<bool> {
    let sql = "INSERT INTO roster_changes (station, record, at, clock, by_person, change, received_at, state,
         version, refusal, subject, seq)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
    let (station, record) = (source.key.station.0.as_slice(), source.key.record.0.as_slice());
    let (clock, by, change) =
        (i16::from(roster.clock.number()), roster.by.as_slice(), roster.change.to_bytes());
    let (state, version, refusal) = columns::change_state(state);
    let (received, subject) = (source.received.0, roster.change.subject().map(|id| id.to_vec()));
    let seq = columns::stored(source.seq);
    let params: Params<'_> = &[
        &station, &record, &roster.at, &clock, &by, &change, &received, &state, &version, &refusal, &subject,
        &seq,
    ];
    Ok(run(transaction, sql, params).await? == 1)
}

async fn file_health(transaction: &Transaction<'_>, key: &ReportKey, health: &Health) -> Result<bool> {
    let sql = "INSERT INTO health_reports (station, record, at, clock, wrong_tries)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let (station, record) = (key.station.0.as_slice(), key.record.0.as_slice());
    let (clock, tries) = (i16::from(health.clock.number()), i64::from(health.wrong_tries));
    if run(transaction, sql, &[&station, &record, &health.at, &clock, &tries]).await? == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO refusal_counts (station, record, refusal, count) VALUES ($1, $2, $3, $4)";
    for (refusal, count) in &health.refusals {
        run(transaction, sql, &[&station, &record, refusal, &i64::from(*count)]).await?;
    }
    Ok(true)
}
