//! The contents of the trust files, and their signing.

use std::sync::Arc;

use health_code::trust::{ReceiptKey, RegionKey, Revocations, SealingKey};
use health_code::{
    Checkpoint, CheckpointId, Community, Issuer, Person, PersonId, Policy, Region, Role, Root, RootPin,
    Timestamp, Trust, TrustFiles, TrustList,
};

use crate::keys::{ABROAD, HUBEI, Keys, NATIONAL, WUHAN, key, role};
use crate::rows::{DAY, HERE, NOW, PHONE, PHONE_KEY, listed_at, region};

/// Salt of the revocations.
const SALT: [u8; 16] = [3; 16];

/// A small deployment in Hubei, to be changed before it is signed: three issuers at home and one
/// abroad, one community with one checkpoint and one collector.
#[derive(Clone)]
pub struct Deployment {
    /// Who signs the files.
    pub keys: Keys,
    /// `root.cose`
    pub root: Root,
    /// `trust.cose`
    pub list: TrustList,
    /// `community.cose`
    pub community: Community,
    /// `revocations.bin`; the list names them only after [`Deployment::revoke`].
    pub revocations: Revocations,
}

impl Deployment {
    /// Returns the deployment at [`NOW`], with fixed keys.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "there is no other constructor that a default could mean")]
    pub fn new() -> Self {
        Self::at(NOW)
    }

    /// Returns the deployment at a moment, with fixed keys.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self::with(Keys::fixed(), now)
    }

    /// Returns the deployment at a moment, with other keys than the fixed ones.
    #[must_use]
    pub fn with(keys: Keys, now: Timestamp) -> Self {
        let revocations = Revocations::new(SALT, []);
        Self {
            root: root(&keys, now),
            list: list(&revocations, now),
            community: community(now),
            revocations,
            keys,
        }
    }

    /// Returns the four files, signed. Two of the three root keys sign.
    #[must_use]
    pub fn files(&self) -> TrustFiles {
        let [first, second, _] = &self.keys.root;
        TrustFiles {
            root: issuer::sign_root(&self.root, &[first, second]),
            list: issuer::sign_list(&self.list, &[&self.keys.publisher]),
            community: issuer::sign_community(&self.community, &[&self.keys.region]),
            revocations: Arc::clone(self.revocations.bytes()),
        }
    }

    /// Returns the signed files as a gate opens them, the root pinned by its own hash.
    ///
    /// # Panics
    /// When a change made the files invalid. A test that expects that opens [`Deployment::files`] itself.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a test that changed the values wrongly stops here")]
    pub fn trust(&self) -> Trust {
        let files = self.files();
        let pin = RootPin::of(&files.root);
        Trust::open(files, &pin).expect("the sample's files hold together")
    }

    /// Revokes exactly these entries, and names them in the list.
    pub fn revoke(&mut self, entries: impl IntoIterator<Item = [u8; 8]>) {
        self.revocations = Revocations::new(SALT, entries);
        self.list.revocations = self.revocations.index().clone();
    }

    /// Seals reports to another X25519 public key, such as one whose private half a test knows.
    pub fn seal_to(&mut self, public: [u8; 32]) {
        for sealing in &mut self.root.sealing {
            (sealing.kid, sealing.key) = (health_code::key_id(&public), public);
        }
    }

    /// Returns the issuer of the list that has the key of this number.
    ///
    /// # Panics
    /// When the list has none.
    #[allow(clippy::expect_used, reason = "a test that asks for another issuer stops here")]
    pub fn issuer(&mut self, number: u8) -> &mut Issuer {
        let kid = key(number).kid();
        self.list.issuers.iter_mut().find(|issuer| issuer.kid == kid).expect("an issuer with this key")
    }
}

fn root(keys: &Keys, now: Timestamp) -> Root {
    let (issued, expires) = (now.plus(-30 * DAY), now.plus(300 * DAY));
    Root {
        version: 1,
        issued,
        expires,
        root: role(&keys.root, 2),
        publisher: role(std::slice::from_ref(&keys.publisher), 1),
        regions: vec![RegionKey {
            region: region("4201"),
            kid: keys.region.kid(),
            key: keys.region.public().clone(),
        }],
        sealing: vec![SealingKey {
            kid: health_code::key_id(&keys.sealing),
            key: keys.sealing,
            not_before: issued,
            not_after: expires,
        }],
        receipts: vec![ReceiptKey {
            kid: keys.receipts.kid(),
            key: keys.receipts.public().clone(),
            not_before: issued,
            not_after: expires,
        }],
    }
}

fn list(revocations: &Revocations, now: Timestamp) -> TrustList {
    let issued = now.plus(-DAY);
    let listed = |iss, number, home, colours| listed_at(now, iss, &key(number), home, colours);
    TrustList {
        version: 7,
        root_epoch: 1,
        issued,
        soft_expiry: issued.plus(7 * DAY),
        hard_expiry: issued.plus(45 * DAY),
        issuers: vec![
            listed("gjzwfw", NATIONAL, "", true),
            listed("hubei", HUBEI, "42", true),
            Issuer { recognised_by: vec![region("42")], ..listed("wuhan", WUHAN, "4201", false) },
            Issuer { foreign: true, ..listed("abroad", ABROAD, "", true) },
        ],
        signers: Vec::new(),
        revocations: revocations.index().clone(),
        policy: Policy::standard(3, Region::country(), "国办发〔2020〕1号", issued, "https://code.example"),
    }
}

fn community(now: Timestamp) -> Community {
    Community {
        version: 5,
        region: region(HERE),
        issued: now.plus(-DAY),
        name: "样例社区".to_owned(),
        contact: "样例社区居委会 027-0000".to_owned(),
        policy: None,
        checkpoints: vec![Checkpoint { id: CheckpointId([1; 8]), name: "样例社区 · 东门".to_owned() }],
        people: vec![Person {
            id: PersonId([1; 8]),
            masked_name: "李*".to_owned(),
            masked_phone: "138****0001".to_owned(),
            phone_hash: Community::phone_hash(&PHONE_KEY, PHONE),
            // No PIN has this hash. A test that signs in for real puts a person of `issuer::person` here.
            pin_phc: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
            role: Role::Collector,
        }],
        phone_key: PHONE_KEY,
    }
}
