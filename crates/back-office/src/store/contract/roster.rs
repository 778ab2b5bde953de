//! Cases of [`RosterChanges`](crate::store::RosterChanges): changes that stations report, and what becomes of them.

use strum::VariantArray as _;
use wire::report::{Roster, RosterChange};
use wire::{ClockState, RecordId, StationId};

use super::trust_history::{community, edition, first};
use super::{Database, NOW, STATION, accept, chain, claim, enrolled, here, open};
use crate::store::{
    Alert, AlertKind, ChangeRefusal, ChangeState, Considered, Dropped, Edition, Filing, Outcome,
};

/// The removal of a checkpoint, with what becomes of it.
fn filed(id: u8, state: ChangeState) -> Outcome {
    let change = RosterChange::CheckpointRemoved { id: [id; 8] };
    let roster = Roster { at: 1, clock: ClockState::Trusted, by: [2; 8], change };
    Outcome::Filed(Box::new(Filing::Roster { roster, state }))
}

pub(super) async fn a_change_enters_one_community_file(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(2, [0; 32])).await;
    let outcomes = [ChangeState::Accepted, ChangeState::Waits].map(|state| filed(6, state));
    store.settle(open(&claim(store, 2).await, outcomes), NOW).await.unwrap();
    let accepted = store.accepted_changes(10).await.unwrap();
    assert_eq!(accepted.len(), 1);
    let entered = vec![Considered { key: accepted[0].key, state: ChangeState::Entered { version: 7 } }];
    // A server that was too slow brings nothing into force, and nothing entered.
    let late = Edition { entered: entered.clone(), ..first() };
    assert!(!store.bring_into_force(late, 9, NOW).await.unwrap());
    assert_eq!(store.accepted_changes(10).await.unwrap(), accepted);
    assert!(store.bring_into_force(Edition { entered, ..first() }, 0, NOW).await.unwrap());
    assert_eq!(store.accepted_changes(10).await.unwrap(), []);
    let states: Vec<_> =
        store.roster_changes(10).await.unwrap().iter().map(|change| change.state.code()).collect();
    assert_eq!(states, ["entered", "waits"]);
    let found = store.changes_of(accepted[0].key.station, vec![accepted[0].key.record]).await.unwrap();
    assert_eq!(found[0].state, ChangeState::Entered { version: 7 });
    // A set that drops it raises an alert, in the same transaction.
    let dropped = vec![Dropped { key: accepted[0].key, detail: "checkpoint 06".to_owned() }];
    let late = Edition { dropped: dropped.clone(), ..edition(None, [community(here(), 2)]) };
    assert!(!store.bring_into_force(late.clone(), 9, NOW).await.unwrap());
    assert_eq!(store.alerts(10).await.unwrap(), []);
    assert!(store.bring_into_force(late, 1, NOW).await.unwrap());
    let alerts = store.alerts(10).await.unwrap();
    let alert = |alert: &Alert| (alert.kind, alert.record, alert.detail.clone());
    let expected = (AlertKind::Dropped, accepted[0].key.record, "checkpoint 06".to_owned());
    assert_eq!(alerts.iter().map(alert).collect::<Vec<_>>(), [expected]);
}

pub(super) async fn a_station_hears_of_its_own_changes_alone(database: Database) {
    let store = &*enrolled(&database).await;
    let refused = ChangeRefusal::VARIANTS.iter().map(|refusal| ChangeState::Refused(*refusal));
    let states: Vec<_> = [ChangeState::Accepted, ChangeState::Waits].into_iter().chain(refused).collect();
    let reports = chain(u8::try_from(states.len()).unwrap(), [0; 32]);
    let records: Vec<RecordId> = reports.iter().map(|report| report.record).collect();
    accept(store, &reports).await;
    // Before they are opened nobody knows what they are.
    assert_eq!(store.changes_of(STATION, records.clone()).await.unwrap(), []);
    let outcomes = states.iter().map(|state| filed(6, *state));
    store.settle(open(&claim(store, 99).await, outcomes), NOW).await.unwrap();
    for (record, state) in records.iter().zip(&states) {
        let found = store.changes_of(STATION, vec![*record, RecordId([99; 16])]).await.unwrap();
        assert_eq!(found.iter().map(|change| change.state).collect::<Vec<_>>(), [*state]);
    }
    assert_eq!(store.changes_of(STATION, records.clone()).await.unwrap().len(), records.len());
    assert_eq!(store.changes_of(STATION, Vec::new()).await.unwrap(), []);
    assert_eq!(store.changes_of(StationId([77; 16]), records).await.unwrap(), []);
}

pub(super) async fn changes_of_one_second_go_by_the_order_in_which_their_station_sent_them(
    database: Database,
) {
    let store = &*enrolled(&database).await;
    let mut reports = chain(3, [0; 32]);
    // Their names say nothing of it.
    let (first, last) = (reports[0].record, reports[2].record);
    (reports[0].record, reports[2].record) = (last, first);
    accept(store, &reports).await;
    let outcomes = [5, 6, 7].map(|id| filed(id, ChangeState::Accepted));
    store.settle(open(&claim(store, 3).await, outcomes), NOW).await.unwrap();
    let order = |changes: Vec<crate::store::Change>| -> Vec<u8> {
        changes.iter().map(|change| change.change.subject().unwrap()[0]).collect()
    };
    assert_eq!(order(store.accepted_changes(9).await.unwrap()), [5, 6, 7]);
    let all = [[5; 8], [6; 8], [7; 8]].to_vec();
    assert_eq!(order(store.changes_about(all, 9).await.unwrap()), [5, 6, 7]);
}

pub(super) async fn changes_are_found_by_what_they_are_about(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(4, [0; 32])).await;
    let stricter = RosterChange::PolicyStricter { cells: vec![], fever: Some(370), declaration_hours: None };
    let roster = Roster { at: 1, clock: ClockState::Trusted, by: [2; 8], change: stricter };
    let policy = Outcome::Filed(Box::new(Filing::Roster { roster, state: ChangeState::Waits }));
    let outcomes =
        [filed(6, ChangeState::Accepted), filed(7, ChangeState::Waits), filed(6, ChangeState::Waits), policy];
    store.settle(open(&claim(store, 4).await, outcomes), NOW).await.unwrap();
    let about = async |ids: &[u8], limit| {
        let ids = ids.iter().map(|id| [*id; 8]).collect();
        store.changes_about(ids, limit).await.unwrap()
    };
    let subjects = |changes: Vec<crate::store::Change>| -> Vec<_> {
        changes.iter().map(|change| change.change.subject().unwrap()[0]).collect()
    };
    assert_eq!(subjects(about(&[6], 9).await), [6, 6]);
    assert_eq!(about(&[6, 7], 9).await.len(), 3);
    assert_eq!(about(&[6, 7], 2).await.len(), 2);
    assert_eq!(about(&[8], 9).await, []);
    assert_eq!(about(&[], 9).await, []);
}
