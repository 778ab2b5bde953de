//! `/residents/erasures`: erasing the resident of an open look, and the receipt for it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use health_code::Timestamp;
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::App as _;
use wire::{ErasureReceipt, hex};

use super::looks;
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::looking::{self, Act};
use crate::console::reason::{Reason, reasons};
use crate::console::state::Console;
use crate::erasure::{self, ErasureError, Means, Order, Stage};
use crate::residents::Asked;
use crate::store::Erasure;

/// How long an answer waits for an erasure to end; it ends by itself after that.
const PATIENCE: Duration = Duration::from_secs(8);

/// Whom to erase, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewErasure {
    /// The entry of the look that is open.
    look: u64,
    /// The whole number or code of that look, typed or scanned once more.
    who: String,
    /// A reason of its own.
    reason: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    words: String,
}

/// A copy that still holds what was erased.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErasureCopy {
    name: String,
    made: String,
    /// `null` where nothing ends it by itself.
    until: Option<String>,
}

/// An erasure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErasureView {
    /// Its name in the audit log.
    id: String,
    /// What was filed is erased; what had arrived is opened first, and the receipt comes with the next questions.
    waits: bool,
    passages: u64,
    held: u64,
    entries: u64,
    /// Reports in quarantine that nobody here can read.
    shut: u64,
    /// Whether the database has overwritten what it freed.
    overwritten: bool,
    /// Copies that hold it, those that are kept longest first.
    copies: Vec<ErasureCopy>,
    more: u64,
    /// The signed receipt, in base64.
    receipt: Option<String>,
}

/// Erases the resident of an open look. The audit log has it before anything is erased.
#[utoipa::path(post, path = "/residents/erasures", request_body = NewErasure, responses(
    (status = 200, body = ErasureView), (status = 409, description = "look-over")
))]
pub(super) async fn erase(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value: asked, .. }: Payload<NewErasure>,
) -> Result<Json<ErasureView>, ConsoleError> {
    caller.may(Right::ResidentsErase)?;
    let reason = Reason::of((&asked.reason, &asked.case, &asked.words), &reasons(&console.place.layout));
    let (reason, who) = match (reason, Asked::read(&asked.who)) {
        (Ok(reason), Ok(who)) => (reason, who),
        (reason, who) => {
            let mut fields = reason.err().unwrap_or_default();
            fields.extend(who.err().map(|code| ("who", code)));
            return Err(ConsoleError::Invalid(fields));
        }
    };
    let look = looking::lasting(&console, &caller, (Act::Looked, asked.look)).await?;
    let named = looks::name(&console, &who)?;
    if named.object.to_string() != look.object {
        return Err(ConsoleError::field("who", "another-person"));
    }
    let (by, words) = (Some(caller.account.id), reason.line());
    let order = Order { names: named.into(), region: look.region, by, words };
    let store = &*console.context.store;
    let (begun, head) = erasure::begin(store, order, console.now()).await?;
    console.context.audit_head.set(head);
    // Whoever hangs up meanwhile has it ended by the worker.
    let ended = tokio::time::timeout(PATIENCE, go_on(&console, &begun)).await;
    if let Ok(Err(error)) = ended {
        tracing::warn!(%error, "an erasure waits");
    }
    view(&console, begun.id).await.map(Json)
}

/// Returns an erasure in the asker's region.
#[utoipa::path(get, path = "/residents/erasures/{id}", params(("id" = String, Path)),
    responses((status = 200, body = ErasureView)))]
pub(super) async fn one(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ErasureView>, ConsoleError> {
    caller.may(Right::ResidentsErase)?;
    let id = hex::decode_array(&id).ok_or(ConsoleError::NotFound)?;
    let found = console.context.store.erasure(id).await?.ok_or(ConsoleError::NotFound)?;
    caller.sees(&found.region)?;
    view(&console, id).await.map(Json)
}

async fn go_on(console: &Console, begun: &Erasure) -> Result<Stage, ErasureError> {
    let context = &console.context;
    let trust = context.trust.trust();
    let (store, keys, list) = (&*context.store, &*context.keys, &*context.erased);
    erasure::go_on(Means { store, keys, list, root: Some(trust.root()) }, begun, console.now()).await
}

async fn view(console: &Console, id: [u8; 16]) -> Result<ErasureView, ConsoleError> {
    let found = console.context.store.erasure(id).await?.ok_or(ConsoleError::NotFound)?;
    let trust = console.context.trust.trust();
    let keys = || trust.root().receipts.iter().map(|key| (key.kid, &key.key));
    let receipt = found.receipt.as_ref().and_then(|signed| ErasureReceipt::open(signed, keys()).ok());
    let at = |seconds| rfc3339(Timestamp(seconds));
    let copies = receipt.iter().flat_map(|receipt| &receipt.copies).map(|copy| ErasureCopy {
        name: copy.name.clone(),
        made: at(copy.made),
        until: copy.until.map(at),
    });
    Ok(ErasureView {
        id: hex::encode(&id),
        waits: found.receipt.is_none(),
        passages: found.done.passages,
        held: found.done.held,
        entries: found.done.entries,
        shut: receipt.as_ref().map_or(0, |receipt| receipt.counts.shut),
        overwritten: receipt.as_ref().is_some_and(|receipt| receipt.overwritten),
        copies: copies.collect(),
        more: receipt.as_ref().map_or(0, |receipt| receipt.more),
        receipt: found.receipt.map(|signed| STANDARD.encode(signed)),
    })
}

impl From<ErasureError> for ConsoleError {
    fn from(error: ErasureError) -> Self {
        match error {
            ErasureError::SeveralPeople => Self::field("who", error.code()),
            ErasureError::Store(error) => error.into(),
            error => {
                tracing::error!(%error, "an erasure could not begin");
                Self::Internal
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wire::ErasureReceipt;

    use super::*;
    use crate::console::account::Role;
    use crate::console::api::filed::{NUMBER, claims, claims_of, file};
    use crate::console::api::testing::{TestConsole, code_of, json_of};
    use crate::testing::world;

    async fn look(console: &TestConsole, cookie: &str, who: &str) -> Value {
        let asked = json!({ "reason": "own-request", "case": "样例-0317", "who": who });
        json_of(console.ask(Some(cookie), "POST", "/residents/looks", asked).await).await
    }

    fn asked(look: &Value, who: &str) -> Value {
        json!({ "look": look["entry"], "who": who, "reason": "own-request", "case": "样例-0317" })
    }

    #[tokio::test]
    async fn who_is_looked_at_is_erased_after_another_reason_and_their_number_once_more() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let relative = claims_of(world::IDENTITY, "990101199001010099", "13800010044", [8; 16]);
        file(&console, &[(claims(world::IDENTITY), 0), (relative, 9)]).await;
        let open = look(&console, &cookie, NUMBER).await;
        let ask = async |body: Value| console.ask(Some(&cookie), "POST", "/residents/erasures", body).await;
        let another = json_of(ask(asked(&open, "990101199001010099")).await).await;
        assert_eq!(another["fields"], json!([{ "name": "who", "code": "another-person" }]));
        let without =
            json_of(ask(json!({ "look": open["entry"], "who": NUMBER, "reason": "x" })).await).await;
        assert_eq!(without["fields"].as_array().unwrap().len(), 2);
        assert_eq!(look(&console, &cookie, NUMBER).await["passages"].as_array().unwrap().len(), 1);

        let erased = json_of(ask(asked(&open, NUMBER)).await).await;
        assert_eq!((&erased["waits"], &erased["passages"]), (&json!(false), &json!(1)), "{erased}");
        // Two looks at them.
        assert_eq!((&erased["entries"], &erased["overwritten"]), (&json!(2), &json!(true)));
        let signed = STANDARD.decode(erased["receipt"].as_str().unwrap()).unwrap();
        let trust = console.console.context.trust.trust();
        let keys = trust.root().receipts.iter().map(|key| (key.kid, &key.key));
        let receipt = ErasureReceipt::open(&signed, keys).unwrap();
        assert_eq!(hex::encode(&receipt.id), erased["id"].as_str().unwrap());
        assert_eq!(look(&console, &cookie, NUMBER).await["passages"], json!([]));
        let phone = look(&console, &cookie, "13800010044").await;
        assert_eq!(phone["passages"].as_array().unwrap().len(), 1, "a relative stays");
        assert_eq!(code_of(ask(asked(&open, NUMBER)).await).await.1, "look-over", "its words are gone");
        let page = json_of(console.ask(Some(&cookie), "GET", "/audit?kind=looks", json!(null)).await).await;
        let entry =
            page["entries"].as_array().unwrap().iter().find(|entry| entry["act"] == "resident-erased");
        assert_eq!(entry.unwrap()["reason"], "own-request · 样例-0317");

        // Its receipt is had again, in its region alone.
        let address = format!("/residents/erasures/{}", erased["id"].as_str().unwrap());
        assert_eq!(json_of(console.ask(Some(&cookie), "GET", &address, json!(null)).await).await, erased);
        let next = console.keep("420107".parse().unwrap(), Role::Administrator, "样例丙", "next.door").await;
        assert_ne!(next, console.account("yangli.jia").await.id);
        let other = console.sign_in_as("next.door").await;
        let refused = console.ask(Some(&other), "GET", &address, json!(null)).await;
        assert_eq!(code_of(refused).await.1, "not-found");
    }

    #[tokio::test]
    async fn a_phone_of_two_people_erases_nobody_and_neither_does_a_look_that_is_over() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let relative = claims_of(world::IDENTITY, "990101199001010099", "13800010044", [8; 16]);
        file(&console, &[(claims(world::IDENTITY), 0), (relative, 9)]).await;
        let open = look(&console, &cookie, "13800010044").await;
        let ask = async |body: Value| console.ask(Some(&cookie), "POST", "/residents/erasures", body).await;
        let refused = json_of(ask(asked(&open, "13800010044")).await).await;
        assert_eq!(refused["fields"], json!([{ "name": "who", "code": "several-people" }]));
        console.advance(301);
        assert_eq!(code_of(ask(asked(&open, "13800010044")).await).await, (409, "look-over".to_owned()));
        assert_eq!(console.console.context.store.tombstones().await.unwrap().len(), 0);
    }
}
