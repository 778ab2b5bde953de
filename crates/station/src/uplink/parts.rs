//! What the uplink works with.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use gate::sync::Rules;
use wire::StationId;

use super::office::BackOffice;
use crate::clock::Clock;
use crate::entropy::Generator;
use crate::folder::Folder;
use crate::inputs::Inputs;
use crate::outbox::backlog::Backlog;
use crate::trust_store::TrustStore;
use crate::wake::Wake;
use crate::withdrawal::Heard;

/// What the uplink works with.
pub(crate) struct Parts {
    pub office: Box<dyn BackOffice>,
    pub station: StationId,
    /// What the technician calls this laptop.
    pub name: String,
    /// Signs batches and requests.
    pub key: SigningKey,
    pub folder: Folder,
    /// The withdrawal that an earlier run heard.
    pub heard: Option<Heard>,
    pub outbox: Box<dyn Backlog>,
    pub trust: Arc<TrustStore>,
    pub clock: Arc<dyn Clock>,
    pub inputs: Inputs,
    /// Tells how many reports wait, and when a person sends now.
    pub wake: Arc<Wake>,
    /// What goes into a batch, and what an answer settles.
    pub rules: Rules,
    /// Names batches, and spreads retries (jitter).
    pub rng: Generator,
}
