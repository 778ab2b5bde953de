//! Fuzzes everything that comes from outside: no panic, and nothing is accepted that no key holder
//! made.
//!
//! Each target takes a message of its corpus (the vectors in `testdata/`, made by `cargo xtask
//! vectors`) and mutates it. `cargo test` runs a few thousand mutations of each. `cargo bolero test -p
//! stories fuzz::TARGET` (cargo-bolero) runs until it is stopped, guided by coverage.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use bolero::TypeGenerator;
use health_code::{Presented, RootPin, Timestamp, Trust, TrustUpdate, UnverifiedCode};
use stage::programs::workspace;
use wire::stick::{Export, Receipts, Refusal, SealedAnswer, SealedCommunity};
use wire::{
    Again, BatchId, Enrolment, EnrolmentAnswer, Receipt, SignedBatch, StationId, StationToken, Ticket,
};

const NOW: Timestamp = Timestamp(1_600_000_000);
const ROUNDS: usize = 4000;

/// A mutation of a message.
#[derive(Debug, Clone, TypeGenerator)]
enum Spoil {
    Flip(u16, u8),
    Set(u16, u8),
    Insert(u16, u8),
    Remove(u16),
    CutOff(u16),
    Repeat(u16, u8),
    Splice(u16, u16),
}

/// A message of the corpus, and its mutations.
#[derive(Debug, Clone, TypeGenerator)]
struct Input {
    seed: u16,
    other: u16,
    #[generator(bolero::produce::<Vec<Spoil>>().with().len(0..4_usize))]
    spoils: Vec<Spoil>,
}

impl Input {
    fn of(&self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let pick = |at: u16| &corpus[usize::from(at) % corpus.len()];
        let mut bytes = pick(self.seed).clone();
        for spoil in &self.spoils {
            let place = |at: u16| usize::from(at) % (bytes.len() + 1);
            match *spoil {
                Spoil::Flip(at, bit) => {
                    let at = place(at);
                    bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << (bit % 8));
                }
                Spoil::Set(at, to) => {
                    let at = place(at);
                    bytes.get_mut(at).into_iter().for_each(|byte| *byte = to);
                }
                Spoil::Insert(at, byte) => bytes.insert(place(at), byte),
                Spoil::Remove(at) => {
                    let at = place(at);
                    if at < bytes.len() {
                        bytes.remove(at);
                    }
                }
                Spoil::CutOff(at) => bytes.truncate(place(at)),
                Spoil::Repeat(at, times) => {
                    let (at, times) = (place(at), usize::from(times));
                    let byte = bytes.get(at).copied().unwrap_or_default();
                    bytes.splice(at..at, std::iter::repeat_n(byte, times));
                }
                Spoil::Splice(at, from) => {
                    let other = pick(self.other);
                    let from = usize::from(from) % (other.len() + 1);
                    let at = place(at);
                    bytes.truncate(at);
                    bytes.extend_from_slice(&other[from..]);
                }
            }
        }
        bytes
    }
}

fn testdata(part: &str) -> PathBuf {
    let (member, part) = part.split_once(':').unwrap();
    workspace().join("crates").join(member).join("testdata").join(part)
}

/// Reads every file under a folder whose name the filter takes, in order.
fn corpus(part: &str, take: impl Fn(&Path) -> bool) -> Vec<Vec<u8>> {
    let mut paths = stage::search::files(&testdata(part)).unwrap();
    paths.retain(|path| take(path));
    paths.sort();
    assert!(paths.len() > 3, "{part}: {}", paths.len());
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn named(name: &'static str) -> impl Fn(&Path) -> bool {
    move |path| path.file_name().is_some_and(|file| file == name)
}

/// Runs a target over mutated messages of its corpus.
fn fuzz(corpus: &[Vec<u8>], target: impl Fn(&[u8]) + std::panic::RefUnwindSafe) {
    let corpus = std::panic::AssertUnwindSafe(corpus);
    bolero::check!()
        .with_type::<Input>()
        .with_iterations(ROUNDS)
        .for_each(|input| target(&input.of(&corpus)));
}

fn world() -> Trust {
    let files = disk::trust_folder::read(&testdata("health-code:world")).unwrap();
    let pin = RootPin::of(&files.root);
    Trust::open(files, &pin).unwrap()
}

/// What an update changes counts only where it is, byte for byte, what a key holder made.
fn update_of(corpus: &[Vec<u8>], make: impl Fn(&[u8]) -> TrustUpdate + std::panic::RefUnwindSafe) {
    let trust = std::panic::AssertUnwindSafe(world());
    let made: HashSet<Vec<u8>> = corpus.iter().cloned().collect();
    let made = std::panic::AssertUnwindSafe(made);
    fuzz(corpus, |bytes| {
        if let Ok(after) = trust.update(&make(bytes), NOW) {
            assert!(after == *trust || made.contains(bytes), "accepted what nobody made");
        }
    });
}

/// A certificate has more than one text, and headers that nobody signs; what it says was signed.
#[test]
fn certificate_text() {
    let is_text = |path: &Path| path.extension().is_some_and(|ending| ending == "txt");
    let corpus = corpus("health-code:certificates", is_text);
    let region = "420106001001".parse().unwrap();
    let trust = world();
    let says = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).ok()?;
        let Presented::Certificate(read) = Presented::parse(text).ok()? else { return None };
        let verified = trust.verify_certificate(&read, &region, NOW).ok()?;
        Some(format!("{:?}", verified.contents()))
    };
    let made: HashSet<String> = corpus.iter().filter_map(|bytes| says(bytes)).collect();
    assert!(made.len() > 3, "{}", made.len());
    let (says, made) = (std::panic::AssertUnwindSafe(says), std::panic::AssertUnwindSafe(made));
    fuzz(&corpus, |bytes| {
        if let Some(said) = says(bytes) {
            assert!(made.contains(&said), "passes, and nobody signed it: {said}");
        }
    });
}

#[test]
fn code_text() {
    let corpus = corpus("health-code:codes", |path| path.extension().is_some_and(|ending| ending == "txt"));
    let made: HashSet<Vec<u8>> = corpus.iter().cloned().collect();
    let (trust, made) = (std::panic::AssertUnwindSafe(world()), std::panic::AssertUnwindSafe(made));
    let region = "420106001001".parse().unwrap();
    let region = std::panic::AssertUnwindSafe(region);
    fuzz(&corpus, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok(code) = UnverifiedCode::parse(text) else { return };
        assert_eq!(health_code::code::to_text(code.cose()), text, "one text, one message");
        if trust.verify(&code, &region, NOW).is_ok() {
            assert!(made.contains(bytes), "passes, and nobody signed it: {text}");
        }
    });
}

#[test]
fn root_file() {
    let corpus = corpus("health-code:files", named("root.cose"));
    let list = fs::read(testdata("health-code:files/accepted/root-by-two-of-three/trust.cose")).unwrap();
    update_of(&corpus, |bytes| TrustUpdate {
        roots: vec![bytes.to_vec()],
        list: Some(list.clone()),
        ..TrustUpdate::default()
    });
}

#[test]
fn trust_list_file() {
    let corpus = corpus("health-code:files", named("trust.cose"));
    update_of(&corpus, |bytes| TrustUpdate { list: Some(bytes.to_vec()), ..TrustUpdate::default() });
}

#[test]
fn community_file() {
    let corpus = corpus("health-code:files", named("community.cose"));
    update_of(&corpus, |bytes| TrustUpdate { community: Some(bytes.to_vec()), ..TrustUpdate::default() });
}

#[test]
fn revocations_file() {
    let corpus = corpus("health-code:files", named("revocations.bin"));
    let list = fs::read(testdata("health-code:files/accepted/revocations-as-listed/trust.cose")).unwrap();
    update_of(&corpus, |bytes| TrustUpdate {
        list: Some(list.clone()),
        revocations: Some(bytes.into()),
        ..TrustUpdate::default()
    });
}

#[test]
fn policy_file() {
    let file = fs::read(testdata("health-code:policies/root.cose")).unwrap();
    let signed = strict_cose::Signed::parse(&file, 1 << 20).unwrap();
    let root = health_code::Root::read_unverified(signed.payload_unverified()).unwrap();
    let root = std::panic::AssertUnwindSafe(root);
    let corpus =
        corpus("health-code:policies", |path| path.extension().is_some_and(|ending| ending == "cose"));
    let made: HashSet<Vec<u8>> = corpus.iter().cloned().collect();
    fuzz(&corpus, |bytes| {
        let opened = health_code::trust::PolicyFile::open(bytes, &root).is_ok();
        assert!(!opened || made.contains(bytes), "opens, and nobody signed it");
    });
}

#[test]
fn policies_file() {
    let corpus = corpus("health-code:composed", named("policies.cbor"));
    fuzz(&corpus, |bytes| {
        let Ok(files) = health_code::trust::unbundle(bytes) else { return };
        assert_eq!(health_code::trust::bundle(&files), bytes, "one encoding");
    });
}

fn public(seed: u8) -> std::panic::AssertUnwindSafe<health_code::PublicKey> {
    std::panic::AssertUnwindSafe(issuer::KeyPair::from_seed(&[seed; 32]).public().clone())
}

/// Runs a target over messages of the wire. Every message that it accepts must be in the corpus.
fn message(name: &str, opens: impl Fn(&[u8]) -> bool + std::panic::RefUnwindSafe) {
    let corpus = corpus(&format!("wire:{name}"), |_| true);
    let made: HashSet<Vec<u8>> = corpus.iter().cloned().collect();
    fuzz(&corpus, |bytes| assert!(!opens(bytes) || made.contains(bytes), "accepted what nobody made"));
}

#[test]
fn batch() {
    let key = public(11);
    message("batch", |bytes| SignedBatch::open(bytes, &key).is_ok());
}

#[test]
fn again() {
    let key = public(12);
    message("again", |bytes| {
        let keys = [(health_code::KeyId([5; 8]), &*key)];
        Again::open(bytes).is_ok_and(|again| again.shown(keys).is_ok())
    });
}

#[test]
fn receipt() {
    let key = public(12);
    message("receipt", |bytes| {
        let keys = [(health_code::KeyId([5; 8]), &*key)];
        Receipt::open(bytes, keys, StationId::of(&public(11)), BatchId([2; 16])).is_ok()
    });
}

#[test]
fn token() {
    let key = public(11);
    message("token", |bytes| {
        std::str::from_utf8(bytes).is_ok_and(|header| StationToken::open(header, &key, NOW.0).is_ok())
    });
}

/// Nobody signs a ticket; it is only checked that each has one spelling.
#[test]
fn ticket() {
    let corpus = corpus("wire:ticket", |_| true);
    fuzz(&corpus, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Ok(ticket) = Ticket::parse(text) {
            let kept: String = text.chars().filter(|&c| c.is_ascii_alphanumeric() || c == ':').collect();
            assert_eq!(ticket.to_text(), kept);
        }
    });
}

/// Anybody may ask to be enrolled. A request that is read was signed by the key in it.
#[test]
fn enrolment() {
    message("enrolment", |bytes| Enrolment::open(bytes).is_ok());
}

/// Nobody signs an enrolment's answer; TLS and the pinned root protect it. It has one encoding.
#[test]
fn enrolment_answer() {
    let corpus = corpus("wire:answer", |_| true);
    fuzz(&corpus, |bytes| {
        assert!(EnrolmentAnswer::parse(bytes).map_or(true, |answer| answer.to_bytes() == bytes));
    });
}

/// A stick may hold anything. What is read has one encoding; what is sealed opens to what was sealed.
#[test]
fn stick() {
    let reports = corpus("wire:stick-reports", |_| true);
    fuzz(&reports, |bytes| {
        assert!(Export::parse(bytes).map_or(true, |export| export.to_bytes() == bytes));
    });
    let receipts = corpus("wire:stick-receipts", |_| true);
    fuzz(&receipts, |bytes| {
        assert!(Receipts::parse(bytes).map_or(true, |receipts| receipts.to_bytes() == bytes));
    });
    let community = corpus("wire:stick-community", |_| true);
    let station = StationId::of(&public(11));
    let constants = fs::read_to_string(testdata("wire:constants.tsv")).unwrap();
    let private = constants.lines().find_map(|line| line.strip_prefix("station private key for sticks\t"));
    let private: [u8; 32] = wire::hex::decode_array(private.unwrap()).unwrap();
    fuzz(&community, |bytes| {
        let Ok(sealed) = SealedCommunity::parse(bytes) else { return };
        assert_eq!(sealed.to_bytes(), bytes);
        assert!(sealed.open(station, &private).map_or(true, |opened| opened == b"community.cose"));
    });
    let refusals = corpus("wire:stick-refusal", |_| true);
    fuzz(&refusals, |bytes| {
        assert!(Refusal::parse(bytes).map_or(true, |refusal| refusal.to_bytes() == bytes));
    });
    let answers = corpus("wire:stick-answer", |_| true);
    fuzz(&answers, |bytes| {
        let Ok(sealed) = SealedAnswer::parse(bytes) else { return };
        assert_eq!(sealed.to_bytes(), bytes);
        assert!(sealed.open(&private).map_or(true, |answer| answer.community == [3]));
    });
}

/// A device may send anything. Every picture that is accepted has the size that it states, and can be
/// shown.
#[test]
fn camera_frame() {
    use camera::PixelFormat;
    use camera::pixels::{Layout, picture};
    use stage::Photo;

    const SMALL: [(usize, usize); 2] = [(64, 48), (96, 32)];
    // The reader gets this size halved.
    const LARGE: (usize, usize) = (2304, 4);
    let photos = [Photo::Wall, Photo::Black, Photo::Code("KD1".to_owned())];
    let codes = ["MJPG", "YUYV", "NV12", "GREY"];
    let large = codes.map(|code| Photo::Wall.frame(code, LARGE.0, LARGE.1, 1).unwrap());
    let corpus: Vec<Vec<u8>> = SMALL
        .iter()
        .flat_map(|&(width, height)| {
            let photos = photos.iter();
            photos.flat_map(move |photo| codes.map(|code| photo.frame(code, width, height, 1).unwrap()))
        })
        .chain(large)
        .collect();
    fuzz(&corpus, |bytes| {
        for (width, height) in SMALL.into_iter().chain([LARGE]) {
            let read = if (width, height) == LARGE { (width / 2, height / 2) } else { (width, height) };
            for pixels in [
                PixelFormat::Mjpeg,
                PixelFormat::Yuyv,
                PixelFormat::Uyvy,
                PixelFormat::Nv12,
                PixelFormat::Grey,
            ] {
                for stride in [0, width * 2 + 8] {
                    let Some(picture) = picture(Layout { format: pixels, width, height, stride }, bytes)
                    else {
                        continue;
                    };
                    let (seen, area) = (&picture.grey, picture.grey.width() * picture.grey.height());
                    assert_eq!(seen.pixels().len(), area);
                    assert!(pixels == PixelFormat::Mjpeg || (seen.width(), seen.height()) == read);
                    assert!(picture.jpeg().is_some_and(|jpeg| jpeg.starts_with(&[0xff, 0xd8])));
                }
            }
        }
    });
}
