//! Receipts: what the back office has committed, signed by its receipt key.

use ed25519_dalek::{Signer, SigningKey};
use strict_cose::cbor::{self, map};
use strict_cose::{Fields, KeyId, Limits, PublicKey, Sign1, Value};

use crate::addressed::{aad, peek_ids};
use crate::audit_head::AuditHead;
use crate::ids::{BatchId, Generation, RecordId, StationId, StreamId};
use crate::limits::{BATCH_REPORTS, CONTACT_BYTES, PAUSE_SECONDS, POLL_SECONDS, RECEIPT_BYTES};
use crate::notice::{self, Notice};

/// Begins the signature's additional data (RFC 9052 §4.3), before station and batch id.
pub const PURPOSE: &[u8] = b"kadian-receipt-v1";

/// What happened to a record. The receipt holds the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr)]
#[repr(u8)]
pub enum RecordStatus {
    /// Committed now.
    Stored = 0,
    /// Committed before, byte for byte the same.
    AlreadyStored = 1,
    /// Another ciphertext is known by this record id. The office keeps both.
    Conflict = 2,
}

/// One record's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The record.
    pub record: RecordId,
    /// SHA-256 of the ciphertext that was committed.
    pub hash: [u8; 32],
    /// What happened to it.
    pub status: RecordStatus,
}

/// A trust file that the back office has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Its version.
    pub version: u64,
    /// SHA-256 of the file.
    pub hash: [u8; 32],
}

/// How often a station sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Seconds between two batches while reports come in, 0 to 300.
    pub pause: u16,
    /// Seconds after which a station with nothing to send asks what is new, 10 to 3600.
    pub poll: u16,
}

/// The signed word that puts a station out of service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// When it was withdrawn, in seconds since 1970.
    pub since: i64,
    /// Whom people at the station ask.
    pub contact: String,
}

/// The answer to a batch, given after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The station that sent the batch.
    pub station: StationId,
    /// The batch that this answers.
    pub batch: BatchId,
    /// The back office's time, seconds since 1970.
    pub time: i64,
    /// A line for each record of the batch, in its order.
    pub lines: Vec<ReceiptLine>,
    /// `root.cose` in force.
    pub root: Offer,
    /// `trust.cose` in force.
    pub list: Offer,
    /// The station's `community.cose` in force.
    pub community: Offer,
    /// Which community that is: 12 digits of GB/T 2260.
    pub region: String,
    /// How often the station sends from now on.
    pub pace: Pace,
    /// Present where the station is out of service.
    pub withdrawn: Option<Withdrawn>,
    /// What became of the changes that the batch asked about, at most 32.
    pub notices: Vec<Notice>,
    /// The head of the office's audit log.
    pub audit: AuditHead,
    /// The last report of a stream that the office's backup holds.
    pub backed_up: Option<(StreamId, u64)>,
    /// The state of the office's database. Another one than before says that it was restored.
    pub generation: Generation,
}

/// Why bytes are not an acceptable receipt. The batch is sent again later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Longer than a receipt may be.
    #[error("larger than a receipt may be")]
    TooLarge,
    /// Not the shape of a receipt.
    #[error("not a receipt: {0}")]
    Malformed(String),
    /// Not signed by a receipt key of the root.
    #[error("not signed by a known receipt key")]
    Signature,
    /// For another station or batch.
    #[error("a receipt for something else")]
    OtherBatch,
}

impl Receipt {
    /// Signs the receipt; the COSE_Sign1 message.
    #[must_use]
    pub fn sign(&self, kid: KeyId, key: &SigningKey) -> Vec<u8> {
        let lines = self.lines.iter().map(line_value).collect();
        let mut fields = vec![
            (1, self.station.0.to_vec().into()),
            (2, self.batch.0.to_vec().into()),
            (3, self.time.into()),
            (4, Value::Array(lines)),
            (5, offer_value(&self.root)),
            (6, offer_value(&self.list)),
            (7, offer_value(&self.community)),
            (8, map([(1, self.pace.pause.into()), (2, self.pace.poll.into())])),
            (11, Value::Array(vec![self.audit.count.into(), self.audit.hash.to_vec().into()])),
            (13, self.generation.0.to_vec().into()),
            (14, self.region.as_str().into()),
        ];
        if let Some(Withdrawn { since, contact }) = &self.withdrawn {
            fields.push((9, map([(1, (*since).into()), (2, contact.as_str().into())])));
        }
        if !self.notices.is_empty() {
            fields.push((10, notice::to_value(&self.notices)));
        }
        if let Some((stream, seq)) = self.backed_up {
            fields.push((12, Value::Array(vec![stream.0.to_vec().into(), seq.into()])));
        }
        let payload = cbor::encode(&map(fields));
        Sign1::seal(kid, payload, &aad(PURPOSE, self.station, self.batch), |tbs| key.sign(tbs).to_bytes())
            .to_bytes()
    }

    /// Verifies and reads the receipt for one batch of one station.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn open<'k>(
        bytes: &[u8],
        keys: impl IntoIterator<Item = (KeyId, &'k PublicKey)>,
        station: StationId,
        batch: BatchId,
    ) -> Result<Self, ReceiptError> {
        let sign1 = parse(bytes)?;
        let (payload, to) = verify(&sign1, keys)?;
        if to != (station, batch) {
            return Err(ReceiptError::OtherBatch);
        }
        read(payload, station, batch)
    }

    /// Verifies and reads a receipt for any batch of one station, together with the kid of its key. By
    /// such a receipt a station shows that an office knew it ([`crate::again`]).
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn open_any<'k>(
        bytes: &[u8],
        keys: impl IntoIterator<Item = (KeyId, &'k PublicKey)>,
        station: StationId,
    ) -> Result<(Self, KeyId), ReceiptError> {
        let sign1 = parse(bytes)?;
        let (payload, to) = verify(&sign1, keys)?;
        if to.0 != station {
            return Err(ReceiptError::OtherBatch);
        }
        Ok((read(payload, station, to.1)?, sign1.kid()))
    }
}

fn parse(bytes: &[u8]) -> Result<Sign1, ReceiptError> {
    if bytes.len() > RECEIPT_BYTES {
        return Err(ReceiptError::TooLarge);
    }
    Sign1::parse(bytes, RECEIPT_BYTES).map_err(malformed)
}

/// Returns the payload that one of the keys signed, and the ids at its beginning.
fn verify<'s, 'k>(
    sign1: &'s Sign1,
    keys: impl IntoIterator<Item = (KeyId, &'k PublicKey)>,
) -> Result<(&'s [u8], (StationId, BatchId)), ReceiptError> {
    let to = peek_ids(sign1.payload_unverified()).ok_or_else(|| malformed("no station and batch id"))?;
    let purpose = aad(PURPOSE, to.0, to.1);
    keys.into_iter()
        .filter(|(kid, _)| *kid == sign1.kid())
        .find_map(|(_, key)| sign1.verify(key, &purpose).ok())
        .map(|payload| (payload, to))
        .ok_or(ReceiptError::Signature)
}

/// Map of an array of arrays.
const DEPTH: usize = 3;
/// Digits of a community.
const REGION_DIGITS: usize = 12;

fn read(payload: &[u8], station: StationId, batch: BatchId) -> Result<Receipt, ReceiptError> {
    let value = cbor::decode(payload, Limits { bytes: RECEIPT_BYTES, depth: DEPTH }).map_err(malformed)?;
    let mut fields = Fields::open(value).map_err(malformed)?;
    // Read before, at their fixed places; taken here so that nothing is left over.
    let _: [u8; 16] = fields.array(1).map_err(malformed)?;
    let _: [u8; 16] = fields.array(2).map_err(malformed)?;
    let time = fields.int(3).map_err(malformed)?;
    let lines = fields
        .list(4, BATCH_REPORTS)
        .map_err(malformed)?
        .into_iter()
        .map(|line| read_line(line).ok_or_else(|| malformed("a line of another shape")))
        .collect::<Result<_, _>>()?;
    let mut offer = |key| -> Result<Offer, ReceiptError> {
        let value = fields.value(key).map_err(malformed)?;
        read_offer(value).ok_or_else(|| malformed("an offer of another shape"))
    };
    let (root, list, community) = (offer(5)?, offer(6)?, offer(7)?);
    let receipt = Receipt {
        station,
        batch,
        time,
        lines,
        root,
        list,
        community,
        region: read_region(&mut fields)?,
        pace: read_pace(&mut fields)?,
        withdrawn: fields.take(9).map(read_withdrawn).transpose()?,
        notices: fields.take(10).map(read_notices).transpose()?.unwrap_or_default(),
        audit: read_audit(&mut fields)?,
        backed_up: fields.take(12).map(read_backed_up).transpose()?,
        generation: Generation(fields.array(13).map_err(malformed)?),
    };
    fields.finish().map_err(malformed)?;
    Ok(receipt)
}

fn line_value(line: &ReceiptLine) -> Value {
    Value::Array(vec![line.record.0.to_vec().into(), line.hash.to_vec().into(), (line.status as u8).into()])
}

fn read_line(line: Value) -> Option<ReceiptLine> {
    let [record, hash, status] = <[Value; 3]>::try_from(line.into_array().ok()?).ok()?;
    Some(ReceiptLine {
        record: RecordId(record.into_bytes().ok()?.try_into().ok()?),
        hash: hash.into_bytes().ok()?.try_into().ok()?,
        status: RecordStatus::from_repr(status.into_integer().ok()?.try_into().ok()?)?,
    })
}

fn offer_value(offer: &Offer) -> Value {
    Value::Array(vec![offer.version.into(), offer.hash.to_vec().into()])
}

fn read_offer(offer: Value) -> Option<Offer> {
    let [version, hash] = <[Value; 2]>::try_from(offer.into_array().ok()?).ok()?;
    Some(Offer {
        version: u64::try_from(i128::from(version.into_integer().ok()?)).ok()?,
        hash: hash.into_bytes().ok()?.try_into().ok()?,
    })
}

fn read_region(fields: &mut Fields) -> Result<String, ReceiptError> {
    let region = fields.text(14, REGION_DIGITS).map_err(malformed)?;
    let whole = region.len() == REGION_DIGITS && region.bytes().all(|digit| digit.is_ascii_digit());
    if whole { Ok(region) } else { Err(malformed("a community has 12 digits")) }
}

fn read_pace(fields: &mut Fields) -> Result<Pace, ReceiptError> {
    let mut fields = fields.fields(8).map_err(malformed)?;
    let pace = Pace { pause: fields.int(1).map_err(malformed)?, poll: fields.int(2).map_err(malformed)? };
    fields.finish().map_err(malformed)?;
    let (shortest, longest) = POLL_SECONDS;
    let bearable = pace.pause <= PAUSE_SECONDS && (shortest..=longest).contains(&pace.poll);
    if bearable { Ok(pace) } else { Err(malformed("a pace out of range")) }
}

fn read_withdrawn(value: Value) -> Result<Withdrawn, ReceiptError> {
    let mut fields = Fields::open(value).map_err(malformed)?;
    let since = fields.int(1).map_err(malformed)?;
    let contact = fields.text(2, CONTACT_BYTES).map_err(malformed)?;
    fields.finish().map_err(malformed)?;
    Ok(Withdrawn { since, contact })
}

fn read_notices(value: Value) -> Result<Vec<Notice>, ReceiptError> {
    notice::read(value).ok_or_else(|| malformed("notices of another shape"))
}

fn read_audit(fields: &mut Fields) -> Result<AuditHead, ReceiptError> {
    // Of the same shape as an offer: a number and a hash.
    let head = read_offer(fields.value(11).map_err(malformed)?);
    let Offer { version: count, hash } = head.ok_or_else(|| malformed("an audit head of another shape"))?;
    Ok(AuditHead { count, hash })
}

fn read_backed_up(value: Value) -> Result<(StreamId, u64), ReceiptError> {
    let read = || {
        let [stream, seq] = <[Value; 2]>::try_from(value.into_array().ok()?).ok()?;
        let seq = u64::try_from(i128::from(seq.into_integer().ok()?)).ok()?;
        Some((StreamId(stream.into_bytes().ok()?.try_into().ok()?), seq))
    };
    read().ok_or_else(|| malformed("a backup of another shape"))
}

fn malformed(what: impl ToString) -> ReceiptError {
    ReceiptError::Malformed(what.to_string())
}

#[cfg(test)]
mod tests;
