use std::path::PathBuf;
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
use crate::limits::{BEHIND_SECONDS, GAP_SECONDS};
use crate::store::{AlertKind, Arrival, Filing, IssuedTicket, Outcome, Redemption};
use crate::system::Clock;
use crate::testing::world;

mod communities;
mod people;

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
        let ticket = IssuedTicket::nameless([1; 32], sample::HERE.parse().unwrap(), NOW, NOW.plus(60));
        context.store.add_ticket(ticket).await.unwrap();
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
        let batch = Batch {
            station: STATION,
            id: BatchId([4; 16]),
            reports: vec![sealed],
            awaits: vec![],
            about: None,
        };
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

/// Does one round of each duty.
async fn round(context: &Context) -> Result<(), TrustError> {
    let (_, stopping) = watch::channel(false);
    // Opening twice: a change that it accepts is renewed, and what other files let out of quarantine is opened.
    for name in ["opening", "trust-files", "opening", "chains", "watch"] {
        let duty = DUTIES.iter().find(|duty| duty.name == name).unwrap();
        (duty.round)(context, &stopping).await?;
    }
    Ok(())
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
    assert_eq!((renewed.version, renewed.issued, &renewed.people), (first.version + 1, half, &first.people));
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
async fn a_stricter_policy_comes_into_force_and_what_nobody_may_change_is_refused() {
    let mut worker = TestWorker::with_region_key().await;
    let person = health_code::Person {
        id: health_code::PersonId([9; 8]),
        role: health_code::Role::Administrator,
        ..worker.context.trust.trust().community().people[0].clone()
    };
    let region = sample::HERE.parse().unwrap();
    let officer = crate::store::Officer { id: [9; 8], region, person, active: true };
    worker.context.store.set_officer(officer).await.unwrap();
    round(&worker.context).await.unwrap();
    assert_eq!(worker.context.trust.trust().community().version, 6);
    let fever = worker.context.trust.trust().policy(NOW).unwrap().policy.fever_tenths;
    let stricter = |fever| RosterChange::PolicyStricter {
        cells: Vec::new(),
        fever: Some(fever),
        declaration_hours: None,
    };
    let made = |by, change| Report::Roster(Roster { at: NOW.0, clock: ClockState::Trusted, by, change });
    for report in [
        made([9; 8], stricter(fever - 1)),
        // No policy may say so.
        made([9; 8], stricter(1)),
        // A collector may not, and nobody at a station removes an administrator.
        made([1; 8], stricter(fever - 2)),
        made([9; 8], RosterChange::PersonRemoved { id: [9; 8] }),
        made(
            [9; 8],
            RosterChange::CheckpointChanged {
                id: [77; 8],
                name: "北门".into(),
                directions: wire::Directions::Both,
            },
        ),
    ] {
        worker.send(&report, world::SEALING).await;
    }
    worker.clock.store(NOW.0 + 10, Ordering::SeqCst);
    round(&worker.context).await.unwrap();
    let trust = worker.context.trust.trust();
    assert_eq!(trust.community().version, 7);
    assert_eq!(trust.policy(NOW).unwrap().policy.fever_tenths, fever - 1);
    let records = (0..5).map(|n| RecordId([n; 16])).collect();
    let changes = worker.context.store.changes_of(STATION, records).await.unwrap();
    let states: Vec<_> = changes.iter().map(|change| change.state.code()).collect();
    assert_eq!(states, ["entered", "unusable", "not-allowed", "not-allowed", "not-there"]);
    let alerts = worker.context.store.alerts(9).await.unwrap();
    assert!(alerts.len() == 2 && alerts.iter().all(|alert| alert.kind == AlertKind::NoRight), "{alerts:?}");
    // Whoever enrols has the new policy, and so has whoever asks for it by its name.
    let named = &trust.community().policies[0];
    assert!(worker.context.store.policy(named.hash).await.unwrap().is_some());
    assert!(trust.files().policies.iter().any(|file| health_code::PolicyHash::of(file) == named.hash));
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

#[tokio::test]
async fn an_office_that_falls_behind_says_so_until_it_has_caught_up() {
    let mut worker = TestWorker::new().await;
    worker.send(&passage(HUBEI, 7), world::SEALING).await;
    let watch = || upkeep::watch(&worker.context);
    let behind = async || {
        watch().await.unwrap();
        let alerts = worker.context.store.alerts(10).await.unwrap();
        alerts.iter().map(|alert| (alert.kind, alert.cleared)).collect::<Vec<_>>()
    };
    worker.clock.store(NOW.0 + BEHIND_SECONDS, Ordering::SeqCst);
    assert_eq!(behind().await, []);
    worker.clock.store(NOW.0 + BEHIND_SECONDS + 1, Ordering::SeqCst);
    assert_eq!(behind().await, [(AlertKind::Behind, None)]);
    assert_eq!(behind().await.len(), 1, "once is enough");
    let text = worker.context.metrics.text();
    assert!(text.contains("kadian_office_oldest_letter_seconds 61"), "{text}");
    let (_, stopping) = watch::channel(false);
    opener::open_all(&worker.context, &stopping).await.unwrap();
    assert_eq!(behind().await, [(AlertKind::Behind, Some(NOW.plus(BEHIND_SECONDS + 1)))]);
}

#[tokio::test]
async fn an_office_that_stops_files_what_it_has_claimed_and_claims_no_more() {
    let mut worker = TestWorker::new().await;
    worker.send(&passage(HUBEI, 7), world::SEALING).await;
    let (_, stopping) = watch::channel(true);
    opener::open_all(&worker.context, &stopping).await.unwrap();
    assert_eq!(worker.context.store.counts().await.unwrap().waiting, 1);
    let (waker, running) = start(&worker.context);
    waker.wake();
    while worker.context.store.counts().await.unwrap().passages == 0 {
        tokio::task::yield_now().await;
    }
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_duty_that_ends_is_named() {
    let (stop, _) = watch::channel(false);
    let mut worker = Worker { tasks: JoinSet::new(), names: Vec::new(), stop, ending: Ending::default() };
    worker.spawn("chains", std::future::pending());
    worker.spawn("opening", async { panic!("a panic, as a test of panics has") });
    assert_eq!(worker.ended().await, "the worker's duty opening panicked");
}

#[tokio::test]
async fn a_report_in_conflict_can_be_looked_at_and_filed_beside_the_other() {
    let mut worker = TestWorker::new().await;
    worker.send(&passage(HUBEI, 7), world::SEALING).await;
    (worker.seq, worker.head) = (0, [0; 32]);
    let Report::Passage(first) = passage(HUBEI, 7) else { panic!("a passage") };
    worker.send(&Report::Passage(Passage { at: NOW.0 + 1, ..first }), world::SEALING).await;
    round(&worker.context).await.unwrap();
    assert_eq!(worker.reasons().await, ["conflict"]);
    let record = RecordId([0; 16]);
    let look = async || crate::conflict::look(&worker.context, STATION, record).await.unwrap();
    let (waiting, settled) = look().await.remove(0);
    let Outcome::Filed(filing) = &settled.outcome else { panic!("it opens: {settled:?}") };
    assert!(matches!(&**filing, Filing::Passage { passage, .. } if passage.at == NOW.0 + 1));
    let id = crate::store::filed_as(&waiting.key);
    assert!(crate::conflict::file(&worker.context, waiting.clone(), settled.clone()).await.unwrap());
    assert!(!crate::conflict::file(&worker.context, waiting, settled).await.unwrap(), "once");
    assert!(look().await.is_empty() && worker.reasons().await.is_empty());
    let passages = worker.context.store.passages(9).await.unwrap();
    assert_eq!(passages.iter().map(|row| row.record).collect::<Vec<_>>(), [id, record]);
}
