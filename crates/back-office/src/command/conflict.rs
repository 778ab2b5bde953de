//! `back-office conflict`: looks at reports in conflict, and files one.

use wire::{Carried, RecordId, StationId, hex};

use super::arguments::Office;
use super::context::context;
use super::{Failure, say};
use crate::conflict::{file, look};
use crate::limits::LIST_ROWS;
use crate::store::{Filing, Outcome, PassageRow, Settled, Waiting, filed_as};

/// Prints what is filed under a record id and what is in conflict with it; or files the one whose hash begins
/// with `wanted`.
pub(super) async fn conflict(
    office: &Office,
    station: &str,
    record: &str,
    wanted: Option<&str>,
) -> Result<(), Failure> {
    let station: StationId = station.parse().map_err(|_| "a station's id has 32 hexadecimal digits")?;
    let record: RecordId = record.parse().map_err(|_| "a record's id has 32 hexadecimal digits")?;
    let context = context(office).await?;
    let found = look(&context, station, record).await?;
    let Some(wanted) = wanted else {
        let filed = context.store.passages(LIST_ROWS).await?;
        let filed = filed.iter().filter(|row| (row.station, row.record) == (station, record)).map(filed_line);
        let lines: Vec<_> = filed.chain(found.iter().map(conflict_line)).collect();
        return if lines.is_empty() {
            Err("nothing is known under this record id".into())
        } else {
            say(&lines.join("\n"))
        };
    };
    let mut chosen =
        found.into_iter().filter(|(waiting, _)| hex::encode(&waiting.key.hash).starts_with(wanted));
    let (Some((waiting, settled)), None) = (chosen.next(), chosen.next()) else {
        return Err("--file names one report in conflict by the first digits of its hash".into());
    };
    if let Outcome::Quarantined(reason) = settled.outcome {
        return Err(format!("this report cannot be filed: {reason}").into());
    }
    let id = filed_as(&waiting.key);
    if !file(&context, waiting, settled).await? {
        return Err("somebody has filed it already".into());
    }
    say(&format!("filed as {id}"))
}

fn filed_line(row: &PassageRow) -> String {
    let at = program::moment::rfc3339(row.at);
    let (shown, outcome) = (row.shown.code(), row.outcome.code());
    format!("filed\tpassage\t{at}\t{}\t{}\t{shown}\t{outcome}", row.masked_name, row.masked_id)
}

fn conflict_line((waiting, settled): &(Waiting, Settled)) -> String {
    let hash = hex::encode(&waiting.key.hash);
    let what = match &settled.outcome {
        Outcome::Quarantined(reason) => format!("cannot be filed: {reason}"),
        Outcome::Filed(filing) => what(filing),
    };
    let alerts: String = settled.alerts.iter().map(|(kind, _)| format!("\t{}", kind.code())).collect();
    format!("conflict\t{hash}\t{what}{alerts}")
}

/// Says what a report is; names and numbers are masked, as they are in every list.
fn what(filing: &Filing) -> String {
    let moment = |at| program::moment::rfc3339(health_code::Timestamp(at));
    match filing {
        Filing::Passage { passage, claims, .. } => {
            let (shown, outcome) = (passage.shown.code(), passage.outcome.code());
            let (name, id) = (&claims.masked_name, &claims.masked_id);
            format!("passage\t{}\t{name}\t{id}\t{shown}\t{outcome}", moment(passage.at))
        }
        Filing::Certificate(passage) => {
            let (shown, outcome) = (passage.shown.code(), passage.outcome.code());
            let name = match &passage.code {
                Carried::Certificate { masked_name, .. } => masked_name.as_str(),
                Carried::Whole(_) => "",
            };
            format!("passage\t{}\t{name}\t\t{shown}\t{outcome}", moment(passage.at))
        }
        Filing::Shift(shift) => format!("shift\t{}", moment(shift.at)),
        Filing::Roster { roster, .. } => format!("change\t{}\t{}", moment(roster.at), roster.change.code()),
        Filing::Health(health) => format!("health\t{}", moment(health.at)),
    }
}
