//! A passage that somebody was shown: its page names it by a text that only the office can make.
//!
//! So a server needs to remember no look, and nobody goes on from a passage that they were not shown.

use health_code::{PersonId, Timestamp};
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use wire::{RecordId, StationId, hex};

/// Sets these proofs apart from all other hashes.
const PURPOSE: &[u8] = b"kadian-shown-v1";
/// Bytes of what is named: station, record, checkpoint and time.
const NAMED: usize = 16 + 16 + 8 + 8;
const PROOF: usize = 16;

/// A passage that somebody was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The station that reported it.
    pub station: StationId,
    /// The record.
    pub record: RecordId,
    /// Where it was.
    pub checkpoint: [u8; 8],
    /// When it was.
    pub at: Timestamp,
}

/// To whom, and under which entry of the audit log.
#[derive(Debug, Clone, Copy)]
pub struct To {
    /// Who looks.
    pub account: PersonId,
    /// The entry of their look.
    pub entry: u64,
}

impl Shown {
    /// Returns the text by which the page names it.
    #[must_use]
    pub fn named(&self, to: To, secret: &[u8; 32]) -> String {
        let named = self.bytes();
        hex::encode(&[&named[..], &proof(secret, to, &named)].concat())
    }

    /// Reads such a text.
    #[must_use]
    pub fn read(text: &str, to: To, secret: &[u8; 32]) -> Option<Self> {
        let bytes: [u8; NAMED + PROOF] = hex::decode_array(text)?;
        let (named, given) = bytes.split_at(NAMED);
        let mac = mac(secret, to, named)?;
        mac.verify_truncated_left(given).ok()?;
        let part = |from: usize, to: usize| &named[from..to];
        Some(Self {
            station: StationId(part(0, 16).try_into().ok()?),
            record: RecordId(part(16, 32).try_into().ok()?),
            checkpoint: part(32, 40).try_into().ok()?,
            at: Timestamp(i64::from_be_bytes(part(40, 48).try_into().ok()?)),
        })
    }

    fn bytes(&self) -> [u8; NAMED] {
        let mut bytes = [0; NAMED];
        bytes[..16].copy_from_slice(&self.station.0);
        bytes[16..32].copy_from_slice(&self.record.0);
        bytes[32..40].copy_from_slice(&self.checkpoint);
        bytes[40..].copy_from_slice(&self.at.0.to_be_bytes());
        bytes
    }
}

fn proof(secret: &[u8; 32], to: To, named: &[u8]) -> [u8; PROOF] {
    let mut proof = [0; PROOF];
    // HMAC takes a key of any length.
    if let Some(mac) = mac(secret, to, named) {
        proof.copy_from_slice(&mac.finalize().into_bytes()[..PROOF]);
    }
    proof
}

fn mac(secret: &[u8; 32], to: To, named: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).ok()?;
    for part in [PURPOSE, &to.account.0, &to.entry.to_be_bytes(), named] {
        mac.update(part);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_was_shown_a_passage_names_it_and_only_under_that_look() {
        let shown = Shown {
            station: StationId([1; 16]),
            record: RecordId([2; 16]),
            checkpoint: [3; 8],
            at: Timestamp(1_583_000_000),
        };
        let to = To { account: PersonId([4; 8]), entry: 9 };
        let text = shown.named(to, &[5; 32]);
        assert_eq!(Shown::read(&text, to, &[5; 32]), Some(shown));
        assert_eq!(Shown::read(&text, To { entry: 10, ..to }, &[5; 32]), None);
        assert_eq!(Shown::read(&text, To { account: PersonId([6; 8]), ..to }, &[5; 32]), None);
        assert_eq!(Shown::read(&text, to, &[7; 32]), None);
        let other = Shown { record: RecordId([9; 16]), ..shown }.named(to, &[6; 32]);
        for bad in ["", "zz", &text[2..], &other] {
            assert_eq!(Shown::read(bad, to, &[5; 32]), None, "{bad}");
        }
    }
}
