//! Trust files for each rejection, offered to the world of the codes.

use health_code::trust::{BelievedFrom, COMMUNITY_AAD, LIST_AAD, ROOT_AAD};
use health_code::{Community, Root, Timestamp, TrustList};
use strict_cose::cbor::encode;
use strict_cose::{Signed, Value};

use super::FileCase;
use super::policies::nowhere;
use crate::world::*;

pub fn all() -> Vec<FileCase> {
    let mut cases = roots();
    cases.extend(lists());
    cases.extend(communities());
    cases.extend(revocations());
    cases.extend(outer());
    cases
}

fn case(result: &'static str, name: &str, files: &[(&str, Vec<u8>)]) -> FileCase {
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect();
    FileCase { result, name: name.to_owned(), at: NOW, files }
}

fn at(at: Timestamp, case: FileCase) -> FileCase {
    FileCase { at, ..case }
}

fn sign_root(root: &Root, seeds: &[u8]) -> Vec<u8> {
    let keys: Vec<_> = seeds.iter().map(|seed| key(*seed)).collect();
    issuer::sign_root(root, &keys.iter().collect::<Vec<_>>())
}

fn list(change: impl FnOnce(&mut TrustList)) -> Vec<u8> {
    let mut list = super::world().named_list();
    list.version += 1;
    change(&mut list);
    issuer::sign_list(&list, &[&key(PUBLISHER)])
}

fn community(change: impl FnOnce(&mut Community)) -> Vec<u8> {
    let mut community = super::world().community;
    community.version += 1;
    change(&mut community);
    issuer::sign_community(&community, &[&key(REGION)])
}

fn roots() -> Vec<FileCase> {
    let second = Root { version: 2, issued: NOW, ..super::world().root };
    let rotated = Root { root: role_keys(&[20, 21], 2), ..second.clone() };
    let third = Root { version: 3, root: role_keys(&[30], 1), ..second.clone() };
    let trying = Root { trial: true, ..second.clone() };
    let with_list = |result, name, root: Vec<u8>| {
        case(result, name, &[("root.cose", root), ("trust.cose", list(|list| list.root_epoch = 2))])
    };
    let malformed = |name, change: &dyn Fn(&mut Root)| {
        let mut root = second.clone();
        change(&mut root);
        with_list("malformed", name, sign_root(&root, &ROOT))
    };
    let (one, two) = (ROOT[0], ROOT[1]);
    vec![
        with_list("accepted", "root-by-two-of-three", sign_root(&second, &[one, ROOT[2]])),
        with_list("accepted", "root-keys-rotated", sign_root(&rotated, &[one, two, 20, 21])),
        case(
            "accepted",
            "two-roots-at-once",
            &[
                ("2.root.cose", sign_root(&rotated, &[one, two, 20, 21])),
                ("root.cose", sign_root(&third, &[20, 21, 30])),
                ("trust.cose", list(|list| list.root_epoch = 3)),
            ],
        ),
        with_list("accepted", "root-for-trying", sign_root(&trying, &[one, two])),
        with_list("malformed", "root-for-trying-says-no", {
            let mut payload = trying.to_payload();
            // The last field is `true`; where it is false it is absent.
            assert_eq!(payload.pop(), Some(0xf5));
            payload.push(0xf4);
            issuer::sign_file(payload, ROOT_AAD, &[&key(one), &key(two)])
        }),
        with_list("threshold", "root-by-one-of-three", sign_root(&second, &[one])),
        with_list("threshold", "root-by-the-old-keys-only", sign_root(&rotated, &[one, two])),
        with_list("threshold", "root-by-the-new-keys-only", sign_root(&rotated, &[20, 21])),
        with_list("threshold", "root-by-the-publisher", sign_root(&second, &[PUBLISHER])),
        with_list("threshold", "root-by-one-key-under-two-names", {
            let mut file = Signed::unsigned(second.to_payload());
            let pair = key(one);
            file.add(pair.kid(), ROOT_AAD, |tbs| pair.sign(tbs));
            file.add(key(two).kid(), ROOT_AAD, |tbs| pair.sign(tbs));
            file.to_bytes()
        }),
        case(
            "root-gap",
            "root-3-without-2",
            &[
                ("root.cose", sign_root(&third, &[20, 21, 30])),
                ("trust.cose", list(|list| list.root_epoch = 3)),
            ],
        ),
        with_list("from-the-future", "root-121-s-ahead", {
            sign_root(&Root { issued: NOW.plus(121), ..second.clone() }, &[one, two])
        }),
        with_list("expired", "root-over-now", {
            sign_root(&Root { issued: NOW.plus(-DAY), expires: NOW, ..second.clone() }, &[one, two])
        }),
        case("other-root", "root-without-its-list", &[("root.cose", sign_root(&second, &[one, two]))]),
        malformed("root-threshold-0", &|root| root.root.threshold = 0),
        malformed("root-threshold-above-the-keys", &|root| root.root.threshold = 4),
        malformed("root-key-twice", &|root| root.root.keys[1].1 = root.root.keys[0].1.clone()),
        malformed("root-17-keys", &|root| root.root = role_keys(&(50..67).collect::<Vec<_>>(), 2)),
        malformed("root-expires-when-issued", &|root| root.expires = root.issued),
        with_list("malformed", "root-region-key-without-a-grant", granting(&second, 0)),
        with_list("malformed", "root-region-key-with-a-fourth-grant", granting(&second, 8)),
        malformed("root-believed-from-descends", &|root| root.believed_from = vec![from("43"), from("42")]),
        malformed("root-recipient-of-small-order", &|root| root.sealing[0].key = [0; 32]),
    ]
}

/// A root whose first region key has these bits, which no honest one has.
fn granting(root: &Root, bits: u8) -> Vec<u8> {
    let key_of = root.regions[0].key.to_bytes();
    let mut payload = root.to_payload();
    let at = payload.windows(32).position(|window| window == key_of).unwrap() + 32;
    assert_eq!(payload[at], 4);
    payload[at + 1] = bits;
    issuer::sign_file(payload, ROOT_AAD, &[&key(ROOT[0]), &key(ROOT[1])])
}

fn lists() -> Vec<FileCase> {
    let only = |result, name, list: Vec<u8>| case(result, name, &[("trust.cose", list)]);
    let malformed = |name, change: &dyn Fn(&mut TrustList)| only("malformed", name, list(change));
    let mut next = super::world().named_list();
    next.version += 1;
    let by = |seed: u8, aad: &[u8]| issuer::sign_file(next.to_payload(), aad, &[&key(seed)]);
    let over = super::world().root.expires;
    let issued_late = list(|list| {
        list.issued = over.plus(-1);
        (list.soft_expiry, list.hard_expiry) = (over.plus(DAY), over.plus(2 * DAY));
    });
    vec![
        only("accepted", "list-120-s-ahead", list(|list| list.issued = NOW.plus(120))),
        only("from-the-future", "list-121-s-ahead", list(|list| list.issued = NOW.plus(121))),
        only("accepted", "list-hard-expiry-in-a-second", {
            list(|list| (list.soft_expiry, list.hard_expiry) = (NOW, NOW.plus(1)))
        }),
        only("expired", "list-hard-expiry-now", {
            list(|list| (list.soft_expiry, list.hard_expiry) = (NOW, NOW))
        }),
        only("accepted", "list-in-force-already", super::world().files().list),
        only("rollback", "list-of-an-older-version", list(|list| list.version -= 2)),
        only(
            "same-version-other-bytes",
            "list-of-the-same-version",
            list(|list| (list.version, list.issued) = (7, NOW)),
        ),
        only("other-root", "list-for-the-next-root", list(|list| list.root_epoch = 2)),
        only("threshold", "list-by-a-root-key", by(ROOT[0], LIST_AAD)),
        only("threshold", "list-by-a-stranger", by(STRANGER, LIST_AAD)),
        only("threshold", "list-signed-as-a-community", by(PUBLISHER, COMMUNITY_AAD)),
        at(over.plus(-1), only("accepted", "list-in-the-roots-last-second", issued_late.clone())),
        at(over, only("expired", "list-under-a-root-that-is-over", issued_late)),
        malformed("list-version-0", &|list| list.version = 0),
        malformed("list-expiries-out-of-order", &|list| list.hard_expiry = list.soft_expiry.plus(-1)),
        malformed("list-kid-twice", &|list| list.issuers[1].kid = list.issuers[0].kid),
        malformed("list-key-twice", &|list| list.issuers[1].key = list.issuers[0].key.clone()),
        malformed("list-declare-url-with-javascript", &|list| {
            list.issuers[0].declare_url = "javascript:alert(1)".to_owned();
        }),
        malformed("list-name-turns-the-direction", &|list| list.issuers[0].name_en = "a\u{202e}b".to_owned()),
        malformed("list-without-a-national-policy", &|list| list.policies = vec![nowhere("42")]),
        malformed("list-names-a-policy-twice", &|list| list.policies.push(list.policies[0].clone())),
        malformed("list-names-a-districts-policy", &|list| list.policies.push(nowhere("420106"))),
        malformed("list-policies-descend", &|list| list.policies.insert(0, nowhere("42"))),
        malformed("list-believed-from-descends", &|list| list.believed_from = vec![from("43"), from("42")]),
        only(
            "accepted",
            "list-names-a-policy-that-is-not-here",
            list(|list| list.policies.push(nowhere("42"))),
        ),
        at(
            NOW.plus(45 * DAY - 1),
            only(
                "accepted",
                "list-of-45-days-but-a-second",
                list(|list| {
                    (list.issued, list.hard_expiry) = (NOW, NOW.plus(300 * DAY));
                }),
            ),
        ),
        at(
            NOW.plus(45 * DAY),
            only(
                "expired",
                "list-of-45-days-whatever-it-says",
                list(|list| {
                    (list.issued, list.hard_expiry) = (NOW, NOW.plus(300 * DAY));
                }),
            ),
        ),
        only("malformed", "list-key-of-small-order", issuer_key([0; 32])),
        only(
            "malformed",
            "list-key-not-canonical",
            issuer_key({
                let mut key = [0xff; 32];
                key[0] = 0xee;
                key
            }),
        ),
    ]
}

/// A list whose first issuer has a key that no honest one has.
fn issuer_key(bytes: [u8; 32]) -> Vec<u8> {
    let mut list = super::world().named_list();
    list.version += 1;
    let honest = list.issuers[0].key.to_bytes();
    let mut payload = list.to_payload();
    let at = payload.windows(32).position(|window| window == honest).unwrap();
    payload[at..at + 32].copy_from_slice(&bytes);
    issuer::sign_file(payload, LIST_AAD, &[&key(PUBLISHER)])
}

fn from(digits: &str) -> BelievedFrom {
    BelievedFrom { region: region(digits), from: NOW }
}

fn from_now() -> Vec<BelievedFrom> {
    vec![from("4201")]
}

fn communities() -> Vec<FileCase> {
    let only = |result, name, file: Vec<u8>| case(result, name, &[("community.cose", file)]);
    let mut next = super::world().community;
    next.version += 1;
    let by = |seed: u8, aad: &[u8]| issuer::sign_file(next.to_payload(), aad, &[&key(seed)]);
    vec![
        only("accepted", "community-120-s-ahead", community(|community| community.issued = NOW.plus(120))),
        only("from-the-future", "community-121-s-ahead", community(|c| c.issued = NOW.plus(121))),
        only("rollback", "community-of-an-older-version", community(|c| c.version -= 2)),
        only("same-version-other-bytes", "community-of-the-same-version", {
            community(|c| (c.version, c.name) = (c.version - 1, "别的".to_owned()))
        }),
        only("other-community", "community-next-door", community(|c| c.region = region("420106001002"))),
        only("other-root", "community-of-no-region-key", community(|c| c.region = region("110101001001"))),
        only("threshold", "community-by-the-publisher", by(PUBLISHER, COMMUNITY_AAD)),
        only("threshold", "community-signed-as-a-list", by(REGION, LIST_AAD)),
        at(
            NOW.plus(180 * DAY),
            only(
                "expired",
                "community-of-180-days-whatever-it-says",
                community(|c| {
                    (c.issued, c.hard_expiry) = (NOW, NOW.plus(300 * DAY));
                }),
            ),
        ),
        at(NOW.plus(89 * DAY), only("expired", "community-past-its-hard-expiry", community(|_| {}))),
        only("malformed", "community-soft-expiry-in-six-days", {
            community(|c| c.soft_expiry = c.issued.plus(7 * DAY - 1))
        }),
        only("malformed", "community-hard-expiry-in-44-days", {
            community(|c| c.hard_expiry = c.issued.plus(45 * DAY - 1))
        }),
        only("malformed", "community-expiries-out-of-order", {
            community(|c| c.soft_expiry = c.hard_expiry.plus(1))
        }),
        only("malformed", "community-names-a-citys-policy", {
            community(|c| c.policies = vec![nowhere("4201")])
        }),
        only("malformed", "community-names-a-policy-next-door", {
            community(|c| c.policies = vec![nowhere("420106001002")])
        }),
        only("accepted", "community-names-its-districts-policy", {
            community(|c| c.policies = vec![nowhere("420106"), nowhere(HERE)])
        }),
        only("accepted", "community-with-stations-withdrawn", {
            community(|c| c.withdrawn = vec![[1; 16], [2; 16]])
        }),
        only("malformed", "community-withdrawn-descend", {
            community(|c| c.withdrawn = vec![[2; 16], [1; 16]])
        }),
        only("accepted", "community-exit-with-a-place", {
            community(|c| {
                c.checkpoints[0].directions = health_code::Directions::Exit;
                c.checkpoints[0].place = health_code::trust::Place::new(-90_000_000, 180_000_000);
            })
        }),
        only("malformed", "community-place-beyond-the-pole", {
            let place = health_code::trust::Place { latitude: 90_000_001, longitude: 0 };
            community(|c| c.checkpoints[0].place = Some(place))
        }),
        only("malformed", "community-pin-that-costs-too-little", {
            community(|c| c.people[0].pin_phc = sample::PHC.replace("t=3", "t=2"))
        }),
        only("malformed", "community-phone-without-four-digits", {
            community(|c| c.people[0].masked_phone = "138********".to_owned())
        }),
        case(
            "not-believed",
            "community-older-than-the-list-believes",
            &[
                ("trust.cose", list(|list| list.believed_from = from_now())),
                ("community.cose", community(|_| {})),
            ],
        ),
        case(
            "accepted",
            "community-as-new-as-the-list-believes",
            &[
                ("trust.cose", list(|list| list.believed_from = from_now())),
                ("community.cose", community(|c| c.issued = NOW)),
            ],
        ),
        only("malformed", "community-pin-that-costs-too-much", {
            community(|c| {
                c.people[0].pin_phc = sample::PHC.replace("m=65536", "m=131073");
            })
        }),
    ]
}

fn revocations() -> Vec<FileCase> {
    let mut world = super::world();
    let entries: Vec<[u8; 8]> = world
        .revocations
        .bytes()
        .as_chunks::<8>()
        .0
        .iter()
        .copied()
        .chain([[1; 8], [1, 2, 3, 4, 5, 6, 7, 8]])
        .collect();
    world.revoke(entries);
    let file = list(|list| list.revocations = world.list.revocations.clone());
    let bytes = world.revocations.bytes().to_vec();
    let with = |result, name, revocations: Vec<u8>| {
        case(result, name, &[("trust.cose", file.clone()), ("revocations.bin", revocations)])
    };
    let mut swapped = bytes.clone();
    swapped[..16].rotate_left(8);
    vec![
        with("accepted", "revocations-as-listed", bytes.clone()),
        case("other-revocations", "revocations-of-before", &[("trust.cose", file.clone())]),
        with("other-revocations", "revocations-one-less", bytes[8..].to_vec()),
        with("other-revocations", "revocations-one-more", [&bytes[..], &[0xff; 8]].concat()),
        with("malformed", "revocations-out-of-order", swapped),
        with("malformed", "revocations-a-byte-more", [&bytes[..], &[0]].concat()),
    ]
}

fn outer() -> Vec<FileCase> {
    let file = list(|_| {});
    let only = |name, file: Vec<u8>| case("malformed", name, &[("trust.cose", file)]);
    let payload = {
        let mut next = super::world().named_list();
        next.version += 1;
        next.to_payload()
    };
    let signed = |payload: Vec<u8>| issuer::sign_file(payload, LIST_AAD, &[&key(PUBLISHER)]);
    let no_signature = {
        let parts = [
            Value::Bytes(Vec::new()),
            Value::Map(Vec::new()),
            payload.clone().into(),
            Value::Array(Vec::new()),
        ];
        [&[0xd8, 0x62][..], &encode(&Value::Array(parts.to_vec()))].concat()
    };
    vec![
        only("file-empty", Vec::new()),
        only("file-no-tag", file[2..].to_vec()),
        only("file-cut-off", file[..file.len() - 1].to_vec()),
        only("file-a-byte-after-the-end", [&file[..], &[0]].concat()),
        only("file-indefinite-array", [&file[..2], &[0x9f], &file[3..], &[0xff]].concat()),
        only("file-without-signatures", no_signature),
        only("payload-a-byte-after-the-end", signed([&payload[..], &[0]].concat())),
        only("payload-indefinite-map", signed([&[0xbf], &payload[1..], &[0xff]].concat())),
        only(
            "payload-an-unknown-field",
            signed({
                let unknown = Value::Map(vec![(1.into(), 8.into()), (99.into(), 0.into())]);
                encode(&unknown)
            }),
        ),
    ]
}
