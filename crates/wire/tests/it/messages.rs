//! Messages for each refusal, and those that just pass, made from fixed keys.

use ed25519_dalek::{Signer as _, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use strict_cose::cbor::{self, map};
use strict_cose::{KeyId, PublicKey, Sign1, Value};
use wire::report::{Carried, ClockState, Passage, Report, Shown};
use wire::seal::ChainPlace;
use wire::{
    Batch, BatchId, Enrolment, Offer, Receipt, ReceiptLine, RecordId, RecordStatus, SealedReport, StationId,
    StationToken, StreamId, Ticket,
};

pub const STATION: StationId = StationId([1; 16]);
pub const BATCH: BatchId = BatchId([2; 16]);
pub const TIME: i64 = 1_600_000_000;
pub const RECEIPT_KID: KeyId = KeyId([5; 8]);
/// The recipient's private key.
pub const RECIPIENT: [u8; 32] = [7; 32];
const RECIPIENT_KID: KeyId = KeyId([6; 8]);
/// Seeds: of the station, of the back office's receipts, of somebody else.
pub const STATION_KEY: u8 = 11;
pub const RECEIPT_KEY: u8 = 12;
const STRANGER: u8 = 99;

pub struct Case {
    pub message: &'static str,
    pub result: &'static str,
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub fn public(seed: u8) -> PublicKey {
    PublicKey::from_bytes(&key(seed).verifying_key().to_bytes()).unwrap()
}

pub fn all() -> Vec<Case> {
    let mut cases = tickets();
    cases.extend(enrolments());
    cases.extend(batches());
    cases.extend(receipts());
    cases.extend(tokens());
    cases.extend(seals());
    cases
}

fn of(message: &'static str) -> impl Fn(&'static str, &'static str, Vec<u8>) -> Case {
    move |result, name, bytes| Case { message, result, name, bytes }
}

fn tickets() -> Vec<Case> {
    let case = of("ticket");
    let good = Ticket {
        url: "https://office.example:8443".to_owned(),
        ca: Some(vec![4; 300]),
        root: [2; 32],
        secret: [3; 16],
        expires: TIME + 3600,
    };
    let with = |change: &dyn Fn(&mut Ticket)| {
        let mut ticket = good.clone();
        change(&mut ticket);
        ticket.to_text().into_bytes()
    };
    let text = good.to_text();
    let plain = |url: &'static str| with(&move |ticket| (ticket.url, ticket.ca) = (url.to_owned(), None));
    vec![
        case("accepted", "https", text.clone().into_bytes()),
        case("accepted", "plain-http-on-loopback", plain("http://127.0.0.1:8080")),
        case("accepted", "line-break-after", format!("{text}\n").into_bytes()),
        case("accepted", "ca-of-900-bytes", with(&|ticket| ticket.ca = Some(vec![4; 900]))),
        case("malformed", "ca-of-901-bytes", with(&|ticket| ticket.ca = Some(vec![4; 901]))),
        case("malformed", "https-without-a-ca", with(&|ticket| ticket.ca = None)),
        case("malformed", "plain-http-elsewhere", plain("http://office.example")),
        case("malformed", "plain-http-to-a-name-like-loopback", plain("http://localhost.example")),
        case("malformed", "plain-http-with-a-user", plain("http://127.0.0.1@office.example")),
        case("malformed", "another-scheme", plain("ftp://127.0.0.1")),
        case("malformed", "lower-case", text.to_lowercase().into_bytes()),
        case("malformed", "cut-off", text.as_bytes()[..text.len() / 2].to_vec()),
        case("malformed", "a-health-code", b"KD1:ABC".to_vec()),
        case("malformed", "2049-characters", format!("KDT1:{}", "0".repeat(2044)).into_bytes()),
        case("malformed", "an-unknown-field", {
            let mut ticket = base45::decode(&text[5..]).unwrap();
            ticket[0] += 1;
            ticket.extend_from_slice(&[0x18, 99, 0]);
            format!("KDT1:{}", base45::encode(&ticket)).into_bytes()
        }),
    ]
}

fn enrolments() -> Vec<Case> {
    let case = of("enrolment");
    let by = |name: &str, listed: u8, signer: u8| {
        Enrolment { secret: [3; 16], key: public(listed), name: name.to_owned() }.sign(&key(signer))
    };
    let good = by("东门 1", STATION_KEY, STATION_KEY);
    vec![
        case("accepted", "east-gate", good.clone()),
        case("accepted", "name-of-128-bytes", by(&"n".repeat(128), STATION_KEY, STATION_KEY)),
        case("malformed", "name-of-129-bytes", by(&"n".repeat(129), STATION_KEY, STATION_KEY)),
        case("malformed", "name-empty", by("", STATION_KEY, STATION_KEY)),
        case("malformed", "name-with-a-line-break", by("a\nb", STATION_KEY, STATION_KEY)),
        case("malformed", "a-byte-after-the-end", [&good[..], &[0]].concat()),
        case("malformed", "cut-off", good[..good.len() - 1].to_vec()),
        case("signature", "by-another-key", by("东门 1", STATION_KEY, STRANGER)),
        case("signature", "a-bit-flipped", flipped(&good)),
        case("too-large", "1025-bytes", vec![0xd2; 1025]),
    ]
}

fn sealed(number: u64, bytes: usize) -> SealedReport {
    let mut record = [0; 16];
    record[..8].copy_from_slice(&number.to_be_bytes());
    SealedReport {
        stream: StreamId([3; 16]),
        seq: number,
        record: RecordId(record),
        kid: RECIPIENT_KID,
        link: [5; 32],
        ciphertext: vec![8; bytes],
    }
}

fn batches() -> Vec<Case> {
    let case = of("batch");
    let of = |reports: Vec<SealedReport>| Batch { station: STATION, id: BATCH, reports };
    let sign = |batch: &Batch| batch.sign(&key(STATION_KEY)).bytes;
    let two = of(vec![sealed(0, 816), sealed(1, 816)]);
    let good = sign(&two);
    let over = |payload: &Value, aad: &[u8], kid: KeyId| {
        Sign1::seal(kid, cbor::encode(payload), aad, |tbs| key(STATION_KEY).sign(tbs).to_bytes()).to_bytes()
    };
    let fields =
        |reports: Value| map([(1, STATION.0.to_vec().into()), (2, BATCH.0.to_vec().into()), (3, reports)]);
    let aad = [b"kadian-batch-v1", &STATION.0[..], &BATCH.0].concat();
    let other_batch = [b"kadian-batch-v1", &STATION.0[..], &[9; 16]].concat();
    let none = || fields(Value::Array(Vec::new()));
    let kid = KeyId([1; 8]);
    vec![
        case("accepted", "two-reports", good.clone()),
        case("accepted", "empty", sign(&of(Vec::new()))),
        case("accepted", "by-hand", over(&none(), &aad, kid)),
        case("accepted", "500-reports", sign(&of((0..500).map(|n| sealed(n, 0)).collect()))),
        case("accepted", "a-damaged-row", sign(&of(vec![sealed(0, 815)]))),
        case("too-large", "501-reports", sign(&of((0..501).map(|n| sealed(n, 0)).collect()))),
        case("malformed", "a-sealed-report-of-817-bytes", sign(&of(vec![sealed(0, 817)]))),
        case("malformed", "a-record-twice", sign(&of(vec![sealed(0, 816), sealed(0, 816)]))),
        case("malformed", "reports-as-a-map", over(&fields(map([])), &aad, kid)),
        case("malformed", "an-unknown-field", {
            let Value::Map(mut entries) = none() else { panic!() };
            entries.push((4.into(), 0.into()));
            over(&Value::Map(entries), &aad, kid)
        }),
        case("malformed", "ids-elsewhere", over(&map([(1, 0.into())]), &aad, kid)),
        case("malformed", "a-byte-after-the-end", [&good[..], &[0]].concat()),
        case("malformed", "cut-off", good[..good.len() - 1].to_vec()),
        case("malformed", "not-cbor", b"<html>".to_vec()),
        case("signature", "by-another-key", two.sign(&key(STRANGER)).bytes),
        case("signature", "a-bit-flipped", flipped(&good)),
        case("signature", "for-another-batch", over(&none(), &other_batch, kid)),
        case("signature", "for-another-purpose", over(&none(), b"kadian-token-v1", kid)),
        case("signature", "kid-of-another-station", over(&none(), &aad, KeyId([9; 8]))),
    ]
}

fn receipts() -> Vec<Case> {
    let case = of("receipt");
    let line = |number: u64, status: RecordStatus| ReceiptLine {
        record: sealed(number, 816).record,
        hash: wire::seal::hash(&sealed(number, 816).ciphertext),
        status,
    };
    let offer = |version| Offer { version, hash: [8; 32] };
    let good = Receipt {
        station: STATION,
        batch: BATCH,
        time: TIME,
        lines: vec![
            line(0, RecordStatus::Stored),
            line(1, RecordStatus::AlreadyStored),
            line(2, RecordStatus::Conflict),
        ],
        root: offer(1),
        list: offer(7),
        community: offer(u64::MAX),
    };
    let sign = |receipt: &Receipt| receipt.sign(RECEIPT_KID, &key(RECEIPT_KEY));
    let with = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = good.clone();
        change(&mut receipt);
        sign(&receipt)
    };
    let many = |count: u64| (0..count).map(|n| line(n, RecordStatus::Stored)).collect::<Vec<_>>();
    let bytes = sign(&good);
    vec![
        case("accepted", "each-status", bytes.clone()),
        case("accepted", "no-lines", with(&|receipt| receipt.lines.clear())),
        case("accepted", "500-lines", with(&|receipt| receipt.lines = many(500))),
        case("malformed", "501-lines", with(&|receipt| receipt.lines = many(501))),
        case("malformed", "a-byte-after-the-end", [&bytes[..], &[0]].concat()),
        case("malformed", "html", b"<html>".to_vec()),
        case("malformed", "empty", Vec::new()),
        case("signature", "by-another-key", good.sign(RECEIPT_KID, &key(STRANGER))),
        case("signature", "by-the-station", good.sign(RECEIPT_KID, &key(STATION_KEY))),
        case("signature", "by-an-unknown-kid", good.sign(KeyId([9; 8]), &key(RECEIPT_KEY))),
        case("signature", "a-bit-flipped", flipped(&bytes)),
        case("other-batch", "of-another-batch", with(&|receipt| receipt.batch = BatchId([9; 16]))),
        case("other-batch", "of-another-station", with(&|receipt| receipt.station = StationId([9; 16]))),
    ]
}

fn tokens() -> Vec<Case> {
    let case = of("token");
    let at = |time: i64| StationToken { station: STATION, time }.sign(&key(STATION_KEY)).into_bytes();
    let good = at(TIME);
    vec![
        case("accepted", "now", good.clone()),
        case("accepted", "600-s-ago", at(TIME - 600)),
        case("accepted", "600-s-ahead", at(TIME + 600)),
        case("stale", "601-s-ago", at(TIME - 601)),
        case("stale", "601-s-ahead", at(TIME + 601)),
        case("signature", "by-another-key", {
            StationToken { station: STATION, time: TIME }.sign(&key(STRANGER)).into_bytes()
        }),
        case("malformed", "padded", [&good[..], b"="].concat()),
        case("malformed", "cut-off", good[..good.len() - 4].to_vec()),
        case("malformed", "nothing", Vec::new()),
    ]
}

pub const PLACE: ChainPlace = ChainPlace {
    station: STATION,
    stream: StreamId([3; 16]),
    seq: 4,
    record: RecordId([9; 16]),
    link: [5; 32],
};

/// Sealed reports alone, in [`PLACE`].
fn seals() -> Vec<Case> {
    let case = of("seal");
    let passage = Passage {
        at: TIME,
        clock: ClockState::Trusted,
        checkpoint: [1; 8],
        collector: [2; 8],
        policy: 3,
        trust: 7,
        shown: Shown::Pass,
        code: Carried::Whole(vec![0xd2; 512]),
    };
    let certificate = Carried::Certificate {
        id: "URN:UVCI:01:XS:1".to_owned(),
        country: "XS".to_owned(),
        masked_name: "M***".to_owned(),
    };
    let certificate = Report::Passage(Passage { shown: Shown::Check, code: certificate, ..passage.clone() });
    let report = Report::Passage(passage);
    let sealed = |report: &Report, place: &ChainPlace, kid: KeyId| {
        let recipient = wire::seal::recipient_key(&RECIPIENT).unwrap();
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        wire::seal::seal(report, place, kid, &recipient, &mut rng).unwrap().ciphertext
    };
    let seal = |place: &ChainPlace, kid| sealed(&report, place, kid);
    let good = seal(&PLACE, RECIPIENT_KID);
    let moved = |change: &dyn Fn(&mut ChainPlace)| {
        let mut place = PLACE;
        change(&mut place);
        seal(&place, RECIPIENT_KID)
    };
    vec![
        case("accepted", "a-passage", good.clone()),
        case("accepted", "a-passage-with-a-certificate", sealed(&certificate, &PLACE, RECIPIENT_KID)),
        case("seal", "a-bit-flipped", flipped(&good)),
        case("seal", "cut-off", good[..815].to_vec()),
        case("seal", "of-another-station", moved(&|place| place.station = StationId([9; 16]))),
        case("seal", "of-another-stream", moved(&|place| place.stream = StreamId([9; 16]))),
        case("seal", "of-the-next-place", moved(&|place| place.seq += 1)),
        case("seal", "of-another-record", moved(&|place| place.record = RecordId([8; 16]))),
        case("seal", "after-another-report", moved(&|place| place.link = [6; 32])),
        case("seal", "under-another-kid", seal(&PLACE, KeyId([9; 8]))),
    ]
}

/// What a case of `seal` is sealed in.
pub fn report_of(ciphertext: Vec<u8>) -> SealedReport {
    let ChainPlace { stream, seq, record, link, .. } = PLACE;
    SealedReport { stream, seq, record, kid: RECIPIENT_KID, link, ciphertext }
}

/// One bit less or more, near the end.
fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = bytes.len() - 40;
    bytes[at] ^= 1;
    bytes
}
