//! The office's answer to an enrolment that a stick brought.
//!
//! The request is the one of the network. There TLS protects its answer; on a stick it is sealed to the station,
//! since it names people, and a receipt of the office signs it: one without lines, for the "batch" [`request_id`].

use chacha20poly1305::Nonce;
use chacha20poly1305::aead::{Aead, Payload};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use strict_cose::cbor::{self, map};
use zeroize::Zeroizing;

use super::{StickError, cipher, open, open_key, seal_key};
use crate::enrol::EnrolmentAnswer;
use crate::ids::{BatchId, StationId};
use crate::limits::{ENROLMENT_BYTES, RECEIPT_BYTES, SEALED_ANSWER_BYTES, SEALED_KEY_BYTES};

/// HPKE's `info` for the content key, and the additional data of what it encrypts.
pub const INFO: &[u8] = b"kadian-stick-answer-v1";

/// An answer that only the station which asked can open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAnswer {
    /// The station.
    pub station: StationId,
    /// Which request it answers.
    pub request: BatchId,
    /// The office's receipt for it. It proves itself once the root in the answer is known.
    pub receipt: Vec<u8>,
    /// The [`EnrolmentAnswer`] under a content key.
    ciphertext: Vec<u8>,
    /// The content key, sealed to the station.
    key: [u8; SEALED_KEY_BYTES],
}

/// Returns what a receipt calls a request: the first 16 bytes of its SHA-256.
#[must_use]
pub fn request_id(request: &[u8]) -> BatchId {
    let hash: [u8; 32] = Sha256::digest(request).into();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    BatchId(id)
}

impl SealedAnswer {
    /// Seals an answer to the station in it, by its X25519 public key. Returns `None` for a key of small order:
    /// nothing can be sealed to it.
    #[must_use]
    pub fn seal(
        answer: &EnrolmentAnswer,
        request: BatchId,
        receipt: Vec<u8>,
        sealing: &[u8; 32],
        rng: &mut impl CryptoRng,
    ) -> Option<Self> {
        let mut content_key = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *content_key);
        let station = answer.station;
        let key = seal_key(&content_key, station, sealing, INFO, rng)?;
        let payload = Payload { msg: &answer.to_bytes(), aad: INFO };
        let ciphertext = cipher(&content_key).encrypt(&Nonce::default(), payload).ok()?;
        Some(Self { station, request, receipt, ciphertext, key })
    }

    /// Opens the answer for its station with the X25519 private key. The receipt in it is not verified yet.
    ///
    /// # Errors
    /// [`StickError::Seal`], [`StickError::Malformed`].
    pub fn open(&self, private: &[u8; 32]) -> Result<EnrolmentAnswer, StickError> {
        let content_key = open_key(&self.key, self.station, INFO, private).ok_or(StickError::Seal)?;
        let payload = Payload { msg: &self.ciphertext, aad: INFO };
        let answer =
            cipher(&content_key).decrypt(&Nonce::default(), payload).map_err(|_| StickError::Seal)?;
        EnrolmentAnswer::parse(&answer).map_err(|_| StickError::Malformed)
    }

    /// Encodes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&map([
            (1, self.station.0.to_vec().into()),
            (2, self.request.0.to_vec().into()),
            (3, self.receipt.clone().into()),
            (4, self.ciphertext.clone().into()),
            (5, self.key.to_vec().into()),
        ]))
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`StickError::TooLarge`], [`StickError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StickError> {
        let mut fields = open(bytes, SEALED_ANSWER_BYTES, 1)?;
        let sealed = Self {
            station: StationId(fields.array(1)?),
            request: BatchId(fields.array(2)?),
            receipt: fields.bytes(3, RECEIPT_BYTES)?,
            ciphertext: fields.bytes(4, ENROLMENT_BYTES + 16)?,
            key: fields.array(5)?,
        };
        fields.finish()?;
        Ok(sealed)
    }
}

#[cfg(test)]
mod tests {
    use rand_core::SeedableRng as _;

    use super::super::{private_key, public_key};
    use super::*;
    use crate::testing::signer;

    fn answer() -> EnrolmentAnswer {
        EnrolmentAnswer {
            station: StationId([7; 16]),
            time: 1_600_000_000,
            root: b"root".to_vec(),
            list: b"list".to_vec(),
            community: b"people".to_vec(),
            revocations: Vec::new(),
            policies: vec![b"policy".to_vec()],
        }
    }

    fn sealed() -> SealedAnswer {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let sealing = public_key(&signer(1).0);
        SealedAnswer::seal(&answer(), request_id(b"request"), vec![1, 2, 3], &sealing, &mut rng).unwrap()
    }

    #[test]
    fn an_answer_opens_for_the_station_that_asked_and_nobody_reads_people_in_it() {
        let bytes = sealed().to_bytes();
        assert!(!bytes.windows(6).any(|part| part == b"people"));
        let read = SealedAnswer::parse(&bytes).unwrap();
        assert_eq!(read.open(&private_key(&signer(1).0)), Ok(answer()));
        assert_eq!(read.open(&private_key(&signer(2).0)), Err(StickError::Seal));
        let moved = SealedAnswer { station: StationId([8; 16]), ..read };
        assert_eq!(moved.open(&private_key(&signer(1).0)), Err(StickError::Seal));
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let small = SealedAnswer::seal(&answer(), request_id(b"x"), Vec::new(), &[0; 32], &mut rng);
        assert_eq!(small, None);
    }

    #[test]
    fn a_flipped_bit_of_what_is_sealed_is_noticed_and_another_shape_is_refused() {
        let good = sealed();
        for bit in 0..good.ciphertext.len() * 8 {
            let mut other = good.clone();
            other.ciphertext[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(other.open(&private_key(&signer(1).0)), Err(StickError::Seal), "bit {bit}");
        }
        for bit in 0..SEALED_KEY_BYTES * 8 {
            let mut other = good.clone();
            other.key[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(other.open(&private_key(&signer(1).0)), Err(StickError::Seal), "bit {bit}");
        }
        let bytes = good.to_bytes();
        let (long, short) = ([&bytes[..], &[0]].concat(), &bytes[..bytes.len() - 1]);
        for bad in [&long[..], short, b"", b"\xa0", b"a photograph"] {
            assert_eq!(SealedAnswer::parse(bad), Err(StickError::Malformed));
        }
        assert_eq!(SealedAnswer::parse(&vec![0; SEALED_ANSWER_BYTES + 1]), Err(StickError::TooLarge));
    }
}
