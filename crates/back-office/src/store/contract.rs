//! What every store has to do, whatever it is built on. Each case is a test of each backend.

use std::path::Path;
use std::sync::Arc;

use health_code::{KeyId, Timestamp, TrustFiles};
use wire::report::{Carried, Health, Passage, Roster, RosterChange, Shift, ShiftEvent};
use wire::{
    BatchId, ClockState, ReceiptLine, RecordId, RecordStatus, SealedReport, Shown, StationId, StreamId,
};

use super::*;

/// Makes a module of tests for a backend: one test for each case. `$open` opens a store on a folder.
macro_rules! contract {
    ($backend:ident, $open:expr) => {
        contract!(
            $backend,
            $open,
            a_ticket_is_good_once_and_for_a_time,
            doubles_are_told_apart,
            two_servers_take_the_same_batch_once,
            a_conflict_is_kept_beside,
            what_a_withdrawn_station_sends_is_in_quarantine,
            what_is_filed_is_listed,
            quarantine_can_be_opened_again,
            two_workers_never_hold_the_same_report,
            a_lease_ends_by_itself,
            a_gap_is_an_alert_until_it_is_filled,
            two_successors_are_a_fork,
            trust_files_are_found_by_version,
            the_slower_of_two_servers_brings_nothing_into_force,
            what_was_stored_is_known_after_a_restart,
        );
    };
    ($backend:ident, $open:expr, $($case:ident),+ $(,)?) => {
        mod $backend {
            use super::*;

            $(
                #[tokio::test]
                async fn $case() {
                    let folder = tempfile::tempdir().unwrap();
                    super::$case(Database { folder, open: $open }).await;
                }
            )+
        }
    };
}

contract!(sqlite, |folder| Arc::new(SqliteStore::open(&folder.join("office.sqlite")).unwrap()));

/// An empty database, which several servers may open.
struct Database {
    folder: tempfile::TempDir,
    open: fn(&Path) -> Arc<dyn Store>,
}

impl Database {
    fn open(&self) -> Arc<dyn Store> {
        (self.open)(self.folder.path())
    }
}

const NOW: Timestamp = Timestamp(1_583_000_000);
const STATION: StationId = StationId([1; 16]);
const KEY: [u8; 32] = [2; 32];

/// Redeems a ticket for the station of this number, whose key has another number.
async fn redeem(store: &dyn Store, ticket: u8, key: u8, fresh: u8, now: Timestamp) -> Redeemed {
    let redemption = Redemption {
        secret_hash: [ticket; 32],
        key: [key; 32],
        name: "东门".into(),
        fresh: StationId([fresh; 16]),
    };
    store.redeem(redemption, now).await.unwrap()
}

/// Opens the database and enrols [`STATION`].
async fn enrolled(database: &Database) -> Arc<dyn Store> {
    let store = database.open();
    store.add_ticket([9; 32], NOW, NOW.plus(60)).await.unwrap();
    assert_eq!(redeem(&*store, 9, KEY[0], 1, NOW).await, Redeemed::Enrolled(STATION));
    store
}

async fn claim(store: &dyn Store, limit: usize) -> Vec<Waiting> {
    store.claim(limit, NOW, NOW.plus(30)).await.unwrap()
}

/// Reports that follow one another.
fn chain(count: u8, mut link: [u8; 32]) -> Vec<SealedReport> {
    (0..count)
        .map(|n| {
            let report = SealedReport {
                stream: StreamId([3; 16]),
                seq: u64::from(n),
                record: RecordId([n; 16]),
                kid: KeyId([4; 8]),
                link,
                ciphertext: vec![n; 20],
            };
            link = wire::chain(&link, &report.ciphertext);
            report
        })
        .collect()
}

async fn accept(store: &dyn Store, reports: &[SealedReport]) -> Vec<ReceiptLine> {
    let arrival =
        Arrival { station: STATION, batch: BatchId([5; 16]), reports: reports.to_vec(), received: NOW };
    store.accept(arrival).await.unwrap()
}

fn statuses(lines: &[ReceiptLine]) -> Vec<RecordStatus> {
    lines.iter().map(|line| line.status).collect()
}

async fn open_alerts(store: &dyn Store) -> Vec<AlertKind> {
    let alerts = store.alerts(100).await.unwrap();
    alerts.into_iter().filter(|alert| alert.cleared.is_none()).map(|alert| alert.kind).collect()
}

async fn a_ticket_is_good_once_and_for_a_time(database: Database) {
    let store = &*database.open();
    assert_eq!(redeem(store, 1, 1, 1, NOW).await, Redeemed::Unknown);
    for ticket in [1, 2, 3] {
        store.add_ticket([ticket; 32], NOW, NOW.plus(60)).await.unwrap();
    }
    assert_eq!(redeem(store, 1, 1, 1, NOW.plus(60)).await, Redeemed::Expired);
    assert_eq!(redeem(store, 1, 1, 1, NOW.plus(59)).await, Redeemed::Enrolled(StationId([1; 16])));
    // The answer was lost, and the same laptop asks again, even after the ticket's time.
    assert_eq!(redeem(store, 1, 1, 2, NOW.plus(61)).await, Redeemed::Enrolled(StationId([1; 16])));
    assert_eq!(redeem(store, 1, 2, 3, NOW).await, Redeemed::Used);
    // A laptop that kept its key stays the station it was.
    assert_eq!(redeem(store, 2, 1, 4, NOW).await, Redeemed::Enrolled(StationId([1; 16])));
    assert!(store.withdraw(StationId([1; 16]), NOW).await.unwrap());
    assert_eq!(redeem(store, 3, 1, 5, NOW).await, Redeemed::Withdrawn);
    assert_eq!(redeem(store, 3, 2, 6, NOW).await, Redeemed::Enrolled(StationId([6; 16])));
    assert!(!store.withdraw(StationId([7; 16]), NOW).await.unwrap());
    assert_eq!(store.stations().await.unwrap().len(), 2);
    assert_eq!(store.station(StationId([1; 16])).await.unwrap().unwrap().withdrawn, Some(NOW));
    assert_eq!(store.station(StationId([7; 16])).await.unwrap(), None);
}

async fn doubles_are_told_apart(database: Database) {
    use RecordStatus::{AlreadyStored, Stored};
    let store = &*enrolled(&database).await;
    let reports = chain(4, [0; 32]);
    assert_eq!(statuses(&accept(store, &reports[..2]).await), [Stored; 2]);
    let reordered = [reports[3].clone(), reports[1].clone(), reports[0].clone(), reports[2].clone()];
    let lines = accept(store, &reordered).await;
    assert_eq!(statuses(&lines), [Stored, AlreadyStored, AlreadyStored, Stored]);
    for (line, report) in lines.iter().zip(&reordered) {
        assert_eq!((line.record, line.hash), (report.record, wire::seal::hash(&report.ciphertext)));
    }
    assert_eq!(statuses(&accept(store, &reports).await), [AlreadyStored; 4]);
    assert_eq!(accept(store, &[]).await, []);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.records, counts.waiting), (4, 4));
    assert_eq!(open_alerts(store).await, []);
    assert_eq!(store.station(STATION).await.unwrap().unwrap().last_seen, Some(NOW));
}

async fn a_conflict_is_kept_beside(database: Database) {
    let store = &*enrolled(&database).await;
    let first = chain(1, [0; 32]).remove(0);
    let other = SealedReport { ciphertext: vec![77; 20], link: [8; 32], ..first.clone() };
    accept(store, std::slice::from_ref(&first)).await;
    for _ in 0..2 {
        let lines = accept(store, std::slice::from_ref(&other)).await;
        assert_eq!(statuses(&lines), [RecordStatus::Conflict]);
        assert_eq!(lines[0].hash, wire::seal::hash(&other.ciphertext));
    }
    assert_eq!(statuses(&accept(store, &[first]).await), [RecordStatus::AlreadyStored]);
    let quarantined = store.quarantined(10).await.unwrap();
    assert_eq!(quarantined.len(), 1);
    assert_eq!(quarantined[0].reason, QuarantineReason::Conflict);
    assert_eq!(open_alerts(store).await, [AlertKind::Conflict]);
    assert_eq!(store.reopen(None).await.unwrap(), 0);
}

async fn what_a_withdrawn_station_sends_is_in_quarantine(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(3, [0; 32]);
    accept(store, &reports[..1]).await;
    store.withdraw(STATION, NOW).await.unwrap();
    let lines = accept(store, &reports).await;
    assert_eq!(lines[0].status, RecordStatus::AlreadyStored);
    assert_eq!(statuses(&lines[1..]), [RecordStatus::Stored; 2]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.quarantined), (1, 2));
    assert_eq!(open_alerts(store).await, [AlertKind::WithdrawnSends]);
    assert_eq!(store.reopen(Some(QuarantineReason::Seal)).await.unwrap(), 0);
    assert_eq!(store.reopen(None).await.unwrap(), 2);
}

async fn what_is_filed_is_listed(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(5, [0; 32]);
    accept(store, &reports).await;
    let waiting = claim(store, 10).await;
    assert_eq!(waiting.iter().map(|one| one.report.clone()).collect::<Vec<_>>(), reports);
    let clock = ClockState::Asserted;
    let passage = Passage {
        at: NOW.0,
        clock,
        checkpoint: [1; 8],
        collector: [2; 8],
        policy: u64::MAX,
        trust: 7,
        shown: Shown::Check,
        code: Carried::Whole(vec![1, 2, 3]),
    };
    let refusals = vec![("expired".to_owned(), 3)];
    let change = RosterChange::CheckpointAdded { id: [6; 8], name: "西门".into() };
    let certificate = Passage {
        code: Carried::Certificate {
            id: "URN:UVCI:01:XS:1".into(),
            country: "XS".into(),
            masked_name: "M*".into(),
        },
        ..passage.clone()
    };
    let filings = [
        Filing::Passage { passage, claims: Box::new(claims()) },
        Filing::Certificate(certificate),
        Filing::Shift(Shift { at: 1, clock, person: [2; 8], event: ShiftEvent::At { checkpoint: [1; 8] } }),
        Filing::Roster(Roster { at: 1, clock, by: [2; 8], change }),
        Filing::Health(Health { at: 1, clock, refusals }),
    ];
    let settled: Vec<_> = waiting
        .iter()
        .zip(filings)
        .map(|(waiting, filing)| Settled {
            key: waiting.key,
            outcome: Outcome::Filed(Box::new(filing)),
            alert: Some((AlertKind::ShownBetter, "once".into())),
        })
        .collect();
    // Twice, as by a worker that died after the commit and settles again.
    store.settle(settled.clone(), NOW).await.unwrap();
    store.settle(settled.clone(), NOW).await.unwrap();
    let counts = store.counts().await.unwrap();
    let filed = (counts.passages, counts.shifts, counts.roster_changes, counts.health_reports);
    assert_eq!((filed, counts.waiting, counts.quarantined), ((2, 1, 1, 1), 0, 0));
    let passages = store.passages(10).await.unwrap();
    assert_eq!(passages.len(), 2);
    let of = |colour: &str| passages.iter().find(|passage| passage.colour == colour).unwrap();
    let (code, certificate) = (of("green"), of("certificate"));
    assert_eq!((code.at, code.shown, code.clock), (NOW, Shown::Check, clock));
    assert_eq!(code.masked_name, "张*");
    // A certificate gives its country, the masked name, and a pseudonym that follows from its id.
    assert_eq!((certificate.iss.as_str(), certificate.masked_name.as_str()), ("XS", "M*"));
    assert_eq!(certificate.masked_id, "");
    assert_eq!(certificate.pseudonym, health_code::hcert::pseudonym("URN:UVCI:01:XS:1"));
    assert_eq!(store.roster_changes(10).await.unwrap()[0].name, "西门");
    assert_eq!(store.alerts(10).await.unwrap().len(), 5);
    // Filed, and still known when it comes again.
    assert_eq!(statuses(&accept(store, &reports).await), [RecordStatus::AlreadyStored; 5]);
    assert_eq!(claim(store, 10).await, []);
}

async fn quarantine_can_be_opened_again(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(2, [0; 32])).await;
    let settled: Vec<_> = claim(store, 10)
        .await
        .iter()
        .zip([QuarantineReason::Seal, QuarantineReason::Code("expired")])
        .map(|(waiting, reason)| Settled {
            key: waiting.key,
            outcome: Outcome::Quarantined(reason),
            alert: None,
        })
        .collect();
    store.settle(settled.clone(), NOW).await.unwrap();
    assert_eq!(claim(store, 10).await, []);
    assert_eq!(store.quarantined(10).await.unwrap().len(), 2);
    assert_eq!(store.reopen(Some(QuarantineReason::Seal)).await.unwrap(), 1);
    assert_eq!(claim(store, 10).await[0].report, chain(2, [0; 32])[0]);
    assert_eq!(store.reopen(None).await.unwrap(), 1);
    assert_eq!(store.counts().await.unwrap().quarantined, 0);
}

async fn two_workers_never_hold_the_same_report(database: Database) {
    let one = enrolled(&database).await;
    let other = database.open();
    accept(&*one, &chain(5, [0; 32])).await;
    let (first, second) = tokio::join!(claim(&*one, 3), claim(&*other, 3));
    let mut keys: Vec<_> = first.iter().chain(&second).map(|waiting| waiting.key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5);
    assert_eq!(claim(&*one, 10).await, []);
}

async fn a_lease_ends_by_itself(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(2, [0; 32]);
    accept(store, &reports).await;
    let lost = claim(store, 1).await;
    let until = NOW.plus(30);
    assert_eq!(store.claim(10, until.plus(-1), until).await.unwrap().len(), 1, "the other report");
    let again = store.claim(10, until, until.plus(30)).await.unwrap();
    assert_eq!(again.iter().map(|waiting| waiting.report.clone()).collect::<Vec<_>>(), reports);
    assert_eq!(again[0], lost[0]);
    // The worker that outlived its lease settles after all: the report is settled once.
    let quarantined = Outcome::Quarantined(QuarantineReason::Seal);
    let settled = Settled { key: lost[0].key, outcome: quarantined, alert: None };
    store.settle(vec![settled.clone()], until).await.unwrap();
    let late = Outcome::Quarantined(QuarantineReason::Report);
    store.settle(vec![Settled { outcome: late, ..settled }], until).await.unwrap();
    let reasons: Vec<_> =
        store.quarantined(10).await.unwrap().iter().map(|quarantined| quarantined.reason).collect();
    assert_eq!(reasons, [QuarantineReason::Seal]);
}

async fn two_servers_take_the_same_batch_once(database: Database) {
    let one = enrolled(&database).await;
    let other = database.open();
    let reports = chain(20, [0; 32]);
    let (first, second) = tokio::join!(accept(&*one, &reports), accept(&*other, &reports));
    for (first, second) in first.iter().zip(&second) {
        let mut both = [first.status, second.status];
        both.sort_by_key(|status| *status != RecordStatus::Stored);
        assert_eq!(both, [RecordStatus::Stored, RecordStatus::AlreadyStored]);
    }
    assert_eq!(one.counts().await.unwrap().waiting, 20);
    assert_eq!(open_alerts(&*one).await, []);
}

async fn what_was_stored_is_known_after_a_restart(database: Database) {
    let store = enrolled(&database).await;
    assert_eq!(statuses(&accept(&*store, &chain(5, [0; 32])).await), [RecordStatus::Stored; 5]);
    drop(store);
    let store = database.open();
    assert_eq!(statuses(&accept(&*store, &chain(5, [0; 32])).await), [RecordStatus::AlreadyStored; 5]);
}

async fn the_slower_of_two_servers_brings_nothing_into_force(database: Database) {
    let (one, other) = (database.open(), database.open());
    let set = |list: u64| TrustSet {
        versions: TrustVersions { root: 1, list, community: 1 },
        files: TrustFiles { list: vec![u8::try_from(list).unwrap()], ..TrustFiles::default() },
        roots: vec![(1, vec![1])],
    };
    assert_eq!(one.versions_in_force().await.unwrap(), None);
    assert!(one.bring_into_force(set(1), None, NOW).await.unwrap());
    assert!(!other.bring_into_force(set(1), None, NOW).await.unwrap());
    let in_force = other.versions_in_force().await.unwrap();
    assert_eq!(in_force, Some(set(1).versions));
    assert!(other.bring_into_force(set(3), in_force, NOW).await.unwrap());
    assert!(!one.bring_into_force(set(2), in_force, NOW).await.unwrap());
    assert_eq!(one.trust(None).await.unwrap(), Some(set(3).files));
}

async fn a_gap_is_an_alert_until_it_is_filled(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(4, [0; 32]);
    accept(store, &[reports[3].clone(), reports[0].clone()]).await;
    store.check_chains(NOW.plus(-1), NOW).await.unwrap();
    assert_eq!(open_alerts(store).await, [], "not yet");
    for _ in 0..2 {
        store.check_chains(NOW, NOW).await.unwrap();
        assert_eq!(open_alerts(store).await, [AlertKind::Gap]);
    }
    accept(store, &reports[1..3]).await;
    store.check_chains(NOW, NOW).await.unwrap();
    assert_eq!(open_alerts(store).await, []);
    assert_eq!(store.alerts(10).await.unwrap()[0].cleared, Some(NOW));
}

async fn two_successors_are_a_fork(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(2, [0; 32]);
    accept(store, &reports).await;
    assert_eq!(open_alerts(store).await, []);
    // A second stream that continues where the first report ended, as a restored disk does.
    let restored = SealedReport {
        stream: StreamId([8; 16]),
        seq: 0,
        record: RecordId([88; 16]),
        ciphertext: vec![88; 20],
        ..reports[1].clone()
    };
    assert_eq!(statuses(&accept(store, &[restored]).await), [RecordStatus::Stored]);
    assert_eq!(open_alerts(store).await, [AlertKind::Fork]);
}

async fn trust_files_are_found_by_version(database: Database) {
    let store = &*database.open();
    assert_eq!(store.trust(None).await.unwrap(), None);
    // A chunk that all share, one of each, and none at all.
    let files = |n: u8| {
        let revocations: &[[u8; 8]] = &[[0; 8], [9, 0, 0, 0, 0, 0, 0, n], [9, 9, 0, 0, 0, 0, 0, n]];
        let revocations = if n == 1 { [].into() } else { revocations.as_flattened().into() };
        TrustFiles { root: vec![n], list: vec![n, 1], community: vec![n, 2], revocations }
    };
    let set = |n: u8, list: u64, roots: &[(u64, Vec<u8>)]| TrustSet {
        versions: TrustVersions { root: n.into(), list, community: 1 },
        files: files(n),
        roots: roots.to_vec(),
    };
    let mut before = None;
    for set in [
        set(1, 1, &[(1, vec![1])]),
        set(2, u64::MAX, &[]),
        set(3, u64::MAX, &[(1, vec![1]), (2, vec![7]), (3, vec![3])]),
    ] {
        let versions = set.versions;
        assert!(store.bring_into_force(set, before, NOW).await.unwrap());
        before = Some(versions);
    }
    let mut roots = Vec::new();
    for version in [1, 2, 3, 4] {
        roots.push(store.root(version).await.unwrap());
    }
    assert_eq!(roots, [Some(vec![1]), Some(vec![7]), Some(vec![3]), None]);
    assert_eq!(store.trust(None).await.unwrap(), Some(files(3)));
    assert_eq!(store.trust(Some(1)).await.unwrap(), Some(files(1)));
    assert_eq!(store.trust(Some(u64::MAX)).await.unwrap(), Some(files(3)));
    assert_eq!(store.trust(Some(2)).await.unwrap(), None);
}

fn claims() -> health_code::Claims {
    health_code::Claims {
        iss: "hubei".into(),
        iat: NOW,
        exp: NOW.plus(60),
        pseudonym: [1; 16],
        masked_name: "张*".into(),
        masked_id: "4201**********1234".into(),
        colour: health_code::Colour::Green,
        region: "420106".parse().unwrap(),
        symptoms: 0,
        temperature: None,
        sealed_declaration: vec![0; 16],
        is_static: false,
        declared_at: Timestamp(0),
    }
}
