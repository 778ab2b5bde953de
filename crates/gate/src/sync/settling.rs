//! What a receipt settles.

use std::collections::HashMap;

use wire::{Batch, Receipt, RecordId, RecordStatus};

/// What a receipt settles, for each report of its batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settlement {
    /// Durable at the back office: these may be erased here.
    pub erase: Vec<RecordId>,
    /// The back office knew this record with another ciphertext. It keeps both, so this one is
    /// erased here, and the conflict is reported.
    pub conflicts: Vec<RecordId>,
    /// Sent but not acknowledged: these stay.
    pub missing: Vec<RecordId>,
}

/// Compares a verified receipt with the batch that it answers.
///
/// A line counts only if its hash is that of the ciphertext that was sent. A receipt for another
/// batch or station settles nothing.
#[must_use]
pub fn settle(batch: &Batch, receipt: &Receipt) -> Settlement {
    let mut settlement = Settlement::default();
    let answers = receipt.station == batch.station && receipt.batch == batch.id;
    let lines: HashMap<_, _> = receipt
        .lines
        .iter()
        .filter(|_| answers)
        .map(|line| ((line.record, line.hash), line.status))
        .collect();
    for report in &batch.reports {
        let status = lines.get(&(report.record, wire::seal::hash(&report.ciphertext)));
        let answered = match status {
            Some(RecordStatus::Stored | RecordStatus::AlreadyStored) => &mut settlement.erase,
            Some(RecordStatus::Conflict) => &mut settlement.conflicts,
            None => &mut settlement.missing,
        };
        answered.push(report.record);
    }
    settlement
}

#[cfg(test)]
mod tests {
    use wire::{AuditHead, BatchId, Generation, Offer, Pace, ReceiptLine, SealedReport, StationId, StreamId};

    use super::*;

    fn report(number: u8) -> SealedReport {
        SealedReport {
            stream: StreamId([1; 16]),
            seq: number.into(),
            record: RecordId([number; 16]),
            kid: health_code::key_id(&[9; 32]),
            link: [0; 32],
            ciphertext: vec![number; 816],
        }
    }

    fn batch(numbers: std::ops::Range<u8>) -> Batch {
        let (station, reports) = (StationId([1; 16]), numbers.map(report).collect());
        Batch { station, id: BatchId([2; 16]), reports, awaits: Vec::new(), about: None }
    }

    fn receipt(lines: Vec<ReceiptLine>) -> Receipt {
        let offer = Offer { version: 1, hash: [0; 32] };
        Receipt {
            station: StationId([1; 16]),
            batch: BatchId([2; 16]),
            time: 0,
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
            generation: Generation([9; 16]),
        }
    }

    fn line(number: u8, status: RecordStatus) -> ReceiptLine {
        let report = report(number);
        ReceiptLine { record: report.record, hash: wire::seal::hash(&report.ciphertext), status }
    }

    #[test]
    fn only_what_was_sent_and_acknowledged_byte_for_byte_is_erased() {
        let batch = batch(0..5);
        let other_bytes = ReceiptLine { hash: [7; 32], ..line(3, RecordStatus::Stored) };
        let lines = vec![
            line(0, RecordStatus::Stored),
            line(1, RecordStatus::AlreadyStored),
            line(2, RecordStatus::Conflict),
            other_bytes,
            line(77, RecordStatus::Stored),
        ];
        let id = |number: u8| RecordId([number; 16]);
        let expected =
            Settlement { erase: vec![id(0), id(1)], conflicts: vec![id(2)], missing: vec![id(3), id(4)] };
        assert_eq!(settle(&batch, &receipt(lines.clone())), expected);
        for other in [
            Receipt { batch: BatchId([3; 16]), ..receipt(lines.clone()) },
            Receipt { station: StationId([3; 16]), ..receipt(lines) },
        ] {
            assert_eq!(settle(&batch, &other).missing.len(), 5);
        }
    }
}
