//! `/residents/exports`: the passages of a region over some days, as a table that leaves the office.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::try_unfold;
use health_code::{Region, Timestamp};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::StationId;

use super::consents::Consent;
use crate::console::caller::{Caller, Payload, Right};
use crate::console::consent::Consented;
use crate::console::consents::{self, Leave, Wish};
use crate::console::error::ConsoleError;
use crate::console::gates::called;
use crate::console::looking::{self, Act, Turn};
use crate::console::reason::{Reason, reasons};
use crate::console::spreadsheet::{BOM, Table};
use crate::console::state::Console;
use crate::console::view::Nothing;
use crate::limits::{EXPORT_PAGE, EXPORT_ROWS, EXPORT_SECONDS};
use crate::store::{PassageRow, Place};

/// The columns, as people read them and as programs do.
const COLUMNS: [&str; 13] = [
    "时间 at",
    "到达 received",
    "区划 region",
    "社区 community",
    "卡点 checkpoint",
    "出入 direction",
    "判定 shown",
    "结果 outcome",
    "颜色 colour",
    "发码机构 issuer",
    "姓名 name",
    "证件 identity",
    "采集员 collector",
];

/// Which passages, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewExport {
    /// A region in the asker's.
    region: Option<String>,
    /// The first moment, and the first one after it all, in seconds since 1970: whole days by the asker's clock.
    from: i64,
    until: i64,
    reason: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    words: String,
}

/// What is asked, once it is checked: exactly what another one agrees to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    region: String,
    from: i64,
    until: i64,
    line: String,
}

impl Asked {
    fn read(ask: &str) -> Result<Self, ConsoleError> {
        serde_json::from_str(ask).map_err(|_| ConsoleError::Internal)
    }

    fn span(&self) -> (Timestamp, Timestamp) {
        (Timestamp(self.from), Timestamp(self.until))
    }

    /// Refuses what no table holds, before anybody agrees to it and before what they gave is used.
    async fn fits(&self, console: &Console, caller: &Caller) -> Result<(), ConsoleError> {
        let region = caller.scope(Some(&self.region))?;
        let counted = console.context.store.count_between(&region, self.span(), EXPORT_ROWS + 1).await?;
        if counted > EXPORT_ROWS {
            return Err(ConsoleError::field("until", "too-many-passages"));
        }
        Ok(())
    }
}

/// That another one has to agree first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExportWaits {
    waits: Consent,
}

/// Returns passages with masks alone, as CSV (RFC 4180). The audit log has it before the first line is made. Where the
/// rule wants two people, it only begins to wait.
#[utoipa::path(post, path = "/residents/exports", request_body = NewExport, responses(
    (status = 200, description = "The table", content_type = "text/csv"), (status = 202, body = ExportWaits),
    (status = 429, description = "exports-spent, consents-spent")
))]
pub(super) async fn export(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value: asked, .. }: Payload<NewExport>,
) -> Result<Response, ConsoleError> {
    caller.may(Right::ResidentsExport)?;
    let region = caller.scope(asked.region.as_deref())?;
    let reason = Reason::of((&asked.reason, &asked.case, &asked.words), &reasons(&console.place.layout));
    let mut fields = reason.as_ref().err().cloned().unwrap_or_default();
    let (from, until) = (Timestamp(asked.from), Timestamp(asked.until));
    if !(1..=EXPORT_SECONDS).contains(&asked.until.saturating_sub(asked.from)) || asked.from < 0 {
        fields.push(("until", "too-many-days"));
    }
    let reason = match reason {
        Ok(reason) if fields.is_empty() => reason,
        _ => return Err(ConsoleError::Invalid(fields)),
    };
    let days = format!("{} – {}", rfc3339(from), rfc3339(until));
    let line = reason.line();
    let asked =
        Asked { region: region.as_str().to_owned(), from: from.0, until: until.0, line: line.clone() };
    asked.fits(&console, &caller).await?;
    let ask = serde_json::to_string(&asked).map_err(|_| ConsoleError::Internal)?;
    let (right, masked, object) = (Right::ResidentsExport, days, String::new());
    match consents::ask(&console, &caller, Wish { right, region, ask, masked, line, object }).await? {
        Leave::Goes(leave) => {
            let turn = looking::turn(&console, &caller, Act::Exported, caller.top()).await?;
            table(console.clone(), &caller, &leave, turn).await
        }
        Leave::Waits(kept) => {
            let waits = ExportWaits { waits: super::consents::view(&console, &caller, &kept).await? };
            Ok((StatusCode::ACCEPTED, Json(waits)).into_response())
        }
    }
}

/// Returns what was asked, once another one agreed to it.
#[utoipa::path(post, path = "/residents/exports/{id}", params(("id" = String, Path)), request_body = Nothing, responses(
    (status = 200, description = "The table", content_type = "text/csv"), (status = 404, description = "not-found"),
    (status = 409, description = "consent-waits, consent-over, changed"), (status = 429, description = "exports-spent")
))]
pub(super) async fn go_on(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
    _: Payload<Nothing>,
) -> Result<Response, ConsoleError> {
    caller.may(Right::ResidentsExport)?;
    // Where none is left today, what another one agreed to is good still.
    let turn = looking::turn(&console, &caller, Act::Exported, caller.top()).await?;
    let given = consents::given(&console, &caller, (&id, Right::ResidentsExport)).await?;
    // More may have passed since it was asked.
    Asked::read(given.ask())?.fits(&console, &caller).await?;
    let leave = given.take(&console).await?;
    table(console.clone(), &caller, &leave, turn).await
}

async fn table(
    console: Arc<Console>,
    caller: &Caller,
    leave: &Consented,
    turn: Turn<'_>,
) -> Result<Response, ConsoleError> {
    let asked = Asked::read(leave.ask())?;
    let region = caller.scope(Some(&asked.region))?;
    let (from, until) = asked.span();
    let line = match leave.with() {
        Some(with) => format!("{} · + {}", asked.line, consents::name(&console, with).await?),
        None => asked.line,
    };
    let days = format!("{} – {}", rfc3339(from), rfc3339(until));
    turn.note((&region, &days, &line, "")).await?;
    let name = format!("passages-{}-{}.csv", region.as_str(), from.0);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    let export = Export { console, region, from, until, after: None, left: EXPORT_ROWS, begun: false };
    let pages = try_unfold(export, |mut export| async move {
        let page = export.page().await?;
        Ok::<_, std::io::Error>(page.map(|page| (page, export)))
    });
    Ok((headers, Body::from_stream(pages)).into_response())
}

/// Where the table is.
struct Export {
    console: Arc<Console>,
    region: Region,
    from: Timestamp,
    until: Timestamp,
    after: Option<Place>,
    left: usize,
    begun: bool,
}

impl Export {
    /// Returns the next lines; `None` at the end. An error breaks the answer off, so that nobody takes a part for all.
    async fn page(&mut self) -> Result<Option<Bytes>, std::io::Error> {
        let mut table = Table::default();
        let mut lines = Vec::new();
        if !self.begun {
            self.begun = true;
            lines.extend_from_slice(BOM);
            table.line(COLUMNS.iter().copied());
        }
        let store = &self.console.context.store;
        let most = EXPORT_PAGE.min(self.left);
        let span = (self.from, self.until);
        let rows = store.passages_between(&self.region, span, self.after, most).await;
        let rows = rows.map_err(std::io::Error::other)?;
        self.after = rows.last().map(|row| (row.at, row.station, row.record)).or(self.after);
        self.left -= rows.len();
        self.put(&mut table, &rows).await.map_err(std::io::Error::other)?;
        lines.extend(table.bytes());
        Ok(Some(Bytes::from(lines)).filter(|lines| !lines.is_empty()))
    }

    async fn put(&self, table: &mut Table, rows: &[PassageRow]) -> Result<(), crate::store::StoreError> {
        let console = &self.console;
        let names = console.names().of(&console.context).await?;
        let stations: Vec<StationId> = rows.iter().map(|row| row.station).collect();
        let of = console.context.store.communities_of(stations).await?;
        let known: Vec<(Region, &PassageRow)> =
            rows.iter().filter_map(|row| Some((of.get(&row.station)?.clone(), row))).collect();
        let called = called(console, &known).await?;
        for (region, row) in &known {
            let gate = called.gates.get(&(region.clone(), row.checkpoint));
            let collector = called.collectors.get(&(region.clone(), row.collector));
            table.line([
                &*rfc3339(row.at),
                &*rfc3339(row.received),
                region.as_str(),
                names.name(region).unwrap_or_default(),
                gate.map_or("", |gate| &gate.name),
                row.direction.code(),
                row.shown.code(),
                row.outcome.code(),
                &row.colour,
                &row.iss,
                &row.masked_name,
                &row.masked_id,
                collector.map_or("", |one| &one.name),
            ]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
