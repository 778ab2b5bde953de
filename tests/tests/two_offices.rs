//! Two back offices behind one address, on one PostgreSQL server: one dies in the middle of it, and nothing
//! is lost and nothing doubled.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;

use scratch_postgres::Cluster;
use serde_json::{Value, json};
use stage::clock::{PATIENCE, until};
use stage::programs::command;
use stage::{Office, World};

const STATIONS: usize = 50;
const PASSAGES: usize = 6000;

#[test]
fn one_of_two_offices_dies_while_fifty_stations_drain_and_each_passage_is_filed_once() {
    let world = World::new(None).unwrap();
    let cluster = Cluster::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut first = Office::start_on(cluster.url(), &folder.path().join("first"), &world).unwrap();
    // The second one has the first one's CA, as it has its keys: stations pin it.
    for file in ["ca.key", "ca.pem"] {
        let ca = folder.path().join("first/tls").join(file);
        fs::copy(ca, world.path().join("office").join(file)).unwrap();
    }
    let second = Office::start_on(cluster.url(), &folder.path().join("second"), &world).unwrap();
    let front = front([&first, &second].map(|office| address(office.url())));
    let tickets = folder.path().join("tickets.txt");
    fs::write(&tickets, first.tickets(STATIONS).unwrap()).unwrap();

    let mut simulate = command("kadian-issue").unwrap();
    simulate.arg("simulate").arg(world.path()).arg("--tickets").arg(&tickets);
    simulate.args(["--url", &format!("https://{front}"), "--passages", &PASSAGES.to_string()]);
    simulate.args(["--batch", "10", "--at-once", "--json"]);
    let simulate = simulate.stdout(Stdio::piped()).spawn().unwrap();
    until("a part of the passages", PATIENCE, || {
        let records = second.list()?["counts"]["records"].as_u64().unwrap_or_default();
        Ok((records >= PASSAGES as u64 / 10).then_some(()))
    })
    .unwrap();
    first.cut().unwrap();

    let output = simulate.wait_with_output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["acknowledged"], &said["lost"]), (&json!(PASSAGES), &json!(0)), "{said}");
    // What the dead office had claimed is opened by the other one when its leases end.
    let list = until("every passage to be filed", PATIENCE, || {
        let list = second.list()?;
        Ok((list["counts"]["waiting"] == 0).then_some(list))
    })
    .unwrap();
    let counts = &list["counts"];
    assert_eq!((&counts["records"], &counts["passages"]), (&json!(PASSAGES), &json!(PASSAGES)), "{counts}");
    assert_eq!((&counts["quarantined"], &counts["stations"]), (&json!(0), &json!(STATIONS)), "{counts}");
    let kinds: Vec<&Value> = list["alerts"].as_array().unwrap().iter().map(|alert| &alert["kind"]).collect();
    assert!(
        kinds.iter().all(|kind| *kind == "behind"),
        "an office that died is no fault of a station: {kinds:?}"
    );
    // A third one starts where the first one was, while the second one serves.
    first.start_again().unwrap();
    assert_eq!(first.list().unwrap()["counts"], *counts);
}

/// Returns host and port of a URL.
fn address(url: &str) -> SocketAddr {
    url.rsplit('/').next().unwrap().parse().unwrap()
}

/// Starts what stands before two servers: each connection goes to one of them in turn, and to the other one
/// where that is dead. Its threads end with the test.
fn front(servers: [SocketAddr; 2]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (turn, client) in listener.incoming().map_while(Result::ok).enumerate() {
            let in_turn = [servers[turn % 2], servers[(turn + 1) % 2]];
            let server = in_turn.into_iter().find_map(|server| TcpStream::connect(server).ok());
            if let Some(server) = server {
                let (to, from) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || carry(from, to));
                thread::spawn(move || carry(server, client));
            }
        }
    });
    address
}

/// Carries bytes one way until either side ends, and then ends both.
fn carry(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
