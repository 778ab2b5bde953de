//! Document signers as a part of the trust list.
//!
//! ```cddl
//! signer = {
//!   1: tstr, 2: tstr, 3: tstr,   ; country (2 or 3 capital letters), name in Chinese, in English
//!   4: bstr .size 8,             ; kid
//!   5: -7 / -35 / -37,           ; ES256, ES384, PS256
//!   6: bstr,                     ; key: uncompressed point, or RSAPublicKey (RFC 8017 §A.1.1)
//!   7: 1..7,                     ; may sign: bits 1 test, 2 vaccination, 4 recovery
//!   8: time, 9: time,            ; not before, not after
//!   10: [* region],              ; recognised by
//!   ? 11: tstr                   ; what its certificates name as `iss`, where that is no country code
//! }
//! ```

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::reading::{Flaw, kid, label, moment, region_values, regions, some_of};
use crate::hcert::{Algorithm, Signer, SignerKey, Usage};
use crate::limits::{LABEL_BYTES, REGIONS, SIGNER_ISSUER_BYTES, SIGNER_KEY_BYTES, SIGNERS};
use crate::text;

pub(super) const KEY: i64 = 9;

pub(super) fn to_value(signers: &[Signer]) -> Value {
    let value = |signer: &Signer| {
        let issuer = signer.issuer.as_ref().map(|issuer| (11, issuer.as_str().into()));
        let entries = [
            (1, signer.country.as_str().into()),
            (2, signer.name_zh.as_str().into()),
            (3, signer.name_en.as_str().into()),
            (4, signer.kid.0.to_vec().into()),
            (5, signer.key.algorithm().number().into()),
            (6, signer.key.bytes().to_vec().into()),
            (7, signer.usage.bits().into()),
            (8, signer.not_before.0.into()),
            (9, signer.not_after.0.into()),
            (10, region_values(&signer.recognised_by)),
        ];
        map(entries.into_iter().chain(issuer))
    };
    Value::Array(signers.iter().map(value).collect())
}

/// Returns the signers, where there are any; an empty list is left out and not written.
pub(super) fn read(fields: &mut Fields) -> Result<Vec<Signer>, Flaw> {
    let signers = some_of(fields, KEY, SIGNERS, "signer", read_one)?;
    // Two keys may share a kid by chance, but one key is listed once: else what it may sign, and
    // until when, would depend on which entry is asked.
    super::reading::distinct(&signers, |signer| signer.key.clone(), "a key for two signers")?;
    Ok(signers)
}

fn read_one(fields: &mut Fields) -> Result<Signer, Flaw> {
    let algorithm = Algorithm::of_number(fields.int(5)?).ok_or(FieldError::OutOfRange(5))?;
    let key = SignerKey::new(algorithm, fields.bytes(6, SIGNER_KEY_BYTES)?);
    let signer = Signer {
        country: label(fields, 1, 3)?,
        issuer: fields.optional_text(11, SIGNER_ISSUER_BYTES)?,
        name_zh: label(fields, 2, LABEL_BYTES)?,
        name_en: label(fields, 3, LABEL_BYTES)?,
        kid: kid(fields, 4)?,
        key: key.map_err(|_| FieldError::OutOfRange(6))?,
        usage: Usage::from_bits(fields.int(7)?).ok_or(FieldError::OutOfRange(7))?,
        not_before: moment(fields, 8)?,
        not_after: moment(fields, 9)?,
        recognised_by: regions(fields, 10, REGIONS)?,
    };
    let capitals = signer.country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !capitals || signer.country.len() < 2 {
        return Err(FieldError::OutOfRange(1).into());
    }
    // A list that repeats the country says the same thing in two ways.
    if signer.issuer.as_ref().is_some_and(|issuer| !text::is_label(issuer) || *issuer == signer.country) {
        return Err(FieldError::OutOfRange(11).into());
    }
    if signer.not_after <= signer.not_before {
        return Err(FieldError::OutOfRange(9).into());
    }
    Ok(signer)
}
