//! A station that its office does not know any more: the office was restored from a copy made before
//! the enrolment. The station shows a receipt that the office signed for it, and is known again.

use std::time::Duration;

use disk::Access;
use health_code::{PublicKey, Timestamp};
use wire::limits::{AGAIN_ANSWER_BYTES, AGAIN_RECEIPT_BYTES};
use wire::{Again, AgainAnswer, Receipt};

use super::Uplink;
use super::office::{CBOR, ExchangeError};

/// The kept receipt is replaced by a newer one after this many seconds.
const KEPT_ANEW: i64 = 3600;
/// A station makes itself known at most once in this time.
const AT_MOST_EVERY: Duration = Duration::from_secs(3600);

/// What is remembered of the receipt that is kept, and of making oneself known by it.
#[derive(Debug, Default)]
pub(super) struct Introduction {
    /// The time of the receipt that this run has kept.
    kept: Option<Timestamp>,
    /// When the office was asked last, on the stopwatch.
    asked: Option<Duration>,
}

impl Uplink {
    /// Keeps a receipt for an empty batch, if the one on the disk is older by an hour.
    pub(super) fn keep_receipt(&mut self, signed: &[u8], receipt: &Receipt) {
        let time = Timestamp(receipt.time);
        let is_young = |kept: Timestamp| time.since(kept).abs() < KEPT_ANEW;
        let useful = receipt.lines.is_empty() && receipt.withdrawn.is_none();
        if !useful || signed.len() > AGAIN_RECEIPT_BYTES || self.introduction.kept.is_some_and(is_young) {
            return;
        }
        match disk::replace(&self.parts.folder.receipt(), signed, Access::Owner) {
            Ok(()) => self.introduction.kept = Some(time),
            Err(error) => tracing::warn!(%error, "a receipt could not be kept"),
        }
    }

    /// Makes this station known by the kept receipt. Returns whether the office knows it now; `false`
    /// where it does not, where nothing is kept, and where it was asked within the last hour.
    pub(super) async fn make_known(&mut self) -> Result<bool, ExchangeError> {
        let mono = self.parts.clock.read().0.mono;
        if self.introduction.asked.is_some_and(|asked| mono.saturating_sub(asked) < AT_MOST_EVERY) {
            return Ok(false);
        }
        let Some(request) = self.introduce() else { return Ok(false) };
        let answer = self.parts.office.post("/v1/stations/again", request, CBOR, AGAIN_ANSWER_BYTES).await;
        match answer {
            Ok(answer) => {
                self.introduction.asked = Some(mono);
                let known = AgainAnswer::parse(&answer).is_ok_and(|it| it.station == self.parts.station);
                if known {
                    tracing::warn!("the back office did not know this station, and knows it again");
                }
                Ok(known)
            }
            Err(ExchangeError::Status { status: 400..500, code, .. }) => {
                self.introduction.asked = Some(mono);
                tracing::error!(?code, "the back office does not know this station again");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn introduce(&self) -> Option<Vec<u8>> {
        let read = disk::read_if_there(&self.parts.folder.receipt(), AGAIN_RECEIPT_BYTES as u64);
        let receipt = read.inspect_err(|error| tracing::error!(%error, "the kept receipt")).ok().flatten()?;
        let key = PublicKey::from_bytes(&self.parts.key.verifying_key().to_bytes()).ok()?;
        let sealing = wire::stick::public_key(&self.parts.key);
        let again = Again { key, sealing, name: self.parts.name.clone(), receipt };
        Some(again.sign(&self.parts.key))
    }
}
