//! Cases of [`Conflicts`](crate::store::Conflicts).

use wire::report::{Shift, ShiftEvent};
use wire::{ClockState, RecordId};

use super::{Database, NOW, STATION, accept, chain, enrolled};
use crate::store::{AlertKind, Filing, Outcome, ReportKey, Settled};

pub(super) async fn a_conflict_is_filed_once_under_another_id(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(1, [0; 32]);
    let record = reports[0].record;
    accept(store, &reports).await;
    let mut others = [reports.clone(), reports].map(|reports| reports.into_iter().next().unwrap());
    for (other, n) in others.iter_mut().zip([1, 2]) {
        other.ciphertext[0] ^= n;
        accept(store, std::slice::from_ref(other)).await;
    }
    let conflicts = store.conflicts(STATION, record).await.unwrap();
    assert_eq!(conflicts.len(), 2);
    assert!(others.iter().all(|other| conflicts.iter().any(|conflict| conflict.report == *other)));
    assert_eq!(store.conflicts(STATION, RecordId([99; 16])).await.unwrap(), []);
    let opened = |n: u8| {
        let shift = Shift { at: 1, clock: ClockState::Trusted, person: [n; 8], event: ShiftEvent::SignedIn };
        let key = ReportKey { record: RecordId([100 + n; 16]), ..conflicts[usize::from(n)].key };
        let alerts = vec![(AlertKind::UnknownPerson, "once".to_owned())];
        Settled { key, outcome: Outcome::Filed(Box::new(Filing::Shift(shift))), alerts }
    };
    let open_alerts = async |kind| {
        let alerts = store.alerts(9).await.unwrap();
        alerts.iter().filter(|alert| alert.kind == kind && alert.cleared.is_none()).count()
    };
    let file = async |conflict: usize, opened| {
        store.file_conflict(conflicts[conflict].clone(), opened, NOW.plus(5)).await.unwrap()
    };
    assert!(file(0, opened(0)).await);
    assert!(!file(0, opened(0)).await, "it is filed");
    assert_eq!((open_alerts(AlertKind::Conflict).await, store.counts().await.unwrap().shifts), (1, 1));
    assert!(!file(1, Settled { key: opened(0).key, ..opened(1) }).await, "the id is taken");
    assert!(database.open().await.file_conflict(conflicts[1].clone(), opened(1), NOW).await.unwrap());
    assert_eq!((open_alerts(AlertKind::Conflict).await, store.counts().await.unwrap().shifts), (0, 2));
    assert_eq!(open_alerts(AlertKind::UnknownPerson).await, 2);
    assert_eq!(store.counts().await.unwrap().quarantined, 0);
}
