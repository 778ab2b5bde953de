//! Issuers as a part of the trust list; the list's own file shows their form.

use strict_cose::cbor::map;
use strict_cose::sign1::ALG_ED25519;
use strict_cose::{FieldError, Fields, KeyId, PublicKey, Value};

use super::reading::{
    Flaw, address, kid, label, moment, optional_moment, public_key, region_values, regions,
};
use crate::limits::{ISS_BYTES, LABEL_BYTES, REGIONS, URL_BYTES};
use crate::region::Region;
use crate::time::Timestamp;

/// An issuer's key and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The issuer, as its codes name it (`iss`).
    pub iss: String,
    /// Its name in Chinese, for the screen.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Names the key; no two issuers share one.
    pub kid: KeyId,
    /// The key (`alg` is Ed25519 for every `KD1` issuer).
    pub key: PublicKey,
    /// Regions whose residents it may issue for.
    pub regions: Vec<Region>,
    /// Whether its codes count as foreign, whatever region they name.
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
    /// Whether its recognition is passed on ([`TrustList::recognises`](super::TrustList::recognises)).
    pub passed_on: bool,
    /// Its own sentence about its grey codes.
    pub grey_notice: Option<Notice>,
}

/// A sentence by an issuer, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

pub(super) fn read(fields: &mut Fields) -> Result<Issuer, Flaw> {
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

/// Reads field 17, which is there only where it is `true`.
fn passed_on(fields: &mut Fields) -> Result<bool, Flaw> {
    match fields.take(17) {
        None => Ok(false),
        Some(Value::Bool(true)) => Ok(true),
        Some(_) => Err(FieldError::OutOfRange(17).into()),
    }
}

/// Reads the notice: in both languages or in none.
fn notice(fields: &mut Fields) -> Result<Option<Notice>, Flaw> {
    let Some(zh) = fields.take(18) else { return Ok(None) };
    let mut both = Fields::open(map([(18, zh), (19, fields.value(19)?)]))?;
    Ok(Some(Notice { zh: label(&mut both, 18, LABEL_BYTES)?, en: label(&mut both, 19, LABEL_BYTES)? }))
}

pub(super) fn to_value(issuer: &Issuer) -> Value {
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
