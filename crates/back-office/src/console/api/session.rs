//! `/session`: signs in and out, and says who is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use health_code::Timestamp;
use program::moment::rfc3339;
use serde::Deserialize;
use strum::VariantArray as _;
use utoipa::ToSchema;
use web::App as _;
use wire::hex;

use crate::console::account::{Account, State as Where};
use crate::console::caller::{Caller, From, Payload, Right};
use crate::console::delays::Key;
use crate::console::error::ConsoleError;
use crate::console::second_factor;
use crate::console::session::{self, IDLE, LONGEST, Word};
use crate::console::state::Console;
use crate::console::view::{Deployment, Me, RegionRef};
use crate::console::words;
use crate::limits::ACCOUNT_CHARS;
use crate::store::SessionRow;
use crate::system;

/// What somebody signs in with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    account: String,
    passphrase: String,
    /// The code of an authenticator.
    code: Option<String>,
    /// In its place, a one-use word.
    word: Option<String>,
}

/// Signs in.
#[utoipa::path(post, path = "/session", request_body = Credentials, responses(
    (status = 200, body = Me), (status = 401, description = "wrong-credentials"), (status = 429, description = "slow-down")
))]
pub(super) async fn sign_in(
    State(console): State<Arc<Console>>,
    from: From,
    body: Payload<Credentials>,
) -> Result<Response, ConsoleError> {
    let Credentials { account: name, passphrase, code, word } = body.value;
    let name: String = name.trim().to_lowercase().chars().take(ACCOUNT_CHARS).collect();
    let (by_account, by_address) = (Key::Account(name.clone()), from.key());
    let keys = [by_account, by_address];
    let now = console.now();
    console.delays().begin(&keys, now).map_err(ConsoleError::SlowDown)?;
    let row = console.context.store.account_named(&name).await?;
    let found = row.as_ref().map(Account::read).transpose()?;
    // An account that is not here takes as long as one that is.
    let phc = found.as_ref().and_then(|account| account.passphrase.as_deref());
    let right = console.is_right(&passphrase, phc).await?;
    let mut account = match found {
        Some(account) if right && account.state(now) == Where::Active => account,
        other => return Err(refuse(&console, other.as_ref(), &name, &keys).await?),
    };
    let secret = account.totp.as_ref().map(|totp| console.open(account.id, &totp.secret)).transpose()?;
    if !accept_second(&mut account, secret.as_deref(), (code.as_deref(), word.as_deref()), now) {
        return Err(refuse(&console, Some(&account), &name, &keys).await?);
    }
    let before = account.last_sign_in.replace(now.0);
    let note = console.note(
        Some(account.id),
        "sign-in",
        (&account.id.to_string(), &account.region),
        &account.in_the_log(),
    )?;
    // Of two who type one code at the same moment, one is in.
    match console.keep(std::slice::from_ref(&account), vec![note]).await {
        Err(ConsoleError::Changed) => return Err(refuse(&console, Some(&account), &name, &keys).await?),
        kept => kept?,
    }
    console.delays().was_right(&keys);
    let me = me(&console, &Account { last_sign_in: before, ..account.clone() }).await?;
    begin(&console, &account, Json(me)).await
}

/// Takes the second factor; a step or a word is good once.
fn accept_second(
    account: &mut Account,
    secret: Option<&[u8; second_factor::SECRET]>,
    (code, word): (Option<&str>, Option<&str>),
    now: Timestamp,
) -> bool {
    match (code, word, &mut account.totp) {
        (Some(code), None, Some(totp)) => {
            let step = secret.and_then(|secret| second_factor::accepted(secret, code, now.0, totp.last));
            if let Some(step) = step {
                totp.last = step;
            }
            step.is_some()
        }
        (None, Some(word), _) => {
            let word = hex::encode(&words::hash(word));
            let before = account.words.len();
            account.words.retain(|kept| *kept != word);
            account.words.len() < before
        }
        _ => false,
    }
}

/// Notes a try that failed, and returns what is answered: the same whatever was wrong.
async fn refuse(
    console: &Console,
    account: Option<&Account>,
    typed: &str,
    keys: &[Key],
) -> Result<ConsoleError, ConsoleError> {
    let (object, region) = account
        .map_or_else(|| (String::new(), console.top()), |known| (known.id.to_string(), known.region.clone()));
    let note = console.note(None, "sign-in-failed", (&object, &region), typed)?;
    console.write(vec![note]).await?;
    Ok(ConsoleError::WrongCredentials(console.delays().wait(keys, console.now())))
}

/// Begins a session and gives it to the browser.
pub(in crate::console) async fn begin(
    console: &Console,
    account: &Account,
    answer: impl IntoResponse,
) -> Result<Response, ConsoleError> {
    let (word, now) = (Word::new(system::random()?), console.now());
    let row = SessionRow { word: word.hash(), account: account.id, began: now, seen: now };
    console.context.store.begin_session(row, now.plus(-LONGEST)).await?;
    let cookie = AppendHeaders([(SET_COOKIE, word.cookie(console.secure))]);
    Ok((cookie, answer).into_response())
}

/// Says who is signed in.
#[utoipa::path(get, path = "/session", responses((status = 200, body = Me), (status = 401, description = "signed-out")))]
pub(super) async fn who(
    State(console): State<Arc<Console>>,
    caller: Caller,
) -> Result<Json<Me>, ConsoleError> {
    Ok(Json(me(&console, &caller.account).await?))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", responses((status = 204)))]
pub(super) async fn sign_out(
    State(console): State<Arc<Console>>,
    caller: Caller,
) -> Result<Response, ConsoleError> {
    let Caller { account, session: word, .. } = caller;
    console.context.store.end_session(word).await?;
    let note = console.note(Some(account.id), "sign-out", (&account.id.to_string(), &account.region), "")?;
    console.write(vec![note]).await?;
    let cookie = AppendHeaders([(SET_COOKIE, session::no_cookie(console.secure))]);
    Ok((StatusCode::NO_CONTENT, cookie).into_response())
}

/// Describes who is signed in.
pub(in crate::console) async fn me(console: &Console, account: &Account) -> Result<Me, ConsoleError> {
    let names = console.names().of(&console.context).await?;
    let at_top = account.region.contains(&console.top());
    let caller = Caller { account: account.clone(), session: [0; 32], at_top };
    let may = Right::VARIANTS.iter().filter(|right| caller.has(**right));
    Ok(Me {
        id: account.id.to_string(),
        name: account.name.clone(),
        account: account.account.clone().unwrap_or_default(),
        role: account.role,
        region: RegionRef::new(&account.region, &names, &account.region),
        last_sign_in: account.last_sign_in.map(|at| rfc3339(Timestamp(at))),
        idle_seconds: IDLE,
        deployment: Deployment { name: console.deployment().await?, trial: console.is_trial() },
        may: may.map(|right| <&str>::from(right).to_owned()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::console::api::testing::{PASSPHRASE, TestConsole, code_of, json_of};

    fn typed(code: &str) -> serde_json::Value {
        json!({ "account": "yangli.jia", "passphrase": PASSPHRASE, "code": code })
    }

    #[tokio::test]
    async fn a_person_signs_in_is_somebody_and_signs_out() {
        let console = TestConsole::new().await;
        let code = console.code();
        let response = console.ask(None, "POST", "/session", typed(&code)).await;
        assert_eq!(response.status(), StatusCode::OK);
        let cookie = response.headers()[SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("kadian=") && cookie.contains("HttpOnly; SameSite=Strict"));
        let me = json_of(response).await;
        assert_eq!((&me["name"], &me["role"]), (&json!("样例甲"), &json!("administrator")));
        assert_eq!(me["idleSeconds"], 1200);
        assert!(me["may"].as_array().unwrap().contains(&json!("regions.import")));
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let who = console.ask(Some(&cookie), "GET", "/session", json!(null)).await;
        assert_eq!(json_of(who).await["account"], "yangli.jia");
        // The same code is good once.
        console.advance(2);
        let again = console.ask(None, "POST", "/session", typed(&code)).await;
        assert_eq!(code_of(again).await, (401, "wrong-credentials".to_owned()));
        let out = console.ask(Some(&cookie), "DELETE", "/session", json!(null)).await;
        assert_eq!(out.status(), StatusCode::NO_CONTENT);
        let who = console.ask(Some(&cookie), "GET", "/session", json!(null)).await;
        assert_eq!(code_of(who).await, (401, "signed-out".to_owned()));
    }

    #[tokio::test]
    async fn whatever_is_wrong_is_answered_alike_and_slowed_down() {
        let console = TestConsole::new().await;
        let code = console.code();
        let wrong = [
            json!({ "account": "nobody.here", "passphrase": PASSPHRASE, "code": code }),
            json!({ "account": "yangli.jia", "passphrase": "three herons walk hom", "code": code }),
        ];
        for body in wrong {
            let response = console.ask(None, "POST", "/session", body).await;
            let said = json_of(response).await;
            assert_eq!((&said["code"], &said["retryAfter"]), (&json!("wrong-credentials"), &json!(1)));
        }
        let early = console.ask(None, "POST", "/session", typed(&code)).await;
        assert_eq!(code_of(early).await, (429, "slow-down".to_owned()));
        console.advance(1);
        let second = json!({ "account": "yangli.jia", "passphrase": PASSPHRASE, "code": "000000" });
        let said = json_of(console.ask(None, "POST", "/session", second).await).await;
        assert_eq!((&said["code"], &said["retryAfter"]), (&json!("wrong-credentials"), &json!(2)));
        console.advance(2);
        assert_eq!(console.ask(None, "POST", "/session", typed(&code)).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_session_ends_after_a_pause_and_when_its_person_is_disabled() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        console.advance(IDLE - 1);
        assert_eq!(console.ask(Some(&cookie), "GET", "/session", json!(null)).await.status(), 200);
        console.advance(IDLE);
        let ended = console.ask(Some(&cookie), "GET", "/session", json!(null)).await;
        assert_eq!(code_of(ended).await, (401, "signed-out".to_owned()));
        let cookie = console.sign_in().await;
        let mut account = console.account("yangli.jia").await;
        account.disabled = Some(0);
        console.console.keep(&[account], Vec::new()).await.unwrap();
        let ended = console.ask(Some(&cookie), "GET", "/session", json!(null)).await;
        assert_eq!(code_of(ended).await, (401, "signed-out".to_owned()));
    }

    #[tokio::test]
    async fn a_one_use_word_is_good_once() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let made = console.ask(Some(&cookie), "POST", "/me/words", json!({ "passphrase": PASSPHRASE })).await;
        let words = json_of(made).await["words"].as_array().unwrap().clone();
        assert_eq!(words.len(), 10);
        let typed = json!({ "account": "yangli.jia", "passphrase": PASSPHRASE, "word": words[3] });
        assert_eq!(console.ask(None, "POST", "/session", typed.clone()).await.status(), 200);
        let again = console.ask(None, "POST", "/session", typed).await;
        assert_eq!(code_of(again).await, (401, "wrong-credentials".to_owned()));
    }
}
