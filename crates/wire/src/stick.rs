//! What a stick carries where no network is: signed batches to the office, receipts back, and a
//! community file that only the stations it is for can open.

mod answer;
mod refusal;
mod unsigned;

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305 as Cipher, Nonce};
use ed25519_dalek::SigningKey;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256 as Suite;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use strict_cose::cbor::{self, map};
use strict_cose::{FieldError, Fields, Limits, Value};
use zeroize::Zeroizing;

use crate::batch::SignedBatch;
use crate::ids::StationId;
use crate::limits::{BATCH_BYTES, EXPORT_BATCHES, EXPORT_BYTES, RECEIPT_BYTES, RECEIPTS_BYTES};
use crate::limits::{SEALED_COMMUNITY_BYTES, SEALED_KEY_BYTES, SEALED_STATIONS, TRUST_FILE_BYTES};

pub use answer::{INFO as ANSWER_INFO, SealedAnswer, request_id};
pub use refusal::Refusal;
pub use unsigned::Unsigned;

/// Name of the file with a station's batches.
pub const REPORTS: &str = "reports.cbor";
/// Name of the file with the receipts for them.
pub const RECEIPTS: &str = "receipts.cbor";
/// Name of the file with sealed reports that nobody signs any more.
pub const UNSIGNED: &str = "unsigned.cbor";
/// Name of the file with a laptop's request to be enrolled.
pub const REQUEST: &str = "request.cbor";
/// Name of the file with the office's answer to it.
pub const ANSWER: &str = "answer.cbor";
/// Name of the file that says why the office did not take a laptop in.
pub const REFUSAL: &str = "refusal.cbor";
/// Name of the sealed community file.
pub const COMMUNITY: &str = "community.sealed";
/// HPKE's `info` for content keys, and the additional data of what they encrypt.
pub const INFO: &[u8] = b"kadian-stick-v1";

/// What a station wrote for the office: the batches that it would have sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The station.
    pub station: StationId,
    /// The batches, at least one, in the order in which they are to be committed.
    pub batches: Vec<SignedBatch>,
}

/// What the office wrote for a station: the receipts for an [`Export`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipts {
    /// The receipts as they would have travelled, at least one.
    pub receipts: Vec<Vec<u8>>,
}

/// A community file that only the stations it names can open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedCommunity {
    /// `community.cose` under a content key.
    ciphertext: Vec<u8>,
    /// The content key, sealed to each station.
    keys: BTreeMap<StationId, [u8; SEALED_KEY_BYTES]>,
}

/// Why bytes from a stick are not taken. Retrying never helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StickError {
    /// Longer than such a file may be.
    #[error("larger than this file may be")]
    TooLarge,
    /// Not the shape of this file.
    #[error("not the shape of this file")]
    Malformed,
    /// Not sealed to this station, or altered.
    #[error("does not open for this station")]
    Seal,
}

impl From<FieldError> for StickError {
    fn from(_: FieldError) -> Self {
        Self::Malformed
    }
}

impl Export {
    /// Encodes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let batches = self.batches.iter().map(|batch| batch.bytes.clone().into()).collect();
        cbor::encode(&map([(1, self.station.0.to_vec().into()), (2, Value::Array(batches))]))
    }

    /// Reads the file. The batches in it prove themselves, one by one, as over the network.
    ///
    /// # Errors
    /// [`StickError::TooLarge`], [`StickError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StickError> {
        let mut fields = open(bytes, EXPORT_BYTES, 2)?;
        let station = StationId(fields.array(1)?);
        let batches = byte_strings(&mut fields, 2, EXPORT_BATCHES, BATCH_BYTES)?;
        fields.finish()?;
        Ok(Self { station, batches: batches.into_iter().map(|bytes| SignedBatch { bytes }).collect() })
    }
}

impl Receipts {
    /// Encodes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let receipts = self.receipts.iter().map(|receipt| receipt.clone().into()).collect();
        cbor::encode(&map([(1, Value::Array(receipts))]))
    }

    /// Reads the file. The receipts in it prove themselves, one by one, as over the network.
    ///
    /// # Errors
    /// [`StickError::TooLarge`], [`StickError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StickError> {
        let mut fields = open(bytes, RECEIPTS_BYTES, 2)?;
        let receipts = byte_strings(&mut fields, 1, EXPORT_BATCHES, RECEIPT_BYTES)?;
        fields.finish()?;
        Ok(Self { receipts })
    }
}

impl SealedCommunity {
    /// Seals a community file to stations, each by its X25519 public key. A station whose key is of
    /// small order is left out: nothing could be sealed to it.
    #[must_use]
    pub fn seal(
        community: &[u8],
        stations: &BTreeMap<StationId, [u8; 32]>,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let mut content_key = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *content_key);
        let keys = stations
            .iter()
            .filter_map(|(station, key)| Some((*station, seal_key(&content_key, *station, key, INFO, rng)?)))
            .collect();
        let payload = Payload { msg: community, aad: INFO };
        // Only a text of 256 GiB is too long for ChaCha20 (RFC 8439 §2.8).
        let ciphertext = cipher(&content_key).encrypt(&Nonce::default(), payload).unwrap_or_default();
        Self { ciphertext, keys }
    }

    /// Opens the community file for a station with its X25519 private key. The file proves itself
    /// afterwards, as any trust file does.
    ///
    /// # Errors
    /// [`StickError::Seal`].
    pub fn open(&self, station: StationId, private: &[u8; 32]) -> Result<Vec<u8>, StickError> {
        let sealed = self.keys.get(&station).ok_or(StickError::Seal)?;
        let content_key = open_key(sealed, station, INFO, private).ok_or(StickError::Seal)?;
        let payload = Payload { msg: &self.ciphertext, aad: INFO };
        cipher(&content_key).decrypt(&Nonce::default(), payload).map_err(|_| StickError::Seal)
    }

    /// Encodes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let keys = self
            .keys
            .iter()
            .map(|(station, sealed)| Value::Array(vec![station.0.to_vec().into(), sealed.to_vec().into()]));
        cbor::encode(&map([(1, self.ciphertext.clone().into()), (2, Value::Array(keys.collect()))]))
    }

    /// Reads the file. Stations ascend.
    ///
    /// # Errors
    /// [`StickError::TooLarge`], [`StickError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StickError> {
        let mut fields = open(bytes, SEALED_COMMUNITY_BYTES, 3)?;
        let ciphertext = fields.bytes(1, TRUST_FILE_BYTES + 16)?;
        let entries = fields.list(2, SEALED_STATIONS)?;
        fields.finish()?;
        let entries: Vec<_> =
            entries.into_iter().map(read_entry).collect::<Option<_>>().ok_or(StickError::Malformed)?;
        if entries.is_empty() || !entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Err(StickError::Malformed);
        }
        Ok(Self { ciphertext, keys: entries.into_iter().collect() })
    }
}

/// Returns the X25519 private key of the station that has this signing key: the SHA-256 of
/// `kadian-stick-v1` and the key's seed. So a station keeps one secret only.
#[must_use]
pub fn private_key(signing: &SigningKey) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(Sha256::new().chain_update(INFO).chain_update(signing.as_bytes()).finalize().into())
}

/// Returns the public half of [`private_key`], which the enrolment tells the office.
#[must_use]
pub fn public_key(signing: &SigningKey) -> [u8; 32] {
    // Any 32 bytes are an X25519 private key (RFC 7748 §5).
    crate::seal::recipient_key(&private_key(signing)).unwrap_or_default()
}

fn cipher(content_key: &[u8; 32]) -> Cipher {
    Cipher::new(&(*content_key).into())
}

fn seal_key(
    content_key: &[u8; 32],
    station: StationId,
    public: &[u8; 32],
    info: &[u8],
    rng: &mut impl CryptoRng,
) -> Option<[u8; SEALED_KEY_BYTES]> {
    let public = <Suite as Kem>::PublicKey::from_bytes(public).ok()?;
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeS::Base,
        &public,
        info,
        content_key,
        &station.0,
        rng,
    )
    .ok()?;
    [enc.to_bytes().as_slice(), &sealed].concat().try_into().ok()
}

fn open_key(
    sealed: &[u8; SEALED_KEY_BYTES],
    station: StationId,
    info: &[u8],
    private: &[u8; 32],
) -> Option<Zeroizing<[u8; 32]>> {
    let (enc, body) = sealed.split_at(32);
    let private = <Suite as Kem>::PrivateKey::from_bytes(private).ok()?;
    let enc = <Suite as Kem>::EncappedKey::from_bytes(enc).ok()?;
    let key = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeR::Base,
        &private,
        &enc,
        info,
        body,
        &station.0,
    )
    .map(Zeroizing::new)
    .ok()?;
    Some(Zeroizing::new(key.as_slice().try_into().ok()?))
}

fn open(bytes: &[u8], limit: usize, depth: usize) -> Result<Fields, StickError> {
    if bytes.len() > limit {
        return Err(StickError::TooLarge);
    }
    let value = cbor::decode(bytes, Limits { bytes: limit, depth }).map_err(|_| StickError::Malformed)?;
    Ok(Fields::open(value)?)
}

/// Reads an array of byte strings that is not empty.
fn byte_strings(
    fields: &mut Fields,
    key: i64,
    most: usize,
    longest: usize,
) -> Result<Vec<Vec<u8>>, StickError> {
    let items: Vec<Vec<u8>> = fields
        .list(key, most)?
        .into_iter()
        .map(|item| item.into_bytes().ok().filter(|bytes| bytes.len() <= longest))
        .collect::<Option<_>>()
        .ok_or(StickError::Malformed)?;
    if items.is_empty() { Err(StickError::Malformed) } else { Ok(items) }
}

fn read_entry(entry: Value) -> Option<(StationId, [u8; SEALED_KEY_BYTES])> {
    let [station, sealed] = <[Value; 2]>::try_from(entry.into_array().ok()?).ok()?;
    Some((StationId(station.into_bytes().ok()?.try_into().ok()?), sealed.into_bytes().ok()?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
