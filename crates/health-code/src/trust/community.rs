//! `community.cose`: checkpoints and the people who stand at them.
//!
//! ```cddl
//! community = {
//!   1: uint, 2: region, 3: time,          ; version, its 12 digits, issued
//!   4: tstr, 5: tstr,                     ; name, contact
//!   ? 6: [+ {1: region, 2: bstr .size 32}],   ; policies of district, street and community, by hash
//!   7: [* checkpoint],
//!   8: [* person],
//!   9: time, 10: time,                    ; soft expiry, hard expiry
//!   ? 11: [+ bstr .size 16]               ; stations withdrawn, ascending
//! }
//! checkpoint = {
//!   1: bstr .size 8, 2: tstr,             ; id, name
//!   3: 1..3,                              ; directions: bits 1 entry, 2 exit
//!   ? 4: [int, int]                       ; latitude, longitude in millionths of a degree
//! }
//! person = {
//!   1: bstr .size 8, 2: tstr,             ; id, masked name
//!   3: tstr,                              ; masked phone, whose last four characters are digits
//!   4: tstr,                              ; Argon2id of the PIN or the secret
//!   5: 0 / 1                              ; collector, administrator
//! }
//! ```

use strict_cose::cbor::{self, map};
use strict_cose::{FieldError, Fields, Value};

use super::reading::{Flaw, distinct, each, in_file, label, moment, plain, region, signed, threshold};
use super::reading::{version, whole};
use super::{
    Checkpoint, CheckpointId, NamedPolicy, Person, Rejection, Root, TrustFile, checkpoint, named, person,
};
use crate::limits::{
    CHECKPOINTS, COMMUNITY_HARD_SECONDS, COMMUNITY_LIFE_SECONDS, COMMUNITY_SOFT_SECONDS, LABEL_BYTES, PEOPLE,
    POLICIES, WITHDRAWN,
};
use crate::region::Region;
use crate::time::Timestamp;

/// External additional data of a community file's signature.
pub const AAD: &[u8] = b"kadian-community-v1";
const NAMED: i64 = 6;
const STATIONS: i64 = 11;

/// The contents of `community.cose`. Served to enrolled stations only: it holds hashes of PINs.
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
    /// The policies of its district, its street and its own.
    pub policies: Vec<NamedPolicy>,
    /// Its checkpoints.
    pub checkpoints: Vec<Checkpoint>,
    /// Its people.
    pub people: Vec<Person>,
    /// From here on the bar warns: 7 days after `issued`, or later.
    pub soft_expiry: Timestamp,
    /// From here on nothing is judged: 45 days after `issued`, or later (see
    /// [`Community::believed_until`]).
    pub hard_expiry: Timestamp,
    /// The stations that are out of service, by their ids in ascending order.
    pub withdrawn: Vec<[u8; 16]>,
}

impl Community {
    /// Returns the people whose phone ends in these four digits. The PIN tells whoever has it.
    pub fn people_by_digits(&self, digits: &str) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| person.sign_in_digits() == digits)
    }

    /// Returns from when on nothing is judged by this file, whatever it says of itself: its own hard
    /// expiry, or 180 days after it was issued where that is sooner.
    #[must_use]
    pub fn believed_until(&self) -> Timestamp {
        self.hard_expiry.min(self.issued.plus(COMMUNITY_LIFE_SECONDS))
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
        let mut entries = vec![
            (1, self.version.into()),
            (2, self.region.as_str().into()),
            (3, self.issued.0.into()),
            (4, self.name.as_str().into()),
            (5, self.contact.as_str().into()),
            (7, Value::Array(self.checkpoints.iter().map(checkpoint::to_value).collect())),
            (8, Value::Array(self.people.iter().map(person::to_value).collect())),
            (9, self.soft_expiry.0.into()),
            (10, self.hard_expiry.0.into()),
        ];
        entries.extend(named::to_entry(NAMED, &self.policies));
        if !self.withdrawn.is_empty() {
            let stations = self.withdrawn.iter().map(|station| station.to_vec().into()).collect();
            entries.push((STATIONS, Value::Array(stations)));
        }
        cbor::encode(&map(entries))
    }

    /// Opens a file that a key of the root for this region signed. The caller checks the dates.
    pub(super) fn open(bytes: &[u8], root: &Root) -> Result<Self, Rejection> {
        let (community, vouched) = Self::read_signed(bytes, root)?;
        vouched.map(|()| community)
    }

    /// Reads a file, and says whether a key of the root for this region signed it. If none did, nothing
    /// that it says may be believed.
    ///
    /// # Errors
    /// [`Rejection::Malformed`], and [`Rejection::Threshold`] where it names a key of the root whose
    /// signature does not hold: it is damaged.
    pub(super) fn read_signed(bytes: &[u8], root: &Root) -> Result<(Self, Result<(), Rejection>), Rejection> {
        let file = TrustFile::Community;
        let signed = signed(bytes, file)?;
        // Whose signature counts depends on the region, so the payload is read first: by the same
        // strict reader, and nothing of it is used before the signature held.
        let community = whole(signed.payload_unverified(), read).map_err(in_file(file))?;
        let keys = || root.regions.iter().filter(|key| key.may_sign_community(&community.region));
        let vouched = match keys().next() {
            None => Err(Rejection::OtherRoot { file }),
            Some(_) => threshold(&signed, keys().map(|key| (key.kid, &key.key)), 1, AAD, file),
        };
        match vouched {
            Err(damaged) if keys().any(|key| signed.names(key.kid)) => Err(damaged),
            vouched => Ok((community, vouched)),
        }
    }
}

fn read(fields: &mut Fields) -> Result<Community, Flaw> {
    let region = region(fields, 2)?;
    let holds_it = |level: &Region| level.as_str().len() >= 6 && level.contains(&region);
    let community = Community {
        version: version(fields, 1)?,
        issued: moment(fields, 3)?,
        name: label(fields, 4, LABEL_BYTES)?,
        contact: plain(fields, 5, LABEL_BYTES)?,
        policies: named::read(fields, NAMED, POLICIES, holds_it)?,
        checkpoints: each(fields, 7, CHECKPOINTS, "checkpoint", checkpoint::read)?,
        people: each(fields, 8, PEOPLE, "person", person::read)?,
        soft_expiry: moment(fields, 9)?,
        hard_expiry: moment(fields, 10)?,
        withdrawn: withdrawn(fields)?,
        region,
    };
    if community.region.as_str().len() != 12 {
        return Err(FieldError::OutOfRange(2).into());
    }
    // No shorter than a list's: a gate without a network works for weeks.
    if community.soft_expiry < community.issued.plus(COMMUNITY_SOFT_SECONDS) {
        return Err(FieldError::OutOfRange(9).into());
    }
    if community.hard_expiry < community.issued.plus(COMMUNITY_HARD_SECONDS) {
        return Err(FieldError::OutOfRange(10).into());
    }
    if community.hard_expiry < community.soft_expiry {
        return Err(Flaw::new("expiries out of order"));
    }
    distinct(&community.checkpoints, |checkpoint| checkpoint.id, "a checkpoint twice")?;
    distinct(&community.people, |person| person.id, "a person twice")?;
    Ok(community)
}

/// Reads the stations that are out of service: in ascending order, left out where there are none.
fn withdrawn(fields: &mut Fields) -> Result<Vec<[u8; 16]>, Flaw> {
    let Some(list) = fields.take(STATIONS) else { return Ok(Vec::new()) };
    let items = Fields::open(map([(STATIONS, list)]))?.list(STATIONS, WITHDRAWN)?;
    let station = |item: &Value| item.as_bytes().and_then(|id| <[u8; 16]>::try_from(id.as_slice()).ok());
    let stations: Option<Vec<[u8; 16]>> = items.iter().map(station).collect();
    match stations {
        Some(stations) if !stations.is_empty() && stations.is_sorted_by(|a, b| a < b) => Ok(stations),
        _ => Err(FieldError::OutOfRange(STATIONS).into()),
    }
}
