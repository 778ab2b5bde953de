//! Cases of [`Identity`](crate::store::Identity).

use wire::Generation;

use super::{Database, NOW, redeem};
use crate::store::Redeemed;

pub(super) async fn all_servers_work_on_one_generation_until_another_begins(database: Database) {
    let (one, other) = (database.open(), database.open());
    let [first, late, restored] = [1, 2, 3].map(|n| Generation([n; 16]));
    assert_eq!(one.generation(first).await.unwrap(), first);
    assert_eq!(other.generation(late).await.unwrap(), first);
    assert_eq!(one.community_from().await.unwrap(), 0);
    // Of three tickets one was used, and one is over by itself.
    for (ticket, seconds) in [(1, 60), (2, 60), (3, 5)] {
        one.add_ticket([ticket; 32], NOW, NOW.plus(seconds)).await.unwrap();
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
    let store = database.open();
    let [first, late] = [1, 2].map(|n| Generation([n; 16]));
    assert_eq!(store.community_from().await.unwrap(), 0);
    assert_eq!(store.begin_generation(late, 3, NOW).await.unwrap(), 0);
    assert_eq!(store.generation(first).await.unwrap(), late);
}
