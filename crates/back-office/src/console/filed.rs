//! What filed passages carried: their codes, and whether people are still found by the keys that this office has.

use health_code::{Claims, Timestamp, UnverifiedCode};

use crate::context::Context;
use crate::limits::OLDEST_LOOKED_AT;
use crate::store::{StoreError, WithCode};

/// Returns what a passage's code says, by the trust files of its time: they held when it was filed. `None` for a
/// certificate, and for whom was erased.
///
/// # Errors
/// [`StoreError`].
pub async fn claims_of(context: &Context, found: &WithCode) -> Result<Option<Claims>, StoreError> {
    let Ok(code) = UnverifiedCode::from_cose(&found.code) else { return Ok(None) };
    let moment: (_, Timestamp) = (found.community.clone(), found.passer.row.judged);
    let then = context.trust.at(vec![moment]).await?.into_iter().map(|(_, trust)| trust);
    let mut tried = then.chain(context.trust.of(&found.community));
    Ok(tried.find_map(|trust| {
        let read = trust.authenticate(&code, &found.community);
        read.ok().map(|signed| signed.claims().clone())
    }))
}

/// Returns whether the oldest passages were filed by a person secret that this office has no more: a number does not
/// find them then. The oldest tell: a secret that was lost was in use before.
///
/// # Errors
/// [`StoreError`].
pub async fn is_secret_lost(context: &Context) -> Result<bool, StoreError> {
    for found in context.store.oldest_with_code(OLDEST_LOOKED_AT).await? {
        let Some(filed) = found.passer.person.identity else { continue };
        let Some(claims) = claims_of(context, &found).await? else { continue };
        // Without the identity key it cannot be told.
        if let Some(known) = context.keys.filed_by_known_secret(&claims, filed) {
            return Ok(!known);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::console::api::filed::{claims, file};
    use crate::console::api::testing::{TestConsole, json_of};
    use crate::testing::world;

    use super::*;
    use crate::keys::Keyring;

    #[tokio::test]
    async fn an_office_without_its_person_secret_says_that_it_finds_nobody_of_before() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let lost = async || {
            let terms =
                json_of(console.ask(Some(&cookie), "GET", "/residents/looks", json!(null)).await).await;
            terms["lost"].clone()
        };
        assert_eq!(lost().await, json!(false), "nothing is filed");
        file(&console, &[(claims(world::IDENTITY), 0)]).await;
        assert_eq!(lost().await, json!(false));
        let keys = console.console.place.layout.keys();
        let secret = std::fs::read(keys.join("person.key")).unwrap();
        std::fs::remove_file(keys.join("person.key")).unwrap();
        let mut context = console.console.context.clone();
        context.keys = std::sync::Arc::new(Keyring::open(&keys).unwrap());
        assert!(is_secret_lost(&context).await.unwrap());
        // Found again, it may lie beside the new one.
        std::fs::write(keys.join("person-found.key"), secret).unwrap();
        context.keys = std::sync::Arc::new(Keyring::open(&keys).unwrap());
        assert!(!is_secret_lost(&context).await.unwrap());
        assert_eq!(context.store.oldest_with_code(9).await.unwrap().len(), 1);
    }
}
