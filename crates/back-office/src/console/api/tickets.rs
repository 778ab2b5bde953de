//! `/tickets`: makes them, fifty at once, and takes them back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use health_code::{PersonId, Region, Trust};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use web::App as _;
use wire::hex;

use crate::console::account::Account;
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::regions::{Level, RegionTable};
use crate::console::state::Console;
use crate::console::view::{RegionRef, Ticket};
use crate::limits::{TICKET_HOURS, TICKETS_AT_ONCE};
use crate::store::IssuedTicket;
use crate::tickets::{Order, issue};

/// Which tickets are wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTickets {
    community: String,
    /// 1 to 720.
    hours: i64,
    /// One name a laptop, 1 to 50.
    laptops: Vec<String>,
}

/// Tickets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Tickets {
    tickets: Vec<Ticket>,
}

/// Makes tickets for a community.
#[utoipa::path(post, path = "/tickets", request_body = NewTickets, responses(
    (status = 201, body = Tickets), (status = 422, description = "invalid")
))]
pub(super) async fn make(
    State(console): State<Arc<Console>>,
    caller: Caller,
    body: Payload<NewTickets>,
) -> Result<(StatusCode, Json<Tickets>), ConsoleError> {
    caller.may(Right::StationsManage)?;
    let NewTickets { community, hours, laptops } = body.value;
    let tickets = made(&console, &caller.account, &community, hours, laptops).await?;
    Ok((StatusCode::CREATED, Json(Tickets { tickets })))
}

/// Makes tickets in somebody's name.
pub(in crate::console) async fn made(
    console: &Console,
    by: &Account,
    community: &str,
    hours: i64,
    laptops: Vec<String>,
) -> Result<Vec<Ticket>, ConsoleError> {
    let mut wrong = Vec::new();
    let region = community.parse().ok().filter(|region: &Region| by.region.contains(region));
    let trust = match &region {
        Some(region) => trust_of(console, by, region).await?,
        None => None,
    };
    if trust.is_none() {
        wrong.push(("community", "unknown-region"));
    }
    if !(1..=TICKET_HOURS).contains(&hours) {
        wrong.push(("hours", "out-of-range"));
    }
    match laptops.len() {
        0 => wrong.push(("laptops", "missing")),
        count if count > TICKETS_AT_ONCE => wrong.push(("laptops", "too-many")),
        _ => {}
    }
    let Some(trust) = trust.filter(|_| wrong.is_empty()) else { return Err(ConsoleError::Invalid(wrong)) };
    let region = trust.community().region.clone();
    let laptops: Vec<String> = laptops.iter().map(|name| name.trim().to_owned()).collect();
    let note = console.note(Some(by.id), "ticket-made", (region.as_str(), &region), &laptops.join(", "))?;
    let office = console.deployment().await?;
    let order = Order { laptops, office, by: Some(by.id.0), seconds: hours * 3600 };
    let now = console.now();
    let place = &console.place;
    let tickets =
        issue(&*console.context.store, &place.layout, Some(&place.url), &trust, &order, now).await?;
    console.write(vec![note]).await?;
    let names = console.names().of(&console.context).await?;
    let view = |ticket: wire::Ticket| Ticket {
        id: hex::encode(&Sha256::digest(ticket.secret)),
        text: Some(ticket.to_text()),
        laptop: ticket.laptop,
        community: RegionRef::new(&region, &names, &by.region),
        url: ticket.url,
        issued: rfc3339(now),
        expires: rfc3339(health_code::Timestamp(ticket.expires)),
        by: by.masked_name(),
    };
    Ok(tickets.into_iter().map(view).collect())
}

/// Returns the trust of a community; one that the table of regions names, and that has no file yet, is opened.
async fn trust_of(
    console: &Console,
    by: &Account,
    region: &Region,
) -> Result<Option<Arc<Trust>>, ConsoleError> {
    if let Some(trust) = console.context.trust.of(region) {
        return Ok(Some(trust));
    }
    let names = console.names().of(&console.context).await?;
    let Some(name) = names.name(region).filter(|_| Level::of(region) == Level::Community) else {
        return Ok(None);
    };
    let opened = match console.context.open_community(region, name, console.now()).await {
        Ok(trust) => trust,
        Err(error) => {
            tracing::warn!(%region, %error, "a community is not opened");
            return Ok(None);
        }
    };
    let note = console.note(Some(by.id), "community-opened", (region.as_str(), region), name)?;
    console.write(vec![note]).await?;
    Ok(Some(opened))
}

/// Returns the tickets of a region that nobody used, without their texts.
pub(super) async fn unused(
    console: &Console,
    caller: &Caller,
    scope: &Region,
    names: &RegionTable,
) -> Result<Vec<Ticket>, ConsoleError> {
    let tickets = console.context.store.unused_tickets(console.now()).await?;
    let accounts = console.accounts().await?;
    let by = |id: Option<[u8; 8]>| {
        let account = id.and_then(|id| accounts.iter().find(|account| account.id == PersonId(id)));
        account.map(Account::masked_name).unwrap_or_default()
    };
    let here = tickets.into_iter().filter(|ticket| scope.contains(&ticket.community));
    let view = |ticket: IssuedTicket| Ticket {
        id: hex::encode(&ticket.secret_hash),
        text: None,
        laptop: ticket.laptop,
        community: RegionRef::new(&ticket.community, names, caller.top()),
        url: console.place.url.clone(),
        issued: rfc3339(ticket.made),
        expires: rfc3339(ticket.expires),
        by: by(ticket.by),
    };
    Ok(here.map(view).collect())
}

/// Takes a ticket back that nobody used.
#[utoipa::path(delete, path = "/tickets/{id}", params(("id" = String, Path)), responses(
    (status = 204), (status = 404, description = "not-found")
))]
pub(super) async fn revoke(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ConsoleError> {
    caller.may(Right::StationsManage)?;
    let hash: [u8; 32] = hex::decode_array(&id).ok_or(ConsoleError::NotFound)?;
    let community = console.context.store.community_of_ticket(hash).await?.ok_or(ConsoleError::NotFound)?;
    caller.sees(&community)?;
    if !console.context.store.revoke_ticket(hash).await? {
        return Err(ConsoleError::NotFound);
    }
    let note = console.note(Some(caller.account.id), "ticket-revoked", (&id, &community), "")?;
    console.write(vec![note]).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::console::api::testing::{TestConsole, code_of, json_of};

    #[tokio::test]
    async fn tickets_are_made_listed_without_their_text_and_taken_back() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let order = json!({ "community": sample::HERE, "hours": 24, "laptops": ["样例 08", "样例 09"] });
        let made = console.ask(Some(&cookie), "POST", "/tickets", order).await;
        assert_eq!(made.status(), 201);
        let made = json_of(made).await;
        let text = made["tickets"][1]["text"].as_str().unwrap();
        let ticket = wire::Ticket::parse(text).unwrap();
        assert_eq!((ticket.laptop.as_str(), ticket.community.as_str()), ("样例 09", "样例社区"));
        let listed = json_of(console.ask(Some(&cookie), "GET", "/stations", json!(null)).await).await;
        assert_eq!(listed["tickets"].as_array().unwrap().len(), 2);
        assert_eq!(
            (&listed["tickets"][0]["text"], &listed["tickets"][0]["by"]),
            (&json!(null), &json!("样**"))
        );
        let id = made["tickets"][0]["id"].as_str().unwrap();
        let path = format!("/tickets/{id}");
        assert_eq!(console.ask(Some(&cookie), "DELETE", &path, json!(null)).await.status(), 204);
        let again = console.ask(Some(&cookie), "DELETE", &path, json!(null)).await;
        assert_eq!(code_of(again).await, (404, "not-found".to_owned()));
    }

    #[tokio::test]
    async fn a_community_without_a_file_is_opened_by_its_first_ticket() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let order = |region: &str| json!({ "community": region, "hours": 1, "laptops": ["样例"] });
        let made = console.ask(Some(&cookie), "POST", "/tickets", order("420107002001")).await;
        assert_eq!(made.status(), 201);
        let region = "420107002001".parse().unwrap();
        assert_eq!(console.console.context.trust.of(&region).unwrap().community().name, "东样社区居委会");
        for nowhere in ["420107002009", "420107002", "420107"] {
            let refused = console.ask(Some(&cookie), "POST", "/tickets", order(nowhere)).await;
            assert_eq!(code_of(refused).await, (422, "invalid".to_owned()), "{nowhere}");
        }
    }

    #[tokio::test]
    async fn what_no_ticket_can_say_is_named() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let names: Vec<String> = (0..51).map(|n| n.to_string()).collect();
        for (community, hours, laptops, fields) in [
            ("110101001001", 0, json!([]), vec!["community", "hours", "laptops"]),
            (sample::HERE, 721, json!(names), vec!["hours", "laptops"]),
            (sample::HERE, 1, json!(["a\nb"]), vec!["laptops"]),
            ("x", 1, json!(["a"]), vec!["community"]),
        ] {
            let order = json!({ "community": community, "hours": hours, "laptops": laptops });
            let said = json_of(console.ask(Some(&cookie), "POST", "/tickets", order).await).await;
            let named: Vec<_> = said["fields"]
                .as_array()
                .unwrap()
                .iter()
                .map(|field| field["name"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(
                (&said["code"], named),
                (&json!("invalid"), fields.into_iter().map(str::to_owned).collect())
            );
        }
    }
}
