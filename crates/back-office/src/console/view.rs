//! What the API says, as types. `ui/apps/console/src/backend/api.ts` has the same.

use health_code::{Region, Timestamp, mask};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::account::{Account, Role, State};
use super::people::masked;
use super::regions::{Level, RegionTable};
use super::rights::Rights;

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegionRef {
    /// Digits of GB/T 2260.
    pub code: String,
    /// Its own name.
    pub name: String,
    /// The names from the asker's region down to its own.
    pub path: Vec<String>,
}

impl RegionRef {
    /// Names a region for whoever has `top`.
    #[must_use]
    pub fn new(region: &Region, names: &RegionTable, top: &Region) -> Self {
        let path = names.path(region, top);
        Self { code: region.to_string(), name: path.last().cloned().unwrap_or_default(), path }
    }
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Their id.
    pub id: String,
    /// Their full name.
    pub name: String,
    /// What they sign in with.
    pub account: String,
    /// What they are.
    pub role: Role,
    /// Where.
    pub region: RegionRef,
    /// When they signed in before.
    pub last_sign_in: Option<String>,
    /// Seconds without a request after which the session ends.
    pub idle_seconds: i64,
    /// What they work for.
    pub deployment: Deployment,
    /// What they may do.
    pub may: Vec<String>,
}

/// A deployment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Deployment {
    /// What it is called.
    pub name: String,
    /// Whether it is only for trying.
    pub trial: bool,
}

/// A deployment's card, printed and carried apart from tickets.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// What the deployment is called.
    pub name: String,
    /// Where stations reach the office.
    pub url: String,
    /// Eight groups of the root's fingerprint.
    pub fingerprint: Vec<String>,
    /// Eight groups of the CA's, where TLS needs it.
    pub ca_fingerprint: Option<Vec<String>>,
    /// Whether it is only for trying.
    pub trial: bool,
}

/// Somebody at the console.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Their id.
    pub id: String,
    /// The masked name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// How wide their region is.
    pub level: Level,
    /// Where.
    pub region: RegionRef,
    /// The masked phone.
    pub phone: String,
    /// Where they are.
    pub state: State,
    /// When their invitation ends.
    pub invitation: Option<Ends>,
    /// When their rights were taken back.
    pub disabled_at: Option<String>,
    /// When they last signed in.
    pub last_sign_in: Option<String>,
    /// What they sign in with.
    pub account: Option<String>,
    /// What they were given.
    pub rights: Rights,
}

/// When something ends.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ends {
    /// The moment.
    pub expires: String,
}

impl Person {
    /// Shows somebody to whoever has `top`.
    #[must_use]
    pub fn new(account: &Account, names: &RegionTable, top: &Region, now: Timestamp) -> Self {
        let moment = |seconds: Option<i64>| seconds.map(|seconds| rfc3339(Timestamp(seconds)));
        let invitation = account.invitation.as_ref();
        Self {
            id: account.id.to_string(),
            name: mask::name(&account.name),
            role: account.role,
            level: Level::of(&account.region),
            region: RegionRef::new(&account.region, names, top),
            phone: masked(&account.phone),
            state: account.state(now),
            invitation: invitation.map(|open| Ends { expires: rfc3339(Timestamp(open.expires)) }),
            disabled_at: moment(account.disabled),
            last_sign_in: moment(account.last_sign_in),
            account: account.account.clone(),
            rights: account.rights.clone(),
        }
    }
}

/// A one-use invitation. Its word is said once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invitation {
    /// What is typed.
    pub word: String,
    /// Where.
    pub url: String,
    /// Until when.
    pub expires: String,
}

/// A ticket for one laptop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// The ticket itself, said once when it is made.
    pub text: Option<String>,
    /// What the laptop is to be called.
    pub laptop: String,
    /// Where it will belong.
    pub community: RegionRef,
    /// Where the office answers.
    pub url: String,
    /// When it was made.
    pub issued: String,
    /// Until when it is good.
    pub expires: String,
    /// Who made it, masked.
    pub by: String,
}

/// Words that are printed and used once each.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Words {
    /// The words.
    pub words: Vec<String>,
}

/// Nothing to say.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What is to be done even where it leaves a community without an administrator.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// Whether the asker was told, and wants it all the same.
    #[serde(default)]
    pub confirm: bool,
}

/// Part of the asker's region.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Scope {
    /// Digits of a region in the asker's.
    pub region: Option<String>,
}
