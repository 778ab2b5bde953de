//! Certificates from abroad: one for each rule of the policy, and one for each refusal of their own.

use health_code::hcert::{Kind, inflate};
use health_code::limits::CERTIFICATE_BYTES;
use health_code::{Refusal, Timestamp};
use issuer::{DocumentKey, NewCertificate, Shape, certificate_cose, sign_certificate};
use strict_cose::Value;

use super::keys::COUNTRY_ABROAD;
use super::maker::{DAY, DemoCode, Expected, Maker, Shown};

/// Makes the certificates.
pub fn all(maker: &Maker<'_>) -> Result<Vec<DemoCode>, String> {
    use Expected::{Check, Invalid, Stop};
    type Change = fn(&mut NewCertificate, Timestamp);
    let judged: [(&'static str, Expected, Change); 14] = [
        ("certificate-vaccination", Check, |_, _| {}),
        ("certificate-name-with-blanks", Check, |new, _| {
            new.name = ["Muster", "Erika", "MUSTER ERIKA", ""].map(str::to_owned);
        }),
        ("certificate-name-with-joiners", Check, |new, _| {
            "Mus\u{200d}ter\r\n".clone_into(&mut new.name[0]);
        }),
        ("certificate-recovery", Check, |new, at| {
            new.kind = Kind::Recovery;
            new.day = day(at.plus(-60 * DAY));
            new.recovery = [day(at.plus(-49 * DAY)), day(at.plus(120 * DAY))];
        }),
        ("certificate-recovery-over", Stop, |new, at| {
            new.kind = Kind::Recovery;
            new.day = day(at.plus(-60 * DAY));
            new.recovery = [day(at.plus(-49 * DAY)), day(at.plus(-2 * DAY))];
        }),
        ("certificate-test", Check, |new, at| {
            (new.kind, new.day, new.iat) = (Kind::Test, day(at.plus(-DAY)), at.plus(-DAY));
        }),
        ("certificate-test-old", Stop, |new, at| {
            (new.kind, new.day) = (Kind::Test, day(at.plus(-9 * DAY)));
        }),
        ("certificate-test-positive", Stop, |new, at| {
            (new.kind, new.day, new.detected) = (Kind::Test, day(at.plus(-DAY)), true);
        }),
        ("certificate-one-dose", Stop, |new, _| new.doses = [1, 2]),
        ("certificate-too-recent", Stop, |new, at| new.day = day(at.plus(-5 * DAY))),
        ("certificate-expired", Invalid("expired"), |new, at| new.exp = at.plus(-3600)),
        ("certificate-other-country", Invalid("wrong-issuer"), |new, _| "XT".clone_into(&mut new.country)),
        ("certificate-unborn", Invalid("born-after-issue"), |new, at| new.dob = day(at)),
        ("certificate-not-yet", Invalid("impossible-date"), |new, at| new.day = day(at.plus(30 * DAY))),
    ];
    let unread: [(&'static str, Refusal, Change); 3] = [
        ("certificate-other-version", Refusal::WrongVersion, |new, _| "2.0.0".clone_into(&mut new.ver)),
        ("certificate-of-nobody", Refusal::NoName, |new, _| new.name = Default::default()),
        ("certificate-name-reversed", Refusal::UnreadableName, |new, _| {
            "Re\u{202e}tsuM".clone_into(&mut new.name[0])
        }),
    ];
    let (key, tests) = (maker.keys.document_key()?, maker.keys.document_key_for_tests()?);
    let mut codes = Vec::new();
    for (name, expected, change) in judged {
        let mut new = certificate(name, maker.at);
        change(&mut new, maker.at);
        codes.push(row(name, signed(maker, name, &key, &new), expected, true));
    }
    for (name, refusal, change) in unread {
        let mut new = certificate(name, maker.at);
        change(&mut new, maker.at);
        codes.push(row(name, signed(maker, name, &key, &new), Invalid(refusal.code()), false));
    }
    let usual = certificate("certificate-usual", maker.at);
    let mut several = usual.payload();
    for (key, list) in several.as_map_mut().into_iter().flatten() {
        if let (Some("v"), Some(doses)) = (key.as_text(), list.as_array_mut()) {
            doses.extend(doses.clone());
        }
    }
    let shape = Shape::usual(key.algorithm(), &key.kid().0);
    let several = certificate_cose(&key, shape, usual.claims(several), &mut maker.keys.rng("several"));
    codes.push(row("certificate-two-doses", inflate::to_text(&several), Invalid("several-events"), false));
    let wrong_usage = signed(maker, "usage", &tests, &usual);
    codes.push(row("certificate-wrong-usage", wrong_usage, Invalid("wrong-usage"), true));
    let stranger =
        DocumentKey::es256(&maker.keys.bytes("signer-unheard-of")).map_err(|error| error.to_string())?;
    let unknown = signed(maker, "unknown", &stranger, &usual);
    codes.push(row("certificate-unknown", unknown, Invalid("unknown-issuer"), false));
    let mut rng = maker.keys.rng("forged");
    let forged = sign_certificate(&stranger, &key.kid().0, &usual, &mut rng);
    codes.push(row("certificate-forged", forged, Invalid("signature"), false));
    let kid = || (4, Value::Bytes(key.kid().0.to_vec()));
    let protected = vec![(1, key.algorithm().number().into()), kid(), kid()];
    let twice = Shape { protected, unprotected: Vec::new(), tags: vec![0xd2] };
    let twice = certificate_cose(&key, twice, usual.claims(usual.payload()), &mut rng);
    codes.push(row("certificate-kid-twice", inflate::to_text(&twice), Invalid("duplicate-kid"), false));
    let bomb = inflate::to_text(&vec![0; CERTIFICATE_BYTES + 1]);
    codes.push(row("certificate-bomb", bomb, Invalid("inflates-too-far"), false));
    let plain = format!("{}{}", health_code::hcert::PREFIX, base45::encode(&twice));
    codes.push(row("certificate-unpacked", plain, Invalid("bad-compression"), false));
    Ok(codes)
}

fn certificate(name: &str, at: Timestamp) -> NewCertificate {
    NewCertificate {
        ver: "1.3.0".to_owned(),
        name: ["Muster", "Erika", "MUSTER", "ERIKA"].map(str::to_owned),
        dob: "1980-01-01".to_owned(),
        country: COUNTRY_ABROAD.to_owned(),
        id: format!("URN:UVCI:01:{COUNTRY_ABROAD}:{}", name.to_uppercase()),
        kind: Kind::Vaccination,
        day: day(at.plus(-120 * DAY)),
        doses: [2, 2],
        detected: false,
        recovery: [String::new(), String::new()],
        iat: at.plus(-20 * DAY),
        exp: at.plus(180 * DAY),
    }
}

fn signed(maker: &Maker<'_>, name: &str, key: &DocumentKey, new: &NewCertificate) -> String {
    sign_certificate(key, &key.kid().0, new, &mut maker.keys.rng(name))
}

fn row(name: &'static str, text: String, expected: Expected, shown: bool) -> DemoCode {
    let shown = shown.then(|| Shown {
        masked_name: health_code::mask::name("MUSTER ERIKA"),
        masked_id: String::new(),
        pseudonym: String::new(),
    });
    DemoCode { name, text, expected, shown }
}

/// Returns the day of a moment in UTC, as `YYYY-MM-DD`.
fn day(at: Timestamp) -> String {
    crate::clock::rfc3339(at).chars().take(10).collect()
}
