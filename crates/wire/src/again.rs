//! A station that its office does not know: the office was restored from a copy made before the
//! enrolment. The station shows a receipt of the office, and is known again under the same id.

use ed25519_dalek::{Signer, SigningKey};
use strict_cose::cbor::{self, map};
use strict_cose::{FieldError, Fields, KeyId, Limits, PublicKey, Sign1, key_id};

use crate::ids::StationId;
use crate::label::is_label;
use crate::limits::{AGAIN_ANSWER_BYTES, AGAIN_BYTES, AGAIN_RECEIPT_BYTES, NAME_BYTES};
use crate::receipt::Receipt;

/// Additional data of the request's signature (RFC 9052 §4.3): its purpose.
pub const PURPOSE: &[u8] = b"kadian-again-v1";

/// A station's request. The key in it signs it, which proves that the station holds the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The station's public key.
    pub key: PublicKey,
    /// The station's X25519 public key, to which community files on sticks are sealed.
    pub sealing: [u8; 32],
    /// The technician's name for the laptop.
    pub name: String,
    /// A receipt for an empty batch of this station, as the office signed it.
    pub receipt: Vec<u8>,
}

/// What the office answers to a station that it knows again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgainAnswer {
    /// The station's id: [`StationId::of`] its key.
    pub station: StationId,
}

/// Why a message is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgainError {
    /// Not the shape.
    #[error("not a message of a station that makes itself known again: {0}")]
    Malformed(String),
    /// Longer than such a message may be.
    #[error("larger than such a message may be")]
    TooLarge,
    /// Not signed by the key in it, or its receipt is not this office's for this station.
    #[error("not signed by the key in it, or without a receipt for this station")]
    Signature,
}

impl From<FieldError> for AgainError {
    fn from(error: FieldError) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl Again {
    /// Signs the request (COSE_Sign1); `key` is the private half of the key in it.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let public = self.key.to_bytes();
        let payload = cbor::encode(&map([
            (1, public.to_vec().into()),
            (2, self.sealing.to_vec().into()),
            (3, self.name.as_str().into()),
            (4, self.receipt.clone().into()),
        ]));
        Sign1::seal(key_id(&public), payload, PURPOSE, |tbs| key.sign(tbs).to_bytes()).to_bytes()
    }

    /// Verifies and reads a request. [`Self::shown`] verifies the receipt in it.
    ///
    /// # Errors
    /// [`AgainError`].
    pub fn open(bytes: &[u8]) -> Result<Self, AgainError> {
        if bytes.len() > AGAIN_BYTES {
            return Err(AgainError::TooLarge);
        }
        let sign1 = Sign1::parse(bytes, AGAIN_BYTES).map_err(malformed)?;
        // The key is inside, so the (small, strict) payload has to be read first.
        let mut fields = open_map(sign1.payload_unverified(), AGAIN_BYTES)?;
        let public: [u8; 32] = fields.array(1)?;
        let sealing = fields.array(2)?;
        let name = fields.text(3, NAME_BYTES)?;
        let receipt = fields.bytes(4, AGAIN_RECEIPT_BYTES)?;
        fields.finish()?;
        let key = PublicKey::from_bytes(&public).map_err(malformed)?;
        if sign1.kid() != key_id(&public) || sign1.verify(&key, PURPOSE).is_err() {
            return Err(AgainError::Signature);
        }
        if !is_label(&name) {
            return Err(malformed("a name that is empty or holds control characters"));
        }
        Ok(Self { key, sealing, name, receipt })
    }

    /// Verifies the receipt that the station shows, and returns it with the kid of its key. The caller
    /// decides whether the key was good at the receipt's time, and whether the station was withdrawn.
    ///
    /// # Errors
    /// [`AgainError::Signature`], and [`AgainError::Malformed`] for a receipt that acknowledges reports.
    pub fn shown<'k>(
        &self,
        keys: impl IntoIterator<Item = (KeyId, &'k PublicKey)>,
    ) -> Result<(Receipt, KeyId), AgainError> {
        let station = StationId::of(&self.key);
        let (receipt, kid) =
            Receipt::open_any(&self.receipt, keys, station).map_err(|_| AgainError::Signature)?;
        if receipt.lines.is_empty() { Ok((receipt, kid)) } else { Err(malformed("a receipt for reports")) }
    }
}

impl AgainAnswer {
    /// Encodes the answer. It grants nothing: the next batch shows whether the station is known.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&map([(1, self.station.0.to_vec().into())]))
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// [`AgainError::TooLarge`], [`AgainError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, AgainError> {
        if bytes.len() > AGAIN_ANSWER_BYTES {
            return Err(AgainError::TooLarge);
        }
        let mut fields = open_map(bytes, AGAIN_ANSWER_BYTES)?;
        let answer = Self { station: StationId(fields.array(1)?) };
        fields.finish()?;
        Ok(answer)
    }
}

fn open_map(bytes: &[u8], limit: usize) -> Result<Fields, AgainError> {
    let value = cbor::decode(bytes, Limits { bytes: limit, depth: 1 }).map_err(malformed)?;
    Ok(Fields::open(value)?)
}

fn malformed(what: impl ToString) -> AgainError {
    AgainError::Malformed(what.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::signer;
    use crate::{AuditHead, BatchId, Generation, Offer, Pace, ReceiptLine, RecordId, RecordStatus};

    const KID: KeyId = KeyId([8; 8]);

    fn receipt(station: StationId, lines: Vec<ReceiptLine>) -> Vec<u8> {
        let offer = Offer { version: 1, hash: [1; 32] };
        let receipt = Receipt {
            station,
            batch: BatchId([2; 16]),
            time: 5,
            lines,
            root: offer,
            list: offer,
            community: offer,
            region: "420106001001".to_owned(),
            pace: Pace { pause: 2, poll: 60 },
            withdrawn: None,
            notices: Vec::new(),
            audit: AuditHead::EMPTY,
            backed_up: None,
            generation: Generation([6; 16]),
        };
        receipt.sign(KID, &signer(2).0)
    }

    fn again() -> Again {
        let (_, key) = signer(1);
        let receipt = receipt(StationId::of(&key), Vec::new());
        Again { key, sealing: [4; 32], name: "东门 1".into(), receipt }
    }

    #[test]
    fn any_flipped_bit_of_a_request_is_noticed() {
        let good = again().sign(&signer(1).0);
        assert_eq!(Again::open(&good), Ok(again()));
        for bit in 0..good.len() * 8 {
            let mut other = good.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(Again::open(&other).is_err(), "bit {bit}");
        }
        assert_eq!(Again::open(&again().sign(&signer(3).0)), Err(AgainError::Signature));
        assert_eq!(Again::open(&vec![0; AGAIN_BYTES + 1]), Err(AgainError::TooLarge));
    }

    #[test]
    fn only_an_offices_receipt_without_lines_for_the_very_station_counts() {
        let keys = [(KID, signer(2).1)];
        let shown = |receipt| Again { receipt, ..again() }.shown(keys.iter().map(|(kid, key)| (*kid, key)));
        let own = StationId::of(&signer(1).1);
        assert_eq!(shown(again().receipt).map(|(receipt, kid)| (receipt.time, kid)), Ok((5, KID)));
        let line = ReceiptLine { record: RecordId([1; 16]), hash: [1; 32], status: RecordStatus::Stored };
        assert!(matches!(shown(receipt(own, vec![line])), Err(AgainError::Malformed(_))));
        assert_eq!(shown(receipt(StationId([9; 16]), Vec::new())), Err(AgainError::Signature));
        assert_eq!(again().shown([(KID, &signer(3).1)]), Err(AgainError::Signature));
        assert_eq!(shown(Vec::new()), Err(AgainError::Signature));
    }

    #[test]
    fn names_and_receipts_have_limits_from_both_sides() {
        let opened = |change: &dyn Fn(&mut Again)| {
            let mut again = again();
            change(&mut again);
            Again::open(&again.sign(&signer(1).0))
        };
        assert!(opened(&|again| again.name = "a".repeat(NAME_BYTES)).is_ok());
        assert!(opened(&|again| again.receipt = vec![0; AGAIN_RECEIPT_BYTES]).is_ok());
        for name in ["", "  ", "a\nb", &"a".repeat(NAME_BYTES + 1)] {
            let opened = opened(&|again| again.name = name.to_owned());
            assert!(matches!(opened, Err(AgainError::Malformed(_))), "{name:?}");
        }
        let long = opened(&|again| again.receipt = vec![0; AGAIN_RECEIPT_BYTES + 1]);
        assert!(matches!(long, Err(AgainError::Malformed(_))));
    }

    #[test]
    fn an_answer_with_more_than_its_field_is_refused() {
        let answer = AgainAnswer { station: StationId([7; 16]) };
        let bytes = answer.to_bytes();
        assert_eq!(AgainAnswer::parse(&bytes), Ok(answer));
        for bad in [&bytes[..bytes.len() - 1], &[&bytes[..], &[0]].concat(), &[0; AGAIN_ANSWER_BYTES + 1]] {
            assert!(AgainAnswer::parse(bad).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            prop_assert!(Again::open(&bytes).is_err());
            prop_assert!(AgainAnswer::parse(&bytes).is_err());
        }
    }
}
