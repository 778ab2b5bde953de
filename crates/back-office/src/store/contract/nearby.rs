//! Cases of [`Nearby`](crate::store::Nearby).

use super::residents::{IDENTITY, filed};
use super::{Database, NOW, STATION, enrolled, here};
use crate::store::{Around, Tombstone};
use wire::RecordId;

pub(super) async fn who_passed_near_is_found_by_place_and_time_the_nearest_first(database: Database) {
    let store = &*enrolled(&database).await;
    filed(store).await;
    let at =
        |at: i64, within: i64| Around { community: here(), checkpoint: [1; 8], at: NOW.plus(at), within };
    let found = async |around: Around, limit: usize| {
        let found = store.passages_around(around, limit).await.unwrap();
        found.iter().map(|passer| passer.row.at.0 - NOW.0).collect::<Vec<_>>()
    };
    assert_eq!(found(at(3, 9), 9).await, [3, 2, 4, 1, 5]);
    assert_eq!(found(at(3, 1), 9).await, [3, 2, 4], "both ends count");
    assert_eq!(found(at(3, 9), 1).await, [3, 4], "so many on each side");
    assert_eq!(found(Around { checkpoint: [9; 8], ..at(3, 9) }, 9).await, [0_i64; 0]);
    let elsewhere = Around { community: "420106001002".parse().unwrap(), ..at(3, 9) };
    assert_eq!(found(elsewhere, 9).await, [0_i64; 0], "another community may have the same id");
    let all = store.passages_around(at(1, 9), 9).await.unwrap();
    assert_eq!(all[0].person.identity, Some(IDENTITY));
    assert_eq!(all[4].certificate.as_deref(), Some("URN:UVCI:01:XS:7"));

    let oldest = async |limit: usize| {
        let found = store.oldest_with_code(limit).await.unwrap();
        let mut found: Vec<_> = found.iter().map(|one| one.passer.row.at.0 - NOW.0).collect();
        found.sort_unstable();
        found
    };
    assert_eq!((oldest(9).await, oldest(1).await), (vec![1, 2, 3], vec![1]));

    let one = store.passage_with_code(STATION, RecordId([0; 16])).await.unwrap().unwrap();
    assert_eq!((one.passer, one.community, one.code.is_empty()), (all[0].clone(), here(), false));
    store.entomb(vec![Tombstone::Report(STATION, RecordId([0; 16]))]).await.unwrap();
    let erased = store.passage_with_code(STATION, RecordId([0; 16])).await.unwrap().unwrap();
    assert!(erased.code.is_empty() && erased.passer.person.identity.is_none());
    assert_eq!(store.passage_with_code(STATION, RecordId([99; 16])).await.unwrap(), None);
}
