use std::fs;
use std::path::PathBuf;

use rand_core::SeedableRng as _;
use wire::{Batch, Enrolment};

use super::super::tests::{answer_of, now};
use super::*;
use crate::clock::{Clock as _, MemoryKey, SystemClock, TrustTimes};
use crate::settings::StationFile;
use crate::testing::{RECEIPTS, World, signing_key};

/// A laptop without a network, a stick, and an office with the world's files.
struct Rig {
    laptop: tempfile::TempDir,
    stick: tempfile::TempDir,
    world: World,
    at: Timestamp,
}

impl Rig {
    fn new() -> Self {
        let at = now();
        let (laptop, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        Self { laptop, stick, world: World::new(at), at }
    }

    fn ticket(&self, secret: u8) -> Ticket {
        Ticket {
            url: "http://127.0.0.1:9".into(),
            ca: None,
            root: Sha256::digest(&self.world.files().root).into(),
            secret: [secret; 16],
            expires: i64::MAX,
            community: "样例社区".into(),
            office: "样例市卡点后台".into(),
            laptop: "样例 08".into(),
        }
    }

    fn carry(&self, secret: u8) -> Result<ByStick, EnrolError> {
        enrol_by_stick(self.laptop.path(), Some(&self.ticket(secret).to_text()), None, self.stick.path())
    }

    fn code(&self, secret: u8) -> &'static str {
        self.carry(secret).unwrap_err().code()
    }

    fn folder(&self) -> Folder {
        Folder::new(self.laptop.path())
    }

    fn station(&self) -> StationId {
        StationId::of(&public_key_of(&keys::load(&self.folder().key()).unwrap()).unwrap())
    }

    fn own(&self, name: &str) -> PathBuf {
        self.stick.path().join(self.station().to_string()).join(name)
    }

    fn request(&self) -> Vec<u8> {
        fs::read(self.own(REQUEST)).unwrap()
    }

    /// What the office answers to the request on the stick, after it was changed.
    fn answered(&self, change: impl FnOnce(&mut EnrolmentAnswer, &mut Receipt)) -> SealedAnswer {
        let request = self.request();
        let asked = Enrolment::open(&request).unwrap();
        let mut answer = answer_of(&self.world, self.at);
        answer.station = StationId::of(&asked.key);
        let id = request_id(&request);
        let batch =
            Batch { station: answer.station, id, reports: Vec::new(), awaits: Vec::new(), about: None };
        let mut receipt = self.world.receipt(&batch, self.at);
        change(&mut answer, &mut receipt);
        let receipt = receipt.sign(crate::testing::key(RECEIPTS).kid(), &signing_key(RECEIPTS));
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        SealedAnswer::seal(&answer, id, receipt, &asked.sealing, &mut rng).unwrap()
    }

    fn put(&self, answer: &SealedAnswer) {
        fs::write(self.own(ANSWER), answer.to_bytes()).unwrap();
    }
}

#[test]
fn a_laptop_asks_and_becomes_a_station_by_the_answer_across_restarts_and_sticks() {
    let mut rig = Rig::new();
    assert_eq!(rig.carry(6).unwrap(), ByStick::Asked(rig.station()));
    let asked = Enrolment::open(&rig.request()).unwrap();
    assert_eq!((asked.secret, asked.name.as_str()), ([6; 16], "样例 08"));
    let (request, key) = (rig.request(), keys::load(&rig.folder().key()).unwrap());
    // Another stick, and nobody has the ticket any more: the laptop knows it.
    rig.stick = tempfile::tempdir().unwrap();
    let again = enrol_by_stick(rig.laptop.path(), None, None, rig.stick.path());
    assert_eq!(again.unwrap(), ByStick::Asked(rig.station()));
    assert_eq!(rig.request(), request, "the same request, byte for byte");
    rig.put(&rig.answered(|_, _| ()));
    let joined = enrol_by_stick(rig.laptop.path(), None, None, rig.stick.path());
    assert_eq!(joined.unwrap(), ByStick::Joined(rig.station()));
    let folder = rig.folder();
    let file = StationFile::load(&folder.settings()).unwrap();
    assert_eq!((file.station().unwrap(), file.name.as_str()), (rig.station(), "样例 08"));
    assert_eq!(keys::load(&folder.key()).unwrap().to_bytes(), key.to_bytes());
    assert!(crate::trust_store::TrustStore::load(&folder.trust()).current().is_some());
    assert_eq!(Pending::read(&folder), None);
    let memory = MemoryKey::derive(&key.to_bytes());
    let clock = SystemClock::start(&folder.clock(), memory, TrustTimes::default());
    assert_eq!(clock.past(), Some(rig.at), "the office signed it, and a pause may lie behind");
    assert!(folder.receipt().exists() && !rig.own(REQUEST).exists() && !rig.own(ANSWER).exists());
    assert_eq!(rig.code(6), "already-enrolled");
}

#[test]
fn answers_that_are_none_leave_the_key_the_request_and_no_station() {
    let rig = Rig::new();
    rig.carry(6).unwrap();
    let (request, key) = (rig.request(), fs::read(rig.folder().key()).unwrap());
    let good = || rig.answered(|_, _| ());
    let another = {
        let other = Rig::new();
        other.carry(6).unwrap();
        other.answered(|_, _| ())
    };
    let mut other_root = rig.world.clone();
    other_root.root.expires = other_root.root.expires.plus(1);
    let other_root = other_root.files().root;
    let flipped = {
        let mut bytes = good().to_bytes();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        bytes
    };
    let changed = |change: &dyn Fn(&mut SealedAnswer)| {
        let mut answer = good();
        change(&mut answer);
        answer.to_bytes()
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("other-station", another.to_bytes()),
        ("other-station", changed(&|answer| answer.station = StationId([9; 16]))),
        ("other-request", changed(&|answer| answer.request = wire::BatchId([9; 16]))),
        ("altered", flipped),
        ("altered", changed(&|answer| answer.receipt = vec![1])),
        ("altered", rig.answered(|_, receipt| receipt.community.hash = [0; 32]).to_bytes()),
        ("altered", rig.answered(|_, receipt| receipt.batch = wire::BatchId([9; 16])).to_bytes()),
        ("altered", rig.answered(|_, receipt| receipt.region = "420106001002".into()).to_bytes()),
        ("altered", rig.answered(|answer, _| answer.time += 1).to_bytes()),
        ("wrong-root", rig.answered(|answer, _| answer.root = other_root).to_bytes()),
        ("bad-trust", rig.answered(|answer, _| answer.list = answer.root.clone()).to_bytes()),
        ("malformed", b"a photograph".to_vec()),
    ];
    for (code, bytes) in cases {
        fs::write(rig.own(ANSWER), bytes).unwrap();
        assert_eq!(rig.code(6), code);
        assert!(!rig.folder().settings().exists() && !rig.folder().trust().exists(), "{code}");
    }
    assert_eq!(fs::read(rig.folder().key()).unwrap(), key);
    assert_eq!(rig.request(), request);
    rig.put(&good());
    assert!(matches!(rig.carry(6), Ok(ByStick::Joined(_))));
}

#[test]
fn an_answer_to_an_older_ticket_is_none_and_the_newest_request_goes_out() {
    let rig = Rig::new();
    rig.carry(6).unwrap();
    rig.put(&rig.answered(|_, _| ()));
    assert_eq!(rig.code(7), "other-request");
    assert_eq!(Enrolment::open(&rig.request()).unwrap().secret, [7; 16]);
    assert_eq!(Pending::read(&rig.folder()).unwrap().ticket, rig.ticket(7));
    rig.put(&rig.answered(|_, _| ()));
    assert!(matches!(rig.carry(7), Ok(ByStick::Joined(_))));
}

#[test]
fn a_refusal_of_this_request_is_said_until_another_ticket_or_the_answer_comes() {
    let rig = Rig::new();
    rig.carry(6).unwrap();
    let request = rig.request();
    let refuse = |code: &str, station, of: &[u8]| {
        let refusal = Refusal { station, request: request_id(of), code: code.into(), at: Some(7) };
        fs::write(rig.own(REFUSAL), refusal.to_bytes()).unwrap();
    };
    for code in ["ticket-expired", "ticket-used", "ticket-unknown", "withdrawn"] {
        refuse(code, rig.station(), &request);
        let error = rig.carry(6).unwrap_err();
        assert_eq!((error.code(), error.at()), (code, Some(Timestamp(7))));
    }
    refuse("a-later-reason", rig.station(), &request);
    assert_eq!(rig.code(6), "refused");
    assert_eq!(rig.request(), request, "it stays");
    // What is not about this request says nothing.
    refuse("ticket-used", StationId([9; 16]), &request);
    assert!(matches!(rig.carry(6), Ok(ByStick::Asked(_))));
    fs::write(rig.own(REFUSAL), b"a photograph").unwrap();
    assert!(matches!(rig.carry(6), Ok(ByStick::Asked(_))));
    refuse("ticket-expired", rig.station(), &request);
    assert!(matches!(rig.carry(7), Ok(ByStick::Asked(_))), "another ticket");
    assert!(!rig.own(REFUSAL).exists(), "the office takes new requests first");
    assert!(matches!(rig.carry(6), Ok(ByStick::Asked(_))));
    refuse("ticket-expired", rig.station(), &request);
    assert_eq!(rig.code(6), "ticket-expired");
    rig.put(&rig.answered(|_, _| ()));
    let own = rig.own(REFUSAL);
    assert!(matches!(rig.carry(6), Ok(ByStick::Joined(_))), "the answer counts more");
    assert!(!own.exists());
}

#[test]
fn what_lies_in_an_answers_place_or_keeps_a_stick_from_being_written_is_said() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let rig = Rig::new();
    rig.carry(6).unwrap();
    mknodat(CWD, rig.own(ANSWER), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    assert_eq!(rig.code(6), "not-a-file");
    fs::remove_file(rig.own(ANSWER)).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", rig.own(ANSWER)).unwrap();
    assert_eq!(rig.code(6), "not-a-file");
    fs::remove_file(rig.own(ANSWER)).unwrap();
    fs::File::create(rig.own(ANSWER)).unwrap().set_len(SEALED_ANSWER_BYTES as u64 + 1).unwrap();
    assert_eq!(rig.code(6), "too-large");
    let gone = rig.stick.path().join("gone");
    let text = rig.ticket(6).to_text();
    let error = enrol_by_stick(rig.laptop.path(), Some(&text), None, &gone).unwrap_err();
    assert_eq!(error.code(), "pulled");
    let empty = tempfile::tempdir().unwrap();
    let error = enrol_by_stick(empty.path(), None, None, rig.stick.path()).unwrap_err();
    assert_eq!(error.code(), "no-ticket");
    fs::write(rig.stick.path().join("ticket.txt"), rig.ticket(8).to_text()).unwrap();
    let asked = enrol_by_stick(empty.path(), None, Some("东门"), rig.stick.path());
    assert!(matches!(asked, Ok(ByStick::Asked(_))));
    // The name stays with the request.
    enrol_by_stick(empty.path(), None, None, rig.stick.path()).unwrap();
    assert_eq!(Pending::read(&Folder::new(empty.path())).unwrap().name, "东门");
}

#[test]
fn a_station_that_was_enrolled_forgets_the_request_that_waited() {
    let rig = Rig::new();
    let folder = rig.folder();
    Pending { ticket: rig.ticket(6), name: "x".into() }.keep(&folder).unwrap();
    super::super::again::finish(&folder).unwrap();
    assert_eq!(Pending::read(&folder), None);
}
