//! Letters: signed batches that wait to be opened.

use health_code::Timestamp;
use wire::batch::BatchError;
use wire::{SealedReport, SignedBatch, StationId};

use super::error::StoreError;
use super::waiting::{ReportKey, Settled, Waiting};

/// Names what a worker claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LetterKey {
    /// The letter of this number.
    Mail {
        /// The station that sent it.
        station: StationId,
        /// Its number among the station's letters.
        n: u64,
    },
    /// A report that was let out of quarantine.
    Reopened(ReportKey),
}

/// A signed batch that waits to be opened, or a report that was let out of quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its name.
    pub key: LetterKey,
    /// When it arrived.
    pub received: Timestamp,
    /// What is in it.
    pub content: Content,
}

/// What a letter holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A batch.
    Batch {
        /// The signed message, as it came.
        signed: Vec<u8>,
        /// Which of its reports are not to be opened; `None` if all are.
        skip: Option<Skip>,
    },
    /// One report.
    Report(Box<SealedReport>),
}

/// A letter that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The letter, as it was claimed.
    pub letter: Letter,
    /// What became of each of its reports.
    pub settled: Vec<Settled>,
}

/// Which reports of a batch are not to be opened: a bit for each, the first report's in the lowest bit of
/// the first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    bits: Vec<u8>,
    reports: usize,
}

impl Letter {
    /// Returns the reports that are to be opened.
    ///
    /// # Errors
    /// [`BatchError`] where the database gives other bytes than those that it was given.
    pub fn reports(&self) -> Result<Vec<Waiting>, BatchError> {
        let received = self.received;
        match (&self.content, self.key) {
            (Content::Report(report), LetterKey::Reopened(key)) => {
                Ok(vec![Waiting { key, received, report: (**report).clone() }])
            }
            (Content::Report(_), LetterKey::Mail { .. }) => Ok(Vec::new()),
            (Content::Batch { signed, skip }, _) => {
                let batch = SignedBatch::read_again(signed)?;
                let skips = |index: usize| skip.as_ref().is_some_and(|skip| skip.has(index));
                let reports = batch.reports.into_iter().enumerate().filter(|(index, _)| !skips(*index));
                Ok(reports.map(|(_, report)| Waiting::of(batch.station, report, received)).collect())
            }
        }
    }
}

impl Opened {
    /// Returns each report with what became of it, in the order of the letter.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where a report of the letter is not settled: nothing of a letter is dropped.
    pub fn pairs(&self) -> Result<Vec<(Waiting, &Settled)>, StoreError> {
        let failed = |what: &dyn std::fmt::Display| StoreError::Failed(format!("a letter: {what}"));
        let waiting = self.letter.reports().map_err(|error| failed(&error))?;
        if waiting.len() != self.settled.len() {
            return Err(failed(&"not all of its reports are settled"));
        }
        let pairs: Vec<_> = waiting.into_iter().zip(&self.settled).collect();
        if pairs.iter().any(|(waiting, settled)| waiting.key != settled.key) {
            return Err(failed(&"its reports are settled in another order"));
        }
        Ok(pairs)
    }
}

impl Skip {
    /// Returns a mark by which all of this many reports are opened.
    #[must_use]
    pub fn none(reports: usize) -> Self {
        Self { bits: vec![0; reports.div_ceil(8)], reports }
    }

    /// Reads the bits that a store kept.
    #[must_use]
    pub fn from_bits(bits: Vec<u8>) -> Self {
        Self { reports: bits.len() * 8, bits }
    }

    /// Marks a report: it is not to be opened.
    pub fn set(&mut self, index: usize) {
        if let Some(byte) = self.bits.get_mut(index / 8) {
            *byte |= 1 << (index % 8);
        }
    }

    /// Returns whether a report is not to be opened.
    #[must_use]
    pub fn has(&self, index: usize) -> bool {
        self.bits.get(index / 8).is_some_and(|byte| byte >> (index % 8) & 1 == 1)
    }

    /// Returns the bits to keep, or `None` if all reports are opened.
    #[must_use]
    pub fn bits(&self) -> Option<&[u8]> {
        self.bits.iter().any(|byte| *byte != 0).then_some(&*self.bits)
    }

    /// Returns how many reports are opened.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.reports - (0..self.reports).filter(|index| self.has(*index)).count()
    }
}
