//! What every store has to do, whatever it is built on.

use health_code::{KeyId, Timestamp, TrustFiles};
use wire::report::{Carried, Health, Passage, Roster, RosterChange, Shift, ShiftEvent};
use wire::{
    BatchId, ClockState, ReceiptLine, RecordId, RecordStatus, SealedReport, Shown, StationId, StreamId,
};

use super::*;

const NOW: Timestamp = Timestamp(1_583_000_000);
const STATION: StationId = StationId([1; 16]);
const KEY: [u8; 32] = [2; 32];

/// A store that is opened on a folder, and opened again on the same one.
pub(super) fn holds(open: fn(&std::path::Path) -> Box<dyn Store>) {
    type Case = (&'static str, fn(&dyn Store));
    let cases: [Case; 9] = [
        ("tickets", tickets_are_good_once_and_for_a_time),
        ("doubles", doubles_are_told_apart),
        ("conflicts", a_conflict_is_kept_beside),
        ("withdrawn", what_a_withdrawn_station_sends_is_in_quarantine),
        ("filing", what_is_filed_is_listed),
        ("quarantine", quarantine_can_be_opened_again),
        ("gaps", a_gap_is_an_alert_until_it_is_filled),
        ("forks", two_successors_are_a_fork),
        ("trust", trust_files_are_found_by_version),
    ];
    for (name, case) in cases {
        println!("{name}");
        let folder = tempfile::tempdir().unwrap();
        case(&*open(folder.path()));
    }
    let folder = tempfile::tempdir().unwrap();
    let before = accept(&*enrolled(open(folder.path())), &chain(5, [0; 32]));
    let again = accept(&*open(folder.path()), &chain(5, [0; 32]));
    assert!(before.iter().all(|line| line.status == RecordStatus::Stored));
    assert!(again.iter().all(|line| line.status == RecordStatus::AlreadyStored), "after a restart");
}

fn enrolled(store: Box<dyn Store>) -> Box<dyn Store> {
    enrol(&*store);
    store
}

fn enrol(store: &dyn Store) {
    store.add_ticket(&[9; 32], NOW, NOW.plus(60)).unwrap();
    assert_eq!(store.redeem(&[9; 32], &KEY, "东门", STATION, NOW).unwrap(), Redeemed::Enrolled(STATION));
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

fn accept(store: &dyn Store, reports: &[SealedReport]) -> Vec<ReceiptLine> {
    let batch = BatchId([5; 16]);
    store.accept(&Arrival { station: STATION, batch, reports, received: NOW }).unwrap()
}

fn statuses(lines: &[ReceiptLine]) -> Vec<RecordStatus> {
    lines.iter().map(|line| line.status).collect()
}

fn open_alerts(store: &dyn Store) -> Vec<String> {
    let alerts = store.alerts(100).unwrap();
    alerts
        .into_iter()
        .filter(|alert| alert.cleared.is_none())
        .map(|alert| alert.kind.code().to_owned())
        .collect()
}

fn tickets_are_good_once_and_for_a_time(store: &dyn Store) {
    let redeem = |ticket: u8, key: u8, fresh: u8, now| {
        store.redeem(&[ticket; 32], &[key; 32], "n", StationId([fresh; 16]), now).unwrap()
    };
    assert_eq!(redeem(1, 1, 1, NOW), Redeemed::Unknown);
    for ticket in [1, 2, 3] {
        store.add_ticket(&[ticket; 32], NOW, NOW.plus(60)).unwrap();
    }
    assert_eq!(redeem(1, 1, 1, NOW.plus(60)), Redeemed::Expired);
    assert_eq!(redeem(1, 1, 1, NOW.plus(59)), Redeemed::Enrolled(StationId([1; 16])));
    // The answer was lost, and the same laptop asks again, even later.
    assert_eq!(redeem(1, 1, 2, NOW.plus(61)), Redeemed::Enrolled(StationId([1; 16])));
    assert_eq!(redeem(1, 2, 3, NOW), Redeemed::Used);
    // A laptop that kept its key stays the station it was.
    assert_eq!(redeem(2, 1, 4, NOW), Redeemed::Enrolled(StationId([1; 16])));
    assert!(store.withdraw(StationId([1; 16]), NOW).unwrap());
    assert_eq!(redeem(3, 1, 5, NOW), Redeemed::Withdrawn);
    assert_eq!(redeem(3, 2, 6, NOW), Redeemed::Enrolled(StationId([6; 16])));
    assert!(!store.withdraw(StationId([7; 16]), NOW).unwrap());
    assert_eq!(store.stations().unwrap().len(), 2);
    assert_eq!(store.station(StationId([1; 16])).unwrap().unwrap().withdrawn, Some(NOW));
    assert_eq!(store.station(StationId([7; 16])).unwrap(), None);
}

fn doubles_are_told_apart(store: &dyn Store) {
    use RecordStatus::{AlreadyStored, Stored};
    enrol(store);
    let reports = chain(4, [0; 32]);
    assert_eq!(statuses(&accept(store, &reports[..2])), [Stored; 2]);
    let reordered = [reports[3].clone(), reports[1].clone(), reports[0].clone(), reports[2].clone()];
    let lines = accept(store, &reordered);
    assert_eq!(statuses(&lines), [Stored, AlreadyStored, AlreadyStored, Stored]);
    for (line, report) in lines.iter().zip(&reordered) {
        assert_eq!((line.record, line.hash), (report.record, wire::seal::hash(&report.ciphertext)));
    }
    assert_eq!(statuses(&accept(store, &reports)), [AlreadyStored; 4]);
    assert_eq!(accept(store, &[]), []);
    let counts = store.counts().unwrap();
    assert_eq!((counts.records, counts.waiting), (4, 4));
    assert_eq!(open_alerts(store), [""; 0]);
    assert_eq!(store.station(STATION).unwrap().unwrap().last_seen, Some(NOW));
}

fn a_conflict_is_kept_beside(store: &dyn Store) {
    enrol(store);
    let first = chain(1, [0; 32]).remove(0);
    let other = SealedReport { ciphertext: vec![77; 20], link: [8; 32], ..first.clone() };
    accept(store, std::slice::from_ref(&first));
    for _ in 0..2 {
        let lines = accept(store, std::slice::from_ref(&other));
        assert_eq!(statuses(&lines), [RecordStatus::Conflict]);
        assert_eq!(lines[0].hash, wire::seal::hash(&other.ciphertext));
    }
    assert_eq!(statuses(&accept(store, &[first])), [RecordStatus::AlreadyStored]);
    let quarantined = store.quarantined(10).unwrap();
    assert_eq!(quarantined.len(), 1);
    assert_eq!(quarantined[0].reason, QuarantineReason::Conflict);
    assert_eq!(open_alerts(store), ["conflict"]);
    assert_eq!(store.reopen(None).unwrap(), 0);
}

fn what_a_withdrawn_station_sends_is_in_quarantine(store: &dyn Store) {
    enrol(store);
    let reports = chain(3, [0; 32]);
    accept(store, &reports[..1]);
    store.withdraw(STATION, NOW).unwrap();
    let lines = accept(store, &reports);
    assert_eq!(lines[0].status, RecordStatus::AlreadyStored);
    assert_eq!(statuses(&lines[1..]), [RecordStatus::Stored; 2]);
    let counts = store.counts().unwrap();
    assert_eq!((counts.waiting, counts.quarantined), (1, 2));
    assert_eq!(open_alerts(store), ["withdrawn-sends"]);
    assert_eq!(store.reopen(Some(QuarantineReason::Seal)).unwrap(), 0);
    assert_eq!(store.reopen(None).unwrap(), 2);
}

fn what_is_filed_is_listed(store: &dyn Store) {
    enrol(store);
    let reports = chain(5, [0; 32]);
    accept(store, &reports);
    let waiting = store.waiting(10).unwrap();
    assert_eq!(waiting.iter().map(|one| one.report.clone()).collect::<Vec<_>>(), reports);
    assert_eq!(store.waiting(2).unwrap().len(), 2);
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
            row: waiting.row,
            outcome: Outcome::Filed(Box::new(filing)),
            alert: Some((AlertKind::ShownBetter, "once".into())),
        })
        .collect();
    // Twice: a worker that died after the commit does its round again.
    store.settle(&settled, NOW).unwrap();
    store.settle(&settled, NOW).unwrap();
    let counts = store.counts().unwrap();
    let filed = (counts.passages, counts.shifts, counts.roster_changes, counts.health_reports);
    assert_eq!((filed, counts.waiting, counts.quarantined), ((2, 1, 1, 1), 0, 0));
    let passages = store.passages(10).unwrap();
    assert_eq!(passages.len(), 2);
    let of = |colour: &str| passages.iter().find(|passage| passage.colour == colour).unwrap();
    let (code, certificate) = (of("green"), of("certificate"));
    assert_eq!((code.at, code.shown, code.clock), (NOW, Shown::Check, clock));
    assert_eq!(code.masked_name, "张*");
    // Of a certificate: its country, the masked name, and a name for the person that follows from its id.
    assert_eq!((certificate.iss.as_str(), certificate.masked_name.as_str()), ("XS", "M*"));
    assert_eq!(certificate.masked_id, "");
    assert_eq!(certificate.pseudonym, health_code::hcert::pseudonym("URN:UVCI:01:XS:1"));
    assert_eq!(store.roster_changes(10).unwrap()[0].name, "西门");
    assert_eq!(store.alerts(10).unwrap().len(), 5);
    // Filed, and still known when it comes again.
    assert_eq!(statuses(&accept(store, &reports)), [RecordStatus::AlreadyStored; 5]);
    assert_eq!(store.waiting(10).unwrap(), []);
}

fn quarantine_can_be_opened_again(store: &dyn Store) {
    enrol(store);
    accept(store, &chain(2, [0; 32]));
    let settled: Vec<_> = store
        .waiting(10)
        .unwrap()
        .iter()
        .zip([QuarantineReason::Seal, QuarantineReason::Code("expired")])
        .map(|(waiting, reason)| Settled {
            row: waiting.row,
            outcome: Outcome::Quarantined(reason),
            alert: None,
        })
        .collect();
    store.settle(&settled, NOW).unwrap();
    assert_eq!(store.waiting(10).unwrap(), []);
    assert_eq!(store.quarantined(10).unwrap().len(), 2);
    assert_eq!(store.reopen(Some(QuarantineReason::Seal)).unwrap(), 1);
    assert_eq!(store.waiting(10).unwrap()[0].report, chain(2, [0; 32])[0]);
    assert_eq!(store.reopen(None).unwrap(), 1);
    assert_eq!(store.counts().unwrap().quarantined, 0);
}

fn a_gap_is_an_alert_until_it_is_filled(store: &dyn Store) {
    enrol(store);
    let reports = chain(4, [0; 32]);
    accept(store, &[reports[3].clone(), reports[0].clone()]);
    store.check_chains(NOW.plus(-1), NOW).unwrap();
    assert_eq!(open_alerts(store), [""; 0], "not yet");
    for _ in 0..2 {
        store.check_chains(NOW, NOW).unwrap();
        assert_eq!(open_alerts(store), ["gap"]);
    }
    accept(store, &reports[1..3]);
    store.check_chains(NOW, NOW).unwrap();
    assert_eq!(open_alerts(store), [""; 0]);
    assert_eq!(store.alerts(10).unwrap()[0].cleared, Some(NOW));
}

fn two_successors_are_a_fork(store: &dyn Store) {
    enrol(store);
    let reports = chain(2, [0; 32]);
    accept(store, &reports);
    assert_eq!(open_alerts(store), [""; 0]);
    // A second stream that continues where the first report ended, as a restored disk does.
    let restored = SealedReport {
        stream: StreamId([8; 16]),
        seq: 0,
        record: RecordId([88; 16]),
        ciphertext: vec![88; 20],
        ..reports[1].clone()
    };
    assert_eq!(statuses(&accept(store, &[restored])), [RecordStatus::Stored]);
    assert_eq!(open_alerts(store), ["fork"]);
}

fn trust_files_are_found_by_version(store: &dyn Store) {
    assert_eq!(store.trust(None).unwrap(), None);
    // A chunk that all share, one of each, and none at all.
    let files = |n: u8| {
        let revocations: &[[u8; 8]] = &[[0; 8], [9, 0, 0, 0, 0, 0, 0, n], [9, 9, 0, 0, 0, 0, 0, n]];
        let revocations = if n == 1 { [].into() } else { revocations.as_flattened().into() };
        TrustFiles { root: vec![n], list: vec![n, 1], community: vec![n, 2], revocations }
    };
    store.keep_trust(&files(1), 1, &[(1, vec![1])], NOW).unwrap();
    store.keep_trust(&files(2), u64::MAX, &[], NOW).unwrap();
    store.keep_trust(&files(3), u64::MAX, &[(1, vec![1]), (2, vec![7]), (3, vec![3])], NOW).unwrap();
    assert_eq!(
        [1, 2, 3, 4].map(|version| store.root(version).unwrap()),
        [Some(vec![1]), Some(vec![7]), Some(vec![3]), None]
    );
    assert_eq!(store.trust(None).unwrap(), Some(files(3)));
    assert_eq!(store.trust(Some(1)).unwrap(), Some(files(1)));
    assert_eq!(store.trust(Some(u64::MAX)).unwrap(), Some(files(3)));
    assert_eq!(store.trust(Some(2)).unwrap(), None);
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
