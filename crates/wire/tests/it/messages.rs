//! Messages for each refusal, and those that just pass, made from fixed keys.

use crate::reports::{TIME, kinds, passage};
use data_encoding::BASE32_NOPAD;
use ed25519_dalek::{Signer as _, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use strict_cose::cbor::{self, map};
use strict_cose::{KeyId, Limits, PublicKey, Sign1, Value};
use wire::erasure::{ErasedCounts, ErasureReceipt, HeldCopy};
use wire::report::{Carried, ClockState, Outcome, Report, Shown};
use wire::seal::ChainPlace;
use wire::stick::{self, Export, Receipts, SealedCommunity, Unsigned};
use wire::{
    About, Again, AgainAnswer, AuditHead, Batch, BatchId, Enrolment, EnrolmentAnswer, Generation, Notice,
    NoticeCode, Offer, Pace, Receipt, ReceiptLine, RecordId, RecordStatus, SealedReport, SignedBatch,
    StationId, StationToken, StreamId, Ticket, Withdrawn,
};

/// The id that follows from the key of [`STATION_KEY`].
pub const STATION: StationId = StationId([
    0xfd, 0xf7, 0x2a, 0x08, 0x8f, 0x18, 0xf7, 0x39, 0x9e, 0x8c, 0x52, 0xbc, 0xe4, 0x48, 0x44, 0x15,
]);
pub const BATCH: BatchId = BatchId([2; 16]);
pub const GENERATION: Generation = Generation([6; 16]);
pub const RECEIPT_KID: KeyId = KeyId([5; 8]);
/// The recipient's private key.
pub const RECIPIENT: [u8; 32] = [7; 32];
const RECIPIENT_KID: KeyId = KeyId([6; 8]);
/// Seeds: of the station, of the back office's receipts, of somebody else.
pub const STATION_KEY: u8 = 11;
pub const RECEIPT_KEY: u8 = 12;
pub const STRANGER: u8 = 99;

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
    cases.extend(answers());
    cases.extend(batches());
    cases.extend(receipts());
    cases.extend(erasures());
    cases.extend(again());
    cases.extend(tokens());
    cases.extend(seals());
    cases.extend(sticks());
    cases
}

pub fn of(message: &'static str) -> impl Fn(&'static str, &'static str, Vec<u8>) -> Case {
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
        community: "样例社区".to_owned(),
        office: "样例市卡点后台".to_owned(),
        laptop: "样例 08".to_owned(),
    };
    let with = |change: &dyn Fn(&mut Ticket)| {
        let mut ticket = good.clone();
        change(&mut ticket);
        ticket.to_text().into_bytes()
    };
    let text = good.to_text();
    let plain = |url: &'static str| {
        with(&move |ticket| {
            (ticket.url, ticket.ca) = (url.to_owned(), None);
            (ticket.community, ticket.office, ticket.laptop) = <(String, String, String)>::default();
        })
    };
    let named = |name: &str| with(&|ticket| ticket.community = name.to_owned());
    let mailed = |between: &str| {
        let lines: Vec<&str> =
            text.as_bytes().chunks(60).filter_map(|line| str::from_utf8(line).ok()).collect();
        lines.join(between).into_bytes()
    };
    vec![
        case("accepted", "https", text.clone().into_bytes()),
        case("accepted", "plain-http-on-loopback", plain("http://127.0.0.1:8080")),
        case("accepted", "line-break-after", format!("{text}\n").into_bytes()),
        case("accepted", "lines-of-an-e-mail", mailed("\r\n")),
        case("accepted", "lines-of-a-quote", [b"> ".to_vec(), mailed("\n> ")].concat()),
        case("accepted", "soft-hyphens-and-spaces", mailed("\u{ad} ")),
        case("accepted", "name-of-128-bytes", named(&"n".repeat(128))),
        case("malformed", "name-of-129-bytes", named(&"n".repeat(129))),
        case("malformed", "name-blank", named(" ")),
        case("malformed", "name-with-a-line-break", named("a\nb")),
        case("malformed", "letters-between-lines", mailed("\nA\n")),
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
        case("malformed", "2633-characters", format!("KDT1:{}", "A".repeat(2628)).into_bytes()),
        case("malformed", "16385-bytes", format!("{text}{}", " ".repeat(16_385 - text.len())).into_bytes()),
        case("malformed", "an-unknown-field", with_a_field(&good, &[0x18, 99, 0])),
        case(
            "malformed",
            "name-empty",
            with_a_field(&Ticket { laptop: String::new(), ..good.clone() }, &[8, 0x60]),
        ),
    ]
}

/// The text of a ticket with one more field, already encoded.
fn with_a_field(ticket: &Ticket, field: &[u8]) -> Vec<u8> {
    let mut bytes = BASE32_NOPAD.decode(&ticket.to_text().as_bytes()[5..]).unwrap();
    bytes[0] += 1;
    bytes.extend_from_slice(field);
    format!("KDT1:{}", BASE32_NOPAD.encode(&bytes)).into_bytes()
}

fn enrolments() -> Vec<Case> {
    let case = of("enrolment");
    let by = |name: &str, listed: u8, signer: u8| {
        let sealing = stick::public_key(&key(listed));
        Enrolment { secret: [3; 16], key: public(listed), name: name.to_owned(), sealing }.sign(&key(signer))
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

fn answers() -> Vec<Case> {
    let case = of("answer");
    let with = |policies: &[&[u8]]| {
        EnrolmentAnswer {
            station: STATION,
            time: TIME,
            root: vec![1],
            list: vec![2],
            community: vec![3],
            revocations: vec![4; 8],
            policies: policies.iter().map(|policy| policy.to_vec()).collect(),
        }
        .to_bytes()
    };
    // The SHA-256 of the byte 01 begins with 4b, that of 02 with db.
    let good = with(&[&[1], &[2]]);
    vec![
        case("accepted", "two-policies", good.clone()),
        case("accepted", "no-policies", with(&[])),
        case("accepted", "a-policy-of-16-kib", with(&[&[0; 16 * 1024]])),
        case("malformed", "a-policy-of-16-kib-and-a-byte", with(&[&[0; 16 * 1024 + 1]])),
        case("malformed", "policies-that-fall", with(&[&[2], &[1]])),
        case("malformed", "a-policy-twice", with(&[&[1], &[1]])),
        case("malformed", "cut-off", good[..good.len() - 1].to_vec()),
        case("malformed", "a-byte-after-the-end", [&good[..], &[0]].concat()),
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
    let of = |reports: Vec<SealedReport>| {
        let awaits = Vec::new();
        Batch { station: STATION, id: BATCH, reports, awaits, about: None }
    };
    let asks = |records: &[u8]| {
        let awaits = records.iter().map(|record| RecordId([*record; 16])).collect();
        Batch { station: STATION, id: BATCH, reports: Vec::new(), awaits, about: None }
    };
    let tells = |version: &str| {
        let about = About {
            waiting: 340,
            version: version.to_owned(),
            list_issued: TIME - 86_400,
            clock: ClockState::Asserted,
        };
        Batch { about: Some(about), ..of(vec![sealed(0, 816)]) }
    };
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
    let kid = STATION.kid();
    vec![
        case("accepted", "two-reports", good.clone()),
        case("accepted", "empty", sign(&of(Vec::new()))),
        case("accepted", "asks-about-two", sign(&asks(&[1, 2]))),
        case("accepted", "asks-about-32", sign(&asks(&(0..32).collect::<Vec<_>>()))),
        case("accepted", "tells-of-itself", sign(&tells("0.1.0"))),
        case("accepted", "tells-a-version-of-32-bytes", sign(&tells(&"v".repeat(32)))),
        case("malformed", "tells-a-version-of-33-bytes", sign(&tells(&"v".repeat(33)))),
        case("malformed", "tells-no-version", sign(&tells(""))),
        case("malformed", "tells-of-a-fourth-clock", {
            let Value::Map(mut entries) = none() else { panic!() };
            let about = map([(1, 0.into()), (2, "0.1.0".into()), (3, TIME.into()), (4, 3.into())]);
            entries.push((5.into(), about));
            over(&Value::Map(entries), &aad, kid)
        }),
        case("malformed", "asks-about-33", sign(&asks(&(0..33).collect::<Vec<_>>()))),
        case("malformed", "asks-about-one-twice", sign(&asks(&[1, 1]))),
        case("malformed", "asks-about-none", {
            let Value::Map(mut entries) = none() else { panic!() };
            entries.push((4.into(), Value::Array(Vec::new())));
            over(&Value::Map(entries), &aad, kid)
        }),
        case("accepted", "by-hand", over(&none(), &aad, kid)),
        case("accepted", "500-reports", sign(&of((0..500).map(|n| sealed(n, 0)).collect()))),
        case("accepted", "a-damaged-row", sign(&of(vec![sealed(0, 815)]))),
        case("too-large", "501-reports", sign(&of((0..501).map(|n| sealed(n, 0)).collect()))),
        case("malformed", "a-sealed-report-of-817-bytes", sign(&of(vec![sealed(0, 817)]))),
        case("malformed", "a-record-twice", sign(&of(vec![sealed(0, 816), sealed(0, 816)]))),
        case("malformed", "reports-as-a-map", over(&fields(map([])), &aad, kid)),
        case("malformed", "an-unknown-field", {
            let Value::Map(mut entries) = none() else { panic!() };
            entries.push((5.into(), 0.into()));
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

fn erasures() -> Vec<Case> {
    let case = of("erasure");
    let copy = |name: &str, until| HeldCopy { name: name.to_owned(), made: TIME - 3600, until };
    let good = ErasureReceipt {
        id: [9; 16],
        begun: TIME,
        ended: TIME + 2,
        by: Some([3; 8]),
        region: "420106001001".to_owned(),
        counts: ErasedCounts { passages: 12, held: 1, entries: 3, shut: 0, waiting: 0 },
        overwritten: true,
        mail_until: TIME + 2,
        copies: vec![copy("2026-03-01T08.data.age", Some(TIME + 30 * 86_400)), copy("copies", None)],
        more: 0,
    };
    let sign = |receipt: &ErasureReceipt| receipt.sign(RECEIPT_KID, &key(RECEIPT_KEY));
    let with = |change: &dyn Fn(&mut ErasureReceipt)| {
        let mut receipt = good.clone();
        change(&mut receipt);
        sign(&receipt)
    };
    let bytes = sign(&good);
    let many = |count: usize| vec![copy(&"a".repeat(120), None); count];
    vec![
        case("accepted", "two-copies", bytes.clone()),
        case("accepted", "of-the-whole-office", with(&|one| (one.by, one.region) = (None, String::new()))),
        case("accepted", "1000-copies", with(&|one| (one.copies, one.more) = (many(1000), 7))),
        case("malformed", "1001-copies", with(&|one| one.copies = many(1001))),
        case("malformed", "name-121-bytes", with(&|one| one.copies[0].name = "a".repeat(121))),
        case("malformed", "region-of-letters", with(&|one| one.region = "42a".to_owned())),
        case("malformed", "cut-off", bytes[..bytes.len() - 1].to_vec()),
        case("signature", "a-bit-flipped", flipped(&bytes)),
        case("signature", "by-another-key", good.sign(RECEIPT_KID, &key(STRANGER))),
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
        region: "420106001001".to_owned(),
        pace: Pace { pause: 2, poll: 60 },
        withdrawn: None,
        notices: Vec::new(),
        audit: AuditHead::EMPTY,
        backed_up: None,
        generation: GENERATION,
    };
    let notice = |number: u8| Notice { record: RecordId([number; 16]), code: NoticeCode::NotAllowed };
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
        case(
            "accepted",
            "everything",
            with(&|receipt| {
                receipt.withdrawn =
                    Some(Withdrawn { since: TIME - 60, contact: "社区居委会 027-0000".to_owned() });
                receipt.notices = [NoticeCode::NotAllowed, NoticeCode::Entered, NoticeCode::Waits]
                    .map(|code| Notice { record: RecordId([1; 16]), code })
                    .to_vec();
                receipt.audit = AuditHead { count: 9, hash: [9; 32] };
                receipt.backed_up = Some((StreamId([3; 16]), 4));
            }),
        ),
        case(
            "accepted",
            "the-longest-pause",
            with(&|receipt| receipt.pace = Pace { pause: 300, poll: 3600 }),
        ),
        case("accepted", "32-notices", with(&|receipt| receipt.notices = (0..32).map(notice).collect())),
        case("accepted", "a-notice-of-a-newer-office", {
            let code = NoticeCode::Other("asks-the-street".to_owned());
            with(&move |receipt| receipt.notices = vec![Notice { code: code.clone(), ..notice(1) }])
        }),
        case("malformed", "a-community-of-11-digits", {
            with(&|receipt| receipt.region = "42010600100".to_owned())
        }),
        case("malformed", "a-community-of-letters", {
            with(&|receipt| receipt.region = "42010600100a".to_owned())
        }),
        case("malformed", "33-notices", with(&|receipt| receipt.notices = (0..33).map(notice).collect())),
        case("malformed", "without-a-generation", {
            let payload = good_payload_without(&bytes, 13);
            let aad = [b"kadian-receipt-v1", &STATION.0[..], &BATCH.0].concat();
            Sign1::seal(RECEIPT_KID, payload, &aad, |tbs| key(RECEIPT_KEY).sign(tbs).to_bytes()).to_bytes()
        }),
        case("malformed", "a-pause-of-301-s", with(&|receipt| receipt.pace.pause = 301)),
        case("malformed", "a-poll-of-9-s", with(&|receipt| receipt.pace.poll = 9)),
        case(
            "malformed",
            "a-contact-of-129-bytes",
            with(&|receipt| {
                receipt.withdrawn = Some(Withdrawn { since: TIME, contact: "c".repeat(129) });
            }),
        ),
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

/// The payload of a signed map without one of its fields.
fn good_payload_without(message: &[u8], key: i64) -> Vec<u8> {
    let limits = Limits { bytes: message.len(), depth: 9 };
    let sign1 = Sign1::parse(message, message.len()).unwrap();
    let Value::Map(mut entries) = cbor::decode(sign1.payload_unverified(), limits).unwrap() else { panic!() };
    entries.retain(|(name, _)| *name != key.into());
    cbor::encode(&Value::Map(entries))
}

/// A receipt for an empty batch, as a station keeps it.
fn empty_receipt(station: StationId, signer: u8, change: impl Fn(&mut Receipt)) -> Vec<u8> {
    let offer = Offer { version: 1, hash: [8; 32] };
    let mut receipt = Receipt {
        station,
        batch: BATCH,
        time: TIME,
        lines: Vec::new(),
        root: offer,
        list: offer,
        community: offer,
        region: "420106001001".to_owned(),
        pace: Pace { pause: 2, poll: 60 },
        withdrawn: None,
        notices: Vec::new(),
        audit: AuditHead::EMPTY,
        backed_up: None,
        generation: GENERATION,
    };
    change(&mut receipt);
    receipt.sign(RECEIPT_KID, &key(signer))
}

fn again() -> Vec<Case> {
    let (case, answer) = (of("again"), of("again-answer"));
    let with = |name: &str, receipt: Vec<u8>, signer: u8| {
        let sealing = stick::public_key(&key(STATION_KEY));
        Again { key: public(STATION_KEY), sealing, name: name.to_owned(), receipt }.sign(&key(signer))
    };
    let shown = |receipt| with("东门 1", receipt, STATION_KEY);
    let own = |change: &dyn Fn(&mut Receipt)| shown(empty_receipt(STATION, RECEIPT_KEY, change));
    let receipt = || empty_receipt(STATION, RECEIPT_KEY, |_| {});
    let notice =
        |number: u8| Notice { record: RecordId([number; 16]), code: NoticeCode::Other("n".repeat(32)) };
    let good = shown(receipt());
    let known = AgainAnswer { station: STATION }.to_bytes();
    vec![
        case("accepted", "east-gate", good.clone()),
        case("accepted", "with-32-notices", own(&|receipt| receipt.notices = (0..32).map(notice).collect())),
        case("malformed", "a-receipt-for-a-report", {
            let record = RecordId([1; 16]);
            let line = ReceiptLine { record, hash: [1; 32], status: RecordStatus::Stored };
            own(&move |receipt| receipt.lines = vec![line])
        }),
        case("malformed", "a-receipt-of-3073-bytes", shown(vec![0xd2; 3073])),
        case("malformed", "name-empty", with("", receipt(), STATION_KEY)),
        case("malformed", "a-byte-after-the-end", [&good[..], &[0]].concat()),
        case("malformed", "cut-off", good[..good.len() - 1].to_vec()),
        case("signature", "by-another-key", with("东门 1", receipt(), STRANGER)),
        case("signature", "a-bit-flipped", flipped(&good)),
        case("signature", "a-receipt-by-another-key", shown(empty_receipt(STATION, STRANGER, |_| {}))),
        case("signature", "a-receipt-of-another-station", {
            shown(empty_receipt(StationId([9; 16]), RECEIPT_KEY, |_| {}))
        }),
        case("signature", "no-receipt", shown(Vec::new())),
        case("too-large", "4097-bytes", vec![0xd2; 4097]),
        answer("accepted", "known", known.clone()),
        answer("malformed", "a-byte-after-the-end", [&known[..], &[0]].concat()),
        answer("malformed", "cut-off", known[..known.len() - 1].to_vec()),
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
    let report = Report::Passage(passage(Shown::Pass, Outcome::LetThrough, Carried::Whole(vec![0xd2; 512])));
    let sealed = |report: &Report, place: &ChainPlace, kid: KeyId| {
        let recipient = wire::seal::recipient_key(&RECIPIENT).unwrap();
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        wire::seal::seal(report, place, kid, &recipient, &mut rng).unwrap().ciphertext
    };
    let seal = |place: &ChainPlace, kid| sealed(&report, place, kid);
    let good = seal(&PLACE, RECIPIENT_KID);
    let kinds = kinds().into_iter();
    let kinds = kinds.map(|(name, kind)| case("accepted", name, sealed(&kind, &PLACE, RECIPIENT_KID)));
    let moved = |change: &dyn Fn(&mut ChainPlace)| {
        let mut place = PLACE;
        change(&mut place);
        seal(&place, RECIPIENT_KID)
    };
    vec![
        case("accepted", "a-passage", good.clone()),
        case("seal", "a-bit-flipped", flipped(&good)),
        case("seal", "cut-off", good[..815].to_vec()),
        case("seal", "of-another-station", moved(&|place| place.station = StationId([9; 16]))),
        case("seal", "of-another-stream", moved(&|place| place.stream = StreamId([9; 16]))),
        case("seal", "of-the-next-place", moved(&|place| place.seq += 1)),
        case("seal", "of-another-record", moved(&|place| place.record = RecordId([8; 16]))),
        case("seal", "after-another-report", moved(&|place| place.link = [6; 32])),
        case("seal", "under-another-kid", seal(&PLACE, KeyId([9; 8]))),
    ]
    .into_iter()
    .chain(kinds)
    .collect()
}

fn sticks() -> Vec<Case> {
    let (reports, receipts, community) = (of("stick-reports"), of("stick-receipts"), of("stick-community"));
    let unsigned = of("stick-unsigned");
    let unsigned_of = |reports| Unsigned { station: STATION, reports }.to_bytes();
    let sealed_by_hand = |length: usize| report_of(vec![7; length]);
    let batch = |id| {
        Batch { station: STATION, id, reports: Vec::new(), awaits: Vec::new(), about: None }
            .sign(&key(STATION_KEY))
    };
    let export = |batches: Vec<SignedBatch>| Export { station: STATION, batches }.to_bytes();
    let good = export(vec![batch(BATCH), batch(BatchId([3; 16]))]);
    let to = |seed: u8, station| (station, stick::public_key(&key(seed)));
    let sealed = |stations: Vec<(StationId, [u8; 32])>| {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        SealedCommunity::seal(b"community.cose", &stations.into_iter().collect(), &mut rng).to_bytes()
    };
    let other = StationId([9; 16]);
    let both = sealed(vec![to(STATION_KEY, STATION), to(STRANGER, other)]);
    vec![
        reports("accepted", "two-batches", good.clone()),
        reports("malformed", "no-batches", export(Vec::new())),
        reports("malformed", "257-batches", export(vec![batch(BATCH); 257])),
        reports("malformed", "cut-off", good[..good.len() - 1].to_vec()),
        receipts("accepted", "two-receipts", Receipts { receipts: vec![vec![1], vec![2; 9]] }.to_bytes()),
        receipts("malformed", "no-receipts", Receipts { receipts: Vec::new() }.to_bytes()),
        receipts("malformed", "257-receipts", Receipts { receipts: vec![vec![1]; 257] }.to_bytes()),
        receipts(
            "malformed",
            "a-receipt-as-a-number",
            cbor::encode(&map([(1, Value::Array(vec![1.into()]))])),
        ),
        unsigned("accepted", "two-reports", unsigned_of(vec![sealed_by_hand(816), sealed_by_hand(9)])),
        unsigned("malformed", "no-reports", unsigned_of(Vec::new())),
        unsigned("malformed", "a-report-of-817-bytes", unsigned_of(vec![sealed_by_hand(817)])),
        unsigned("malformed", "signed-batches", good.clone()),
        community("accepted", "for-two-stations", both.clone()),
        community("malformed", "for-nobody", sealed(Vec::new())),
        community("malformed", "a-byte-after-the-end", [&both[..], &[0]].concat()),
        community("seal", "for-another-station", sealed(vec![to(STATION_KEY, other)])),
        community("seal", "to-another-key", sealed(vec![to(STRANGER, STATION)])),
        community("seal", "a-bit-flipped", flipped(&sealed(vec![to(STATION_KEY, STATION)]))),
    ]
}

/// What a case of `seal` is sealed in.
pub fn report_of(ciphertext: Vec<u8>) -> SealedReport {
    let ChainPlace { stream, seq, record, link, .. } = PLACE;
    SealedReport { stream, seq, record, kid: RECIPIENT_KID, link, ciphertext }
}

/// One bit less or more, near the end.
pub fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = bytes.len() - 40;
    bytes[at] ^= 1;
    bytes
}
