//! A small deployment for tests: its keys, its trust files, its receipts.

use std::path::Path;
use std::sync::Arc;

use disk::{Access, trust_folder};
use ed25519_dalek::SigningKey;
use health_code::trust::{ReceiptKey, RegionKey, RevocationIndex, Revocations, RoleKeys, SealingKey};
use health_code::{
    Checkpoint, CheckpointId, Claims, Colour, Community, Issuer, Person, Policy, Region, Role, Root,
    Timestamp, TrustFiles, TrustList,
};
use issuer::{CodeSigner, KeyPair, NewPerson};
use sha2::{Digest, Sha256};
use wire::{Batch, Offer, Receipt, ReceiptLine, RecordStatus, StationId};

use crate::clock::Clock;
use crate::folder::Folder;
use crate::settings::{Office, StationFile};
use crate::trust_store::TrustStore;

pub(crate) const STATION: StationId = StationId([1; 16]);
pub(crate) const ROOT: u8 = 1;
pub(crate) const PUBLISHER: u8 = 2;
pub(crate) const REGION: u8 = 4;
pub(crate) const RECEIPTS: u8 = 5;
/// Private half of the key that reports are sealed to.
pub(crate) const SEALING: [u8; 32] = [9; 32];
pub(crate) const PHONE: &str = "13800000001";
pub(crate) const PIN: &str = "246810";
const ISSUER: u8 = 3;
const PHONE_KEY: [u8; 32] = [8; 32];
const DAY: i64 = 86_400;

pub(crate) fn key(seed: u8) -> KeyPair {
    KeyPair::from_seed(&[seed; 32])
}

pub(crate) fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// What the trust files say, to be changed before they are signed.
#[derive(Clone)]
pub(crate) struct World {
    pub root: Root,
    pub list: TrustList,
    pub community: Community,
    pub revocations: Revocations,
}

impl World {
    /// A deployment whose files were made a day before `now`.
    pub(crate) fn new(now: Timestamp) -> Self {
        let (yesterday, next_year) = (now.plus(-DAY), now.plus(365 * DAY));
        let role =
            |seed| RoleKeys { keys: vec![(key(seed).kid(), key(seed).public().clone())], threshold: 1 };
        let sealing = wire::seal::recipient_key(&SEALING).unwrap();
        let root = Root {
            version: 1,
            issued: yesterday,
            expires: next_year,
            root: role(ROOT),
            publisher: role(PUBLISHER),
            regions: vec![RegionKey {
                region: "4201".parse().unwrap(),
                kid: key(REGION).kid(),
                key: key(REGION).public().clone(),
            }],
            sealing: vec![SealingKey {
                kid: health_code::key_id(&sealing),
                key: sealing,
                not_before: yesterday,
                not_after: next_year,
            }],
            receipts: vec![ReceiptKey {
                kid: key(RECEIPTS).kid(),
                key: key(RECEIPTS).public().clone(),
                not_before: yesterday,
                not_after: next_year,
            }],
        };
        let list = TrustList {
            version: 7,
            root_epoch: 1,
            issued: yesterday,
            soft_expiry: now.plus(6 * DAY),
            hard_expiry: now.plus(44 * DAY),
            issuers: vec![issuer(now)],
            signers: Vec::new(),
            revocations: RevocationIndex::default(),
            policy: Policy::standard(3, Region::country(), "2020-1", yesterday, "https://code.example"),
        };
        let community = Community {
            version: 5,
            region: "420106001001".parse().unwrap(),
            issued: yesterday,
            name: "样例社区".to_owned(),
            contact: "样例社区居委会".to_owned(),
            policy: None,
            checkpoints: vec![Checkpoint { id: CheckpointId([1; 8]), name: "东门".to_owned() }],
            people: vec![collector()],
            phone_key: PHONE_KEY,
        };
        Self { root, list, community, revocations: Revocations::default() }
    }

    pub(crate) fn files(&self) -> TrustFiles {
        TrustFiles {
            root: issuer::sign_root(&self.root, &[&key(ROOT)]),
            list: issuer::sign_list(&self.list, &[&key(PUBLISHER)]),
            community: issuer::sign_community(&self.community, &[&key(REGION)]),
            revocations: Arc::clone(self.revocations.bytes()),
        }
    }

    /// A store that holds these files on disk.
    pub(crate) fn store(&self, dir: &Path) -> Arc<TrustStore> {
        trust_folder::swap(&dir.join("trust"), &self.files()).unwrap();
        Arc::new(TrustStore::load(&dir.join("trust")))
    }

    /// What an honest back office answers.
    pub(crate) fn receipt(&self, batch: &Batch, now: Timestamp) -> Receipt {
        let lines = batch.reports.iter().map(|report| ReceiptLine {
            record: report.record,
            hash: wire::seal::hash(&report.ciphertext),
            status: RecordStatus::Stored,
        });
        let files = self.files();
        let offer = |version, file: &[u8]| Offer { version, hash: Sha256::digest(file).into() };
        Receipt {
            station: batch.station,
            batch: batch.id,
            time: now.0,
            lines: lines.collect(),
            root: offer(self.root.version, &files.root),
            list: offer(self.list.version, &files.list),
            community: offer(self.community.version, &files.community),
        }
    }
}

/// A folder as enrolment leaves it, of a back office where nobody listens.
pub(crate) fn enrolled(dir: &Path) -> Timestamp {
    let folder = Folder::new(dir);
    let now = Clock::start(&dir.join("clock"), None).wall();
    trust_folder::swap(&folder.trust(), &World::new(now).files()).unwrap();
    let secret = health_code::hex::encode(&signing_key(77).to_bytes());
    disk::replace(&folder.key(), secret.as_bytes(), Access::Owner).unwrap();
    let office = Office::new("http://127.0.0.1:9", None);
    StationFile::new(STATION, "一号", office).save(&folder.settings()).unwrap();
    now
}

/// A green code of somebody in this community.
pub(crate) fn code(who: u16, now: Timestamp) -> String {
    let mut pseudonym = [0xc7; 16];
    pseudonym[..2].copy_from_slice(&who.to_be_bytes());
    let claims = Claims {
        iss: "hubei".to_owned(),
        iat: now,
        exp: now.plus(300),
        pseudonym,
        masked_name: "尉迟**".to_owned(),
        masked_id: format!("4201**********{who:04}"),
        colour: Colour::Green,
        region: "420106001001".parse().unwrap(),
        symptoms: 0,
        temperature: Some(365),
        sealed_declaration: vec![0xd5; 120],
        is_static: false,
        declared_at: Timestamp(now.0 / 3600 * 3600 - 7200),
    };
    CodeSigner::new(key(ISSUER)).sign(&claims).unwrap()
}

fn issuer(now: Timestamp) -> Issuer {
    Issuer {
        iss: "hubei".to_owned(),
        name_zh: "样例健康码".to_owned(),
        name_en: "Sample health code".to_owned(),
        kid: key(ISSUER).kid(),
        key: key(ISSUER).public().clone(),
        regions: vec![Region::country()],
        foreign: false,
        not_before: now.plus(-DAY),
        not_after: now.plus(365 * DAY),
        max_life_seconds: 300,
        max_static_life_seconds: 0,
        colours: true,
        recognised_by: vec![Region::country()],
        declare_url: "https://declare.example".to_owned(),
        static_cut_off: None,
        passed_on: false,
        grey_notice: None,
    }
}

fn collector() -> Person {
    let new = NewPerson { name: "李样例", phone: PHONE, pin: PIN, role: Role::Collector };
    issuer::person(&new, &PHONE_KEY, &mut crate::entropy::rng().unwrap()).unwrap()
}
