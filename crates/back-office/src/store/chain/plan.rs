//! A batch, cut into runs.

use std::collections::BTreeSet;

use wire::{ReceiptLine, RecordId, RecordStatus, SealedReport, StreamId};

use super::Head;

/// Reports of one stream that follow one another: each at the next place, each linked to the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The stream.
    pub stream: StreamId,
    /// The first report's place.
    pub first: u64,
    /// The head that the first report follows.
    pub link: Head,
    /// The head after the last report.
    pub head: Head,
    /// The record ids; at least one.
    pub records: Vec<[u8; 16]>,
    /// SHA-256 of each ciphertext, in the same order.
    pub hashes: Vec<[u8; 32]>,
}

impl Run {
    /// Returns the last report's place. Places do not overflow within a run.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.first.saturating_add((self.records.len() as u64).saturating_sub(1))
    }

    /// Returns the first report's record id; zeros for a run without reports, which no store keeps.
    #[must_use]
    pub fn record(&self) -> RecordId {
        RecordId(self.records.first().copied().unwrap_or_default())
    }

    /// Returns each report with its links.
    pub fn reports(&self) -> impl Iterator<Item = Linked> {
        let mut link = self.link;
        let named = self.records.iter().zip(&self.hashes);
        (self.first..=u64::MAX).zip(named).map(move |(seq, (record, hash))| {
            let head = wire::seal::head_after(&link, hash);
            let before = std::mem::replace(&mut link, head);
            Linked { seq, record: RecordId(*record), hash: *hash, link: before, head }
        })
    }

    /// Returns a run of one report.
    pub(super) fn begin(stream: StreamId, report: &Linked) -> Self {
        let Linked { seq: first, link, head, .. } = *report;
        Self { stream, first, link, head, records: vec![report.record.0], hashes: vec![report.hash] }
    }

    /// Adds the report that follows.
    pub(super) fn push(&mut self, report: &Linked) {
        self.records.push(report.record.0);
        self.hashes.push(report.hash);
        self.head = report.head;
    }

    fn goes_on_with(&self, stream: StreamId, report: &Linked) -> bool {
        self.stream == stream && self.last().checked_add(1) == Some(report.seq) && self.head == report.link
    }
}

/// A report's place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked {
    /// Its place in the stream.
    pub seq: u64,
    /// Its record id.
    pub record: RecordId,
    /// SHA-256 of its ciphertext.
    pub hash: [u8; 32],
    /// The head that it follows.
    pub link: Head,
    /// The head after it.
    pub head: Head,
}

/// A run of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The run.
    pub run: Run,
    /// Where its reports stand in the batch.
    pub reports: Vec<usize>,
}

/// A batch, cut into runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The runs: by stream in the order in which the batch names them first, then by place.
    pub runs: Vec<Planned>,
    /// Record id and hash of each report, in the order of the batch.
    pub named: Vec<(RecordId, [u8; 32])>,
}

/// What the fast path needs: the batch goes on from one head to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fast {
    /// The head that the batch follows.
    pub link: Head,
    /// The stream and the place of the first report.
    pub from: (StreamId, u64),
    /// The streams that begin in the batch. The fast path is open only if none was ever seen.
    pub begins: Vec<StreamId>,
    /// The stream and the place after the last report.
    pub next: (StreamId, u64),
    /// The head after the last report.
    pub head: Head,
}

impl Plan {
    /// Cuts a batch into runs.
    #[must_use]
    pub fn of(reports: &[SealedReport]) -> Self {
        let named: Vec<(RecordId, [u8; 32])> =
            reports.iter().map(|report| (report.record, wire::seal::hash(&report.ciphertext))).collect();
        let mut streams = Vec::new();
        let mut order: Vec<(usize, u64, usize)> = Vec::with_capacity(reports.len());
        for (index, report) in reports.iter().enumerate() {
            // Most reports are of the stream of the one before.
            let stream = streams.iter().rposition(|stream| *stream == report.stream).unwrap_or_else(|| {
                streams.push(report.stream);
                streams.len() - 1
            });
            order.push((stream, report.seq, index));
        }
        order.sort_unstable();
        let mut runs: Vec<Planned> = Vec::new();
        for (_, seq, index) in order {
            let (report, (record, hash)) = (&reports[index], named[index]);
            let head = wire::seal::head_after(&report.link, &hash);
            let linked = Linked { seq, record, hash, link: report.link, head };
            match runs.last_mut() {
                Some(last) if last.run.goes_on_with(report.stream, &linked) => {
                    last.run.push(&linked);
                    last.reports.push(index);
                }
                _ => runs.push(Planned { run: Run::begin(report.stream, &linked), reports: vec![index] }),
            }
        }
        Self { runs, named }
    }

    /// Returns what the fast path needs, if the batch may take it.
    #[must_use]
    pub fn fast(&self) -> Option<Fast> {
        let (first, last) = (&self.runs.first()?.run, &self.runs.last()?.run);
        let mut begins = BTreeSet::new();
        let mut before: Option<&Run> = None;
        for Planned { run, .. } in &self.runs {
            let follows = before.is_none_or(|before| before.head == run.link);
            let begins_anew = run.first == 0 && begins.insert(run.stream);
            // Only the first run may go on in a stream, and no later one may begin that stream.
            let goes_on = before.is_none() && run.first > 0;
            let again = before.is_some() && run.stream == first.stream;
            if !follows || again || !(begins_anew || goes_on) {
                return None;
            }
            before = Some(run);
        }
        Some(Fast {
            link: first.link,
            from: (first.stream, first.first),
            begins: begins.into_iter().collect(),
            next: (last.stream, last.last().checked_add(1)?),
            head: last.head,
        })
    }

    /// Returns the receipt's lines of a batch in which all reports are new.
    #[must_use]
    pub fn all_stored(&self) -> Vec<ReceiptLine> {
        self.named
            .iter()
            .map(|(record, hash)| ReceiptLine { record: *record, hash: *hash, status: RecordStatus::Stored })
            .collect()
    }

    /// Returns the heads after each report.
    #[must_use]
    pub fn heads(&self) -> BTreeSet<Head> {
        self.runs.iter().flat_map(|planned| planned.run.reports()).map(|report| report.head).collect()
    }
}
