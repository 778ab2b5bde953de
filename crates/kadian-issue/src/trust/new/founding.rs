//! A deployment of a description. Pure: randomness and time are arguments.

use health_code::trust::Revocations;
use health_code::{Region, Role, Timestamp};
use issuer::{Founding, NewPerson, Plan, PlannedCommunity};
use rand_core::CryptoRng;
use serde_json::json;
use strict_cose::hex;

use super::super::file::Contents;
use super::DAY;
use super::description::{CommunityRow, Description};
use crate::clock;

/// Characters of an administrator's first secret: 54 bits, and none that looks like another.
const SECRET_CHARS: usize = 11;
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A deployment that begins.
pub struct Founded {
    /// Keys and files.
    pub founding: Founding,
    /// What each administrator signs in with at a laptop.
    pub secrets: Vec<String>,
}

/// Draws keys and signs the first files.
///
/// # Errors
/// A sentence that says what the description lacks.
pub fn found(description: &Description, at: Timestamp, rng: &mut impl CryptoRng) -> Result<Founded, String> {
    let (region, communities) = description.regions()?;
    let planned = |(region, row): (Region, &CommunityRow)| PlannedCommunity {
        region,
        name: row.name.clone(),
        contact: row.contact.clone(),
    };
    let (people, secrets) = administrators(description, rng)?;
    let plan = Plan {
        region,
        communities: communities.into_iter().map(planned).collect(),
        document: description.policy.document.clone(),
        no_code_url: description.policy.no_code_url.clone(),
        issuers: issuers(description, at)?,
        people,
        trial: false,
    };
    Ok(Founded { founding: Founding::new(&plan, at, rng)?, secrets })
}

/// Reads the issuers as a trust list has them.
fn issuers(description: &Description, at: Timestamp) -> Result<Vec<health_code::trust::Issuer>, String> {
    let moment = |days: i64| clock::rfc3339(at.plus(days * DAY));
    let revocations = Revocations::new([0; 16], []);
    let described = json!({
        "version": 1,
        "root_version": 1,
        "issued": moment(0),
        "soft_expiry": moment(7),
        "hard_expiry": moment(45),
        "issuers": description.issuers(at)?,
        "revocations": {"salt": hex::encode(&revocations.index().salt), "chunks": {}},
        // Every list names the nation's policy; which one, the founding knows.
        "policies": [{"region": Region::country().as_str(), "hash": "00".repeat(32)}],
    });
    match Contents::of_description(&described, Some(revocations.index()))? {
        Contents::List(list) => Ok(list.issuers),
        _ => Err("the issuers make no trust list".to_owned()),
    }
}

/// Returns the administrators as the community lists them, and their secrets.
fn administrators(
    description: &Description,
    rng: &mut impl CryptoRng,
) -> Result<(Vec<health_code::Person>, Vec<String>), String> {
    let (mut listed, mut secrets) = (Vec::new(), Vec::new());
    for (number, row) in description.administrators.iter().enumerate() {
        let secret = secret(rng);
        let new = NewPerson { name: &row.name, phone: &row.phone, pin: &secret, role: Role::Administrator };
        let person =
            issuer::person(&new, rng).map_err(|error| format!("administrators[{number}]: {error}"))?;
        listed.push(person);
        secrets.push(secret);
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

    use health_code::{RootPin, Trust};

    use super::super::description::tests::described;
    use super::*;

    const AT: Timestamp = Timestamp(1_796_000_000);

    fn founding(json: &serde_json::Value) -> Result<Founded, String> {
        let description = Description::read(json.to_string().as_bytes()).unwrap();
        found(&description, AT, &mut ChaCha20Rng::from_seed([5; 32]))
    }

    #[test]
    fn the_first_files_are_in_force_and_the_office_may_renew_its_region_and_nothing_wider() {
        let Founded { founding, .. } = founding(&described()).unwrap();
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
        let Founded { founding, .. } = founding(&json).unwrap();
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
        let Founded { founding, secrets } = founding(&described()).unwrap();
        let mut kids: Vec<_> = founding.people.iter().map(|(_, pair)| pair.kid()).collect();
        kids.extend([founding.office.receipt.kid(), founding.office.region.kid()]);
        kids.sort_unstable();
        kids.dedup();
        assert_eq!(kids.len(), 8);
        assert_eq!(secrets[0].len(), SECRET_CHARS);
    }

    #[test]
    fn what_no_reader_would_take_is_not_signed() {
        let refused = |change: fn(&mut serde_json::Value)| {
            let mut json = described();
            change(&mut json);
            founding(&json).err().unwrap()
        };
        assert!(refused(|json| json["administrators"][0]["phone"] = json!("12")).contains("phone"));
        assert!(!refused(|json| json["issuers"][0]["declare_url"] = json!("no url")).is_empty());
        assert!(!refused(|json| json["community"]["name"] = json!("a\u{202e}b")).is_empty());
    }
}
