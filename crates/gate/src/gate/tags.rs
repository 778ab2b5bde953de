//! Tags: what the gate remembers of codes, keyed under randomness that lives in memory only.

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::Rng as _;
use sha2::Sha256;
use wire::Shown;
use zeroize::Zeroizing;

use super::scan::Judged;
use crate::window::collector::Answer;

/// An HMAC under a key of this run. Says nothing to anybody without the key.
pub(super) type Tag = [u8; 32];

/// The key.
pub(super) struct Tags(Zeroizing<[u8; 32]>);

impl Tags {
    pub(super) fn new(rng: &mut ChaCha20Rng) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        rng.fill_bytes(key.as_mut_slice());
        Self(key)
    }

    /// Of a text as read.
    pub(super) fn text(&self, text: &str) -> Tag {
        self.mac(b"text", &[text.as_bytes()])
    }

    /// Of a person at an issuer; without a signature that held there is none: then of the text.
    pub(super) fn holder(&self, judged: &Judged, text: &str) -> Tag {
        match &judged.person {
            Some(person) => self.mac(b"person", &[person.iss.as_bytes(), person.pseudonym.as_slice()]),
            None => self.text(text),
        }
    }

    /// Of a holder *and* what the gate said of them, so that a refreshed code, or one whose
    /// verdict has changed, is never taken for the one before it.
    pub(super) fn outcome(&self, holder: &Tag, answer: &Answer, shown: Option<Shown>) -> Tag {
        let said = match (answer, shown) {
            (Answer::Invalid { refusal }, _) => refusal.code(),
            (_, Some(shown)) => shown.code(),
            (_, None) => "",
        };
        self.mac(b"outcome", &[holder, said.as_bytes()])
    }

    fn mac(&self, purpose: &[u8], parts: &[&[u8]]) -> Tag {
        // HMAC takes keys of every length.
        #[expect(clippy::expect_used)]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes any key");
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}
