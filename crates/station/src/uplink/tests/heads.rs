//! The station as a witness of the office's audit log.

use std::sync::atomic::{AtomicUsize, Ordering};

use wire::{AuditHead, Receipt};

use super::rig::{Rig, cose, problem, signed};

fn kept(rig: &Rig) -> Vec<u64> {
    let text = std::fs::read_to_string(rig.dir.path().join("heads")).unwrap();
    text.lines().map(|line| line.parse::<AuditHead>().unwrap().count).collect()
}

#[tokio::test]
async fn heads_of_signed_receipts_are_kept_and_no_others() {
    let batches = AtomicUsize::new(0);
    let mut rig = Rig::new(move |world, request, now| {
        if request.path != "/v1/batches" {
            return problem(404, "unknown");
        }
        let number = batches.fetch_add(1, Ordering::SeqCst);
        let audit = AuditHead { count: number as u64, hash: [number as u8; 32] };
        let mut receipt = signed(&Receipt { audit, ..world.receipt(&request.batch(), now) });
        if number == 2 {
            *receipt.last_mut().unwrap() ^= 1;
        }
        cose(&receipt)
    });
    for _ in 0..4 {
        rig.uplink.attempt().await;
    }
    assert_eq!(kept(&rig), [1, 3], "number 0 is an empty log, and nobody signed number 2");
    rig.restart();
    rig.uplink.attempt().await;
    assert_eq!(kept(&rig), [1, 3, 4]);
}
