//! Cases of [`AuditLog`](crate::store::AuditLog).

use health_code::{PersonId, Region};
use wire::AuditHead;

use super::{Database, NOW};
use crate::store::{AuditWanted, Note};

/// Returns a note about the person of this act.
pub(super) fn note(act: &str) -> Note {
    Note {
        at: NOW,
        actor: Some(PersonId([1; 8])),
        act: act.into(),
        object: "02".repeat(8),
        region: "420106".parse().unwrap(),
        words: "样例甲 · 13800010022".into(),
        salt: [9; 16],
    }
}

fn wanted(limit: usize) -> AuditWanted {
    AuditWanted { before: None, kind: None, region: Region::country(), limit }
}

pub(super) async fn entries_of_two_servers_are_one_chain(database: Database) {
    let (one, other) = (database.open().await, database.open().await);
    assert_eq!(one.audit_head().await.unwrap(), AuditHead::EMPTY);
    one.note(vec![note("person-added"), Note { actor: None, ..note("sign-in-failed") }]).await.unwrap();
    let head =
        other.note(vec![Note { region: "110101".parse().unwrap(), ..note("people-looked") }]).await.unwrap();
    assert_eq!(one.audit_head().await.unwrap(), head);
    assert_eq!(head.count, 3);
    let entries = one.audit_after(0, 100).await.unwrap();
    let mut before = AuditHead::EMPTY;
    for entry in &entries {
        assert!(entry.follows(before), "{entry:?}");
        before = entry.head();
    }
    assert_eq!(before, head);
    assert_eq!(one.audit_after(1, 1).await.unwrap(), entries[1..2]);
    let newest: Vec<_> = entries.iter().rev().cloned().collect();
    assert_eq!(other.audit_entries(wanted(2)).await.unwrap(), newest[..2]);
    let older = AuditWanted { before: Some(3), ..wanted(100) };
    assert_eq!(other.audit_entries(older).await.unwrap(), newest[1..]);
    let people = AuditWanted { kind: Some("people".into()), ..wanted(100) };
    assert_eq!(one.audit_entries(people).await.unwrap().len(), 2);
    let subtree = AuditWanted { region: "42".parse().unwrap(), ..wanted(100) };
    assert_eq!(one.audit_entries(subtree).await.unwrap(), newest[1..]);
}

pub(super) async fn erased_words_leave_the_chain_whole(database: Database) {
    let store = database.open().await;
    store
        .note(vec![note("person-added"), Note { object: "x".into(), ..note("people-looked") }])
        .await
        .unwrap();
    assert_eq!(store.erase_words(&"02".repeat(8)).await.unwrap(), 1);
    assert_eq!(store.erase_words(&"02".repeat(8)).await.unwrap(), 0);
    let entries = store.audit_after(0, 100).await.unwrap();
    assert_eq!((entries[0].words.is_none(), entries[1].words.is_none()), (true, false));
    assert!(entries[0].follows(AuditHead::EMPTY) && entries[1].follows(entries[0].head()));
}
