//! `community.cose`: checkpoints and the people who stand at them.
//!
//! ```cddl
//! community = {
//!   1: uint, 2: region, 3: time,          ; version, its 12 digits, issued
//!   4: tstr, 5: tstr,                     ; name, contact
//!   ? 6: policy,                          ; for a region that holds this community
//!   7: [* {1: bstr .size 8, 2: tstr}],    ; checkpoints: id, name
//!   8: [* person],
//!   9: bstr .size 32                      ; key of the phone hashes
//! }
//! person = {
//!   1: bstr .size 8, 2: tstr, 3: tstr,    ; id, masked name, masked phone
//!   4: bstr .size 32, 5: tstr,            ; phone hash, Argon2id of the PIN
//!   6: 0 / 1                              ; collector, administrator
//! }
//! ```

use serde::{Deserialize, Serialize};
use strict_cose::cbor::{self, map};
use strict_cose::{FieldError, Fields, Value};

use super::reading::{
    Flaw, all_of, distinct, each, in_file, label, moment, plain, region, signed, threshold,
};
use super::reading::{version, whole};
use super::{Rejection, Root, TrustFile, policy_codec};
use crate::hash::hmac;
use crate::limits::{CHECKPOINTS, LABEL_BYTES, NAME_BYTES, PEOPLE, PHC_BYTES, PHC_COSTS};
use crate::mask::digits_of_phone;
use crate::policy::Policy;
use crate::region::Region;
use crate::time::Timestamp;

/// External additional data of a community file's signature.
pub const AAD: &[u8] = b"kadian-community-v1";

strict_cose::hex_id! {
    /// Names a checkpoint inside a community. Whoever adds the checkpoint chooses it.
    pub struct CheckpointId([u8; 8]);
}

strict_cose::hex_id! {
    /// Names a person inside a community. Whoever adds the person chooses it.
    pub struct PersonId([u8; 8]);
}

/// A checkpoint of the community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its id.
    pub id: CheckpointId,
    /// Its name, such as `样例社区 · 东门`.
    pub name: String,
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 采集员.
    Collector,
    /// 管理员; may do what a collector may.
    Administrator,
}

/// A person who may sign in at a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Masked name, such as `李*`.
    pub masked_name: String,
    /// Masked phone, such as `138****0001`.
    pub masked_phone: String,
    /// [`Community::phone_hash`] of the phone.
    pub phone_hash: [u8; 32],
    /// Argon2id of the PIN, as a PHC string.
    pub pin_phc: String,
    /// What they may do.
    pub role: Role,
}

/// The contents of `community.cose`. Served to enrolled stations only: it holds `phone_key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Community {
    /// The version, which counts up from 1.
    pub version: u64,
    /// The community (12 digits).
    pub region: Region,
    /// When it was made.
    pub issued: Timestamp,
    /// Its name.
    pub name: String,
    /// Whom a collector calls for help; may be empty.
    pub contact: String,
    /// The local policy, where there is one.
    pub policy: Option<Policy>,
    /// Its checkpoints.
    pub checkpoints: Vec<Checkpoint>,
    /// Its people.
    pub people: Vec<Person>,
    /// Key of the phone hashes.
    pub phone_key: [u8; 32],
}

impl Community {
    /// Returns the HMAC-SHA-256 under `key` of the phone's digits, without spaces, dashes and `+86`.
    #[must_use]
    pub fn phone_hash(key: &[u8; 32], phone: &str) -> [u8; 32] {
        hmac(key, &[digits_of_phone(phone).as_bytes()])
    }

    /// Returns the person with this phone.
    #[must_use]
    pub fn person_by_phone(&self, phone: &str) -> Option<&Person> {
        let hash = Self::phone_hash(&self.phone_key, phone);
        self.people.iter().find(|person| person.phone_hash == hash)
    }

    /// Returns the checkpoint with this id.
    #[must_use]
    pub fn checkpoint(&self, id: CheckpointId) -> Option<&Checkpoint> {
        self.checkpoints.iter().find(|checkpoint| checkpoint.id == id)
    }

    /// Reads a payload without any signature, for whoever is about to sign it or inspects it. Only
    /// [`crate::Trust`] gives contents that may be believed.
    ///
    /// # Errors
    /// [`Rejection::Malformed`].
    pub fn read_unverified(payload: &[u8]) -> Result<Self, Rejection> {
        whole(payload, read).map_err(in_file(TrustFile::Community))
    }

    /// Returns the payload of the file (canonical CBOR), for signing.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        let checkpoints = self.checkpoints.iter().map(|checkpoint| {
            map([(1, checkpoint.id.0.to_vec().into()), (2, checkpoint.name.as_str().into())])
        });
        let mut entries = vec![
            (1, self.version.into()),
            (2, self.region.as_str().into()),
            (3, self.issued.0.into()),
            (4, self.name.as_str().into()),
            (5, self.contact.as_str().into()),
            (7, Value::Array(checkpoints.collect())),
            (8, Value::Array(self.people.iter().map(person_value).collect())),
            (9, self.phone_key.to_vec().into()),
        ];
        entries.extend(self.policy.as_ref().map(|policy| (6, policy_codec::to_value(policy))));
        cbor::encode(&map(entries))
    }

    /// Opens a file that a key of the root for this region signed. The caller checks the dates.
    pub(super) fn open(bytes: &[u8], root: &Root) -> Result<Self, Rejection> {
        let file = TrustFile::Community;
        let signed = signed(bytes, file)?;
        // Whose signature counts depends on the region, so the payload is read first: by the same
        // strict reader, and nothing of it is used before the signature held.
        let community = whole(signed.payload_unverified(), read).map_err(in_file(file))?;
        let mut keys = root.regions.iter().filter(|key| key.region.contains(&community.region)).peekable();
        if keys.peek().is_none() {
            return Err(Rejection::OtherRoot { file });
        }
        threshold(&signed, keys.map(|key| (key.kid, &key.key)), 1, AAD, file)?;
        Ok(community)
    }
}

fn read(fields: &mut Fields) -> Result<Community, Flaw> {
    let community = Community {
        version: version(fields, 1)?,
        region: region(fields, 2)?,
        issued: moment(fields, 3)?,
        name: label(fields, 4, LABEL_BYTES)?,
        contact: plain(fields, 5, LABEL_BYTES)?,
        policy: fields.take(6).map(|value| all_of(value, policy_codec::read)).transpose()?,
        checkpoints: each(fields, 7, CHECKPOINTS, "checkpoint", |entry| {
            Ok(Checkpoint { id: CheckpointId(entry.array(1)?), name: label(entry, 2, LABEL_BYTES)? })
        })?,
        people: each(fields, 8, PEOPLE, "person", read_person)?,
        phone_key: fields.array(9)?,
    };
    if community.region.as_str().len() != 12 {
        return Err(FieldError::OutOfRange(2).into());
    }
    if community.policy.as_ref().is_some_and(|policy| !policy.region.contains(&community.region)) {
        return Err(Flaw::new("a policy for another region"));
    }
    distinct(&community.checkpoints, |checkpoint| checkpoint.id, "a checkpoint twice")?;
    distinct(&community.people, |person| person.id, "a person twice")?;
    distinct(&community.people, |person| person.phone_hash, "a phone twice")?;
    Ok(community)
}

fn read_person(fields: &mut Fields) -> Result<Person, Flaw> {
    Ok(Person {
        id: PersonId(fields.array(1)?),
        masked_name: label(fields, 2, NAME_BYTES)?,
        masked_phone: label(fields, 3, NAME_BYTES)?,
        phone_hash: fields.array(4)?,
        pin_phc: pin_hash(fields.text(5, PHC_BYTES)?)?,
        role: match fields.int::<u8>(6)? {
            0 => Role::Collector,
            1 => Role::Administrator,
            _ => return Err(FieldError::OutOfRange(6).into()),
        },
    })
}

/// `$argon2id$v=19$m=…,t=…,p=…$salt$hash` at a cost that a station can bear: a file that asks for
/// gigabytes at a sign-in would stop the gate.
fn pin_hash(phc: String) -> Result<String, Flaw> {
    let mut parts = phc.split('$');
    let named = parts.by_ref().take(3).eq(["", "argon2id", "v=19"]);
    let bearable = parts.next().is_some_and(|costs| {
        let costs: Vec<&str> = costs.split(',').collect();
        let limits = [("m=", PHC_COSTS[0]), ("t=", PHC_COSTS[1]), ("p=", PHC_COSTS[2])];
        costs.len() == limits.len() && costs.iter().zip(limits).all(|(cost, limit)| is_within(cost, limit))
    });
    let base64 = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
    };
    let salted =
        parts.next().is_some_and(base64) && parts.next().is_some_and(base64) && parts.next().is_none();
    if named && bearable && salted { Ok(phc) } else { Err(Flaw::new("not the Argon2id of a PIN")) }
}

fn is_within(cost: &str, (name, limit): (&str, u32)) -> bool {
    let value = cost.strip_prefix(name).and_then(|value| value.parse().ok());
    value.is_some_and(|value| (1..=limit).contains(&value))
}

fn person_value(person: &Person) -> Value {
    let role = match person.role {
        Role::Collector => 0,
        Role::Administrator => 1,
    };
    map([
        (1, person.id.0.to_vec().into()),
        (2, person.masked_name.as_str().into()),
        (3, person.masked_phone.as_str().into()),
        (4, person.phone_hash.to_vec().into()),
        (5, person.pin_phc.as_str().into()),
        (6, role.into()),
    ])
}
