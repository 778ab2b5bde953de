//! `GET /work`: what the collectors of a community did. Residents are not in it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use health_code::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::console::board::Named;
use crate::console::caller::{Caller, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::stations::place;
use crate::console::view::RegionRef;
use crate::console::work::{self, Work};
use crate::limits::{WORK_DAYS, WORK_ROWS};
use crate::store::Tally;

const DAY: i64 = 86_400;
/// Digits of a community.
const COMMUNITY: usize = 12;

/// Which work is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub(super) struct Asked {
    /// Digits of a region in the asker's.
    region: Option<String>,
    /// The first second, since 1970.
    from: i64,
    /// The second after the last one: at most 31 days later.
    until: i64,
}

/// How many people, by what was shown and done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TallyView {
    passed: u64,
    let_through: u64,
    turned_away: u64,
    stopped: u64,
    unjudged: u64,
}

/// An hour of a collector's work at a checkpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HourView {
    /// The second at which it begins.
    at: i64,
    checkpoint: Named,
    direction: &'static str,
    tally: TallyView,
}

/// Time at a checkpoint, in seconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StintView {
    station: String,
    checkpoint: Named,
    direction: &'static str,
    began: i64,
    /// `null` where no report says so.
    ended: Option<i64>,
}

/// Invalid codes of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InvalidView {
    refusal: String,
    count: u64,
}

/// What one collector did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CollectorView {
    id: String,
    /// The masked name; `null` for one who was removed.
    name: Option<String>,
    /// The masked phone.
    phone: Option<String>,
    stints: Vec<StintView>,
    hours: Vec<HourView>,
    invalid: Vec<InvalidView>,
    wrong_tries: u64,
}

/// Collectors' work.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkView {
    region: RegionRef,
    /// Communities to choose from, where the region is wider than one.
    communities: Vec<RegionRef>,
    collectors: Vec<CollectorView>,
    /// Invalid codes while nobody was signed in.
    nobody: Vec<InvalidView>,
    /// Wrong PINs while nobody was signed in.
    nobody_tries: u64,
    /// Whether there was more than one answer holds: then a shorter time is to be asked for.
    cut: bool,
}

/// Returns what the collectors of a community did; of a wider region its communities.
#[utoipa::path(get, path = "/work", params(Asked), responses(
    (status = 200, body = WorkView), (status = 422, description = "invalid")
))]
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<WorkView>, ConsoleError> {
    caller.may(Right::StationsSee)?;
    let scope = caller.scope(asked.region.as_deref())?;
    let length = asked.until.checked_sub(asked.from);
    if length.is_none_or(|length| !(1..=WORK_DAYS * DAY).contains(&length)) {
        return Err(ConsoleError::field("until", "range"));
    }
    console.look(caller.account.id, "work-looked", &scope).await?;
    let (store, names) = (&console.context.store, console.names().of(&console.context).await?);
    let mut view = WorkView {
        region: RegionRef::new(&scope, &names, caller.top()),
        communities: Vec::new(),
        collectors: Vec::new(),
        nobody: Vec::new(),
        nobody_tries: 0,
        cut: false,
    };
    if scope.as_str().len() < COMMUNITY {
        let communities = console.context.trust.communities();
        let here =
            communities.iter().map(|trust| &trust.community().region).filter(|one| scope.contains(one));
        view.communities = here.map(|one| RegionRef::new(one, &names, caller.top())).collect();
        return Ok(Json(view));
    }
    let (from, until) = (Timestamp(asked.from), Timestamp(asked.until));
    let stations = store.stations().await?.into_iter().filter(|station| station.community == scope);
    let ids: Vec<_> = stations.map(|station| station.id).collect();
    let hours = store.work_hours(&scope, from, until, WORK_ROWS).await?;
    // Who was at work when the first day began, came the day before.
    let shifts = store.shifts_of(ids.clone(), from.plus(-DAY), until, WORK_ROWS).await?;
    let health = store.health_of(ids, from, until, WORK_ROWS).await?;
    view.cut = [hours.len(), shifts.len(), health.len()].contains(&WORK_ROWS);
    let (everybody, nobody) = work::of(hours, &shifts, &health, from.0);
    let trust = console.context.trust.of(&scope);
    let checkpoint =
        |id: [u8; 8]| Named { id: wire::hex::encode(&id), name: place(&console.context, &scope, id) };
    let collector = |(id, work): ([u8; 8], Work)| {
        let people = trust.iter().flat_map(|trust| &trust.community().people);
        let known = people.clone().find(|person| person.id == PersonId(id));
        CollectorView {
            id: wire::hex::encode(&id),
            name: known.map(|person| person.masked_name.clone()),
            phone: known.map(|person| person.masked_phone.clone()),
            stints: work
                .stints
                .iter()
                .map(|stint| StintView {
                    station: stint.station.to_string(),
                    checkpoint: checkpoint(stint.checkpoint),
                    direction: stint.direction.code(),
                    began: stint.began,
                    ended: stint.ended,
                })
                .collect(),
            hours: work
                .hours
                .iter()
                .map(|hour| HourView {
                    at: hour.at.0,
                    checkpoint: checkpoint(hour.checkpoint),
                    direction: hour.direction.code(),
                    tally: TallyView::of(&hour.tally),
                })
                .collect(),
            invalid: invalid(&work),
            wrong_tries: work.wrong_tries,
        }
    };
    (view.nobody, view.nobody_tries) = (invalid(&nobody), nobody.wrong_tries);
    view.collectors = everybody.into_iter().map(collector).collect();
    Ok(Json(view))
}

/// Returns invalid codes by kind, the most frequent first.
fn invalid(work: &Work) -> Vec<InvalidView> {
    let kinds = work.refusals.iter();
    let mut kinds: Vec<_> =
        kinds.map(|(refusal, count)| InvalidView { refusal: refusal.clone(), count: *count }).collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
    kinds
}

impl TallyView {
    fn of(tally: &Tally) -> Self {
        let Tally { passed, let_through, turned_away, stopped, unjudged, .. } = *tally;
        Self { passed, let_through, turned_away, stopped, unjudged }
    }
}

#[cfg(test)]
mod tests;
