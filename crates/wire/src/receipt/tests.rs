//! Receipts go both ways, count for their batch only, and have limits.

use super::*;
use crate::limits::{NOTICE_CODE_BYTES, NOTICES};
use crate::notice::NoticeCode;
use crate::testing::signer;
use proptest::prelude::*;

const KID: KeyId = KeyId([8; 8]);
const STATION: StationId = StationId([1; 16]);
const BATCH: BatchId = BatchId([2; 16]);

fn receipt(lines: Vec<ReceiptLine>) -> Receipt {
    let offer = |n| Offer { version: n, hash: [n as u8; 32] };
    Receipt {
        station: STATION,
        batch: BATCH,
        time: 1_583_000_000,
        lines,
        root: offer(1),
        list: offer(2),
        community: offer(3),
        region: "420106001001".to_owned(),
        pace: Pace { pause: 2, poll: 60 },
        withdrawn: None,
        notices: Vec::new(),
        audit: AuditHead::EMPTY,
        backed_up: None,
        generation: Generation([6; 16]),
    }
}

fn line(n: u64, status: RecordStatus) -> ReceiptLine {
    let mut record = [0; 16];
    record[..8].copy_from_slice(&n.to_be_bytes());
    ReceiptLine { record: RecordId(record), hash: [n as u8; 32], status }
}

#[test]
fn any_flipped_bit_never_opens() {
    let (key, public) = signer(1);
    let receipt = receipt(vec![line(1, RecordStatus::Stored), line(2, RecordStatus::Conflict)]);
    let good = receipt.sign(KID, &key);
    assert_eq!(Receipt::open(&good, [(KID, &public)], STATION, BATCH), Ok(receipt));
    for bit in 0..good.len() * 8 {
        let mut other = good.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(Receipt::open(&other, [(KID, &public)], STATION, BATCH).is_err(), "bit {bit}");
    }
}

#[test]
fn only_a_known_key_and_the_very_batch_count() {
    let (key, public) = signer(1);
    let (_, other) = signer(2);
    let good = receipt(Vec::new()).sign(KID, &key);
    let open = |keys: &[(KeyId, &PublicKey)], station, batch| {
        Receipt::open(&good, keys.iter().copied(), station, batch)
    };
    assert!(open(&[(KID, &other), (KID, &public)], STATION, BATCH).is_ok());
    assert_eq!(open(&[], STATION, BATCH), Err(ReceiptError::Signature));
    assert_eq!(open(&[(KID, &other)], STATION, BATCH), Err(ReceiptError::Signature));
    assert_eq!(open(&[(KeyId([9; 8]), &public)], STATION, BATCH), Err(ReceiptError::Signature));
    assert_eq!(open(&[(KID, &public)], StationId([9; 16]), BATCH), Err(ReceiptError::OtherBatch));
    assert_eq!(open(&[(KID, &public)], STATION, BatchId([9; 16])), Err(ReceiptError::OtherBatch));
    let any = |key, station| Receipt::open_any(&good, [(KID, key)], station);
    assert_eq!(any(&public, STATION), Ok((receipt(Vec::new()), KID)));
    assert_eq!(any(&other, STATION), Err(ReceiptError::Signature));
    assert_eq!(any(&public, StationId([9; 16])), Err(ReceiptError::OtherBatch));
}

#[test]
fn limits_hold_from_both_sides() {
    let (key, public) = signer(1);
    let with = |lines: u64| {
        let lines = (0..lines).map(|n| line(n, RecordStatus::AlreadyStored)).collect();
        Receipt::open(&receipt(lines).sign(KID, &key), [(KID, &public)], STATION, BATCH)
    };
    assert_eq!(with(BATCH_REPORTS as u64).unwrap().lines.len(), BATCH_REPORTS);
    assert!(matches!(with(BATCH_REPORTS as u64 + 1), Err(ReceiptError::Malformed(_))));
    let long = vec![0xd2; RECEIPT_BYTES + 1];
    assert_eq!(Receipt::open(&long, [(KID, &public)], STATION, BATCH), Err(ReceiptError::TooLarge));
    for rubbish in [&b"<html>login</html>"[..], b"", &long[..RECEIPT_BYTES]] {
        let opened = Receipt::open(rubbish, [(KID, &public)], STATION, BATCH);
        assert!(matches!(opened, Err(ReceiptError::Malformed(_))));
    }
}

fn opened(change: impl FnOnce(&mut Receipt)) -> Result<(), ReceiptError> {
    let (key, public) = signer(1);
    let mut receipt = receipt(Vec::new());
    change(&mut receipt);
    let opened = Receipt::open(&receipt.sign(KID, &key), [(KID, &public)], STATION, BATCH)?;
    assert_eq!(opened, receipt);
    Ok(())
}

#[test]
fn what_a_receipt_may_say_has_limits_from_both_sides() {
    let notice = |code: &str| Notice { record: RecordId([7; 16]), code: NoticeCode::of(code) };
    let pace = |pause, poll| opened(|receipt| receipt.pace = Pace { pause, poll });
    let notices = |notices| opened(|receipt| receipt.notices = notices);
    let contact = |bytes| {
        let contact = "c".repeat(bytes);
        opened(|receipt| receipt.withdrawn = Some(Withdrawn { since: -1, contact }))
    };
    for good in [
        pace(0, 10),
        pace(300, 3600),
        contact(0),
        contact(CONTACT_BYTES),
        notices(vec![notice(&"n".repeat(NOTICE_CODE_BYTES)); NOTICES]),
        opened(|receipt| receipt.backed_up = Some((StreamId([9; 16]), u64::MAX))),
        opened(|receipt| receipt.audit = AuditHead { count: u64::MAX, hash: [9; 32] }),
    ] {
        assert_eq!(good, Ok(()));
    }
    for bad in [
        pace(301, 60),
        pace(2, 9),
        pace(2, 3601),
        contact(CONTACT_BYTES + 1),
        notices(vec![notice("late"); NOTICES + 1]),
        notices(vec![notice(&"n".repeat(NOTICE_CODE_BYTES + 1))]),
        notices(vec![notice("")]),
    ] {
        assert!(matches!(bad, Err(ReceiptError::Malformed(_))), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn what_is_signed_opens_to_the_same(statuses in proptest::collection::vec(0_u8..3, 0..40), time in any::<i64>()) {
        let (key, public) = signer(1);
        let status = [RecordStatus::Stored, RecordStatus::AlreadyStored, RecordStatus::Conflict];
        let lines = statuses.iter().zip(0..).map(|(s, n)| line(n, status[usize::from(*s)])).collect();
        let receipt = Receipt { time, ..receipt(lines) };
        let bytes = receipt.sign(KID, &key);
        prop_assert_eq!(Receipt::open(&bytes, [(KID, &public)], STATION, BATCH), Ok(receipt));
    }
}
