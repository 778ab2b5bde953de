//! The uplink against a back office that is anything but kind.

mod again;
mod heads;
mod hostile;
mod malformed;
mod notices;
mod pace;
mod parts;
mod rig;
mod slow;
mod stick;
mod trust_download;
mod withdrawn;
mod withdrawn_key;

use std::time::Duration;

use gate::Input;
use gate::window::bar::Line;
use wire::{ClockState, RecordStatus};

use super::WITHDRAWN_RETRY;
use super::office::{Answer, BackOffice, ExchangeError, Part, Request};
use rig::{Rig, cose, signed};

#[tokio::test]
async fn what_is_acknowledged_is_erased_and_the_rest_stays() {
    let mut rig = Rig::new(|world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        receipt.lines.truncate(2);
        cose(&signed(&receipt))
    });
    rig.append(3);
    let next = rig.uplink.attempt().await;
    assert!(next.wait.as_secs() < 2, "more follows after the pause");
    assert_eq!(rig.records().await, vec![rig::record(2)]);
    assert!(rig.told().iter().any(|input| matches!(input, Input::Line(Line::Online))));
}

#[tokio::test]
async fn a_report_that_is_never_acknowledged_holds_up_no_other() {
    let mut rig = Rig::new(|world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        receipt.lines.retain(|line| line.record != rig::record(0));
        cose(&signed(&receipt))
    });
    rig.append(3);
    rig.uplink.attempt().await;
    rig.append_from(3, 2);
    rig.uplink.attempt().await;
    assert_eq!(rig.records().await, vec![rig::record(0)]);
    let sent: Vec<_> = rig.requests().iter().map(|request| request.batch().reports.len()).collect();
    assert_eq!(sent, [3, 2]);
    let next = rig.uplink.attempt().await;
    assert!(!next.wait.is_zero() && next.rest.is_none(), "alone again, and refused again: it waits");
}

#[tokio::test]
async fn conflicts_are_kept_there_and_erased_here() {
    let mut rig = Rig::new(|world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        for line in &mut receipt.lines {
            line.status = RecordStatus::Conflict;
        }
        cose(&signed(&receipt))
    });
    rig.append(2);
    rig.uplink.attempt().await;
    assert!(rig.records().await.is_empty());
}

#[tokio::test]
async fn with_nothing_to_send_it_asks_for_news_now_and_then() {
    let mut rig = Rig::new(|world, request, now| cose(&signed(&world.receipt(&request.batch(), now))));
    let next = rig.uplink.attempt().await;
    assert!((59..=60).contains(&next.wait.as_secs()) && next.rest.is_some());
    assert!(rig.requests()[0].batch().reports.is_empty());
}

#[tokio::test]
async fn the_receipt_says_how_often_to_send() {
    let mut rig = Rig::new(|world, request, now| {
        let pace = wire::Pace { pause: 9, poll: 600 };
        cose(&signed(&wire::Receipt { pace, ..world.receipt(&request.batch(), now) }))
    });
    rig.append(1);
    let none = rig.uplink.attempt().await;
    assert!((598..=600).contains(&none.wait.as_secs()));
    let rest = gate::sync::Rest { pause: Duration::from_secs(9), poll: Duration::from_secs(600) };
    assert_eq!(none.rest.map(|(rest, _)| rest), Some(rest), "a new report waits for the pause");
}

#[tokio::test]
async fn a_clock_outside_the_certificates_dates_is_told_apart() {
    struct ByTheClock;
    impl BackOffice for ByTheClock {
        fn post<'a>(&'a self, _: &'a str, _: Vec<u8>, _: &'static str, _: usize) -> Answer<'a, Vec<u8>> {
            Box::pin(async { Err(ExchangeError::Dates) })
        }
        fn get<'a>(&'a self, _: Request<'a>) -> Answer<'a, Part> {
            Box::pin(async { Err(ExchangeError::Dates) })
        }
    }
    let mut rig = Rig::new(|_, _, _| rig::status(503, ""));
    rig.uplink.attempt().await;
    rig.uplink.parts.office = Box::new(ByTheClock);
    rig.uplink.attempt().await;
    let lines: Vec<_> = rig
        .told()
        .into_iter()
        .filter_map(|input| match input {
            Input::Line(line) => Some(line),
            _ => None,
        })
        .collect();
    assert_eq!(lines, [Line::Offline, Line::OfflineClock]);
}

#[tokio::test]
async fn a_retry_sends_the_same_reports_under_the_same_id() {
    let mut rig = Rig::new(|world, request, now| match request.number {
        0 | 1 => rig::status(503, "retry-after: 2"),
        _ => cose(&signed(&world.receipt(&request.batch(), now))),
    });
    rig.append(2);
    let next = rig.uplink.attempt().await;
    assert!(next.wait >= Duration::from_secs(2) && next.rest.is_none());
    rig.append_from(2, 3);
    for _ in 0..3 {
        rig.uplink.attempt().await;
    }
    let sent: Vec<_> = rig.requests().iter().map(rig::Request::batch).collect();
    assert_eq!(sent[0], sent[1]);
    assert_eq!(sent[0], sent[2]);
    assert_ne!(sent[0].id, sent[3].id);
    assert_eq!((sent[2].reports.len(), sent[3].reports.len()), (2, 3));
    assert!(rig.records().await.is_empty());
}

#[tokio::test]
async fn too_large_halves_until_it_fits() {
    let mut rig = Rig::new(|world, request, now| match request.batch().reports.len() {
        0..=5 => cose(&signed(&world.receipt(&request.batch(), now))),
        _ => rig::status(413, ""),
    });
    rig.uplink.limits = gate::sync::BatchLimits { reports: 20, ..gate::sync::BatchLimits::FULL };
    rig.append(20);
    for _ in 0..12 {
        rig.uplink.attempt().await;
    }
    assert!(rig.records().await.is_empty());
}

#[tokio::test]
async fn a_station_that_is_turned_away_stops_and_erases_nothing() {
    for status in [401, 403] {
        let mut rig = Rig::new(move |_, _, _| rig::status(status, ""));
        rig.append(2);
        let next = rig.uplink.attempt().await;
        assert_eq!((next.wait, next.rest), (WITHDRAWN_RETRY, None));
        assert_eq!(rig.records().await.len(), 2);
    }
}

#[tokio::test]
async fn only_a_fresh_signed_time_says_what_time_it_is() {
    let mut rig = Rig::new(|world, request, now| match request.number {
        0 => cose(&signed(&world.receipt(&request.batch(), now.plus(-3600)))),
        1 => rig::status(500, ""),
        _ => cose(&signed(&world.receipt(&request.batch(), now))),
    });
    rig.uplink.attempt().await;
    assert_eq!(rig.clock(), ClockState::Wrong);
    rig.uplink.attempt().await;
    rig.uplink.attempt().await;
    assert_eq!(rig.clock(), ClockState::Wrong, "the answer to a repeated batch may be an old one");
    rig.uplink.attempt().await;
    assert_eq!(rig.clock(), ClockState::Trusted);
}
