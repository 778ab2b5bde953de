//! What holds for every input, not only for those somebody thought of.

use std::sync::LazyLock;

use health_code::{
    Claims, Colour, Refusal, RootPin, Timestamp, Trust, TrustFiles, TrustUpdate, UnverifiedCode,
};
use issuer::CodeSigner;
use proptest::prelude::*;

use crate::world::*;

static TRUST: LazyLock<Trust> = LazyLock::new(|| World::new().trust());

fn passes(text: &str) -> bool {
    UnverifiedCode::parse(text).is_ok_and(|code| TRUST.verify(&code, &region(HERE), NOW).is_ok())
}

fn any_claims() -> impl Strategy<Value = Claims> {
    let times = (0..4_000_000_000_i64, 1..1_000_000_i64, 0..1_000_000_i64);
    let who = (any::<[u8; 16]>(), "[A-Za-z张欧阳]{1,8}", "[0-9A-Z]{4}", "[0-9A-Z]{4}", "[a-z]{1,64}");
    let colour = prop_oneof![
        Just(Colour::Green),
        Just(Colour::Yellow),
        Just(Colour::Red),
        Just(Colour::Grey),
        Just(Colour::Uncoloured)
    ];
    let declared = (0..64_u16, proptest::option::of(300..=450_u16), any::<bool>());
    let seal = proptest::collection::vec(any::<u8>(), 0..=160);
    let home = prop_oneof![Just(""), Just("42"), Just("420106"), Just("420106001001")];
    (times, who, colour, declared, seal, home).prop_map(|(times, who, colour, declared, seal, home)| Claims {
        iat: Timestamp(times.0),
        exp: Timestamp(times.0 + times.1),
        declared_at: Timestamp((times.0 - times.2).max(0) / 3600 * 3600),
        pseudonym: who.0,
        masked_name: who.1,
        masked_id: format!("{}**********{}", who.2, who.3),
        iss: who.4,
        colour,
        symptoms: declared.0,
        temperature: declared.1,
        is_static: declared.2,
        sealed_declaration: seal,
        region: region(home),
    })
}

proptest! {
    #[test]
    fn claims_that_were_written_are_read(claims in any_claims()) {
        prop_assert_eq!(Claims::from_payload(&claims.to_payload()), Ok(claims));
    }

    #[test]
    fn payloads_that_are_read_are_written_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..96)) {
        if let Ok(claims) = Claims::from_payload(&bytes) {
            prop_assert_eq!(claims.to_payload(), bytes);
        }
    }

    #[test]
    fn a_code_with_other_characters_never_passes(
        at in 0..430_usize,
        other in proptest::sample::select(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".to_vec()),
        how in 0..3,
    ) {
        let mut text = CodeSigner::new(key(HUBEI)).sign(&claims()).unwrap().into_bytes();
        let good = text.clone();
        let at = at % text.len();
        match how {
            0 => text[at] = other,
            1 => text.insert(at, other),
            _ => { text.remove(at); }
        }
        let same = text == good;
        prop_assert_eq!(passes(&String::from_utf8(text).unwrap()), same);
    }

    #[test]
    fn a_code_with_other_bytes_never_passes(
        at in 0..300_usize,
        with in proptest::collection::vec(any::<u8>(), 0..4),
        cut in 0..4_usize,
    ) {
        let cose = CodeSigner::new(key(HUBEI)).cose(claims().to_payload());
        let at = at % cose.len();
        let mut spoilt = cose.clone();
        spoilt.splice(at..(at + cut).min(cose.len()), with);
        let passed = UnverifiedCode::from_cose(&spoilt)
            .is_ok_and(|code| TRUST.verify(&code, &region(HERE), NOW).is_ok());
        prop_assert_eq!(passed, spoilt == cose);
    }

    #[test]
    fn any_text_is_refused_without_a_panic(text in "\\PC{0,900}") {
        prop_assert!(!passes(&text));
        let prefixed = ["KD1:", &text].concat();
        prop_assert!(!passes(&prefixed));
    }

    #[test]
    fn any_base45_is_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(!passes(&health_code::code::to_text(&bytes)));
    }

    #[test]
    fn only_the_kinds_of_the_outer_form_come_from_parsing(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let tagged = [&[0xd2, 0x84], bytes.as_slice()].concat();
        if let Err(refusal) = UnverifiedCode::from_cose(&tagged) {
            prop_assert!(matches!(
                refusal,
                Refusal::TooLong | Refusal::Truncated | Refusal::Malformed | Refusal::NonCanonical
                    | Refusal::BadHeaders | Refusal::WrongAlgorithm
            ));
        }
    }

    #[test]
    fn any_payload_that_an_issuer_signs_is_no_panic(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
        let cose = CodeSigner::new(key(HUBEI)).cose(payload);
        let code = UnverifiedCode::from_cose(&cose).unwrap();
        let refused = TRUST.verify(&code, &region(HERE), NOW).unwrap_err();
        prop_assert_eq!(refused.refusal, Refusal::BadClaims);
    }

    #[test]
    fn a_code_passes_only_within_its_life(now in NOW.0 - 1000..NOW.0 + 1000) {
        let cose = CodeSigner::new(key(HUBEI)).cose(claims().to_payload());
        let code = UnverifiedCode::from_cose(&cose).unwrap();
        let passed = TRUST.verify(&code, &region(HERE), Timestamp(now)).is_ok();
        prop_assert_eq!(passed, (claims().iat.0 - 120..claims().exp.0).contains(&now));
    }

    #[test]
    fn any_bytes_as_trust_files_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let tagged = [&[0xd8, 0x62, 0x84], bytes.as_slice()].concat();
        for bytes in [bytes, tagged] {
            let files = TrustFiles { root: bytes.clone(), ..World::new().files() };
            prop_assert!(Trust::open(files, &RootPin::of(&bytes)).is_err());
            let update = TrustUpdate { community: Some(bytes), ..TrustUpdate::default() };
            prop_assert!(TRUST.update(&update, NOW).is_err());
        }
    }

    #[test]
    fn versions_never_go_back(versions in proptest::collection::vec(1..40_u64, 1..8)) {
        let mut trust = World::new().trust();
        for version in versions {
            let mut list = World::new().named_list();
            list.version = version;
            let list = Some(issuer::sign_list(&list, &[&key(PUBLISHER)]));
            let before = trust.list().version;
            if let Ok(next) = trust.update(&TrustUpdate { list, ..TrustUpdate::default() }, NOW) {
                trust = next;
            }
            prop_assert_eq!(trust.list().version, before.max(version));
        }
    }
}
