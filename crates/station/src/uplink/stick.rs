//! What a stick brings and takes: the same files and messages as the network, by the same checks.
//!
//! Nothing here touches the stick. Whoever has it reads its files first, hands them in, and writes what comes
//! back. What would be done and what is done are found by the same steps; only the second acts.

use std::sync::Arc;

use gate::window::stick::{ReceiptsOnStick, ReportsOnStick, StickProblem, TrustOnStick, Versions};
use health_code::trust::{TrustFile, unbundle};
use health_code::{PublicKey, Rejection, Timestamp, Trust, TrustUpdate};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;
use wire::limits::BATCH_REPORTS;
use wire::receipt::ReceiptError;
use wire::stick::{Export, Receipts, SealedCommunity, StickError, private_key};
use wire::{Batch, BatchId, Receipt, RecordId, SealedReport, SignedBatch};

use super::Uplink;
use super::trust_download::put_in_force;
use crate::limits::STICK_BATCHES;
use crate::stick::found::{Found, Read};
use crate::trust_choice;

/// Domain of the ids of batches on sticks.
const BATCH_IDS: &[u8] = b"kadian-stick-batch-v1";

/// A stick that was read.
#[derive(Debug)]
pub(crate) struct Task {
    pub found: Found,
    /// Whether to act; otherwise nothing changes.
    pub carry: bool,
    pub answer: oneshot::Sender<Done>,
}

/// What came of it, or would.
#[derive(Debug)]
pub(crate) struct Done {
    pub trust: TrustOnStick,
    pub receipts: ReceiptsOnStick,
    pub reports: ReportsOnStick,
    /// The file of reports that is to be written.
    pub write: Option<Vec<u8>>,
}

impl Uplink {
    /// Takes a stick's files. Returns whether the uplink has nothing left to do, ever.
    pub(super) async fn take_stick(&mut self, Task { found, carry, answer }: Task) -> bool {
        // In this order: a new root may name the key of the receipts, and what they settle does not go out.
        let trust = self.stick_trust(&found, carry);
        let receipts = self.stick_receipts(&found, carry).await;
        let (reports, write) = self.stick_reports(&found).await;
        // Whoever asked may be gone: a program that ends.
        let _ = answer.send(Done { trust, receipts, reports, write });
        carry && self.withdrawal.is_some() && self.end_if_drained().await
    }

    fn stick_trust(&mut self, found: &Found, carry: bool) -> TrustOnStick {
        let Some(before) = self.parts.trust.current() else {
            return TrustOnStick::Problem { why: StickProblem::NoStation };
        };
        let (had, trouble) = self.update_of(found, &before);
        let has_none = had == TrustUpdate::default();
        if has_none {
            let any = matches!(&found.roots, Ok(roots) if !roots.is_empty())
                || [&found.list, &found.community].into_iter().any(|read| matches!(read, Ok(Some(_))));
            return match trouble {
                Some(why) => TrustOnStick::Problem { why },
                None if any => TrustOnStick::Current,
                None => TrustOnStick::Nothing,
            };
        }
        let now = self.trust_download.best_time(&self.parts, &before);
        let choice = trust_choice::choose(&before, &had, now);
        let left_out = trouble.or_else(|| choice.refused.as_ref().map(problem_of));
        if choice.trust.files() == before.files() {
            return left_out.map_or(TrustOnStick::Current, |why| TrustOnStick::Problem { why });
        }
        if carry && !put_in_force(&self.parts, &had, now) {
            return TrustOnStick::Problem { why: StickProblem::NotKept };
        }
        if carry && let Some(contact) = self.parts.trust.withdraws(self.parts.station) {
            self.hear_withdrawal(&contact);
        }
        news(&before, &choice.trust, now, left_out)
    }

    /// Returns the files that are others than those in force, and the first thing that keeps one away.
    fn update_of(&self, found: &Found, before: &Trust) -> (TrustUpdate, Option<StickProblem>) {
        let mut trouble = None;
        let mut taken = |read: &Read, in_force: &[u8]| match read {
            Ok(file) => file.clone().filter(|file| file != in_force),
            Err(why) => {
                trouble.get_or_insert(*why);
                None
            }
        };
        let files = before.files();
        let list = taken(&found.list, &files.list);
        let revocations = taken(&found.revocations, &files.revocations).map(Arc::from);
        let policies =
            taken(&found.policies, &[]).map(|bytes| unbundle(&bytes).map_err(|_| StickProblem::Malformed));
        let community = match taken(&found.community, &[]).map(|bytes| self.opened(&bytes)) {
            Some(Ok(file)) => Some(file).filter(|file| *file != files.community),
            Some(Err(why)) => {
                trouble.get_or_insert(why);
                None
            }
            None => None,
        };
        let policies = match policies {
            Some(Ok(policies)) => policies,
            Some(Err(why)) => {
                trouble.get_or_insert(why);
                Vec::new()
            }
            None => Vec::new(),
        };
        let roots = match &found.roots {
            Ok(roots) => roots.iter().filter(|root| **root != files.root).cloned().collect(),
            Err(why) => {
                trouble.get_or_insert(*why);
                Vec::new()
            }
        };
        // Policies and revocations alone are no news: they come with a file that names them, or fill a gap.
        let some = list.is_some() || community.is_some() || !roots.is_empty();
        let fills = some || !before.missing_policies().is_empty();
        let policies = if fills { policies } else { Vec::new() };
        let revocations = revocations.filter(|_| list.is_some());
        (TrustUpdate { roots, list, community, revocations, policies }, trouble)
    }

    /// Opens a community's file that is sealed to its stations.
    fn opened(&self, sealed: &[u8]) -> Result<Vec<u8>, StickProblem> {
        let sealed = SealedCommunity::parse(sealed).map_err(problem_of_file)?;
        sealed.open(self.parts.station, &private_key(&self.parts.key)).map_err(problem_of_file)
    }

    async fn stick_receipts(&mut self, found: &Found, carry: bool) -> ReceiptsOnStick {
        let mut said = ReceiptsOnStick::Nothing;
        for read in &found.receipts {
            let here = match read {
                Ok(None) => continue,
                Ok(Some(file)) => self.receipts_of(file, carry).await,
                Err(why) => ReceiptsOnStick::Problem { why: *why },
            };
            said = match (said, here) {
                (ReceiptsOnStick::Settles { reports }, ReceiptsOnStick::Settles { reports: more }) => {
                    ReceiptsOnStick::Settles { reports: reports.saturating_add(more) }
                }
                // What is settled matters more than what cannot be taken, and that more than nothing.
                (settles @ ReceiptsOnStick::Settles { .. }, _) => settles,
                (problem @ ReceiptsOnStick::Problem { .. }, ReceiptsOnStick::Known) => problem,
                (_, here) => here,
            };
        }
        said
    }

    async fn receipts_of(&mut self, file: &[u8], carry: bool) -> ReceiptsOnStick {
        let receipts = match Receipts::parse(file) {
            Ok(file) => file.receipts,
            Err(error) => return ReceiptsOnStick::Problem { why: problem_of_file(error) },
        };
        let (mut settled, mut problem) = (0_u64, None);
        for signed in receipts {
            match self.receipt(&signed, carry).await {
                Ok(count) => settled = settled.saturating_add(count),
                Err(why) => _ = problem.get_or_insert(why),
            }
        }
        match (settled, problem) {
            (0, Some(why)) => ReceiptsOnStick::Problem { why },
            (0, None) => ReceiptsOnStick::Known,
            (reports, _) => ReceiptsOnStick::Settles { reports },
        }
    }

    /// Takes one receipt, and returns how many reports it settles. A report waits no more only if its line has
    /// the hash of what is here.
    async fn receipt(&mut self, signed: &[u8], carry: bool) -> Result<u64, StickProblem> {
        let trust = self.parts.trust.current().ok_or(StickProblem::NoStation)?;
        let keys = trust.root().receipts.iter();
        let opened = Receipt::open_any(signed, keys.map(|key| (key.kid, &key.key)), self.parts.station);
        let (receipt, kid) = opened.map_err(|error| match error {
            ReceiptError::OtherBatch => StickProblem::OtherStation,
            ReceiptError::Signature => StickProblem::OtherDeployment,
            ReceiptError::TooLarge | ReceiptError::Malformed(_) => StickProblem::Malformed,
        })?;
        let in_force =
            |key: &health_code::trust::ReceiptKey| key.kid == kid && key.is_in_force(Timestamp(receipt.time));
        if !trust.root().receipts.iter().any(in_force) {
            return Err(StickProblem::OtherDeployment);
        }
        if self.newest.is_past(&receipt) {
            return Err(StickProblem::Older);
        }
        let records: Vec<RecordId> = receipt.lines.iter().map(|line| line.record).collect();
        let reports = self.parts.outbox.held(records).await.ok_or(StickProblem::NotKept)?;
        let batch = Batch {
            station: self.parts.station,
            id: receipt.batch,
            reports,
            awaits: self.parts.wake.awaited(),
            about: None,
        };
        let settles = (self.parts.rules.settle)(&batch, &receipt);
        let count = (settles.erase.len() + settles.conflicts.len()) as u64;
        if !carry {
            return Ok(count);
        }
        // A stick may be old, and somebody could have kept it back.
        self.parts.clock.hear_past(Timestamp(receipt.time));
        self.hear_generation(&receipt);
        self.keep_receipt(signed, &receipt);
        self.keep_head(&receipt);
        let settled = self.settle(&batch, &receipt).await;
        self.hear_notices(&batch, &receipt);
        if let Some(word) = &receipt.withdrawn {
            self.hear_withdrawal(&word.contact);
        }
        if settled || count == 0 { Ok(count) } else { Err(StickProblem::NotKept) }
    }

    /// Notes a receipt's state of the office's database. Where the disk refuses, the next receipt is noted.
    pub(super) fn hear_generation(&mut self, receipt: &Receipt) {
        if let Err(error) = self.newest.hear(receipt, &self.parts.folder) {
            tracing::warn!(%error, "the state of the office's database could not be noted");
        }
    }

    async fn stick_reports(&mut self, found: &Found) -> (ReportsOnStick, Option<Vec<u8>>) {
        let none = |why| (ReportsOnStick::Problem { why }, None);
        let most = STICK_BATCHES * BATCH_REPORTS;
        let Some(reports) = self.parts.outbox.all(most).await else { return none(StickProblem::NotKept) };
        let count = reports.len() as u64;
        let more = self.parts.wake.waiting().saturating_sub(count);
        let batches = self.batches(reports);
        if batches.is_empty() {
            return (ReportsOnStick::Nothing, None);
        }
        if self.are_there(found, &batches) {
            return (ReportsOnStick::There { reports: count }, None);
        }
        let signed = batches.iter().map(|batch| batch.sign(&self.parts.key)).collect();
        let file = Export { station: self.parts.station, batches: signed };
        (ReportsOnStick::Out { reports: count, more }, Some(file.to_bytes()))
    }

    /// Puts reports into batches, and into the last one what this station asks the office and says of itself. The
    /// same reports give the same batches.
    fn batches(&self, reports: Vec<SealedReport>) -> Vec<Batch> {
        let station = self.parts.station;
        let batch = |reports: &[SealedReport], awaits: Vec<RecordId>| {
            let reports = reports.to_vec();
            Batch { station, id: id_of(station.0, &reports, &awaits), reports, awaits, about: None }
        };
        let mut batches: Vec<_> =
            reports.chunks(BATCH_REPORTS).map(|reports| batch(reports, Vec::new())).collect();
        let awaits = self.parts.wake.awaited();
        if batches.is_empty() && !awaits.is_empty() {
            batches.push(batch(&[], Vec::new()));
        }
        if let Some(last) = batches.last_mut() {
            *last = batch(&last.reports, awaits);
            last.about = self.about(self.parts.wake.waiting());
        }
        batches
    }

    /// Returns whether a stick has these batches already, signed by this station.
    fn are_there(&self, found: &Found, batches: &[Batch]) -> bool {
        let Ok(Some(file)) = &found.reports else { return false };
        let Ok(there) = Export::parse(file) else { return false };
        let Ok(key) = PublicKey::from_bytes(&self.parts.key.verifying_key().to_bytes()) else { return false };
        let id = |batch: &SignedBatch| Some(SignedBatch::open(&batch.bytes, &key).ok()?.id);
        let ids: Option<Vec<BatchId>> = there.batches.iter().map(id).collect();
        ids.is_some_and(|ids| ids.iter().eq(batches.iter().map(|batch| &batch.id)))
    }
}

/// Returns the id of a batch for a stick: by what it holds, so that nothing has to be remembered.
fn id_of(station: [u8; 16], reports: &[SealedReport], awaits: &[RecordId]) -> BatchId {
    let mut hash = Sha256::new().chain_update(BATCH_IDS).chain_update(station);
    for report in reports {
        hash.update(report.record.0);
    }
    hash.update([0]);
    for record in awaits {
        hash.update(record.0);
    }
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize()[..16]);
    BatchId(id)
}

/// Returns what is new in the trust that follows another.
fn news(before: &Trust, after: &Trust, now: Timestamp, left_out: Option<StickProblem>) -> TrustOnStick {
    let versions = |of: fn(&Trust) -> u64| Versions { from: of(before), to: of(after) };
    let more = |of: fn(&Trust) -> usize| {
        let (before, after) = (i64::try_from(of(before)), i64::try_from(of(after)));
        let more = after.unwrap_or_default() - before.unwrap_or_default();
        i32::try_from(more).unwrap_or(if more < 0 { i32::MIN } else { i32::MAX })
    };
    TrustOnStick::Newer {
        root: versions(|trust| trust.root().version),
        list: versions(|trust| trust.list().version),
        community: versions(|trust| trust.community().version),
        revocations: more(|trust| trust.revocations().len()),
        people: more(|trust| trust.community().people.len()),
        checkpoints: more(|trust| trust.community().checkpoints.len()),
        policies: before.policy_files() != after.policy_files(),
        until: after.expiries(now).1.min(after.community().believed_until()),
        left_out,
    }
}

fn problem_of(rejection: &Rejection) -> StickProblem {
    match rejection {
        Rejection::Malformed { .. } => StickProblem::Malformed,
        Rejection::Threshold { .. }
        | Rejection::WrongRoot
        | Rejection::OtherRoot { .. }
        | Rejection::SameVersionOtherBytes { file: TrustFile::Root } => StickProblem::OtherDeployment,
        // Two roots of one version: only another deployment has the other one.
        Rejection::RootGap { stored, offered } if offered <= stored => StickProblem::OtherDeployment,
        Rejection::Rollback { .. }
        | Rejection::SameVersionOtherBytes { .. }
        | Rejection::NotBelieved { .. } => StickProblem::Older,
        Rejection::RootGap { .. } | Rejection::OtherRevocations => StickProblem::Incomplete,
        Rejection::Expired { .. } => StickProblem::Expired,
        Rejection::FromTheFuture { .. } => StickProblem::Future,
        Rejection::OtherCommunity => StickProblem::OtherStation,
    }
}

fn problem_of_file(error: StickError) -> StickProblem {
    match error {
        StickError::TooLarge => StickProblem::TooLarge,
        StickError::Malformed => StickProblem::Malformed,
        StickError::Seal => StickProblem::OtherStation,
    }
}
