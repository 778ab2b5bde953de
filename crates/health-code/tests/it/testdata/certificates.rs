//! Certificates for each refusal, and those that just pass, made from fixed keys. ES256 and ES384
//! only: their signatures follow from the key and the message (RFC 6979).

use health_code::hcert::{Kind, Signer, Usage, inflate};
use health_code::limits::CERTIFICATE_BYTES;
use health_code::{Region, Timestamp};
use issuer::{DocumentKey, NewCertificate, Shape, certificate_cose, sign_certificate};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use strict_cose::Value;
use strict_cose::cbor::{encode, map};

use super::CodeCase;
use crate::world::*;

/// May sign every kind.
pub fn key() -> DocumentKey {
    DocumentKey::es256(&[0x21; 32]).unwrap()
}

/// May sign tests only.
fn tests_key() -> DocumentKey {
    DocumentKey::es384(&[0x22; 48]).unwrap()
}

/// Out of force for long.
fn old_key() -> DocumentKey {
    DocumentKey::es256(&[0x23; 32]).unwrap()
}

/// Shares its kid with [`key`] by chance.
fn namesake() -> DocumentKey {
    DocumentKey::es256(&[0x24; 32]).unwrap()
}

/// Its certificates name an authority instead of the country.
fn authority_key() -> DocumentKey {
    DocumentKey::es256(&[0x26; 32]).unwrap()
}

/// Recognised in one other community.
fn far_key() -> DocumentKey {
    DocumentKey::es256(&[0x25; 32]).unwrap()
}

pub fn signers() -> Vec<Signer> {
    let signer = |key: &DocumentKey| Signer {
        country: "XS".to_owned(),
        issuer: None,
        name_zh: "样例国".to_owned(),
        name_en: "Sample Country".to_owned(),
        kid: key.kid(),
        key: key.public().unwrap(),
        usage: Usage::ALL,
        not_before: NOW.plus(-100 * DAY),
        not_after: NOW.plus(100 * DAY),
        recognised_by: vec![Region::country()],
    };
    vec![
        Signer { kid: key().kid(), ..signer(&namesake()) },
        signer(&key()),
        Signer { usage: Usage::from_bits(1).unwrap(), ..signer(&tests_key()) },
        Signer { not_after: NOW.plus(-50 * DAY), ..signer(&old_key()) },
        Signer { recognised_by: vec![region("420106002")], ..signer(&far_key()) },
        Signer { issuer: Some("Sample Authority".to_owned()), ..signer(&authority_key()) },
    ]
}

pub fn certificate(kind: Kind) -> NewCertificate {
    NewCertificate {
        ver: "1.3.0".to_owned(),
        name: ["Müster", "Érika", "MUESTER", "ERIKA"].map(str::to_owned),
        dob: "1980-01-01".to_owned(),
        country: "XS".to_owned(),
        id: "URN:UVCI:01:XS:1".to_owned(),
        kind,
        day: "2020-08-20".to_owned(),
        doses: [2, 2],
        detected: false,
        recovery: ["2020-09-01", "2021-02-01"].map(str::to_owned),
        iat: NOW.plus(-DAY),
        exp: NOW.plus(30 * DAY),
    }
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(1)
}

pub fn by(key: &DocumentKey, new: &NewCertificate) -> String {
    sign_certificate(key, &key.kid().0, new, &mut rng())
}

pub fn with(change: impl FnOnce(&mut NewCertificate)) -> String {
    let mut new = certificate(Kind::Vaccination);
    change(&mut new);
    by(&key(), &new)
}

fn case(result: &'static str, name: &str, text: String) -> CodeCase {
    CodeCase { result, name: name.to_owned(), at: NOW, region: HERE, text }
}

pub fn all() -> Vec<CodeCase> {
    [accepted(), texts(), messages(), contents(), standing(), dates()].concat()
}

fn accepted() -> Vec<CodeCase> {
    let shaped = |shape: Shape| {
        let new = certificate(Kind::Vaccination);
        inflate::to_text(&certificate_cose(&key(), shape, new.claims(new.payload()), &mut rng()))
    };
    let usual = || Shape::usual(key().algorithm(), &key().kid().0);
    let kid = |kid: &[u8]| (4, Value::Bytes(kid.to_vec()));
    let alg = || usual().protected[0].clone();
    vec![
        case("accepted", "vaccination", with(|_| {})),
        case("accepted", "recovery", with(|new| *new = certificate(Kind::Recovery))),
        case("accepted", "test-es384", by(&tests_key(), &certificate(Kind::Test))),
        case(
            "accepted",
            "by-the-other-of-one-kid",
            sign_certificate(&namesake(), &key().kid().0, &certificate(Kind::Vaccination), &mut rng()),
        ),
        case("accepted", "untagged", shaped(Shape { tags: vec![], ..usual() })),
        case("accepted", "cwt-tag", shaped(Shape { tags: vec![0xd8, 0x3d, 0xd2], ..usual() })),
        case(
            "accepted",
            "kid-unprotected",
            shaped(Shape { protected: vec![alg()], unprotected: vec![kid(&key().kid().0)], ..usual() }),
        ),
        case(
            "accepted",
            "kid-twice-the-signed-counts",
            shaped(Shape { unprotected: vec![kid(&[9; 8])], ..usual() }),
        ),
        case(
            "accepted",
            "name-from-right-to-left",
            with(|new| new.name = ["כהן", "שרה", "COHEN", "SARA"].map(str::to_owned)),
        ),
        case(
            "accepted",
            "one-name-only",
            with(|new| new.name = ["Σωκράτης", "", "SOKRATIS", ""].map(str::to_owned)),
        ),
        case(
            "duplicate-kid",
            "protected",
            shaped(Shape { protected: vec![alg(), kid(&[1; 8]), kid(&[2; 8])], ..usual() }),
        ),
        case(
            "duplicate-kid",
            "unprotected",
            shaped(Shape { unprotected: vec![kid(&[1; 8]), kid(&[1; 8])], ..usual() }),
        ),
        case("bad-headers", "no-kid", shaped(Shape { protected: vec![alg()], ..usual() })),
        case(
            "bad-headers",
            "no-algorithm",
            shaped(Shape { protected: vec![kid(&key().kid().0)], ..usual() }),
        ),
        case(
            "bad-headers",
            "critical",
            shaped(Shape { unprotected: vec![(2, Value::Array(vec![]))], ..usual() }),
        ),
        case(
            "wrong-algorithm",
            "eddsa",
            shaped(Shape { protected: vec![(1, (-8).into()), kid(&key().kid().0)], ..usual() }),
        ),
        case(
            "wrong-algorithm",
            "in-words",
            shaped(Shape { protected: vec![(1, "ES256".into()), kid(&key().kid().0)], ..usual() }),
        ),
        case(
            "wrong-algorithm",
            "not-the-keys",
            shaped(Shape { protected: vec![(1, (-37).into()), kid(&key().kid().0)], ..usual() }),
        ),
        case(
            "unknown-issuer",
            "signed-kid-of-nobody",
            shaped(Shape {
                protected: vec![alg(), kid(b"foo")],
                unprotected: vec![kid(&key().kid().0)],
                ..usual()
            }),
        ),
        case("malformed", "other-tag", shaped(Shape { tags: vec![0xd1], ..usual() })),
    ]
}

fn texts() -> Vec<CodeCase> {
    let text = with(|_| {});
    let body = text.strip_prefix("HC1:").unwrap();
    let stream = inflate::base45(body).unwrap();
    let as_text = |bytes: &[u8]| format!("HC1:{}", base45::encode(bytes));
    let mut checksum = stream.clone();
    *checksum.last_mut().unwrap() ^= 1;
    vec![
        case("not-a-health-code", "hc2", text.replacen("HC1:", "HC2:", 1)),
        case("not-a-health-code", "no-prefix", body.to_owned()),
        case("too-long", "4297-characters", format!("HC1:{}", "0".repeat(4293))),
        case("bad-encoding", "lower-case", text.to_lowercase().replacen("hc1:", "HC1:", 1)),
        case("bad-encoding", "line-break-after", format!("{text}\n")),
        case("truncated", "half-a-stream", as_text(&stream[..stream.len() / 2])),
        case("bad-compression", "not-compressed", as_text(&[0xd2, 0x84, 0x40])),
        case("bad-compression", "checksum", as_text(&checksum)),
        case("bad-compression", "bytes-after", as_text(&[&stream[..], &[0]].concat())),
        case("inflates-too-far", "one-byte-more", inflate::to_text(&vec![0; CERTIFICATE_BYTES + 1])),
        case("inflates-too-far", "two-megabytes", inflate::to_text(&vec![0; 2_000_000])),
    ]
}

fn messages() -> Vec<CodeCase> {
    let usual = || Shape::usual(key().algorithm(), &key().kid().0);
    let new = certificate(Kind::Vaccination);
    let good = certificate_cose(&key(), usual(), new.claims(new.payload()), &mut rng());
    let mut altered = good.clone();
    *altered.last_mut().unwrap() ^= 1;
    let to_text = |bytes: &[u8]| inflate::to_text(bytes);
    let stranger = DocumentKey::es256(&[0x63; 32]).unwrap();
    vec![
        case("truncated", "nothing", to_text(&[])),
        case("truncated", "half-a-message", to_text(&good[..good.len() / 2])),
        case("malformed", "no-cose", to_text(&encode(&map([(1, 2.into())])))),
        case("malformed", "byte-after", to_text(&[&good[..], &[0]].concat())),
        case("malformed", "deep", to_text(&vec![0x81; 1000])),
        case("signature", "altered", to_text(&altered)),
        case("signature", "forged", sign_certificate(&stranger, &key().kid().0, &new, &mut rng())),
        case("unknown-issuer", "stranger", by(&stranger, &new)),
    ]
}

/// Signed, over any payload.
fn signed(payload: Value) -> String {
    let new = certificate(Kind::Vaccination);
    let shape = Shape::usual(key().algorithm(), &key().kid().0);
    inflate::to_text(&certificate_cose(&key(), shape, new.claims(payload), &mut rng()))
}

/// The same, written as a country does that keeps numbers as floats: our own CBOR has none.
fn signed_with_floats(payload: Value) -> String {
    let new = certificate(Kind::Vaccination);
    let claims = map([
        (1, new.country.as_str().into()),
        (4, (new.exp.0 as f64).into()),
        (6, (new.iat.0 as f64).into()),
        (-260, map([(1, payload)])),
    ]);
    let mut bytes = Vec::new();
    ciborium::into_writer(&claims, &mut bytes).unwrap();
    let shape = Shape::usual(key().algorithm(), &key().kid().0);
    inflate::to_text(&certificate_cose(&key(), shape, bytes, &mut rng()))
}

type Entries = Vec<(Value, Value)>;

fn contents() -> Vec<CodeCase> {
    let payload = |kind| certificate(kind).payload();
    let changed = |change: &dyn Fn(&mut Entries)| {
        let Value::Map(mut entries) = payload(Kind::Vaccination) else { panic!() };
        change(&mut entries);
        signed(Value::Map(entries))
    };
    let drop_key =
        |key: &'static str| changed(&move |entries| entries.retain(|(k, _)| k.as_text() != Some(key)));
    let names = |fn_: &str, gn: &str, fnt: &str, gnt: &str| {
        let names = [fn_, gn, fnt, gnt].map(str::to_owned);
        with(|new| new.name = names)
    };
    vec![
        case("bad-claims", "no-version", drop_key("ver")),
        case("bad-claims", "no-birthday", drop_key("dob")),
        case("bad-claims", "no-entry", drop_key("v")),
        case("several-events", "two-doses", changed(&|entries| entries_of(entries, "v").push(0.into()))),
        case(
            "several-events",
            "two-kinds",
            changed(&|entries| {
                let Value::Map(other) = payload(Kind::Test) else { panic!() };
                entries.extend(other.into_iter().filter(|(key, _)| key.as_text() == Some("t")));
            }),
        ),
        case(
            "bad-claims",
            "key-twice",
            changed(&|entries| {
                let first = entries[0].clone();
                entries.push(first);
            }),
        ),
        case("accepted", "doses-as-floats", dose(&|entry| doses(entry, 2.0.into(), 2.0.into()))),
        case("accepted", "version-as-a-float", version(1.0.into())),
        case("wrong-version", "another-as-a-float", version(2.0.into())),
        case("bad-claims", "half-a-dose", dose(&|entry| doses(entry, 1.5.into(), 2.into()))),
        case("bad-claims", "doses-beyond-floats", dose(&|entry| doses(entry, f64::MAX.into(), 2.into()))),
        case("bad-claims", "dose-of-no-number", dose(&|entry| doses(entry, f64::NAN.into(), 2.into()))),
        case("bad-claims", "dose-in-words", dose(&|entry| doses(entry, "2".into(), 2.into()))),
        case("bad-claims", "version-of-a-fraction", version(1.3.into())),
        case("bad-claims", "dose-0", with(|new| new.doses = [0, 2])),
        case("bad-claims", "dose-100", with(|new| new.doses = [100, 2])),
        case("bad-claims", "day-that-is-none", with(|new| "2020-02-30".clone_into(&mut new.day))),
        case("bad-claims", "day-in-words", with(|new| "yesterday".clone_into(&mut new.day))),
        case("bad-claims", "birthday-of-another-century", with(|new| "1820-01-01".clone_into(&mut new.dob))),
        case("bad-claims", "empty-id", with(|new| new.id.clear())),
        case("bad-claims", "long-id", with(|new| new.id = "X".repeat(81))),
        case("wrong-version", "2.0.0", with(|new| "2.0.0".clone_into(&mut new.ver))),
        case("wrong-version", "empty", with(|new| new.ver.clear())),
        case("no-name", "empty", names("", "", "", "")),
        case("no-name", "fillers-only", names(" ", "", "<<", "<")),
        case("unreadable-name", "not-transliterated", names("שרה", "", "", "")),
        case("unreadable-name", "hebrew-where-latin-must-be", names("כהן", "שרה", "כהן", "שרה")),
        case("unreadable-name", "lower-case", names("Muster", "", "muster", "")),
        case("unreadable-name", "turns-the-line-round", names("a\u{202e}b", "", "AB", "")),
        case("unreadable-name", "isolates-a-direction", names("a\u{2067}b", "", "AB", "")),
        case("unreadable-name", "invisible", names("ab", "", "A\u{200b}B", "")),
        case("unreadable-name", "joined-where-it-is-shown", names("ab", "", "A\u{200d}B", "")),
        case("accepted", "blanks-for-fillers", names("De la Muestra", "Ana", "DE LA MUESTRA", "ANA MARIA")),
        case("accepted", "hyphens-for-fillers", names("Mu-ster", "", "MU-STER", "")),
        case("accepted", "joiners-at-home", names("न\u{200d}म", "ن\u{200c}ن", "NAM", "NN")),
        case("accepted", "line-ends-at-home", names("Muster\r\n", "Eri\nka", "MUSTER", "ERIKA")),
    ]
}

/// The list under a key of a payload.
fn entries_of<'e>(entries: &'e mut Entries, key: &str) -> &'e mut Vec<Value> {
    let (_, list) = entries.iter_mut().find(|(other, _)| other.as_text() == Some(key)).unwrap();
    list.as_array_mut().unwrap()
}

/// A vaccination with its entry changed.
fn dose(change: &dyn Fn(&mut Entries)) -> String {
    let mut payload = certificate(Kind::Vaccination).payload();
    change(entries_of(payload.as_map_mut().unwrap(), "v")[0].as_map_mut().unwrap());
    signed_with_floats(payload)
}

fn doses(entry: &mut Entries, dose: Value, of: Value) {
    set(entry, "dn", dose);
    set(entry, "sd", of);
}

fn version(version: Value) -> String {
    let mut payload = certificate(Kind::Vaccination).payload();
    set(payload.as_map_mut().unwrap(), "ver", version);
    signed_with_floats(payload)
}

fn set(entries: &mut Entries, key: &str, value: Value) {
    entries.iter_mut().find(|(other, _)| other.as_text() == Some(key)).unwrap().1 = value;
}

/// The claims of a certificate in whose `iss` something else than its country stands.
fn claims_by(iss: &str, new: &NewCertificate) -> Vec<u8> {
    encode(&map([
        (1, iss.into()),
        (4, new.exp.0.into()),
        (6, new.iat.0.into()),
        (-260, map([(1, new.payload())])),
    ]))
}

fn issued_by(iss: &str) -> String {
    let new = certificate(Kind::Vaccination);
    let shape = Shape::usual(authority_key().algorithm(), &authority_key().kid().0);
    inflate::to_text(&certificate_cose(&authority_key(), shape, claims_by(iss, &new), &mut rng()))
}

fn standing() -> Vec<CodeCase> {
    let new = certificate(Kind::Vaccination);
    vec![
        case("wrong-issuer", "other-country", with(|new| "XT".clone_into(&mut new.country))),
        case("accepted", "listed-authority", issued_by("Sample Authority")),
        case("accepted", "country-of-an-authority", issued_by("XS")),
        case("wrong-issuer", "other-authority", issued_by("Another Authority")),
        case("wrong-issuer", "authority-of-another-key", {
            let shape = Shape::usual(key().algorithm(), &key().kid().0);
            let claims = claims_by("Sample Authority", &new);
            inflate::to_text(&certificate_cose(&key(), shape, claims, &mut rng()))
        }),
        case("key-not-in-force", "expired-at-signing", by(&old_key(), &new)),
        case("key-not-in-force", "signed-before-its-key", with(|new| new.iat = NOW.plus(-101 * DAY))),
        case("wrong-usage", "vaccination-by-a-key-for-tests", by(&tests_key(), &new)),
        case("wrong-usage", "recovery-by-a-key-for-tests", by(&tests_key(), &certificate(Kind::Recovery))),
        case("not-recognised", "elsewhere-only", by(&far_key(), &new)),
        case("revoked", "revoked", with(|new| "URN:UVCI:01:XS:REVOKED".clone_into(&mut new.id))),
    ]
}

fn dates() -> Vec<CodeCase> {
    let at = |at: Timestamp, case: CodeCase| CodeCase { at, ..case };
    let usual = || with(|_| {});
    let exp = NOW.plus(30 * DAY);
    vec![
        at(exp.plus(-1), case("accepted", "its-last-second", usual())),
        at(exp, case("expired", "at-its-end", usual())),
        at(NOW.plus(-DAY - 120), case("accepted", "within-the-skew", usual())),
        at(NOW.plus(-DAY - 121), case("not-yet-valid", "before-the-skew", usual())),
        case("accepted", "born-on-the-day-of-issue", with(|new| "2020-09-12".clone_into(&mut new.dob))),
        case("accepted", "born-in-the-year-of-issue", with(|new| "2020".clone_into(&mut new.dob))),
        case("born-after-issue", "a-year-later", with(|new| "2021-09-12".clone_into(&mut new.dob))),
        case("born-after-issue", "two-days-later", with(|new| "2020-09-14".clone_into(&mut new.dob))),
        case("born-after-issue", "a-month-later", with(|new| "2020-10".clone_into(&mut new.dob))),
        case("born-after-issue", "in-a-later-year", with(|new| "2021-XX-XX".clone_into(&mut new.dob))),
        case("impossible-date", "event-to-come", with(|new| "2020-09-20".clone_into(&mut new.day))),
        case("accepted", "event-tomorrow-abroad", with(|new| "2020-09-14".clone_into(&mut new.day))),
        case("impossible-date", "event-of-another-age", with(|new| "1920-08-20".clone_into(&mut new.day))),
        case("accepted", "first-day-there-is", with(|new| "2000-01-01".clone_into(&mut new.day))),
        case(
            "impossible-date",
            "last-day-before-there-was-any",
            with(|new| "1999-12-31".clone_into(&mut new.day)),
        ),
        case("impossible-date", "event-after-its-end", with(|new| "2021-09-14".clone_into(&mut new.day))),
        case("impossible-date", "ends-before-it-begins", with(|new| new.exp = new.iat)),
        case("impossible-date", "beyond-9999", with(|new| new.exp = Timestamp(253_402_300_800))),
        case("impossible-date", "before-1970", with(|new| new.iat = Timestamp(-1))),
        case(
            "impossible-date",
            "recovery-backwards",
            with(|new| {
                *new = certificate(Kind::Recovery);
                new.recovery.reverse();
            }),
        ),
    ]
}
