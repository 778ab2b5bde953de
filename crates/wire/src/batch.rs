//! Batches: what a station sends, signed by its own key.

use std::collections::BTreeSet;

use ed25519_dalek::{Signer, SigningKey};
use strict_cose::cbor::{self, map};
use strict_cose::{Fields, KeyId, Limits, PublicKey, Sign1, Value};

use crate::about::About;
use crate::addressed::{aad, peek_ids};
use crate::ids::{BatchId, RecordId, StationId, StreamId};
use crate::limits::{AWAITS, BATCH_BYTES, BATCH_REPORTS, SEALED_BYTES};
use crate::seal::SealedReport;

/// Begins the signature's additional data (RFC 9052 §4.3), before station and batch id.
pub const PURPOSE: &[u8] = b"kadian-batch-v1";

/// Up to [`crate::limits::BATCH_REPORTS`] sealed reports. An empty batch only asks what is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The station that sends it.
    pub station: StationId,
    /// Its id. A retry of the same reports keeps it.
    pub id: BatchId,
    /// The reports, in any order, none twice.
    pub reports: Vec<SealedReport>,
    /// The reports of changes of which the station wants to hear what became, at most
    /// [`crate::limits::AWAITS`], none twice.
    pub awaits: Vec<RecordId>,
    /// What the station says of itself.
    pub about: Option<About>,
}

/// A batch as it travels: COSE_Sign1, the station id's first 8 bytes as kid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBatch {
    /// The encoded message.
    pub bytes: Vec<u8>,
}

/// Why bytes are not an acceptable batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Longer, or with more reports, than a batch may be.
    #[error("larger than a batch may be")]
    TooLarge,
    /// Not the shape of a batch.
    #[error("not a batch: {0}")]
    Malformed(String),
    /// Not signed by this station.
    #[error("not signed by this station")]
    Signature,
}

impl Batch {
    /// Signs the batch.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> SignedBatch {
        let reports = self.reports.iter().map(report_value).collect();
        let mut fields = vec![
            (1, self.station.0.to_vec().into()),
            (2, self.id.0.to_vec().into()),
            (3, Value::Array(reports)),
        ];
        if !self.awaits.is_empty() {
            let awaits = self.awaits.iter().map(|record| record.0.to_vec().into()).collect();
            fields.push((4, Value::Array(awaits)));
        }
        fields.extend(self.about.iter().map(|about| (5, about.to_value())));
        let payload = cbor::encode(&map(fields));
        let sign1 = Sign1::seal(self.station.kid(), payload, &aad(PURPOSE, self.station, self.id), |tbs| {
            key.sign(tbs).to_bytes()
        });
        SignedBatch { bytes: sign1.to_bytes() }
    }
}

impl SealedReport {
    /// Returns how many bytes this report takes in a batch.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        cbor::encode(&report_value(self)).len()
    }
}

impl SignedBatch {
    /// Returns who claims to have sent these bytes. Use it to look up the key, and for nothing else.
    ///
    /// # Errors
    /// [`BatchError`].
    pub fn claimed_station(bytes: &[u8]) -> Result<StationId, BatchError> {
        let sign1 = outer(bytes)?;
        Ok(ids(&sign1)?.0)
    }

    /// Verifies and reads a batch. The reports are not looked at before the signature held.
    ///
    /// # Errors
    /// [`BatchError`].
    pub fn open(bytes: &[u8], key: &PublicKey) -> Result<Batch, BatchError> {
        let sign1 = outer(bytes)?;
        let (station, id) = ids(&sign1)?;
        if sign1.kid() != station.kid() {
            return Err(BatchError::Signature);
        }
        let payload = sign1.verify(key, &aad(PURPOSE, station, id)).map_err(|_| BatchError::Signature)?;
        read_payload(payload)
    }

    /// Reads a batch again whose signature was verified when it arrived.
    ///
    /// # Errors
    /// [`BatchError`].
    pub fn read_again(bytes: &[u8]) -> Result<Batch, BatchError> {
        read_payload(outer(bytes)?.payload_unverified())
    }
}

fn read_payload(payload: &[u8]) -> Result<Batch, BatchError> {
    let value = cbor::decode(payload, Limits { bytes: BATCH_BYTES, depth: DEPTH }).map_err(malformed)?;
    let mut fields = Fields::open(value).map_err(malformed)?;
    let batch = Batch {
        station: StationId(fields.array(1).map_err(malformed)?),
        id: BatchId(fields.array(2).map_err(malformed)?),
        reports: read_reports(fields.value(3).map_err(malformed)?)?,
        awaits: fields.take(4).map(read_awaits).transpose()?.unwrap_or_default(),
        about: fields.take(5).map(About::read).transpose().map_err(malformed)?,
    };
    fields.finish().map_err(malformed)?;
    Ok(batch)
}

/// Map of an array of arrays.
const DEPTH: usize = 3;

fn outer(bytes: &[u8]) -> Result<Sign1, BatchError> {
    if bytes.len() > BATCH_BYTES {
        return Err(BatchError::TooLarge);
    }
    Sign1::parse(bytes, BATCH_BYTES).map_err(malformed)
}

fn ids(sign1: &Sign1) -> Result<(StationId, BatchId), BatchError> {
    peek_ids(sign1.payload_unverified()).ok_or_else(|| malformed("no station and batch id"))
}

fn malformed(what: impl ToString) -> BatchError {
    BatchError::Malformed(what.to_string())
}

pub(crate) fn report_value(report: &SealedReport) -> Value {
    Value::Array(vec![
        report.stream.0.to_vec().into(),
        report.seq.into(),
        report.record.0.to_vec().into(),
        report.kid.0.to_vec().into(),
        report.link.to_vec().into(),
        report.ciphertext.clone().into(),
    ])
}

fn read_reports(value: Value) -> Result<Vec<SealedReport>, BatchError> {
    let Value::Array(items) = value else { return Err(malformed("key 3 has the wrong type")) };
    if items.len() > BATCH_REPORTS {
        return Err(BatchError::TooLarge);
    }
    let mut seen = BTreeSet::new();
    let mut reports = Vec::with_capacity(items.len());
    for item in items {
        let report = read_report(item).ok_or_else(|| malformed("a report of another shape"))?;
        if !seen.insert(report.record) {
            return Err(malformed("a record twice"));
        }
        reports.push(report);
    }
    Ok(reports)
}

/// Reads the records that the station asks about. Where there are none, the key is absent.
fn read_awaits(value: Value) -> Result<Vec<RecordId>, BatchError> {
    let awaits = value.into_array().ok().filter(|items| (1..=AWAITS).contains(&items.len()));
    let read = |items: Vec<Value>| items.into_iter().map(|item| fixed(item).map(RecordId)).collect();
    let awaits: Option<Vec<RecordId>> = awaits.and_then(read);
    let distinct = |awaits: &Vec<RecordId>| awaits.iter().collect::<BTreeSet<_>>().len() == awaits.len();
    awaits.filter(distinct).ok_or_else(|| malformed("key 4 has another shape"))
}

pub(crate) fn read_report(item: Value) -> Option<SealedReport> {
    let Value::Array(parts) = item else { return None };
    let [stream, seq, record, kid, link, ciphertext] = <[Value; 6]>::try_from(parts).ok()?;
    let ciphertext = ciphertext.into_bytes().ok()?;
    // A shorter one (a damaged row) never opens, but must not hold up the rest of the batch.
    if ciphertext.len() > SEALED_BYTES {
        return None;
    }
    Some(SealedReport {
        stream: StreamId(fixed(stream)?),
        seq: u64::try_from(i128::from(seq.into_integer().ok()?)).ok()?,
        record: RecordId(fixed(record)?),
        kid: KeyId(fixed(kid)?),
        link: fixed(link)?,
        ciphertext,
    })
}

fn fixed<const N: usize>(value: Value) -> Option<[u8; N]> {
    value.into_bytes().ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{sealed, signer};
    use proptest::prelude::*;

    fn batch(reports: u64) -> Batch {
        Batch {
            station: StationId([1; 16]),
            id: BatchId([2; 16]),
            reports: (0..reports).map(sealed).collect(),
            awaits: Vec::new(),
            about: None,
        }
    }

    fn signed_payload(payload: &Value) -> Vec<u8> {
        let batch = batch(0);
        let aad = aad(PURPOSE, batch.station, batch.id);
        let sign = |tbs: &[u8]| signer(1).0.sign(tbs).to_bytes();
        Sign1::seal(batch.station.kid(), cbor::encode(payload), &aad, sign).to_bytes()
    }

    #[test]
    fn any_flipped_bit_never_opens() {
        let (key, public) = signer(1);
        let good = batch(1).sign(&key).bytes;
        assert_eq!(SignedBatch::open(&good, &public), Ok(batch(1)));
        assert_eq!(SignedBatch::read_again(&good), Ok(batch(1)));
        assert_eq!(SignedBatch::claimed_station(&good), Ok(StationId([1; 16])));
        for bit in 0..good.len() * 8 {
            let mut other = good.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(SignedBatch::open(&other, &public).is_err(), "bit {bit}");
        }
        assert_eq!(SignedBatch::open(&good, &signer(2).1), Err(BatchError::Signature));
    }

    #[test]
    fn the_largest_batch_fits_and_one_more_does_not() {
        let (key, public) = signer(1);
        let full = Batch {
            reports: (0..BATCH_REPORTS as u64).map(|n| SealedReport { seq: u64::MAX, ..sealed(n) }).collect(),
            awaits: (0..AWAITS as u8).map(|n| RecordId([n; 16])).collect(),
            about: Some(About {
                waiting: u64::MAX,
                version: "v".repeat(crate::limits::VERSION_BYTES),
                list_issued: i64::MAX,
                clock: crate::report::ClockState::Wrong,
            }),
            ..batch(0)
        };
        let bytes = full.sign(&key).bytes;
        assert!(bytes.len() <= BATCH_BYTES, "{}", bytes.len());
        assert_eq!(SignedBatch::open(&bytes, &public), Ok(full.clone()));
        let reports: usize = full.reports.iter().map(SealedReport::encoded_len).sum();
        assert!(bytes.len() <= reports + crate::limits::BATCH_OVERHEAD_BYTES);
        let more = batch(BATCH_REPORTS as u64 + 1).sign(&key).bytes;
        assert_eq!(SignedBatch::open(&more, &public), Err(BatchError::TooLarge));
        assert_eq!(SignedBatch::open(&vec![0; BATCH_BYTES + 1], &public), Err(BatchError::TooLarge));
        assert_eq!(SignedBatch::claimed_station(&vec![0; BATCH_BYTES + 1]), Err(BatchError::TooLarge));
    }

    #[test]
    fn other_shapes_are_refused_although_signed() {
        let public = signer(1).1;
        let with = |reports: Vec<Value>| {
            let head = [(1, vec![1_u8; 16].into()), (2, vec![2_u8; 16].into())];
            signed_payload(&map(head.into_iter().chain([(3, Value::Array(reports))])))
        };
        let good = report_value(&sealed(1));
        assert!(SignedBatch::open(&with(vec![good.clone()]), &public).is_ok());
        let short = SealedReport { ciphertext: vec![0; 3], ..sealed(1) };
        assert!(SignedBatch::open(&with(vec![report_value(&short)]), &public).is_ok());
        let long = SealedReport { ciphertext: vec![0; SEALED_BYTES + 1], ..sealed(1) };
        for bad in [
            with(vec![good.clone(), good.clone()]),
            with(vec![report_value(&long)]),
            with(vec![Value::Array(vec![])]),
            with(vec![1.into()]),
            signed_payload(&map([(1, vec![1_u8; 16].into()), (2, vec![2_u8; 16].into())])),
            signed_payload(&map([(1, vec![1_u8; 15].into()), (2, vec![2_u8; 16].into())])),
            signed_payload(&Value::Array(vec![])),
            vec![],
            b"<html>".to_vec(),
        ] {
            assert!(matches!(SignedBatch::open(&bad, &public), Err(BatchError::Malformed(_))));
        }
    }

    #[test]
    fn a_signature_for_another_purpose_or_batch_does_not_count() {
        let (key, public) = signer(1);
        let batch = batch(0);
        let payload = cbor::encode(&map([
            (1, batch.station.0.to_vec().into()),
            (2, batch.id.0.to_vec().into()),
            (3, Value::Array(vec![])),
        ]));
        for aad in [
            aad(b"kadian-receipt-v1", batch.station, batch.id),
            aad(PURPOSE, batch.station, BatchId([9; 16])),
        ] {
            let sign = |tbs: &[u8]| key.sign(tbs).to_bytes();
            let bytes = Sign1::seal(batch.station.kid(), payload.clone(), &aad, sign).to_bytes();
            assert_eq!(SignedBatch::open(&bytes, &public), Err(BatchError::Signature));
        }
    }

    proptest! {
        #[test]
        fn what_is_signed_opens_to_the_same(
            reports in 0_u64..40,
            station in any::<[u8; 16]>(),
            id in any::<[u8; 16]>(),
            awaits in proptest::collection::btree_set(any::<[u8; 16]>(), 0..=AWAITS),
        ) {
            let (key, public) = signer(1);
            let awaits = awaits.into_iter().map(RecordId).collect();
            let batch = Batch { station: StationId(station), id: BatchId(id), awaits, ..batch(reports) };
            prop_assert_eq!(SignedBatch::open(&batch.sign(&key).bytes, &public), Ok(batch));
        }

        #[test]
        fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            prop_assert!(SignedBatch::open(&bytes, &signer(1).1).is_err());
            prop_assert!(SignedBatch::claimed_station(&bytes).is_err());
        }
    }
}
