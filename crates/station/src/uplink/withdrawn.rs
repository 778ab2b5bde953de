//! What the uplink does once the station is withdrawn: it sends what waits, and erases when nothing does.

use gate::{Input, Withdrawal};

use super::Uplink;
use crate::withdrawal::{self, Heard, Phase};

/// A withdrawal, as this run knows it.
#[derive(Debug)]
pub(super) struct Known {
    heard: Heard,
    /// Whether the disk has it. Nothing is erased before.
    durable: bool,
}

impl Known {
    /// Takes what the last run left on the disk.
    pub(super) fn from_disk(heard: Heard) -> Self {
        Self { heard, durable: true }
    }
}

impl Uplink {
    /// Hears the signed word that this station is out of service: it is durable before the gate hears
    /// it. Where the disk refuses, the gate hears it all the same, and the next word is written.
    pub(super) fn hear_withdrawal(&mut self, contact: &str) {
        let first = self.withdrawal.is_none();
        let contact = contact.to_owned();
        let heard = Heard { phase: Phase::Sending, contact: contact.clone() };
        let known = self.withdrawal.get_or_insert(Known { heard, durable: false });
        if !known.durable {
            let kept = known.heard.keep(&self.parts.folder);
            known.durable = kept.is_ok();
            if let Err(error) = kept {
                tracing::error!(%error, "the word that this station is withdrawn could not be kept");
            }
        }
        if first {
            tracing::error!(contact, "this station was withdrawn: it sends what it has, and judges nothing");
            self.parts.inputs.tell(Input::Withdrawn(Withdrawal { contact }));
        }
    }

    /// Ends a withdrawn station: once its outbox is empty, trust files and key are erased. Returns
    /// whether the uplink has nothing left to do.
    pub(super) async fn end_if_drained(&mut self) -> bool {
        let Some(Known { heard, durable: true }) = &self.withdrawal else { return false };
        if !self.parts.outbox.is_drained().await {
            return false;
        }
        let over = Heard { phase: Phase::Erasing, ..heard.clone() };
        if let Err(error) = over.keep(&self.parts.folder) {
            tracing::error!(%error, "the end of a withdrawn station could not be written");
            return false;
        }
        self.parts.trust.forget();
        self.parts.inputs.tell(Input::Trust(None));
        match withdrawal::erase_secrets(&self.parts.folder) {
            Ok(()) => tracing::warn!("everything was sent; trust files and key are erased"),
            // The next start goes on.
            Err(error) => tracing::error!(%error, "not everything could be erased"),
        }
        true
    }
}
