//! The trust files of a demo world.

use health_code::hcert::{Signer, Usage};
use health_code::trust::{Grants, Place, RegionKey, Revocations};
use health_code::{
    CertificateRow, Checkpoint, CheckpointId, Community, Days, Directions, Hours, Issuer, Notice, Person,
    PersonId, Policy, Region, Role, RootPin, Ruling, Timestamp, Trust, TrustFiles, TrustList, mask,
};
use issuer::{DocumentKey, hash_secret};
use sample::{DAY, Deployment, listed_at};

use super::keys::{COUNTRY_ABROAD, Keys};

/// The community in which the demo's gate stands.
pub const COMMUNITY: &str = sample::HERE;
/// `iss` of the national issuer, which colours.
pub const NATIONAL: &str = "sample.national";
/// `iss` of the Hubei-like issuer, which colours and has grey.
pub const HUBEI: &str = "sample.hubei";
/// `iss` of the Wuhan-like issuer, which does not colour.
pub const WUHAN: &str = "sample.wuhan";

/// Somebody who may sign in at the demo's gate, with the secret that only a demo writes down.
pub struct Staff {
    /// Phone to sign in with.
    pub phone: &'static str,
    /// PIN or secret to sign in with.
    pub pin: &'static str,
    /// What they may do.
    pub role: Role,
    /// Masked name.
    pub masked_name: &'static str,
}

/// The demo's staff.
pub const STAFF: [Staff; 2] = [
    Staff { phone: "13800000001", pin: "246810", role: Role::Collector, masked_name: "李*" },
    Staff { phone: "13800000002", pin: "1357924680", role: Role::Administrator, masked_name: "王*" },
];

/// Makes the trust files at a moment. `kept` is a root that is in force already: stations have
/// pinned it, so it stays, byte for byte.
pub fn trust(keys: &Keys, at: Timestamp, kept: Option<Vec<u8>>) -> Result<Trust, String> {
    let files = deployment(keys, at)?.files();
    let files = TrustFiles { root: kept.unwrap_or(files.root), ..files };
    let pin = RootPin::of(&files.root);
    Trust::open(files, &pin).map_err(|rejection| rejection.to_string())
}

/// Returns whether a root file was made by these keys and stays in force for half a year.
pub fn keeps(keys: &Keys, at: Timestamp, file: &[u8]) -> bool {
    let Ok(ours) = deployment(keys, at) else { return false };
    trust(keys, at, Some(file.to_vec())).is_ok_and(|trust| {
        let root = trust.root();
        root.root == ours.root.root
            && root.sealing.iter().any(|key| key.kid == keys.recipient("sealing").kid())
            && root.issued < at
            && at.plus(180 * DAY) < root.expires
    })
}

/// The sample deployment with keys, issuers, people and a policy of its own.
fn deployment(keys: &Keys, at: Timestamp) -> Result<Deployment, String> {
    let mut deployment = Deployment::with(keys.of_the_files(), at);
    deployment.root.expires = at.plus(730 * DAY);
    for key in &mut deployment.root.sealing {
        key.not_after = deployment.root.expires;
    }
    for key in &mut deployment.root.receipts {
        key.not_after = deployment.root.expires;
    }
    let office = keys.pair("office");
    deployment.root.regions.push(RegionKey {
        region: deployment.community.region.clone(),
        kid: office.kid(),
        key: office.public().clone(),
        grants: Grants::OFFICE,
    });
    deployment.revocations = revocations(keys);
    deployment.policy = policy(at);
    deployment.list = list(keys, at, &deployment)?;
    deployment.community = community(keys, at, &deployment)?;
    Ok(deployment)
}

fn revocations(keys: &Keys) -> Revocations {
    let salt = keys.short("revocation salt");
    let shown = Revocations::entry(&salt, HUBEI, &keys.short("pseudonym revoked"));
    let others = (0..15).map(|n| keys.tiny(&format!("somebody else revoked {n}")));
    Revocations::new(salt, others.chain([shown]))
}

fn list(keys: &Keys, at: Timestamp, deployment: &Deployment) -> Result<TrustList, String> {
    let issued = at.plus(-3600);
    Ok(TrustList {
        version: version(at),
        issued,
        soft_expiry: issued.plus(7 * DAY),
        hard_expiry: issued.plus(45 * DAY),
        issuers: issuers(keys, at)?,
        signers: signers(keys, at)?,
        revocations: deployment.revocations.index().clone(),
        ..deployment.list.clone()
    })
}

fn policy(at: Timestamp) -> Policy {
    let (document, address) = ("样例〔2020〕1号", "https://national.example/code");
    Policy {
        certificates: Some(CertificateRow {
            accepted: Ruling::Check,
            otherwise: Ruling::Stop,
            vaccination: Some(Days { from: 14, to: 270 }),
            doses: 2,
            test: Some(Hours { from: 0, to: 72 }),
            recovery: Some(Days { from: 11, to: 180 }),
            birth: None,
        }),
        ..Policy::standard(1, Region::country(), document, at.plus(-20 * DAY), address)
    }
}

/// Returns a national, a Hubei-like and a Wuhan-like issuer. The second has retired one key, and has
/// cut off the paper codes of another that was stolen. The third tries a key that only one other
/// community recognises so far.
fn issuers(keys: &Keys, at: Timestamp) -> Result<Vec<Issuer>, String> {
    let base = |name: &str, iss: &str, zh: &str, en: &str, home: &str| Issuer {
        name_zh: zh.to_owned(),
        name_en: en.to_owned(),
        not_before: at.plus(-60 * DAY),
        not_after: at.plus(305 * DAY),
        max_static_life_seconds: 0,
        declare_url: format!("https://{}.example/declare", iss.trim_start_matches("sample.")),
        ..listed_at(at, iss, &keys.pair(name), home, true)
    };
    let hubei = |name| base(name, HUBEI, "样例省", "Sample Province", "42");
    let wuhan = |name| base(name, WUHAN, "样例市", "Sample City", "4201");
    let month = 30 * DAY as u32;
    Ok(vec![
        base("issuer-national", NATIONAL, "国家样例平台", "National Sample Platform", ""),
        Issuer {
            max_static_life_seconds: month,
            grey_notice: Some(Notice {
                zh: "信息已登记，封闭管理期间，暂不制发红黄绿健康码".to_owned(),
                en: "Registered; while the place is closed no colours are issued".to_owned(),
            }),
            ..hubei("issuer-hubei")
        },
        Issuer { not_after: at.plus(-10 * DAY), ..hubei("issuer-hubei-retired") },
        Issuer {
            max_static_life_seconds: month,
            static_cut_off: Some(at.plus(-DAY)),
            ..hubei("issuer-hubei-stolen")
        },
        // The province recognises the city's code, and so does whoever recognises the province's.
        Issuer {
            colours: false,
            recognised_by: vec![region("42")?],
            passed_on: true,
            ..wuhan("issuer-wuhan")
        },
        Issuer { colours: false, recognised_by: vec![region("420106002")?], ..wuhan("issuer-wuhan-trial") },
    ])
}

/// Returns two keys of one country abroad: one for every kind, one for tests only.
fn signers(keys: &Keys, at: Timestamp) -> Result<Vec<Signer>, String> {
    let signer = |key: DocumentKey, usage| {
        Ok::<_, String>(Signer {
            country: COUNTRY_ABROAD.to_owned(),
            issuer: None,
            name_zh: "样例国".to_owned(),
            name_en: "Sample Country".to_owned(),
            kid: key.kid(),
            key: key.public().map_err(|error| error.to_string())?,
            usage,
            not_before: at.plus(-400 * DAY),
            not_after: at.plus(330 * DAY),
            recognised_by: vec![Region::country()],
        })
    };
    let tests = Usage::from_bits(1).unwrap_or(Usage::ALL);
    Ok(vec![signer(keys.document_key()?, Usage::ALL)?, signer(keys.document_key_for_tests()?, tests)?])
}

fn community(keys: &Keys, at: Timestamp, deployment: &Deployment) -> Result<Community, String> {
    let issued = at.plus(-3600);
    let gates = [
        ("样例社区 · 东门", Directions::Entry, Place::new(30_547_000, 114_298_000)),
        ("样例社区 · 西门", Directions::Both, Place::new(30_546_500, 114_293_000)),
        ("样例社区 · 地铁口", Directions::Exit, None),
    ];
    Ok(Community {
        version: version(at),
        issued,
        soft_expiry: issued.plus(30 * DAY),
        hard_expiry: issued.plus(90 * DAY),
        contact: "样例社区居委会 027-0000-0000".to_owned(),
        checkpoints: gates
            .into_iter()
            .map(|(name, directions, place)| Checkpoint {
                id: CheckpointId(keys.tiny(name)),
                name: name.to_owned(),
                directions,
                place,
            })
            .collect(),
        people: STAFF.iter().map(|staff| person(keys, staff)).collect::<Result<_, _>>()?,
        ..deployment.community.clone()
    })
}

fn person(keys: &Keys, staff: &Staff) -> Result<Person, String> {
    Ok(Person {
        id: PersonId(keys.tiny(staff.phone)),
        masked_name: staff.masked_name.to_owned(),
        masked_phone: mask::phone(staff.phone),
        pin_phc: hash_secret(staff.role, staff.pin, &keys.short(staff.phone))
            .map_err(|error| error.to_string())?,
        role: staff.role,
    })
}

/// Returns the version of files made at a moment: later files have higher ones.
fn version(at: Timestamp) -> u64 {
    u64::try_from(at.0).unwrap_or_default().max(1)
}

/// Parses a region that is written down in this program.
pub fn region(text: &str) -> Result<Region, String> {
    text.parse().map_err(|error| format!("{text:?}: {error}"))
}
