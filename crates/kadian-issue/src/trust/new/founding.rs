//! The keys and first files of a deployment. Pure: randomness and time are arguments.

use std::sync::Arc;

use health_code::trust::{Grants, ReceiptKey, RegionKey, Revocations, RoleKeys, SealingKey};
use health_code::{
    Community, Person, Policy, Region, Role, Root, RootPin, Timestamp, Trust, TrustFiles, TrustList,
};
use issuer::{KeyPair, NewPerson, SealingPair};
use rand_core::CryptoRng;
use serde_json::json;
use strict_cose::hex;

use super::super::bundle;
use super::super::file::Contents;
use super::description::{CommunityRow, Description};
use super::{DAY, YEAR};
use crate::clock;

/// Characters of an administrator's first secret: 54 bits, and none that looks like another.
const SECRET_CHARS: usize = 11;
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

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
    /// What each administrator signs in with at a laptop.
    pub secrets: Vec<String>,
}

/// The keys that an office holds.
pub struct OfficeKeys {
    pub receipt: KeyPair,
    pub region: KeyPair,
    pub sealing: SealingPair,
}

impl Founding {
    /// Draws keys and signs the first files: the root by the first two of three keys.
    ///
    /// # Errors
    /// A sentence that says what the description lacks.
    pub fn new(description: &Description, at: Timestamp, rng: &mut impl CryptoRng) -> Result<Self, String> {
        let (region, communities) = description.regions()?;
        let people = ["root-1", "root-2", "root-3", "publisher", "policy", "community"];
        let people = people.map(|name| (name, KeyPair::generate(rng)));
        let [(_, first), (_, second), (_, third), (_, publisher), (_, policy), (_, community)] = &people;
        let office = OfficeKeys {
            receipt: KeyPair::generate(rng),
            region: KeyPair::generate(rng),
            sealing: SealingPair::generate(rng),
        };
        let grants = |pair: &KeyPair, region: &Region, grants| RegionKey {
            region: region.clone(),
            kid: pair.kid(),
            key: pair.public().clone(),
            grants,
        };
        let expires = at.plus(2 * YEAR);
        let root = Root {
            version: 1,
            issued: at,
            expires,
            root: role(&[first, second, third], 2),
            publisher: role(&[publisher], 1),
            regions: vec![
                grants(policy, &Region::country(), Grants::POLICIES),
                grants(community, &region, Grants::ALL),
                grants(&office.region, &region, Grants::OFFICE),
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
        };
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let revocations = Revocations::new(salt, []);
        let national = national(description, at, policy);
        let list = list(description, at, &revocations, &national)?;
        let (listed, secrets) = administrators(description, rng)?;
        let mut signed = communities.into_iter().map(|(region, row)| {
            let contents = first_community(&region, row, at, &listed);
            (region, issuer::sign_community(&contents, &[community]))
        });
        let (_, first_file) = signed.next().ok_or("community: one is wanted")?;
        let communities: Vec<(Region, Vec<u8>)> = signed.collect();
        let files = TrustFiles {
            root: issuer::sign_root(&root, &[first, second]),
            list: issuer::sign_list(&list, &[publisher]),
            community: first_file,
            revocations: Arc::clone(revocations.bytes()),
            policies: vec![national],
        };
        // Texts and numbers of the description are checked as every reader checks them.
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
        Ok(Self { people: people.into(), office, files, communities, secrets })
    }
}

fn first_community(region: &Region, row: &CommunityRow, at: Timestamp, people: &[Person]) -> Community {
    Community {
        version: 1,
        region: region.clone(),
        issued: at,
        name: row.name.clone(),
        contact: row.contact.clone(),
        policies: Vec::new(),
        checkpoints: Vec::new(),
        people: people.to_vec(),
        soft_expiry: at.plus(30 * DAY),
        hard_expiry: at.plus(90 * DAY),
        withdrawn: Vec::new(),
    }
}

fn role(pairs: &[&KeyPair], threshold: usize) -> RoleKeys {
    RoleKeys { keys: pairs.iter().map(|pair| (pair.kid(), pair.public().clone())).collect(), threshold }
}

fn national(description: &Description, at: Timestamp, key: &KeyPair) -> Vec<u8> {
    let row = &description.policy;
    let policy = Policy::standard(1, Region::country(), &row.document, at, &row.no_code_url);
    issuer::sign_policy(&policy, &[key])
}

fn list(
    description: &Description,
    at: Timestamp,
    revocations: &Revocations,
    national: &[u8],
) -> Result<TrustList, String> {
    let moment = |days: i64| clock::rfc3339(at.plus(days * DAY));
    let mut described = json!({
        "version": 1,
        "root_version": 1,
        "issued": moment(0),
        "soft_expiry": moment(7),
        "hard_expiry": moment(45),
        "issuers": description.issuers(at)?,
        "revocations": {"salt": hex::encode(&revocations.index().salt), "chunks": {}},
    });
    bundle::name_in(&mut described, &[national.to_vec()])?;
    match Contents::of_description(&described, Some(revocations.index()))? {
        Contents::List(list) => Ok(list),
        _ => Err("the issuers make no trust list".to_owned()),
    }
}

/// Returns the administrators as the community lists them, and their secrets.
fn administrators(
    description: &Description,
    rng: &mut impl CryptoRng,
) -> Result<(Vec<Person>, Vec<String>), String> {
    let (mut listed, mut secrets) = (Vec::new(), Vec::new());
    for (number, row) in description.administrators.iter().enumerate() {
        let secret = secret(rng);
        let new = NewPerson { name: &row.name, phone: &row.phone, pin: &secret, role: Role::Administrator };
        let person =
            issuer::person(&new, rng).map_err(|error| format!("administrators[{number}]: {error}"))?;
        listed.push(person);
        secrets.push(secret);
    }
    if listed.is_empty() {
        return Err("administrators: at least one is wanted, or nobody could add collectors".to_owned());
    }
    Ok((listed, secrets))
}

/// Draws a secret that can be read aloud and typed.
fn secret(rng: &mut impl CryptoRng) -> String {
    let mut secret = String::new();
    while secret.len() < SECRET_CHARS {
        let mut byte = [0];
        rng.fill_bytes(&mut byte);
        // Bytes beyond eight whole alphabets would favour its first characters.
        if let Some(char) = ALPHABET.iter().cycle().take(248).nth(byte[0].into()) {
            secret.push(char::from(*char));
        }
    }
    secret
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;

    use super::super::description::tests::described;
    use super::*;

    const AT: Timestamp = Timestamp(1_796_000_000);

    fn founding(json: &serde_json::Value) -> Result<Founding, String> {
        let description = Description::read(json.to_string().as_bytes()).unwrap();
        Founding::new(&description, AT, &mut ChaCha20Rng::from_seed([5; 32]))
    }

    #[test]
    fn the_first_files_are_in_force_and_the_office_may_renew_its_region_and_nothing_wider() {
        let founding = founding(&described()).unwrap();
        let trust = Trust::open(founding.files.clone(), &RootPin::of(&founding.files.root)).unwrap();
        assert_eq!(trust.fault_at(AT), None);
        assert_eq!((trust.root().root.keys.len(), trust.root().root.threshold), (3, 2));
        let office = founding.office.region.kid();
        let key = trust.root().regions.iter().find(|key| key.kid == office).unwrap();
        assert!(key.may_sign_community(&"420106002003".parse().unwrap()));
        assert!(!key.may_sign_community(&"110101001001".parse().unwrap()));
        assert!(!key.may_sign_policy(&"420106".parse().unwrap()));
        let person = &trust.community().people[0];
        assert_eq!((person.role, person.masked_name.as_str()), (Role::Administrator, "王**"));
    }

    #[test]
    fn each_community_that_is_named_has_a_file_with_the_administrators() {
        let mut json = described();
        json["communities"] = json!([{"region": "420106001002", "name": "样例二社区", "contact": ""}]);
        let founding = founding(&json).unwrap();
        let trust = Trust::open(founding.files.clone(), &RootPin::of(&founding.files.root)).unwrap();
        let [(region, file)] = &founding.communities[..] else { panic!() };
        let second = trust.admit(file.clone(), &[], AT).unwrap();
        assert_eq!((region, second.community().name.as_str()), (&second.community().region, "样例二社区"));
        assert_eq!(second.community().people, trust.community().people);
        assert_eq!(second.fault_at(AT), None);
        let mut bad = json.clone();
        bad["communities"][0]["name"] = json!("");
        assert!(self::founding(&bad).err().unwrap().starts_with("community 420106001002: "));
    }

    #[test]
    fn every_key_and_secret_is_another() {
        let founding = founding(&described()).unwrap();
        let mut kids: Vec<_> = founding.people.iter().map(|(_, pair)| pair.kid()).collect();
        kids.extend([founding.office.receipt.kid(), founding.office.region.kid()]);
        kids.sort_unstable();
        kids.dedup();
        assert_eq!(kids.len(), 8);
        assert_eq!(founding.secrets[0].len(), SECRET_CHARS);
    }

    #[test]
    fn what_no_reader_would_take_is_not_signed() {
        let refused = |change: fn(&mut serde_json::Value)| {
            let mut json = described();
            change(&mut json);
            founding(&json).err().unwrap()
        };
        assert!(refused(|json| json["administrators"] = json!([])).starts_with("administrators: "));
        assert!(refused(|json| json["administrators"][0]["phone"] = json!("12")).contains("phone"));
        assert!(!refused(|json| json["issuers"][0]["declare_url"] = json!("no url")).is_empty());
        assert!(!refused(|json| json["community"]["name"] = json!("a\u{202e}b")).is_empty());
    }
}
