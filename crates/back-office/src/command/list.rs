//! What arrived, as lines of text. Fields are separated by tabs, so that other programs read them.

use crate::overview::Overview;

/// Returns the counts, then a line for each station, alert, quarantined report and passage.
pub(super) fn text_of(overview: &Overview) -> String {
    let counts = &overview.counts;
    let mut out = format!(
        "passages {}, waiting {}, quarantine {}, stations {}, alerts {}\n",
        counts.passages, counts.waiting, counts.quarantined, counts.stations, counts.alerts
    );
    for station in &overview.stations {
        let withdrawn = if station.withdrawn.is_some() { "\twithdrawn" } else { "" };
        out += &format!("station\t{}\t{}{withdrawn}\n", station.id, station.name);
    }
    for row in &overview.alerts {
        let over = if row.cleared.is_some() { " (over)" } else { "" };
        out += &format!("alert\t{}{over}\t{}\t{}\n", row.kind, row.station, row.detail);
    }
    for row in &overview.changes {
        out += &format!("change\t{}\t{}\t{}\t{}\n", row.state, row.what, row.station, row.by);
    }
    for row in &overview.quarantine {
        out += &format!("quarantine\t{}\t{}\t{}\n", row.reason, row.station, row.record);
    }
    for row in &overview.passages {
        let at = jiff::Timestamp::from_second(row.at).map_or(row.at.to_string(), |time| time.to_string());
        out += &format!(
            "passage\t{at}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            row.checkpoint,
            row.masked_name,
            row.masked_id,
            row.shown.code(),
            row.outcome.code(),
            row.direction.code(),
            if row.verified { "verified" } else { "unverifiable" }
        );
    }
    out.trim_end().to_owned()
}
