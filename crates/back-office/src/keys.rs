//! The office's private keys: for opening reports, and for signing receipts.
//!
//! `keys/sealing-<kid>.key` and `keys/receipt-<kid>.key`, 32 bytes in hexadecimal on one line, mode
//! 600. Retired sealing keys stay in the folder for as long as reports sealed to them may come.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use disk::Access;
use ed25519_dalek::SigningKey;
use health_code::{KeyId, Root, Timestamp};
use wire::enrol::kid_of;
use wire::hex;
use zeroize::Zeroizing;

use crate::limits::KEY_FILE_BYTES;
use crate::system;

/// Private keys by kid.
pub struct Keyring {
    sealing: BTreeMap<KeyId, Zeroizing<[u8; 32]>>,
    receipts: BTreeMap<KeyId, SigningKey>,
}

/// Why the keys are not to be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// The file system.
    #[error("keys: {0}")]
    Io(#[from] io::Error),
    /// A file that holds no key.
    #[error("{0}: not a key of 32 bytes in hexadecimal")]
    NotAKey(String),
    /// No randomness to make one.
    #[error(transparent)]
    NoRandomness(#[from] system::NoRandomness),
}

/// The public halves, for the root file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PublicKeys {
    /// X25519, in hexadecimal, by kid.
    pub sealing: BTreeMap<String, String>,
    /// Ed25519, in hexadecimal, by kid.
    pub receipt: BTreeMap<String, String>,
}

impl Keyring {
    /// The keys in a folder; a kind that is missing is made.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        disk::private_folder(folder)?;
        let mut keys = Self { sealing: BTreeMap::new(), receipts: BTreeMap::new() };
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            let Some(name) = name.to_str().filter(|name| name.ends_with(".key")) else { continue };
            if name.starts_with("sealing-") {
                keys.add_sealing(read(&folder.join(name))?);
            } else if name.starts_with("receipt-") {
                let secret = read(&folder.join(name))?;
                keys.add_receipt(&secret);
            }
        }
        if keys.sealing.is_empty() {
            let kid = keys.add_sealing(Zeroizing::new(system::random()?));
            write(folder, "sealing", kid, &keys.sealing[&kid])?;
        }
        if keys.receipts.is_empty() {
            let secret = Zeroizing::new(system::random()?);
            let kid = keys.add_receipt(&secret);
            write(folder, "receipt", kid, &secret)?;
        }
        Ok(keys)
    }

    /// Takes `sealing.key` and `receipt.key` of another folder over, beside those in `folder`.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn import(from: &Path, folder: &Path) -> Result<(), KeyError> {
        disk::private_folder(folder)?;
        let mut keys = Self { sealing: BTreeMap::new(), receipts: BTreeMap::new() };
        let sealing = read(&from.join("sealing.key"))?;
        let receipt = read(&from.join("receipt.key"))?;
        write(folder, "sealing", keys.add_sealing(sealing.clone()), &sealing)?;
        write(folder, "receipt", keys.add_receipt(&receipt), &receipt)
    }

    /// The private key that opens reports sealed to a recipient.
    #[must_use]
    pub fn sealing(&self, kid: KeyId) -> Option<&[u8; 32]> {
        self.sealing.get(&kid).map(|key| &**key)
    }

    /// Whether any recipient of the root is this office.
    #[must_use]
    pub fn opens_for(&self, root: &Root) -> bool {
        root.sealing.iter().any(|key| self.sealing.contains_key(&key.kid))
    }

    /// The newest key that the root lets sign receipts at `now`, as the root names it.
    #[must_use]
    pub fn receipt(&self, root: &Root, now: Timestamp) -> Option<(KeyId, &SigningKey)> {
        root.receipts
            .iter()
            .filter(|key| key.not_before <= now && now < key.not_after)
            .filter_map(|key| Some((key, self.receipts.get(&kid_of(&key.key.to_bytes()))?)))
            .max_by_key(|(key, _)| key.not_before)
            .map(|(key, secret)| (key.kid, secret))
    }

    /// The public halves.
    #[must_use]
    pub fn public(&self) -> PublicKeys {
        let sealing = self.sealing.iter().filter_map(|(kid, private)| {
            Some((kid.to_string(), hex::encode(&wire::seal::recipient_key(private).ok()?)))
        });
        let receipt = self
            .receipts
            .iter()
            .map(|(kid, key)| (kid.to_string(), hex::encode(&key.verifying_key().to_bytes())));
        PublicKeys { sealing: sealing.collect(), receipt: receipt.collect() }
    }

    fn add_sealing(&mut self, private: Zeroizing<[u8; 32]>) -> KeyId {
        // Any 32 bytes are an X25519 private key (RFC 7748 §5); only another length is refused.
        let kid = wire::seal::recipient_key(&private).map_or(KeyId([0; 8]), |public| kid_of(&public));
        self.sealing.insert(kid, private);
        kid
    }

    fn add_receipt(&mut self, secret: &[u8; 32]) -> KeyId {
        let key = SigningKey::from_bytes(secret);
        let kid = kid_of(&key.verifying_key().to_bytes());
        self.receipts.insert(kid, key);
        kid
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Keyring").field(&self.public()).finish()
    }
}

fn read(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let not_a_key = || KeyError::NotAKey(path.display().to_string());
    let contents = Zeroizing::new(disk::read(path, KEY_FILE_BYTES)?);
    let text = std::str::from_utf8(&contents).map_err(|_| not_a_key())?;
    hex::decode_array(text.trim_ascii()).map(Zeroizing::new).ok_or_else(not_a_key)
}

fn write(folder: &Path, kind: &str, kid: KeyId, secret: &[u8; 32]) -> Result<(), KeyError> {
    let path = folder.join(format!("{kind}-{kid}.key"));
    if !path.try_exists()? {
        disk::replace(&path, Zeroizing::new(hex::encode(secret) + "\n").as_bytes(), Access::Owner)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn keys_are_made_once_and_read_by_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("keys");
        let made = Keyring::open(&folder).unwrap().public();
        assert_eq!((made.sealing.len(), made.receipt.len()), (1, 1));
        assert_eq!(Keyring::open(&folder).unwrap().public(), made);
        for entry in fs::read_dir(&folder).unwrap() {
            assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn imported_keys_join_the_others_however_often() {
        let from = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(from.path().join("sealing.key"), "07".repeat(32)).unwrap();
        fs::write(from.path().join("receipt.key"), "08".repeat(32) + "\n").unwrap();
        Keyring::open(folder.path()).unwrap();
        for _ in 0..2 {
            Keyring::import(from.path(), folder.path()).unwrap();
            let public = Keyring::open(folder.path()).unwrap().public();
            assert_eq!((public.sealing.len(), public.receipt.len()), (2, 2));
        }
        fs::write(from.path().join("receipt.key"), "08".repeat(31)).unwrap();
        assert!(matches!(Keyring::import(from.path(), folder.path()), Err(KeyError::NotAKey(_))));
    }
}
