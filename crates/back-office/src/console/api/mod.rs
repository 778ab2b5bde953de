//! The console's addresses; one subject a file.
//!
//! A new endpoint is a handler with its `utoipa::path`, and a line in [`router`]. A test asks every address as
//! every role with ids of other regions, and fails where one is missing in its table.

#![allow(unused_qualifications, reason = "what utoipa writes")]

mod audit;
mod board;
mod codes;
mod consents;
mod deployment;
mod erasures;
mod exports;
#[cfg(test)]
pub(in crate::console) mod filed;
mod invitations;
mod looks;
mod me;
mod people;
mod people_add;
mod person;
mod phones;
mod regions;
mod roster;
mod session;
mod stations;
mod sticks;
#[cfg(test)]
pub(in crate::console) mod testing;
mod tickets;
mod traces;
#[cfg(test)]
mod walk;
mod work;

use std::sync::Arc;

use axum::middleware::from_fn;
use axum::response::IntoResponse as _;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::only_from_our_page;
use super::state::Console;

pub(in crate::console) use deployment::card_of;
pub(in crate::console) use invitations::Chosen;
pub(in crate::console) use me::draw_words;
pub(in crate::console) use session::begin;
pub(in crate::console) use tickets::made;

/// What the document says beside the endpoints.
#[derive(OpenApi)]
#[openapi(info(
    title = "Kadian's console",
    description = "People and roles, stations and tickets. Errors are problems of RFC 9457 with a stable `code`. \
                   Every request but GET carries the header `Kadian-Console: 1`."
))]
struct About;

/// Returns the routes below `/api/v1`, and their description.
fn routes() -> OpenApiRouter<Arc<Console>> {
    OpenApiRouter::with_openapi(About::openapi())
        .routes(routes!(session::sign_in, session::who, session::sign_out))
        .routes(routes!(deployment::card))
        .routes(routes!(regions::tree, regions::import))
        .routes(routes!(regions::preview))
        .routes(routes!(people::list, people_add::add))
        .routes(routes!(people_add::preview))
        .routes(routes!(person::change))
        .routes(routes!(person::invite, person::end_invitation))
        .routes(routes!(person::disable))
        .routes(routes!(person::enable))
        .routes(routes!(invitations::open))
        .routes(routes!(invitations::accept))
        .routes(routes!(me::words))
        .routes(routes!(board::show))
        .routes(routes!(board::events))
        .routes(routes!(work::show))
        .routes(routes!(stations::list))
        .routes(routes!(stations::withdraw))
        .routes(routes!(sticks::take))
        .routes(routes!(sticks::enrol))
        .routes(routes!(sticks::trust))
        .routes(routes!(tickets::make))
        .routes(routes!(tickets::revoke))
        .routes(routes!(roster::list))
        .routes(routes!(looks::terms, looks::look))
        .routes(routes!(erasures::erase))
        .routes(routes!(erasures::one))
        .routes(routes!(exports::export))
        .routes(routes!(exports::go_on))
        .routes(routes!(traces::begin))
        .routes(routes!(traces::go_on))
        .routes(routes!(consents::list))
        .routes(routes!(consents::decide))
        .routes(routes!(phones::open))
        .routes(routes!(codes::read))
        .routes(routes!(audit::list))
        .routes(routes!(audit::check))
        .routes(routes!(audit::export))
}

/// Returns the console's routes, with what guards all of them.
pub fn router(console: Arc<Console>) -> Router {
    let (api, document) = routes().split_for_parts();
    let document = Arc::new(prefixed(document));
    let served = document.clone();
    Router::new()
        .nest("/api/v1", api)
        .route("/api/v1/openapi.json", get(move || async move { Json(&*served).into_response() }))
        .layer(from_fn(only_from_our_page))
        .with_state(console)
}

/// Returns the description of the API, as it is served and as `docs/console-api.json` has it.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    prefixed(routes().into_openapi())
}

fn prefixed(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut document.paths.paths {
        let of = |method: &str| format!("{method}{}", path.replace(['/', '-'], "_").replace(['{', '}'], ""));
        for (method, operation) in [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ] {
            if let Some(operation) = operation {
                // Handlers of two subjects may have one name; OpenAPI wants each id once.
                operation.operation_id = Some(of(method));
            }
        }
    }
    let server = utoipa::openapi::ServerBuilder::new().url("/api/v1").build();
    document.servers = Some(vec![server]);
    document
}
