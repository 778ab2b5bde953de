//! How a deployment begins: its keys, and first trust files that hold together.

use std::sync::Arc;

use health_code::hcert::ValueSets;
use health_code::trust::Issuer;
use health_code::trust::{
    Grants, NamedPolicy, PolicyHash, ReceiptKey, RegionKey, Revocations, RoleKeys, SealingKey,
};
use health_code::{
    Community, Person, Policy, Region, Root, RootPin, Timestamp, Trust, TrustFiles, TrustList,
};
use rand_core::CryptoRng;

use crate::files::{sign_community, sign_list, sign_policy, sign_root};
use crate::keys::{KeyPair, SealingPair};

const DAY: i64 = 24 * 3600;
const YEAR: i64 = 365 * DAY;

/// What a deployment is to be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The region whose communities the office may sign for.
    pub region: Region,
    /// The communities whose files there are from the beginning, at least one.
    pub communities: Vec<PlannedCommunity>,
    /// The document that puts the national policy in force.
    pub document: String,
    /// Where somebody without a code gets one.
    pub no_code_url: String,
    /// Who makes codes.
    pub issuers: Vec<Issuer>,
    /// The first people of every community.
    pub people: Vec<Person>,
    /// Whether the root says that the deployment is only for trying.
    pub trial: bool,
}

/// A community that is to be.
#[derive(Debug, Clone)]
pub struct PlannedCommunity {
    /// Its region.
    pub region: Region,
    /// What it is called.
    pub name: String,
    /// Whom its people ask.
    pub contact: String,
}

/// A deployment that begins.
pub struct Founding {
    /// The keys of people, by their names. They sign on machines of their own.
    pub people: Vec<(&'static str, KeyPair)>,
    /// The keys of the office.
    pub office: OfficeKeys,
    /// The first trust files, which hold together.
    pub files: TrustFiles,
    /// The files of the further communities.
    pub communities: Vec<(Region, Vec<u8>)>,
}

/// The keys that an office holds.
pub struct OfficeKeys {
    /// Signs receipts.
    pub receipt: KeyPair,
    /// Signs community files of the region.
    pub region: KeyPair,
    /// Opens what stations seal.
    pub sealing: SealingPair,
}

impl Founding {
    /// Draws keys and signs the first files: the root by the first two of three keys.
    ///
    /// # Errors
    /// A sentence that says why no reader would take such files.
    pub fn new(plan: &Plan, at: Timestamp, rng: &mut impl CryptoRng) -> Result<Self, String> {
        if let Some(outside) = plan.communities.iter().find(|one| !plan.region.contains(&one.region)) {
            return Err(format!("community {} lies outside {}", outside.region, plan.region));
        }
        let people = ["root-1", "root-2", "root-3", "publisher", "policy", "community"];
        let people = people.map(|name| (name, KeyPair::generate(rng)));
        let [(_, first), (_, second), _, (_, publisher), (_, policy), (_, community)] = &people;
        let office = OfficeKeys {
            receipt: KeyPair::generate(rng),
            region: KeyPair::generate(rng),
            sealing: SealingPair::generate(rng),
        };
        let root = root(plan, &people, &office, at);
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let revocations = Revocations::new(salt, []);
        let national = Policy::standard(1, Region::country(), &plan.document, at, &plan.no_code_url);
        let national = sign_policy(&national, &[policy]);
        let list = TrustList {
            version: 1,
            root_epoch: 1,
            issued: at,
            soft_expiry: at.plus(7 * DAY),
            hard_expiry: at.plus(45 * DAY),
            issuers: plan.issuers.clone(),
            revocations: revocations.index().clone(),
            policies: vec![NamedPolicy { region: Region::country(), hash: PolicyHash::of(&national) }],
            signers: Vec::new(),
            value_sets: ValueSets::default(),
            believed_from: Vec::new(),
        };
        let mut signed = plan.communities.iter().map(|planned| {
            let contents = first_version(planned, at, &plan.people);
            (planned.region.clone(), sign_community(&contents, &[community]))
        });
        let (_, first_file) = signed.next().ok_or("community: one is wanted")?;
        let communities: Vec<(Region, Vec<u8>)> = signed.collect();
        let files = TrustFiles {
            root: sign_root(&root, &[first, second]),
            list: sign_list(&list, &[publisher]),
            community: first_file,
            revocations: Arc::clone(revocations.bytes()),
            policies: vec![national],
        };
        // Texts and numbers of the plan are checked as every reader checks them.
        let trust = Trust::open(files.clone(), &RootPin::of(&files.root)).map_err(|why| why.to_string())?;
        let neighbours = communities.iter().map(|(region, file)| {
            trust.admit(file.clone(), &[], at).map_err(|why| format!("community {region}: {why}"))
        });
        let neighbours = neighbours.collect::<Result<Vec<_>, _>>()?;
        for trust in std::iter::once(&trust).chain(&neighbours) {
            if let Some(fault) = trust.fault_at(at) {
                return Err(format!("with these files a station would stand still: {}", fault.code()));
            }
        }
        Ok(Self { people: people.into(), office, files, communities })
    }
}

fn first_version(planned: &PlannedCommunity, at: Timestamp, people: &[Person]) -> Community {
    Community {
        version: 1,
        region: planned.region.clone(),
        issued: at,
        name: planned.name.clone(),
        contact: planned.contact.clone(),
        policies: Vec::new(),
        checkpoints: Vec::new(),
        people: people.to_vec(),
        soft_expiry: at.plus(30 * DAY),
        hard_expiry: at.plus(90 * DAY),
        withdrawn: Vec::new(),
    }
}

fn root(plan: &Plan, people: &[(&str, KeyPair); 6], office: &OfficeKeys, at: Timestamp) -> Root {
    let [(_, first), (_, second), (_, third), (_, publisher), (_, policy), (_, community)] = people;
    let grants = |pair: &KeyPair, region: &Region, grants| RegionKey {
        region: region.clone(),
        kid: pair.kid(),
        key: pair.public().clone(),
        grants,
    };
    let expires = at.plus(2 * YEAR);
    Root {
        version: 1,
        issued: at,
        expires,
        root: role(&[first, second, third], 2),
        publisher: role(&[publisher], 1),
        regions: vec![
            grants(policy, &Region::country(), Grants::POLICIES),
            grants(community, &plan.region, Grants::ALL),
            grants(&office.region, &plan.region, Grants::OFFICE),
        ],
        believed_from: Vec::new(),
        sealing: vec![SealingKey {
            kid: office.sealing.kid(),
            key: *office.sealing.public(),
            not_before: at,
            not_after: expires,
        }],
        receipts: vec![ReceiptKey {
            kid: office.receipt.kid(),
            key: office.receipt.public().clone(),
            not_before: at,
            not_after: expires,
        }],
        trial: plan.trial,
    }
}

fn role(pairs: &[&KeyPair], threshold: usize) -> RoleKeys {
    RoleKeys { keys: pairs.iter().map(|pair| (pair.kid(), pair.public().clone())).collect(), threshold }
}
