//! Downloads the trust files that the back office offers, checks them, and puts them in force.
//!
//! What is done with the files that could be had is decided by [`crate::trust_choice`].

use std::collections::BTreeMap;
use std::sync::Arc;

use gate::Input;
use health_code::limits::{POLICY_BYTES, REVOCATION_CHUNK_BYTES, ROOT_STEPS, TRUST_FILE_BYTES};
use health_code::trust::{RevocationIndex, is_chunk};
use health_code::{Timestamp, Trust, TrustFault, TrustUpdate, hex};
use sha2::{Digest, Sha256};
use wire::token::HEADER;
use wire::{ClockState, Offer, Receipt, StationToken};

use super::office::{COSE, ExchangeError, OCTETS, Request};
use super::parts::Parts;
use crate::trust_choice;

/// Where the list is.
const LIST: &str = "/v1/trust/trust.cose";
/// Where the station's community is.
const COMMUNITY: &str = "/v1/trust/community.cose";
/// Receipts for which a file that was refused is not asked for again.
const REFUSED_REST: u32 = 10;

/// What is remembered between offers.
#[derive(Debug, Default)]
pub(super) struct TrustDownload {
    /// Files that were had and refused, by their hash, and for how many receipts they rest.
    resting: BTreeMap<[u8; 32], u32>,
    /// Receipts by an unknown key for which no root is sought.
    seeks_rest: u32,
    /// The time of the last receipt that could be opened.
    receipt: Option<Timestamp>,
}

/// What is wanted of newer files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    /// The newest root's version.
    roots: Option<u64>,
    list: Option<Offer>,
    community: Option<Offer>,
}

impl TrustDownload {
    /// Downloads what a receipt offers that is newer than what is in force, and policies that are
    /// missing. A file that cannot be had is asked for with the next receipt, and keeps out no other.
    pub(super) async fn fetch(&mut self, parts: &Parts, trust: &Trust, receipt: &Receipt) {
        // The receipt's time is signed; the wall clock may be what is wrong.
        let now = Timestamp(receipt.time);
        self.receipt = Some(now);
        self.resting.retain(|_, left| {
            *left -= 1;
            *left > 0
        });
        let wanted = self.wanted(trust, receipt);
        let nothing = Wanted { roots: None, list: None, community: None };
        if wanted == nothing && trust.missing_policies().is_empty() {
            return;
        }
        let had = self.download(parts, trust, wanted, now).await;
        let (had, whole) = complete(parts, trust, had, now).await;
        put_in_force(parts, &had, now);
        self.rest(parts, &had, whole);
    }

    /// Asks for all files without an offer. A receipt that is signed by an unknown key may be one of
    /// a newer root.
    pub(super) async fn seek_root(&mut self, parts: &Parts) {
        if self.seeks_rest > 0 {
            self.seeks_rest -= 1;
            return;
        }
        self.seeks_rest = REFUSED_REST;
        let Some(trust) = parts.trust.current() else { return };
        let now = self.best_time(parts, &trust);
        let mut had = TrustUpdate { roots: roots_after(parts, &trust, None).await, ..TrustUpdate::default() };
        had.list = told("list", get(parts, LIST, None).await);
        had.community = told("community", get(parts, COMMUNITY, Some(token(parts, now))).await);
        let (had, _) = complete(parts, &trust, had, now).await;
        if put_in_force(parts, &had, now) {
            self.seeks_rest = 0;
        }
    }

    /// Returns the time to go by without a receipt: the clock's, and while that is not trusted at
    /// least the latest signed time.
    fn best_time(&self, parts: &Parts, trust: &Trust) -> Timestamp {
        let (now, state) = parts.clock.read();
        match state {
            ClockState::Trusted => now.wall,
            _ => now.wall.max(trust.latest_signed_time()).max(self.receipt.unwrap_or(now.wall)),
        }
    }

    fn wanted(&self, trust: &Trust, receipt: &Receipt) -> Wanted {
        let rests = |offer: &Offer| self.resting.contains_key(&offer.hash);
        let root = receipt.root.version > trust.root().version && !rests(&receipt.root);
        // A new root may have withdrawn a key, and what is not believed holds up nothing. Then a file
        // with a lower version may be the newer one.
        let other = |offer: &Offer, stored: u64, file: &[u8], any: bool| {
            !rests(offer) && (offer.version > stored || (any && offer.hash != sha256(file)))
        };
        let (files, now) = (trust.files(), Timestamp(receipt.time));
        let any = root || trust.fault_at(now) == Some(TrustFault::CommunityNotBelieved);
        let list = other(&receipt.list, trust.list().version, &files.list, root);
        let community = other(&receipt.community, trust.community().version, &files.community, any);
        Wanted {
            roots: root.then_some(receipt.root.version),
            list: list.then_some(receipt.list),
            community: community.then_some(receipt.community),
        }
    }

    /// Downloads root, list and community, each for itself.
    async fn download(
        &mut self,
        parts: &Parts,
        trust: &Trust,
        wanted: Wanted,
        now: Timestamp,
    ) -> TrustUpdate {
        let mut had = TrustUpdate::default();
        if let Some(last) = wanted.roots {
            had.roots = roots_after(parts, trust, Some(last)).await;
        }
        if let Some(offer) = &wanted.list {
            had.list = self.offered(offer, told("list", get(parts, LIST, None).await));
        }
        if let Some(offer) = &wanted.community {
            let file = told("community", get(parts, COMMUNITY, Some(token(parts, now))).await);
            had.community = self.offered(offer, file);
        }
        had
    }

    /// Returns a file if it is the offered one. Another one rests.
    fn offered(&mut self, offer: &Offer, file: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let file = file?;
        if sha256(&file) == offer.hash {
            return Some(file);
        }
        tracing::warn!("another trust file than was offered");
        self.resting.insert(offer.hash, REFUSED_REST);
        None
    }

    /// Lets rest what was had and is not in force now. A list whose revocations could not be had is
    /// not refused: they are asked for again.
    fn rest(&mut self, parts: &Parts, had: &TrustUpdate, whole: bool) {
        let Some(trust) = parts.trust.current() else { return };
        let files = trust.files();
        let refused = [
            (had.roots.last(), &files.root),
            (had.list.as_ref().filter(|_| whole), &files.list),
            (had.community.as_ref(), &files.community),
        ];
        for (file, in_force) in refused {
            if let Some(file) = file.filter(|file| *file != in_force) {
                self.resting.insert(sha256(file), REFUSED_REST);
            }
        }
    }
}

/// Adds revocations and policies that the files name and this station does not have. Also returns
/// whether the revocations could be had, if any are wanted.
async fn complete(parts: &Parts, trust: &Trust, had: TrustUpdate, now: Timestamp) -> (TrustUpdate, bool) {
    let index = trust_choice::wanted_revocations(trust, &had, now);
    let revocations = match &index {
        Some(index) => revocations(parts, trust, index).await,
        None => None,
    };
    let whole = index.is_none() || revocations.is_some();
    let mut had = TrustUpdate { revocations, ..had };
    for named in trust_choice::wanted_policies(trust, &had, now) {
        let path = format!("/v1/trust/policies/{}", named.hash);
        let request = Request { path: &path, answer: COSE, header: None, limit: POLICY_BYTES };
        had.policies.extend(told("policy", parts.office.get(request).await));
    }
    (had, whole)
}

/// Downloads the chunks that are not here; `None` where one cannot be had.
async fn revocations(parts: &Parts, trust: &Trust, index: &RevocationIndex) -> Option<Arc<[u8]>> {
    let mut fresh = BTreeMap::new();
    for (byte, hash) in trust.revocations().missing(index) {
        let path = format!("/v1/trust/revocations/{}", hex::encode(&hash));
        let request = Request { path: &path, answer: OCTETS, header: None, limit: REVOCATION_CHUNK_BYTES };
        let chunk = told("revocations", parts.office.get(request).await)?;
        if !is_chunk(&chunk, &hash) {
            tracing::warn!("other revocations than were named");
            return None;
        }
        fresh.insert(byte, chunk);
    }
    Some(trust.revocations().patched(index, &fresh))
}

/// Puts in force what holds together. Returns whether anything changed.
fn put_in_force(parts: &Parts, had: &TrustUpdate, now: Timestamp) -> bool {
    let trust = match parts.trust.take(had, now) {
        Ok(Some(trust)) => trust,
        Ok(None) => return false,
        Err(error) => {
            tracing::error!(%error, "newer trust files could not be kept");
            return false;
        }
    };
    tracing::info!(
        root = trust.root().version,
        list = trust.list().version,
        community = trust.community().version,
        missing_policies = trust.missing_policies().len(),
        "newer trust files are in force"
    );
    parts.clock.hear_issued(trust.latest_signed_time());
    parts.inputs.tell(Input::Trust(Some(trust)));
    true
}

fn token(parts: &Parts, now: Timestamp) -> String {
    StationToken { station: parts.station, time: now.0 }.sign(&parts.key)
}

/// Downloads the roots after the one in force, one by one, up to `last` or to the newest one; as many
/// as can be had.
async fn roots_after(parts: &Parts, trust: &Trust, last: Option<u64>) -> Vec<Vec<u8>> {
    let mut roots = Vec::new();
    for version in (trust.root().version + 1..=last.unwrap_or(u64::MAX)).take(ROOT_STEPS) {
        match get(parts, &format!("/v1/trust/{version}.root.cose"), None).await {
            Ok(root) => roots.push(root),
            Err(ExchangeError::Status { status: 404, .. }) if last.is_none() => break,
            Err(error) => {
                tracing::warn!(%error, version, "a newer root could not be had");
                break;
            }
        }
    }
    roots
}

/// Logs why a file could not be had.
fn told(what: &'static str, file: Result<Vec<u8>, ExchangeError>) -> Option<Vec<u8>> {
    file.inspect_err(|error| tracing::warn!(%error, what, "a newer trust file could not be had")).ok()
}

async fn get(parts: &Parts, path: &str, token: Option<String>) -> Result<Vec<u8>, ExchangeError> {
    let header = token.map(|token| (HEADER, token));
    parts.office.get(Request { path, answer: COSE, header, limit: TRUST_FILE_BYTES }).await
}

fn sha256(file: &[u8]) -> [u8; 32] {
    Sha256::digest(file).into()
}
