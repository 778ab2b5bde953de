//! `/me/words`: new one-use words.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use web::App as _;
use wire::hex;

use crate::console::caller::{Caller, Payload};
use crate::console::delays::Key;
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::Words;
use crate::console::words::{self, ONE_USE, ONE_USE_COUNT};
use crate::system;

/// What somebody knows who sits there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    passphrase: String,
}

/// Makes ten words; earlier ones are good no longer.
#[utoipa::path(post, path = "/me/words", request_body = Proof, responses(
    (status = 200, body = Words), (status = 401, description = "wrong-credentials"), (status = 429, description = "slow-down")
))]
pub(super) async fn words(
    State(console): State<Arc<Console>>,
    caller: Caller,
    body: Payload<Proof>,
) -> Result<Json<Words>, ConsoleError> {
    let mut account = caller.account;
    // Not the key of signing in: a thief at an open page should not lock its person out.
    let keys = [Key::Account(format!("words {}", account.id))];
    console.delays().begin(&keys, console.now()).map_err(ConsoleError::SlowDown)?;
    if !console.is_right(&body.value.passphrase, account.passphrase.as_deref()).await? {
        return Err(ConsoleError::WrongCredentials(console.delays().wait(&keys, console.now())));
    }
    console.delays().was_right(&keys);
    let (words, hashes) = draw_words()?;
    account.words = hashes;
    let note =
        console.note(Some(account.id), "words-made", (&account.id.to_string(), &account.region), "")?;
    console.keep(std::slice::from_ref(&account), vec![note]).await?;
    Ok(Json(Words { words }))
}

/// Draws one-use words, and what is kept of them.
pub(in crate::console) fn draw_words() -> Result<(Vec<String>, Vec<String>), ConsoleError> {
    let mut words = Vec::new();
    for _ in 0..ONE_USE_COUNT {
        words.push(words::word(&system::random::<ONE_USE>()?));
    }
    let hashes = words.iter().map(|word| hex::encode(&words::hash(word))).collect();
    Ok((words, hashes))
}
