//! Any of the signed files, before its signatures are checked.

use std::path::Path;

use disk::trust_folder;
use health_code::limits::TRUST_FILE_BYTES;
use health_code::trust::{COMMUNITY_AAD, LIST_AAD, POLICY_AAD, ROOT_AAD, RevocationIndex};
use health_code::{Community, KeyId, Policy, PublicKey, Rejection, Root, TrustList, Zone};
use serde_json::Value as Json;
use strict_cose::{Signed, cbor};

use super::schema::{self, Kind};
use crate::files;

/// The payload of a file, read strictly.
pub enum Contents {
    /// `root.cose`
    Root(Root),
    /// `trust.cose`
    List(TrustList),
    /// `community.cose`
    Community(Community),
    /// A policy file
    Policy(Box<Policy>),
}

impl Contents {
    /// Reads a payload. The maps of the files differ, so it is at most one of them.
    pub fn of_payload(payload: &[u8]) -> Result<Self, String> {
        let tries = [
            Root::read_unverified(payload).map(Self::Root),
            TrustList::read_unverified(payload).map(Self::List),
            Community::read_unverified(payload).map(Self::Community),
            Policy::read_unverified(payload).map(|policy| Self::Policy(Box::new(policy))),
        ];
        let mut reasons = Vec::new();
        for attempt in tries {
            match attempt {
                Ok(contents) => return Ok(contents),
                Err(rejection) => reasons.push(rejection),
            }
        }
        Err(format!("none of the files: {}", sentences(&reasons)))
    }

    /// Reads a description. `revocations` are those that a list must name.
    pub fn of_description(json: &Json, revocations: Option<&RevocationIndex>) -> Result<Self, String> {
        // Each of them has a part that the others lack.
        let has = |name: &str| json.get(name).is_some();
        let kinds =
            [("publisher", "root"), ("issuers", "trust"), ("people", "community"), ("table", "policy")];
        let kind = kinds.into_iter().find(|(part, _)| has(part)).map(|(_, kind)| kind);
        let payload = |kind: &Kind, at| Ok::<_, String>(cbor::encode(&schema::to_cbor(kind, json, at)?));
        let said = |rejection: Rejection| rejection.to_string();
        match kind {
            Some("root") => {
                Root::read_unverified(&payload(&schema::ROOT, "root")?).map(Self::Root).map_err(said)
            }
            Some("trust") => {
                let list = TrustList::read_unverified(&payload(&schema::LIST, "trust")?).map_err(said)?;
                Ok(Self::List(with_revocations(list, revocations)?))
            }
            Some("community") => Community::read_unverified(&payload(&schema::COMMUNITY, "community")?)
                .map(Self::Community)
                .map_err(said),
            Some("policy") => {
                let json = with_days(json)?;
                let payload = cbor::encode(&schema::to_cbor(&schema::POLICY, &json, "policy")?);
                Policy::read_unverified(&payload).map(|policy| Self::Policy(Box::new(policy))).map_err(said)
            }
            _ => Err(
                "a description of none of the files: one has publisher, one issuers, one people, one table"
                    .into(),
            ),
        }
    }

    /// Returns the description, from which the next version can be made.
    pub fn description(&self) -> Json {
        let kind = match self {
            Self::Root(_) => &schema::ROOT,
            Self::List(_) => &schema::LIST,
            Self::Community(_) => &schema::COMMUNITY,
            Self::Policy(_) => &schema::POLICY,
        };
        let limits = strict_cose::Limits { bytes: TRUST_FILE_BYTES, depth: 16 };
        cbor::decode(&self.payload(), limits).map_or(Json::Null, |value| schema::to_json(kind, &value))
    }

    /// Returns the payload as canonical CBOR.
    pub fn payload(&self) -> Vec<u8> {
        match self {
            Self::Root(root) => root.to_payload(),
            Self::List(list) => list.to_payload(),
            Self::Community(community) => community.to_payload(),
            Self::Policy(policy) => policy.to_payload(),
        }
    }

    /// Returns the purpose that its signatures state (external additional data of COSE).
    pub fn aad(&self) -> &'static [u8] {
        match self {
            Self::Root(_) => ROOT_AAD,
            Self::List(_) => LIST_AAD,
            Self::Community(_) => COMMUNITY_AAD,
            Self::Policy(_) => POLICY_AAD,
        }
    }

    /// Returns its file name. Policies have none of their own: they travel in one file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Root(_) => trust_folder::ROOT,
            Self::List(_) => trust_folder::LIST,
            Self::Community(_) => trust_folder::COMMUNITY,
            Self::Policy(_) => "policy.cose",
        }
    }

    /// Returns its version.
    pub fn version(&self) -> u64 {
        match self {
            Self::Root(root) => root.version,
            Self::List(list) => list.version,
            Self::Community(community) => community.version,
            Self::Policy(policy) => policy.version,
        }
    }

    /// Returns the keys that may sign it under a root, and how many of them must.
    pub fn signers<'k>(&'k self, root: &'k Root) -> (Vec<(KeyId, &'k PublicKey)>, usize) {
        let role = |role: &'k health_code::trust::RoleKeys| {
            (role.keys.iter().map(|(kid, key)| (*kid, key)).collect(), role.threshold)
        };
        match self {
            Self::Root(_) => role(&root.root),
            Self::List(_) => role(&root.publisher),
            Self::Community(community) => {
                let keys = root.regions.iter().filter(|key| key.may_sign_community(&community.region));
                (keys.map(|key| (key.kid, &key.key)).collect(), 1)
            }
            Self::Policy(policy) => {
                let keys = root.regions.iter().filter(|key| key.may_sign_policy(&policy.region));
                (keys.map(|key| (key.kid, &key.key)).collect(), 1)
            }
        }
    }
}

/// Opens a signed file and reads its payload.
pub fn open(path: &Path) -> Result<(Signed, Contents), String> {
    let bytes = files::read(path, TRUST_FILE_BYTES as u64)?;
    read(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads a signed file and its payload.
pub fn read(bytes: &[u8]) -> Result<(Signed, Contents), String> {
    let signed = Signed::parse(bytes, TRUST_FILE_BYTES).map_err(|error| error.to_string())?;
    let contents = Contents::of_payload(signed.payload_unverified())?;
    Ok((signed, contents))
}

/// Returns a policy's description with moments where it names days: the first second of each in the
/// policy's own time zone.
fn with_days(json: &Json) -> Result<Json, String> {
    let mut json = json.clone();
    let zone = json.get("zone").and_then(Json::as_str).and_then(Zone::named);
    for part in ["from", "to"] {
        let Some(text) = json.get(part).and_then(Json::as_str).filter(|text| text.len() == 10) else {
            continue;
        };
        let day = health_code::hcert::date::day(text).ok_or(format!("policy.{part}: a day that is none"))?;
        let zone = zone.as_ref().ok_or("policy.zone: a name of the tz database is wanted")?;
        json[part] = Json::String(crate::clock::rfc3339(zone.start_of_day(day)));
    }
    Ok(json)
}

fn with_revocations(mut list: TrustList, given: Option<&RevocationIndex>) -> Result<TrustList, String> {
    if let Some(index) = given {
        if index.salt != list.revocations.salt {
            return Err("revocations.bin was made with another salt than the description names".to_owned());
        }
        list.revocations = index.clone();
    }
    Ok(list)
}

fn sentences(reasons: &[Rejection]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
