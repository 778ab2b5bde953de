//! The office's refusal of an enrolment that a stick brought.
//!
//! Nobody signs it: a laptop that has not joined knows no key of the office. It is a word to whoever stands before the
//! laptop, and settles nothing. Whoever could forge it could as well take the answer off the stick.

use strict_cose::cbor::{self, map};

use super::{StickError, open};
use crate::ids::{BatchId, StationId};
use crate::limits::{REFUSAL_BYTES, REFUSAL_CODE_CHARS};

/// Why the office did not take a laptop in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The id that the station would have.
    pub station: StationId,
    /// Which request it is about.
    pub request: BatchId,
    /// The code of `POST /v1/enrol`: small letters and hyphens.
    pub code: String,
    /// When another laptop used the ticket, in seconds since 1970.
    pub at: Option<i64>,
}

impl Refusal {
    /// Encodes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let fields = [
            (1, self.station.0.to_vec().into()),
            (2, self.request.0.to_vec().into()),
            (3, self.code.clone().into()),
        ];
        cbor::encode(&map(fields.into_iter().chain(self.at.map(|at| (4, at.into())))))
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`StickError::TooLarge`], [`StickError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StickError> {
        let mut fields = open(bytes, REFUSAL_BYTES, 1)?;
        let refusal = Self {
            station: StationId(fields.array(1)?),
            request: BatchId(fields.array(2)?),
            code: fields.text(3, REFUSAL_CODE_CHARS)?,
            at: fields.optional_int(4)?,
        };
        fields.finish()?;
        let is_code = |code: &str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        (!refusal.code.is_empty() && is_code(&refusal.code)).then_some(refusal).ok_or(StickError::Malformed)
    }
}
