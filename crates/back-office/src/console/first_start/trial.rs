//! A deployment only for trying: all its keys lie in the data folder, and its root says so.

use disk::{Access, trust_folder};
use health_code::trust::Issuer;
use health_code::{Region, Timestamp};
use issuer::{Founding, KeyPair, Plan, PlannedCommunity};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use wire::hex;

use crate::config::Layout;
use crate::console::error::ConsoleError;
use crate::console::regions::{Level, import};
use crate::system;

/// Invented places.
pub const REGIONS: &[u8] = include_bytes!("../../../sample-regions.csv");
/// The invented province.
const REGION: &str = "99";
const YEAR: i64 = 365 * 24 * 3600;
/// Seconds for which a code in an app is valid.
const LIFE_SECONDS: u32 = 300;

/// Makes keys and trust files: `trust/` and `keys/` as an import would, and `trial/` with everybody's keys.
pub(super) fn make(layout: &Layout, name: &str, now: Timestamp) -> Result<(), ConsoleError> {
    let mut rng = ChaCha20Rng::from_seed(system::random()?);
    let codes = KeyPair::generate(&mut rng);
    let regions = import(REGIONS).table;
    let everywhere = Region::country();
    let communities =
        regions.subtree(&everywhere).filter(|(region, _)| Level::of(region) == Level::Community);
    let communities = communities.map(|(region, called)| PlannedCommunity {
        region: region.clone(),
        name: called.trim_end_matches("居委会").to_owned(),
        contact: format!("{name} · 试用"),
    });
    let plan = Plan {
        region: REGION.parse().map_err(|_| ConsoleError::Internal)?,
        communities: communities.collect(),
        document: "试用〔样例〕1号".to_owned(),
        no_code_url: "https://code.example".to_owned(),
        issuers: vec![Issuer {
            iss: "trial.national".to_owned(),
            name_zh: "试用平台".to_owned(),
            name_en: "Trial Platform".to_owned(),
            kid: codes.kid(),
            key: codes.public().clone(),
            regions: vec![Region::country()],
            foreign: false,
            not_before: now,
            not_after: now.plus(YEAR),
            max_life_seconds: LIFE_SECONDS,
            max_static_life_seconds: 0,
            colours: true,
            recognised_by: vec![Region::country()],
            declare_url: "https://code.example/declare".to_owned(),
            static_cut_off: None,
            passed_on: false,
            grey_notice: None,
        }],
        people: Vec::new(),
        trial: true,
    };
    let founding = Founding::new(&plan, now, &mut rng).map_err(|error| {
        tracing::error!(error, "a trial could not be made");
        ConsoleError::BadTrust(error)
    })?;
    write(layout, &founding, &codes).map_err(|error| {
        tracing::error!(%error, "a trial could not be written");
        ConsoleError::Store
    })
}

fn write(layout: &Layout, founding: &Founding, codes: &KeyPair) -> Result<(), disk::DiskError> {
    let key = |folder: std::path::PathBuf, name: &str, secret: &[u8]| {
        let line = format!("{}\n", hex::encode(secret));
        disk::replace(&folder.join(name), line.as_bytes(), Access::Owner)
    };
    let trial = layout.root().join("trial");
    for folder in [&trial, &layout.keys(), &layout.trust()] {
        disk::private_folder(folder)?;
    }
    for (name, pair) in founding.people.iter().map(|(name, pair)| (*name, pair)).chain([("codes", codes)]) {
        key(trial.clone(), &format!("{name}.key"), &*pair.seed())?;
    }
    let office = &founding.office;
    key(layout.keys(), &format!("receipt-{}.key", office.receipt.kid()), &*office.receipt.seed())?;
    key(layout.keys(), &format!("region-{}.key", office.region.kid()), &*office.region.seed())?;
    key(layout.keys(), &format!("sealing-{}.key", office.sealing.kid()), &**office.sealing.private())?;
    trust_folder::replace_each(&layout.trust(), &founding.files, Access::Owner)?;
    for (region, file) in &founding.communities {
        let path = trust_folder::community_path(&layout.trust(), region);
        if let Some(folder) = path.parent() {
            disk::private_folder(folder)?;
        }
        disk::replace(&path, file, Access::Owner)?;
    }
    Ok(())
}
