//! A slow line, in time that is shortened a hundredfold: its 2 KB/s are 200 here.

use std::collections::HashSet;
use std::time::Duration;

use super::rig::{self, RATE, Rig, cose, signed};

/// Waits as long as so many bytes take on the line.
fn line(bytes: usize) {
    std::thread::sleep(Duration::from_millis(bytes as u64 * 1000 / (2 * RATE)));
}

#[tokio::test]
async fn a_batch_that_takes_longer_than_any_pause_is_delivered() {
    let mut rig = Rig::new(|world, request, now| {
        line(request.body.len());
        cose(&signed(&world.receipt(&request.batch(), now)))
    });
    rig.append(200);
    rig.uplink.attempt().await;
    assert!(rig.records().await.is_empty());
    assert_eq!(rig.requests().len(), 1);
}

#[tokio::test]
async fn an_outbox_drains_in_smaller_batches_through_a_line_that_breaks_off() {
    const PATIENCE: usize = 30_000;
    let mut rig = Rig::new(|world, request, now| {
        let bytes = request.body.len();
        line(bytes.min(PATIENCE));
        match (bytes > PATIENCE, request.number % 2) {
            (true, 0) => rig::status(408, ""),
            (true, _) => Vec::new(),
            _ => cose(&signed(&world.receipt(&request.batch(), now))),
        }
    });
    rig.append(250);
    let mut attempts = 0;
    while !rig.records().await.is_empty() {
        attempts += 1;
        assert!(attempts < 40, "stuck");
        rig.uplink.attempt().await;
    }
    let sent: Vec<_> = rig.requests().iter().map(|request| request.batch().reports.len()).collect();
    assert_eq!(&sent[..4], [250, 125, 62, 31]);
    assert!(sent.iter().filter(|reports| **reports == 62).count() > 1, "it grows again: {sent:?}");
}

#[tokio::test]
async fn what_breaks_off_is_halved_under_a_new_id_and_one_report_is_sent_unchanged() {
    let cuts: [&[u8]; 4] = [
        b"",
        b"HTTP/1.1 200<wait>",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/cose\r\ncontent-length: 100\r\n\r\n<wait>",
        b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    ];
    for cut in cuts {
        let mut rig = Rig::new(move |world, request, now| match request.number {
            0 | 1 => cut.to_vec(),
            _ => cose(&signed(&world.receipt(&request.batch(), now))),
        });
        rig.append(2);
        for _ in 0..4 {
            rig.uplink.attempt().await;
        }
        assert!(rig.records().await.is_empty());
        let sent: Vec<_> = rig.requests().iter().map(rig::Request::batch).collect();
        let sizes: Vec<_> = sent.iter().map(|batch| batch.reports.len()).collect();
        assert_eq!(sizes, [2, 1, 1, 1]);
        assert_eq!(sent[1], sent[2], "a batch of one is sent again as it was");
        assert_eq!(sent.iter().map(|batch| batch.id.0).collect::<HashSet<_>>().len(), 3);
    }
}

#[tokio::test]
async fn without_a_connection_no_batch_shrinks() {
    let mut rig = Rig::new(|_, _, _| Vec::new());
    rig.append(2);
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let clock = std::sync::Arc::new(crate::clock::UnknownClock);
    let office = crate::uplink::http::Http::new(&format!("http://{gone}"), None, clock).unwrap();
    rig.uplink.parts.office = Box::new(office);
    rig.uplink.attempt().await;
    assert_eq!(rig.uplink.limits, gate::sync::BatchLimits::FULL);
}
