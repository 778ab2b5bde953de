//! An office that was restored from before this station's enrolment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use wire::{Again, AgainAnswer};

use super::rig::{Rig, cose, ok, problem, signed};
use crate::folder::Folder;
use crate::testing::{RECEIPTS, STATION, key};
use crate::uplink::WITHDRAWN_RETRY;

/// An office that forgets its stations at a word. It takes them in again, or not.
fn office(takes: bool) -> (Rig, Arc<AtomicBool>, Arc<AtomicUsize>) {
    let (knows, asked) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
    let (known, count) = (Arc::clone(&knows), Arc::clone(&asked));
    let rig = Rig::new(move |world, request, now| match request.path.as_str() {
        "/v1/stations/again" => {
            count.fetch_add(1, Ordering::SeqCst);
            let again = Again::open(&request.body).unwrap();
            let keys = key(RECEIPTS);
            let (receipt, _) = again.shown([(keys.kid(), keys.public())]).unwrap();
            assert_eq!((receipt.station, again.name.as_str()), (STATION, "一号"));
            if !takes {
                return problem(401, "signature");
            }
            known.store(true, Ordering::SeqCst);
            ok("application/cbor", &AgainAnswer { station: STATION }.to_bytes())
        }
        _ if known.load(Ordering::SeqCst) => cose(&signed(&world.receipt(&request.batch(), now))),
        _ => problem(401, "unknown-station"),
    });
    (rig, knows, asked)
}

#[tokio::test]
async fn a_receipt_makes_it_known_again_and_what_waits_is_sent() {
    let (mut rig, knows, asked) = office(true);
    rig.uplink.attempt().await;
    assert!(Folder::new(rig.dir.path()).receipt().exists());
    // What is kept outlives a restart.
    rig.restart();
    knows.store(false, Ordering::SeqCst);
    rig.append(2);
    assert!(rig.uplink.attempt().await.wait.is_zero(), "at once");
    rig.uplink.attempt().await;
    assert!(rig.records().await.is_empty());
    let batches = rig.requests().into_iter().filter(|request| request.path == "/v1/batches");
    let ids: Vec<_> = batches.map(|request| request.batch().id).collect();
    assert_eq!(ids[1], ids[2], "the batch that was refused comes again as it was");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn it_asks_once_an_hour_at_most() {
    let (mut rig, knows, asked) = office(false);
    rig.uplink.attempt().await;
    knows.store(false, Ordering::SeqCst);
    rig.append(1);
    for _ in 0..3 {
        assert_eq!(rig.uplink.attempt().await.wait, WITHDRAWN_RETRY);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(rig.records().await.len(), 1);
}

#[tokio::test]
async fn without_a_receipt_it_is_turned_away_as_by_any_other_office() {
    let (mut rig, knows, asked) = office(true);
    knows.store(false, Ordering::SeqCst);
    rig.append(1);
    assert_eq!(rig.uplink.attempt().await.wait, WITHDRAWN_RETRY);
    assert_eq!((asked.load(Ordering::SeqCst), rig.records().await.len()), (0, 1));
}

#[tokio::test]
async fn only_a_receipt_for_no_reports_is_kept() {
    let (mut rig, ..) = office(true);
    rig.append(1);
    rig.uplink.attempt().await;
    assert!(!Folder::new(rig.dir.path()).receipt().exists());
    rig.uplink.attempt().await;
    assert!(Folder::new(rig.dir.path()).receipt().exists());
}
