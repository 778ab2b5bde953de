//! Batches that a stick brings.

use health_code::{Region, Timestamp};
use wire::stick::{Export, Receipts, StickError};
use wire::{RecordStatus, SignedBatch, StationId};

use crate::api::{ApiError, commit};
use crate::context::Context;
use crate::store::{Station, StoreError};

/// The batches of one station, as a file has them. The file does not prove who made it; each batch does.
#[derive(Debug)]
pub struct Brought {
    /// Who made them, as they claim.
    pub station: Station,
    export: Export,
}

/// What became of a file's batches.
#[derive(Debug, Default)]
pub struct Taken {
    /// Batches that were committed.
    pub batches: usize,
    /// Reports that are new.
    pub new: usize,
    /// Reports that the office had already.
    pub known: usize,
    /// Reports of which the office had another one by the same id. It keeps both.
    pub conflicts: usize,
    /// Batches that were not committed: their place in the file, from 1, and why.
    pub refused: Vec<(usize, ApiError)>,
    /// The file of receipts for the stick; absent where no batch was committed.
    pub receipts: Option<Vec<u8>>,
}

/// Why a file's batches cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotBrought {
    /// No such file.
    #[error("not a file of reports: {0}")]
    File(#[from] StickError),
    /// The file says that a batch is another station's.
    #[error("a batch in this file is of another station than the file")]
    OtherStation,
    /// Nobody enrolled this station here.
    #[error("this office does not know station {0}")]
    UnknownStation(StationId),
    /// The store cannot be read now.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl NotBrought {
    /// Returns the error's stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(StickError::TooLarge) => "too-large",
            Self::File(StickError::Malformed | StickError::Seal) => "malformed",
            Self::OtherStation => "other-station",
            Self::UnknownStation(_) => "unknown-station",
            Self::Store(_) => "store",
        }
    }
}

impl Brought {
    /// Reads a file, and finds whose it is. Nothing is verified yet, and nothing is written.
    ///
    /// # Errors
    /// [`NotBrought`].
    pub async fn open(context: &Context, bytes: &[u8]) -> Result<Self, NotBrought> {
        let export = Export::parse(bytes)?;
        let id = export.station;
        // A batch that claims nobody is refused when it is committed.
        let is_other = |batch: &SignedBatch| {
            SignedBatch::claimed_station(&batch.bytes).is_ok_and(|station| station != id)
        };
        if export.batches.iter().any(is_other) {
            return Err(NotBrought::OtherStation);
        }
        let station = context.store.station(id).await?.ok_or(NotBrought::UnknownStation(id))?;
        Ok(Self { station, export })
    }

    /// Returns the community that the station belongs to.
    #[must_use]
    pub fn community(&self) -> &Region {
        &self.station.community
    }

    /// Commits the batches in their order. One that is refused keeps out no other; where the office itself
    /// fails, the rest is left for another time.
    pub async fn take(&self, context: &Context, now: Timestamp) -> Taken {
        let mut taken = Taken::default();
        let mut receipts = Vec::new();
        for (place, batch) in (1..).zip(&self.export.batches) {
            match commit(context, &batch.bytes, now).await {
                Ok(committed) => {
                    taken.batches += 1;
                    for line in &committed.receipt.lines {
                        match line.status {
                            RecordStatus::Stored => taken.new += 1,
                            RecordStatus::AlreadyStored => taken.known += 1,
                            RecordStatus::Conflict => taken.conflicts += 1,
                        }
                    }
                    receipts.push(committed.signed);
                }
                Err(error) => {
                    taken.refused.push((place, error));
                    if error.problem().retry {
                        break;
                    }
                }
            }
        }
        taken.receipts = (!receipts.is_empty()).then(|| Receipts { receipts }.to_bytes());
        taken
    }
}

impl Taken {
    /// Returns what the audit log says of it. It names nobody.
    #[must_use]
    pub fn words(&self, station: &str) -> String {
        let Self { batches, new, known, conflicts, refused, .. } = self;
        let refused = refused.len();
        format!(
            "{station} · {batches} batches, {new} new, {known} known, {conflicts} conflicts, {refused} refused"
        )
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use wire::{Batch, BatchId, Receipt};

    use super::*;
    use crate::api::testing::{BATCH_ID, NOW, TestOffice, batch};

    fn file(station: StationId, batches: Vec<Vec<u8>>) -> Vec<u8> {
        let batches = batches.into_iter().map(|bytes| SignedBatch { bytes }).collect();
        Export { station, batches }.to_bytes()
    }

    fn receipts(taken: &Taken, station: StationId) -> Vec<Receipt> {
        let key = sample::key(sample::RECEIPTS);
        let file = Receipts::parse(taken.receipts.as_ref().unwrap()).unwrap();
        let opened = file
            .receipts
            .iter()
            .map(|receipt| Receipt::open_any(receipt, [(key.kid(), key.public())], station).unwrap().0);
        opened.collect()
    }

    #[tokio::test]
    async fn batches_of_a_stick_are_committed_as_those_of_the_network_are() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        let bytes = file(station, vec![batch(station, 3, &key)]);
        let brought = Brought::open(&office.context, &bytes).await.unwrap();
        let taken = brought.take(&office.context, NOW).await;
        assert_eq!((taken.batches, taken.new, taken.known, taken.conflicts), (1, 3, 0, 0));
        let opened = receipts(&taken, station);
        assert_eq!((opened.len(), opened[0].batch, opened[0].lines.len()), (1, BATCH_ID, 3));
        // The same stick again, and then the same batch by the network.
        let taken = brought.take(&office.context, NOW).await;
        assert_eq!((taken.new, taken.known), (0, 3));
        office.post("/v1/batches", crate::api::COSE, batch(station, 3, &key)).await;
        assert_eq!(office.context.store.counts().await.unwrap().waiting, 3);
    }

    #[tokio::test]
    async fn a_batch_that_is_refused_keeps_out_no_other() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        let stranger = SigningKey::from_bytes(&[99; 32]);
        let empty = Batch { station, id: BatchId([8; 16]), reports: vec![], awaits: vec![], about: None };
        let batches = vec![
            vec![1, 2, 3],
            batch(station, 1, &stranger),
            batch(station, 2, &key),
            empty.sign(&key).bytes,
        ];
        let brought = Brought::open(&office.context, &file(station, batches)).await.unwrap();
        let taken = brought.take(&office.context, NOW).await;
        assert_eq!(taken.refused, [(1, ApiError::Malformed), (2, ApiError::Signature)]);
        assert_eq!((taken.batches, taken.new, receipts(&taken, station).len()), (2, 2, 2));
        assert!(taken.words("东门").contains("2 batches, 2 new, 0 known, 0 conflicts, 2 refused"));
    }

    #[tokio::test]
    async fn an_office_that_fails_leaves_the_rest_for_another_time() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        office.spoil("DROP TABLE run");
        let bytes = file(station, vec![batch(station, 1, &key), batch(station, 2, &key)]);
        let brought = Brought::open(&office.context, &bytes).await.unwrap();
        let taken = brought.take(&office.context, NOW).await;
        assert_eq!((taken.refused, taken.receipts), (vec![(1, ApiError::Store)], None));
    }

    #[tokio::test]
    async fn a_file_of_nobody_or_of_several_or_of_something_else_is_refused() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        let other = StationId([9; 16]);
        let code = async |bytes: &[u8]| Brought::open(&office.context, bytes).await.unwrap_err().code();
        assert_eq!(code(b"rubbish").await, "malformed");
        assert_eq!(code(&vec![0; wire::limits::EXPORT_BYTES + 1]).await, "too-large");
        assert_eq!(code(&file(other, vec![vec![1]])).await, "unknown-station");
        assert_eq!(code(&file(other, vec![batch(station, 1, &key)])).await, "other-station");
        office.spoil("ALTER TABLE stations RENAME TO gone");
        assert_eq!(code(&file(station, vec![batch(station, 1, &key)])).await, "store");
    }
}
