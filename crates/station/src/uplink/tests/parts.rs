//! Trust files that come in parts.

use std::sync::Arc;
use std::time::Duration;

use health_code::hex;
use health_code::trust::Revocations;
use tokio::sync::watch;

use super::rig::{self, Request, Rig, cose, octets, part, signed};
use crate::limits::LOWEST_RATE;
use crate::testing::World;
use crate::uplink::answer::Patience;

const OCTETS: &str = "application/octet-stream";

/// Revokes so many codes whose entries begin with one of these bytes.
fn revoke(world: &mut World, bytes: impl Iterator<Item = u8> + Clone, each: u32) {
    let entry = |byte: u8, number: u32| {
        let [a, b, c, d] = number.to_be_bytes();
        [byte, a, b, c, d, 1, 2, 3]
    };
    let entries: Vec<_> = bytes.flat_map(|byte| (0..each).map(move |number| entry(byte, number))).collect();
    world.revocations = Revocations::new([3; 16], entries);
    world.list.revocations = world.revocations.index().clone();
    world.list.version += 1;
}

/// The chunk of revocations that a request asks for.
fn chunk<'a>(world: &'a World, request: &Request) -> Option<(&'a [u8], String)> {
    let chunks = &world.revocations.index().chunks;
    let (byte, hash) = chunks.iter().find(|(_, hash)| request.path.ends_with(&hex::encode(&hash[..])))?;
    Some((world.revocations.chunk(*byte), format!("\"{}\"", hex::encode(&hash[..]))))
}

/// Where each request for revocations begins.
fn begins(rig: &Rig) -> Vec<usize> {
    let ranges =
        rig.requests().into_iter().filter(|request| request.path.contains("revocations")).map(|request| {
            let range = request.headers.lines().find_map(|line| line.strip_prefix("range: bytes="));
            range.unwrap().split_once('-').unwrap().0.parse().unwrap()
        });
    ranges.collect()
}

#[tokio::test]
async fn a_large_file_comes_in_parts_and_goes_on_where_the_line_broke_off() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/batches" => cose(&signed(&world.receipt(&request.batch(), now))),
        "/v1/trust/trust.cose" => cose(&world.files().list),
        _ => {
            let (chunk, tag) = chunk(world, request).unwrap();
            let mut answer = part(request, OCTETS, chunk, &tag);
            if request.number == 3 {
                answer.truncate(answer.len() - 60_000);
            }
            answer
        }
    });
    revoke(&mut rig.world.lock().unwrap(), [7].into_iter(), 20_000);
    rig.uplink.attempt().await;
    let begins = begins(&rig);
    assert_eq!(begins, [0, 64 << 10, (128 << 10) - 60_000, (192 << 10) - 60_000]);
    assert_eq!(rig.trust.current().unwrap().revocations().len(), 20_000);
}

#[tokio::test]
async fn what_broke_off_too_often_goes_on_with_the_next_receipt() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/batches" => cose(&signed(&world.receipt(&request.batch(), now))),
        "/v1/trust/trust.cose" => cose(&world.files().list),
        _ => {
            let (chunk, tag) = chunk(world, request).unwrap();
            let answer = part(request, OCTETS, chunk, &tag);
            // Ten thousand bytes come at a time.
            let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
            answer[..answer.len().min(head + 10_000)].to_vec()
        }
    });
    revoke(&mut rig.world.lock().unwrap(), [7].into_iter(), 20_000);
    let mut attempts = 0;
    while rig.trust.current().unwrap().list().version < 8 {
        attempts += 1;
        assert!(attempts < 20, "stuck at {:?}", begins(&rig));
        rig.uplink.attempt().await;
    }
    let begins = begins(&rig);
    assert!(begins.is_sorted_by(|a, b| a < b), "nothing comes twice: {begins:?}");
}

#[tokio::test]
async fn another_version_in_the_middle_begins_anew() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/batches" => cose(&signed(&world.receipt(&request.batch(), now))),
        "/v1/trust/trust.cose" => cose(&world.files().list),
        _ => {
            let (chunk, _) = chunk(world, request).unwrap();
            part(request, OCTETS, chunk, if request.number < 4 { "\"old\"" } else { "\"new\"" })
        }
    });
    revoke(&mut rig.world.lock().unwrap(), [7].into_iter(), 20_000);
    rig.uplink.attempt().await;
    assert_eq!(begins(&rig), [0, 64 << 10, 128 << 10, 0, 64 << 10, 128 << 10]);
    assert_eq!(rig.trust.current().unwrap().revocations().len(), 20_000);
}

#[tokio::test]
async fn a_part_of_something_else_is_no_part() {
    let lies = [
        ("bytes 0-", "bytes 1-"),
        ("/1600", "/999999999"),
        ("content-range", "x-range"),
        ("octet-stream", "html"),
    ];
    for (truth, lie) in lies {
        let mut rig = Rig::new(move |world, request, now| match request.path.as_str() {
            "/v1/batches" => cose(&signed(&world.receipt(&request.batch(), now))),
            "/v1/trust/trust.cose" => cose(&world.files().list),
            _ => {
                let (chunk, tag) = chunk(world, request).unwrap();
                let plain = vec![b'x'; chunk.len()];
                let answer = part(request, OCTETS, &plain, &tag);
                String::from_utf8(answer).unwrap().replacen(truth, lie, 1).into_bytes()
            }
        });
        revoke(&mut rig.world.lock().unwrap(), [7].into_iter(), 200);
        rig.uplink.attempt().await;
        assert_eq!(rig.trust.current().unwrap().list().version, 7);
        assert_eq!(begins(&rig), [0], "asked for once, and again with the next receipt");
    }
}

/// A line of 2 KB/s that breaks off every few minutes, a thousand times as fast; and of 8 MB of
/// revocations a sixteenth.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_line_that_breaks_off_drains_the_outbox_while_the_revocations_come_down() {
    const FASTER: u64 = 1000;
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/batches" => cose(&signed(&world.receipt(&request.batch(), now))),
        path if path.contains("revocations") => octets_in_parts(world, request),
        "/v1/trust/trust.cose" => cose(&world.files().list),
        _ => rig::status(404, ""),
    });
    revoke(&mut rig.world.lock().unwrap(), 0..16, 4_000);
    let patience = Patience {
        connect: Duration::from_secs(2),
        read: Duration::from_secs(2),
        rate: FASTER * LOWEST_RATE,
    };
    rig.behind_a_line(2 * FASTER * 1024, 100 * 1024, patience);
    rig.append(100);
    let mut uplink = rig.take_uplink();
    uplink.trust_download.turn = Duration::from_millis(10_000 / FASTER);
    let (network, switched) = watch::channel(true);
    let running = tokio::spawn(uplink.run(switched, tokio::sync::mpsc::channel(1).1));
    let mut next = 100;
    let trust = Arc::clone(&rig.trust);
    let news = async {
        while trust.current().unwrap().list().version < 8 {
            if next < 240 && rig.records().await.is_empty() {
                rig.append_from(next, 20);
                next += 20;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), news).await.expect("the revocations come down");
    rig.send_now();
    rig.drained().await;
    drop(network);
    running.await.unwrap();
    let requests = rig.requests();
    let is_batch = |request: &&Request| request.path == "/v1/batches";
    let first = requests.iter().position(|request| request.path.contains("revocations")).unwrap();
    let last = requests.iter().rposition(|request| request.path.contains("revocations")).unwrap();
    let between: Vec<_> = requests[first..last].iter().filter(is_batch).map(Request::batch).collect();
    assert!(between.iter().any(|batch| !batch.reports.is_empty()), "uploads had their turns");
    assert_eq!(trust.current().unwrap().revocations().len(), 64_000);
}

fn octets_in_parts(world: &World, request: &Request) -> Vec<u8> {
    match chunk(world, request) {
        Some((chunk, tag)) => part(request, OCTETS, chunk, &tag),
        None => octets(b""),
    }
}
