//! A small deployment: keys by number, trust files signed with them, an office on a folder.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use health_code::trust::{ReceiptKey, RegionKey, Revocations, RoleKeys, SealingKey};
use health_code::{Community, Policy, Region, Root, TrustFiles, TrustList};
use issuer::KeyPair;

use super::NOW;
use crate::config::Layout;
use crate::context::Context;
use crate::keys::Keyring;
use crate::store::SqliteStore;
use crate::system::Clock;
use crate::trust::TrustInForce;

const DAY: i64 = 86_400;
const ROOT: u8 = 1;
const PUBLISHER: u8 = 2;
const REGION: u8 = 3;
const RECEIPTS: u8 = 4;
/// The office's private sealing key.
pub(crate) const SEALING: [u8; 32] = [5; 32];

/// Returns the key that signs receipts.
pub(crate) fn receipt_key() -> KeyPair {
    key(RECEIPTS)
}

/// Makes an office's store, keys and trust in a folder.
pub(crate) fn context(folder: &Path, clock: Clock) -> Context {
    let layout = Layout::of(folder);
    let import = folder.join("import");
    fs::create_dir_all(&import).unwrap();
    fs::write(import.join("sealing.key"), hex(&SEALING)).unwrap();
    fs::write(import.join("receipt.key"), hex(&*receipt_key().seed())).unwrap();
    Keyring::import(&import, &layout.keys()).unwrap();
    fs::create_dir_all(layout.trust()).unwrap();
    disk::trust_folder::replace_each(&layout.trust(), &files(), disk::Access::Owner).unwrap();
    let store: Arc<dyn crate::store::Store> = Arc::new(SqliteStore::open(&layout.database()).unwrap());
    let trust = TrustInForce::open(layout.trust(), store.clone(), NOW).unwrap();
    let keys = Keyring::open(&layout.keys()).unwrap();
    Context { store, trust: Arc::new(trust), keys: Arc::new(keys), clock }
}

/// Returns the deployment's first trust files.
pub(crate) fn files() -> TrustFiles {
    let revocations = Revocations::new([3; 16], []);
    TrustFiles {
        root: issuer::sign_root(&root(), &[&key(ROOT)]),
        list: issuer::sign_list(&list(1, &revocations), &[&key(PUBLISHER)]),
        community: issuer::sign_community(&community(), &[&key(REGION)]),
        revocations: Arc::clone(revocations.bytes()),
    }
}

fn hex(bytes: &[u8]) -> String {
    wire::hex::encode(bytes)
}

fn key(number: u8) -> KeyPair {
    KeyPair::from_seed(&[number; 32])
}

fn role(number: u8) -> RoleKeys {
    RoleKeys { keys: vec![(key(number).kid(), key(number).public().clone())], threshold: 1 }
}

fn root() -> Root {
    let (not_before, not_after) = (NOW.plus(-30 * DAY), NOW.plus(300 * DAY));
    let sealing = wire::seal::recipient_key(&SEALING).unwrap();
    Root {
        version: 1,
        issued: not_before,
        expires: not_after,
        root: role(ROOT),
        publisher: role(PUBLISHER),
        regions: vec![RegionKey {
            region: region(),
            kid: key(REGION).kid(),
            key: key(REGION).public().clone(),
        }],
        sealing: vec![SealingKey { kid: wire::enrol::kid_of(&sealing), key: sealing, not_before, not_after }],
        receipts: vec![ReceiptKey {
            kid: receipt_key().kid(),
            key: receipt_key().public().clone(),
            not_before,
            not_after,
        }],
    }
}

fn list(version: u64, revocations: &Revocations) -> TrustList {
    TrustList {
        version,
        root_epoch: 1,
        issued: NOW.plus(-DAY),
        soft_expiry: NOW.plus(6 * DAY),
        hard_expiry: NOW.plus(44 * DAY),
        issuers: Vec::new(),
        signers: Vec::new(),
        revocations: revocations.index().clone(),
        policy: Policy::standard(1, Region::country(), "样例", NOW.plus(-DAY), "https://code.example"),
    }
}

fn community() -> Community {
    Community {
        version: 1,
        region: region(),
        issued: NOW.plus(-DAY),
        name: "样例社区".to_owned(),
        contact: "样例社区居委会".to_owned(),
        policy: None,
        checkpoints: Vec::new(),
        people: Vec::new(),
        phone_key: [8; 32],
    }
}

fn region() -> Region {
    "420106001001".parse().unwrap()
}
