//! `trust.cose`: which issuers, and what they have revoked.
//!
//! ```cddl
//! list = {
//!   1: uint, 2: uint,                     ; version, root version
//!   3: time, 4: time, 5: time,            ; issued, soft expiry, hard expiry
//!   6: [* issuer],
//!   7: {1: bstr .size 16, 2: {* 0..255 => bstr .size 32}},   ; revocations: salt, hash of each chunk
//!   8: policy,
//!   ? 9: [+ signer]                       ; document signers abroad, see `signer_form`
//! }
//! issuer = {
//!   1: tstr, 2: tstr, 3: tstr,            ; iss, name in Chinese, in English
//!   4: bstr .size 8, 5: bstr .size 32, 16: -19,   ; kid, key, algorithm (Ed25519)
//!   6: [+ region], 7: bool,               ; issues for, foreign
//!   8: time, 9: time,                     ; not before, not after
//!   10: uint .size 4, 11: uint .size 4,   ; longest life of an app code, of a static one
//!   12: bool,                             ; has colours
//!   13: [* region],                       ; recognised by
//!   14: tstr,                             ; where to declare: a web address, or nothing
//!   ? 15: time,                           ; static codes issued before this are cut off
//!   ? 17: true,                           ; its recognition is passed on
//!   ? 18: tstr, ? 19: tstr                ; its own sentence on grey codes, in Chinese, in English
//! }
//! ```
//!
//! An issuer that changes its key is listed once for each, with one `iss`; no kid and no key is
//! listed twice.

use strict_cose::cbor::{self, map};
use strict_cose::sign1::ALG_ED25519;
use strict_cose::{FieldError, Fields, KeyId, PublicKey, Value};

use super::form::{Flaw, address, all_of, distinct, each, in_file, kid, label, moment, optional_moment};
use super::form::{public_key, region_values, regions, signed, version, whole};
use super::{Rejection, RevocationIndex, Root, TrustFile, policy_form, signer_form};
use crate::hcert::Signer;
use crate::limits::{ISS_BYTES, ISSUERS, LABEL_BYTES, REGIONS, URL_BYTES};
use crate::policy::Policy;
use crate::region::Region;
use crate::time::Timestamp;

/// External additional data of a trust list's signatures.
pub const AAD: &[u8] = b"kadian-trust-v1";

/// An issuer's key and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The issuer, as its codes name it (`iss`).
    pub iss: String,
    /// Its name for the screen, in Chinese and in English.
    pub name_zh: String,
    /// See `name_zh`.
    pub name_en: String,
    /// Names the key; no two issuers share one.
    pub kid: KeyId,
    /// The key (`alg` is Ed25519 for every `KD1` issuer).
    pub key: PublicKey,
    /// Regions whose residents it may issue for.
    pub regions: Vec<Region>,
    /// Issued abroad, whatever its codes say of a region.
    pub foreign: bool,
    /// Codes signed before this are refused.
    pub not_before: Timestamp,
    /// Codes signed after this are refused.
    pub not_after: Timestamp,
    /// Longest life of an app code in seconds (`exp − iat`), at most 300 for app codes.
    pub max_life_seconds: u32,
    /// Longest life of a static (paper) code in seconds; 0: it issues none.
    pub max_static_life_seconds: u32,
    /// Whether its codes have colours.
    pub colours: bool,
    /// Regions whose checkpoints recognise it.
    pub recognised_by: Vec<Region>,
    /// Where its residents declare.
    pub declare_url: String,
    /// Static codes of this kid issued before this moment are refused (a key cut off).
    pub static_cut_off: Option<Timestamp>,
    /// Whoever recognises those who recognise it recognises it too ([`TrustList::recognises`]).
    pub passed_on: bool,
    /// What it says of its grey codes, in its own words.
    pub grey_notice: Option<Notice>,
}

/// A sentence of an issuer, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// The contents of `trust.cose`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    /// Counts up.
    pub version: u64,
    /// The root version it was made under.
    pub root_epoch: u64,
    /// When it was made.
    pub issued: Timestamp,
    /// Warn after this (7 days).
    pub soft_expiry: Timestamp,
    /// Nothing is green after this (45 days).
    pub hard_expiry: Timestamp,
    /// The issuers.
    pub issuers: Vec<Issuer>,
    /// What they have revoked, by hash; the entries travel beside the list.
    pub revocations: RevocationIndex,
    /// The national policy.
    pub policy: Policy,
    /// Keys abroad that may sign certificates.
    pub signers: Vec<Signer>,
}

impl TrustList {
    /// Reads a payload by its form alone, for whoever is about to sign it or looks at it. Nobody's
    /// word stands behind it: [`crate::Trust`] is the only way to contents that count.
    ///
    /// # Errors
    /// [`Rejection::Malformed`].
    pub fn read_unverified(payload: &[u8]) -> Result<Self, Rejection> {
        whole(payload, read).map_err(in_file(TrustFile::List))
    }

    /// The payload of the file (canonical CBOR), for signing.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        let mut entries = vec![
            (1, self.version.into()),
            (2, self.root_epoch.into()),
            (3, self.issued.0.into()),
            (4, self.soft_expiry.0.into()),
            (5, self.hard_expiry.0.into()),
            (6, Value::Array(self.issuers.iter().map(issuer_value).collect())),
            (7, self.revocations.to_value()),
            (8, policy_form::to_value(&self.policy)),
        ];
        if !self.signers.is_empty() {
            entries.push((signer_form::KEY, signer_form::to_value(&self.signers)));
        }
        cbor::encode(&map(entries))
    }

    /// The issuer whose key has this kid.
    #[must_use]
    pub fn issuer(&self, kid: KeyId) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| issuer.kid == kid)
    }

    /// The document signers whose key has this name; more than one by chance.
    pub(crate) fn signers_named<'l>(&'l self, kid: &'l [u8]) -> impl Iterator<Item = &'l Signer> {
        self.signers.iter().filter(move |signer| signer.kid.0 == kid)
    }

    /// Whether this root's publisher signed a file, whichever root it was made for.
    pub(super) fn is_vouched_for(bytes: &[u8], root: &Root) -> bool {
        signed(bytes, TrustFile::List)
            .is_ok_and(|file| root.publisher.check(&file, AAD, TrustFile::List).is_ok())
    }

    /// Opens a file that this root's publisher signed for this root. Dates are the caller's matter.
    pub(super) fn open(bytes: &[u8], root: &Root) -> Result<Self, Rejection> {
        let signed = signed(bytes, TrustFile::List)?;
        root.publisher.check(&signed, AAD, TrustFile::List)?;
        let list = whole(signed.payload_unverified(), read).map_err(in_file(TrustFile::List))?;
        if list.root_epoch != root.version {
            return Err(Rejection::OtherRoot { file: TrustFile::List });
        }
        Ok(list)
    }
}

fn read(fields: &mut Fields) -> Result<TrustList, Flaw> {
    let list = TrustList {
        version: version(fields, 1)?,
        root_epoch: version(fields, 2)?,
        issued: moment(fields, 3)?,
        soft_expiry: moment(fields, 4)?,
        hard_expiry: moment(fields, 5)?,
        issuers: each(fields, 6, ISSUERS, "issuer", read_issuer)?,
        revocations: all_of(fields.value(7)?, RevocationIndex::read)?,
        policy: all_of(fields.value(8)?, policy_form::read)?,
        signers: signer_form::read(fields)?,
    };
    if list.soft_expiry < list.issued || list.hard_expiry < list.soft_expiry {
        return Err(Flaw::new("expiries out of order"));
    }
    distinct(&list.issuers, |issuer| issuer.kid, "a kid for two issuers")?;
    distinct(&list.issuers, |issuer| issuer.key.to_bytes(), "a key for two issuers")?;
    Ok(list)
}

fn read_issuer(fields: &mut Fields) -> Result<Issuer, Flaw> {
    let issuer = Issuer {
        iss: label(fields, 1, ISS_BYTES)?,
        name_zh: label(fields, 2, LABEL_BYTES)?,
        name_en: label(fields, 3, LABEL_BYTES)?,
        kid: kid(fields, 4)?,
        key: public_key(fields, 5)?,
        regions: regions(fields, 6, REGIONS)?,
        foreign: fields.bool(7)?,
        not_before: moment(fields, 8)?,
        not_after: moment(fields, 9)?,
        max_life_seconds: fields.int(10)?,
        max_static_life_seconds: fields.int(11)?,
        colours: fields.bool(12)?,
        recognised_by: regions(fields, 13, REGIONS)?,
        declare_url: address(fields, 14, URL_BYTES)?,
        static_cut_off: optional_moment(fields, 15)?,
        passed_on: passed_on(fields)?,
        grey_notice: notice(fields)?,
    };
    if fields.int::<i64>(16)? != ALG_ED25519 {
        return Err(FieldError::OutOfRange(16).into());
    }
    if issuer.not_after <= issuer.not_before {
        return Err(FieldError::OutOfRange(9).into());
    }
    Ok(issuer)
}

/// Only ever written where it holds.
fn passed_on(fields: &mut Fields) -> Result<bool, Flaw> {
    match fields.take(17) {
        None => Ok(false),
        Some(Value::Bool(true)) => Ok(true),
        Some(_) => Err(FieldError::OutOfRange(17).into()),
    }
}

/// In both languages or in none.
fn notice(fields: &mut Fields) -> Result<Option<Notice>, Flaw> {
    let Some(zh) = fields.take(18) else { return Ok(None) };
    let mut both = Fields::open(map([(18, zh), (19, fields.value(19)?)]))?;
    Ok(Some(Notice { zh: label(&mut both, 18, LABEL_BYTES)?, en: label(&mut both, 19, LABEL_BYTES)? }))
}

fn issuer_value(issuer: &Issuer) -> Value {
    let mut entries = vec![
        (1, issuer.iss.as_str().into()),
        (2, issuer.name_zh.as_str().into()),
        (3, issuer.name_en.as_str().into()),
        (4, issuer.kid.0.to_vec().into()),
        (5, issuer.key.to_bytes().to_vec().into()),
        (6, region_values(&issuer.regions)),
        (7, issuer.foreign.into()),
        (8, issuer.not_before.0.into()),
        (9, issuer.not_after.0.into()),
        (10, issuer.max_life_seconds.into()),
        (11, issuer.max_static_life_seconds.into()),
        (12, issuer.colours.into()),
        (13, region_values(&issuer.recognised_by)),
        (14, issuer.declare_url.as_str().into()),
        (16, ALG_ED25519.into()),
    ];
    entries.extend(issuer.static_cut_off.map(|moment| (15, moment.0.into())));
    entries.extend(issuer.passed_on.then(|| (17, true.into())));
    if let Some(notice) = &issuer.grey_notice {
        entries.extend([(18, notice.zh.as_str().into()), (19, notice.en.as_str().into())]);
    }
    map(entries)
}
