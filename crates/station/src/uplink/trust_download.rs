//! Downloads the trust files that the back office offers, checks them, and puts them in force.

use std::collections::BTreeMap;

use gate::Input;
use health_code::limits::{POLICY_BYTES, REVOCATION_CHUNK_BYTES, ROOT_STEPS, TRUST_FILE_BYTES};
use health_code::trust::is_chunk;
use health_code::{Timestamp, Trust, TrustUpdate};
use sha2::{Digest, Sha256};
use wire::token::HEADER;
use wire::{Offer, Receipt, StationToken};

use super::office::{COSE, ExchangeError, OCTETS, Request};
use super::parts::Parts;
use crate::trust_store::TrustError;

/// Exchanges in which a trust file that was refused is not asked for again.
const REFUSED_PAUSE: u32 = 10;

/// What is remembered between offers.
#[derive(Debug, Default)]
pub(super) struct TrustDownload {
    /// Exchanges to wait before files that were refused are asked for again.
    pause: u32,
}

impl TrustDownload {
    /// Downloads what a receipt offers that is newer than what is in force.
    pub(super) async fn fetch(&mut self, parts: &Parts, trust: &Trust, receipt: &Receipt) {
        let newer = newer(trust, receipt);
        if newer == [false; 3] && trust.missing_policies().is_empty() {
            return;
        }
        if self.pause > 0 {
            self.pause -= 1;
            return;
        }
        match download(parts, trust, receipt, newer).await {
            // The receipt's time is signed; the wall clock may be what is wrong.
            Ok(update) => {
                let now = Timestamp(receipt.time);
                let update = with_revocations(parts, trust, update, now).await;
                let update = with_policies(parts, trust, update, now).await;
                self.accept(parts, update, now);
            }
            Err(error) => {
                tracing::warn!(%error, "newer trust files could not be had");
                self.pause = REFUSED_PAUSE;
            }
        }
    }

    /// Asks for all files without an offer. A receipt that is signed by an unknown key may be one of
    /// a newer root.
    pub(super) async fn seek_root(&mut self, parts: &Parts) {
        if self.pause > 0 {
            self.pause -= 1;
            return;
        }
        self.pause = REFUSED_PAUSE;
        let now = parts.clock.wall();
        let Some(trust) = parts.trust.current() else { return };
        let Ok(roots) = roots_after(parts, trust.root().version, None).await else { return };
        let Ok(list) = get(parts, "/v1/trust/trust.cose", None).await else { return };
        let community = get(parts, "/v1/trust/community.cose", Some(token(parts, now))).await.ok();
        let update = TrustUpdate { roots, list: Some(list), ..TrustUpdate::default() };
        let update = with_revocations(parts, &trust, update, now).await;
        let with = with_policies(parts, &trust, TrustUpdate { community, ..update }, now).await;
        let without = TrustUpdate { community: None, ..with.clone() };
        if apply(parts, &with, now).or_else(|_| apply(parts, &without, now)).is_ok() {
            self.pause = 0;
        }
    }

    /// Puts the files in force together, because a new root needs its new list. If that fails each
    /// is tried alone, so that one bad file keeps out no other.
    fn accept(&mut self, parts: &Parts, update: TrustUpdate, now: Timestamp) {
        let Err(error) = apply(parts, &update, now) else { return };
        tracing::warn!(%error, "newer trust files were not accepted together");
        self.pause = REFUSED_PAUSE;
        let TrustUpdate { roots, list, community, revocations, policies } = update;
        let with_root = TrustUpdate { roots, list, revocations, community: None, policies: policies.clone() };
        let alone = [
            with_root.clone(),
            TrustUpdate { roots: Vec::new(), ..with_root },
            TrustUpdate { community, policies, ..TrustUpdate::default() },
        ];
        for part in alone.iter().filter(|part| **part != TrustUpdate::default()) {
            if let Err(error) = apply(parts, part, now) {
                tracing::warn!(%error, "a newer trust file was not accepted");
            }
        }
    }
}

fn newer(trust: &Trust, receipt: &Receipt) -> [bool; 3] {
    let root = receipt.root.version > trust.root().version;
    // A new root may have withdrawn a key. Then a file with a lower version may be the newer one.
    let other = |offer: &Offer, stored: u64, file: &[u8]| {
        offer.version > stored || (root && offer.hash != <[u8; 32]>::from(Sha256::digest(file)))
    };
    let files = trust.files();
    [
        root,
        other(&receipt.list, trust.list().version, &files.list),
        other(&receipt.community, trust.community().version, &files.community),
    ]
}

#[derive(Debug, thiserror::Error)]
enum Download {
    #[error(transparent)]
    Link(#[from] ExchangeError),
    #[error("another file than was offered")]
    OtherFile,
}

async fn download(
    parts: &Parts,
    trust: &Trust,
    receipt: &Receipt,
    newer: [bool; 3],
) -> Result<TrustUpdate, Download> {
    let [root, list, community] = newer;
    let mut update = TrustUpdate::default();
    if root {
        update.roots = roots_after(parts, trust.root().version, Some(receipt.root.version)).await?;
    }
    if list {
        update.list = Some(offered(parts, "/v1/trust/trust.cose", None, &receipt.list).await?);
    }
    if community {
        // By the back office's own time: the station's clock may be what is wrong.
        let token = token(parts, Timestamp(receipt.time));
        let file = offered(parts, "/v1/trust/community.cose", Some(token), &receipt.community).await?;
        update.community = Some(file);
    }
    Ok(update)
}

fn token(parts: &Parts, now: Timestamp) -> String {
    StationToken { station: parts.station, time: now.0 }.sign(&parts.key)
}

/// Downloads the roots after `version`, one by one, up to `last` or to the newest one.
async fn roots_after(parts: &Parts, version: u64, last: Option<u64>) -> Result<Vec<Vec<u8>>, ExchangeError> {
    let mut roots = Vec::new();
    for version in (version + 1..=last.unwrap_or(u64::MAX)).take(ROOT_STEPS) {
        match get(parts, &format!("/v1/trust/{version}.root.cose"), None).await {
            Ok(root) => roots.push(root),
            Err(ExchangeError::Status { status: 404, .. }) if last.is_none() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(roots)
}

/// Adds the revocations that the update's list names: only the chunks that are not here travel. An
/// update that goes without them is refused, which is told then.
async fn with_revocations(parts: &Parts, trust: &Trust, update: TrustUpdate, now: Timestamp) -> TrustUpdate {
    // Its root may be what is wrong with it; the list may still hold under the one in force.
    let without_root = || TrustUpdate { list: update.list.clone(), ..TrustUpdate::default() };
    let signed = TrustUpdate { community: None, ..update.clone() };
    let index = trust.index_after(&signed, now).or_else(|_| trust.index_after(&without_root(), now));
    let Ok(index) = index else { return update };
    let mut fresh = BTreeMap::new();
    for (byte, hash) in trust.revocations().missing(&index) {
        let path = format!("/v1/trust/revocations/{}", health_code::hex::encode(&hash));
        let chunk = parts
            .office
            .get(Request { path: &path, answer: OCTETS, header: None, limit: REVOCATION_CHUNK_BYTES })
            .await;
        match chunk {
            Ok(chunk) if is_chunk(&chunk, &hash) => _ = fresh.insert(byte, chunk),
            Ok(_) => return update,
            Err(error) => {
                tracing::warn!(%error, "revocations could not be had");
                return update;
            }
        }
    }
    let revocations = Some(trust.revocations().patched(&index, &fresh));
    TrustUpdate { revocations, ..update }
}

/// Adds the policies that would be missing after the update. One that cannot be had keeps out no other.
async fn with_policies(parts: &Parts, trust: &Trust, update: TrustUpdate, now: Timestamp) -> TrustUpdate {
    let Ok(wanted) = trust.policies_after(&update, now) else { return update };
    let mut policies = update.policies;
    for named in wanted {
        let path = format!("/v1/trust/policies/{}", named.hash);
        let request = Request { path: &path, answer: COSE, header: None, limit: POLICY_BYTES };
        match parts.office.get(request).await {
            Ok(file) => policies.push(file),
            Err(error) => tracing::warn!(%error, region = %named.region, "a policy could not be had"),
        }
    }
    TrustUpdate { policies, ..update }
}

async fn offered(
    parts: &Parts,
    path: &str,
    token: Option<String>,
    offer: &Offer,
) -> Result<Vec<u8>, Download> {
    let file = get(parts, path, token).await?;
    let hash: [u8; 32] = Sha256::digest(&file).into();
    if hash == offer.hash { Ok(file) } else { Err(Download::OtherFile) }
}

async fn get(parts: &Parts, path: &str, token: Option<String>) -> Result<Vec<u8>, ExchangeError> {
    let header = token.map(|token| (HEADER, token));
    parts.office.get(Request { path, answer: COSE, header, limit: TRUST_FILE_BYTES }).await
}

fn apply(parts: &Parts, update: &TrustUpdate, now: Timestamp) -> Result<(), TrustError> {
    let trust = parts.trust.accept(update, now)?;
    tracing::info!(
        root = trust.root().version,
        list = trust.list().version,
        community = trust.community().version,
        "newer trust files are in force"
    );
    parts.clock.hear_issued(trust.latest_signed_time());
    parts.inputs.tell(Input::Trust(Some(trust)));
    Ok(())
}
