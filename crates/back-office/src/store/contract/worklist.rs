//! Cases of [`Worklist`](crate::store::Worklist): claims, leases, outcomes, and what lists then show.

use health_code::Timestamp;
use wire::report::{Carried, Health, Passage, Roster, RosterChange, Shift, ShiftEvent};
use wire::{ClockState, Direction, Directions, RecordStatus, SealedReport, Shown};

use super::{
    Database, NOW, STATION, accept, arrival, chain, claim, enrolled, open, open_alerts, reports_of, statuses,
};
use crate::store::{
    AlertKind, Arrival, ChangeState, Filing, Outcome, PersonKeys, QuarantineReason, StoreError,
};

pub(super) async fn what_is_filed_is_listed(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(5, [0; 32]);
    accept(store, &reports).await;
    let letters = claim(store, 10).await;
    assert_eq!(reports_of(&letters), reports);
    let clock = ClockState::Asserted;
    let passage = Passage {
        at: NOW.0,
        clock,
        checkpoint: [1; 8],
        collector: [2; 8],
        policies: [3; 32],
        trust: 7,
        shown: Shown::Check,
        code: Carried::Whole(vec![1, 2, 3]),
        judged_at: NOW.0 - 9,
        direction: Direction::Out,
        outcome: wire::Outcome::TurnedAway,
    };
    let refusals = vec![("expired".to_owned(), 3)];
    let change =
        RosterChange::CheckpointChanged { id: [6; 8], name: "西门".into(), directions: Directions::Both };
    let certificate = Passage {
        code: Carried::Certificate {
            id: "URN:UVCI:01:XS:1".into(),
            country: "XS".into(),
            masked_name: "M*".into(),
        },
        ..passage.clone()
    };
    let state = ChangeState::Waits;
    let event = ShiftEvent::At { checkpoint: [1; 8], direction: Direction::In };
    let filings = [
        Filing::Passage { passage, claims: Box::new(claims()), person: PersonKeys::default() },
        Filing::Certificate(certificate),
        Filing::Shift(Shift { at: 1, clock, person: [2; 8], event }),
        Filing::Roster { roster: Roster { at: 1, clock, by: [2; 8], change: change.clone() }, state },
        Filing::Health(Health { at: 1, clock, refusals, wrong_tries: 2 }),
    ];
    let mut settled = open(&letters, filings.map(|filing| Outcome::Filed(Box::new(filing))));
    for one in &mut settled[0].settled {
        one.alerts = vec![(AlertKind::ShownBetter, "once".into()), (AlertKind::WrongTimes, "once".into())];
    }
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
    assert_eq!((code.at, code.judged, code.shown, code.clock), (NOW, NOW.plus(-9), Shown::Check, clock));
    assert_eq!((code.direction, code.outcome), (Direction::Out, wire::Outcome::TurnedAway));
    assert_eq!(code.masked_name, "张*");
    // A certificate gives its country, the masked name, and a pseudonym that follows from its id.
    assert_eq!((certificate.iss.as_str(), certificate.masked_name.as_str()), ("XS", "M*"));
    assert_eq!(certificate.masked_id, "");
    assert_eq!(certificate.pseudonym, health_code::hcert::pseudonym("URN:UVCI:01:XS:1"));
    assert_eq!((code.verified, certificate.verified), (true, false));
    let changes = store.roster_changes(10).await.unwrap();
    assert_eq!((&changes[0].change, changes[0].state, changes[0].by), (&change, state, [2; 8]));
    assert_eq!(store.accepted_changes(10).await.unwrap(), []);
    assert_eq!(store.alerts(10).await.unwrap().len(), 10);
    // Filed, and still known when it comes again.
    assert_eq!(statuses(&accept(store, &reports).await), [RecordStatus::AlreadyStored; 5]);
    assert_eq!(claim(store, 10).await, []);
}

pub(super) async fn quarantine_can_be_opened_again(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(2, [0; 32])).await;
    let reasons = [QuarantineReason::Seal, QuarantineReason::Code("expired")];
    let settled = open(&claim(store, 10).await, reasons.map(Outcome::Quarantined));
    store.settle(settled, NOW).await.unwrap();
    assert_eq!(claim(store, 10).await, []);
    assert_eq!(store.quarantined(10).await.unwrap().len(), 2);
    assert_eq!(store.reopen(Some(QuarantineReason::Seal)).await.unwrap(), 1);
    let reopened = claim(store, 10).await;
    assert_eq!(reports_of(&reopened), chain(1, [0; 32]));
    assert_eq!(store.reopen(None).await.unwrap(), 1);
    assert_eq!(store.counts().await.unwrap().quarantined, 0);
    // One opens now, the other one does not, for another reason.
    let clock = ClockState::Trusted;
    let shift = Shift { at: 1, clock, person: [1; 8], event: ShiftEvent::SignedIn };
    let filed = Outcome::Filed(Box::new(Filing::Shift(shift)));
    store.settle(open(&reopened, [filed]), NOW).await.unwrap();
    let again = open(&claim(store, 10).await, [Outcome::Quarantined(QuarantineReason::Report)]);
    store.settle(again, NOW).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.shifts, counts.quarantined, counts.waiting), (1, 1, 0));
    assert_eq!(store.quarantined(10).await.unwrap()[0].reason, QuarantineReason::Report);
    assert_eq!(claim(store, 10).await, []);
}

pub(super) async fn two_workers_never_hold_the_same_letter(database: Database) {
    let one = enrolled(&database).await;
    let other = database.open().await;
    for report in chain(5, [0; 32]) {
        accept(&*one, &[report]).await;
    }
    let (first, second) = tokio::join!(claim(&*one, 3), claim(&*other, 3));
    let mut keys: Vec<_> = first.iter().chain(&second).map(|letter| letter.key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5);
    assert_eq!(claim(&*one, 10).await, []);
}

pub(super) async fn a_claim_is_bounded_by_reports_and_gives_at_least_one_letter(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(6, [0; 32]);
    assert_eq!(store.oldest_waiting().await.unwrap(), None);
    accept(store, &reports[..3]).await;
    accept(store, &reports[3..5]).await;
    accept(store, &reports[5..]).await;
    assert_eq!(store.oldest_waiting().await.unwrap(), Some((STATION, NOW)));
    assert_eq!(reports_of(&claim(store, 1).await), reports[..3]);
    assert_eq!(reports_of(&claim(store, 3).await), reports[3..]);
}

pub(super) async fn a_lease_ends_by_itself(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(2, [0; 32]);
    accept(store, &reports[..1]).await;
    accept(store, &reports[1..]).await;
    let lost = claim(store, 1).await;
    let until = NOW.plus(30);
    assert_eq!(store.claim(10, until.plus(-1), until).await.unwrap().len(), 1, "the other letter");
    let again = store.claim(10, until, until.plus(30)).await.unwrap();
    assert_eq!(reports_of(&again), reports);
    assert_eq!(again[0], lost[0]);
    // The worker that outlived its lease settles after all: the report is settled once.
    for reason in [QuarantineReason::Seal, QuarantineReason::Report] {
        store.settle(open(&lost, [Outcome::Quarantined(reason)]), until).await.unwrap();
    }
    let reasons: Vec<_> =
        store.quarantined(10).await.unwrap().iter().map(|quarantined| quarantined.reason).collect();
    assert_eq!(reasons, [QuarantineReason::Seal]);
}

pub(super) async fn a_letter_is_settled_whole_or_not_at_all(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(2, [0; 32])).await;
    let letters = claim(store, 2).await;
    let whole = open(&letters, [QuarantineReason::Seal; 2].map(Outcome::Quarantined));
    let (mut part, mut mixed) = (whole.clone(), whole);
    part[0].settled.pop();
    mixed[0].settled.reverse();
    for wrong in [part, mixed] {
        assert!(matches!(store.settle(wrong, NOW).await, Err(StoreError::Failed(_))));
        assert_eq!(store.counts().await.unwrap().waiting, 2);
    }
}

pub(super) async fn only_what_is_new_in_a_letter_is_opened(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(4, [0; 32]);
    accept(store, &reports[..2]).await;
    let other = SealedReport { ciphertext: vec![77; 20], ..reports[1].clone() };
    accept(store, &[reports[0].clone(), other, reports[2].clone(), reports[3].clone()]).await;
    let letters = claim(store, 10).await;
    assert_eq!(reports_of(&letters), reports);
    store.settle(open(&letters, [QuarantineReason::Seal; 4].map(Outcome::Quarantined)), NOW).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.quarantined, counts.records), (0, 5, 4));
}

pub(super) async fn a_record_that_comes_again_at_another_place_is_filed_once(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(2, [0; 32]);
    let again = SealedReport { record: reports[0].record, ..reports[1].clone() };
    assert_eq!(statuses(&accept(store, &reports[..1]).await), [RecordStatus::Stored]);
    assert_eq!(statuses(&accept(store, &[again]).await), [RecordStatus::Stored]);
    let shift = |at| {
        let event = ShiftEvent::SignedIn;
        let shift = Shift { at, clock: ClockState::Trusted, person: [2; 8], event };
        Outcome::Filed(Box::new(Filing::Shift(shift)))
    };
    store.settle(open(&claim(store, 10).await, [shift(1), shift(2)]), NOW).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.shifts, counts.waiting, counts.quarantined), (1, 0, 1));
    assert_eq!(store.quarantined(1).await.unwrap()[0].reason, QuarantineReason::Conflict);
    assert_eq!(open_alerts(store).await, [AlertKind::Conflict]);
}

pub(super) async fn a_passage_that_comes_again_weeks_later_is_filed_once(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(3, [0; 32]);
    let again = |report: &SealedReport| SealedReport { record: reports[0].record, ..report.clone() };
    let arrivals = [vec![reports[0].clone()], vec![again(&reports[1])], vec![again(&reports[2])]];
    for (weeks, reports) in (0..).zip(arrivals) {
        let received = NOW.plus(weeks * 8 * 86_400);
        store.accept(Arrival { received, ..arrival(&reports) }).await.unwrap();
        let letters = store.claim(10, received, received.plus(30)).await.unwrap();
        assert_eq!(letters.len(), 1);
        let passage = super::residents::of(weeks, "hubei", None, None);
        store.settle(open(&letters, [passage]), received).await.unwrap();
    }
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.passages, counts.waiting, counts.quarantined), (1, 0, 2));
    let rows = store.passages(9).await.unwrap();
    assert_eq!((rows.len(), rows[0].at), (1, NOW), "the first one stays");
}

pub(super) fn claims() -> health_code::Claims {
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
