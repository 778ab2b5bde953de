//! Cases of [`Identity`](crate::store::Identity).

use wire::{Generation, RecordId, SealedReport};

use super::{Database, NOW, STATION, accept, chain, enrolled, redeem};
use crate::store::{ChainEnd, Redeemed};

pub(super) async fn all_servers_work_on_one_generation_until_another_begins(database: Database) {
    let (one, other) = (database.open().await, database.open().await);
    let [first, late, restored] = [1, 2, 3].map(|n| Generation([n; 16]));
    assert_eq!(one.generation(first).await.unwrap(), first);
    assert_eq!(other.generation(late).await.unwrap(), first);
    assert_eq!(one.community_from().await.unwrap(), 0);
    // Of three tickets one was used, and one is over by itself.
    for (ticket, seconds) in [(1, 60), (2, 60), (3, 5)] {
        one.add_ticket(super::ticket(ticket, NOW.plus(seconds))).await.unwrap();
    }
    assert!(matches!(redeem(&*one, 1, 1, NOW).await, Redeemed::Enrolled(_)));
    let now = NOW.plus(10);
    assert_eq!(other.begin_generation(restored, 1007, now).await.unwrap(), 1);
    assert_eq!(one.generation(late).await.unwrap(), restored);
    assert_eq!(one.community_from().await.unwrap(), 1007);
    assert_eq!(redeem(&*one, 2, 2, now).await, Redeemed::Expired);
    // A laptop that lost the answer to its enrolment gets it again.
    assert!(matches!(redeem(&*one, 1, 1, now).await, Redeemed::Enrolled(_)));
}

pub(super) async fn a_copy_of_an_office_that_never_served_begins_a_generation(database: Database) {
    let store = database.open().await;
    let [first, late] = [1, 2].map(|n| Generation([n; 16]));
    assert_eq!(store.community_from().await.unwrap(), 0);
    assert_eq!(store.begin_generation(late, 3, NOW).await.unwrap(), 0);
    assert_eq!(store.generation(first).await.unwrap(), late);
}

pub(super) async fn what_is_backed_up_is_told_of_chains_without_a_gap(database: Database) {
    let store = &*enrolled(&database).await;
    assert_eq!(store.chain_ends().await.unwrap(), [], "nothing has come yet");
    assert_eq!(store.backed_up(STATION).await.unwrap(), None);
    let reports = chain(4, [0; 32]);
    let stream = reports[0].stream;
    accept(store, &reports[..2]).await;
    let ends = store.chain_ends().await.unwrap();
    assert_eq!(ends, [ChainEnd { station: STATION, stream, seq: 1 }]);
    store.note_backed_up(ends).await.unwrap();
    assert_eq!(store.backed_up(STATION).await.unwrap(), Some((stream, 1)));
    // What a gap holds back may still come, and a later copy holds it then.
    accept(store, &reports[3..]).await;
    assert_eq!(store.chain_ends().await.unwrap(), []);
    accept(store, &reports[2..3]).await;
    store.note_backed_up(store.chain_ends().await.unwrap()).await.unwrap();
    assert_eq!(database.open().await.backed_up(STATION).await.unwrap(), Some((stream, 3)));
    // Beside a fork nobody knows whose reports a place names.
    let other = SealedReport { record: RecordId([99; 16]), ciphertext: vec![9; 20], ..reports[1].clone() };
    accept(store, &[other]).await;
    assert_eq!(store.chain_ends().await.unwrap(), []);
}
