//! What a browser gets: the console's page, its API, and what explains the certificate.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_extractor;
use axum::response::Redirect;
use axum::routing::get;
use web::FromThisMachine;

use super::assets::{self, FOLDER};
use super::state::Console;
use super::{api, certificate_page};

/// Returns the routes for people elsewhere, who come over TLS.
pub fn router(console: Arc<Console>) -> Router {
    let own = Router::new()
        .route("/", get(|| async { Redirect::temporary(FOLDER) }))
        .route("/ca", get(certificate_page::page))
        .route("/ca.pem", get(certificate_page::certificate))
        .with_state(console.clone());
    own.merge(assets::router()).merge(api::router(console))
}

/// Returns the routes for this machine's own browser, which stand beside the local page.
pub fn local_router(console: Arc<Console>) -> Router {
    let pages = assets::router().merge(api::router(console));
    pages.route_layer(from_extractor::<FromThisMachine>())
}
