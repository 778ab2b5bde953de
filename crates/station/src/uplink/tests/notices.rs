//! What became of changes: asked with each batch, and told to the gate.

use std::time::Duration;

use gate::Input;
use wire::limits::AWAITS;
use wire::{Notice, NoticeCode, Receipt, RecordId};

use super::rig::{Rig, cose, record, signed};

fn told(rig: &Rig) -> Vec<(Vec<Notice>, u64)> {
    let notices = rig.told().into_iter().filter_map(|input| match input {
        Input::Told { notices, community } => Some((notices, community)),
        _ => None,
    });
    notices.collect()
}

#[tokio::test]
async fn the_gate_hears_what_became_of_the_changes_it_awaits_and_of_no_others() {
    let notice = |number, code| Notice { record: record(number), code };
    let mut rig = Rig::new(move |world, request, now| {
        let notices = match request.number {
            0 => vec![],
            1 => vec![notice(7, NoticeCode::Waits)],
            _ => vec![
                notice(7, NoticeCode::NotAllowed),
                // Nobody asked about this one.
                notice(9, NoticeCode::Entered),
                notice(8, NoticeCode::Other("newer".to_owned())),
            ],
        };
        cose(&signed(&Receipt { notices, ..world.receipt(&request.batch(), now) }))
    });
    rig.uplink.attempt().await;
    assert!(rig.requests()[0].batch().awaits.is_empty(), "nothing is awaited");
    rig.await_changes(vec![record(7), record(8)]);
    let next = rig.uplink.attempt().await;
    assert_eq!(rig.requests()[1].batch().awaits, [record(7), record(8)], "also of an empty batch");
    let version = rig.world.lock().unwrap().community.version;
    assert_eq!(told(&rig), [(vec![notice(7, NoticeCode::Waits)], version)]);
    assert!(next.wait <= Duration::from_secs(5), "one of them has no answer yet: {next:?}");
    rig.append(1);
    let next = rig.uplink.attempt().await;
    let heard = vec![notice(7, NoticeCode::NotAllowed), notice(8, NoticeCode::Other("newer".to_owned()))];
    assert_eq!(told(&rig), [(heard, version)]);
    assert!(next.wait > Duration::from_secs(5), "both have one: {next:?}");
    rig.await_changes(Vec::new());
    rig.uplink.attempt().await;
    assert!(rig.requests()[3].batch().awaits.is_empty());
    assert!(told(&rig).is_empty());
}

#[tokio::test]
async fn more_changes_than_a_batch_asks_about_wait_for_their_turn() {
    let mut rig = Rig::new(|world, request, now| cose(&signed(&world.receipt(&request.batch(), now))));
    let all: Vec<RecordId> = (0..=AWAITS as u8).map(record).collect();
    rig.await_changes(all.clone());
    rig.uplink.attempt().await;
    assert_eq!(rig.requests()[0].batch().awaits, all[..AWAITS]);
}
