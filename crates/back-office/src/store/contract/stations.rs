//! Cases of [`Stations`](crate::store::Stations).

use wire::StationId;

use super::{Database, NOW, redeem};
use crate::store::{AlertKind, Introduction, Redeemed};

pub(super) async fn a_station_that_shows_a_receipt_is_known_again(database: Database) {
    let store = &*database.open().await;
    let station = StationId([5; 16]);
    let seen = NOW.plus(-60);
    let introduction = Introduction { station, key: [5; 32], sealing: [6; 32], name: "东门".into(), seen };
    // Twice, as by a station that lost the answer.
    for _ in 0..2 {
        assert!(store.introduce(introduction.clone(), NOW).await.unwrap());
    }
    let known = store.station(station).await.unwrap().unwrap();
    assert_eq!((known.key, known.name.as_str(), known.enrolled), ([5; 32], "东门", seen));
    let alerts = store.alerts(9).await.unwrap();
    assert_eq!(alerts.iter().map(|alert| alert.kind).collect::<Vec<_>>(), [AlertKind::KnownAgain]);
    // It changes nothing of a station that is known, and brings none back that was withdrawn.
    let other = Introduction { name: "西门".into(), ..introduction };
    assert!(store.introduce(other.clone(), NOW).await.unwrap());
    assert_eq!(store.station(station).await.unwrap(), Some(known));
    assert!(store.withdraw(station, NOW).await.unwrap());
    assert!(!store.introduce(other, NOW).await.unwrap());
}

pub(super) async fn a_ticket_is_good_once_and_for_a_time(database: Database) {
    let store = &*database.open().await;
    assert_eq!(redeem(store, 1, 1, NOW).await, Redeemed::Unknown);
    for ticket in [1, 2, 3] {
        store.add_ticket([ticket; 32], NOW, NOW.plus(60)).await.unwrap();
    }
    assert_eq!(redeem(store, 1, 1, NOW.plus(60)).await, Redeemed::Expired);
    assert_eq!(redeem(store, 1, 1, NOW.plus(59)).await, Redeemed::Enrolled(StationId([1; 16])));
    // The answer was lost, and the same laptop asks again, even after the ticket's time.
    assert_eq!(redeem(store, 1, 1, NOW.plus(61)).await, Redeemed::Enrolled(StationId([1; 16])));
    assert_eq!(redeem(store, 1, 2, NOW).await, Redeemed::Used);
    // A laptop that kept its key stays the station it was.
    assert_eq!(redeem(store, 2, 1, NOW).await, Redeemed::Enrolled(StationId([1; 16])));
    assert!(store.withdraw(StationId([1; 16]), NOW).await.unwrap());
    assert_eq!(redeem(store, 3, 1, NOW).await, Redeemed::Withdrawn);
    assert_eq!(redeem(store, 3, 2, NOW).await, Redeemed::Enrolled(StationId([2; 16])));
    assert!(!store.withdraw(StationId([7; 16]), NOW).await.unwrap());
    assert_eq!(store.stations().await.unwrap().len(), 2);
    assert_eq!(store.station(StationId([1; 16])).await.unwrap().unwrap().withdrawn, Some(NOW));
    assert_eq!(store.station(StationId([7; 16])).await.unwrap(), None);
}

pub(super) async fn stations_are_counted_until_they_are_withdrawn(database: Database) {
    let store = &*database.open().await;
    assert_eq!(store.station_count().await.unwrap(), 0);
    for n in [1, 2, 3] {
        store.add_ticket([n; 32], NOW, NOW.plus(60)).await.unwrap();
        redeem(store, n, n, NOW).await;
    }
    assert_eq!(store.station_count().await.unwrap(), 3);
    store.withdraw(StationId([2; 16]), NOW).await.unwrap();
    assert_eq!(database.open().await.station_count().await.unwrap(), 2);
}
