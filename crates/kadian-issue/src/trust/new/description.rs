//! What a deployment is described by: names, regions, issuers. Everything else has a usual value.

use disk::trust_folder::MOST_COMMUNITIES;
use health_code::{Region, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use strict_cose::hex;

use super::YEAR;
use crate::clock;

/// Algorithm of an issuer's key where the description names none: EdDSA with Ed25519 (RFC 9864).
const ED25519: i64 = -19;
/// Seconds for which a code in an app is valid, where the description names none.
const LIFE_SECONDS: u64 = 300;

/// A deployment, as people describe it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The region whose communities the office may sign for: digits of GB/T 2260.
    pub region: String,
    pub community: CommunityRow,
    /// Further communities of that region, whose files the office has from the beginning.
    #[serde(default)]
    pub communities: Vec<CommunityRow>,
    pub policy: PolicyRow,
    /// Who makes codes, as trust.json has them; what is left out has its usual value.
    pub issuers: Vec<Map<String, Json>>,
    /// The first administrators, of every community that is named. Each gets a secret. Without any, the
    /// console's first administrator opens everybody.
    #[serde(default)]
    pub administrators: Vec<PersonRow>,
}

/// A community.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommunityRow {
    pub region: String,
    pub name: String,
    pub contact: String,
}

/// A community's region, and what else the description says of it.
pub type Named<'a> = (Region, &'a CommunityRow);

/// The national policy: the usual table, by this document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRow {
    pub document: String,
    /// Where somebody without a code gets one.
    pub no_code_url: String,
}

/// Somebody in clear.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRow {
    pub name: String,
    pub phone: String,
}

impl Description {
    /// Reads a description.
    ///
    /// # Errors
    /// Returns a sentence that names the place.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(text).map_err(|error| error.to_string())
    }

    /// Returns the office's region, and each community with its own, the first one at first.
    ///
    /// # Errors
    /// A region is none, a community lies elsewhere, or one is named twice.
    pub fn regions(&self) -> Result<(Region, Vec<Named<'_>>), String> {
        let parse = |at: &str, digits: &str| {
            digits.parse::<Region>().map_err(|_| format!("{at}: {digits:?} is no region of GB/T 2260"))
        };
        let office = parse("region", &self.region)?;
        let first = ("community.region".to_owned(), &self.community);
        let others = self.communities.iter().enumerate();
        let others = others.map(|(number, row)| (format!("communities[{number}].region"), row));
        let mut communities: Vec<Named<'_>> = Vec::new();
        for (at, row) in std::iter::once(first).chain(others) {
            let region = parse(&at, &row.region)?;
            if !office.contains(&region) {
                return Err(format!("{at}: {region} lies outside {office}"));
            }
            if communities.iter().any(|(known, _)| *known == region) {
                return Err(format!("{at}: {region} is named twice"));
            }
            communities.push((region, row));
        }
        if communities.len() > MOST_COMMUNITIES {
            return Err(format!("communities: an office serves {MOST_COMMUNITIES} at most"));
        }
        Ok((office, communities))
    }

    /// Returns the issuers as trust.json has them, whole.
    ///
    /// # Errors
    /// A key is none, or there is no issuer: then no code would be valid.
    pub fn issuers(&self, at: Timestamp) -> Result<Vec<Json>, String> {
        if self.issuers.is_empty() {
            return Err("issuers: at least one is wanted, or no code would be valid".to_owned());
        }
        self.issuers.iter().enumerate().map(|(number, issuer)| whole(number, issuer, at)).collect()
    }
}

/// Fills in what a description leaves out.
fn whole(number: usize, issuer: &Map<String, Json>, at: Timestamp) -> Result<Json, String> {
    let key = issuer.get("key").and_then(Json::as_str).and_then(hex::decode);
    let key = key.ok_or_else(|| format!("issuers[{number}].key: a public key in hex is wanted"))?;
    let usual = json!({
        "alg": ED25519,
        "kid": hex::encode(&health_code::key_id(&key).0),
        "foreign": false,
        "colours": true,
        "not_before": clock::rfc3339(at),
        "not_after": clock::rfc3339(at.plus(YEAR)),
        "max_life_seconds": LIFE_SECONDS,
        "max_static_life_seconds": 0,
        "recognised_by": [""],
    });
    let mut whole = usual.as_object().cloned().unwrap_or_default();
    whole.extend(issuer.clone());
    Ok(Json::Object(whole))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A description with one issuer, whose key is that of a number.
    pub fn described() -> Json {
        let key = hex::encode(&sample::key(sample::NATIONAL).public().to_bytes());
        json!({
            "region": "420106",
            "community": {"region": "420106001001", "name": "样例社区", "contact": "样例 027-0000"},
            "policy": {"document": "样例〔2026〕1号", "no_code_url": "https://code.example"},
            "issuers": [{
                "iss": "sample.national", "name_zh": "样例平台", "name_en": "Sample Platform", "key": key,
                "regions": [""], "declare_url": "https://national.example/declare",
            }],
            "administrators": [{"name": "王样例", "phone": "13800000002"}],
        })
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let refused = |change: &dyn Fn(&mut Json)| {
            let mut json = described();
            change(&mut json);
            let description = Description::read(json.to_string().as_bytes())?;
            description.regions()?;
            description.issuers(Timestamp(0)).map(drop)
        };
        refused(&|_| {}).unwrap();
        let refused_with = |change: &dyn Fn(&mut Json)| refused(change).unwrap_err();
        let said = |change: fn(&mut Json)| refused(&change).unwrap_err();
        assert!(said(|json| json["town"] = json!("x")).contains("town"));
        assert!(said(|json| json["region"] = json!("wuhan")).starts_with("region: "));
        let outside = "community.region: 110101001001 lies outside 420106";
        assert_eq!(said(|json| json["community"]["region"] = json!("110101001001")), outside);
        let more = |region: &str| json!([{"region": region, "name": "样例二社区", "contact": ""}]);
        let elsewhere = refused_with(&|json| json["communities"] = more("110101001001"));
        assert_eq!(elsewhere, "communities[0].region: 110101001001 lies outside 420106");
        let twice = refused_with(&|json| json["communities"] = more("420106001001"));
        assert_eq!(twice, "communities[0].region: 420106001001 is named twice");
        assert!(said(|json| json["issuers"] = json!([])).starts_with("issuers: "));
        let no_key = "issuers[0].key: a public key in hex is wanted";
        assert_eq!(said(|json| json["issuers"][0]["key"] = json!("zz")), no_key);
    }
}
