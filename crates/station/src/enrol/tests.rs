use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use health_code::{PublicKey, Timestamp, TrustFiles};
use sha2::{Digest as _, Sha256};
use wire::{Enrolment, StationId};

use super::*;
use crate::settings::StationFile;
use crate::testing::World;
use crate::withdrawal::{self, Heard};

/// A back office that shows the world's root, and answers one enrolment by `answer`; its ticket names that
/// root.
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
    let root = http(COSE, &world.files().root);
    std::thread::spawn(move || {
        let mut answer = Some(answer);
        while let Some(reply) = answer.take() {
            let mut stream = listener.accept().unwrap().0;
            match request(&mut stream) {
                None => answer = Some(reply),
                Some(Asked::Root) => {
                    stream.write_all(&root).unwrap();
                    answer = Some(reply);
                }
                Some(Asked::Enrolment(request)) => stream.write_all(&reply(*request)).unwrap(),
            }
        }
    });
    ticket.to_text()
}

enum Asked {
    Root,
    Enrolment(Box<Enrolment>),
}

/// Reads a request; `None` from somebody who hangs up.
fn request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        if bytes.starts_with(b"GET /v1/trust/root.cose ") {
            return Some(Asked::Root);
        }
        if let Ok(request) = Enrolment::open(&bytes[at + 4..]) {
            return Some(Asked::Enrolment(Box::new(request)));
        }
    }
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
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn problem(body: &str) -> Vec<u8> {
    let length = body.len();
    let head = "HTTP/1.1 403 No\r\ncontent-type: application/problem+json";
    format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
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
    enrol(dir.path(), &format!("  {ticket}\n"), Some("东门")).await.unwrap();
    let folder = Folder::new(dir.path());
    let file = StationFile::load(&folder.settings()).unwrap();
    let key = keys::load(&folder.key()).unwrap().verifying_key().to_bytes();
    assert_eq!(file.station().unwrap(), StationId::of(&PublicKey::from_bytes(&key).unwrap()));
    assert!(crate::trust_store::TrustStore::load(&folder.trust()).current().is_some());
    assert!(matches!(enrol(dir.path(), &ticket, None).await, Err(EnrolError::AlreadyEnrolled)));
}

#[tokio::test]
async fn an_interrupted_try_goes_on_with_the_same_key() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(now());
    let page = office(&world, |_| http("text/html", b"<html>"));
    assert!(matches!(
        enrol(dir.path(), &page, Some("x")).await,
        Err(EnrolError::Link(ExchangeError::OtherContent))
    ));
    let key = keys::load(&Folder::new(dir.path()).key()).unwrap();
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| {
        assert_eq!(request.key.to_bytes(), key.verifying_key().to_bytes());
        assert_eq!(request.sealing, wire::stick::public_key(&key));
        answer_to(&request, answer)
    });
    enrol(dir.path(), &ticket, Some("x")).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_laptop_is_enrolled_again_by_the_key_of_the_first_try() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(now());
    let folder = Folder::new(dir.path());
    let word =
        Heard { phase: withdrawal::Phase::Erasing, left: false, contact: String::new(), exported: None };
    word.keep(&folder).unwrap();
    let lost = office(&world, |_| Vec::new());
    assert!(matches!(enrol(dir.path(), &lost, Some("x")).await, Err(EnrolError::Link(_))));
    let key = keys::load(&folder.key()).unwrap();
    // The laptop looks again and again whether its folder is a station.
    let options = crate::StartOptions {
        dir: dir.path().to_owned(),
        camera: None,
        second_camera: None,
        network: false,
        stick: None,
    };
    let started = crate::Station::start(options, Box::new(Nowhere));
    assert!(matches!(started, Err(crate::StartError::Withdrawn { .. })));
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| {
        assert_eq!(request.key.to_bytes(), key.verifying_key().to_bytes(), "a ticket is good for one key");
        answer_to(&request, answer)
    });
    enrol(dir.path(), &ticket, Some("x")).await.unwrap();
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
    let used = problem(r#"{"code":"ticket-used","at":1600000000}"#);
    let cases = [
        ("wrong-root", http(CBOR, &other.to_bytes())),
        ("bad-trust", http(CBOR, &mixed.to_bytes())),
        ("bad-trust", http(CBOR, &unvouched.to_bytes())),
        ("bad-answer", http(CBOR, b"\xa0")),
        ("bad-answer", http(CBOR, &another_id.to_bytes())),
        ("not-an-office", gone),
        ("ticket-used", used),
        ("broken-off", Vec::new()),
    ];
    for (code, bytes) in cases {
        let dir = tempfile::tempdir().unwrap();
        let ticket = office(&world, move |_| bytes);
        let error = enrol(dir.path(), &ticket, Some("x")).await.unwrap_err();
        assert_eq!(error.code(), code);
        assert!(!Folder::new(dir.path()).settings().exists(), "{code}");
    }
}

#[tokio::test]
async fn an_office_with_another_root_never_sees_the_ticket() {
    let at = now();
    let (mine, mut other) = (World::new(at), World::new(at));
    other.root.expires = other.root.expires.plus(1);
    let dir = tempfile::tempdir().unwrap();
    let text = office(&other, |_| panic!("the ticket's secret went to another office"));
    let mut ticket = Ticket::parse(&text).unwrap();
    ticket.root = Sha256::digest(&mine.files().root).into();
    let mut steps = Vec::new();
    let joined = join(dir.path(), &ticket, "x", &mut |step| steps.push(step)).await;
    assert_eq!(joined.unwrap_err().failure(), EnrolFailure::WrongRoot);
    assert_eq!(steps, [JoinStep::Reach, JoinStep::Identity]);
}

#[tokio::test]
async fn a_laptop_is_called_what_its_ticket_calls_it_and_tells_each_step() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new(now());
    let answer = answer_of(&world, now());
    let ticket = office(&world, move |request| {
        assert_eq!(request.name, "样例 08");
        answer_to(&request, answer)
    });
    enrol(dir.path(), &ticket, None).await.unwrap();
    let answer = answer_of(&world, now());
    let ticket = Ticket::parse(&office(&world, move |request| answer_to(&request, answer))).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut steps = Vec::new();
    join(dir.path(), &ticket, "x", &mut |step| steps.push(step)).await.unwrap();
    assert_eq!(steps, [JoinStep::Reach, JoinStep::Identity, JoinStep::Ticket, JoinStep::Trust]);
}

#[tokio::test]
async fn texts_that_are_no_ticket() {
    let dir = tempfile::tempdir().unwrap();
    for text in ["", "KDT1:", "KDT1:ABC", "https://office.example"] {
        assert!(matches!(enrol(dir.path(), text, Some("x")).await, Err(EnrolError::Ticket)), "{text}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
