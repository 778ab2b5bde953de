//! CBOR as fifty countries write it: any well-formed encoding, within limits.

pub use strict_cose::Value;

use crate::limits::{CERTIFICATE_BYTES, CERTIFICATE_DEPTH};
use crate::refusal::Refusal;

/// Decodes exactly one item: at most [`CERTIFICATE_BYTES`] long (and so of no more items than
/// that), at most [`CERTIFICATE_DEPTH`] deep, nothing after it.
///
/// # Errors
/// `too-long`, `truncated`, `malformed`.
pub fn decode(bytes: &[u8]) -> Result<Value, Refusal> {
    if bytes.len() > CERTIFICATE_BYTES {
        return Err(Refusal::TooLong);
    }
    let mut rest = bytes;
    let value =
        ciborium::de::from_reader_with_recursion_limit(&mut rest, CERTIFICATE_DEPTH).map_err(|error| {
            match error {
                ciborium::de::Error::Io(_) => Refusal::Truncated,
                _ => Refusal::Malformed,
            }
        })?;
    if rest.is_empty() { Ok(value) } else { Err(Refusal::Malformed) }
}

/// Returns a key's value. `Err` where the key is there twice: readers would not agree which counts.
pub(super) fn get<'v>(entries: &'v [(Value, Value)], key: &Value) -> Result<Option<&'v Value>, Twice> {
    let mut found = entries.iter().filter(|(other, _)| other == key).map(|(_, value)| value);
    match (found.next(), found.next()) {
        (found, None) => Ok(found),
        (_, Some(_)) => Err(Twice),
    }
}

/// A key that is there twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Twice;

impl From<Twice> for Refusal {
    fn from(_: Twice) -> Self {
        Self::Malformed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_long_heads_are_read() {
        for same in [&[0x82, 0x01, 0x02][..], &[0x9f, 0x01, 0x02, 0xff], &[0x98, 0x02, 0x18, 0x01, 0x02]] {
            assert_eq!(decode(same), decode(&[0x82, 0x01, 0x02]));
            assert!(decode(same).is_ok());
        }
    }

    #[test]
    fn limits_hold() {
        assert_eq!(decode(&[0x82, 0x01]), Err(Refusal::Truncated));
        assert_eq!(decode(&[0x01, 0x01]), Err(Refusal::Malformed));
        assert_eq!(decode(&[0xff]), Err(Refusal::Malformed));
        assert_eq!(decode(&[0x81; 200]), Err(Refusal::Malformed), "too deep");
        assert_eq!(decode(&vec![0; CERTIFICATE_BYTES + 1]), Err(Refusal::TooLong));
        // A head that asks for 2^60 bytes or items gets none of them.
        assert!(decode(&[0x5b, 0x10, 0, 0, 0, 0, 0, 0, 0]).is_err());
        assert!(decode(&[0x9b, 0x10, 0, 0, 0, 0, 0, 0, 0]).is_err());
    }
}
