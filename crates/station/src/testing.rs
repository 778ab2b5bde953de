//! A small deployment for tests: its keys, its trust files, its receipts.

use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use health_code::trust::{ReceiptKey, RegionKey, Revocations, RoleKeys, SealingKey};
use health_code::{
    Checkpoint, CheckpointId, Community, Policy, Region, Root, Timestamp, TrustFiles, TrustList,
};
use issuer::KeyPair;
use sha2::{Digest, Sha256};
use wire::{Batch, Offer, Receipt, ReceiptLine, RecordStatus, StationId};

use crate::trust_store::{self, TrustStore};

pub(crate) const STATION: StationId = StationId([1; 16]);
pub(crate) const ROOT: u8 = 1;
pub(crate) const PUBLISHER: u8 = 2;
pub(crate) const REGION: u8 = 4;
pub(crate) const RECEIPTS: u8 = 5;
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
}

impl World {
    /// A deployment whose files were made a day before `now`.
    pub(crate) fn new(now: Timestamp) -> Self {
        let (yesterday, next_year) = (now.plus(-DAY), now.plus(365 * DAY));
        let role =
            |seed| RoleKeys { keys: vec![(key(seed).kid(), key(seed).public().clone())], threshold: 1 };
        let sealing = wire::seal::recipient_key(&[9; 32]).unwrap();
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
            issuers: Vec::new(),
            revocations: Revocations::default(),
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
            people: Vec::new(),
            phone_key: [8; 32],
        };
        Self { root, list, community }
    }

    pub(crate) fn files(&self) -> TrustFiles {
        TrustFiles {
            root: issuer::sign_root(&self.root, &[&key(ROOT)]),
            list: issuer::sign_list(&self.list, &[&key(PUBLISHER)]),
            community: issuer::sign_community(&self.community, &[&key(REGION)]),
        }
    }

    /// A store that holds these files on disk.
    pub(crate) fn store(&self, dir: &Path) -> Arc<TrustStore> {
        trust_store::write(&dir.join("trust"), &self.files()).unwrap();
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
