//! The signed word that puts a station out of service.

use std::sync::atomic::Ordering;

use gate::{Input, Withdrawal};
use health_code::Timestamp;
use wire::Withdrawn;

use super::rig::{self, Request, Rig, cose, signed};
use crate::folder::Folder;
use crate::testing::{STATION, World, key, signing_key};
use crate::uplink::withdrawn::{ASKS_AGAIN, OWES_AT_MOST};
use crate::withdrawal::{Heard, Phase};

const CONTACT: &str = "社区办公室 027-1234";

fn withdrawing(world: &World, request: &Request, now: Timestamp) -> wire::Receipt {
    let word = Withdrawn { since: now.0, contact: CONTACT.to_owned() };
    wire::Receipt { withdrawn: Some(word), ..world.receipt(&request.batch(), now) }
}

fn phase(rig: &Rig) -> Option<Phase> {
    let heard = Heard::read(&Folder::new(rig.dir.path()))?;
    assert_eq!(heard.contact, CONTACT);
    Some(heard.phase)
}

fn secrets(rig: &Rig) -> bool {
    let folder = Folder::new(rig.dir.path());
    assert_eq!(folder.key().exists(), folder.trust().exists());
    folder.key().exists()
}

fn with_key(rig: Rig) -> Rig {
    std::fs::write(Folder::new(rig.dir.path()).key(), b"a key").unwrap();
    rig
}

#[tokio::test]
async fn the_word_is_kept_before_it_is_told_the_outbox_is_sent_and_then_trust_and_key_go() {
    let mut rig = with_key(Rig::new(|world, request, now| {
        // It acknowledges one report at a time.
        let mut receipt = withdrawing(world, request, now);
        receipt.lines.truncate(1);
        cose(&signed(&receipt))
    }));
    rig.append(2);
    rig.told();
    let next = rig.uplink.attempt().await;
    assert_eq!((phase(&rig), next.over), (Some(Phase::Sending), false));
    let told = |input: &Input| matches!(input, Input::Withdrawn(Withdrawal { left: false, contact }) if contact == CONTACT);
    assert_eq!(rig.told().iter().filter(|input| told(input)).count(), 1);
    // What the gate reports when it hears of it.
    rig.append_from(2, 1);
    let mut attempts = 0;
    while !rig.uplink.attempt().await.over {
        assert!(secrets(&rig), "not before the outbox is empty");
        assert_eq!(phase(&rig), Some(Phase::Sending));
        attempts += 1;
        assert!(attempts < 10);
    }
    assert!(rig.records().await.is_empty());
    assert!(!secrets(&rig));
    assert_eq!(phase(&rig), Some(Phase::Erasing));
    let told_now = rig.told();
    assert!(!told_now.iter().any(told), "told once");
    assert!(told_now.iter().any(|input| matches!(input, Input::Trust(None))));
}

#[tokio::test]
async fn the_exchange_that_tells_it_is_never_the_last_one() {
    let mut rig = with_key(Rig::new(|world, request, now| cose(&signed(&withdrawing(world, request, now)))));
    let first = rig.uplink.attempt().await;
    assert!(!first.over && first.wait.as_secs() <= 2, "soon again");
    assert!(rig.uplink.attempt().await.over);
}

#[tokio::test]
async fn a_run_that_was_killed_is_taken_up_where_the_disk_says() {
    let mut rig =
        with_key(Rig::new(|world, request, now| cose(&signed(&world.receipt(&request.batch(), now)))));
    Heard { phase: Phase::Sending, left: false, contact: CONTACT.to_owned(), exported: None }
        .keep(&Folder::new(rig.dir.path()))
        .unwrap();
    rig.restart();
    rig.append(2);
    assert!(!rig.uplink.attempt().await.over);
    assert!(rig.uplink.attempt().await.over);
    assert!(!secrets(&rig));
}

#[tokio::test]
async fn nothing_is_erased_while_the_outbox_cannot_be_asked() {
    let mut rig = with_key(Rig::new(|world, request, now| cose(&signed(&withdrawing(world, request, now)))));
    rig.append(1);
    rig.break_outbox();
    for _ in 0..4 {
        assert!(!rig.uplink.attempt().await.over);
    }
    assert!(secrets(&rig));
}

#[tokio::test]
async fn nothing_is_erased_while_the_gate_owes_a_report_and_it_is_asked_soon_again() {
    let mut rig = with_key(Rig::new(|world, request, now| cose(&signed(&withdrawing(world, request, now)))));
    rig.owes.store(true, Ordering::SeqCst);
    for _ in 0..4 {
        let next = rig.uplink.attempt().await;
        assert!(!next.over && next.wait <= ASKS_AGAIN);
    }
    assert!(secrets(&rig), "a report would be lost");
    rig.append(1);
    rig.owes.store(false, Ordering::SeqCst);
    while !rig.uplink.attempt().await.over {}
    assert!(rig.records().await.is_empty() && !secrets(&rig));
}

#[tokio::test]
async fn a_gate_that_owes_a_report_for_ever_keeps_no_key_for_ever() {
    let mut rig = with_key(Rig::new(|world, request, now| cose(&signed(&withdrawing(world, request, now)))));
    rig.owes.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        assert!(!rig.uplink.attempt().await.over);
    }
    rig.skipping().skip(OWES_AT_MOST);
    assert!(rig.uplink.attempt().await.over);
    assert!(!secrets(&rig));
}

#[tokio::test]
async fn nothing_is_erased_before_the_word_is_durable() {
    let mut rig = with_key(Rig::new(|world, request, now| cose(&signed(&withdrawing(world, request, now)))));
    let blocked = Folder::new(rig.dir.path()).withdrawn();
    std::fs::create_dir(&blocked).unwrap();
    std::fs::write(blocked.join("x"), b"x").unwrap();
    for _ in 0..3 {
        assert!(!rig.uplink.attempt().await.over);
    }
    assert!(
        rig.told().iter().any(|input| matches!(input, Input::Withdrawn(_))),
        "out of service all the same"
    );
    assert!(secrets(&rig));
    std::fs::remove_dir_all(&blocked).unwrap();
    assert!(!rig.uplink.attempt().await.over || !secrets(&rig));
}

#[tokio::test]
async fn only_a_signed_word_counts() {
    let mut rig = with_key(Rig::new(|world, request, now| {
        let receipt = withdrawing(world, request, now);
        cose(&receipt.sign(key(66).kid(), &signing_key(66)))
    }));
    for _ in 0..3 {
        assert!(!rig.uplink.attempt().await.over);
    }
    assert_eq!(phase(&rig), None);
    assert!(secrets(&rig) && !rig.told().iter().any(|input| matches!(input, Input::Withdrawn(_))));
}

#[tokio::test]
async fn the_communitys_file_puts_a_station_out_of_service_too() {
    let mut rig = with_key(Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/batches" => cose(&signed(&world.receipt(&request.batch(), now))),
        "/v1/trust/community.cose" => cose(&world.files().community),
        _ => rig::status(404, ""),
    }));
    {
        let mut world = rig.world.lock().unwrap();
        world.community.version += 1;
        world.community.withdrawn = vec![STATION.0];
        world.community.contact = CONTACT.to_owned();
    }
    assert!(!rig.uplink.attempt().await.over);
    assert_eq!(phase(&rig), Some(Phase::Sending));
    assert!(rig.told().iter().any(|input| matches!(input, Input::Withdrawn(_))));
    assert!(rig.uplink.attempt().await.over);
    assert!(!secrets(&rig));
}

#[tokio::test]
async fn a_withdrawn_station_asks_for_no_trust_files() {
    let mut rig = with_key(Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/batches" => cose(&signed(&withdrawing(world, request, now))),
        _ => rig::status(403, ""),
    }));
    rig.world.lock().unwrap().list.version += 1;
    rig.uplink.attempt().await;
    assert!(rig.requests().iter().all(|request| request.path == "/v1/batches"));
}
