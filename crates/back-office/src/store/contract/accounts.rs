//! Cases of [`Accounts`](crate::store::Accounts).

use health_code::PersonId;

use super::audit_log::note;
use super::{Database, NOW};
use crate::store::{AccountRow, SessionRow};

fn row(number: u8, name: Option<&str>, invited: Option<u8>) -> AccountRow {
    AccountRow {
        id: PersonId([number; 8]),
        rev: 0,
        name: name.map(str::to_owned),
        invited: invited.map(|word| [word; 32]),
        body: format!("{{\"number\":{number}}}"),
    }
}

pub(super) async fn an_account_is_replaced_by_who_read_its_latest_state(database: Database) {
    let (one, other) = (database.open().await, database.open().await);
    let rows = vec![row(1, Some("yangli.jia"), None), row(2, None, Some(7))];
    assert!(one.put_accounts(rows, vec![note("person-added")]).await.unwrap());
    let read = other.account(PersonId([1; 8])).await.unwrap().unwrap();
    assert_eq!((read.rev, read.name.as_deref()), (1, Some("yangli.jia")));
    assert_eq!(other.account_named("yangli.jia").await.unwrap(), Some(read.clone()));
    assert_eq!(other.account_invited([7; 32]).await.unwrap().map(|row| row.id), Some(PersonId([2; 8])));
    assert_eq!(other.accounts().await.unwrap().len(), 2);
    let later = AccountRow { body: "{}".into(), ..read.clone() };
    assert!(one.put_accounts(vec![later.clone()], Vec::new()).await.unwrap());
    assert!(!other.put_accounts(vec![later], Vec::new()).await.unwrap(), "it was replaced since");
    assert_eq!(one.account(PersonId([1; 8])).await.unwrap().unwrap().rev, 2);
    assert_eq!(one.account(PersonId([9; 8])).await.unwrap(), None);
    assert_eq!(one.account_named("x").await.unwrap(), None);
}

pub(super) async fn accounts_are_kept_all_or_none_and_no_name_twice(database: Database) {
    let store = database.open().await;
    assert!(store.put_accounts(vec![row(1, Some("a"), None)], Vec::new()).await.unwrap());
    let both = vec![row(2, Some("b"), None), row(3, Some("a"), None)];
    assert!(!store.put_accounts(both, vec![note("person-added")]).await.unwrap());
    assert_eq!(store.accounts().await.unwrap().len(), 1);
    assert_eq!(store.audit_head().await.unwrap().count, 0, "what was not done is not noted");
    assert!(store.put_accounts(vec![row(2, Some("b"), Some(5))], Vec::new()).await.unwrap());
    let mut second = store.account(PersonId([2; 8])).await.unwrap().unwrap();
    second.name = Some("a".into());
    assert!(!store.put_accounts(vec![second.clone()], Vec::new()).await.unwrap());
    assert!(!store.put_accounts(vec![row(4, None, Some(5))], Vec::new()).await.unwrap());
    (second.name, second.invited) = (None, None);
    assert!(store.put_accounts(vec![second], Vec::new()).await.unwrap());
    assert_eq!(store.account_invited([5; 32]).await.unwrap(), None);
}

pub(super) async fn a_session_lasts_until_it_is_ended_or_forgotten(database: Database) {
    let (store, other) = (database.open().await, database.open().await);
    let rows = vec![row(1, None, None), row(2, None, None)];
    assert!(store.put_accounts(rows, Vec::new()).await.unwrap());
    let session = |word: u8, account: u8, began: i64| SessionRow {
        word: [word; 32],
        account: PersonId([account; 8]),
        began: NOW.plus(began),
        seen: NOW.plus(began),
    };
    for (word, account, began) in [(1, 1, 0), (2, 1, 5), (3, 2, 6)] {
        store.begin_session(session(word, account, began), NOW).await.unwrap();
    }
    store.see_session([1; 32], NOW.plus(9)).await.unwrap();
    let seen = SessionRow { seen: NOW.plus(9), ..session(1, 1, 0) };
    assert_eq!(other.session([1; 32]).await.unwrap(), Some(seen));
    other.end_session([2; 32]).await.unwrap();
    assert_eq!(store.session([2; 32]).await.unwrap(), None);
    store.begin_session(session(4, 1, 7), NOW.plus(6)).await.unwrap();
    assert_eq!(store.session([1; 32]).await.unwrap(), None, "forgotten");
    store.end_sessions_of(PersonId([1; 8])).await.unwrap();
    assert_eq!(store.session([4; 32]).await.unwrap(), None);
    assert_eq!(store.session([3; 32]).await.unwrap(), Some(session(3, 2, 6)));
}

pub(super) async fn the_names_of_regions_are_replaced_as_a_whole(database: Database) {
    let store = database.open().await;
    assert_eq!(store.regions().await.unwrap(), None);
    for csv in [b"42,\xe9\x84\x82\n".to_vec(), b"42,x\n".to_vec()] {
        store.set_regions(csv.clone()).await.unwrap();
        assert_eq!(database.open().await.regions().await.unwrap(), Some(csv));
    }
}
