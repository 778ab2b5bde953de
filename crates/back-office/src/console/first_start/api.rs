//! The addresses of a first start, below `/api/v1/first-start`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::middleware::{from_extractor, from_fn};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::FromThisMachine;

use super::door::Locked;
use super::flow::{Draft, FirstStart, Progress, Step, administrator};
use super::trust;
use super::unlocked::{NamedRegion, Secure, Unlocked};
use crate::console::account::{Accepted, Account};
use crate::console::api::{Chosen, begin, card_of, draw_words, made};
use crate::console::assets::{self, FOLDER};
use crate::console::caller::{Payload, only_from_our_page};
use crate::console::error::ConsoleError;
use crate::console::people::{Phone, is_name};
use crate::console::second_factor::{self, Shown};
use crate::console::session::Word;
use crate::console::state::Console;
use crate::console::view::{Card, Deployment, Ticket};
use crate::system;

#[derive(OpenApi)]
#[openapi(info(title = "Kadian's first start"))]
struct About;

fn routes() -> OpenApiRouter<Arc<FirstStart>> {
    let routes = OpenApiRouter::with_openapi(About::openapi())
        .routes(routes!(state))
        .routes(routes!(unlock))
        .routes(routes!(trust::preview))
        .routes(routes!(trust::import_trust))
        .routes(routes!(first_administrator))
        .routes(routes!(confirm))
        .routes(routes!(ticket));
    #[cfg(feature = "trial")]
    let routes = routes.routes(routes!(trust::trial));
    routes
}

/// Returns the description of these addresses.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    routes().into_openapi()
}

/// Returns what is answered until an office serves, to this machine's own browser only.
pub fn router(first: Arc<FirstStart>) -> Router {
    answers(first, Secure(false)).route_layer(from_extractor::<FromThisMachine>())
}

/// Returns the same for browsers elsewhere, who come over TLS.
pub fn router_over_tls(first: Arc<FirstStart>) -> Router {
    answers(first, Secure(true)).route("/", get(|| async { Redirect::temporary(FOLDER) }))
}

fn answers(first: Arc<FirstStart>, secure: Secure) -> Router {
    let (api, _) = routes().split_for_parts();
    let api = Router::new().nest("/api/v1", api).layer(from_fn(only_from_our_page)).with_state(first);
    api.layer(Extension(secure)).merge(assets::router())
}

/// How far a first start is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FirstStartState {
    /// `locked`, `trust`, `administrator` or `ticket`.
    state: &'static str,
    minutes_left: i64,
    tries_left: u32,
    /// Whether this program can make a trial.
    trial: bool,
    deployment: Option<Deployment>,
    top: Option<NamedRegion>,
    communities: Option<Vec<NamedRegion>>,
}

/// Says how far it is; to a browser that does not know the word only that it is locked.
#[utoipa::path(get, path = "/first-start", responses((status = 200, body = FirstStartState)))]
async fn state(
    State(first): State<Arc<FirstStart>>,
    unlocked: Result<Unlocked, ConsoleError>,
) -> Result<Json<FirstStartState>, ConsoleError> {
    let progress = first.progress().await;
    let Progress { door, step } = &*progress;
    let mut shown = FirstStartState {
        state: "locked",
        minutes_left: door.minutes_left(first.now()),
        tries_left: door.left(),
        trial: cfg!(feature = "trial"),
        deployment: None,
        top: None,
        communities: None,
    };
    if unlocked.is_err() {
        return Ok(Json(shown));
    }
    let console = match step {
        Step::Trust => None,
        Step::Administrator(console, _) | Step::Ticket(console, _) => Some(console),
        Step::Over => return Err(ConsoleError::NotFound),
    };
    shown.state = match step {
        Step::Trust => "trust",
        Step::Administrator(..) => "administrator",
        Step::Ticket(..) | Step::Over => "ticket",
    };
    if let Some(console) = console {
        let names = console.names().of(&console.context).await?;
        let named = |region: &health_code::Region| NamedRegion {
            code: region.to_string(),
            name: names.name(region).map_or_else(|| region.to_string(), str::to_owned),
        };
        shown.deployment = Some(Deployment { name: console.deployment().await?, trial: console.is_trial() });
        shown.top = Some(named(&console.top()));
        let communities = console.context.trust.communities();
        shown.communities = Some(communities.iter().map(|trust| named(&trust.community().region)).collect());
    }
    Ok(Json(shown))
}

/// The word that the terminal shows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstWord {
    word: String,
}

/// Unlocks the first start for this browser.
#[utoipa::path(post, path = "/first-start/unlock", request_body = FirstWord, responses(
    (status = 204), (status = 401, description = "wrong-word"), (status = 403, description = "word-spent")
))]
async fn unlock(
    State(first): State<Arc<FirstStart>>,
    Extension(Secure(secure)): Extension<Secure>,
    body: Payload<FirstWord>,
) -> Result<Response, ConsoleError> {
    let session = Word::new(system::random()?);
    let unlocked = first.progress().await.door.unlock(&body.value.word, session.hash(), first.now());
    unlocked.map_err(|locked| match locked {
        Locked::Wrong(left) => ConsoleError::WrongWord(left),
        Locked::Spent => ConsoleError::WordSpent,
    })?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(SET_COOKIE, session.cookie(secure))])).into_response())
}

/// The first administrator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewAdministrator {
    name: String,
    phone: String,
    account: String,
    passphrase: String,
    laptop_secret: String,
}

/// What their authenticator takes.
#[derive(Debug, Serialize, ToSchema)]
struct TotpView {
    totp: Shown,
}

/// Takes the first administrator, who is kept once their second factor is confirmed.
#[utoipa::path(post, path = "/first-start/administrator", request_body = NewAdministrator, responses(
    (status = 200, body = TotpView), (status = 409, description = "not-yet"), (status = 422, description = "invalid")
))]
async fn first_administrator(
    State(first): State<Arc<FirstStart>>,
    _: Unlocked,
    body: Payload<NewAdministrator>,
) -> Result<Json<TotpView>, ConsoleError> {
    let NewAdministrator { name, phone, account, passphrase, laptop_secret } = body.value;
    let mut progress = first.progress().await;
    let Step::Administrator(console, draft) = &mut progress.step else { return Err(ConsoleError::NotYet) };
    let mut wrong = Vec::new();
    match name.trim() {
        "" => wrong.push(("name", "missing")),
        name if !is_name(name) => wrong.push(("name", "bad-name")),
        _ => {}
    }
    let number = Phone::parse(&phone);
    if phone.trim().is_empty() {
        wrong.push(("phone", "missing"));
    } else if number.is_err() {
        wrong.push(("phone", "bad-phone"));
    }
    let chosen = Chosen { account: &account, passphrase: &passphrase, laptop_secret: &laptop_secret };
    wrong.extend(chosen.wrong());
    let Some(number) = number.ok().filter(|_| wrong.is_empty()) else {
        return Err(ConsoleError::Invalid(wrong));
    };
    let secret = system::random()?;
    let who = administrator(name.trim(), number.as_str(), console.top(), system::random()?);
    let shown = second_factor::shown(&secret, &account);
    *draft = Some(Box::new(Draft {
        account: who,
        name: account,
        passphrase: console.hash(&passphrase).await?,
        laptop: console.hash(&laptop_secret).await?,
        secret,
    }));
    Ok(Json(TotpView { totp: shown }))
}

/// A code, or words in its place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecondFactor {
    code: Option<String>,
    words: Option<bool>,
}

/// One-use words, if they were asked for.
#[derive(Debug, Serialize, ToSchema)]
struct Confirmed {
    words: Option<Vec<String>>,
}

/// Keeps the first administrator.
#[utoipa::path(post, path = "/first-start/administrator/confirm", request_body = SecondFactor, responses(
    (status = 200, body = Confirmed), (status = 409, description = "not-yet"), (status = 422, description = "invalid")
))]
async fn confirm(
    State(first): State<Arc<FirstStart>>,
    _: Unlocked,
    body: Payload<SecondFactor>,
) -> Result<Json<Confirmed>, ConsoleError> {
    let mut progress = first.progress().await;
    let Step::Administrator(console, Some(draft)) = &progress.step else { return Err(ConsoleError::NotYet) };
    let SecondFactor { code, words } = body.value;
    let step = code.and_then(|code| second_factor::accepted(&draft.secret, &code, first.now().0, 0));
    if step.is_none() && words != Some(true) {
        return Err(ConsoleError::field("code", "wrong-code"));
    }
    let (words, hashes) = if step.is_none() { draw_words()? } else { Default::default() };
    let mut account: Account = draft.account.clone();
    account.invite("", console.seal(account.id, &draft.secret)?, first.now());
    account.accept(Accepted {
        account: draft.name.clone(),
        passphrase: draft.passphrase.clone(),
        laptop: draft.laptop.clone(),
        step,
        words: hashes,
    });
    account.last_sign_in = Some(first.now().0);
    let about = (account.id.to_string(), account.region.clone());
    let note = console.note(Some(account.id), "first-start", (&about.0, &about.1), &account.in_the_log())?;
    console.keep(std::slice::from_ref(&account), vec![note]).await?;
    first.finish()?;
    let console: Arc<Console> = console.clone();
    progress.step = Step::Ticket(console, Box::new(account));
    Ok(Json(Confirmed { words: (!words.is_empty()).then_some(words) }))
}

/// A ticket for the first laptop.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstTicket {
    community: String,
    laptop: Option<String>,
    hours: i64,
}

/// The ticket, and the card to compare it with.
#[derive(Debug, Serialize, ToSchema)]
struct TicketAndCard {
    ticket: Ticket,
    card: Card,
}

/// Makes the first ticket. The office serves from then on, and the browser is signed in.
#[utoipa::path(post, path = "/first-start/ticket", request_body = FirstTicket, responses(
    (status = 200, body = TicketAndCard), (status = 409, description = "not-yet"), (status = 422, description = "invalid")
))]
async fn ticket(
    State(first): State<Arc<FirstStart>>,
    Extension(Secure(secure)): Extension<Secure>,
    _: Unlocked,
    body: Payload<FirstTicket>,
) -> Result<Response, ConsoleError> {
    let mut progress = first.progress().await;
    let Step::Ticket(console, account) = &progress.step else { return Err(ConsoleError::NotYet) };
    let FirstTicket { community, laptop, hours } = body.value;
    let laptops = vec![laptop.unwrap_or_default()];
    let ticket = made(console, account, &community, hours, laptops).await?.into_iter().next();
    let ticket = ticket.ok_or(ConsoleError::Internal)?;
    let card = card_of(console).await?;
    first.host.begin(console.clone()).await.map_err(|error| {
        tracing::error!(error, "the office cannot begin");
        ConsoleError::Internal
    })?;
    let here = console.at(console.place.page.clone(), secure);
    let answer = begin(&here, account, Json(TicketAndCard { ticket, card })).await?;
    progress.step = Step::Over;
    Ok(answer)
}
