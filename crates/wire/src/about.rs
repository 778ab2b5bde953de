//! What a station says of itself with a batch, for people at the office. The office believes none of it.

use strict_cose::cbor::{self, Limits, map};
use strict_cose::{FieldError, Fields, Value};

use crate::label::is_label;
use crate::limits::VERSION_BYTES;
use crate::report::ClockState;

/// What a station says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// How many reports wait, those of the batch included.
    pub waiting: u64,
    /// The version of its program.
    pub version: String,
    /// When the trust list that it judges by was issued, in seconds since 1970.
    pub list_issued: i64,
    /// How reliable its clock is.
    pub clock: ClockState,
}

impl About {
    /// Returns the encoding, for a store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&self.to_value())
    }

    /// Reads what [`Self::to_bytes`] wrote.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let value = cbor::decode(bytes, Limits { bytes: VERSION_BYTES + 64, depth: 1 }).ok()?;
        Self::read(value).ok()
    }

    pub(crate) fn to_value(&self) -> Value {
        map([
            (1, self.waiting.into()),
            (2, self.version.as_str().into()),
            (3, self.list_issued.into()),
            (4, (self.clock as u8).into()),
        ])
    }

    /// Reads the map in a batch.
    ///
    /// # Errors
    /// [`FieldError`].
    pub(crate) fn read(value: Value) -> Result<Self, FieldError> {
        let mut fields = Fields::open(value)?;
        let about = Self {
            waiting: fields.int(1)?,
            version: fields.text(2, VERSION_BYTES)?,
            list_issued: fields.int(3)?,
            clock: ClockState::from_repr(fields.int(4)?).ok_or(FieldError::OutOfRange(4))?,
        };
        fields.finish()?;
        if is_label(&about.version) { Ok(about) } else { Err(FieldError::OutOfRange(2)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_store_keeps_is_read_back_and_nothing_else() {
        let version = "v".repeat(VERSION_BYTES);
        let about = About { waiting: u64::MAX, version, list_issued: i64::MAX, clock: ClockState::Asserted };
        let bytes = about.to_bytes();
        assert_eq!(About::parse(&bytes), Some(about.clone()));
        assert_eq!(About::parse(&bytes[..bytes.len() - 1]), None);
        assert_eq!(About::parse(&[bytes.as_slice(), &[0]].concat()), None);
        for bad in ["", "a\nb", &"v".repeat(VERSION_BYTES + 1)] {
            let about = About { version: bad.to_owned(), ..about.clone() };
            assert_eq!(About::parse(&about.to_bytes()), None, "{bad:?}");
        }
    }
}
