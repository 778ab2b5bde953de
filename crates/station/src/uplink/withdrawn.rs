//! What the uplink does once the station is withdrawn: it sends what waits, and erases when nothing does.

use std::time::Duration;

use gate::{Input, Withdrawal};

use super::Uplink;
use crate::withdrawal::{self, Heard, Phase};

/// A gate that still owes reports is waited for at most this long: twenty of its tries. A disk that takes
/// none in that time would keep the keys of a withdrawn station for ever.
pub(super) const OWES_AT_MOST: Duration = Duration::from_secs(600);
/// A station that waits for its gate asks again after this.
pub(super) const ASKS_AGAIN: Duration = Duration::from_secs(10);

/// A withdrawal, as this run knows it.
#[derive(Debug)]
pub(super) struct Known {
    heard: Heard,
    /// Whether the disk has it. Nothing is erased before.
    durable: bool,
    /// Since when everything was sent but what the gate still owes.
    owed_since: Option<Duration>,
}

impl Known {
    /// Takes what the last run left on the disk.
    pub(super) fn from_disk(heard: Heard) -> Self {
        Self { heard, durable: true, owed_since: None }
    }
}

impl Uplink {
    /// Hears the signed word that this station is out of service: it is durable before the gate hears
    /// it. Where the disk refuses, the gate hears it all the same, and the next word is written.
    pub(super) fn hear_withdrawal(&mut self, contact: &str) {
        let first = self.withdrawal.is_none();
        let contact = contact.to_owned();
        let heard = Heard { phase: Phase::Sending, left: false, contact: contact.clone(), exported: None };
        let known = self.withdrawal.get_or_insert(Known { heard, durable: false, owed_since: None });
        if !known.durable {
            let kept = known.heard.keep(&self.parts.folder);
            known.durable = kept.is_ok();
            if let Err(error) = kept {
                tracing::error!(%error, "the word that this station is withdrawn could not be kept");
            }
        }
        if first {
            tracing::error!(contact, "this station was withdrawn: it sends what it has, and judges nothing");
            self.parts.inputs.tell(Input::Withdrawn(Withdrawal { left: false, contact }));
        }
    }

    /// Ends a withdrawn station: once the gate owes no report and the outbox is empty, trust files and key
    /// are erased. Returns whether the uplink has nothing left to do.
    pub(super) async fn end_if_drained(&mut self) -> bool {
        if !self.withdrawal.as_ref().is_some_and(|known| known.durable) {
            return false;
        }
        // In this order: what the gate does not owe any more is in the outbox.
        let owes = self.parts.inputs.owes_reports().await;
        if !self.parts.outbox.is_drained().await || (owes && !self.has_waited_for_the_gate()) {
            return false;
        }
        let Some(Known { heard, .. }) = &self.withdrawal else { return false };
        if owes {
            tracing::error!("the gate has reports that the disk does not take; they are lost with the key");
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

    /// Returns whether the gate alone was waited for long enough.
    fn has_waited_for_the_gate(&mut self) -> bool {
        let mono = self.parts.clock.read().0.mono;
        let Some(known) = &mut self.withdrawal else { return false };
        mono.saturating_sub(*known.owed_since.get_or_insert(mono)) >= OWES_AT_MOST
    }

    /// Returns whether only the gate is waited for.
    pub(super) fn waits_for_the_gate(&self) -> bool {
        self.withdrawal.as_ref().is_some_and(|known| known.owed_since.is_some())
    }
}
