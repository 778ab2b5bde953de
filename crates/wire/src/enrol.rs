//! Enrolment: the station's request and the office's answer.

use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use strict_cose::cbor::{self, map};
use strict_cose::{FieldError, Fields, Limits, PublicKey, Sign1, Value, key_id};

use crate::ids::StationId;
use crate::label::is_label;
use crate::limits::{ENROLMENT_BYTES, ENROLMENT_REQUEST_BYTES, NAME_BYTES, TRUST_FILE_BYTES};
use crate::limits::{POLICY_FILE_BYTES, POLICY_FILES};

/// Additional data of the request's signature (RFC 9052 §4.3): its purpose.
pub const PURPOSE: &[u8] = b"kadian-enrol-v1";

/// A station's request. The key in it signs it, which proves that the station holds the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The ticket's secret.
    pub secret: [u8; 16],
    /// The station's public key.
    pub key: PublicKey,
    /// The technician's name for the laptop.
    pub name: String,
    /// The station's X25519 public key, to which community files on sticks are sealed.
    pub sealing: [u8; 32],
}

/// What the back office answers over the pinned connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentAnswer {
    /// The station's id: [`StationId::of`] the key that it sent.
    pub station: StationId,
    /// The back office's time, seconds since 1970.
    pub time: i64,
    /// `root.cose`, whose hash the ticket pinned.
    pub root: Vec<u8>,
    /// `trust.cose`.
    pub list: Vec<u8>,
    /// The station's `community.cose`.
    pub community: Vec<u8>,
    /// `revocations.bin`, which the list names by hash.
    pub revocations: Vec<u8>,
    /// The policy files that list and community name for this community, ascending by their SHA-256.
    pub policies: Vec<Vec<u8>>,
}

/// Why a message of the enrolment is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnrolmentError {
    /// Not the shape.
    #[error("not an enrolment message: {0}")]
    Malformed(String),
    /// Longer than such a message may be.
    #[error("larger than an enrolment message may be")]
    TooLarge,
    /// The request is not signed by the key in it.
    #[error("not signed by the key in it")]
    Signature,
}

impl From<FieldError> for EnrolmentError {
    fn from(error: FieldError) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl Enrolment {
    /// Signs the request (COSE_Sign1); `key` is the private half of the key in it.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let public = self.key.to_bytes();
        let payload = cbor::encode(&map([
            (1, self.secret.to_vec().into()),
            (2, public.to_vec().into()),
            (3, self.name.as_str().into()),
            (4, self.sealing.to_vec().into()),
        ]));
        Sign1::seal(key_id(&public), payload, PURPOSE, |tbs| key.sign(tbs).to_bytes()).to_bytes()
    }

    /// Verifies and reads a request.
    ///
    /// # Errors
    /// [`EnrolmentError`].
    pub fn open(bytes: &[u8]) -> Result<Self, EnrolmentError> {
        if bytes.len() > ENROLMENT_REQUEST_BYTES {
            return Err(EnrolmentError::TooLarge);
        }
        let sign1 = Sign1::parse(bytes, ENROLMENT_REQUEST_BYTES).map_err(malformed)?;
        // The key is inside, so the (small, strict) payload has to be read first.
        let mut fields = open_map(sign1.payload_unverified(), ENROLMENT_REQUEST_BYTES, 1)?;
        let secret = fields.array(1)?;
        let public: [u8; 32] = fields.array(2)?;
        let name = fields.text(3, NAME_BYTES)?;
        let sealing = fields.array(4)?;
        fields.finish()?;
        let key = PublicKey::from_bytes(&public).map_err(malformed)?;
        if sign1.kid() != key_id(&public) || sign1.verify(&key, PURPOSE).is_err() {
            return Err(EnrolmentError::Signature);
        }
        if !is_label(&name) {
            return Err(malformed("a name that is empty or holds control characters"));
        }
        Ok(Self { secret, key, name, sealing })
    }
}

impl EnrolmentAnswer {
    /// Encodes the answer. TLS and the pinned root protect it, so it carries no signature.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&map([
            (1, self.station.0.to_vec().into()),
            (2, self.time.into()),
            (3, self.root.clone().into()),
            (4, self.list.clone().into()),
            (5, self.community.clone().into()),
            (6, self.revocations.clone().into()),
            (7, Value::Array(self.policies.iter().map(|policy| policy.clone().into()).collect())),
        ]))
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// [`EnrolmentError::TooLarge`], [`EnrolmentError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EnrolmentError> {
        if bytes.len() > ENROLMENT_BYTES {
            return Err(EnrolmentError::TooLarge);
        }
        let mut fields = open_map(bytes, ENROLMENT_BYTES, 2)?;
        let answer = Self {
            station: StationId(fields.array(1)?),
            time: fields.int(2)?,
            root: fields.bytes(3, TRUST_FILE_BYTES)?,
            list: fields.bytes(4, TRUST_FILE_BYTES)?,
            community: fields.bytes(5, TRUST_FILE_BYTES)?,
            revocations: fields.bytes(6, TRUST_FILE_BYTES)?,
            policies: read_policies(fields.list(7, POLICY_FILES)?)?,
        };
        fields.finish()?;
        Ok(answer)
    }
}

/// Reads policy files, which ascend by their SHA-256.
fn read_policies(items: Vec<Value>) -> Result<Vec<Vec<u8>>, EnrolmentError> {
    let policies: Vec<Vec<u8>> = items
        .into_iter()
        .map(|item| item.into_bytes().ok().filter(|policy| policy.len() <= POLICY_FILE_BYTES))
        .collect::<Option<_>>()
        .ok_or_else(|| malformed("a policy of another shape"))?;
    let hashes: Vec<[u8; 32]> = policies.iter().map(|policy| Sha256::digest(policy).into()).collect();
    if hashes.is_sorted_by(|a, b| a < b) { Ok(policies) } else { Err(malformed("policies out of order")) }
}

fn open_map(bytes: &[u8], limit: usize, depth: usize) -> Result<Fields, EnrolmentError> {
    let value = cbor::decode(bytes, Limits { bytes: limit, depth }).map_err(malformed)?;
    Ok(Fields::open(value)?)
}

fn malformed(what: impl ToString) -> EnrolmentError {
    EnrolmentError::Malformed(what.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::signer;
    use proptest::prelude::*;

    fn enrolment() -> Enrolment {
        Enrolment { secret: [3; 16], key: signer(1).1, name: "东门 1".into(), sealing: [4; 32] }
    }

    #[test]
    fn any_flipped_bit_of_a_request_is_noticed() {
        let (key, _) = signer(1);
        let good = enrolment().sign(&key);
        assert_eq!(Enrolment::open(&good), Ok(enrolment()));
        for bit in 0..good.len() * 8 {
            let mut other = good.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(Enrolment::open(&other).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_request_proves_that_it_has_its_key() {
        assert_eq!(Enrolment::open(&enrolment().sign(&signer(2).0)), Err(EnrolmentError::Signature));
        let named =
            |name: &str| Enrolment::open(&Enrolment { name: name.into(), ..enrolment() }.sign(&signer(1).0));
        assert!(named(&"a".repeat(NAME_BYTES)).is_ok());
        for name in ["", "  ", "a\nb", "\u{9b}", &"a".repeat(NAME_BYTES + 1)] {
            assert!(matches!(named(name), Err(EnrolmentError::Malformed(_))), "{name:?}");
        }
        let long = vec![0; ENROLMENT_REQUEST_BYTES + 1];
        assert_eq!(Enrolment::open(&long), Err(EnrolmentError::TooLarge));
    }

    #[test]
    fn an_answer_with_more_than_its_fields_is_refused() {
        let answer = answer(ascending(3));
        let bytes = answer.to_bytes();
        assert_eq!(EnrolmentAnswer::parse(&bytes), Ok(answer));
        assert!(EnrolmentAnswer::parse(&bytes[..bytes.len() - 1]).is_err());
        assert!(EnrolmentAnswer::parse(&[bytes, vec![0]].concat()).is_err());
        let more = cbor::encode(&map((1..8).map(|key| (key, vec![0_u8; 16].into()))));
        assert!(EnrolmentAnswer::parse(&more).is_err());
    }

    fn answer(policies: Vec<Vec<u8>>) -> EnrolmentAnswer {
        EnrolmentAnswer {
            station: StationId([1; 16]),
            time: 5,
            root: vec![1],
            list: vec![2; 1 << 20],
            community: vec![],
            revocations: vec![9; 8],
            policies,
        }
    }

    fn ascending(count: u8) -> Vec<Vec<u8>> {
        let mut policies: Vec<Vec<u8>> = (0..count).map(|n| vec![n; usize::from(n) + 1]).collect();
        policies.sort_by_key(|policy| <[u8; 32]>::from(Sha256::digest(policy)));
        policies
    }

    #[test]
    fn policies_ascend_and_are_not_too_many_or_too_long() {
        let parse = |policies| EnrolmentAnswer::parse(&answer(policies).to_bytes());
        for good in [Vec::new(), vec![vec![1; POLICY_FILE_BYTES]], ascending(64)] {
            assert_eq!(parse(good.clone()).map(|answer| answer.policies), Ok(good));
        }
        let mut falling = ascending(2);
        falling.reverse();
        let twice = vec![vec![1], vec![1]];
        for bad in [vec![vec![1; POLICY_FILE_BYTES + 1]], ascending(65), falling, twice] {
            assert!(matches!(parse(bad), Err(EnrolmentError::Malformed(_))));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            prop_assert!(Enrolment::open(&bytes).is_err());
            prop_assert!(EnrolmentAnswer::parse(&bytes).is_err());
        }

        #[test]
        fn what_is_signed_opens_to_the_same(
            secret in any::<[u8; 16]>(),
            sealing in any::<[u8; 32]>(),
            name in "[a-z门]{1,40}",
        ) {
            let enrolment = Enrolment { secret, name, sealing, ..enrolment() };
            prop_assert_eq!(Enrolment::open(&enrolment.sign(&signer(1).0)), Ok(enrolment));
        }
    }
}
