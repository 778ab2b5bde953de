use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use sample::NOW;

use super::*;
use crate::config::Layout;
use crate::context::Context;
use crate::store::PURGED;
use crate::system::Clock;
use crate::testing::people::{Sender, claims, named, settle};
use crate::testing::world;

const DAY: i64 = 86_400;

/// An office at which one passage arrived at [`NOW`], with a policy of this many days.
async fn office(folder: &Path, days: Option<u16>) -> Context {
    let context = world::context(folder, Clock::set_by(Arc::new(AtomicI64::new(NOW.0)))).await;
    let store = &*context.store;
    let mut sender = Sender::enrol(store).await;
    let one = claims("990101199001010011", "13800010044", [7; 16]);
    sender.send(store, &one, world::SEALING).await;
    settle(store, vec![named(&one, &context.keys)]).await;
    publish(&context, folder, days, NOW).await;
    context
}

/// Publishes a list, signed at a moment, with a policy that names days.
async fn publish(context: &Context, folder: &Path, days: Option<u16>, issued: Timestamp) {
    let version = context.trust.trust().list().version + 1;
    let files = world::files_with(|deployment| {
        let list = &mut deployment.list;
        (list.version, list.issued) = (version, issued);
        (list.soft_expiry, list.hard_expiry) = (issued.plus(7 * DAY), issued.plus(45 * DAY));
        (deployment.policy.version, deployment.policy.keep_days) = (2, days);
    });
    world::write_trust(&Layout::of(folder).trust(), &files);
    context.trust.refresh(issued.max(NOW)).await.unwrap();
    assert_eq!(context.trust.refused(), None);
}

async fn at(context: &Context, days: i64) -> Round {
    let trusts = context.trust.communities();
    round(&*context.store, &trusts, NOW.plus(days * DAY), || true).await.unwrap()
}

async fn passages(context: &Context) -> u64 {
    context.store.counts().await.unwrap().passages
}

#[tokio::test]
async fn a_passage_stays_for_its_days_and_goes_with_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let context = office(folder.path(), Some(3)).await;
    for day in 0..=3 {
        assert_eq!(at(&context, day).await.begun, [], "day {day}");
    }
    let last = at(&context, 4).await;
    assert!(last.ended && last.today == Today::Known(NOW.plus(4 * DAY)));
    assert_eq!(last.begun[0].1, Purged { passages: 1, held: 0, alerts: 0 });
    assert_eq!(passages(&context).await, 0);
    let log = context.store.audit_after(0, 9).await.unwrap();
    assert_eq!(log.iter().filter(|entry| entry.act == PURGED).count(), 1);
    assert_eq!(at(&context, 5).await.begun, []);
}

#[tokio::test]
async fn where_no_policy_names_days_everything_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let context = office(folder.path(), None).await;
    for day in [0, 3, 6] {
        assert_eq!(
            at(&context, day).await,
            Round { today: Today::Known(NOW.plus(day * DAY)), begun: vec![], ended: true }
        );
    }
    assert_eq!(passages(&context).await, 1);
}

#[tokio::test]
async fn a_clock_that_jumped_deletes_nothing_until_somebody_vouches_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let context = office(folder.path(), Some(3)).await;
    at(&context, 0).await;
    for _ in 0..3 {
        assert_eq!(at(&context, 400).await.today, Today::Ahead(400 * DAY));
    }
    assert_eq!(passages(&context).await, 1);
    // Right again, it goes on as if nothing had been.
    assert_eq!(at(&context, 1).await.today, Today::Known(NOW.plus(DAY)));
    vouch(&*context.store, NOW.plus(400 * DAY)).await.unwrap();
    assert_eq!(context.store.audit_after(0, 9).await.unwrap().last().unwrap().act, VOUCHED);
    assert_eq!(at(&context, 1).await.today, Today::Back(399 * DAY));
    assert_eq!(passages(&context).await, 1);
    at(&context, 400).await;
    assert_eq!(passages(&context).await, 0);
}

#[tokio::test]
async fn an_office_that_was_off_goes_on_with_a_newer_list() {
    let folder = tempfile::tempdir().unwrap();
    let context = office(folder.path(), Some(3)).await;
    at(&context, 0).await;
    assert_eq!(at(&context, 30).await.today, Today::Ahead(30 * DAY));
    publish(&context, folder.path(), Some(3), NOW.plus(28 * DAY)).await;
    assert_eq!(at(&context, 30).await.today, Today::Known(NOW.plus(30 * DAY)));
    assert_eq!(passages(&context).await, 0);
}

#[tokio::test]
async fn a_purge_that_was_interrupted_anywhere_is_whole_after_the_next_round() {
    for step in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let context = office(folder.path(), Some(3)).await;
        let store = &*context.store;
        at(&context, 3).await;
        let purge = &due(&context.trust.communities(), NOW.plus(4 * DAY))[0];
        if step > 0 {
            store.begin_purge(purge, NOW, [1; 16]).await.unwrap();
        }
        if step > 1 {
            store.purge_some(purge, 9).await.unwrap();
        }
        if step > 2 {
            store.overwrite().await.unwrap();
        }
        // Even by a clock that nothing new would go by.
        let round = at(&context, if step == 0 { 4 } else { 99 }).await;
        assert!(round.ended, "step {step}");
        assert_eq!(passages(&context).await, 0);
        assert_eq!(store.open_purges().await.unwrap(), []);
        let log = store.audit_after(0, 9).await.unwrap();
        assert_eq!(log.iter().filter(|entry| entry.act == PURGED).count(), 1, "step {step}: on record once");
    }
}

#[tokio::test]
async fn who_is_told_to_stop_leaves_the_rest_to_the_next_round() {
    let folder = tempfile::tempdir().unwrap();
    let context = office(folder.path(), Some(3)).await;
    at(&context, 3).await;
    let trusts = context.trust.communities();
    let stopped = round(&*context.store, &trusts, NOW.plus(4 * DAY), || false).await.unwrap();
    assert!(!stopped.ended);
    assert_eq!(context.store.open_purges().await.unwrap().len(), 1);
    assert!(at(&context, 4).await.ended);
    assert_eq!(context.store.open_purges().await.unwrap(), []);
}
