//! What an office says that it erased of one person, signed by its receipt key. It names nobody.

use ed25519_dalek::{Signer, SigningKey};
use strict_cose::cbor::{self, map};
use strict_cose::{Fields, KeyId, Limits, PublicKey, Sign1, Value};

use crate::limits::{COPIES_NAMED, COPY_NAME_BYTES, ERASURE_BYTES};

/// Additional data of the signature (RFC 9052 §4.3): its purpose.
pub const PURPOSE: &[u8] = b"kadian-erasure-v1";

/// A copy that still holds what was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCopy {
    /// The file's name, or the folder's.
    pub name: String,
    /// When it was made, in seconds since 1970.
    pub made: i64,
    /// Until when it is kept; `None` where nothing ends it by itself.
    pub until: Option<i64>,
}

/// How much was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ErasedCounts {
    /// Passages that say no more than that somebody passed.
    pub passages: u64,
    /// Reports in quarantine whose ciphertext is gone.
    pub held: u64,
    /// Entries of the audit log whose words are gone.
    pub entries: u64,
    /// Reports in quarantine that no key of the office opens, and that may be anybody's.
    pub shut: u64,
    /// Reports that had arrived and were not opened when the erasure ended.
    pub waiting: u64,
}

/// The receipt for an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureReceipt {
    /// Names the erasure in the audit log.
    pub id: [u8; 16],
    /// When it began, in seconds since 1970.
    pub begun: i64,
    /// When it ended.
    pub ended: i64,
    /// Who began it, by their id in the audit log; `None` at the office's own machine.
    pub by: Option<[u8; 8]>,
    /// Where: digits of GB/T 2260; empty for the whole office.
    pub region: String,
    /// How much.
    pub counts: ErasedCounts,
    /// Whether the database has overwritten what it freed. Where not, its operator has to.
    pub overwritten: bool,
    /// Until when sealed batches that were opened may still lie in the database.
    pub mail_until: i64,
    /// Copies that hold it, those that are kept longest first.
    pub copies: Vec<HeldCopy>,
    /// How many more copies there are, none of which is kept longer.
    pub more: u64,
}

/// Why bytes are no receipt for an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ErasureError {
    /// Not the shape of one.
    #[error("not a receipt for an erasure")]
    Malformed,
    /// Not signed by a receipt key of the root.
    #[error("not signed by a known receipt key")]
    Signature,
}

impl ErasureReceipt {
    /// Signs the receipt; the COSE_Sign1 message.
    #[must_use]
    pub fn sign(&self, kid: KeyId, key: &SigningKey) -> Vec<u8> {
        let ErasedCounts { passages, held, entries, shut, waiting } = self.counts;
        let copies = self.copies.iter().map(|copy| {
            let parts = [Value::from(copy.name.as_str()), copy.made.into()].into_iter();
            Value::Array(parts.chain(copy.until.map(Value::from)).collect())
        });
        let mut fields: Vec<(i64, Value)> = vec![
            (1, self.id.to_vec().into()),
            (2, self.begun.into()),
            (3, self.ended.into()),
            (5, self.region.as_str().into()),
            (6, passages.into()),
            (7, held.into()),
            (8, entries.into()),
            (9, shut.into()),
            (10, waiting.into()),
            (11, self.overwritten.into()),
            (12, self.mail_until.into()),
            (13, Value::Array(copies.collect())),
            (14, self.more.into()),
        ];
        fields.extend(self.by.map(|id| (4, Value::from(id.to_vec()))));
        let payload = cbor::encode(&map(fields));
        Sign1::seal(kid, payload, PURPOSE, |tbs| key.sign(tbs).to_bytes()).to_bytes()
    }

    /// Verifies and reads a receipt.
    ///
    /// # Errors
    /// [`ErasureError`].
    pub fn open<'k>(
        bytes: &[u8],
        keys: impl IntoIterator<Item = (KeyId, &'k PublicKey)>,
    ) -> Result<Self, ErasureError> {
        let sign1 = Sign1::parse(bytes, ERASURE_BYTES).map_err(|_| ErasureError::Malformed)?;
        let keys = keys.into_iter().filter(|(kid, _)| *kid == sign1.kid());
        let payload = keys.into_iter().find_map(|(_, key)| sign1.verify(key, PURPOSE).ok());
        read(payload.ok_or(ErasureError::Signature)?).ok_or(ErasureError::Malformed)
    }
}

/// Map of an array of arrays.
const DEPTH: usize = 3;
/// Digits of a region.
const REGION_DIGITS: usize = 12;

fn read(payload: &[u8]) -> Option<ErasureReceipt> {
    let value = cbor::decode(payload, Limits { bytes: ERASURE_BYTES, depth: DEPTH }).ok()?;
    let mut fields = Fields::open(value).ok()?;
    let id = fields.array(1).ok()?;
    let (begun, ended) = (fields.int(2).ok()?, fields.int(3).ok()?);
    let by = fields.optional_bytes(4, 8).ok()?;
    let by = by.map(|id| id.try_into().map_err(|_| ())).transpose().ok()?;
    let region = fields.text(5, REGION_DIGITS).ok()?;
    if !region.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut count = |key| fields.int(key).ok();
    let counts = ErasedCounts {
        passages: count(6)?,
        held: count(7)?,
        entries: count(8)?,
        shut: count(9)?,
        waiting: count(10)?,
    };
    let overwritten = fields.bool(11).ok()?;
    let mail_until = fields.int(12).ok()?;
    let copies = fields.list(13, COPIES_NAMED).ok()?.into_iter().map(read_copy).collect::<Option<_>>()?;
    let more = fields.int(14).ok()?;
    fields.finish().ok()?;
    Some(ErasureReceipt { id, begun, ended, by, region, counts, overwritten, mail_until, copies, more })
}

fn read_copy(value: Value) -> Option<HeldCopy> {
    let Value::Array(parts) = value else { return None };
    let number = |value: &Value| i64::try_from(i128::from(value.as_integer()?)).ok();
    let (name, rest) = parts.split_first()?;
    let name = name.as_text().filter(|name| name.len() <= COPY_NAME_BYTES)?.to_owned();
    match rest {
        [made] => Some(HeldCopy { name, made: number(made)?, until: None }),
        [made, until] => Some(HeldCopy { name, made: number(made)?, until: Some(number(until)?) }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::signer;

    #[test]
    fn a_receipt_is_read_as_it_was_signed_and_by_no_other_key() {
        let ((key, public), kid) = (signer(1), KeyId([5; 8]));
        let copy = HeldCopy { name: "a.age".into(), made: 1, until: Some(9) };
        let receipt = ErasureReceipt {
            id: [1; 16],
            begun: 2,
            ended: 3,
            by: Some([4; 8]),
            region: "4201".into(),
            counts: ErasedCounts { passages: 5, held: 6, entries: 7, shut: 8, waiting: 9 },
            overwritten: true,
            mail_until: 10,
            copies: vec![copy.clone(), HeldCopy { until: None, ..copy }],
            more: 11,
        };
        for receipt in [ErasureReceipt { by: None, copies: vec![], ..receipt.clone() }, receipt] {
            let signed = receipt.sign(kid, &key);
            assert_eq!(ErasureReceipt::open(&signed, [(kid, &public)]), Ok(receipt));
            let (_, other) = signer(2);
            let refused = Err(ErasureError::Signature);
            assert_eq!(ErasureReceipt::open(&signed, [(kid, &other)]), refused);
            assert_eq!(ErasureReceipt::open(&signed, [(KeyId([6; 8]), &public)]), refused);
            assert_eq!(ErasureReceipt::open(&signed[1..], [(kid, &public)]), Err(ErasureError::Malformed));
        }
    }
}
