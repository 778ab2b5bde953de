//! The contents of the trust files, and their signing.

use std::sync::Arc;

use health_code::hcert::ValueSets;
use health_code::trust::{Grants, NamedPolicy, ReceiptKey, RegionKey, Revocations, SealingKey};
use health_code::{
    Checkpoint, CheckpointId, Community, Directions, Issuer, Person, PersonId, Policy, PolicyHash, Region,
    Role, Root, RootPin, Timestamp, Trust, TrustFiles, TrustList,
};
use issuer::KeyPair;

use crate::keys::{ABROAD, HUBEI, Keys, NATIONAL, WUHAN, key, role};
use crate::rows::{DAY, HERE, NOW, PHC, listed_at, region};

/// Salt of the revocations.
const SALT: [u8; 16] = [3; 16];

/// A small deployment in Hubei, to be changed before it is signed: three issuers at home and one
/// abroad, a national policy, one community with one checkpoint and one collector.
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
    /// The national policy. [`Deployment::files`] signs it and names it in the list.
    pub policy: Policy,
    /// Other policies, which are signed and named alike: down to the cities in the list, the others in
    /// the community.
    pub policies: Vec<Policy>,
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
            policy: national(now),
            policies: Vec::new(),
            keys,
        }
    }

    /// Returns the files, signed. Two of the three root keys sign. The policies' names are added to those
    /// that list and community have already.
    #[must_use]
    pub fn files(&self) -> TrustFiles {
        let [first, second, _] = &self.keys.root;
        let policies = self.policy_files();
        TrustFiles {
            root: issuer::sign_root(&self.root, &[first, second]),
            list: issuer::sign_list(&self.named_list(), &[&self.keys.publisher]),
            community: issuer::sign_community(&self.named_community(), &[&self.keys.region]),
            revocations: Arc::clone(self.revocations.bytes()),
            policies: policies.into_iter().map(|(_, file)| file).collect(),
        }
    }

    /// Returns the list with the names of its policies: what [`Deployment::files`] signs.
    #[must_use]
    pub fn named_list(&self) -> TrustList {
        let policies = self.named(&self.list.policies, |digits| digits <= 4);
        TrustList { policies, ..self.list.clone() }
    }

    /// Returns the community with the names of its policies: what [`Deployment::files`] signs.
    #[must_use]
    pub fn named_community(&self) -> Community {
        let policies = self.named(&self.community.policies, |digits| digits > 4);
        Community { policies, ..self.community.clone() }
    }

    /// Returns every policy's region and its file, ascending by hash: the nation's signed by
    /// [`Keys::nation`], the others by [`Keys::region`].
    #[must_use]
    pub fn policy_files(&self) -> Vec<(Region, Vec<u8>)> {
        let files = std::iter::once(&self.policy).chain(&self.policies).map(|policy| {
            let wide = policy.region.as_str().len() < 4;
            let pair = if wide { &self.keys.nation } else { &self.keys.region };
            (policy.region.clone(), issuer::sign_policy(policy, &[pair]))
        });
        let mut files: Vec<_> = files.collect();
        files.sort_by_key(|(_, file)| PolicyHash::of(file));
        files
    }

    fn named(&self, own: &[NamedPolicy], is_level: impl Fn(usize) -> bool) -> Vec<NamedPolicy> {
        let files = self.policy_files().into_iter().filter(|(region, _)| is_level(region.as_str().len()));
        let files = files.map(|(region, file)| NamedPolicy { region, hash: PolicyHash::of(&file) });
        let mut named: Vec<_> = files.chain(own.iter().cloned()).collect();
        named.sort_by_key(|named| (named.region.clone(), named.hash));
        named.dedup();
        named
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
        regions: vec![
            region_key("", &keys.nation, Grants::POLICIES),
            region_key("4201", &keys.region, Grants::ALL),
        ],
        believed_from: Vec::new(),
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
        trial: false,
    }
}

fn region_key(digits: &str, pair: &KeyPair, grants: Grants) -> RegionKey {
    RegionKey { region: region(digits), kid: pair.kid(), key: pair.public().clone(), grants }
}

fn national(now: Timestamp) -> Policy {
    Policy::standard(3, Region::country(), "国办发〔2020〕1号", now.plus(-2 * DAY), "https://code.example")
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
        value_sets: ValueSets::default(),
        revocations: revocations.index().clone(),
        policies: Vec::new(),
        believed_from: Vec::new(),
    }
}

fn community(now: Timestamp) -> Community {
    let issued = now.plus(-DAY);
    Community {
        version: 5,
        region: region(HERE),
        issued,
        name: "样例社区".to_owned(),
        contact: "样例社区居委会 027-0000".to_owned(),
        policies: Vec::new(),
        checkpoints: vec![Checkpoint {
            id: CheckpointId([1; 8]),
            name: "样例社区 · 东门".to_owned(),
            directions: Directions::Both,
            place: None,
        }],
        people: vec![Person {
            id: PersonId([1; 8]),
            masked_name: "李*".to_owned(),
            masked_phone: "138****0001".to_owned(),
            pin_phc: PHC.to_owned(),
            role: Role::Collector,
        }],
        soft_expiry: issued.plus(30 * DAY),
        hard_expiry: issued.plus(90 * DAY),
        withdrawn: Vec::new(),
    }
}
