//! The worker: opens what arrived, so that accepting a batch costs only a write.

mod comparing;
mod known;
mod opening;
mod rights;

use std::collections::{BTreeMap, BTreeSet};

use health_code::Timestamp;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::context::Context;
use crate::keys::Keyring;
use crate::limits::{GAP_SECONDS, LEASE_SECONDS, LIST_ROWS, OPENED_AT_ONCE, WORKER_PAUSE};
use crate::renewal;
use crate::store::{Letter, Opened, Outcome, QuarantineReason, Settled, StoreError};
use known::Known;
use opening::{Unsealed, settle_all, unseal};

/// Wakes the worker. When the last waker is dropped, the worker ends.
#[derive(Debug, Clone)]
pub struct Waker(Sender<()>);

impl Waker {
    /// Returns a waker, and the receiver at which the worker waits.
    #[must_use]
    pub fn new() -> (Self, Receiver<()>) {
        let (sender, receiver) = channel(1);
        (Self(sender), receiver)
    }

    /// Tells the worker that something arrived. Never waits.
    pub fn wake(&self) {
        // If the channel is full, the worker is woken already; if it is closed, the office stops.
        let _ = self.0.try_send(());
    }
}

/// Starts the worker in the current tokio runtime.
#[must_use]
pub fn start(context: Context) -> (Waker, JoinHandle<()>) {
    let (waker, receiver) = Waker::new();
    (waker, tokio::spawn(run(context, receiver)))
}

async fn run(context: Context, mut wakes: Receiver<()>) {
    loop {
        if let Err(error) = round(&context).await {
            tracing::warn!(%error, "could not open what arrived; trying again");
        }
        // Without a wake the worker looks by itself: other servers and commands may have changed
        // the store, and the trust files in the folder may have changed.
        if let Ok(None) = tokio::time::timeout(WORKER_PAUSE, wakes.recv()).await {
            return;
        }
    }
}

/// Does one round: takes over changed trust files, opens everything that waits, renews the community,
/// checks the chains.
///
/// # Errors
/// [`StoreError`]. Reports that were claimed and not settled wait until their lease ends.
pub async fn round(context: &Context) -> Result<(), StoreError> {
    let now = context.clock.now();
    match context.trust.refresh(now).await {
        Ok(true) => {
            tracing::info!(offers = ?context.trust.both().1, "other trust files are in force");
            context.store.reopen(Some(QuarantineReason::UnknownTrust)).await?;
        }
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "the trust files in the folder are not in force"),
    }
    loop {
        let now = context.clock.now();
        let letters = context.store.claim(OPENED_AT_ONCE, now, now.plus(LEASE_SECONDS)).await?;
        if letters.is_empty() {
            break;
        }
        let opened = open(context, letters).await?;
        opened.iter().flat_map(|opened| &opened.settled).for_each(log_trouble);
        context.store.settle(opened, context.clock.now()).await?;
    }
    if let Err(error) = renewal::renew(context, context.clock.now()).await {
        tracing::warn!(%error, "the community could not be renewed");
    }
    context.store.check_chains(now.plus(-GAP_SECONDS), now).await
}

/// Logs what an operator must look into: quarantine and alerts.
fn log_trouble(settled: &Settled) {
    let key = &settled.key;
    if let Outcome::Quarantined(reason) = &settled.outcome {
        tracing::warn!(?key, %reason, "a report is in quarantine");
    }
    for (kind, detail) in &settled.alerts {
        tracing::warn!(?key, kind = kind.code(), detail, "an alert is raised");
    }
}

/// Opens claimed letters on a thread for blocking work. What they are compared with is fetched in
/// between, since opening itself only computes. A letter that cannot be read is left: its lease ends.
async fn open(context: &Context, letters: Vec<Letter>) -> Result<Vec<Opened>, StoreError> {
    let keys = context.keys.clone();
    let (letters, unsealed) = compute(move || unseal_letters(letters, &keys)).await;
    let known = known(context, &unsealed).await?;
    Ok(compute(move || {
        let mut settled = settle_all(unsealed, known).into_iter();
        let take = |(letter, count)| Opened { letter, settled: settled.by_ref().take(count).collect() };
        letters.into_iter().map(take).collect()
    })
    .await)
}

/// Opens the seals in letters. Returns each letter with the number of its reports, and all reports.
fn unseal_letters(letters: Vec<Letter>, keys: &Keyring) -> (Vec<(Letter, usize)>, Vec<Unsealed>) {
    let (mut counted, mut unsealed) = (Vec::new(), Vec::new());
    for letter in letters {
        match letter.reports() {
            Ok(waiting) => {
                counted.push((letter, waiting.len()));
                unsealed.extend(waiting.iter().map(|waiting| unseal(waiting, keys)));
            }
            Err(error) => {
                tracing::error!(key = ?letter.key, %error, "a letter in the database cannot be read")
            }
        }
    }
    (counted, unsealed)
}

/// Fetches what the office knows of the reports' lists, moments and changes.
async fn known(context: &Context, reports: &[Unsealed]) -> Result<Known, StoreError> {
    let versions: BTreeSet<u64> = reports.iter().filter_map(Unsealed::trust_version).collect();
    let mut by_list = BTreeMap::new();
    for version in versions {
        by_list.insert(version, context.trust.of_list(version).await?);
    }
    let moments: BTreeSet<Timestamp> = reports.iter().flat_map(Unsealed::moments).collect();
    let sets = context.trust.at(moments.iter().copied().collect()).await?;
    let mut known = Known {
        by_list,
        at: moments.into_iter().zip(sets).collect(),
        now: context.trust.trust(),
        added: BTreeMap::new(),
        added_people: BTreeSet::new(),
    };
    let accepted = context.store.accepted_changes(LIST_ROWS).await?;
    accepted.iter().for_each(|change| known.take(&change.change));
    Ok(known)
}

async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use ed25519_dalek::SigningKey;
    use issuer::CodeSigner;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;
    use sample::{HUBEI, NOW};
    use wire::report::{Roster, RosterChange, Shift, ShiftEvent};
    use wire::seal::ChainPlace;
    use wire::{Batch, BatchId, Carried, ClockState, Direction, Passage, RecordId, Report, Shown};
    use wire::{StationId, StreamId};

    use super::*;
    use crate::store::{AlertKind, Arrival, Redemption};
    use crate::system::Clock;
    use crate::testing::world;

    const STATION: StationId = StationId([1; 16]);

    struct TestWorker {
        context: Context,
        clock: Arc<AtomicI64>,
        data: tempfile::TempDir,
        head: [u8; 32],
        seq: u64,
    }

    impl TestWorker {
        /// Returns a worker of an office that has enrolled [`STATION`].
        async fn new() -> Self {
            let data = tempfile::tempdir().unwrap();
            let clock = Arc::new(AtomicI64::new(NOW.0));
            let context = world::context(data.path(), Clock::set_by(clock.clone())).await;
            Self::of(context, clock, data).await
        }

        /// Returns a worker of an office that may sign its community file.
        async fn with_region_key() -> Self {
            let data = tempfile::tempdir().unwrap();
            let clock = Arc::new(AtomicI64::new(NOW.0));
            let context = world::context_with_region_key(data.path(), Clock::set_by(clock.clone())).await;
            Self::of(context, clock, data).await
        }

        async fn of(context: Context, clock: Arc<AtomicI64>, data: tempfile::TempDir) -> Self {
            context.store.add_ticket([1; 32], NOW, NOW.plus(60)).await.unwrap();
            let redemption = Redemption {
                secret_hash: [1; 32],
                station: STATION,
                key: [2; 32],
                sealing: [2; 32],
                name: "东门".into(),
            };
            context.store.redeem(redemption, NOW).await.unwrap();
            Self { context, clock, data, head: [0; 32], seq: 0 }
        }

        /// Sends a report, sealed to this private key.
        async fn send(&mut self, report: &Report, private: [u8; 32]) {
            let recipient = wire::seal::recipient_key(&private).unwrap();
            let record = RecordId([u8::try_from(self.seq).unwrap(); 16]);
            let stream = StreamId([3; 16]);
            let place = ChainPlace { station: STATION, stream, seq: self.seq, record, link: self.head };
            let mut rng = ChaCha20Rng::seed_from_u64(self.seq);
            let kid = health_code::key_id(&recipient);
            let sealed = wire::seal::seal(report, &place, kid, &recipient, &mut rng).unwrap();
            self.head = wire::chain(&self.head, &sealed.ciphertext);
            self.seq += 1;
            let batch = Batch { station: STATION, id: BatchId([4; 16]), reports: vec![sealed] };
            let signed = batch.sign(&SigningKey::from_bytes(&[2; 32])).bytes;
            let arrival = Arrival { batch, signed, received: NOW };
            self.context.store.accept(arrival).await.unwrap();
        }

        async fn reasons(&self) -> Vec<String> {
            let quarantined = self.context.store.quarantined(10).await.unwrap();
            quarantined.iter().map(|quarantined| quarantined.reason.to_string()).collect()
        }

        fn folder(&self) -> PathBuf {
            crate::config::Layout::of(self.data.path()).trust()
        }
    }

    fn passage(signer: u8, trust: u64) -> Report {
        let code = CodeSigner::new(sample::key(signer)).cose(sample::claims(NOW).to_payload());
        Report::Passage(Passage {
            at: NOW.0,
            clock: ClockState::Trusted,
            checkpoint: [1; 8],
            collector: [1; 8],
            policies: sample::Deployment::new().trust().policy(NOW).unwrap().set.0,
            trust,
            shown: Shown::Pass,
            code: Carried::Whole(code),
            judged_at: NOW.0,
            direction: Direction::In,
            outcome: wire::Outcome::LetThrough,
        })
    }

    #[tokio::test]
    async fn a_round_files_what_opens_and_quarantines_the_rest() {
        let mut worker = TestWorker::new().await;
        let clock = ClockState::Trusted;
        let shift = Report::Shift(Shift { at: NOW.0, clock, person: [1; 8], event: ShiftEvent::SignedIn });
        worker.send(&shift, world::SEALING).await;
        worker.send(&passage(HUBEI, 7), world::SEALING).await;
        worker.send(&passage(sample::STRANGER, 7), world::SEALING).await;
        worker.send(&shift, [77; 32]).await;
        round(&worker.context).await.unwrap();
        let counts = worker.context.store.counts().await.unwrap();
        assert_eq!((counts.shifts, counts.passages, counts.waiting), (1, 1, 0));
        assert_eq!(worker.reasons().await, ["unknown-recipient", "code:unknown-issuer"]);
        assert_eq!(worker.context.store.passages(1).await.unwrap()[0].colour, "green");
    }

    #[tokio::test]
    async fn a_passage_waits_for_the_list_that_judged_it() {
        let mut worker = TestWorker::new().await;
        worker.send(&passage(HUBEI, 8), world::SEALING).await;
        round(&worker.context).await.unwrap();
        assert_eq!(worker.reasons().await, ["unknown-trust"]);
        world::write_trust(&worker.folder(), &world::files_with_list(8));
        round(&worker.context).await.unwrap();
        assert_eq!(worker.reasons().await, [""; 0]);
        assert_eq!(worker.context.store.counts().await.unwrap().passages, 1);
    }

    #[tokio::test]
    async fn a_community_is_renewed_in_time_and_nothing_else_changes() {
        let worker = TestWorker::with_region_key().await;
        let community = || worker.context.trust.trust().community().clone();
        let first = community();
        round(&worker.context).await.unwrap();
        assert_eq!(community(), first, "it is not half as old as it may become");
        let half = first.issued.plus(first.soft_expiry.since(first.issued) / 2);
        worker.clock.store(half.0, Ordering::SeqCst);
        round(&worker.context).await.unwrap();
        let renewed = community();
        assert_eq!(
            (renewed.version, renewed.issued, &renewed.people),
            (first.version + 1, half, &first.people)
        );
        // The folder has it, too. An older file that somebody puts there is named, and keeps out no other.
        let file = std::fs::read(worker.folder().join(disk::trust_folder::COMMUNITY)).unwrap();
        assert_eq!(file, worker.context.trust.trust().files().community);
        world::write_trust(&worker.folder(), &world::files_with_list(8));
        round(&worker.context).await.unwrap();
        let in_force = worker.context.trust.trust();
        assert_eq!((in_force.list().version, in_force.community()), (8, &renewed));
        assert!(worker.context.trust.refused().is_some_and(|refused| refused.contains("older")));
        // By a clock past the list's time, or outside the receipt key's, it signs nothing.
        let past = in_force.list().believed_until();
        for wrong in [past.max(renewed.soft_expiry), half.plus(400 * 86_400)] {
            worker.clock.store(wrong.0, Ordering::SeqCst);
            round(&worker.context).await.unwrap();
            assert_eq!(community(), renewed);
        }
    }

    #[tokio::test]
    async fn an_accepted_change_and_a_withdrawal_enter_the_community_at_once() {
        let mut worker = TestWorker::with_region_key().await;
        let change = RosterChange::CheckpointAdded {
            id: [6; 8],
            name: "北门".into(),
            directions: wire::Directions::Entry,
            place: None,
        };
        let roster = Roster { at: NOW.0, clock: ClockState::Trusted, by: [1; 8], change };
        worker.send(&Report::Roster(roster), world::SEALING).await;
        worker.context.store.withdraw(STATION, NOW).await.unwrap();
        round(&worker.context).await.unwrap();
        let trust = worker.context.trust.trust();
        let community = trust.community();
        assert_eq!((community.version, &community.withdrawn), (6, &vec![STATION.0]));
        assert_eq!(community.checkpoints[1].name, "北门");
        assert_eq!(worker.context.store.accepted_changes(9).await.unwrap(), []);
        round(&worker.context).await.unwrap();
        assert_eq!(worker.context.trust.trust().community().version, 6, "once is enough");
    }

    #[tokio::test]
    async fn an_office_without_a_region_key_signs_nothing() {
        let worker = TestWorker::new().await;
        worker.context.store.withdraw(STATION, NOW).await.unwrap();
        round(&worker.context).await.unwrap();
        assert_eq!(worker.context.trust.trust().community().version, 5);
    }

    #[tokio::test]
    async fn a_withdrawal_that_a_publisher_drops_raises_an_alert_and_is_entered_again_at_once() {
        let worker = TestWorker::with_region_key().await;
        let community = || worker.context.trust.trust().community().clone();
        assert!(worker.context.store.withdraw(STATION, NOW).await.unwrap());
        round(&worker.context).await.unwrap();
        assert_eq!(community().withdrawn, [STATION.0]);
        let now = NOW.plus(60);
        worker.clock.store(now.0, Ordering::SeqCst);
        let next = health_code::Community {
            version: community().version + 1,
            issued: NOW.plus(30),
            withdrawn: Vec::new(),
            ..community()
        };
        let file = issuer::sign_community(&next, &[&sample::key(sample::REGION)]);
        let files = worker.context.trust.trust().files().clone();
        world::write_trust(&worker.folder(), &health_code::TrustFiles { community: file, ..files });
        round(&worker.context).await.unwrap();
        let alerts = worker.context.store.alerts(10).await.unwrap();
        assert_eq!((alerts.len(), alerts[0].kind, alerts[0].station), (1, AlertKind::Dropped, STATION));
        let renewed = community();
        assert_eq!((renewed.version, renewed.issued), (next.version + 1, now));
        assert_eq!(renewed.withdrawn, [STATION.0], "no withdrawal is undone");
    }

    #[tokio::test]
    async fn a_missing_report_raises_an_alert_after_a_while() {
        let mut worker = TestWorker::new().await;
        worker.head = [9; 32];
        worker.send(&passage(HUBEI, 7), world::SEALING).await;
        round(&worker.context).await.unwrap();
        assert_eq!(worker.context.store.alerts(10).await.unwrap(), []);
        worker.clock.store(NOW.0 + GAP_SECONDS, Ordering::SeqCst);
        round(&worker.context).await.unwrap();
        assert_eq!(worker.context.store.alerts(10).await.unwrap()[0].kind, AlertKind::Gap);
    }
}
