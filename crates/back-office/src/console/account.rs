//! An account: who somebody is, what they sign in with, and where they are on the way there.

use health_code::{Person, PersonId, Region, Role as StationRole, Timestamp, mask};
use serde::{Deserialize, Serialize};
use wire::hex;

use super::rights::{self, Right, Rights};
use super::words;
use crate::store::{AccountRow, Officer, StoreError};

/// What somebody may do at the console, inside their region.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    /// Does what they have rights for.
    Administrator,
    /// Reads the audit log.
    Auditor,
}

/// Where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// They can sign in.
    Active,
    /// They were invited.
    Invited,
    /// They were invited, and did not come in time.
    InvitationExpired,
    /// Their last one-use word is used, and they have nothing else.
    NoSecondFactor,
    /// Somebody took their rights back.
    Disabled,
}

/// A person at the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Whose it is; the same id as in community files.
    #[serde(skip, default = "no_id")]
    pub id: PersonId,
    /// How often the store has replaced it.
    #[serde(skip)]
    pub rev: u64,
    /// The full name.
    pub name: String,
    /// Eleven digits.
    pub phone: String,
    /// What they may do.
    pub role: Role,
    /// Where.
    #[serde(with = "as_text")]
    pub region: Region,
    /// What an administrator was given; an auditor has none.
    pub rights: Rights,
    /// The name that they sign in with, once they chose it.
    pub account: Option<String>,
    /// Argon2id of their passphrase.
    pub passphrase: Option<String>,
    /// Argon2id of their secret for laptops.
    pub laptop: Option<String>,
    /// Their authenticator.
    pub totp: Option<Totp>,
    /// Hashes of their one-use words that are not used yet.
    pub words: Vec<String>,
    /// An open invitation.
    pub invitation: Option<Invitation>,
    /// When their rights were taken back.
    pub disabled: Option<i64>,
    /// When they last signed in.
    pub last_sign_in: Option<i64>,
}

/// An authenticator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The secret, as [`super::sealed`] writes it.
    pub secret: String,
    /// The step of the last code that was accepted.
    pub last: u64,
}

/// An invitation that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The hash of its word.
    pub word: String,
    /// When it ends.
    pub expires: i64,
    /// The secret that whoever accepts puts into their authenticator, sealed.
    pub totp: String,
}

/// What somebody chose who accepts an invitation.
#[derive(Debug)]
pub struct Accepted {
    /// The name to sign in with.
    pub account: String,
    /// Argon2id of the passphrase.
    pub passphrase: String,
    /// Argon2id of the secret for laptops.
    pub laptop: String,
    /// The step of their authenticator's first code; without one they have words.
    pub step: Option<u64>,
    /// Hashes of their one-use words.
    pub words: Vec<String>,
}

impl Account {
    /// Returns somebody who is not invited yet: an administrator with every right.
    #[must_use]
    pub fn new(id: PersonId, name: String, phone: String, role: Role, region: Region) -> Self {
        Self {
            id,
            rev: 0,
            name,
            phone,
            rights: if role == Role::Administrator { rights::all() } else { Rights::new() },
            role,
            region,
            account: None,
            passphrase: None,
            laptop: None,
            totp: None,
            words: Vec::new(),
            invitation: None,
            disabled: None,
            last_sign_in: None,
        }
    }

    /// Invites, in the place of an earlier invitation, with a sealed secret for their authenticator. What they
    /// signed in with is good no longer.
    pub fn invite(&mut self, word: &str, totp: String, expires: Timestamp) {
        let word = hex::encode(&words::hash(word));
        self.invitation = Some(Invitation { word, expires: expires.0, totp });
        (self.passphrase, self.laptop, self.totp) = (None, None, None);
        self.words.clear();
    }

    /// Returns the sealed secret of an invitation that is open at a moment.
    #[must_use]
    pub fn invited(&self, now: Timestamp) -> Option<&str> {
        let invitation = self.invitation.as_ref().filter(|invitation| now.0 < invitation.expires)?;
        Some(&*invitation.totp).filter(|_| self.disabled.is_none())
    }

    /// Accepts the invitation.
    pub fn accept(&mut self, accepted: Accepted) {
        let secret = self.invitation.take().map(|invitation| invitation.totp);
        self.account = Some(accepted.account);
        self.passphrase = Some(accepted.passphrase);
        self.laptop = Some(accepted.laptop);
        self.words = accepted.words;
        self.totp = accepted.step.zip(secret).map(|(last, secret)| Totp { secret, last });
    }

    /// Returns where they are.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        match &self.invitation {
            _ if self.disabled.is_some() => State::Disabled,
            Some(invitation) if now.0 < invitation.expires => State::Invited,
            Some(_) => State::InvitationExpired,
            None if self.passphrase.is_none() => State::InvitationExpired,
            None if self.totp.is_none() && self.words.is_empty() => State::NoSecondFactor,
            None => State::Active,
        }
    }

    /// Returns what the audit log says of this person: both masked, since whoever reads it has no reason to
    /// know more.
    #[must_use]
    pub fn in_the_log(&self) -> String {
        format!("{} · {}", self.masked_name(), mask::phone(&self.phone))
    }

    /// Returns the name as lists show it.
    #[must_use]
    pub fn masked_name(&self) -> String {
        mask::name(&self.name)
    }

    /// Returns whether they may do something. `at_top` says whether their region is the whole deployment's.
    #[must_use]
    pub fn has(&self, at_top: bool, right: Right) -> bool {
        match (self.role, right) {
            (_, Right::AuditRead) => true,
            (Role::Auditor, _) => false,
            (Role::Administrator, Right::StationsSee) => true,
            (Role::Administrator, Right::RegionsImport) => {
                at_top && self.rights.contains(&Right::PeopleManage)
            }
            (Role::Administrator, right) => self.rights.contains(&right),
        }
    }

    /// Returns whether community files list them as an administrator.
    #[must_use]
    pub fn works_at_laptops(&self) -> bool {
        self.role == Role::Administrator && self.rights.contains(&Right::StationsManage)
    }

    /// Returns what community files say of an administrator; `None` for who never chose a secret, and for an
    /// auditor.
    #[must_use]
    pub fn officer(&self) -> Option<Officer> {
        let person = Person {
            id: self.id,
            masked_name: self.masked_name(),
            masked_phone: mask::phone(&self.phone),
            pin_phc: self.laptop.clone()?,
            role: StationRole::Administrator,
        };
        let active = self.disabled.is_none() && self.works_at_laptops() && self.invitation.is_none();
        Some(Officer { id: self.id.0, region: self.region.clone(), person, active })
    }

    /// Reads what the store keeps.
    ///
    /// # Errors
    /// [`StoreError::Failed`] for what this program has not written.
    pub fn read(row: &AccountRow) -> Result<Self, StoreError> {
        let account: Self = serde_json::from_str(&row.body)
            .map_err(|error| StoreError::Failed(format!("the account {}: {error}", row.id)))?;
        Ok(Self { id: row.id, rev: row.rev, ..account })
    }

    /// Returns what the store keeps.
    ///
    /// # Errors
    /// [`StoreError::Failed`]; it can't happen.
    pub fn row(&self) -> Result<AccountRow, StoreError> {
        let body = serde_json::to_string(self).map_err(|error| StoreError::Failed(error.to_string()))?;
        let invited = self.invitation.as_ref().and_then(|invitation| hex::decode_array(&invitation.word));
        Ok(AccountRow { id: self.id, rev: self.rev, name: self.account.clone(), invited, body })
    }
}

/// Returns whether a text can be an account's name: small letters, digits, and `.`, `-`, `_` between them.
#[must_use]
pub fn is_account(text: &str) -> bool {
    let ends = [text.bytes().next(), text.bytes().next_back()];
    (3..=crate::limits::ACCOUNT_CHARS).contains(&text.len())
        && ends
            .into_iter()
            .all(|end| end.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
}

fn no_id() -> PersonId {
    PersonId([0; 8])
}

/// A region as its digits.
mod as_text {
    use health_code::Region;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(region: &Region, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(region.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1000);

    fn invited() -> Account {
        let region = "990106".parse().unwrap();
        let (name, phone) = ("样例甲".to_owned(), "13800010022".to_owned());
        let mut account = Account::new(PersonId([1; 8]), name, phone, Role::Administrator, region);
        account.invite("ABCD-EFGH-JKMN-PQRS", "07".into(), NOW.plus(100));
        account
    }

    fn accepted(step: Option<u64>, words: usize) -> Accepted {
        Accepted {
            account: "yangli.jia".into(),
            passphrase: "phc".into(),
            laptop: "phc2".into(),
            step,
            words: vec!["00".into(); words],
        }
    }

    #[test]
    fn an_invitation_leads_to_an_officer() {
        let mut account = invited();
        assert_eq!((account.state(NOW), account.officer()), (State::Invited, None));
        assert_eq!(account.invited(NOW), Some("07"));
        assert_eq!(
            (account.state(NOW.plus(100)), account.invited(NOW.plus(100))),
            (State::InvitationExpired, None)
        );
        account.accept(accepted(Some(9), 0));
        assert_eq!(account.state(NOW), State::Active);
        let officer = account.officer().unwrap();
        assert_eq!((officer.active, officer.person.masked_phone.as_str()), (true, "138****0022"));
        let row = account.row().unwrap();
        assert_eq!((row.name.as_deref(), row.invited), (Some("yangli.jia"), None));
        assert!(!row.body.contains("\"id\""));
        assert_eq!(
            Account::read(&AccountRow { rev: 3, ..row }).unwrap(),
            Account { rev: 3, ..account.clone() }
        );
        account.disabled = Some(NOW.0);
        assert_eq!((account.state(NOW), account.officer().unwrap().active), (State::Disabled, false));
    }

    #[test]
    fn who_is_invited_anew_signs_in_by_nothing_they_had() {
        let mut account = invited();
        account.accept(accepted(None, 1));
        assert_eq!(account.state(NOW), State::Active);
        account.words.clear();
        assert_eq!(account.state(NOW), State::NoSecondFactor);
        account.invite("ZZZZ", "08".into(), NOW.plus(9));
        assert_eq!((account.passphrase.as_ref(), account.state(NOW)), (None, State::Invited));
        account.invitation = None;
        assert_eq!(account.state(NOW), State::InvitationExpired, "an invitation that was taken back");
    }

    #[test]
    fn an_auditor_is_no_officer_and_neither_is_who_manages_no_laptops() {
        let mut account = invited();
        account.accept(accepted(Some(9), 0));
        let auditor = Account { role: Role::Auditor, ..account.clone() };
        assert!(!auditor.officer().unwrap().active);
        account.rights.remove(&Right::StationsManage);
        assert!(!account.officer().unwrap().active, "who manages no laptops works at none");
    }

    #[test]
    fn names_of_accounts_are_plain() {
        for good in ["yangli.jia", "a-b", "x_1", "123"] {
            assert!(is_account(good), "{good}");
        }
        for bad in ["", "ab", ".ab", "ab.", "Ab1", "样例甲", "a b", "a/b", "=cmd"] {
            assert!(!is_account(bad), "{bad}");
        }
        assert!(!is_account(&"a".repeat(41)));
    }
}
