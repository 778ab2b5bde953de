//! `trust.cose`: which issuers, and what they have revoked.
//!
//! ```cddl
//! list = {
//!   1: uint, 2: uint,                     ; version, root version
//!   3: time, 4: time, 5: time,            ; issued, soft expiry, hard expiry
//!   6: [* issuer],
//!   7: {1: bstr .size 16, 2: {* 0..255 => bstr .size 32}},   ; revocations: salt, hash of each chunk
//!   8: [+ {1: region, 2: bstr .size 32}], ; policies of nation, provinces and cities, by hash
//!   ? 9: [+ signer],                      ; document signers abroad, see `signer_codec`
//!   ? 10: [+ {1: region, 2: time}],       ; communities there are believed from this `issued` on
//!   ? 11: {+ 1..8 => [+ tstr]}            ; which codes certificates may name, see `value_set_codec`
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
use strict_cose::{Fields, KeyId, Value};

use super::reading::{Flaw, all_of, distinct, each, in_file, moment, signed, version, whole};
use super::{
    BelievedFrom, Issuer, NamedPolicy, Rejection, RevocationIndex, Root, TrustFile, believed_from, issuer,
    named, signer_codec, value_set_codec,
};
use crate::hcert::{Signer, ValueSets};
use crate::limits::{ISSUERS, LIST_LIFE_SECONDS, NAMED_POLICIES};
use crate::time::Timestamp;

/// External additional data of a trust list's signatures.
pub const AAD: &[u8] = b"kadian-trust-v1";
const POLICIES: i64 = 8;
const BELIEVED_FROM: i64 = 10;

/// The contents of `trust.cose`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    /// The version, which counts up from 1.
    pub version: u64,
    /// The version of the root that it was made for.
    pub root_epoch: u64,
    /// When it was made.
    pub issued: Timestamp,
    /// From here on the bar warns (7 days after `issued`).
    pub soft_expiry: Timestamp,
    /// From here on nothing is judged (45 days after `issued`; see [`TrustList::believed_until`]).
    pub hard_expiry: Timestamp,
    /// The issuers.
    pub issuers: Vec<Issuer>,
    /// The hashes of what they have revoked. The entries travel beside the list.
    pub revocations: RevocationIndex,
    /// The policies of nation, provinces and cities, at least one of them the nation's.
    pub policies: Vec<NamedPolicy>,
    /// The keys abroad that may sign certificates.
    pub signers: Vec<Signer>,
    /// From which `issued` on communities are believed, by region.
    pub believed_from: Vec<BelievedFrom>,
    /// Which codes certificates may name; a set that is not there holds every code.
    pub value_sets: ValueSets,
}

impl TrustList {
    /// Reads a payload without any signature, for whoever is about to sign it or inspects it. Only
    /// [`crate::Trust`] gives contents that may be believed.
    ///
    /// # Errors
    /// [`Rejection::Malformed`].
    pub fn read_unverified(payload: &[u8]) -> Result<Self, Rejection> {
        whole(payload, read).map_err(in_file(TrustFile::List))
    }

    /// Returns the payload of the file (canonical CBOR), for signing.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        let mut entries = vec![
            (1, self.version.into()),
            (2, self.root_epoch.into()),
            (3, self.issued.0.into()),
            (4, self.soft_expiry.0.into()),
            (5, self.hard_expiry.0.into()),
            (6, Value::Array(self.issuers.iter().map(issuer::to_value).collect())),
            (7, self.revocations.to_value()),
        ];
        entries.extend(named::to_entry(POLICIES, &self.policies));
        entries.extend(believed_from::to_entry(BELIEVED_FROM, &self.believed_from));
        entries.extend(value_set_codec::to_entry(&self.value_sets));
        if !self.signers.is_empty() {
            entries.push((signer_codec::KEY, signer_codec::to_value(&self.signers)));
        }
        cbor::encode(&map(entries))
    }

    /// Returns from when on nothing is judged by this list, whatever it says of itself: its own hard expiry,
    /// or 45 days after it was issued where that is sooner.
    #[must_use]
    pub fn believed_until(&self) -> Timestamp {
        self.hard_expiry.min(self.issued.plus(LIST_LIFE_SECONDS))
    }

    /// Returns the issuer whose key has this kid.
    #[must_use]
    pub fn issuer(&self, kid: KeyId) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| issuer.kid == kid)
    }

    /// Returns the document signers whose key has this name; more than one by chance.
    pub(crate) fn signers_named<'l>(&'l self, kid: &'l [u8]) -> impl Iterator<Item = &'l Signer> {
        self.signers.iter().filter(move |signer| signer.kid.0 == kid)
    }

    /// Returns whether this root's publisher signed a file, whichever root it was made for.
    pub(super) fn is_vouched_for(bytes: &[u8], root: &Root) -> bool {
        signed(bytes, TrustFile::List)
            .is_ok_and(|file| root.publisher.check(&file, AAD, TrustFile::List).is_ok())
    }

    /// Opens a file that this root's publisher signed for this root. The caller checks the dates.
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
        issuers: each(fields, 6, ISSUERS, "issuer", issuer::read)?,
        revocations: all_of(fields.value(7)?, RevocationIndex::read)?,
        policies: named::read(fields, POLICIES, NAMED_POLICIES, |region| region.as_str().len() <= 4)?,
        signers: signer_codec::read(fields)?,
        believed_from: believed_from::read(fields, BELIEVED_FROM)?,
        value_sets: value_set_codec::read(fields)?,
    };
    if !list.policies.iter().any(|named| named.region.as_str().is_empty()) {
        return Err(Flaw::new("no national policy"));
    }
    if list.soft_expiry < list.issued || list.hard_expiry < list.soft_expiry {
        return Err(Flaw::new("expiries out of order"));
    }
    distinct(&list.issuers, |issuer| issuer.kid, "a kid for two issuers")?;
    distinct(&list.issuers, |issuer| issuer.key.to_bytes(), "a key for two issuers")?;
    Ok(list)
}
