//! `back-office admin`: invites people to the console from the office's own machine.

use std::sync::Arc;

use health_code::{PersonId, Region};
use program::moment::rfc3339;

use super::arguments::{AdminCommand, Office};
use super::{Failure, open, say};
use crate::config::Layout;
use crate::console::account::{Account, Role};
use crate::console::people::{Phone, is_name};
use crate::console::{officers, sealed, words};
use crate::keys::Keyring;
use crate::limits::INVITATION_SECONDS;
use crate::store::{Note, Store};
use crate::system::{Clock, random};

/// Runs one of the commands.
pub(super) async fn admin(command: AdminCommand) -> Result<(), Failure> {
    match command {
        AdminCommand::Reset { office, account, json } => reset(&office, &account, json).await,
        AdminCommand::Invite { office, name, phone, region, json } => {
            invite(&office, (name, &phone), region, json).await
        }
    }
}

/// Invites somebody anew who lost what they sign in with.
async fn reset(office: &Office, name: &str, json: bool) -> Result<(), Failure> {
    let store = open(office).await?;
    let row = match store.account_named(name).await? {
        None => match name.parse::<PersonId>() {
            Ok(id) => store.account(id).await?,
            Err(_) => None,
        },
        found => found,
    };
    let row = row.ok_or("no such account: the name that they sign in with is wanted, or their id")?;
    let mut account = Account::read(&row)?;
    if account.disabled.is_some() {
        return Err("their rights were taken back: an administrator gives them again at the console".into());
    }
    send(office, &store, &mut account, ("reset", json)).await?;
    Ok(store.end_sessions_of(account.id).await?)
}

/// Invites an administrator: the first one of an office that was set up without its first-start page.
async fn invite(
    office: &Office,
    (name, phone): (String, &str),
    region: Region,
    json: bool,
) -> Result<(), Failure> {
    let store = open(office).await?;
    if !is_name(&name) {
        return Err("--name: a name has letters, and two to thirty of them".into());
    }
    let phone =
        Phone::parse(phone).map_err(|digits| format!("--phone: eleven digits are wanted, not {digits}"))?;
    let id = PersonId(random()?);
    let mut account = Account::new(id, name, phone.as_str().to_owned(), Role::Administrator, region);
    send(office, &store, &mut account, ("person-added", json)).await
}

/// Keeps an account with a new invitation, notes it in the audit log, and prints the word.
async fn send(
    office: &Office,
    store: &Arc<dyn Store>,
    account: &mut Account,
    (act, json): (&str, bool),
) -> Result<(), Failure> {
    let now = Clock::system().now();
    let word = words::word(&random::<{ words::INVITATION }>()?);
    let expires = now.plus(INVITATION_SECONDS);
    let layout = Layout::of(&office.folder.data);
    if !layout.keys().try_exists()? {
        return Err(format!("{}: the office's keys are not here", office.folder.data.display()).into());
    }
    let keys = Keyring::open(&layout.keys())?;
    let secret = sealed::seal(&keys, account.id, &random()?, random()?).ok_or("the office has no keys")?;
    account.invite(&word, secret, expires);
    let note = Note {
        at: now,
        actor: None,
        act: act.to_owned(),
        object: account.id.to_string(),
        region: account.region.clone(),
        words: account.in_the_log(),
        salt: random()?,
    };
    if !store.put_accounts(vec![account.row()?], vec![note]).await? {
        return Err("somebody else changed this account at the same moment: try again".into());
    }
    officers::tell(&**store, std::slice::from_ref(account)).await?;
    let expires = rfc3339(expires);
    if json {
        let id = account.id.to_string();
        return say(&serde_json::json!({ "id": id, "word": word, "expires": expires }).to_string());
    }
    say(&format!("{word}\nto be typed at the console's page #/invitation until {expires}; it is shown once"))
}
