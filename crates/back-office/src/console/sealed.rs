//! Secrets of authenticators, sealed: whoever has the database, and not the office's keys, makes no second factor.
//!
//! Their key is derived from a sealing key of the office: every server of a deployment has it, and a backup of the
//! data does not. A sealed secret is in hexadecimal the kid of that key (8 bytes), a nonce (12 bytes), and the
//! ciphertext of ChaCha20-Poly1305 (RFC 8439) with the account's id as additional data.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce};
use health_code::{KeyId, PersonId};
use wire::hex;
use zeroize::Zeroizing;

use super::second_factor::SECRET;
use crate::keys::Keyring;

/// Bytes of a nonce (RFC 8439 §2.8).
pub const NONCE: usize = 12;
/// What the key is derived for.
const PURPOSE: &[u8] = b"kadian-second-factor-v1";

/// Seals a secret for an account. `None` only for an office without keys, which none is that was opened.
#[must_use]
pub fn seal(keys: &Keyring, id: PersonId, secret: &[u8; SECRET], nonce: [u8; NONCE]) -> Option<String> {
    let (kid, key) = keys.derived(None, PURPOSE)?;
    let payload = Payload { msg: secret, aad: &id.0 };
    let ciphertext = cipher(&key).encrypt(&Nonce::from(nonce), payload).ok()?;
    Some(hex::encode(&[&kid.0[..], &nonce, &ciphertext].concat()))
}

/// Opens a secret. `None` where it is another account's, was altered, or where the office has not the key.
#[must_use]
pub fn open(keys: &Keyring, id: PersonId, sealed: &str) -> Option<Zeroizing<[u8; SECRET]>> {
    let bytes = hex::decode(sealed)?;
    let (kid, rest) = bytes.split_first_chunk()?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>()?;
    let (_, key) = keys.derived(Some(KeyId(*kid)), PURPOSE)?;
    let payload = Payload { msg: ciphertext, aad: &id.0 };
    let secret = Zeroizing::new(cipher(&key).decrypt(&Nonce::from(*nonce), payload).ok()?);
    secret.as_slice().try_into().ok().map(Zeroizing::new)
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: PersonId = PersonId([1; 8]);

    fn keys(folder: &std::path::Path) -> Keyring {
        Keyring::open(folder).unwrap()
    }

    #[test]
    fn a_secret_opens_for_its_account_by_the_offices_keys_alone() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = [7; SECRET];
        let sealed = seal(&keys(folder.path()), WHO, &secret, [3; NONCE]).unwrap();
        assert!(!sealed.contains(&hex::encode(&secret)));
        // Another process on the same folder.
        assert_eq!(open(&keys(folder.path()), WHO, &sealed).map(|it| *it), Some(secret));
        assert_eq!(open(&keys(folder.path()), PersonId([2; 8]), &sealed), None, "another account's");
        assert_eq!(open(&keys(other.path()), WHO, &sealed), None, "another office's");
        let end = if sealed.ends_with('0') { "1" } else { "0" };
        for bad in ["", "07", &sealed[..60], &format!("{}{end}", &sealed[..sealed.len() - 1])] {
            assert_eq!(open(&keys(folder.path()), WHO, bad), None, "{bad}");
        }
    }
}
