//! `community.cose`: checkpoints and the people who stand at them.

use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::region::Region;
use crate::time::Timestamp;

/// External additional data of a community file's signature.
pub const AAD: &[u8] = b"kadian-community-v1";

/// Names a checkpoint inside a community: 8 bytes, chosen by whoever added it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckpointId(pub [u8; 8]);

/// Names a person inside a community: 8 bytes, chosen by whoever added them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub [u8; 8]);

/// A place.
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

/// Somebody who may sign in.
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
    /// Counts up.
    pub version: u64,
    /// The community (12 digits).
    pub region: Region,
    /// When it was made.
    pub issued: Timestamp,
    /// Its name.
    pub name: String,
    /// Whom a collector asks.
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
    /// HMAC-SHA-256 under `key` of the phone's digits (spaces, dashes and `+86` left out).
    #[must_use]
    pub fn phone_hash(key: &[u8; 32], phone: &str) -> [u8; 32] {
        let _ = (key, phone);
        todo!()
    }

    /// The person with this phone.
    #[must_use]
    pub fn person_by_phone(&self, phone: &str) -> Option<&Person> {
        let _ = phone;
        todo!()
    }

    /// The checkpoint with this id.
    #[must_use]
    pub fn checkpoint(&self, id: CheckpointId) -> Option<&Checkpoint> {
        self.checkpoints.iter().find(|checkpoint| checkpoint.id == id)
    }

    /// The payload of the file (canonical CBOR), for signing.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        todo!()
    }
}
