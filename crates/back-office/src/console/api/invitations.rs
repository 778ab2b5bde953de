//! `/invitations`: opens and accepts one, by its word alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use health_code::Timestamp;
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::App as _;
use zeroize::Zeroizing;

use super::me::draw_words;
use super::session::{begin, me};
use crate::console::account::{Accepted, Account, Role, is_account};
use crate::console::caller::{From, Payload};
use crate::console::error::ConsoleError;
use crate::console::passphrase::{check, check_laptop_secret};
use crate::console::second_factor::{self, Shown};
use crate::console::state::Console;
use crate::console::view::{Me, RegionRef};
use crate::console::words;

/// The word of an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvitationWord {
    word: String,
}

/// An invitation as whoever is invited sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenInvitation {
    name: String,
    role: Role,
    region: RegionRef,
    expires: String,
    totp: Shown,
}

/// Opens an invitation.
#[utoipa::path(post, path = "/invitations/open", request_body = InvitationWord, responses(
    (status = 200, body = OpenInvitation), (status = 403, description = "invitation-unknown, invitation-expired"),
    (status = 429, description = "slow-down")
))]
pub(super) async fn open(
    State(console): State<Arc<Console>>,
    from: From,
    body: Payload<InvitationWord>,
) -> Result<Json<OpenInvitation>, ConsoleError> {
    let (account, secret) = invited(&console, &from, &body.value.word).await?;
    let names = console.names().of(&console.context).await?;
    let expires = account.invitation.as_ref().map_or(0, |invitation| invitation.expires);
    Ok(Json(OpenInvitation {
        totp: second_factor::shown(&secret, &account.name),
        region: RegionRef::new(&account.region, &names, &account.region),
        role: account.role,
        expires: rfc3339(Timestamp(expires)),
        name: account.name,
    }))
}

/// Finds who is invited by a word, and slows down who guesses.
async fn invited(
    console: &Console,
    from: &From,
    word: &str,
) -> Result<(Account, Zeroizing<[u8; second_factor::SECRET]>), ConsoleError> {
    let (keys, now) = ([from.key()], console.now());
    console.delays().begin(&keys, now).map_err(ConsoleError::SlowDown)?;
    let row = console.context.store.account_invited(words::hash(word)).await?;
    let account = row.as_ref().map(Account::read).transpose()?.ok_or(ConsoleError::InvitationUnknown)?;
    let sealed = account.invited(now).ok_or(ConsoleError::InvitationExpired)?;
    let secret = console.open(account.id, sealed)?;
    console.delays().was_right(&keys);
    Ok((account, secret))
}

/// What whoever is invited chooses.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Acceptance {
    word: String,
    account: String,
    passphrase: String,
    laptop_secret: String,
    /// The first code of their authenticator.
    code: Option<String>,
    /// In its place, one-use words.
    words: Option<bool>,
}

/// Somebody who accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AcceptedAnswer {
    me: Me,
    words: Option<Vec<String>>,
}

/// Accepts an invitation and signs in.
#[utoipa::path(post, path = "/invitations/accept", request_body = Acceptance, responses(
    (status = 201, body = AcceptedAnswer), (status = 403, description = "invitation-unknown, invitation-expired"),
    (status = 422, description = "invalid"), (status = 429, description = "slow-down")
))]
pub(super) async fn accept(
    State(console): State<Arc<Console>>,
    from: From,
    body: Payload<Acceptance>,
) -> Result<Response, ConsoleError> {
    let Acceptance { word, account: name, passphrase, laptop_secret, code, words } = body.value;
    let (mut account, secret) = invited(&console, &from, &word).await?;
    let chosen = Chosen { account: &name, passphrase: &passphrase, laptop_secret: &laptop_secret };
    let mut wrong = chosen.wrong();
    let named = console.context.store.account_named(&name).await?;
    if named.is_some_and(|named| named.id != account.id) {
        wrong.push(("account", "taken"));
    }
    let step = code.and_then(|code| second_factor::accepted(&secret, &code, console.now().0, 0));
    if step.is_none() && words != Some(true) {
        wrong.push(("code", "wrong-code"));
    }
    if !wrong.is_empty() {
        return Err(ConsoleError::Invalid(wrong));
    }
    let (words, hashes) = if step.is_none() { draw_words()? } else { Default::default() };
    account.accept(Accepted {
        account: name,
        passphrase: console.hash(&passphrase).await?,
        laptop: console.hash(&laptop_secret).await?,
        step,
        words: hashes,
    });
    account.last_sign_in = Some(console.now().0);
    let about = (account.id.to_string(), account.region.clone());
    let note =
        console.note(Some(account.id), "invitation-accepted", (&about.0, &about.1), &account.in_the_log())?;
    console.keep(std::slice::from_ref(&account), vec![note]).await?;
    let me = me(&console, &account).await?;
    let words = (!words.is_empty()).then_some(words);
    begin(&console, &account, (StatusCode::CREATED, Json(AcceptedAnswer { me, words })).into_response()).await
}

/// What somebody chose, before it is checked.
#[derive(Debug)]
pub(in crate::console) struct Chosen<'a> {
    pub account: &'a str,
    pub passphrase: &'a str,
    pub laptop_secret: &'a str,
}

impl Chosen<'_> {
    /// Returns the fields that cannot be taken, each with a code.
    pub fn wrong(&self) -> Vec<(&'static str, &'static str)> {
        let mut wrong = Vec::new();
        match self.account {
            "" => wrong.push(("account", "missing")),
            account if !is_account(account) => wrong.push(("account", "bad-account")),
            _ => {}
        }
        if let Err(error) = check(self.passphrase, self.account) {
            wrong.push(("passphrase", error.code()));
        }
        if self.laptop_secret == self.passphrase {
            wrong.push(("laptopSecret", "same"));
        } else if let Err(error) = check_laptop_secret(self.laptop_secret, self.account) {
            wrong.push(("laptopSecret", error.code()));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::console::api::testing::{TestConsole, code_of, json_of};

    async fn word(console: &TestConsole, cookie: &str) -> String {
        let pasted = json!({ "text": "样例乙 钢样社区 13800010033", "role": "administrator" });
        let added = json_of(console.ask(Some(cookie), "POST", "/people", pasted).await).await;
        added["added"][0]["invitation"]["word"].as_str().unwrap().to_owned()
    }

    fn acceptance(word: &str) -> Value {
        json!({
            "word": word, "account": "yangli.yi", "passphrase": "four cranes stand still",
            "laptopSecret": "cranes still", "words": true,
        })
    }

    #[tokio::test]
    async fn an_invitation_is_opened_and_accepted_once() {
        let console = TestConsole::with_regions().await;
        let word = word(&console, &console.sign_in().await).await;
        let opened = json_of(
            console.ask(None, "POST", "/invitations/open", json!({ "word": word.to_lowercase() })).await,
        )
        .await;
        assert_eq!((&opened["name"], &opened["region"]["code"]), (&json!("样例乙"), &json!("420106001001")));
        let secret = opened["totp"]["secret"].as_str().unwrap();
        assert_eq!(secret.len(), 32);
        let accepted = console.ask(None, "POST", "/invitations/accept", acceptance(&word)).await;
        assert_eq!(accepted.status(), StatusCode::CREATED);
        let cookie = TestConsole::cookie_of(&accepted);
        let accepted = json_of(accepted).await;
        assert_eq!(accepted["words"].as_array().unwrap().len(), 10);
        assert_eq!(accepted["me"]["account"], "yangli.yi");
        assert_eq!(console.ask(Some(&cookie), "GET", "/session", json!(null)).await.status(), 200);
        let again = console.ask(None, "POST", "/invitations/accept", acceptance(&word)).await;
        assert_eq!(code_of(again).await, (403, "invitation-unknown".to_owned()));
        let officers = console.console.context.store.officers().await.unwrap();
        assert!(officers.iter().any(|officer| officer.active && officer.region.as_str() == "420106001001"));
    }

    #[tokio::test]
    async fn every_field_that_cannot_be_taken_is_named_and_the_invitation_stays() {
        let console = TestConsole::with_regions().await;
        let word = word(&console, &console.sign_in().await).await;
        let mut bad = acceptance(&word);
        bad["account"] = json!("yangli.jia");
        bad["passphrase"] = json!("short");
        bad["laptopSecret"] = json!("short");
        bad["words"] = json!(false);
        bad["code"] = json!("12");
        let said = json_of(console.ask(None, "POST", "/invitations/accept", bad).await).await;
        let fields: Vec<_> = said["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| (field["name"].as_str().unwrap(), field["code"].as_str().unwrap()))
            .collect();
        assert_eq!(
            fields,
            [
                ("passphrase", "too-short"),
                ("laptopSecret", "same"),
                ("account", "taken"),
                ("code", "wrong-code")
            ]
        );
        assert_eq!(console.ask(None, "POST", "/invitations/accept", acceptance(&word)).await.status(), 201);
    }

    #[tokio::test]
    async fn an_old_invitation_is_over_and_guessing_is_slowed_down() {
        let console = TestConsole::with_regions().await;
        let word = word(&console, &console.sign_in().await).await;
        console.advance(3 * 24 * 3600);
        let late = console.ask(None, "POST", "/invitations/open", json!({ "word": word })).await;
        assert_eq!(code_of(late).await, (403, "invitation-expired".to_owned()));
        let mut codes = Vec::new();
        for _ in 0..12 {
            let guess = console.ask(None, "POST", "/invitations/open", json!({ "word": "AAAA" })).await;
            codes.push(code_of(guess).await.1);
        }
        assert_eq!(codes.first().map(String::as_str), Some("invitation-unknown"));
        assert_eq!(codes.last().map(String::as_str), Some("slow-down"));
    }
}
