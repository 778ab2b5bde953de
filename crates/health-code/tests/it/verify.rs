//! Each refusal from `UnknownIssuer` on, each by the smallest change to a code that passes.

use health_code::trust::Revocations;
use health_code::{Claims, Colour, Refusal, Refused, Timestamp, UnverifiedCode, code};
use issuer::CodeSigner;
use strict_cose::cbor::{encode, map};
use strict_cose::{Sign1, Value};

use crate::world::*;

fn refusal(world: &World, seed: u8, claims: &Claims) -> Option<Refusal> {
    verify(world, seed, claims).err().map(|refused| refused.refusal)
}

/// The refusal of a code of Hubei with these claims.
fn of(claims: &Claims) -> Option<Refusal> {
    refusal(&World::new(), HUBEI, claims)
}

fn spoil(change: impl FnOnce(&mut Claims)) -> Claims {
    let mut claims = claims();
    change(&mut claims);
    claims
}

#[test]
fn a_good_code_says_what_its_issuer_signed() {
    let code = verify(&World::new(), HUBEI, &claims()).unwrap();
    assert_eq!(code.claims(), &claims());
    assert_eq!(code.issuer().iss, "hubei");
    assert_eq!(code.cose(), CodeSigner::new(key(HUBEI)).cose(claims().to_payload()));
}

#[test]
fn unknown_issuer() {
    let refused = verify(&World::new(), STRANGER, &claims()).unwrap_err();
    assert_eq!(refused, Refused::from(Refusal::UnknownIssuer));
}

#[test]
fn signature() {
    let world = World::new();
    let forged = CodeSigner::with_kid(key(STRANGER), key(HUBEI).kid()).cose(claims().to_payload());
    let other_purpose =
        Sign1::seal(key(HUBEI).kid(), claims().to_payload(), b"kadian-batch-v1", |tbs| key(HUBEI).sign(tbs))
            .to_bytes();
    for cose in [forged, other_purpose] {
        let code = UnverifiedCode::from_cose(&cose).unwrap();
        let refused = world.trust().verify(&code, &region(HERE), NOW).unwrap_err();
        assert_eq!(refused, Refused::from(Refusal::Signature));
    }
}

#[test]
fn no_flipped_bit_passes() {
    let trust = World::new().trust();
    let cose = CodeSigner::new(key(HUBEI)).cose(claims().to_payload());
    for bit in 0..cose.len() * 8 {
        let mut spoilt = cose.clone();
        spoilt[bit / 8] ^= 1 << (bit % 8);
        let refusal = match UnverifiedCode::from_cose(&spoilt) {
            Ok(code) => trust.verify(&code, &region(HERE), NOW).unwrap_err().refusal,
            Err(refusal) => refusal,
        };
        assert!(!matches!(refusal, Refusal::BadClaims | Refusal::Expired { .. }), "bit {bit}: {refusal:?}");
    }
}

#[test]
fn bad_claims() {
    for (what, bad) in [
        ("no name", spoil(|c| c.masked_name.clear())),
        ("a blank name", spoil(|c| c.masked_name = "  ".to_owned())),
        ("a long name", spoil(|c| c.masked_name = "长".repeat(11))),
        ("a name that turns the line round", spoil(|c| c.masked_name = "张\u{202e}*".to_owned())),
        ("a name of two lines", spoil(|c| c.masked_name = "张\n*".to_owned())),
        ("a short identity", spoil(|c| c.masked_id = "420*123".to_owned())),
        ("a long identity", spoil(|c| c.masked_id = "42010619900101".to_owned())),
        ("an identity of other characters", spoil(|c| c.masked_id = "4201**123é".to_owned())),
        ("an undefined symptom", spoil(|c| c.symptoms = 1 << 6)),
        ("too cold", spoil(|c| c.temperature = Some(299))),
        ("too hot", spoil(|c| c.temperature = Some(451))),
        ("a long seal", spoil(|c| c.sealed_declaration = vec![0; 257])),
        ("no life", spoil(|c| c.exp = c.iat)),
        ("before 1970", spoil(|c| c.iat = Timestamp(-1))),
        ("after 9999", spoil(|c| c.exp = Timestamp(253_402_300_800))),
        ("declared after it was issued", spoil(|c| c.declared_at = NOW.plus(7200))),
        ("declared before 1970", spoil(|c| c.declared_at = Timestamp(-3600))),
        ("no issuer", spoil(|c| c.iss.clear())),
        ("no colour where the issuer has colours", spoil(|c| c.colour = Colour::Uncoloured)),
    ] {
        let refused = verify(&World::new(), HUBEI, &bad).unwrap_err();
        assert_eq!(refused, Refused::from(Refusal::BadClaims), "{what}");
    }
    let coloured = spoil(|c| c.iss = "wuhan".to_owned());
    assert_eq!(refusal(&World::new(), WUHAN, &coloured), Some(Refusal::BadClaims));
    let uncoloured = Claims { colour: Colour::Uncoloured, ..coloured };
    assert_eq!(refusal(&World::new(), WUHAN, &uncoloured), None);
}

/// A payload with one entry put in, replaced or (by `None`) left out.
fn payload_with(own: bool, key: i64, value: Option<Value>) -> Vec<u8> {
    fn change(map: &mut Value, key: i64, value: Option<Value>) {
        let Value::Map(entries) = map else { panic!("a map") };
        entries.retain(|(other, _)| *other != Value::from(key));
        entries.extend(value.map(|value| (key.into(), value)));
    }
    let limits = strict_cose::Limits { bytes: 512, depth: 8 };
    let mut all = strict_cose::cbor::decode(&claims().to_payload(), limits).unwrap();
    if own {
        let Value::Map(entries) = &mut all else { panic!("a map") };
        let kadian = entries.iter_mut().find(|(key, _)| *key == Value::from(-65537)).unwrap();
        change(&mut kadian.1, key, value);
    } else {
        change(&mut all, key, value);
    }
    encode(&all)
}

#[test]
fn bad_claims_of_another_shape() {
    let bad = |what: String, payload| {
        let refused = verify_payload(&World::new(), HUBEI, payload).unwrap_err();
        assert_eq!(refused.refusal, Refusal::BadClaims, "{what}");
    };
    for key in [1, 4, 6, -65537] {
        bad(format!("without {key}"), payload_with(false, key, None));
        bad(format!("{key} of another type"), payload_with(false, key, Some(true.into())));
    }
    for key in [1, 2, 3, 5, 6, 8, 9, 10] {
        bad(format!("without own {key}"), payload_with(true, key, None));
    }
    for key in 1..=10 {
        bad(format!("own {key} of another type"), payload_with(true, key, Some(true.into())));
    }
    bad("an unknown claim".to_owned(), payload_with(false, 7, Some(1.into())));
    bad("an unknown own claim".to_owned(), payload_with(true, 11, Some(1.into())));
    bad("an unknown colour".to_owned(), payload_with(true, 4, Some(4.into())));
    bad("an unknown flag".to_owned(), payload_with(true, 9, Some(2.into())));
    bad("a short pseudonym".to_owned(), payload_with(true, 1, Some(vec![7_u8; 15].into())));
    bad("no region".to_owned(), payload_with(true, 5, Some("4".into())));
    bad("no map".to_owned(), encode(&1.into()));
    bad("nothing".to_owned(), Vec::new());
    bad("not canonical".to_owned(), vec![0xbf, 0xff]);
    bad("bytes after the end".to_owned(), [claims().to_payload(), vec![0]].concat());
    let deep = (0..9).fold(Value::from(1), |inner, _| map([(1, inner)]));
    bad("too deep".to_owned(), payload_with(true, 11, Some(deep)));
}

#[test]
fn wrong_issuer() {
    let refused = verify(&World::new(), HUBEI, &spoil(|c| c.iss = "gjzwfw".to_owned())).unwrap_err();
    assert_eq!(refused.refusal, Refusal::WrongIssuer);
    assert_eq!(refused.authentic.unwrap().issuer().iss, "hubei");
}

#[test]
fn key_not_in_force() {
    let mut world = World::new();
    world.issuer(HUBEI).not_before = claims().iat.plus(1);
    assert_eq!(refusal(&world, HUBEI, &claims()), Some(Refusal::KeyNotInForce));
    world.issuer(HUBEI).not_before = claims().iat;
    assert_eq!(refusal(&world, HUBEI, &claims()), None);
    world.issuer(HUBEI).not_after = claims().iat.plus(-1);
    world.issuer(HUBEI).not_before = claims().iat.plus(-2);
    assert_eq!(refusal(&world, HUBEI, &claims()), Some(Refusal::KeyNotInForce));
}

#[test]
fn life_too_long() {
    let mut world = World::new();
    let long = spoil(|c| c.exp = c.iat.plus(301));
    assert_eq!(refusal(&world, HUBEI, &long), Some(Refusal::LifeTooLong));
    world.issuer(HUBEI).max_life_seconds = 86_400;
    assert_eq!(refusal(&world, HUBEI, &long), Some(Refusal::LifeTooLong), "an app code lives 300 s at most");
    world.issuer(HUBEI).max_life_seconds = 299;
    assert_eq!(refusal(&world, HUBEI, &claims()), Some(Refusal::LifeTooLong));

    let paper = spoil(|c| (c.is_static, c.exp) = (true, c.iat.plus(7 * DAY)));
    assert_eq!(refusal(&world, HUBEI, &paper), None);
    let longer = Claims { exp: paper.exp.plus(1), ..paper.clone() };
    assert_eq!(refusal(&world, HUBEI, &longer), Some(Refusal::LifeTooLong));
    world.issuer(HUBEI).max_static_life_seconds = 0;
    assert_eq!(refusal(&world, HUBEI, &paper), Some(Refusal::LifeTooLong), "issues no paper codes");
}

#[test]
fn out_of_region() {
    assert_eq!(of(&spoil(|c| c.region = region("110101"))), Some(Refusal::OutOfRegion));
    assert_eq!(of(&spoil(|c| c.region = region(""))), Some(Refusal::OutOfRegion));
    assert_eq!(of(&spoil(|c| c.region = region("42"))), None);
}

#[test]
fn not_recognised() {
    let world = World::new();
    let wuhan = spoil(|c| (c.iss, c.colour) = ("wuhan".to_owned(), Colour::Uncoloured));
    let cose = CodeSigner::new(key(WUHAN)).cose(wuhan.to_payload());
    let code = UnverifiedCode::from_cose(&cose).unwrap();
    let at = |digits| world.trust().verify(&code, &region(digits), NOW).err().map(|refused| refused.refusal);
    assert_eq!(at("420111"), None);
    assert_eq!(at("110101"), Some(Refusal::NotRecognised));
    assert_eq!(at(""), Some(Refusal::NotRecognised));
}

#[test]
fn revoked() {
    let mut world = World::new();
    let salt = world.list.revocations.salt;
    let mut revoke = |iss: &str| {
        world.revoke([Revocations::entry(&salt, iss, &claims().pseudonym)]);
        refusal(&world, HUBEI, &claims())
    };
    assert_eq!(revoke("hubei"), Some(Refusal::Revoked));
    assert_eq!(revoke("gjzwfw"), None, "another issuer's");

    let mut world = World::new();
    let paper = spoil(|c| (c.is_static, c.exp) = (true, c.iat.plus(DAY)));
    world.issuer(HUBEI).static_cut_off = Some(paper.iat);
    assert_eq!(refusal(&world, HUBEI, &paper), None);
    world.issuer(HUBEI).static_cut_off = Some(paper.iat.plus(1));
    assert_eq!(refusal(&world, HUBEI, &paper), Some(Refusal::Revoked));
    assert_eq!(refusal(&world, HUBEI, &claims()), None, "app codes are not cut off");
}

#[test]
fn not_yet_valid() {
    let at = |iat: Timestamp| of(&spoil(|c| (c.iat, c.exp) = (iat, iat.plus(300))));
    assert_eq!(at(NOW.plus(120)), None);
    assert_eq!(at(NOW.plus(121)), Some(Refusal::NotYetValid { iat: NOW.plus(121) }));
}

#[test]
fn expired() {
    let at = |exp: Timestamp| of(&spoil(|c| (c.iat, c.exp) = (exp.plus(-300), exp)));
    assert_eq!(at(NOW.plus(1)), None);
    assert_eq!(at(NOW), Some(Refusal::Expired { exp: NOW }));
    assert_eq!(at(NOW.plus(-720)), Some(Refusal::Expired { exp: NOW.plus(-720) }));
}

#[test]
fn the_first_refusal_in_order_is_the_one() {
    // Wrong in every way that is decided after the claims: each mended uncovers the next.
    let mut world = World::new();
    world.issuer(HUBEI).recognised_by.clear();
    world.issuer(HUBEI).not_before = NOW;
    let salt = world.list.revocations.salt;
    world.revoke([Revocations::entry(&salt, "hubei", &claims().pseudonym)]);
    let mut bad = spoil(|c| {
        c.iss = "gjzwfw".to_owned();
        (c.iat, c.exp, c.region) = (NOW.plus(-DAY), NOW.plus(-60), region("11"));
        c.declared_at = c.declared_at.plus(-DAY);
    });
    let next = |world: &World, bad: &Claims, expected| assert_eq!(refusal(world, HUBEI, bad), Some(expected));
    next(&world, &bad, Refusal::WrongIssuer);
    bad.iss = "hubei".to_owned();
    next(&world, &bad, Refusal::KeyNotInForce);
    world.issuer(HUBEI).not_before = NOW.plus(-2 * DAY);
    next(&world, &bad, Refusal::LifeTooLong);
    bad.exp = bad.iat.plus(300);
    next(&world, &bad, Refusal::OutOfRegion);
    bad.region = region(HERE);
    next(&world, &bad, Refusal::NotRecognised);
    world.issuer(HUBEI).recognised_by = vec![region("42")];
    next(&world, &bad, Refusal::Revoked);
    world.revoke([]);
    next(&world, &bad, Refusal::Expired { exp: bad.exp });
}

#[test]
fn an_issuer_may_change_its_key() {
    let mut world = World::new();
    world.list.issuers.push(listed("hubei", 14, "42", true));
    assert_eq!(refusal(&world, HUBEI, &claims()), None);
    assert_eq!(refusal(&world, 14, &claims()), None);
}

#[test]
fn the_text_is_the_message_in_base45() {
    let signer = CodeSigner::new(key(HUBEI));
    assert_eq!(signer.sign(&claims()).unwrap(), code::to_text(&signer.cose(claims().to_payload())));
}
