//! `/deployment`: the card by which people compare what a laptop shows.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::console::view::Card;

/// Returns the deployment's card, also to who is not signed in: it is printed anyway.
#[utoipa::path(get, path = "/deployment", responses((status = 200, body = Card)))]
pub(super) async fn card(State(console): State<Arc<Console>>) -> Result<Json<Card>, ConsoleError> {
    Ok(Json(card_of(&console).await?))
}

/// Makes the card.
pub(in crate::console) async fn card_of(console: &Console) -> Result<Card, ConsoleError> {
    let (root, ca) = console.fingerprints();
    Ok(Card {
        name: console.deployment().await?,
        url: console.place.url.clone(),
        fingerprint: root.to_vec(),
        ca_fingerprint: ca.map(|groups| groups.to_vec()),
        trial: console.is_trial(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::console::api::testing::{TestConsole, json_of};

    #[tokio::test]
    async fn the_card_names_the_root_in_eight_groups() {
        let console = TestConsole::new().await;
        let card = json_of(console.ask(None, "GET", "/deployment", json!(null)).await).await;
        let groups = card["fingerprint"].as_array().unwrap();
        assert!(groups.len() == 8 && groups.iter().all(|group| group.as_str().unwrap().len() == 4));
        assert_eq!((&card["caFingerprint"], &card["trial"]), (&json!(null), &json!(false)));
        assert!(card["url"].as_str().unwrap().starts_with("http"));
    }
}
