//! When a station sends: after a pause, at once, or when a busy office has time again.

use std::time::Duration;

use gate::Input;
use gate::window::bar::Line;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use wire::{Pace, Receipt};

use super::rig::{self, Rig, cose, signed};

/// An office with the longest pause.
fn slow_office() -> Rig {
    Rig::new(|world, request, now| {
        let pace = Pace { pause: 300, poll: 3600 };
        cose(&signed(&Receipt { pace, ..world.receipt(&request.batch(), now) }))
    })
}

/// Runs the uplink with the network on. It ends when the sender is dropped.
fn run(rig: &mut Rig) -> (watch::Sender<bool>, JoinHandle<()>) {
    let (network, switched) = watch::channel(true);
    let running = tokio::spawn(rig.take_uplink().run(switched, mpsc::channel(1).1));
    (network, running)
}

#[tokio::test]
async fn twenty_reports_and_a_persons_word_end_the_longest_pause() {
    let mut rig = slow_office();
    rig.append(1);
    let (network, running) = run(&mut rig);
    rig.drained().await;
    rig.append_from(1, 20);
    rig.drained().await;
    let sent = |rig: &Rig| -> Vec<_> { rig.requests().iter().map(|it| it.batch().reports.len()).collect() };
    assert_eq!(sent(&rig), [1, 20], "none of the twenty goes alone");
    rig.append_from(21, 1);
    rig.send_now();
    rig.drained().await;
    assert_eq!(sent(&rig), [1, 20, 1]);
    drop(network);
    running.await.unwrap();
}

#[tokio::test]
async fn a_busy_office_is_obeyed_and_is_no_failure() {
    let mut rig = Rig::new(|world, request, now| match request.number {
        0..=6 => rig::status([429, 503][request.number % 2], "retry-after: 7"),
        _ => cose(&signed(&world.receipt(&request.batch(), now))),
    });
    rig.append(2);
    rig.told();
    for _ in 0..7 {
        let next = rig.uplink.attempt().await;
        assert!(next.wait >= Duration::from_secs(7) && next.rest.is_none());
    }
    assert_eq!((rig.uplink.failures, rig.uplink.busy), (0, 7));
    let told = rig.told();
    assert!(!told.iter().any(|input| matches!(input, Input::Line(_))), "it is there: {told:?}");
    rig.uplink.attempt().await;
    assert_eq!(rig.uplink.busy, 0);
    assert!(rig.records().await.is_empty());
}

/// Waits until the gate was told that there is no network.
async fn told_offline(rig: &Rig) {
    let told = async {
        while !rig.told().iter().any(|input| matches!(input, Input::Line(Line::Offline))) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.expect("it is told");
}

#[tokio::test]
async fn a_network_that_is_switched_off_between_two_exchanges_is_told() {
    let mut rig = slow_office();
    let (network, running) = run(&mut rig);
    rig.append(1);
    rig.send_now();
    rig.drained().await;
    network.send_replace(false);
    told_offline(&rig).await;
    drop(network);
    running.await.unwrap();
}

#[tokio::test]
async fn a_network_that_is_switched_off_as_a_rest_ends_is_told() {
    let mut rig = slow_office();
    let (network, running) = run(&mut rig);
    for round in 0..20 {
        network.send_replace(true);
        rig.append_from(round, 1);
        rig.send_now();
        rig.drained().await;
        rig.told();
        // One poll finds both: which of them it sees first is chance.
        rig.send_now();
        network.send_replace(false);
        told_offline(&rig).await;
    }
    drop(network);
    running.await.unwrap();
}

#[tokio::test]
async fn a_laptop_that_slept_through_its_rest_sends_soon_after_it_wakes() {
    let mut rig = slow_office();
    let clock = rig.skipping();
    let (network, running) = run(&mut rig);
    let asked = async |times: usize| {
        let asks = async {
            while rig.requests().len() < times {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), asks).await.expect("it asks");
    };
    asked(1).await;
    clock.skip(Duration::from_secs(2 * 3600));
    asked(2).await;
    drop(network);
    running.await.unwrap();
}
