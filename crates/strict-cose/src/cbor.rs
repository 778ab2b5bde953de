//! Deterministic CBOR (RFC 8949 §4.2.1), decoded strictly and encoded in its one form.

use std::cmp::Ordering;

pub use ciborium::Value;

/// How large an input may be before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest input in bytes.
    pub bytes: usize,
    /// Deepest nesting of arrays and maps.
    pub depth: usize,
}

/// Most items in one input. An item of one byte takes 32 bytes in memory, so a limit of length alone
/// would let a file take far more memory than it is long.
pub const MAX_ITEMS: usize = 250_000;

/// Why bytes are not one canonical CBOR item. Retrying the same bytes never helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// Longer than the limit.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// Nested deeper than the limit.
    #[error("nested deeper than the limit")]
    TooDeep,
    /// More items than [`MAX_ITEMS`].
    #[error("more than {MAX_ITEMS} items")]
    TooMany,
    /// The bytes end inside an item.
    #[error("cut off inside an item")]
    Truncated,
    /// Not well-formed CBOR (RFC 8949 §1.2).
    #[error("not well-formed CBOR")]
    Malformed,
    /// One item, and then more bytes.
    #[error("bytes after the end")]
    Trailing,
    /// Well-formed, but not the one deterministic encoding: long integers, indefinite lengths,
    /// unordered or repeated keys.
    #[error("not the canonical encoding")]
    NotCanonical,
    /// A float, a tag or a simple value other than `false` and `true`: none is used anywhere.
    #[error("a kind of value that is never used here")]
    Forbidden,
}

/// Decodes exactly one canonical item.
///
/// # Errors
/// [`CborError`], in this order: length, number of items, form, depth, trailing bytes, kinds, canonical order.
pub fn decode(bytes: &[u8], limits: Limits) -> Result<Value, CborError> {
    if bytes.len() > limits.bytes {
        return Err(CborError::TooLong { limit: limits.bytes });
    }
    if items(bytes) > MAX_ITEMS {
        return Err(CborError::TooMany);
    }
    let mut rest = bytes;
    // The library counts the item itself as a level. It gets one level more than allowed, so that
    // `check` decides what is too deep.
    let value: Value =
        ciborium::de::from_reader_with_recursion_limit(&mut rest, limits.depth + 2).map_err(|error| {
            match error {
                ciborium::de::Error::RecursionLimitExceeded => CborError::TooDeep,
                ciborium::de::Error::Io(_) => CborError::Truncated,
                _ => CborError::Malformed,
            }
        })?;
    if !rest.is_empty() {
        return Err(CborError::Trailing);
    }
    check(&value, limits.depth)?;
    if encode(&value) != bytes {
        return Err(CborError::NotCanonical);
    }
    Ok(value)
}

/// Encodes in the one canonical form; map keys are put in order (bytewise, of their encodings).
///
/// Floats, tags and null have no canonical form here and are written as `undefined`, which
/// [`decode`] refuses: values built by this project never hold any.
#[must_use]
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out);
    out
}

/// Returns a map with integer keys, in the order given; [`encode`] sorts it.
#[must_use]
pub fn map(entries: impl IntoIterator<Item = (i64, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}

/// Counts the items by their heads, without allocating; where the bytes are no
/// CBOR, any number not above the true one, for the decoder refuses them anyway.
fn items(bytes: &[u8]) -> usize {
    let (mut rest, mut count) = (bytes, 0);
    while let Some((&first, after)) = rest.split_first() {
        count += 1;
        let wide = match first & 0x1f {
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => 0,
        };
        let Some((argument, after)) = after.split_at_checked(wide) else { break };
        let argument = argument.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let is_string = matches!(first >> 5, 2 | 3);
        let length = match first & 0x1f {
            short @ 0..24 => u64::from(short),
            24..=27 => argument,
            _ => 0,
        };
        let skip = if is_string { usize::try_from(length).unwrap_or(usize::MAX) } else { 0 };
        let Some(after) = after.get(skip..) else { break };
        rest = after;
    }
    count
}

fn check(value: &Value, depth: usize) -> Result<(), CborError> {
    match value {
        Value::Integer(_) | Value::Bytes(_) | Value::Text(_) | Value::Bool(_) => Ok(()),
        Value::Array(items) => {
            let deeper = depth.checked_sub(1).ok_or(CborError::TooDeep)?;
            items.iter().try_for_each(|item| check(item, deeper))
        }
        Value::Map(entries) => {
            let deeper = depth.checked_sub(1).ok_or(CborError::TooDeep)?;
            for (key, item) in entries {
                check(key, deeper)?;
                check(item, deeper)?;
            }
            let ascending = entries.is_sorted_by(|(a, _), (b, _)| order(a, b).is_lt());
            if ascending { Ok(()) } else { Err(CborError::NotCanonical) }
        }
        _ => Err(CborError::Forbidden),
    }
}

/// Returns the bytewise order of two keys' encodings. Integers, which nearly all keys are, are not encoded
/// for this: those from 0 on come first, then the negative ones, each away from 0.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => {
            let place = |integer: &ciborium::value::Integer| {
                let integer = i128::from(*integer);
                if integer < 0 { (1, -1 - integer) } else { (0, integer) }
            };
            place(a).cmp(&place(b))
        }
        _ => encode(a).cmp(&encode(b)),
    }
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Integer(integer) => {
            let integer = i128::from(*integer);
            if integer >= 0 {
                head(0, integer.unsigned_abs(), out);
            } else {
                head(1, (-1 - integer).unsigned_abs(), out);
            }
        }
        Value::Bytes(bytes) => {
            head(2, bytes.len() as u128, out);
            out.extend_from_slice(bytes);
        }
        Value::Text(text) => {
            head(3, text.len() as u128, out);
            out.extend_from_slice(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, items.len() as u128, out);
            items.iter().for_each(|item| write(item, out));
        }
        Value::Map(entries) => {
            head(5, entries.len() as u128, out);
            let mut entries: Vec<&(Value, Value)> = entries.iter().collect();
            entries.sort_by(|(a, _), (b, _)| order(a, b));
            for (key, item) in entries {
                write(key, out);
                write(item, out);
            }
        }
        Value::Bool(false) => out.push(0xf4),
        Value::Bool(true) => out.push(0xf5),
        _ => out.push(0xf7),
    }
}

/// The initial byte and argument of RFC 8949 §3, in its shortest form.
pub(crate) fn head(major: u8, argument: u128, out: &mut Vec<u8>) {
    let major = major << 5;
    // CBOR integers and lengths fit 64 bits, as ciborium's do.
    let argument = argument as u64;
    let bytes = argument.to_be_bytes();
    match argument {
        0..24 => out.push(major | bytes[7]),
        24..0x100 => out.extend_from_slice(&[major | 24, bytes[7]]),
        0x100..0x1_0000 => {
            out.push(major | 25);
            out.extend_from_slice(&bytes[6..]);
        }
        0x1_0000..0x1_0000_0000 => {
            out.push(major | 26);
            out.extend_from_slice(&bytes[4..]);
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMITS: Limits = Limits { bytes: 512, depth: 4 };

    #[test]
    fn each_kind_of_other_encoding_is_refused() {
        for (bytes, expected) in [
            (&[0x18, 0x01][..], CborError::NotCanonical),   // 1 in two bytes
            (&[0x9f, 0x01, 0xff], CborError::NotCanonical), // indefinite array
            (&[0x5f, 0x41, 0x00, 0xff], CborError::NotCanonical), // indefinite bytes
            (&[0xa2, 0x02, 0x00, 0x01, 0x00], CborError::NotCanonical), // keys out of order
            (&[0xa2, 0x01, 0x00, 0x01, 0x00], CborError::NotCanonical), // a key twice
            (&[0xf9, 0x3c, 0x00], CborError::Forbidden),    // a float
            (&[0xc1, 0x01], CborError::Forbidden),          // a tag
            (&[0xf6], CborError::Forbidden),                // null
            (&[0x01, 0x01], CborError::Trailing),
            (&[0x42, 0x01], CborError::Truncated),
            (&[], CborError::Truncated),
            (&[0x1c], CborError::Malformed),
            (&[0x81, 0x81, 0x81, 0x81, 0x81, 0x01], CborError::TooDeep),
            (&[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], CborError::Truncated),
        ] {
            assert_eq!(decode(bytes, LIMITS), Err(expected), "{bytes:02x?}");
        }
        assert_eq!(decode(&[0; 513], LIMITS), Err(CborError::TooLong { limit: 512 }));
    }

    #[test]
    fn a_file_of_tiny_items_is_refused_before_it_takes_memory() {
        let limits = Limits { bytes: 1 << 20, depth: 4 };
        let array = |count: u32| {
            let mut bytes = vec![0x9a];
            bytes.extend(count.to_be_bytes());
            bytes.resize(5 + count as usize, 0);
            bytes
        };
        assert!(decode(&array(249_999), limits).is_ok());
        assert_eq!(decode(&array(250_000), limits), Err(CborError::TooMany));
        let string = encode(&vec![0_u8; 500_000].into());
        assert!(decode(&string, limits).is_ok(), "what is inside a string is no item");
    }

    #[test]
    fn the_deepest_allowed_is_allowed() {
        assert!(decode(&[0x81, 0x81, 0x81, 0x81, 0x01], LIMITS).is_ok());
    }

    fn count(value: &Value) -> usize {
        1 + match value {
            Value::Array(items) => items.iter().map(count).sum(),
            Value::Map(entries) => entries.iter().map(|(key, item)| count(key) + count(item)).sum(),
            _ => 0,
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            ".{0,40}".prop_map(Value::from),
            proptest::collection::vec(any::<u8>(), 0..300).prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                proptest::collection::btree_map(any::<i64>(), inner, 0..6).prop_map(map),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_the_same_bytes(value in values()) {
            let bytes = encode(&value);
            let back = decode(&bytes, Limits { bytes: 1 << 20, depth: 8 }).unwrap();
            prop_assert_eq!(items(&bytes), count(&value));
            prop_assert_eq!(encode(&back), bytes);
        }

        #[test]
        fn any_bytes_are_refused_or_canonical(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = decode(&bytes, LIMITS) {
                prop_assert_eq!(encode(&value), bytes);
            }
        }
    }
}
