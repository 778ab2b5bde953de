//! Downloads the trust files that the back office offers, checks them, and puts them in force.
//!
//! What is done with the files that could be had is decided by [`crate::trust_choice`].

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gate::Input;
use health_code::limits::{POLICY_BYTES, REVOCATION_CHUNK_BYTES, ROOT_STEPS, TRUST_FILE_BYTES};
use health_code::trust::{RevocationIndex, is_chunk};
use health_code::{Timestamp, Trust, TrustFault, TrustUpdate, hex};
use sha2::{Digest, Sha256};
use wire::token::HEADER;
use wire::{ClockState, Offer, Receipt, StationToken};

use super::office::{COSE, ExchangeError, OCTETS};
use super::parts::Parts;
use super::shelf::Shelf;
use super::turn::{self, Turn, Wanted};
use crate::trust_choice;

/// Where the list is.
const LIST: &str = "/v1/trust/trust.cose";
/// Where the station's community is.
const COMMUNITY: &str = "/v1/trust/community.cose";
/// Receipts for which a file that was refused is not asked for again.
const REFUSED_REST: u32 = 10;

/// What is remembered between offers.
#[derive(Debug)]
pub(super) struct TrustDownload {
    /// How long a turn is.
    pub(super) turn: Duration,
    /// What is to be downloaded, until it is done or failed.
    job: Option<Job>,
    shelf: Shelf,
    /// Files that were had and refused, by their hash, and for how many receipts they rest.
    resting: BTreeMap<[u8; 32], u32>,
    /// Receipts by an unknown key for which no root is sought.
    seeks_rest: u32,
    /// The time of the last receipt that could be opened, and when that was on the stopwatch.
    receipt: Option<(Timestamp, Duration)>,
}

/// What is to be downloaded.
#[derive(Debug, Clone, Copy)]
enum Job {
    /// What a receipt offers, as far as it is newer, and policies that are missing.
    Offered { root: Offer, list: Offer, community: Offer },
    /// All files, whatever they are: a receipt that is signed by an unknown key may be one of a newer
    /// root.
    Anything,
}

/// What is wanted of newer files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Newer {
    /// The newest root's version.
    roots: Option<u64>,
    list: Option<Offer>,
    community: Option<Offer>,
}

impl Default for TrustDownload {
    fn default() -> Self {
        Self {
            turn: turn::TURN,
            job: None,
            shelf: Shelf::default(),
            resting: BTreeMap::new(),
            seeks_rest: 0,
            receipt: None,
        }
    }
}

impl TrustDownload {
    /// Hears what a receipt offers. A file that could not be had is asked for again, from where it
    /// broke off.
    pub(super) fn hear(&mut self, parts: &Parts, receipt: &Receipt) {
        // The receipt's time is signed; the wall clock may be what is wrong.
        self.receipt = Some((Timestamp(receipt.time), parts.clock.read().0.mono));
        self.resting.retain(|_, left| {
            *left -= 1;
            *left > 0
        });
        let Receipt { root, list, community, .. } = *receipt;
        self.job = Some(Job::Offered { root, list, community });
    }

    /// Hears of a receipt that is signed by an unknown key.
    pub(super) fn seek_root(&mut self) {
        if self.seeks_rest > 0 {
            self.seeks_rest -= 1;
            return;
        }
        self.seeks_rest = REFUSED_REST;
        self.job = Some(Job::Anything);
    }

    /// Returns whether there is something to download now.
    pub(super) fn goes_on(&self) -> bool {
        self.job.is_some()
    }

    /// Downloads for one turn what is wanted, and puts in force what holds together of it. A file that
    /// cannot be had keeps out no other.
    pub(super) async fn turn(&mut self, parts: &Parts) {
        let (Some(job), Some(trust)) = (self.job, parts.trust.current()) else {
            self.job = None;
            return;
        };
        let newer = self.newer(&trust, job);
        let nothing = Newer { roots: None, list: None, community: None };
        if newer == Some(nothing) && trust.missing_policies().is_empty() {
            self.shelf = Shelf::default();
            self.job = None;
            return;
        }
        let now = self.best_time(parts, &trust);
        let mut shelf = std::mem::take(&mut self.shelf);
        let mut turn = Turn::begin(parts, &mut shelf, self.turn);
        let had = self.download(&mut turn, &trust, newer, now).await;
        let (had, whole) = complete(&mut turn, &trust, had, now).await;
        let goes_on = turn.goes_on();
        let changed = put_in_force(parts, &had, now);
        if !goes_on {
            shelf.tidy();
            self.job = None;
            match job {
                Job::Offered { .. } => self.rest(parts, &had, whole),
                Job::Anything if changed => self.seeks_rest = 0,
                Job::Anything => {}
            }
        }
        self.shelf = shelf;
    }

    /// Returns the time to go by: the last receipt's, run on by the stopwatch. Before any receipt it is
    /// the clock's, and while that is not trusted at least the latest signed time.
    pub(super) fn best_time(&self, parts: &Parts, trust: &Trust) -> Timestamp {
        let (now, state) = parts.clock.read();
        let since = |heard: Duration| i64::try_from(now.mono.saturating_sub(heard).as_secs());
        let signed = self.receipt.map(|(time, heard)| time.plus(since(heard).unwrap_or_default()));
        match (self.job, state) {
            (Some(Job::Offered { .. }), _) => signed.unwrap_or(now.wall),
            (_, ClockState::Trusted) => now.wall,
            _ => now.wall.max(trust.latest_signed_time()).max(signed.unwrap_or(now.wall)),
        }
    }

    /// Returns which of the offered files are wanted; `None` where all are, whatever they are.
    fn newer(&self, trust: &Trust, job: Job) -> Option<Newer> {
        let Job::Offered { root, list, community } = job else { return None };
        let rests = |offer: &Offer| self.resting.contains_key(&offer.hash);
        let newer_root = root.version > trust.root().version && !rests(&root);
        // A new root may have withdrawn a key, and what is not believed holds up nothing. Then a file
        // with a lower version may be the newer one.
        let other = |offer: Offer, stored: u64, file: &[u8], any: bool| {
            let wanted = !rests(&offer) && (offer.version > stored || (any && offer.hash != sha256(file)));
            wanted.then_some(offer)
        };
        let (files, now) = (trust.files(), self.receipt.map_or(Timestamp(0), |(time, _)| time));
        let any = newer_root || trust.fault_at(now) == Some(TrustFault::CommunityNotBelieved);
        Some(Newer {
            roots: newer_root.then_some(root.version),
            list: other(list, trust.list().version, &files.list, newer_root),
            community: other(community, trust.community().version, &files.community, any),
        })
    }

    /// Downloads root, list and community, each for itself.
    async fn download(
        &mut self,
        turn: &mut Turn<'_>,
        trust: &Trust,
        newer: Option<Newer>,
        now: Timestamp,
    ) -> TrustUpdate {
        let mut had = TrustUpdate::default();
        if newer.is_none_or(|newer| newer.roots.is_some()) {
            had.roots = roots_after(turn, trust, newer.and_then(|newer| newer.roots)).await;
        }
        if newer.is_none_or(|newer| newer.list.is_some()) {
            let offer = newer.and_then(|newer| newer.list);
            had.list = self.offered(offer, turn.get(wanted(LIST, None, offer)).await);
        }
        if newer.is_none_or(|newer| newer.community.is_some()) {
            let offer = newer.and_then(|newer| newer.community);
            let token = StationToken { station: turn.parts.station, time: now.0 }.sign(&turn.parts.key);
            had.community = self.offered(offer, turn.get(wanted(COMMUNITY, Some(token), offer)).await);
        }
        had
    }

    /// Returns a file if it is the offered one. Another one rests.
    fn offered(&mut self, offer: Option<Offer>, file: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let file = file?;
        match offer {
            Some(offer) if sha256(&file) != offer.hash => {
                tracing::warn!("another trust file than was offered");
                self.resting.insert(offer.hash, REFUSED_REST);
                None
            }
            _ => Some(file),
        }
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
async fn complete(
    turn: &mut Turn<'_>,
    trust: &Trust,
    had: TrustUpdate,
    now: Timestamp,
) -> (TrustUpdate, bool) {
    let index = trust_choice::wanted_revocations(trust, &had, now);
    let revocations = match &index {
        Some(index) => revocations(turn, trust, index).await,
        None => None,
    };
    let whole = index.is_none() || revocations.is_some();
    let mut had = TrustUpdate { revocations, ..had };
    for named in trust_choice::wanted_policies(trust, &had, now) {
        let path = format!("/v1/trust/policies/{}", named.hash);
        had.policies.extend(turn.get(Wanted { limit: POLICY_BYTES, ..wanted(&path, None, None) }).await);
    }
    (had, whole)
}

/// Downloads the chunks that are not here; `None` where one cannot be had.
async fn revocations(turn: &mut Turn<'_>, trust: &Trust, index: &RevocationIndex) -> Option<Arc<[u8]>> {
    let mut fresh = BTreeMap::new();
    for (byte, hash) in trust.revocations().missing(index) {
        let path = format!("/v1/trust/revocations/{}", hex::encode(&hash));
        let wanted = Wanted { answer: OCTETS, limit: REVOCATION_CHUNK_BYTES, ..wanted(&path, None, None) };
        let chunk = turn.get(wanted).await?;
        if !is_chunk(&chunk, &hash) {
            tracing::warn!("other revocations than were named");
            return None;
        }
        fresh.insert(byte, chunk);
    }
    Some(trust.revocations().patched(index, &fresh))
}

/// Puts in force what holds together. Returns whether anything changed.
pub(super) fn put_in_force(parts: &Parts, had: &TrustUpdate, now: Timestamp) -> bool {
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

/// Downloads the roots after the one in force, one by one, up to `last` or to the newest one; as many
/// as can be had.
async fn roots_after(turn: &mut Turn<'_>, trust: &Trust, last: Option<u64>) -> Vec<Vec<u8>> {
    let mut roots = Vec::new();
    for version in (trust.root().version + 1..=last.unwrap_or(u64::MAX)).take(ROOT_STEPS) {
        match turn.try_get(&wanted(&format!("/v1/trust/{version}.root.cose"), None, None)).await {
            Ok(Some(root)) => roots.push(root),
            Ok(None) => break,
            Err(ExchangeError::Status { status: 404, .. }) if last.is_none() => break,
            Err(error) => {
                tracing::warn!(%error, version, "a newer root could not be had");
                break;
            }
        }
    }
    roots
}

/// Returns a signed file to ask for.
fn wanted(path: &str, token: Option<String>, offer: Option<Offer>) -> Wanted<'_> {
    let header = token.map(|token| (HEADER, token));
    Wanted { path, answer: COSE, header, limit: TRUST_FILE_BYTES, hash: offer.map(|offer| offer.hash) }
}

fn sha256(file: &[u8]) -> [u8; 32] {
    Sha256::digest(file).into()
}
