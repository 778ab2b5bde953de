//! A back office of one page, behind a network that loses, repeats, delays and mixes up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use health_code::PublicKey;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use wire::{Batch, Receipt, RecordId, SealedReport, SignedBatch, Withdrawn};

use super::FakeClock;
use crate::clock::Clock as _;
use crate::testing::{OWN, RECEIPTS, World, key, signing_key};
use crate::uplink::office::{Answer, BackOffice, ExchangeError, Part, Request};

/// Stores reports by their id, and answers with receipts.
pub(super) struct FakeOffice {
    world: World,
    clock: Arc<FakeClock>,
    state: Mutex<State>,
}

struct State {
    rng: ChaCha20Rng,
    healthy: bool,
    withdrawn: bool,
    stored: BTreeMap<RecordId, SealedReport>,
    /// Requests as they were sent, for those that arrive again, late.
    sent: Vec<Vec<u8>>,
    /// The answers given, for those that arrive late.
    answers: Vec<Vec<u8>>,
}

/// The station's way to the office.
pub(super) struct Seam(pub Arc<FakeOffice>);

impl BackOffice for Seam {
    fn post<'a>(&'a self, path: &'a str, body: Vec<u8>, _: &'static str, _: usize) -> Answer<'a, Vec<u8>> {
        assert_eq!(path, "/v1/batches");
        let answer = self.0.take(&body);
        Box::pin(async { answer })
    }

    fn get<'a>(&'a self, _: Request<'a>) -> Answer<'a, Part> {
        Box::pin(async {
            Err(ExchangeError::Status { status: 404, code: None, retry_after: None, at: None })
        })
    }
}

impl FakeOffice {
    pub(super) fn new(world: World, clock: Arc<FakeClock>, seed: u64) -> Self {
        let state = State {
            rng: ChaCha20Rng::seed_from_u64(seed),
            healthy: false,
            withdrawn: false,
            stored: BTreeMap::new(),
            sent: Vec::new(),
            answers: Vec::new(),
        };
        Self { world, clock, state: Mutex::new(state) }
    }

    /// Ends all faults.
    pub(super) fn heal(&self) {
        self.state.lock().unwrap().healthy = true;
    }

    /// Puts the station out of service: each receipt says so from now on.
    pub(super) fn withdraw(&self) {
        self.state.lock().unwrap().withdrawn = true;
    }

    pub(super) fn stored(&self) -> Vec<SealedReport> {
        self.state.lock().unwrap().stored.values().cloned().collect()
    }

    fn take(&self, body: &[u8]) -> Result<Vec<u8>, ExchangeError> {
        let mut state = self.state.lock().unwrap();
        let fault = if state.healthy { u32::MAX } else { state.rng.next_u32() % 16 };
        state.sent.push(body.to_vec());
        match fault {
            // The request is lost.
            0 => Err(ExchangeError::Unreachable),
            // The reply is lost.
            1 | 2 => {
                self.store(&mut state, body);
                Err(if fault == 1 { ExchangeError::Unreachable } else { ExchangeError::BrokenOff })
            }
            // The request arrives twice.
            3 => {
                self.store(&mut state, body);
                Ok(self.store(&mut state, body))
            }
            // An earlier request arrives again, before this one.
            4 | 5 => {
                let count = state.sent.len();
                let earlier = any(&mut state.rng, count);
                let again = state.sent[earlier].clone();
                self.store(&mut state, &again);
                Ok(self.store(&mut state, body))
            }
            // An earlier reply arrives instead of this one's.
            6 if !state.answers.is_empty() => {
                let count = state.answers.len();
                let earlier = any(&mut state.rng, count);
                let late = state.answers[earlier].clone();
                self.store(&mut state, body);
                Ok(late)
            }
            // It is busy, before or after it stored the reports.
            7 => Err(ExchangeError::Status {
                status: 503,
                code: None,
                retry_after: Some(Duration::from_secs(9)),
                at: None,
            }),
            8 => {
                self.store(&mut state, body);
                Err(ExchangeError::Status { status: 500, code: None, retry_after: None, at: None })
            }
            // The batch is too large, in somebody's opinion.
            9 => Err(ExchangeError::Status { status: 413, code: None, retry_after: None, at: None }),
            // Only the first half is stored and acknowledged.
            10 => {
                let mut batch = open(body);
                batch.reports.truncate(batch.reports.len() / 2);
                Ok(self.store_batch(&mut state, &batch))
            }
            _ => Ok(self.store(&mut state, body)),
        }
    }

    fn store(&self, state: &mut State, body: &[u8]) -> Vec<u8> {
        self.store_batch(state, &open(body))
    }

    fn store_batch(&self, state: &mut State, batch: &Batch) -> Vec<u8> {
        for report in &batch.reports {
            let before = state.stored.insert(report.record, report.clone());
            assert!(before.is_none_or(|before| before == *report), "two reports by one id");
        }
        let now = self.clock.wall();
        let word = Withdrawn { since: now.0, contact: "值班室".to_owned() };
        let receipt =
            Receipt { withdrawn: state.withdrawn.then_some(word), ..self.world.receipt(batch, now) };
        let answer = sign(&receipt);
        state.answers.push(answer.clone());
        answer
    }
}

fn open(body: &[u8]) -> Batch {
    let public = PublicKey::from_bytes(&signing_key(OWN).verifying_key().to_bytes()).unwrap();
    SignedBatch::open(body, &public).unwrap()
}

fn sign(receipt: &Receipt) -> Vec<u8> {
    receipt.sign(key(RECEIPTS).kid(), &signing_key(RECEIPTS))
}

fn any(rng: &mut ChaCha20Rng, count: usize) -> usize {
    usize::try_from(rng.next_u64()).unwrap() % count
}
