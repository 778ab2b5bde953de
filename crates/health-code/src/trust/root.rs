//! `root.cose`: whose signatures count.
//!
//! ```cddl
//! root = {
//!   1: uint,                              ; version, from 1
//!   2: time, 3: time,                     ; issued, expires
//!   4: role, 5: role,                     ; root, publisher
//!   6: [* {1: region, 2: kid, 3: key, 4: 1..7}],   ; region keys, each with its grants
//!   7: [* {1: kid, 2: key, 3: time, 4: time}],  ; sealing (X25519): from, until
//!   8: [* {1: kid, 2: key, 3: time, 4: time}],  ; receipts (Ed25519): from, until
//!   ? 9: [+ {1: region, 2: time}]         ; communities there are believed from this `issued` on
//! }
//! role = {1: uint, 2: [+ {1: kid, 2: key}]}     ; threshold, keys
//! kid = bstr .size 8    key = bstr .size 32    time = 0..253402300799    region = tstr
//! ```

use strict_cose::cbor::{self, map};
use strict_cose::{FieldError, Fields, KeyId, PublicKey, Signed, Value};

use super::believed_from::{self, BelievedFrom};
use super::reading::{Flaw, distinct, each, in_file, kid, moment, public_key, signed, threshold};
use super::reading::{all_of, version, whole};
use super::region_key::{self, RegionKey};
use super::{Rejection, TrustFile};
use crate::hash::sha256;
use crate::limits::{REGION_KEYS, ROLE_KEYS};
use crate::time::Timestamp;

/// External additional data of the root's signatures.
pub const AAD: &[u8] = b"kadian-root-v1";
const BELIEVED_FROM: i64 = 9;
const TRIAL: i64 = 10;

strict_cose::hex_id! {
    /// SHA-256 of the root file that a station was enrolled with, or that it moved to last.
    pub struct RootPin([u8; 32]);
}

impl RootPin {
    /// Returns the pin of a root file.
    #[must_use]
    pub fn of(root_file: &[u8]) -> Self {
        Self(sha256(root_file))
    }
}

/// Keys of a role and how many of them must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleKeys {
    /// The keys, none twice.
    pub keys: Vec<(KeyId, PublicKey)>,
    /// At least 1, at most the number of keys.
    pub threshold: usize,
}

/// A back office's HPKE recipient (X25519), to which reports are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealingKey {
    /// Names the recipient.
    pub kid: KeyId,
    /// X25519 public key.
    pub key: [u8; 32],
    /// In use from.
    pub not_before: Timestamp,
    /// In use until; the last one stays in use after that.
    pub not_after: Timestamp,
}

/// A back office's receipt key (Ed25519).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptKey {
    /// Names the key.
    pub kid: KeyId,
    /// The key.
    pub key: PublicKey,
    /// The first moment at which it is in use.
    pub not_before: Timestamp,
    /// The first moment at which it is no longer in use.
    pub not_after: Timestamp,
}

impl ReceiptKey {
    /// Returns whether the key may sign a receipt of this moment. The office asks with its clock,
    /// a station with the time that the receipt names.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.not_before <= now && now < self.not_after
    }
}

/// The contents of `root.cose`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The version, which counts up by one from 1.
    pub version: u64,
    /// When it was made.
    pub issued: Timestamp,
    /// No new file is accepted under it after this.
    pub expires: Timestamp,
    /// Who signs roots (2 of 3 in a real deployment).
    pub root: RoleKeys,
    /// Who signs trust lists.
    pub publisher: RoleKeys,
    /// Who signs community files and policies.
    pub regions: Vec<RegionKey>,
    /// From which `issued` on communities are believed, by region.
    pub believed_from: Vec<BelievedFrom>,
    /// To whom reports are sealed.
    pub sealing: Vec<SealingKey>,
    /// Who signs receipts.
    pub receipts: Vec<ReceiptKey>,
    /// Whether the deployment is only for trying: whoever looks at a screen of it has to see that.
    pub trial: bool,
}

impl Root {
    /// Returns the recipient to seal to at `now`: the newest in force, or the last where all are over.
    ///
    /// Before the first is in force it is the first: sealing is never refused for a date.
    #[must_use]
    pub fn sealing_key(&self, now: Timestamp) -> Option<&SealingKey> {
        let begun = || self.sealing.iter().filter(|key| key.not_before <= now);
        begun()
            .filter(|key| now < key.not_after)
            .max_by_key(|key| key.not_before)
            .or_else(|| begun().max_by_key(|key| (key.not_after, key.not_before)))
            .or_else(|| self.sealing.iter().min_by_key(|key| key.not_before))
    }

    /// Reads a payload without any signature, for whoever is about to sign it or inspects it. Only
    /// [`crate::Trust`] gives contents that may be believed.
    ///
    /// # Errors
    /// [`Rejection::Malformed`].
    pub fn read_unverified(payload: &[u8]) -> Result<Self, Rejection> {
        whole(payload, read).map_err(in_file(TrustFile::Root))
    }

    /// Returns the payload of the file (canonical CBOR), for signing.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        let sealing =
            self.sealing.iter().map(|key| dated(key.kid, key.key, key.not_before, key.not_after)).collect();
        let receipts = self
            .receipts
            .iter()
            .map(|key| dated(key.kid, key.key.to_bytes(), key.not_before, key.not_after))
            .collect();
        let mut entries = vec![
            (1, self.version.into()),
            (2, self.issued.0.into()),
            (3, self.expires.0.into()),
            (4, role_value(&self.root)),
            (5, role_value(&self.publisher)),
            (6, Value::Array(self.regions.iter().map(region_key::to_value).collect())),
            (7, Value::Array(sealing)),
            (8, Value::Array(receipts)),
        ];
        entries.extend(believed_from::to_entry(BELIEVED_FROM, &self.believed_from));
        // Absent where it is false: one spelling.
        entries.extend(self.trial.then_some((TRIAL, true.into())));
        cbor::encode(&map(entries))
    }

    /// Opens a file that its own root keys have signed. The caller decides whether to believe them.
    pub(super) fn open(bytes: &[u8]) -> Result<(Self, Signed), Rejection> {
        let signed = signed(bytes, TrustFile::Root)?;
        let root = whole(signed.payload_unverified(), read).map_err(in_file(TrustFile::Root))?;
        root.root.check(&signed, AAD, TrustFile::Root)?;
        Ok((root, signed))
    }
}

impl RoleKeys {
    /// Returns whether enough keys of this role have signed.
    pub(super) fn check(&self, signed: &Signed, aad: &[u8], file: TrustFile) -> Result<(), Rejection> {
        let keys = self.keys.iter().map(|(kid, key)| (*kid, key));
        threshold(signed, keys, self.threshold, aad, file)
    }
}

fn read(fields: &mut Fields) -> Result<Root, Flaw> {
    let root = Root {
        version: version(fields, 1)?,
        issued: moment(fields, 2)?,
        expires: moment(fields, 3)?,
        root: all_of(fields.value(4)?, role)?,
        publisher: all_of(fields.value(5)?, role)?,
        regions: each(fields, 6, REGION_KEYS, "region key", region_key::read)?,
        sealing: each(fields, 7, ROLE_KEYS, "sealing key", |entry| {
            let (kid, key) = (kid(entry, 1)?, sealing_key(entry)?);
            let (not_before, not_after) = period(entry)?;
            Ok(SealingKey { kid, key, not_before, not_after })
        })?,
        receipts: each(fields, 8, ROLE_KEYS, "receipt key", |entry| {
            let (kid, key) = (kid(entry, 1)?, public_key(entry, 2)?);
            let (not_before, not_after) = period(entry)?;
            Ok(ReceiptKey { kid, key, not_before, not_after })
        })?,
        believed_from: believed_from::read(fields, BELIEVED_FROM)?,
        trial: trial(fields)?,
    };
    if root.expires <= root.issued {
        return Err(FieldError::OutOfRange(3).into());
    }
    distinct(&root.regions, |entry| (entry.region.clone(), entry.kid), "a region key twice")?;
    region_key::one_key_a_kid(&root.regions)?;
    distinct(&root.sealing, |key| key.kid, "a sealing key twice")?;
    distinct(&root.receipts, |key| key.kid, "a receipt key twice")?;
    Ok(root)
}

/// Reads the field, which is absent where it is false.
fn trial(fields: &mut Fields) -> Result<bool, Flaw> {
    match fields.take(TRIAL) {
        None => Ok(false),
        Some(Value::Bool(true)) => Ok(true),
        Some(_) => Err(FieldError::OutOfRange(TRIAL).into()),
    }
}

fn role(fields: &mut Fields) -> Result<RoleKeys, Flaw> {
    let threshold: usize = fields.int(1)?;
    let keys = each(fields, 2, ROLE_KEYS, "key", |entry| Ok((kid(entry, 1)?, public_key(entry, 2)?)))?;
    if threshold == 0 || threshold > keys.len() {
        return Err(Flaw::new("a threshold that cannot be met"));
    }
    distinct(&keys, |(kid, _)| *kid, "a kid twice in a role")?;
    distinct(&keys, |(_, key)| key.to_bytes(), "a key twice in a role")?;
    Ok(RoleKeys { keys, threshold })
}

fn period(fields: &mut Fields) -> Result<(Timestamp, Timestamp), Flaw> {
    let (from, until) = (moment(fields, 3)?, moment(fields, 4)?);
    if until > from { Ok((from, until)) } else { Err(FieldError::OutOfRange(4).into()) }
}

/// Reads an X25519 key that can be sealed to: canonical, not of small order (RFC 7748 §6.1).
fn sealing_key(fields: &mut Fields) -> Result<[u8; 32], Flaw> {
    let key: [u8; 32] = fields.array(2)?;
    if key[31] & 0x80 != 0 || SMALL_ORDER.contains(&key) || is_near_p(&key) {
        return Err(Flaw::new("not an X25519 key that can be sealed to"));
    }
    Ok(key)
}

/// Returns whether a key is p − 1 (of small order) or one of p to 2²⁵⁵ − 1, which spell 0 to 18 again.
fn is_near_p(key: &[u8; 32]) -> bool {
    key[0] >= 0xec && key[31] == 0x7f && key[1..31].iter().all(|byte| *byte == 0xff)
}

/// The u-coordinates of small order below p − 1, little-endian.
const SMALL_ORDER: [[u8; 32]; 4] = {
    let mut one = [0; 32];
    one[0] = 1;
    [
        [0; 32],
        one,
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
            0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ],
        [
            0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
            0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
        ],
    ]
};

fn role_value(role: &RoleKeys) -> Value {
    let keys =
        role.keys.iter().map(|(kid, key)| map([(1, kid_value(*kid)), (2, key.to_bytes().to_vec().into())]));
    map([(1, (role.threshold as u64).into()), (2, Value::Array(keys.collect()))])
}

fn dated(kid: KeyId, key: [u8; 32], from: Timestamp, until: Timestamp) -> Value {
    map([(1, kid_value(kid)), (2, key.to_vec().into()), (3, from.0.into()), (4, until.0.into())])
}

fn kid_value(kid: KeyId) -> Value {
    kid.0.to_vec().into()
}
