use std::io::{Read, Write};
use std::net::TcpListener;

use wire::StationId;

use super::*;
use crate::testing::World;

/// A back office that answers one request by `answer`; its ticket names the world's root.
pub(crate) fn office(world: &World, answer: impl FnOnce(Enrolment) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let ticket = Ticket {
        url: format!("http://{}", listener.local_addr().unwrap()),
        ca: None,
        root: Sha256::digest(&world.files().root).into(),
        secret: [6; 16],
        expires: i64::MAX,
        community: "样例社区".into(),
        office: "样例市卡点后台".into(),
        laptop: "样例 08".into(),
    };
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        let request = loop {
            let read = stream.read(&mut chunk).unwrap();
            bytes.extend_from_slice(&chunk[..read]);
            let body = bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| &bytes[at + 4..]);
            if let Some(request) = body.and_then(|body| Enrolment::open(body).ok()) {
                break request;
            }
            assert!(read > 0, "a whole request");
        };
        stream.write_all(&answer(request)).unwrap();
    });
    ticket.to_text()
}

pub(crate) fn answer_of(world: &World, now: Timestamp) -> EnrolmentAnswer {
    let TrustFiles { root, list, community, revocations, policies } = world.files();
    EnrolmentAnswer {
        station: StationId([0; 16]),
        time: now.0,
        root,
        list,
        community,
        revocations: revocations.to_vec(),
        policies,
    }
}

/// The answer to the station that asks.
pub(crate) fn answer_to(request: &Enrolment, answer: EnrolmentAnswer) -> Vec<u8> {
    http(CBOR, &EnrolmentAnswer { station: StationId::of(&request.key), ..answer }.to_bytes())
}

pub(crate) fn http(content_type: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub(crate) fn now() -> Timestamp {
    crate::testing::wall()
}

#[tokio::test]
async fn a_station_joins_and_only_once() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(now());
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| {
        assert_eq!((request.secret, request.name.as_str()), ([6; 16], "东门"));
        answer_to(&request, answer)
    });
    enrol(dir.path(), &format!("  {ticket}\n"), "东门").await.unwrap();
    let folder = Folder::new(dir.path());
    let file = StationFile::load(&folder.settings()).unwrap();
    let key = keys::load(&folder.key()).unwrap().verifying_key().to_bytes();
    assert_eq!(file.station().unwrap(), StationId::of(&PublicKey::from_bytes(&key).unwrap()));
    assert!(crate::trust_store::TrustStore::load(&folder.trust()).current().is_some());
    assert!(matches!(enrol(dir.path(), &ticket, "").await, Err(EnrolError::AlreadyEnrolled)));
}

#[tokio::test]
async fn an_interrupted_try_goes_on_with_the_same_key() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(now());
    let page = office(&world, |_| http("text/html", b"<html>"));
    assert!(matches!(
        enrol(dir.path(), &page, "x").await,
        Err(EnrolError::Link(ExchangeError::OtherContent))
    ));
    let key = keys::load(&Folder::new(dir.path()).key()).unwrap();
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| {
        assert_eq!(request.key.to_bytes(), key.verifying_key().to_bytes());
        assert_eq!(request.sealing, wire::stick::public_key(&key));
        answer_to(&request, answer)
    });
    enrol(dir.path(), &ticket, "x").await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_laptop_is_enrolled_again_by_the_key_of_the_first_try() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(now());
    let folder = Folder::new(dir.path());
    let word = Heard { phase: withdrawal::Phase::Erasing, contact: String::new() };
    word.keep(&folder).unwrap();
    let lost = office(&world, |_| Vec::new());
    assert!(matches!(enrol(dir.path(), &lost, "x").await, Err(EnrolError::Link(_))));
    let key = keys::load(&folder.key()).unwrap();
    // The laptop looks again and again whether its folder is a station.
    let options = crate::StartOptions { dir: dir.path().to_owned(), camera: None, network: false };
    let started = crate::Station::start(options, Box::new(Nowhere));
    assert!(matches!(started, Err(crate::StartError::Withdrawn { .. })));
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| {
        assert_eq!(request.key.to_bytes(), key.verifying_key().to_bytes(), "a ticket is good for one key");
        answer_to(&request, answer)
    });
    enrol(dir.path(), &ticket, "x").await.unwrap();
    assert!(folder.settings().exists() && Heard::read(&folder).is_none());
}

struct Nowhere;

impl crate::Display for Nowhere {
    fn show(&mut self, _: &gate::View) {}
    fn play(&mut self, _: gate::action::Sound) {}
}

#[tokio::test]
async fn answers_that_are_none_leave_no_station() {
    // One moment for all: worlds of two different seconds have different roots.
    let at = now();
    let world = World::new(at);
    let mut other = World::new(at);
    other.root.expires = other.root.expires.plus(1);
    let other = answer_of(&other, at);
    let mut mixed = answer_of(&world, at);
    mixed.list = other.root.clone();
    let another_id = answer_of(&world, at);
    let mut unvouched = World::new(at);
    unvouched.keys.region = crate::testing::key(99);
    let unvouched = answer_of(&unvouched, at);
    let gone = b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n".to_vec();
    let cases = [
        ("wrong-root", http(CBOR, &other.to_bytes())),
        ("bad-trust", http(CBOR, &mixed.to_bytes())),
        ("bad-trust", http(CBOR, &unvouched.to_bytes())),
        ("bad-answer", http(CBOR, b"\xa0")),
        ("bad-answer", http(CBOR, &another_id.to_bytes())),
        ("refused", gone),
        ("unreachable", Vec::new()),
    ];
    for (code, bytes) in cases {
        let dir = tempfile::tempdir().unwrap();
        let ticket = office(&world, move |_| bytes);
        let error = enrol(dir.path(), &ticket, "x").await.unwrap_err();
        assert_eq!(error.code(), code);
        assert!(!Folder::new(dir.path()).settings().exists(), "{code}");
    }
}

#[tokio::test]
async fn texts_that_are_no_ticket() {
    let dir = tempfile::tempdir().unwrap();
    for text in ["", "KDT1:", "KDT1:ABC", "https://office.example"] {
        assert!(matches!(enrol(dir.path(), text, "x").await, Err(EnrolError::Ticket)), "{text}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
