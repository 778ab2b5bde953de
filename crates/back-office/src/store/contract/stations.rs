//! Cases of [`Stations`](crate::store::Stations).

use std::collections::BTreeMap;

use health_code::Region;
use wire::report::{Shift, ShiftEvent};
use wire::{About, ClockState, StationId};

use super::{Database, NOW, STATION, accept, arrival, chain, claim, enrolled, here, open, redeem, ticket};
use crate::store::{AlertKind, Filing, Introduction, IssuedTicket, Outcome, Redeemed};

pub(super) async fn a_station_that_shows_a_receipt_is_known_again(database: Database) {
    let store = &*database.open().await;
    let station = StationId([5; 16]);
    let seen = NOW.plus(-60);
    let introduction = Introduction {
        station,
        key: [5; 32],
        sealing: [6; 32],
        name: "东门".into(),
        community: here(),
        seen,
    };
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
    for number in [1, 2, 3] {
        store.add_ticket(ticket(number, NOW.plus(60))).await.unwrap();
    }
    assert_eq!(redeem(store, 1, 1, NOW.plus(60)).await, Redeemed::Expired);
    assert_eq!(redeem(store, 1, 1, NOW.plus(59)).await, Redeemed::Enrolled(StationId([1; 16])));
    // The answer was lost, and the same laptop asks again, even after the ticket's time.
    assert_eq!(redeem(store, 1, 1, NOW.plus(61)).await, Redeemed::Enrolled(StationId([1; 16])));
    assert_eq!(redeem(store, 1, 2, NOW).await, Redeemed::Used { at: NOW.plus(59) });
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
        store.add_ticket(ticket(n, NOW.plus(60))).await.unwrap();
        redeem(store, n, n, NOW).await;
    }
    assert_eq!(store.station_count().await.unwrap(), 3);
    store.withdraw(StationId([2; 16]), NOW).await.unwrap();
    assert_eq!(database.open().await.station_count().await.unwrap(), 2);
}

pub(super) async fn tickets_that_nobody_used_are_listed_and_can_be_taken_back(database: Database) {
    let store = &*database.open().await;
    let named = IssuedTicket {
        laptop: "样例 08".to_owned(),
        by: Some([4; 8]),
        ..IssuedTicket::nameless([1; 32], "420106001002".parse().unwrap(), NOW, NOW.plus(40))
    };
    for issued in [ticket(2, NOW.plus(60)), named.clone(), ticket(3, NOW.plus(50)), ticket(4, NOW.plus(5))] {
        store.add_ticket(issued).await.unwrap();
    }
    redeem(store, 3, 1, NOW).await;
    let unused = database.open().await.unused_tickets(NOW.plus(5)).await.unwrap();
    assert_eq!(unused, [named.clone(), ticket(2, NOW.plus(60))], "neither a used one nor one that is over");
    assert!(store.revoke_ticket([2; 32]).await.unwrap());
    for gone in [2, 3, 9] {
        assert!(!store.revoke_ticket([gone; 32]).await.unwrap(), "{gone}");
    }
    assert_eq!(store.unused_tickets(NOW.plus(5)).await.unwrap(), [named]);
    assert_eq!(redeem(store, 2, 2, NOW).await, Redeemed::Expired);
    // The answer to an enrolment that was lost is given again.
    assert_eq!(redeem(store, 3, 1, NOW).await, Redeemed::Enrolled(StationId([1; 16])));
}

pub(super) async fn a_station_belongs_to_the_community_of_its_ticket(database: Database) {
    let store = &*database.open().await;
    let there: Region = "420106001002".parse().unwrap();
    for (number, community) in [(1, here()), (2, there.clone()), (3, there.clone())] {
        let issued = IssuedTicket::nameless([number; 32], community, NOW, NOW.plus(60));
        store.add_ticket(issued).await.unwrap();
    }
    redeem(store, 1, 1, NOW).await;
    redeem(store, 2, 2, NOW).await;
    let [one, two, nobody] = [1, 2, 9].map(|number| StationId([number; 16]));
    let found = store.communities_of(vec![two, one, nobody]).await.unwrap();
    assert_eq!(found, BTreeMap::from([(one, here()), (two, there.clone())]));
    assert_eq!(store.community_of_ticket([2; 32]).await.unwrap(), Some(there.clone()));
    assert_eq!(store.community_of_ticket([9; 32]).await.unwrap(), None);
    // A laptop that is enrolled again goes where its new ticket says.
    redeem(store, 3, 1, NOW).await;
    assert_eq!(store.station(one).await.unwrap().unwrap().community, there);
    store.withdraw(one, NOW).await.unwrap();
    assert_eq!(store.withdrawn().await.unwrap(), [(one, there)]);
}

pub(super) async fn what_a_station_says_of_itself_is_kept_until_it_says_otherwise(database: Database) {
    let store = &*enrolled(&database).await;
    let about = |waiting, version: &str| {
        let (version, clock) = (version.to_owned(), ClockState::Trusted);
        Some(About { waiting, version, list_issued: 1_583_000_000, clock })
    };
    let said = async || store.station(STATION).await.unwrap().unwrap().about;
    assert_eq!(said().await, None);
    let reports = chain(3, [0; 32]);
    // With a batch that goes on, with one that says nothing of itself, with an empty one, and with one that
    // comes out of turn.
    let steps = [
        (&reports[..1], about(3, "0.1.0"), about(3, "0.1.0")),
        (&reports[1..2], None, about(3, "0.1.0")),
        (&[][..], about(0, "0.2.0"), about(0, "0.2.0")),
        (&reports[..1], about(9, "0.3.0"), about(9, "0.3.0")),
        (&reports[2..], about(1, "0.3.0"), about(1, "0.3.0")),
    ];
    for (reports, says, kept) in steps {
        let mut arrival = arrival(reports);
        arrival.batch.about = says;
        store.accept(arrival).await.unwrap();
        assert_eq!(said().await, kept);
    }
    assert_eq!(store.stations().await.unwrap()[0].about, about(1, "0.3.0"));
}

pub(super) async fn a_station_stands_where_people_last_began_to_work(database: Database) {
    let store = &*enrolled(&database).await;
    assert_eq!(store.places().await.unwrap(), BTreeMap::new());
    accept(store, &chain(4, [0; 32])).await;
    let shift = |at, event| {
        let shift = Shift { at, clock: ClockState::Trusted, person: [1; 8], event };
        Outcome::Filed(Box::new(Filing::Shift(shift)))
    };
    let works_at =
        |checkpoint| ShiftEvent::At { checkpoint: [checkpoint; 8], direction: wire::Direction::In };
    // As they arrive, and not as they happened.
    let outcomes = [
        shift(5, works_at(2)),
        shift(1, ShiftEvent::SignedIn),
        shift(3, works_at(1)),
        shift(9, ShiftEvent::SignedOut),
    ];
    store.settle(open(&claim(store, 4).await, outcomes), NOW).await.unwrap();
    assert_eq!(store.places().await.unwrap(), BTreeMap::from([(STATION, [2; 8])]));
}
