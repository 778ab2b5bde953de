//! Trust files: uploaded, or made for a trial.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use health_code::{Region, RootPin, Trust};
use program::moment::rfc3339;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::files::{NamedFile, RegionCounts, Uploaded};
use super::flow::{FirstStart, Progress, Step};
use super::unlocked::{NamedRegion, Unlocked};
use crate::console::caller::Payload;
use crate::console::error::ConsoleError;
use crate::console::regions::{Level, import};
use crate::keys::Keyring;
use crate::limits::{NAME_FILE_BYTES, UPLOAD_BODY};
use crate::trust::import::copy;

/// What the deployment is called where nobody named it.
#[cfg(feature = "trial")]
const TRIAL_NAME: &str = "试用";

/// Uploaded files.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Files {
    files: Vec<NamedFile>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RootView {
    version: u64,
    keys: usize,
    threshold: usize,
    expires: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListView {
    version: u64,
    issuers: usize,
    issued: String,
}

/// What uploaded files hold.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrustPreview {
    root: RootView,
    list: ListView,
    /// The region for which the root lets the uploaded region key sign.
    delegation: NamedRegion,
    communities: Vec<NamedRegion>,
    regions: Option<RegionCounts>,
    missing: Vec<String>,
    fingerprint: Vec<String>,
}

/// Looks at uploaded files and keeps nothing.
#[utoipa::path(post, path = "/first-start/trust/preview", request_body = Files, responses(
    (status = 200, body = TrustPreview), (status = 422, description = "bad-trust")
))]
pub(super) async fn preview(
    State(first): State<Arc<FirstStart>>,
    _: Unlocked,
    body: Payload<Files, UPLOAD_BODY>,
) -> Result<Json<TrustPreview>, ConsoleError> {
    let uploaded = Uploaded::read(&body.value.files, first.place.layout.root())?;
    let trust = trust_of(&uploaded)?;
    let names = uploaded.regions.as_deref().map(import);
    let named = |region: &Region| {
        let name = names.as_ref().and_then(|names| names.table.name(region)).map(str::to_owned);
        let own = (trust.community().region == *region).then(|| trust.community().name.clone());
        NamedRegion { code: region.to_string(), name: name.or(own).unwrap_or_else(|| region.to_string()) }
    };
    let further = disk::trust_folder::read_communities(&uploaded.trust());
    let further = further.map_err(|error| ConsoleError::BadTrust(error.to_string()))?;
    let communities: Vec<Region> = std::iter::once(trust.community().region.clone())
        .chain(further.into_iter().map(|(region, _)| region))
        .collect();
    let root = trust.root();
    let delegation = delegated(&uploaded, &trust)?;
    let count =
        |level| names.as_ref().and_then(|names| names.by_level.get(&level)).copied().unwrap_or_default();
    let regions = names.as_ref().map(|_| RegionCounts {
        cities: count(Level::City),
        districts: count(Level::District),
        streets: count(Level::Street),
        communities: count(Level::Community),
    });
    let pin: [u8; 32] = Sha256::digest(&trust.files().root).into();
    Ok(Json(TrustPreview {
        root: RootView {
            version: root.version,
            keys: root.root.keys.len(),
            threshold: root.root.threshold,
            expires: rfc3339(root.expires),
        },
        list: ListView {
            version: trust.list().version,
            issuers: trust.list().issuers.len(),
            issued: rfc3339(trust.list().issued),
        },
        delegation: named(&delegation),
        communities: communities.iter().map(named).collect(),
        regions,
        missing: uploaded.missing.clone(),
        fingerprint: wire::ticket::fingerprint(&pin).to_vec(),
    }))
}

/// Checks uploaded trust files as those in force are.
fn trust_of(uploaded: &Uploaded) -> Result<Trust, ConsoleError> {
    let bad = |error: &dyn std::fmt::Display| ConsoleError::BadTrust(error.to_string());
    let files = disk::trust_folder::read(&uploaded.trust()).map_err(|error| bad(&error))?;
    let pin = RootPin::of(&files.root);
    Trust::open(files, &pin).and_then(Trust::vouched_for).map_err(|error| bad(&error))
}

/// Returns the region for which the root lets the uploaded region key sign; the community's without one.
fn delegated(uploaded: &Uploaded, trust: &Trust) -> Result<Region, ConsoleError> {
    let own = trust.community().region.clone();
    let Some(line) = disk::read_if_there(&uploaded.office().join("region.key"), NAME_FILE_BYTES)
        .map_err(|error| ConsoleError::BadTrust(error.to_string()))?
    else {
        return Ok(own);
    };
    let seed = wire::hex::decode_array(String::from_utf8_lossy(&line).trim_end());
    let seed = seed.ok_or_else(|| ConsoleError::BadTrust("region.key: it is no key".to_owned()))?;
    let key = issuer::KeyPair::from_seed(&seed).public().to_bytes();
    let listed = trust.root().regions.iter().find(|listed| listed.key.to_bytes() == key);
    Ok(listed.map_or(own, |listed| listed.region.clone()))
}

/// Imports uploaded files.
#[utoipa::path(post, path = "/first-start/trust", request_body = Files, responses(
    (status = 204), (status = 409, description = "not-yet"), (status = 422, description = "bad-trust")
))]
pub(super) async fn import_trust(
    State(first): State<Arc<FirstStart>>,
    _: Unlocked,
    body: Payload<Files, UPLOAD_BODY>,
) -> Result<StatusCode, ConsoleError> {
    let mut progress = first.progress().await;
    at_trust(&progress)?;
    let layout = &first.place.layout;
    let uploaded = Uploaded::read(&body.value.files, layout.root())?;
    let trust = trust_of(&uploaded)?;
    let bad = |error: &dyn std::fmt::Display| ConsoleError::BadTrust(error.to_string());
    // Tried beside first: what is wrong costs nothing that is there.
    let beside = uploaded.office().join("tried");
    Keyring::import(&uploaded.office(), &beside).map_err(|error| bad(&error))?;
    let keys = Keyring::open(&beside).map_err(|error| bad(&error))?;
    let signs = keys.receipt(trust.root(), first.now()).is_ok();
    if !keys.opens_for(trust.root()) || !signs {
        return Err(ConsoleError::BadTrust("office: the root names other keys".to_owned()));
    }
    if let Some(csv) = &uploaded.regions {
        let imported = import(csv);
        if let Some(error) = imported.errors.first() {
            let sentence = format!("regions.csv: line {}: {}", error.line, error.code);
            return Err(ConsoleError::BadTrust(sentence));
        }
    }
    first.mark()?;
    Keyring::import(&uploaded.office(), &layout.keys()).map_err(|error| bad(&error))?;
    copy(&uploaded.trust(), &layout.trust(), &*first.store, first.now())
        .await
        .map_err(|error| bad(&error))?;
    if let Some(csv) = uploaded.regions.clone() {
        first.store.set_regions(csv).await?;
    }
    first.opened(&mut progress).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn at_trust(progress: &Progress) -> Result<(), ConsoleError> {
    if matches!(progress.step, Step::Trust) { Ok(()) } else { Err(ConsoleError::NotYet) }
}

/// What a trial is called.
#[cfg(feature = "trial")]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Trial {
    name: Option<String>,
}

/// Makes a deployment for trying.
#[cfg(feature = "trial")]
#[utoipa::path(post, path = "/first-start/trial", request_body = Trial, responses(
    (status = 204), (status = 409, description = "not-yet")
))]
pub(super) async fn trial(
    State(first): State<Arc<FirstStart>>,
    _: Unlocked,
    body: Payload<Trial>,
) -> Result<StatusCode, ConsoleError> {
    let mut progress = first.progress().await;
    at_trust(&progress)?;
    let name = body.value.name.unwrap_or_default();
    let name = if name.trim().is_empty() { TRIAL_NAME } else { name.trim() };
    if name.len() > NAME_FILE_BYTES as usize / 2 || name.chars().any(char::is_control) {
        return Err(ConsoleError::field("name", "bad-name"));
    }
    let layout = &first.place.layout;
    first.mark()?;
    super::trial::make(layout, name, first.now())?;
    disk::replace(&layout.name(), name.as_bytes(), disk::Access::Owner).map_err(|_| ConsoleError::Store)?;
    first.store.set_regions(super::trial::REGIONS.to_vec()).await?;
    first.opened(&mut progress).await?;
    Ok(StatusCode::NO_CONTENT)
}
