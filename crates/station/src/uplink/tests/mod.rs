//! The uplink against a back office that is anything but kind.

mod bench;
mod hostile;
mod news;

use gate::Input;
use wire::{ClockState, RecordStatus};

use crate::limits::{POLL, WITHDRAWN_RETRY};
use bench::{Bench, cose, signed};

#[tokio::test]
async fn what_is_acknowledged_is_erased_and_the_rest_stays() {
    let mut bench = Bench::new(|world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        receipt.lines.truncate(2);
        cose(&signed(&receipt))
    });
    bench.append(3);
    let next = bench.uplink.attempt().await;
    assert!(next.wait.is_zero(), "more may be sent at once");
    assert_eq!(bench.records().await, vec![bench::record(2)]);
    assert!(bench.told().iter().any(|input| matches!(input, Input::Online(true))));
}

#[tokio::test]
async fn a_report_that_is_never_acknowledged_holds_up_no_other() {
    let mut bench = Bench::new(|world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        receipt.lines.retain(|line| line.record != bench::record(0));
        cose(&signed(&receipt))
    });
    bench.append(3);
    bench.uplink.attempt().await;
    bench.append_from(3, 2);
    bench.uplink.attempt().await;
    assert_eq!(bench.records().await, vec![bench::record(0)]);
    let sent: Vec<_> = bench.requests().iter().map(|request| request.batch().reports.len()).collect();
    assert_eq!(sent, [3, 2]);
    let next = bench.uplink.attempt().await;
    assert!(!next.wait.is_zero() && !next.wakes, "alone again, and refused again: it waits");
}

#[tokio::test]
async fn conflicts_are_kept_there_and_erased_here() {
    let mut bench = Bench::new(|world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        for line in &mut receipt.lines {
            line.status = RecordStatus::Conflict;
        }
        cose(&signed(&receipt))
    });
    bench.append(2);
    bench.uplink.attempt().await;
    assert!(bench.records().await.is_empty());
}

#[tokio::test]
async fn with_nothing_to_send_it_asks_for_news_now_and_then() {
    let mut bench = Bench::new(|world, request, now| cose(&signed(&world.receipt(&request.batch(), now))));
    let next = bench.uplink.attempt().await;
    assert_eq!((next.wait, next.wakes), (POLL, true));
    assert!(bench.requests()[0].batch().reports.is_empty());
}

#[tokio::test]
async fn a_retry_sends_the_same_reports_under_the_same_id() {
    let mut bench = Bench::new(|world, request, now| match request.number {
        0 | 1 => bench::status(503, "retry-after: 2"),
        _ => cose(&signed(&world.receipt(&request.batch(), now))),
    });
    bench.append(2);
    let next = bench.uplink.attempt().await;
    assert!(next.wait >= std::time::Duration::from_secs(2) && !next.wakes);
    bench.append_from(2, 3);
    for _ in 0..3 {
        bench.uplink.attempt().await;
    }
    let sent: Vec<_> = bench.requests().iter().map(bench::Request::batch).collect();
    assert_eq!(sent[0], sent[1]);
    assert_eq!(sent[0], sent[2]);
    assert_ne!(sent[0].id, sent[3].id);
    assert_eq!((sent[2].reports.len(), sent[3].reports.len()), (2, 3));
    assert!(bench.records().await.is_empty());
}

#[tokio::test]
async fn too_large_halves_until_it_fits() {
    let mut bench = Bench::new(|world, request, now| match request.batch().reports.len() {
        0..=5 => cose(&signed(&world.receipt(&request.batch(), now))),
        _ => bench::status(413, ""),
    });
    bench.uplink.limits = gate::sync::BatchLimits { reports: 20, ..gate::sync::BatchLimits::FULL };
    bench.append(20);
    for _ in 0..12 {
        bench.uplink.attempt().await;
    }
    assert!(bench.records().await.is_empty());
}

#[tokio::test]
async fn a_station_that_is_turned_away_stops_and_erases_nothing() {
    for status in [401, 403] {
        let mut bench = Bench::new(move |_, _, _| bench::status(status, ""));
        bench.append(2);
        let next = bench.uplink.attempt().await;
        assert_eq!((next.wait, next.wakes), (WITHDRAWN_RETRY, false));
        assert_eq!(bench.records().await.len(), 2);
    }
}

#[tokio::test]
async fn only_a_fresh_signed_time_says_what_time_it_is() {
    let mut bench = Bench::new(|world, request, now| match request.number {
        0 => cose(&signed(&world.receipt(&request.batch(), now.plus(-3600)))),
        1 => bench::status(500, ""),
        _ => cose(&signed(&world.receipt(&request.batch(), now))),
    });
    bench.uplink.attempt().await;
    assert_eq!(bench.clock(), ClockState::Wrong);
    bench.uplink.attempt().await;
    bench.uplink.attempt().await;
    assert_eq!(bench.clock(), ClockState::Wrong, "the answer to a repeated batch may be an old one");
    bench.uplink.attempt().await;
    assert_eq!(bench.clock(), ClockState::Trusted);
}
