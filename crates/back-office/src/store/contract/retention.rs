//! Cases of [`Retention`](crate::store::Retention).

use health_code::Region;
use wire::SealedReport;

use super::audit_log::note;
use super::residents::{IDENTITY, MASKED, filed, found, of};
use super::{Database, NOW, STATION, accept, chain, claim, enrolled, here, open, redeem, ticket};
use crate::store::{AlertKind, PURGED, Purge, Purged, QuarantineReason, Settled, Sought, Store};

fn purge(at: i64) -> Purge {
    Purge { community: here(), before: NOW.plus(at) }
}

/// Begins a purge, does it and ends it; returns what it took.
async fn purged(store: &dyn Store, purge: &Purge) -> Option<Purged> {
    let begun = store.begin_purge(purge, NOW.plus(5), [7; 16]).await.unwrap();
    while store.purge_some(purge, 2).await.unwrap() > 0 {}
    store.end_purge(purge).await.unwrap();
    begun
}

pub(super) async fn what_is_past_its_days_is_nowhere_in_the_raw_database(database: Database) {
    let store = &*enrolled(&database).await;
    filed(store).await;
    let holds = async || {
        let key = String::from_utf8(IDENTITY.0.to_vec()).unwrap();
        // As a column has it, and as the store in memory writes it.
        database.raw_holds(&key).await
            || database.raw_holds(&IDENTITY.to_string()).await
            || database.raw_holds(MASKED).await
    };
    assert!(holds().await, "it is looked for where it is");
    assert_eq!(store.begin_purge(&purge(0), NOW, [7; 16]).await.unwrap(), None, "it arrived right then");
    assert_eq!(store.audit_head().await.unwrap().count, 0, "and nothing is written");

    let before = purge(1);
    let begun = store.begin_purge(&before, NOW.plus(5), [7; 16]).await.unwrap();
    assert_eq!(begun, Some(Purged { passages: 5, held: 0, alerts: 0 }));
    let log = store.audit_after(0, 9).await.unwrap();
    assert_eq!((log.len(), log[0].act.as_str(), log[0].at), (1, PURGED, NOW.plus(5)), "on record first");
    assert_eq!((&log[0].region, log[0].object.as_str()), (&here(), here().as_str()));
    let words = &log[0].words.as_ref().unwrap().1;
    assert!(words.ends_with("5 passages, 0 in quarantine, 0 alerts"), "{words}");
    assert_eq!(store.passages(9).await.unwrap().len(), 5, "nothing is done yet");
    assert_eq!(
        store.begin_purge(&before, NOW.plus(5), [8; 16]).await.unwrap(),
        None,
        "once, by whichever server"
    );
    assert_eq!(store.open_purges().await.unwrap(), std::slice::from_ref(&before));

    let mut steps = Vec::new();
    while let count @ 1.. = store.purge_some(&before, 2).await.unwrap() {
        steps.push(count);
    }
    assert_eq!(steps, [2, 2, 1]);
    store.overwrite().await.unwrap();
    store.end_purge(&before).await.unwrap();
    store.end_purge(&before).await.unwrap();
    assert_eq!(store.open_purges().await.unwrap(), []);
    assert!(!holds().await);
    let sought = Sought { identities: vec![IDENTITY], ..Sought::default() };
    assert_eq!(found(store, sought, &here(), 9).await, [0_i64; 0]);
    assert_eq!(store.audit_head().await.unwrap().count, 1);
    // What the chain holds stays: it is known again, and not filed.
    let lines = accept(store, &chain(5, [0; 32])).await;
    assert!(lines.iter().all(|line| line.status == wire::RecordStatus::AlreadyStored));
    assert_eq!(claim(store, 10).await, []);
}

pub(super) async fn another_community_keeps_what_it_has(database: Database) {
    let store = &*enrolled(&database).await;
    let there: Region = "420106001002".parse().unwrap();
    let other = crate::store::IssuedTicket::nameless([8; 32], there.clone(), NOW, NOW.plus(60));
    store.add_ticket(other).await.unwrap();
    redeem(store, 8, 2, NOW).await;
    store.add_ticket(ticket(7, NOW.plus(60))).await.unwrap();
    filed(store).await;
    let elsewhere = Purge { community: there, before: NOW.plus(9) };
    assert_eq!(purged(store, &elsewhere).await, None);
    assert_eq!(store.passages(9).await.unwrap().len(), 5);
    // Not even of the region above: a policy is one community's.
    let above = Purge { community: "420106".parse().unwrap(), before: NOW.plus(9) };
    assert_eq!(purged(store, &above).await, None);
    assert_eq!(store.passages(9).await.unwrap().len(), 5);
}

pub(super) async fn quarantine_leaves_unless_it_waits_and_alerts_leave_with_their_reports(
    database: Database,
) {
    let store = &*enrolled(&database).await;
    let reports: Vec<SealedReport> = chain(4, [0; 32]);
    accept(store, &reports).await;
    let held = crate::store::Outcome::Quarantined(QuarantineReason::Seal);
    let outcomes = [of(1, "hubei", None, None), held.clone(), held.clone(), held];
    let mut opened = open(&claim(store, 10).await, outcomes);
    let settled: &mut Settled = &mut opened[0].settled[0];
    settled.alerts.push((AlertKind::ShownBetter, "about a passage".to_owned()));
    store.settle(opened, NOW).await.unwrap();
    store.raise_alert(STATION, AlertKind::Behind, "it waits", NOW).await.unwrap();
    assert_eq!(store.reopen(Some(QuarantineReason::Seal)).await.unwrap(), 3);
    // Two of the three stay in quarantine, and one waits again.
    let letters = claim(store, 2).await;
    let again = [QuarantineReason::Seal; 2].map(crate::store::Outcome::Quarantined);
    store.settle(open(&letters, again), NOW).await.unwrap();

    let taken = purged(store, &purge(1)).await;
    assert_eq!(taken, Some(Purged { passages: 1, held: 2, alerts: 1 }));
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.passages, counts.quarantined, counts.waiting), (0, 0, 1));
    let alerts = store.alerts(9).await.unwrap();
    assert_eq!(alerts.iter().map(|alert| alert.kind).collect::<Vec<_>>(), [AlertKind::Behind]);
    // Once it was seen to, it leaves too.
    store.clear_alerts(AlertKind::Behind, NOW).await.unwrap();
    assert_eq!(purged(store, &purge(1)).await, Some(Purged { alerts: 1, ..Purged::default() }));
    assert_eq!(purged(store, &purge(1)).await, None);
}

pub(super) async fn what_purges_go_by_only_grows_unless_somebody_vouches(database: Database) {
    let store = &*database.open().await;
    assert_eq!(store.relied_on().await.unwrap(), None);
    for (moment, relied) in [(5, 5), (3, 5), (9, 9)] {
        store.rely_on(NOW.plus(moment)).await.unwrap();
        assert_eq!(store.relied_on().await.unwrap(), Some(NOW.plus(relied)));
    }
    let head = store.vouch_for(NOW.plus(2), note("clock-vouched")).await.unwrap();
    assert_eq!(store.audit_head().await.unwrap(), head);
    assert_eq!(store.relied_on().await.unwrap(), Some(NOW.plus(2)));
}
