//! Cases of [`Alerting`](crate::store::Alerting).

use wire::RecordId;

use super::{Database, NOW, STATION, enrolled};
use crate::store::AlertKind;

pub(super) async fn an_alert_about_a_station_is_raised_once_and_again_after_it_was_cleared(
    database: Database,
) {
    let store = &*enrolled(&database).await;
    let other = database.open().await;
    let all = async || -> Vec<_> {
        let alerts = store.alerts(9).await.unwrap();
        alerts.into_iter().map(|alert| (alert.kind, alert.detail, alert.raised, alert.cleared)).collect()
    };
    store.raise_alert(STATION, AlertKind::Behind, "first", NOW).await.unwrap();
    other.raise_alert(STATION, AlertKind::Behind, "second", NOW.plus(1)).await.unwrap();
    let first = (AlertKind::Behind, "first".to_owned(), NOW, None);
    assert_eq!(all().await, std::slice::from_ref(&first));
    assert_eq!(store.alerts(9).await.unwrap()[0].record, RecordId([0; 16]));
    other.clear_alerts(AlertKind::Malformed, NOW.plus(2)).await.unwrap();
    assert_eq!(all().await, std::slice::from_ref(&first), "another kind");
    other.clear_alerts(AlertKind::Behind, NOW.plus(3)).await.unwrap();
    store.clear_alerts(AlertKind::Behind, NOW.plus(4)).await.unwrap();
    assert_eq!(all().await, [(first.0, first.1, NOW, Some(NOW.plus(3)))]);
    store.raise_alert(STATION, AlertKind::Behind, "third", NOW.plus(5)).await.unwrap();
    assert_eq!(all().await, [(AlertKind::Behind, "third".to_owned(), NOW.plus(5), None)]);
}
