//! Answers that are no receipt of the back office: nothing is erased, and the station says offline.

use gate::Input;
use gate::window::bar::Line;
use health_code::Timestamp;
use wire::{BatchId, StationId};

use std::sync::Arc;

use super::rig::{self, Request, Rig, cose, ok, signed, status};
use crate::clock::UnknownClock;
use crate::testing::{World, key, signing_key};
use crate::uplink::http::Http;

async fn erases_nothing(name: &str, answer: fn(&World, &Request, Timestamp) -> Vec<u8>) {
    let mut rig = Rig::new(answer);
    rig.append(2);
    rig.told();
    let next = rig.uplink.attempt().await;
    assert_eq!(rig.records().await.len(), 2, "{name}: nothing is erased");
    assert!(next.rest.is_none(), "{name}: it waits, whatever comes");
    assert!(!rig.told().iter().any(|input| matches!(input, Input::Line(Line::Online))), "{name}: offline");
}

fn good(world: &World, request: &Request, now: Timestamp) -> Vec<u8> {
    signed(&world.receipt(&request.batch(), now))
}

#[tokio::test]
async fn other_content() {
    erases_nothing("a portal's page", |_, _, _| ok("text/html", b"<html>Please sign in</html>")).await;
    erases_nothing("a page that lies", |_, _, _| cose(b"<html>Please sign in</html>")).await;
    erases_nothing("nothing", |_, _, _| cose(b"")).await;
    erases_nothing("a receipt as something else", |w, r, n| ok("application/octet-stream", &good(w, r, n)))
        .await;
    erases_nothing("a parameter", |w, r, n| ok("application/cose; x=y", &good(w, r, n))).await;
    erases_nothing("created", |w, r, n| {
        let text = cose(&good(w, r, n));
        [b"HTTP/1.1 201 OK", &text[15..]].concat()
    })
    .await;
}

#[tokio::test]
async fn errors_and_redirects() {
    for code in [204, 400, 404, 429, 500, 503] {
        let mut rig = Rig::new(move |_, _, _| status(code, ""));
        rig.append(1);
        rig.uplink.attempt().await;
        assert_eq!(rig.records().await.len(), 1, "{code}");
    }
    for code in [301, 302, 303, 307, 308] {
        let mut rig = Rig::new(move |world, request, now| match request.number {
            0 => status(code, "location: /v1/batches"),
            _ => cose(&good(world, request, now)),
        });
        rig.append(1);
        rig.uplink.attempt().await;
        assert_eq!(rig.records().await.len(), 1, "{code}");
        assert_eq!(rig.requests().len(), 1, "{code} is not followed");
    }
}

#[tokio::test]
async fn receipts_of_others() {
    erases_nothing("signed by another key", |world, request, now| {
        let receipt = world.receipt(&request.batch(), now);
        cose(&receipt.sign(key(66).kid(), &signing_key(66)))
    })
    .await;
    erases_nothing("another key under the right name", |world, request, now| {
        let receipt = world.receipt(&request.batch(), now);
        cose(&receipt.sign(key(crate::testing::RECEIPTS).kid(), &signing_key(66)))
    })
    .await;
    erases_nothing("for another batch", |world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        receipt.batch = BatchId([0; 16]);
        cose(&signed(&receipt))
    })
    .await;
    erases_nothing("for another station", |world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        receipt.station = StationId([2; 16]);
        cose(&signed(&receipt))
    })
    .await;
    // The sample deployment names its receipt key for the last 30 days.
    erases_nothing("from before its key was in use", |world, request, now| {
        cose(&signed(&world.receipt(&request.batch(), now.plus(-40 * 86_400))))
    })
    .await;
    erases_nothing("one bit of it altered", |world, request, now| {
        let mut bytes = good(world, request, now);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        cose(&bytes)
    })
    .await;
}

#[tokio::test]
async fn a_receipt_for_other_ciphertexts_settles_nothing() {
    let mut rig = Rig::new(|world, request, now| {
        let mut receipt = world.receipt(&request.batch(), now);
        for line in &mut receipt.lines {
            line.hash = [0; 32];
        }
        cose(&signed(&receipt))
    });
    rig.append(2);
    let next = rig.uplink.attempt().await;
    assert_eq!(rig.records().await.len(), 2);
    assert!(next.rest.is_none());
}

#[tokio::test]
async fn too_much_too_slow_and_cut_off() {
    erases_nothing("too much, announced", |_, _, _| {
        b"HTTP/1.1 200 OK\r\ncontent-type: application/cose\r\ncontent-length: 999999999\r\n\r\n".to_vec()
    })
    .await;
    erases_nothing("too much, in pieces", |_, _, _| {
        let mut bytes =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/cose\r\ntransfer-encoding: chunked\r\n\r\n"
                .to_vec();
        for _ in 0..40 {
            bytes.extend(b"10000\r\n");
            bytes.extend([0; 0x10000]);
            bytes.extend(b"\r\n");
        }
        bytes
    })
    .await;
    erases_nothing("a part, and then nothing", |_, _, _| {
        b"HTTP/1.1 200 OK\r\ncontent-type: application/cose\r\ncontent-length: 100\r\n\r\n<wait>".to_vec()
    })
    .await;
    erases_nothing("no head", |_, _, _| b"HTTP/1.1 200<wait>".to_vec()).await;
    erases_nothing("no HTTP", |_, _, _| b"\0\0\0".to_vec()).await;
    erases_nothing("hung up", |_, _, _| Vec::new()).await;
    erases_nothing("cut off", |world, request, now| {
        let bytes = cose(&good(world, request, now));
        bytes[..bytes.len() - 5].to_vec()
    })
    .await;
}

#[tokio::test]
async fn nobody_there() {
    let mut rig = Rig::new(|_, _, _| Vec::new());
    rig.append(1);
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    rig.uplink.parts.office =
        Box::new(Http::new(&format!("http://{gone}"), None, Arc::new(UnknownClock)).unwrap());
    rig.uplink.attempt().await;
    assert_eq!(rig.records().await, vec![rig::record(0)]);
}
