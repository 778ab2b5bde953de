//! Sealing reports to the back office: HPKE (RFC 9180) base mode, X25519, HKDF-SHA256,
//! ChaCha20-Poly1305, one sealing context a report.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256 as Suite;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use strict_cose::KeyId;
use zeroize::Zeroizing;

use crate::ids::{RecordId, StationId, StreamId};
use crate::limits::SEALED_BYTES;
use crate::report::{Report, pad, unpad};

/// HPKE's `info`: what these seals are for.
pub const INFO: &[u8] = b"kadian-report-v1";
/// Length of the encapsulated key (RFC 9180 §7.1).
const ENC_BYTES: usize = 32;
/// Length of the additional data.
const AAD_BYTES: usize = 16 + 16 + 8 + 16 + 8 + 32;

/// A report that only the back office can open. An outbox row holds it, a batch carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedReport {
    /// The run of the station that made it.
    pub stream: StreamId,
    /// Its position in the stream, from 0.
    pub seq: u64,
    /// Its id.
    pub record: RecordId,
    /// The recipient it is sealed to.
    pub kid: KeyId,
    /// Head of the chain before this report: for the first of a stream, the head of the
    /// predecessor, or zeros where there is none.
    pub link: [u8; 32],
    /// `enc ‖ ciphertext ‖ tag`, always [`crate::limits::SEALED_BYTES`] long.
    pub ciphertext: Vec<u8>,
}

/// Why a report could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Longer than a report may be, before padding, or with a part that no reader takes.
    #[error("a report longer than it may be")]
    TooLong,
    /// The recipient's key is no X25519 key.
    #[error("not a recipient's key")]
    BadRecipient,
}

/// Why a sealed report does not open. Retrying helps only with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Sealed to another key, altered, or moved to another place.
    #[error("does not open")]
    Seal,
    /// Opens, but holds no report.
    #[error("holds no report")]
    Report,
}

/// A report's position in the chain. Its seal binds it as additional data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainPlace {
    /// The station.
    pub station: StationId,
    /// The stream.
    pub stream: StreamId,
    /// Position in the stream, from 0.
    pub seq: u64,
    /// The record.
    pub record: RecordId,
    /// Head of the chain before the report.
    pub link: [u8; 32],
}

impl ChainPlace {
    /// Returns `station ‖ stream ‖ seq ‖ record ‖ kid ‖ link`, each of fixed length, numbers big-endian.
    fn aad(&self, kid: KeyId) -> [u8; AAD_BYTES] {
        let mut aad = [0; AAD_BYTES];
        aad[..16].copy_from_slice(&self.station.0);
        aad[16..32].copy_from_slice(&self.stream.0);
        aad[32..40].copy_from_slice(&self.seq.to_be_bytes());
        aad[40..56].copy_from_slice(&self.record.0);
        aad[56..64].copy_from_slice(&kid.0);
        aad[64..].copy_from_slice(&self.link);
        aad
    }
}

/// Pads and seals a report to a recipient.
///
/// # Errors
/// [`SealError`].
pub fn seal(
    report: &Report,
    place: &ChainPlace,
    kid: KeyId,
    recipient: &[u8; 32],
    rng: &mut impl CryptoRng,
) -> Result<SealedReport, SealError> {
    let padded = pad(report).map_err(|_| SealError::TooLong)?;
    let recipient = <Suite as Kem>::PublicKey::from_bytes(recipient).map_err(|_| SealError::BadRecipient)?;
    // A key of small order is the only way for this to fail.
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeS::Base,
        &recipient,
        INFO,
        &padded,
        &place.aad(kid),
        rng,
    )
    .map_err(|_| SealError::BadRecipient)?;
    let mut ciphertext = Vec::with_capacity(SEALED_BYTES);
    ciphertext.extend_from_slice(&enc.to_bytes());
    ciphertext.extend_from_slice(&sealed);
    let ChainPlace { stream, seq, record, link, .. } = *place;
    Ok(SealedReport { stream, seq, record, kid, link, ciphertext })
}

/// Opens a sealed report of a station with the recipient's private key.
///
/// # Errors
/// [`OpenError`].
pub fn open(sealed: &SealedReport, station: StationId, private: &[u8; 32]) -> Result<Report, OpenError> {
    if sealed.ciphertext.len() != SEALED_BYTES {
        return Err(OpenError::Seal);
    }
    let (enc, body) = sealed.ciphertext.split_at(ENC_BYTES);
    let private = <Suite as Kem>::PrivateKey::from_bytes(private).map_err(|_| OpenError::Seal)?;
    let enc = <Suite as Kem>::EncappedKey::from_bytes(enc).map_err(|_| OpenError::Seal)?;
    let SealedReport { stream, seq, record, link, .. } = *sealed;
    let place = ChainPlace { station, stream, seq, record, link };
    let padded = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeR::Base,
        &private,
        &enc,
        INFO,
        body,
        &place.aad(sealed.kid),
    )
    .map(Zeroizing::new)
    .map_err(|_| OpenError::Seal)?;
    unpad(&padded).map_err(|_| OpenError::Report)
}

/// Returns the public half of a recipient's private key.
///
/// # Errors
/// [`SealError::BadRecipient`] where the bytes are no X25519 private key.
pub fn recipient_key(private: &[u8; 32]) -> Result<[u8; 32], SealError> {
    let private = <Suite as Kem>::PrivateKey::from_bytes(private).map_err(|_| SealError::BadRecipient)?;
    Ok(<Suite as Kem>::sk_to_pk(&private).to_bytes().into())
}

/// Returns the chain's head after a report: `SHA-256(link ‖ SHA-256(ciphertext))`.
#[must_use]
pub fn chain(link: &[u8; 32], ciphertext: &[u8]) -> [u8; 32] {
    head_after(link, &hash(ciphertext))
}

/// Returns the chain's head after a report whose ciphertext's hash is known.
#[must_use]
pub fn head_after(link: &[u8; 32], hash: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(link).chain_update(hash).finalize().into()
}

/// Returns the SHA-256 of a ciphertext: with station and record id it identifies a record.
#[must_use]
pub fn hash(ciphertext: &[u8]) -> [u8; 32] {
    Sha256::digest(ciphertext).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CODE_BYTES;
    use crate::report::{ClockState, Direction, Outcome, Passage, Shown};
    use crate::testing::reports;
    use proptest::prelude::*;
    use rand_core::SeedableRng;

    const PLACE: ChainPlace = ChainPlace {
        station: StationId([1; 16]),
        stream: StreamId([2; 16]),
        seq: 3,
        record: RecordId([4; 16]),
        link: [5; 32],
    };
    const KID: KeyId = KeyId([6; 8]);
    const PRIVATE: [u8; 32] = [7; 32];

    fn rng(seed: u64) -> rand_chacha::ChaCha20Rng {
        rand_chacha::ChaCha20Rng::seed_from_u64(seed)
    }

    fn passage() -> Report {
        Report::Passage(Passage {
            at: 1_583_000_000,
            clock: ClockState::Trusted,
            checkpoint: [1; 8],
            collector: [2; 8],
            policies: [3; 32],
            trust: 2,
            shown: Shown::Pass,
            code: crate::report::Carried::Whole(vec![9; CODE_BYTES]),
            judged_at: 1_582_999_990,
            direction: Direction::Out,
            outcome: Outcome::LetThrough,
        })
    }

    fn sealed() -> SealedReport {
        seal(&passage(), &PLACE, KID, &recipient_key(&PRIVATE).unwrap(), &mut rng(1)).unwrap()
    }

    #[test]
    fn any_flipped_bit_never_opens() {
        let good = sealed();
        assert_eq!(open(&good, PLACE.station, &PRIVATE), Ok(passage()));
        for bit in 0..good.ciphertext.len() * 8 {
            let mut other = good.clone();
            other.ciphertext[bit / 8] ^= 1 << (bit % 8);
            // X25519 ignores the top bit of a public key (RFC 7748 §5), but HPKE binds `enc` as sent.
            assert_eq!(open(&other, PLACE.station, &PRIVATE), Err(OpenError::Seal), "bit {bit}");
        }
    }

    #[test]
    fn a_report_opens_in_its_own_place_only() {
        let good = sealed();
        let change: [fn(&mut SealedReport); 5] = [
            |sealed| sealed.stream.0[15] ^= 1,
            |sealed| sealed.seq += 1,
            |sealed| sealed.record.0[0] ^= 1,
            |sealed| sealed.kid.0[7] ^= 1,
            |sealed| sealed.link[31] ^= 1,
        ];
        for change in change {
            let mut other = good.clone();
            change(&mut other);
            assert_eq!(open(&other, PLACE.station, &PRIVATE), Err(OpenError::Seal));
        }
        assert_eq!(open(&good, StationId([0; 16]), &PRIVATE), Err(OpenError::Seal));
        assert_eq!(open(&good, PLACE.station, &[8; 32]), Err(OpenError::Seal));
        for length in [0, ENC_BYTES, SEALED_BYTES - 1] {
            let mut other = good.clone();
            other.ciphertext.truncate(length);
            assert_eq!(open(&other, PLACE.station, &PRIVATE), Err(OpenError::Seal));
        }
    }

    #[test]
    fn keys_of_small_order_are_no_recipients() {
        assert_eq!(seal(&passage(), &PLACE, KID, &[0; 32], &mut rng(1)), Err(SealError::BadRecipient));
    }

    #[test]
    fn what_opens_and_holds_no_report_is_told_apart() {
        let recipient = <Suite as Kem>::PublicKey::from_bytes(&recipient_key(&PRIVATE).unwrap()).unwrap();
        let (enc, body) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
            &OpModeS::Base,
            &recipient,
            INFO,
            &[0; crate::limits::REPORT_BYTES],
            &PLACE.aad(KID),
            &mut rng(2),
        )
        .unwrap();
        let mut other = sealed();
        other.ciphertext = [enc.to_bytes().as_slice(), &body].concat();
        assert_eq!(open(&other, PLACE.station, &PRIVATE), Err(OpenError::Report));
    }

    #[test]
    fn the_chain_notices_a_swap_a_gap_and_a_change() {
        let head = |texts: &[&[u8]]| texts.iter().fold([0; 32], |link, text| chain(&link, text));
        let whole = head(&[b"a", b"b", b"c"]);
        assert_ne!(whole, head(&[b"a", b"c", b"b"]));
        assert_ne!(whole, head(&[b"a", b"c"]));
        assert_ne!(whole, head(&[b"a", b"b", b"d"]));
        assert_ne!(chain(&[0; 32], b"a"), chain(&[1; 32], b"a"));
        let expected = Sha256::digest([[0; 32], hash(b"a")].concat());
        assert_eq!(chain(&[0; 32], b"a"), <[u8; 32]>::from(expected));
    }

    proptest! {
        #[test]
        fn every_kind_seals_to_one_size_and_opens(report in reports(), seed in any::<u64>()) {
            let recipient = recipient_key(&PRIVATE).unwrap();
            let sealed = seal(&report, &PLACE, KID, &recipient, &mut rng(seed)).unwrap();
            prop_assert_eq!(sealed.ciphertext.len(), SEALED_BYTES);
            prop_assert_eq!(open(&sealed, PLACE.station, &PRIVATE), Ok(report));
        }
    }
}
