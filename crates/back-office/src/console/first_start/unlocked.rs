//! Who may ask: the browser that knew the word.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Serialize;
use utoipa::ToSchema;

use super::flow::FirstStart;
use crate::console::error::ConsoleError;
use crate::console::session::Word;

/// Whether a request came over TLS: as an extension of each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Secure(pub bool);

/// Proof that a request comes from the browser that knew the word.
pub(super) struct Unlocked;

impl FromRequestParts<Arc<FirstStart>> for Unlocked {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, first: &Arc<FirstStart>) -> Result<Self, ConsoleError> {
        let secure = parts.extensions.get().is_some_and(|Secure(secure)| *secure);
        let word = Word::of(&parts.headers, secure).ok_or(ConsoleError::SignedOut)?;
        let progress = first.progress().await;
        if progress.door.is_open_to(word.hash()) { Ok(Self) } else { Err(ConsoleError::SignedOut) }
    }
}

/// A region by name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NamedRegion {
    pub code: String,
    pub name: String,
}
