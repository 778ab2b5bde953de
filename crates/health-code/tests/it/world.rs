//! A small deployment in Hubei that every test starts from: three issuers at home, one abroad.

use std::sync::Arc;

use health_code::trust::{ReceiptKey, RegionKey, Revocations, RoleKeys, SealingKey};
use health_code::{
    Checkpoint, CheckpointId, Claims, Colour, Community, Issuer, Person, PersonId, Policy, Refused, Region,
    Role, Root, RootPin, Timestamp, Trust, TrustFiles, TrustList, UnverifiedCode, VerifiedCode,
};
use issuer::{CodeSigner, KeyPair};

/// The moment of every test.
pub const NOW: Timestamp = Timestamp(1_600_000_000);
pub const DAY: i64 = 86_400;
/// Where the checkpoint stands.
pub const HERE: &str = "420106001001";

pub fn region(digits: &str) -> Region {
    digits.parse().unwrap()
}

/// The key of this number; each role has its own.
pub fn key(seed: u8) -> KeyPair {
    KeyPair::from_seed(&[seed; 32])
}

pub const ROOT: [u8; 3] = [1, 2, 3];
pub const PUBLISHER: u8 = 4;
pub const REGION: u8 = 5;
pub const NATIONAL: u8 = 10;
pub const HUBEI: u8 = 11;
pub const WUHAN: u8 = 12;
pub const ABROAD: u8 = 13;
pub const STRANGER: u8 = 99;

/// The contents of the three files, to be changed before they are signed.
#[derive(Clone)]
pub struct World {
    pub root: Root,
    pub list: TrustList,
    pub community: Community,
    /// Named by the list's index once [`World::revoke`] says so.
    pub revocations: Revocations,
}

impl World {
    pub fn new() -> Self {
        let revocations = Revocations::new([3; 16], []);
        Self { root: root(), list: list(), community: community(), revocations }
    }

    /// The files, signed by whom the first root names.
    pub fn files(&self) -> TrustFiles {
        TrustFiles {
            root: issuer::sign_root(&self.root, &[&key(ROOT[0]), &key(ROOT[1])]),
            list: issuer::sign_list(&self.list, &[&key(PUBLISHER)]),
            community: issuer::sign_community(&self.community, &[&key(REGION)]),
            revocations: Arc::clone(self.revocations.bytes()),
        }
    }

    /// These entries and no others are revoked.
    pub fn revoke(&mut self, entries: impl IntoIterator<Item = [u8; 8]>) {
        self.revocations = Revocations::new([3; 16], entries);
        self.list.revocations = self.revocations.index().clone();
    }

    pub fn trust(&self) -> Trust {
        let files = self.files();
        let pin = RootPin::of(&files.root);
        Trust::open(files, &pin).unwrap()
    }

    pub fn issuer(&mut self, seed: u8) -> &mut Issuer {
        let kid = key(seed).kid();
        self.list.issuers.iter_mut().find(|issuer| issuer.kid == kid).unwrap()
    }
}

pub fn role_keys(seeds: &[u8], threshold: usize) -> RoleKeys {
    let keys = seeds.iter().map(|seed| (key(*seed).kid(), key(*seed).public().clone())).collect();
    RoleKeys { keys, threshold }
}

fn root() -> Root {
    Root {
        version: 1,
        issued: NOW.plus(-30 * DAY),
        expires: NOW.plus(300 * DAY),
        root: role_keys(&ROOT, 2),
        publisher: role_keys(&[PUBLISHER], 1),
        regions: vec![RegionKey {
            region: region("4201"),
            kid: key(REGION).kid(),
            key: key(REGION).public().clone(),
        }],
        sealing: vec![SealingKey {
            kid: health_code::key_id(&[9; 32]),
            key: [9; 32],
            not_before: NOW.plus(-30 * DAY),
            not_after: NOW.plus(300 * DAY),
        }],
        receipts: vec![ReceiptKey {
            kid: key(6).kid(),
            key: key(6).public().clone(),
            not_before: NOW.plus(-30 * DAY),
            not_after: NOW.plus(300 * DAY),
        }],
    }
}

fn list() -> TrustList {
    TrustList {
        version: 7,
        root_epoch: 1,
        issued: NOW.plus(-DAY),
        soft_expiry: NOW.plus(6 * DAY),
        hard_expiry: NOW.plus(44 * DAY),
        issuers: vec![
            listed("gjzwfw", NATIONAL, "", true),
            listed("hubei", HUBEI, "42", true),
            Issuer { recognised_by: vec![region("42")], ..listed("wuhan", WUHAN, "4201", false) },
            Issuer { foreign: true, ..listed("abroad", ABROAD, "", true) },
        ],
        signers: Vec::new(),
        revocations: Revocations::new([3; 16], []).index().clone(),
        policy: Policy::standard(
            3,
            Region::country(),
            "国办发〔2020〕1号",
            NOW.plus(-DAY),
            "https://code.example",
        ),
    }
}

pub fn listed(iss: &str, seed: u8, home: &str, colours: bool) -> Issuer {
    Issuer {
        iss: iss.to_owned(),
        name_zh: "样例健康码".to_owned(),
        name_en: "Sample health code".to_owned(),
        kid: key(seed).kid(),
        key: key(seed).public().clone(),
        regions: vec![region(home)],
        foreign: false,
        not_before: NOW.plus(-100 * DAY),
        not_after: NOW.plus(100 * DAY),
        max_life_seconds: 300,
        max_static_life_seconds: 7 * DAY as u32,
        colours,
        recognised_by: vec![Region::country()],
        declare_url: "https://declare.example".to_owned(),
        static_cut_off: None,
        passed_on: false,
        grey_notice: None,
    }
}

fn community() -> Community {
    Community {
        version: 5,
        region: region(HERE),
        issued: NOW.plus(-DAY),
        name: "样例社区".to_owned(),
        contact: "样例社区居委会 027-0000".to_owned(),
        policy: None,
        checkpoints: vec![Checkpoint { id: CheckpointId([1; 8]), name: "样例社区 · 东门".to_owned() }],
        people: vec![Person {
            id: PersonId([1; 8]),
            masked_name: "李*".to_owned(),
            masked_phone: "138****0001".to_owned(),
            phone_hash: Community::phone_hash(&[8; 32], "13800000001"),
            pin_phc: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
            role: Role::Collector,
        }],
        phone_key: [8; 32],
    }
}

/// A green code of Hubei, issued half a minute ago, for somebody of this community.
pub fn claims() -> Claims {
    Claims {
        iss: "hubei".to_owned(),
        iat: NOW.plus(-30),
        exp: NOW.plus(270),
        pseudonym: [7; 16],
        masked_name: "张*".to_owned(),
        masked_id: "4201**********1234".to_owned(),
        colour: Colour::Green,
        region: region(HERE),
        symptoms: 0,
        temperature: Some(365),
        sealed_declaration: vec![9; 120],
        is_static: false,
        declared_at: Timestamp(NOW.0.div_euclid(3600) * 3600 - 2 * 3600),
    }
}

/// Signs as the key of this number and verifies here and now.
pub fn verify(world: &World, seed: u8, claims: &Claims) -> Result<VerifiedCode, Refused> {
    verify_payload(world, seed, claims.to_payload())
}

pub fn verify_payload(world: &World, seed: u8, payload: Vec<u8>) -> Result<VerifiedCode, Refused> {
    let cose = CodeSigner::new(key(seed)).cose(payload);
    let code = UnverifiedCode::from_cose(&cose).unwrap();
    world.trust().verify(&code, &region(HERE), NOW)
}
