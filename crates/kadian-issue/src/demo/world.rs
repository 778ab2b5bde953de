//! The three trust files of a demo world.

use std::sync::Arc;

use health_code::hcert::{Signer, Usage};
use health_code::trust::{ReceiptKey, RegionKey, Revocations, RoleKeys, SealingKey};
use health_code::{
    CertificateRow, Checkpoint, CheckpointId, Community, Days, Issuer, KeyId, Notice, Person, PersonId,
    Policy, PublicKey, Region, Role, Root, RootPin, Ruling, Timestamp, Trust, TrustFiles, TrustList, mask,
};
use issuer::{DocumentKey, KeyPair, hash_pin, sign_community, sign_list, sign_root};

use super::keys::{COUNTRY_ABROAD, Keys};

/// The community whose gate the demo stands at.
pub const COMMUNITY: &str = "420106001001";
/// `iss` of the national issuer, which colours.
pub const NATIONAL: &str = "sample.national";
/// `iss` of the Hubei-like issuer, which colours and has grey.
pub const HUBEI: &str = "sample.hubei";
/// `iss` of the Wuhan-like issuer, which does not colour.
pub const WUHAN: &str = "sample.wuhan";

const DAY: i64 = 86_400;

/// Somebody who may sign in at the demo's gate, with the secret that only a demo writes down.
pub struct Staff {
    /// Phone to sign in with.
    pub phone: &'static str,
    /// PIN to sign in with.
    pub pin: &'static str,
    /// What they may do.
    pub role: Role,
    /// Masked name.
    pub masked_name: &'static str,
}

/// The demo's staff.
pub const STAFF: [Staff; 2] = [
    Staff { phone: "13800000001", pin: "246810", role: Role::Collector, masked_name: "李*" },
    Staff { phone: "13800000002", pin: "135790", role: Role::Administrator, masked_name: "王*" },
];

/// Makes the three files at a moment. `kept` is a root that is in force already: stations have
/// pinned it, so it stays, byte for byte.
pub fn trust(keys: &Keys, at: Timestamp, kept: Option<Vec<u8>>) -> Result<Trust, String> {
    let root = match kept {
        Some(file) => file,
        // Two of the three: the third stays in its safe.
        None => sign_root(&root(keys, at)?, &[&keys.pair("root-1"), &keys.pair("root-2")]),
    };
    let list = sign_list(&list(keys, at)?, &[&keys.pair("publisher")]);
    let community = sign_community(&community(keys, at)?, &[&keys.pair("region")]);
    let pin = RootPin::of(&root);
    let revocations = Arc::clone(revocations(keys).bytes());
    Trust::open(TrustFiles { root, list, community, revocations }, &pin)
        .map_err(|rejection| rejection.to_string())
}

/// Whether a root file is one that these keys made and that is in force at a moment.
pub fn keeps(keys: &Keys, at: Timestamp, file: &[u8]) -> bool {
    trust(keys, at, Some(file.to_vec())).is_ok_and(|trust| {
        let root = trust.root();
        root.root == root_keys(keys)
            && root.sealing.iter().any(|key| key.kid == keys.recipient("sealing").kid())
            && root.issued < at
            && at.plus(180 * DAY) < root.expires
    })
}

fn root(keys: &Keys, at: Timestamp) -> Result<Root, String> {
    let (issued, expires) = (at.plus(-30 * DAY), at.plus(730 * DAY));
    let (sealing, receipt) = (keys.recipient("sealing"), public(&keys.pair("receipt")));
    let (kid, key) = public(&keys.pair("region"));
    Ok(Root {
        version: 1,
        issued,
        expires,
        root: root_keys(keys),
        publisher: RoleKeys { keys: vec![public(&keys.pair("publisher"))], threshold: 1 },
        regions: vec![RegionKey { region: region("4201")?, kid, key }],
        sealing: vec![SealingKey {
            kid: sealing.kid(),
            key: *sealing.public(),
            not_before: issued,
            not_after: expires,
        }],
        receipts: vec![ReceiptKey { kid: receipt.0, key: receipt.1, not_before: issued, not_after: expires }],
    })
}

fn root_keys(keys: &Keys) -> RoleKeys {
    let three = ["root-1", "root-2", "root-3"].map(|name| public(&keys.pair(name)));
    RoleKeys { keys: three.to_vec(), threshold: 2 }
}

fn public(pair: &KeyPair) -> (KeyId, PublicKey) {
    (pair.kid(), pair.public().clone())
}

fn revocations(keys: &Keys) -> Revocations {
    let salt = keys.short("revocation salt");
    let shown = Revocations::entry(&salt, HUBEI, &keys.short("pseudonym revoked"));
    let others = (0..15).map(|n| keys.tiny(&format!("somebody else revoked {n}")));
    Revocations::new(salt, others.chain([shown]))
}

fn list(keys: &Keys, at: Timestamp) -> Result<TrustList, String> {
    let issued = at.plus(-3600);
    let document = "样例〔2020〕1号";
    Ok(TrustList {
        version: version(at),
        root_epoch: 1,
        issued,
        soft_expiry: issued.plus(7 * DAY),
        hard_expiry: issued.plus(45 * DAY),
        issuers: issuers(keys, at)?,
        signers: signers(keys, at)?,
        revocations: revocations(keys).index().clone(),
        policy: Policy {
            certificates: Some(CertificateRow {
                accepted: Ruling::Check,
                otherwise: Ruling::Stop,
                vaccination: Some(Days { from: 14, to: 270 }),
                doses: 2,
                test: Some(Days { from: 0, to: 3 }),
                recovery: Some(Days { from: 11, to: 180 }),
            }),
            ..Policy::standard(
                1,
                Region::country(),
                document,
                at.plus(-20 * DAY),
                "https://national.example/code",
            )
        },
    })
}

/// National, Hubei-like and Wuhan-like. The second has retired a key and cut off the paper codes
/// of one that was stolen; the third tries a key that only one other community recognises so far.
fn issuers(keys: &Keys, at: Timestamp) -> Result<Vec<Issuer>, String> {
    let base = |name: &str, iss: &str, zh: &str, en: &str, tree: &str| -> Result<Issuer, String> {
        let (kid, key) = public(&keys.pair(name));
        Ok(Issuer {
            iss: iss.to_owned(),
            name_zh: zh.to_owned(),
            name_en: en.to_owned(),
            kid,
            key,
            regions: vec![region(tree)?],
            foreign: false,
            not_before: at.plus(-60 * DAY),
            not_after: at.plus(305 * DAY),
            max_life_seconds: 300,
            max_static_life_seconds: 0,
            colours: true,
            recognised_by: vec![Region::country()],
            declare_url: format!("https://{}.example/declare", iss.trim_start_matches("sample.")),
            static_cut_off: None,
            passed_on: false,
            grey_notice: None,
        })
    };
    let hubei = |name| base(name, HUBEI, "样例省", "Sample Province", "42");
    let wuhan = |name| base(name, WUHAN, "样例市", "Sample City", "4201");
    let month = 30 * DAY as u32;
    Ok(vec![
        base("issuer-national", NATIONAL, "国家样例平台", "National Sample Platform", "")?,
        Issuer {
            max_static_life_seconds: month,
            grey_notice: Some(Notice {
                zh: "信息已登记，封闭管理期间，暂不制发红黄绿健康码".to_owned(),
                en: "Registered; while the place is closed no colours are issued".to_owned(),
            }),
            ..hubei("issuer-hubei")?
        },
        Issuer { not_after: at.plus(-10 * DAY), ..hubei("issuer-hubei-retired")? },
        Issuer {
            max_static_life_seconds: month,
            static_cut_off: Some(at.plus(-DAY)),
            ..hubei("issuer-hubei-stolen")?
        },
        // The province recognises the city's code, and so does whoever recognises the province's.
        Issuer {
            colours: false,
            recognised_by: vec![region("42")?],
            passed_on: true,
            ..wuhan("issuer-wuhan")?
        },
        Issuer { colours: false, recognised_by: vec![region("420106002")?], ..wuhan("issuer-wuhan-trial")? },
    ])
}

/// Two keys of one country abroad: one for every kind, one for tests only.
fn signers(keys: &Keys, at: Timestamp) -> Result<Vec<Signer>, String> {
    let signer = |key: DocumentKey, usage| {
        Ok::<_, String>(Signer {
            country: COUNTRY_ABROAD.to_owned(),
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

fn community(keys: &Keys, at: Timestamp) -> Result<Community, String> {
    let phone_key = keys.bytes("phone key");
    let gates = ["样例社区 · 东门", "样例社区 · 西门", "样例社区 · 地铁口"];
    Ok(Community {
        version: version(at),
        region: region(COMMUNITY)?,
        issued: at.plus(-3600),
        name: "样例社区".to_owned(),
        contact: "样例社区居委会 027-0000-0000".to_owned(),
        policy: None,
        checkpoints: gates
            .into_iter()
            .map(|name| Checkpoint { id: CheckpointId(keys.tiny(name)), name: name.to_owned() })
            .collect(),
        people: STAFF.iter().map(|staff| person(keys, &phone_key, staff)).collect::<Result<_, _>>()?,
        phone_key,
    })
}

fn person(keys: &Keys, phone_key: &[u8; 32], staff: &Staff) -> Result<Person, String> {
    Ok(Person {
        id: PersonId(keys.tiny(staff.phone)),
        masked_name: staff.masked_name.to_owned(),
        masked_phone: mask::phone(staff.phone),
        phone_hash: Community::phone_hash(phone_key, staff.phone),
        pin_phc: hash_pin(staff.pin, &keys.short(staff.phone)).map_err(|error| error.to_string())?,
        role: staff.role,
    })
}

/// Files made later have higher versions, and the same moment gives the same file.
fn version(at: Timestamp) -> u64 {
    u64::try_from(at.0).unwrap_or_default().max(1)
}

/// A region written down in this program.
pub fn region(text: &str) -> Result<Region, String> {
    text.parse().map_err(|error| format!("{text:?}: {error}"))
}
