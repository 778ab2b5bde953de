//! Cases of [`Consents`](crate::store::Consents).

use health_code::Region;

use super::audit_log::note;
use super::forgetting::erase;
use super::{Database, NOW, here};
use crate::store::{ConsentRow, Forgotten, PersonKey};

const PERSON: PersonKey = PersonKey(*b"sample-identity!");

fn row(number: u8, region: Region) -> ConsentRow {
    ConsentRow {
        id: [number; 16],
        rev: 0,
        region,
        asked: NOW.plus(i64::from(number)),
        person: PERSON.to_string(),
        body: format!("样例{number}"),
    }
}

pub(super) async fn a_request_is_kept_by_who_read_its_latest_state_and_is_gone_with_its_resident(
    database: Database,
) {
    let store = &*database.open().await;
    assert!(store.put_consent(row(1, here()), vec![note("consent-asked")]).await.unwrap());
    assert!(!store.put_consent(row(1, here()), vec![note("consent-asked")]).await.unwrap(), "no id twice");
    let read = store.consent([1; 16]).await.unwrap().unwrap();
    assert_eq!(read, ConsentRow { rev: 1, ..row(1, here()) });
    let used = ConsentRow { body: "样例用过".into(), ..read.clone() };
    // Two take it at the same moment: one has it.
    let both = [store.put_consent(used.clone(), vec![]), store.put_consent(used.clone(), vec![])];
    let [one, two] = both;
    assert_eq!([one.await.unwrap(), two.await.unwrap()].iter().filter(|kept| **kept).count(), 1);
    assert_eq!(store.consent([1; 16]).await.unwrap().unwrap(), ConsentRow { rev: 2, ..used });
    assert_eq!(store.audit_head().await.unwrap().count, 1, "what was not kept is not noted");

    let neighbour: Region = "420106001002".parse().unwrap();
    let other = ConsentRow { person: String::new(), ..row(2, neighbour.clone()) };
    assert!(store.put_consent(other, vec![]).await.unwrap());
    let ids = async |region: &Region, since: i64, limit: usize| {
        let rows = store.consents(region, NOW.plus(since), limit).await.unwrap();
        rows.iter().map(|row| row.id[0]).collect::<Vec<_>>()
    };
    assert_eq!(ids(&Region::country(), 0, 9).await, [2, 1]);
    assert_eq!(ids(&Region::country(), 0, 1).await, [2]);
    assert_eq!(ids(&Region::country(), 1, 9).await, [2]);
    assert_eq!(ids(&neighbour, 0, 9).await, [2]);

    let what = Forgotten { looks: vec![PERSON], ..Forgotten::default() };
    erase(store, [9; 16], Region::country(), what).await;
    store.end_erasure([9; 16], Vec::new()).await.unwrap();
    store.overwrite().await.unwrap();
    assert_eq!(store.consent([1; 16]).await.unwrap(), None);
    assert_eq!(ids(&Region::country(), 0, 9).await, [2], "what is about nobody stays");
    assert!(!database.raw_holds(&PERSON.to_string()).await);
}
