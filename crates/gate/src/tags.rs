//! Tags: what the gate remembers instead of a code or a person.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// An HMAC-SHA-256 under a key that lives for one run. It says nothing to anybody without the key.
pub(crate) type Tag = [u8; 32];

/// The key of all tags of one run; it is never stored.
pub(crate) struct TagKey(Zeroizing<[u8; 32]>);

impl TagKey {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// Returns the tag of a QR code's text.
    pub(crate) fn text(&self, text: &str) -> Tag {
        self.mac(b"text", &[text.as_bytes()])
    }

    /// Returns the tag of a person, as one issuer knows them.
    pub(crate) fn person(&self, issuer: &str, pseudonym: &[u8; 16]) -> Tag {
        self.mac(b"person", &[issuer.as_bytes(), pseudonym])
    }

    /// Returns the tag of a holder together with what the gate said about them. A renewed code,
    /// or one whose verdict has changed, has another tag.
    pub(crate) fn outcome(&self, holder: &Tag, said: &str) -> Tag {
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
