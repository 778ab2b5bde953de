//! `testdata/`: a folder for each message and each of its refusals, for whoever writes another
//! back office or another station. Re-made byte for byte from fixed keys.
//!
//! ```text
//! constants.tsv             ids, keys and the moment, in hex or digits
//! MESSAGE/RESULT/NAME       the message; RESULT is `accepted` where it holds
//! ```

#[path = "../../../health-code/tests/it/testdata/tree.rs"]
mod tree;

use tree::{Tree, stored};
use wire::again::AgainError;
use wire::batch::BatchError;
use wire::enrol::EnrolmentError;
use wire::erasure::{ErasureError, ErasureReceipt};
use wire::receipt::ReceiptError;
use wire::seal::OpenError;
use wire::stick::{self, Export, Receipts, Refusal, SealedAnswer, SealedCommunity, StickError, Unsigned};
use wire::token::TokenError;
use wire::{
    Again, AgainAnswer, Enrolment, EnrolmentAnswer, Receipt, SignedBatch, StationId, StationToken, Ticket,
};

use crate::messages::{self, BATCH, RECEIPT_KEY, RECEIPT_KID, RECIPIENT, STATION, STATION_KEY};
use crate::reports::{self, TIME};
use crate::stick_answers;

fn constants() -> String {
    let hex = wire::hex::encode;
    let place = messages::PLACE;
    let lines = [
        ("station", hex(&STATION.0)),
        ("batch", hex(&BATCH.0)),
        ("now", TIME.to_string()),
        ("station private key", hex(&messages::key(STATION_KEY).to_bytes())),
        ("station private key for sticks", hex(&*stick::private_key(&messages::key(STATION_KEY)))),
        ("receipt private key", hex(&messages::key(RECEIPT_KEY).to_bytes())),
        ("receipt kid", hex(&RECEIPT_KID.0)),
        ("recipient private key", hex(&RECIPIENT)),
        ("recipient kid", hex(&messages::report_of(Vec::new()).kid.0)),
        ("place: stream", hex(&place.stream.0)),
        ("place: seq", place.seq.to_string()),
        ("place: record", hex(&place.record.0)),
        ("place: link", hex(&place.link)),
    ];
    lines.iter().fold("name\tvalue\n".to_owned(), |file, (name, value)| format!("{file}{name}\t{value}\n"))
}

fn made() -> Tree {
    let mut tree = Tree::from([("constants.tsv".to_owned(), constants().into_bytes())]);
    for case in messages::all().into_iter().chain(stick_answers::all()).chain(stick_answers::refusals()) {
        let path = format!("{}/{}/{}", case.message, case.result, case.name);
        assert!(tree.insert(path.clone(), case.bytes).is_none(), "{path} twice");
    }
    tree
}

/// What a reader says of a message.
fn judged(message: &str, bytes: &[u8]) -> &'static str {
    let text = || std::str::from_utf8(bytes).unwrap_or_default();
    match message {
        "ticket" => Ticket::parse(text()).map_or("malformed", |_| "accepted"),
        "enrolment" => match Enrolment::open(bytes) {
            Ok(_) => "accepted",
            Err(EnrolmentError::TooLarge) => "too-large",
            Err(EnrolmentError::Malformed(_)) => "malformed",
            Err(EnrolmentError::Signature) => "signature",
        },
        "answer" => EnrolmentAnswer::parse(bytes).map_or("malformed", |_| "accepted"),
        "batch" => match SignedBatch::open(bytes, &messages::public(STATION_KEY)) {
            Ok(_) => "accepted",
            Err(BatchError::TooLarge) => "too-large",
            Err(BatchError::Malformed(_)) => "malformed",
            Err(BatchError::Signature) => "signature",
        },
        "receipt" => {
            let key = messages::public(RECEIPT_KEY);
            match Receipt::open(bytes, [(RECEIPT_KID, &key)], STATION, BATCH) {
                Ok(_) => "accepted",
                Err(ReceiptError::TooLarge) => "too-large",
                Err(ReceiptError::Malformed(_)) => "malformed",
                Err(ReceiptError::Signature) => "signature",
                Err(ReceiptError::OtherBatch) => "other-batch",
            }
        }
        "erasure" => {
            let key = messages::public(RECEIPT_KEY);
            match ErasureReceipt::open(bytes, [(RECEIPT_KID, &key)]) {
                Ok(_) => "accepted",
                Err(ErasureError::Malformed) => "malformed",
                Err(ErasureError::Signature) => "signature",
            }
        }
        "again" => {
            let key = messages::public(RECEIPT_KEY);
            match Again::open(bytes).and_then(|again| again.shown([(RECEIPT_KID, &key)])) {
                Ok(_) => "accepted",
                Err(AgainError::TooLarge) => "too-large",
                Err(AgainError::Malformed(_)) => "malformed",
                Err(AgainError::Signature) => "signature",
            }
        }
        "again-answer" => AgainAnswer::parse(bytes).map_or("malformed", |_| "accepted"),
        "token" => match StationToken::open(text(), &messages::public(STATION_KEY), TIME) {
            Ok(_) => "accepted",
            Err(TokenError::Malformed) => "malformed",
            Err(TokenError::Signature) => "signature",
            Err(TokenError::Stale) => "stale",
        },
        "seal" => match wire::seal::open(&messages::report_of(bytes.to_vec()), STATION, &RECIPIENT) {
            Ok(_) => "accepted",
            Err(OpenError::Seal) => "seal",
            Err(OpenError::Report) => "report",
        },
        "stick-reports" => result_of(Export::parse(bytes)),
        "stick-unsigned" => result_of(Unsigned::parse(bytes)),
        "stick-receipts" => result_of(Receipts::parse(bytes)),
        "stick-community" => {
            let private = stick::private_key(&messages::key(STATION_KEY));
            result_of(SealedCommunity::parse(bytes).and_then(|file| file.open(STATION, &private)))
        }
        "stick-answer" => {
            let private = stick::private_key(&messages::key(STATION_KEY));
            result_of(SealedAnswer::parse(bytes).and_then(|file| file.open(&private)))
        }
        "stick-refusal" => result_of(Refusal::parse(bytes)),
        other => panic!("{other} is no message"),
    }
}

fn result_of<T>(read: Result<T, StickError>) -> &'static str {
    match read {
        Ok(_) => "accepted",
        Err(StickError::TooLarge) => "too-large",
        Err(StickError::Malformed) => "malformed",
        Err(StickError::Seal) => "seal",
    }
}

#[test]
fn the_station_is_named_by_its_key() {
    assert_eq!(StationId::of(&messages::public(STATION_KEY)), STATION);
}

#[test]
fn each_kind_of_report_is_in_the_folder_and_opens_to_itself() {
    for (name, report) in reports::kinds() {
        let sealed = stored()[&format!("seal/accepted/{name}")].clone();
        let opened = wire::seal::open(&messages::report_of(sealed), STATION, &RECIPIENT);
        assert_eq!(opened, Ok(report), "{name}");
    }
}

#[test]
fn the_folder_is_what_this_code_writes() {
    tree::assert_stored(&made());
}

#[test]
fn every_message_comes_to_the_result_of_its_folder() {
    let stored = stored();
    let mut wrong = Vec::new();
    for (path, bytes) in stored.iter().filter(|(path, _)| path.contains('/')) {
        let [message, result, _] = path.split('/').collect::<Vec<_>>()[..] else { panic!("{path}") };
        let found = judged(message, bytes);
        if found != result {
            wrong.push(format!("{path}: {found}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_page_shows_them_in_full() {
    let files =
        ["batch/accepted/empty", "receipt/accepted/no-lines", "stick-community/accepted/for-two-stations"];
    tree::assert_shown("wire.md", &files);
}

/// Opens a sealed report without this crate, as another implementation does, and returns what was padded.
fn plain(name: &str) -> Vec<u8> {
    use hpke::{Deserializable as _, Kem, OpModeR, aead::ChaCha20Poly1305, kdf::HkdfSha256};
    type Suite = hpke::kem::X25519HkdfSha256;
    let sealed = stored()[&format!("seal/accepted/{name}")].clone();
    let (enc, body) = sealed.split_at(32);
    let place = messages::PLACE;
    let seq = place.seq.to_be_bytes();
    let kid = messages::report_of(Vec::new()).kid;
    let aad = [&place.station.0[..], &place.stream.0, &seq, &place.record.0, &kid.0, &place.link].concat();
    let padded = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeR::Base,
        &<Suite as Kem>::PrivateKey::from_bytes(&RECIPIENT).unwrap(),
        &<Suite as Kem>::EncappedKey::from_bytes(enc).unwrap(),
        b"kadian-report-v1",
        body,
        &aad,
    );
    let padded = padded.unwrap();
    let end = padded.iter().rposition(|byte| *byte == 0x80).unwrap();
    padded[..end].to_vec()
}

#[test]
fn the_page_shows_reports_in_the_clear() {
    let page = include_str!("../../../../docs/wire.md");
    let page: String = page.split_whitespace().collect();
    for name in ["a-check-turned-away", "checkpoint-added", "person-added", "policy-stricter", "counts"] {
        let hex = wire::hex::encode(&plain(name));
        assert!(page.contains(&hex), "{name}: {hex}");
    }
}

/// `cargo xtask vectors`, after a message changed on purpose.
#[test]
#[ignore = "writes into testdata/"]
fn writes_the_vectors() {
    tree::write(&made());
}
