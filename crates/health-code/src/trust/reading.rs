//! What the files share: opening, reading, and counting signatures.

use strict_cose::cbor::{self, Limits, map};
use strict_cose::{CborError, FieldError, Fields, KeyId, PublicKey, Sign1Error, Signed, Value};

use super::{Rejection, TrustFile};
use crate::limits::{LATEST_TIME, TRUST_DEPTH, TRUST_FILE_BYTES};
use crate::region::Region;
use crate::text;
use crate::time::Timestamp;

/// What is wrong with a file's form. [`in_file`] adds which file.
#[derive(Debug)]
pub(super) struct Flaw(String);

impl Flaw {
    pub(super) fn new(what: &str) -> Self {
        Self(what.to_owned())
    }

    fn within(self, what: &str, at: usize) -> Self {
        Self(format!("{what} {at}: {}", self.0))
    }
}

impl From<FieldError> for Flaw {
    fn from(error: FieldError) -> Self {
        Self(error.to_string())
    }
}

impl From<CborError> for Flaw {
    fn from(error: CborError) -> Self {
        Self(error.to_string())
    }
}

impl From<Sign1Error> for Flaw {
    fn from(error: Sign1Error) -> Self {
        match error {
            Sign1Error::NotSign1 => Self::new("not a COSE_Sign"),
            other => Self(other.to_string()),
        }
    }
}

/// Returns a function for `map_err` that names the file.
pub(super) fn in_file<F: Into<Flaw>>(file: TrustFile) -> impl Fn(F) -> Rejection {
    move |flaw| Rejection::Malformed { file, what: flaw.into().0 }
}

/// Reads the outer form of a file.
pub(super) fn signed(bytes: &[u8], file: TrustFile) -> Result<Signed, Rejection> {
    Signed::parse(bytes, TRUST_FILE_BYTES).map_err(in_file(file))
}

/// Returns whether enough of a role's keys have signed.
pub(super) fn threshold<'k>(
    signed: &Signed,
    keys: impl IntoIterator<Item = (KeyId, &'k PublicKey)>,
    needed: usize,
    aad: &[u8],
    file: TrustFile,
) -> Result<(), Rejection> {
    let held = signed.count_valid(keys, aad);
    if held >= needed { Ok(()) } else { Err(Rejection::Threshold { file, held, needed }) }
}

/// Reads a whole payload, with nothing left over.
pub(super) fn whole<T>(payload: &[u8], read: impl FnOnce(&mut Fields) -> Result<T, Flaw>) -> Result<T, Flaw> {
    let value = cbor::decode(payload, Limits { bytes: TRUST_FILE_BYTES, depth: TRUST_DEPTH })?;
    all_of(value, read)
}

/// Reads a map inside, with nothing left over.
pub(super) fn all_of<T>(value: Value, read: impl FnOnce(&mut Fields) -> Result<T, Flaw>) -> Result<T, Flaw> {
    let mut fields = Fields::open(value)?;
    let read = read(&mut fields)?;
    fields.finish()?;
    Ok(read)
}

/// Reads an array of maps; a flaw names which.
pub(super) fn each<T>(
    fields: &mut Fields,
    key: i64,
    max: usize,
    what: &str,
    read: impl Fn(&mut Fields) -> Result<T, Flaw>,
) -> Result<Vec<T>, Flaw> {
    let items = fields.list(key, max)?.into_iter().enumerate();
    items.map(|(at, item)| all_of(item, &read).map_err(|flaw| flaw.within(what, at))).collect()
}

/// Reads an array of maps that is left out where it is empty.
pub(super) fn some_of<T>(
    fields: &mut Fields,
    key: i64,
    max: usize,
    what: &str,
    read: impl Fn(&mut Fields) -> Result<T, Flaw>,
) -> Result<Vec<T>, Flaw> {
    let Some(list) = fields.take(key) else { return Ok(Vec::new()) };
    let items = each(&mut Fields::open(map([(key, list)]))?, key, max, what, read)?;
    if items.is_empty() { Err(FieldError::OutOfRange(key).into()) } else { Ok(items) }
}

/// Reads an array of numbers that ascend, and that is left out where it is empty.
pub(super) fn numbers(fields: &mut Fields, key: i64, max: usize) -> Result<Vec<u8>, Flaw> {
    let Some(list) = fields.take(key) else { return Ok(Vec::new()) };
    let items = Fields::open(map([(key, list)]))?.list(key, max)?;
    let number = |item: &Value| item.as_integer().and_then(|number| u8::try_from(number).ok());
    let numbers: Option<Vec<u8>> = items.iter().map(number).collect();
    match numbers {
        Some(numbers) if !numbers.is_empty() && numbers.is_sorted_by(|a, b| a < b) => Ok(numbers),
        _ => Err(FieldError::OutOfRange(key).into()),
    }
}

/// Refuses items whose names do not ascend; none comes twice.
pub(super) fn ascending<T, N: Ord>(items: &[T], name: impl Fn(&T) -> N, what: &str) -> Result<(), Flaw> {
    if items.is_sorted_by(|a, b| name(a) < name(b)) { Ok(()) } else { Err(Flaw::new(what)) }
}

/// Refuses two items with one name.
pub(super) fn distinct<T, N: Ord>(items: &[T], name: impl Fn(&T) -> N, what: &str) -> Result<(), Flaw> {
    let mut names = std::collections::BTreeSet::new();
    if items.iter().all(|item| names.insert(name(item))) { Ok(()) } else { Err(Flaw::new(what)) }
}

pub(super) fn version(fields: &mut Fields, key: i64) -> Result<u64, Flaw> {
    let version = fields.int(key)?;
    if version == 0 { Err(FieldError::OutOfRange(key).into()) } else { Ok(version) }
}

pub(super) fn moment(fields: &mut Fields, key: i64) -> Result<Timestamp, Flaw> {
    optional_moment(fields, key)?.ok_or_else(|| FieldError::Missing(key).into())
}

pub(super) fn optional_moment(fields: &mut Fields, key: i64) -> Result<Option<Timestamp>, Flaw> {
    match fields.optional_int::<i64>(key)? {
        Some(seconds) if !(0..=LATEST_TIME).contains(&seconds) => Err(FieldError::OutOfRange(key).into()),
        seconds => Ok(seconds.map(Timestamp)),
    }
}

/// Reads a text for the screen that is not blank.
pub(super) fn label(fields: &mut Fields, key: i64, max: usize) -> Result<String, Flaw> {
    let label = fields.text(key, max)?;
    if text::is_label(&label) { Ok(label) } else { Err(FieldError::OutOfRange(key).into()) }
}

/// Reads a text for the screen that may be empty.
pub(super) fn plain(fields: &mut Fields, key: i64, max: usize) -> Result<String, Flaw> {
    let plain = fields.text(key, max)?;
    if text::is_plain(&plain) { Ok(plain) } else { Err(FieldError::OutOfRange(key).into()) }
}

/// Reads a web address or an empty text.
pub(super) fn address(fields: &mut Fields, key: i64, max: usize) -> Result<String, Flaw> {
    let address = fields.text(key, max)?;
    if text::is_address(&address) { Ok(address) } else { Err(FieldError::OutOfRange(key).into()) }
}

pub(super) fn region(fields: &mut Fields, key: i64) -> Result<Region, Flaw> {
    fields.text(key, 12)?.parse().map_err(|_| FieldError::OutOfRange(key).into())
}

pub(super) fn regions(fields: &mut Fields, key: i64, max: usize) -> Result<Vec<Region>, Flaw> {
    let region = |value| match value {
        Value::Text(digits) => digits.parse().map_err(|_| FieldError::OutOfRange(key).into()),
        _ => Err(FieldError::WrongType(key).into()),
    };
    fields.list(key, max)?.into_iter().map(region).collect()
}

pub(super) fn kid(fields: &mut Fields, key: i64) -> Result<KeyId, Flaw> {
    Ok(KeyId(fields.array(key)?))
}

/// Reads an Ed25519 key that may be trusted.
pub(super) fn public_key(fields: &mut Fields, key: i64) -> Result<PublicKey, Flaw> {
    PublicKey::from_bytes(&fields.array(key)?).map_err(|error| Flaw(format!("key {key}: {error}")))
}

/// Regions as they are written.
pub(super) fn region_values(regions: &[Region]) -> Value {
    Value::Array(regions.iter().map(|region| region.as_str().into()).collect())
}
