//! Cases of [`Arrivals`](crate::store::Arrivals): new, known, in conflict, in a chain or beside it.

use wire::{RecordId, RecordStatus, SealedReport, StreamId};

use super::{Database, NOW, STATION, accept, arrival, chain, enrolled, model, open_alerts, statuses};
use crate::store::{AlertKind, QuarantineReason};

pub(super) async fn doubles_are_told_apart(database: Database) {
    use RecordStatus::{AlreadyStored, Stored};
    let store = &*enrolled(&database).await;
    let reports = chain(4, [0; 32]);
    assert_eq!(statuses(&accept(store, &reports[..2]).await), [Stored; 2]);
    let reordered = [reports[3].clone(), reports[1].clone(), reports[0].clone(), reports[2].clone()];
    let lines = accept(store, &reordered).await;
    assert_eq!(statuses(&lines), [Stored, AlreadyStored, AlreadyStored, Stored]);
    for (line, report) in lines.iter().zip(&reordered) {
        assert_eq!((line.record, line.hash), (report.record, wire::seal::hash(&report.ciphertext)));
    }
    assert_eq!(statuses(&accept(store, &reports).await), [AlreadyStored; 4]);
    assert_eq!(accept(store, &[]).await, []);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.records, counts.waiting), (4, 4));
    assert_eq!(open_alerts(store).await, []);
    assert_eq!(store.station(STATION).await.unwrap().unwrap().last_seen, Some(NOW));
}

pub(super) async fn two_servers_take_the_same_batch_once(database: Database) {
    let one = enrolled(&database).await;
    let other = database.open().await;
    let reports = chain(20, [0; 32]);
    let (first, second) = tokio::join!(accept(&*one, &reports), accept(&*other, &reports));
    for (first, second) in first.iter().zip(&second) {
        let mut both = [first.status, second.status];
        both.sort_by_key(|status| *status != RecordStatus::Stored);
        assert_eq!(both, [RecordStatus::Stored, RecordStatus::AlreadyStored]);
    }
    assert_eq!(one.counts().await.unwrap().waiting, 20);
    assert_eq!(open_alerts(&*one).await, []);
}

pub(super) async fn what_was_stored_is_known_after_a_restart(database: Database) {
    let store = enrolled(&database).await;
    assert_eq!(statuses(&accept(&*store, &chain(5, [0; 32])).await), [RecordStatus::Stored; 5]);
    drop(store);
    let store = database.open().await;
    assert_eq!(statuses(&accept(&*store, &chain(5, [0; 32])).await), [RecordStatus::AlreadyStored; 5]);
}

pub(super) async fn a_conflict_is_kept_beside(database: Database) {
    let store = &*enrolled(&database).await;
    let first = chain(1, [0; 32]).remove(0);
    let other = SealedReport { ciphertext: vec![77; 20], link: [8; 32], ..first.clone() };
    accept(store, std::slice::from_ref(&first)).await;
    for _ in 0..2 {
        let lines = accept(store, std::slice::from_ref(&other)).await;
        assert_eq!(statuses(&lines), [RecordStatus::Conflict]);
        assert_eq!(lines[0].hash, wire::seal::hash(&other.ciphertext));
    }
    assert_eq!(statuses(&accept(store, &[first]).await), [RecordStatus::AlreadyStored]);
    let quarantined = store.quarantined(10).await.unwrap();
    assert_eq!(quarantined.len(), 1);
    assert_eq!(quarantined[0].reason, QuarantineReason::Conflict);
    assert_eq!(open_alerts(store).await, [AlertKind::Conflict]);
    assert_eq!(store.reopen(None).await.unwrap(), 0);
}

pub(super) async fn what_a_withdrawn_station_sends_after_it_heard_is_in_quarantine(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(4, [0; 32]);
    assert_eq!(store.accept(arrival(&reports[..1])).await.unwrap().withdrawn, None);
    store.withdraw(STATION, NOW.plus(-7)).await.unwrap();
    assert_eq!(store.station(STATION).await.unwrap().unwrap().told, None);
    // Its receipt is the first to tell the station: what was on its way counts.
    let told = store.accept(arrival(&reports[..2])).await.unwrap();
    assert_eq!(told.withdrawn, Some(NOW.plus(-7)));
    assert_eq!(statuses(&told.lines), [RecordStatus::AlreadyStored, RecordStatus::Stored]);
    assert_eq!(open_alerts(store).await, []);
    assert_eq!(store.station(STATION).await.unwrap().unwrap().told, Some(NOW));
    // The receipt was lost, and the batch comes again: nothing is new in it.
    assert_eq!(statuses(&accept(store, &reports[..2]).await), [RecordStatus::AlreadyStored; 2]);
    assert_eq!(open_alerts(store).await, []);
    // Later reports wait, under the same batch id as well. Another server knows it, too.
    let other = database.open().await;
    let later = other.accept(arrival(&reports)).await.unwrap();
    assert_eq!(later.withdrawn, Some(NOW.plus(-7)));
    assert_eq!(statuses(&later.lines[2..]), [RecordStatus::Stored; 2]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.quarantined), (2, 2));
    assert_eq!(open_alerts(store).await, [AlertKind::WithdrawnSends]);
    assert_eq!(store.reopen(Some(QuarantineReason::Seal)).await.unwrap(), 0);
    assert_eq!(store.reopen(None).await.unwrap(), 0, "nobody files a thief's reports by the way");
    assert_eq!(store.reopen(Some(QuarantineReason::Withdrawn)).await.unwrap(), 2);
}

pub(super) async fn a_gap_is_an_alert_until_it_is_filled(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(4, [0; 32]);
    accept(store, &[reports[3].clone(), reports[0].clone()]).await;
    store.check_chains(NOW.plus(-1), NOW).await.unwrap();
    assert_eq!(open_alerts(store).await, [], "not yet");
    for _ in 0..2 {
        store.check_chains(NOW, NOW).await.unwrap();
        assert_eq!(open_alerts(store).await, [AlertKind::Gap]);
    }
    accept(store, &reports[1..3]).await;
    store.check_chains(NOW, NOW).await.unwrap();
    assert_eq!(open_alerts(store).await, []);
    assert_eq!(store.alerts(10).await.unwrap()[0].cleared, Some(NOW));
}

pub(super) async fn two_successors_are_a_fork(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(2, [0; 32]);
    accept(store, &reports).await;
    assert_eq!(open_alerts(store).await, []);
    // A second stream that continues where the first report ended, as a restored disk does.
    let restored = SealedReport {
        stream: StreamId([8; 16]),
        seq: 0,
        record: RecordId([88; 16]),
        ciphertext: vec![88; 20],
        ..reports[1].clone()
    };
    assert_eq!(statuses(&accept(store, &[restored]).await), [RecordStatus::Stored]);
    assert_eq!(open_alerts(store).await, [AlertKind::Fork]);
}

pub(super) async fn random_histories_agree_with_a_naive_model(database: Database) {
    let store = &*database.open().await;
    for seed in 1000..1010 {
        model::live(store, seed).await;
    }
}
