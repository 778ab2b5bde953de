//! `/board`: what passes, which laptops are there, what needs a person; once, or as it changes.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::sse::{Event, Sse};
use futures_util::Stream as Events;
use futures_util::stream::unfold;
use health_code::Region;

use crate::console::board::{Board, Stream};
use crate::console::caller::{Caller, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::Scope;
use crate::limits::{BOARD_BEAT, BOARD_PAUSE, BOARD_SESSION};
use crate::store::StoreError;

/// Returns the board of a region.
#[utoipa::path(get, path = "/board", params(Scope), responses((status = 200, body = Board)))]
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(scope): Query<Scope>,
) -> Result<Json<Board>, ConsoleError> {
    caller.may(Right::StationsSee)?;
    let scope = caller.scope(scope.region.as_deref())?;
    let board = board_of(&console, &scope, caller.top()).await?;
    Ok(Json((*board).clone()))
}

/// Sends the board of a region whenever it changes, as events `board`; `beat` says that nothing did, `end` that
/// the session is over.
#[utoipa::path(get, path = "/board/events", params(Scope), responses(
    (status = 200, body = String, content_type = "text/event-stream"),
    (status = 503, description = "store")
))]
pub(super) async fn events(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(scope): Query<Scope>,
) -> Result<Sse<impl Events<Item = Result<Event, Infallible>>>, ConsoleError> {
    caller.may(Right::StationsSee)?;
    let scope = caller.scope(scope.region.as_deref())?;
    let place = console.boards().stream(caller.session).ok_or(ConsoleError::TooManyStreams)?;
    let telling =
        Telling { console, caller, scope, _place: place, last: None, pauses: 0, quiet: 0, over: false };
    Ok(Sse::new(unfold(telling, async |telling| telling.next().await)))
}

async fn board_of(console: &Console, scope: &Region, top: &Region) -> Result<Arc<Board>, StoreError> {
    let names = console.names().of(&console.context).await?;
    console.boards().of(&console.context, &names, (scope, top)).await
}

/// Somebody who is told of changes.
struct Telling {
    console: Arc<Console>,
    caller: Caller,
    scope: Region,
    _place: Stream,
    /// What they were told last.
    last: Option<Board>,
    /// How many pauses there were.
    pauses: u32,
    /// How many of them have passed since anything was sent.
    quiet: u32,
    over: bool,
}

impl Telling {
    /// Returns the next event, or `None` where there is none any more.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.over {
            return None;
        }
        loop {
            if self.last.is_some() && self.pauses_end().await {
                return None;
            }
            if self.pauses.is_multiple_of(BOARD_SESSION) && !self.lasts().await {
                self.over = true;
                return Some((Ok(Event::default().event("end").data("signed-out")), self));
            }
            self.pauses = self.pauses.wrapping_add(1);
            // A store that cannot be read ends the stream: the page asks anew, and says what it hears then.
            let board = board_of(&self.console, &self.scope, self.caller.top()).await.ok()?;
            let known = self.last.as_ref().is_some_and(|last| same(last, &board));
            if known && self.quiet < BOARD_BEAT {
                continue;
            }
            self.quiet = 0;
            let event = if known {
                Event::default().event("beat").data(&board.at)
            } else {
                self.last = Some((*board).clone());
                Event::default().event("board").json_data(&*board).ok()?
            };
            return Some((Ok(event), self));
        }
    }

    /// Waits for the next turn. Returns whether the office stops meanwhile.
    async fn pauses_end(&mut self) -> bool {
        self.quiet += 1;
        tokio::select! {
            () = tokio::time::sleep(BOARD_PAUSE) => false,
            () = self.console.context.ending.begun() => true,
        }
    }

    /// Returns whether the session lasts, and its person may still see this. Looking on does not prolong it.
    async fn lasts(&self) -> bool {
        let found = Caller::of_session(&self.console, self.caller.session).await;
        found.is_ok_and(|caller| caller.may(Right::StationsSee).is_ok() && caller.sees(&self.scope).is_ok())
    }
}

/// Returns whether two boards say the same, whenever they were read.
fn same(one: &Board, other: &Board) -> bool {
    one.at == other.at || *one == Board { at: one.at.clone(), ..other.clone() }
}

#[cfg(test)]
pub(super) mod tests;
