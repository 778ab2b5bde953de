//! Trust files that are offered with receipts.

use gate::Input;
use health_code::trust::{PolicyHash, Revocations};
use health_code::{PublicKey, Timestamp, TrustFiles};
use wire::StationToken;

use super::rig::{self, Request, Rig, cose, signed};
use crate::testing::{PUBLISHER, World, key, signing_key};
use crate::trust_store::TrustStore;

/// Answers batches with receipts and hands out `files`.
pub(super) fn office(
    files: impl Fn(&World) -> TrustFiles,
    world: &World,
    request: &Request,
    now: Timestamp,
) -> Vec<u8> {
    match request.path.as_str() {
        "/v1/batches" => cose(&signed(&world.receipt(&request.batch(), now))),
        path if path == format!("/v1/trust/{}.root.cose", world.root.version) => cose(&files(world).root),
        "/v1/trust/trust.cose" => cose(&files(world).list),
        "/v1/trust/community.cose" => cose(&files(world).community),
        path if path.starts_with("/v1/trust/policies/") => {
            let mut policies = files(world).policies.into_iter();
            match policies.find(|file| path.ends_with(&PolicyHash::of(file).to_string())) {
                Some(file) => cose(&file),
                None => rig::status(404, ""),
            }
        }
        path => {
            match world
                .revocations
                .index()
                .chunks
                .iter()
                .find(|(_, hash)| path.ends_with(&health_code::hex::encode(&hash[..])))
            {
                Some((byte, _)) => rig::octets(world.revocations.chunk(*byte)),
                None => rig::status(404, ""),
            }
        }
    }
}

fn paths(rig: &Rig) -> Vec<String> {
    rig.requests().into_iter().map(|request| request.path).filter(|path| path != "/v1/batches").collect()
}

#[tokio::test]
async fn newer_files_come_down_and_stay() {
    let mut rig = Rig::new(|world, request, now| office(World::files, world, request, now));
    rig.uplink.attempt().await;
    assert!(paths(&rig).is_empty(), "nothing newer, nothing asked for");
    {
        let mut world = rig.world.lock().unwrap();
        world.list.version += 1;
        world.community.version += 1;
        world.community.name = "新样例社区".to_owned();
    }
    rig.uplink.attempt().await;
    assert_eq!(paths(&rig), ["/v1/trust/trust.cose", "/v1/trust/community.cose"]);
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.list().version, trust.community().name.as_str()), (8, "新样例社区"));
    assert!(
        rig.told()
            .iter()
            .any(|input| matches!(input, Input::Trust(Some(trust)) if trust.list().version == 8))
    );
    let again = TrustStore::load(&rig.dir.path().join("trust")).current().unwrap();
    assert_eq!(again.files(), trust.files());
}

#[tokio::test]
async fn only_the_community_is_asked_for_by_name() {
    let mut rig = Rig::new(|world, request, now| office(World::files, world, request, now));
    rig.world.lock().unwrap().list.version += 1;
    rig.world.lock().unwrap().community.version += 1;
    rig.uplink.attempt().await;
    let public = PublicKey::from_bytes(&signing_key(crate::testing::OWN).verifying_key().to_bytes()).unwrap();
    for request in rig.requests() {
        let token = request.headers.lines().find(|line| line.starts_with("kadian-station: "));
        assert_eq!(token.is_some(), request.path == "/v1/trust/community.cose", "{}", request.path);
    }
    let now = rig.trust.current().unwrap().latest_signed_time();
    let token = StationToken { station: crate::testing::STATION, time: now.0 }
        .sign(&signing_key(crate::testing::OWN));
    assert!(StationToken::open(&token, &public, now.0).is_ok());
}

#[tokio::test]
async fn a_new_root_and_its_list_come_together() {
    let mut rig = Rig::new(|world, request, now| office(World::files, world, request, now));
    {
        let mut world = rig.world.lock().unwrap();
        world.root.version = 2;
        world.list.version += 1;
        world.list.root_epoch = 2;
    }
    rig.uplink.attempt().await;
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.root().version, trust.list().version), (2, 8));
    assert!(TrustStore::load(&rig.dir.path().join("trust")).current().is_some(), "the pin moved along");
}

#[tokio::test]
async fn a_file_that_does_not_hold_keeps_out_no_other_and_is_not_asked_for_at_once_again() {
    let mut rig = Rig::new(|world, request, now| {
        let forged = |world: &World| {
            let list = issuer::sign_list(&world.named_list(), &[&key(99)]);
            TrustFiles { list, ..world.files() }
        };
        match request.path.as_str() {
            // The offer names the forged file, too.
            "/v1/batches" => {
                let mut receipt = world.receipt(&request.batch(), now);
                receipt.list.hash = <sha2::Sha256 as sha2::Digest>::digest(forged(world).list).into();
                cose(&signed(&receipt))
            }
            _ => office(forged, world, request, now),
        }
    });
    rig.world.lock().unwrap().list.version += 1;
    rig.world.lock().unwrap().community.version += 1;
    rig.uplink.attempt().await;
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.list().version, trust.community().version), (7, 6));
    let asked = paths(&rig).len();
    rig.uplink.attempt().await;
    assert_eq!(paths(&rig).len(), asked);
}

#[tokio::test]
async fn another_file_than_was_offered_is_not_looked_at() {
    let mut rig = Rig::new(|world, request, now| {
        let other = |world: &World| {
            let mut other = world.clone();
            other.list.version += 1;
            TrustFiles { list: issuer::sign_list(&other.named_list(), &[&key(PUBLISHER)]), ..world.files() }
        };
        office(other, world, request, now)
    });
    rig.world.lock().unwrap().list.version += 1;
    rig.uplink.attempt().await;
    assert_eq!(rig.trust.current().unwrap().list().version, 7);
}

#[tokio::test]
async fn a_receipt_by_a_key_of_the_next_root_leads_to_that_root() {
    const NEXT: u8 = 50;
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/batches" => {
            let receipt = world.receipt(&request.batch(), now);
            cose(&receipt.sign(key(NEXT).kid(), &signing_key(NEXT)))
        }
        _ => office(World::files, world, request, now),
    });
    {
        let mut world = rig.world.lock().unwrap();
        world.root.version = 2;
        world.list.version += 1;
        world.list.root_epoch = 2;
        world.root.receipts[0].kid = key(NEXT).kid();
        world.root.receipts[0].key = key(NEXT).public().clone();
    }
    rig.append(1);
    rig.uplink.attempt().await;
    assert_eq!(rig.records().await.len(), 1, "not before its root is in force");
    rig.uplink.attempt().await;
    assert!(rig.records().await.is_empty());
    assert_eq!(rig.trust.current().unwrap().root().version, 2);
}

#[tokio::test]
async fn of_the_revocations_only_what_changed_comes_down() {
    let mut rig = Rig::new(|world, request, now| office(World::files, world, request, now));
    let revoke = |rig: &Rig, count: u8| {
        let mut world = rig.world.lock().unwrap();
        world.revocations = Revocations::new([3; 16], (0..count).map(|n| [n % 20, n, 0, 0, 0, 0, 0, 0]));
        world.list.revocations = world.revocations.index().clone();
        world.list.version += 1;
    };
    revoke(&rig, 60);
    rig.uplink.attempt().await;
    assert_eq!(paths(&rig).len(), 1 + 20, "the list and every chunk");
    revoke(&rig, 61);
    rig.uplink.attempt().await;
    assert_eq!(paths(&rig).len(), 1 + 20 + 1 + 1, "the list and one chunk");
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.list().version, trust.revocations().len()), (9, 61));
    let again = TrustStore::load(&rig.dir.path().join("trust")).current().unwrap();
    assert_eq!(again.revocations(), trust.revocations());
}

#[tokio::test]
async fn revocations_that_the_list_does_not_name_keep_the_list_out() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        path if path.starts_with("/v1/trust/revocations/") => rig::octets(&[9; 8]),
        _ => office(World::files, world, request, now),
    });
    {
        let mut world = rig.world.lock().unwrap();
        world.revocations = Revocations::new([3; 16], [[7; 8]]);
        world.list.revocations = world.revocations.index().clone();
        world.list.version += 1;
        world.community.version += 1;
    }
    rig.uplink.attempt().await;
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.list().version, trust.community().version), (7, 6));
}

#[tokio::test]
async fn a_station_that_was_away_follows_the_roots_one_by_one() {
    let mut rig = Rig::new(|world, request, now| {
        let earlier = |version| {
            let mut earlier = world.clone();
            earlier.root.version = version;
            earlier.files().root
        };
        match request.path.as_str() {
            "/v1/trust/2.root.cose" => cose(&earlier(2)),
            "/v1/trust/3.root.cose" => cose(&earlier(3)),
            _ => office(World::files, world, request, now),
        }
    });
    {
        let mut world = rig.world.lock().unwrap();
        world.root.version = 4;
        world.list.version += 1;
        world.list.root_epoch = 4;
    }
    rig.uplink.attempt().await;
    assert_eq!(rig.trust.current().unwrap().root().version, 4);
}

#[tokio::test]
async fn a_root_that_withdraws_the_publisher_brings_a_list_of_any_version() {
    const PUBLISHER_2: u8 = 60;
    let mut rig = Rig::new(|world, request, now| {
        let by_the_new_publisher = |world: &World| {
            let list = issuer::sign_list(&world.named_list(), &[&key(PUBLISHER_2)]);
            TrustFiles { list, ..world.files() }
        };
        match request.path.as_str() {
            "/v1/batches" => {
                let mut receipt = world.receipt(&request.batch(), now);
                receipt.list.hash =
                    <sha2::Sha256 as sha2::Digest>::digest(by_the_new_publisher(world).list).into();
                cose(&signed(&receipt))
            }
            _ => office(by_the_new_publisher, world, request, now),
        }
    });
    {
        let mut world = rig.world.lock().unwrap();
        world.root.version = 2;
        world.root.publisher.keys = vec![(key(PUBLISHER_2).kid(), key(PUBLISHER_2).public().clone())];
        (world.list.version, world.list.root_epoch) = (1, 2);
    }
    rig.uplink.attempt().await;
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.root().version, trust.list().version), (2, 1));
}

#[tokio::test]
async fn newer_revocations_come_in_though_the_communitys_download_fails() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/trust/community.cose" => rig::status(500, ""),
        _ => office(World::files, world, request, now),
    });
    {
        let mut world = rig.world.lock().unwrap();
        world.revocations = Revocations::new([3; 16], [[7; 8]]);
        world.list.revocations = world.revocations.index().clone();
        world.list.version += 1;
        world.community.version += 1;
    }
    rig.uplink.attempt().await;
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.list().version, trust.revocations().len()), (8, 1));
    assert_eq!(trust.community().version, 5);
}

#[tokio::test]
async fn a_file_that_cannot_be_had_is_asked_for_again_with_the_next_receipt() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/trust/community.cose" if request.number < 4 => rig::status(500, ""),
        _ => office(World::files, world, request, now),
    });
    rig.world.lock().unwrap().community.version += 1;
    for _ in 0..4 {
        rig.uplink.attempt().await;
    }
    assert_eq!(rig.trust.current().unwrap().community().version, 6);
}

#[tokio::test]
async fn the_community_comes_in_though_the_lists_download_fails() {
    for failing in ["/v1/trust/trust.cose", "/v1/trust/2.root.cose"] {
        let mut rig = Rig::new(move |world, request, now| match request.path.as_str() {
            path if path == failing => rig::status(500, ""),
            _ => office(World::files, world, request, now),
        });
        {
            let mut world = rig.world.lock().unwrap();
            if failing.contains("root") {
                world.root.version = 2;
            }
            world.list.version += 1;
            world.community.version += 1;
        }
        rig.uplink.attempt().await;
        let trust = rig.trust.current().unwrap();
        let lists = if failing.contains("root") { 8 } else { 7 };
        assert_eq!((trust.list().version, trust.community().version), (lists, 6), "{failing}");
    }
}

#[tokio::test]
async fn a_policy_that_is_missing_is_a_fault_and_asked_for_until_it_is_there() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        path if path.starts_with("/v1/trust/policies/") && request.number < 5 => rig::status(404, ""),
        _ => office(World::files, world, request, now),
    });
    {
        let mut world = rig.world.lock().unwrap();
        let document = format!("{}-2", world.policy.document);
        world.policy.document = document;
        world.policy.version += 1;
        world.list.version += 1;
        world.community.version += 1;
    }
    rig.uplink.attempt().await;
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.list().version, trust.community().version), (8, 6), "it keeps out no other file");
    assert_eq!(trust.missing_policies().len(), 1);
    for _ in 0..3 {
        rig.uplink.attempt().await;
    }
    let trust = rig.trust.current().unwrap();
    assert!(trust.missing_policies().is_empty());
    let again = TrustStore::load(&rig.dir.path().join("trust")).current().unwrap();
    assert_eq!(again.files(), trust.files());
    let asked = paths(&rig).iter().filter(|path| path.starts_with("/v1/trust/policies/")).count();
    rig.uplink.attempt().await;
    assert_eq!(paths(&rig).iter().filter(|path| path.starts_with("/v1/trust/policies/")).count(), asked);
}

#[tokio::test]
async fn another_policy_than_was_named_counts_as_missing() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        path if path.starts_with("/v1/trust/policies/") => {
            let mut milder = world.clone();
            milder.policy.document = "other".to_owned();
            cose(&milder.files().policies[0])
        }
        _ => office(World::files, world, request, now),
    });
    {
        let mut world = rig.world.lock().unwrap();
        world.policy.version += 1;
        world.list.version += 1;
    }
    rig.uplink.attempt().await;
    assert_eq!(rig.trust.current().unwrap().missing_policies().len(), 1);
}
