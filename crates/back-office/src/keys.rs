//! The office's private keys: X25519 keys that open reports, Ed25519 keys that sign receipts, and perhaps
//! a region key that the root delegates to this office, by which it renews its community file.
//!
//! They lie in `keys/sealing-<kid>.key`, `keys/receipt-<kid>.key` and `keys/region-<kid>.key`: 32 bytes in
//! hexadecimal on one line, mode 600. A retired sealing key stays in the folder while reports sealed to it may arrive.
//!
//! Two kinds more are about residents. `keys/identity-<kid>.key` opens the declarations in codes; whoever runs the
//! deployment imports it. `keys/person.key` is the secret of person keys; an earlier one stays as `person-NAME.key`
//! while what was filed by it is still looked for.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use disk::Access;
use ed25519_dalek::SigningKey;
use health_code::{KeyId, Region, Root, Timestamp, key_id};
use hmac::{Hmac, KeyInit, Mac as _};
use issuer::KeyPair;
use program::moment::rfc3339;
use sha2::Sha256;
use wire::hex;
use zeroize::Zeroizing;

use crate::limits::KEY_FILE_BYTES;
use crate::system;

/// The file of the secret of person keys.
const PERSON: &str = "person.key";

/// The private keys, by their kid.
#[derive(Default)]
pub struct Keyring {
    sealing: BTreeMap<KeyId, Zeroizing<[u8; 32]>>,
    receipts: BTreeMap<KeyId, SigningKey>,
    regions: Vec<KeyPair>,
    identities: Vec<Zeroizing<[u8; 32]>>,
    /// The one in use first.
    persons: Vec<Zeroizing<[u8; 32]>>,
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// The folder cannot be listed, or a path cannot be looked at.
    #[error("keys: {0}")]
    Io(#[from] io::Error),
    /// The file does not hold a key.
    #[error("{0}: not a key of 32 bytes in hexadecimal")]
    NotAKey(String),
    /// The system gives no random bytes to make a key from.
    #[error(transparent)]
    NoRandomness(#[from] system::NoRandomness),
}

/// Why the office cannot sign receipts. Stations wait meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoReceiptKey {
    /// The root names none of this office's keys.
    #[error("the root file names none of this office's receipt keys; see `back-office keys`")]
    NotNamed,
    /// The office's clock is outside the time of its newest key: one of the two is wrong.
    #[error(
        "this machine's clock says {}, and receipt key {kid} is good from {} until {}: stations wait",
        rfc3339(*now), rfc3339(*not_before), rfc3339(*not_after)
    )]
    OutsideItsTime {
        /// The key, as the root names it.
        kid: KeyId,
        /// The first moment at which it is in use.
        not_before: Timestamp,
        /// The first moment at which it is no longer in use.
        not_after: Timestamp,
        /// What the office's clock says.
        now: Timestamp,
    },
}

/// The public keys, as the root file names them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PublicKeys {
    /// X25519 keys by kid, both in hexadecimal.
    pub sealing: BTreeMap<String, String>,
    /// Ed25519 keys by kid, both in hexadecimal.
    pub receipt: BTreeMap<String, String>,
    /// Region keys (Ed25519) by kid, both in hexadecimal.
    pub region: BTreeMap<String, String>,
}

impl Keyring {
    /// Opens the keys in a folder; makes a sealing key and a receipt key where there is none. Nobody but
    /// the keepers of the root makes a region key.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        disk::private_folder(folder)?;
        let mut keys = Self::default();
        for path in files(folder)? {
            let secret = read(&path)?;
            match kind(&path) {
                Some("sealing") => drop(keys.add_sealing(secret)),
                Some("receipt") => drop(keys.add_receipt(&secret)),
                Some("identity") => keys.identities.push(secret),
                Some("person") if path.ends_with(PERSON) => keys.persons.insert(0, secret),
                Some("person") => keys.persons.push(secret),
                _ => keys.regions.push(KeyPair::from_seed(&secret)),
            }
        }
        if !folder.join(PERSON).try_exists()? {
            let secret = Zeroizing::new(system::random()?);
            write_to(&folder.join(PERSON), &secret)?;
            keys.persons.insert(0, secret);
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

    /// Returns whether a folder holds any key. It makes nothing.
    ///
    /// # Errors
    /// [`KeyError`] where the folder cannot be looked at.
    pub fn is_there(folder: &Path) -> Result<bool, KeyError> {
        match files(folder) {
            Ok(files) => Ok(!files.is_empty()),
            Err(KeyError::Disk(error)) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Returns the private keys that open declarations.
    pub fn identities(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.identities.iter().map(|key| &**key)
    }

    /// Returns the secrets of person keys, the one in use first.
    pub fn person_secrets(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.persons.iter().map(|secret| &**secret)
    }

    /// Copies the keys of another folder; the keys in `folder` stay. The other is an office's data folder,
    /// its `keys`, or one with `sealing.key`, `receipt.key` and, where they are, `region.key`, `identity.key`
    /// and `person.key`.
    ///
    /// # Errors
    /// [`KeyError`]; where a sealing key or a receipt key is missing, the one for its file.
    pub fn import(from: &Path, folder: &Path) -> Result<(), KeyError> {
        let of_office = from.join("keys");
        let from = if of_office.is_dir() { of_office.as_path() } else { from };
        let mut found: Vec<(&str, Zeroizing<[u8; 32]>)> = Vec::new();
        let mut persons = Vec::new();
        for path in files(from)? {
            match kind(&path) {
                Some("person") => persons.push((path.ends_with(PERSON), read(&path)?)),
                Some(kind) => found.push((kind, read(&path)?)),
                None => {}
            }
        }
        // Read before anything is written: half of an import would be an office with other keys.
        for wanted in ["sealing", "receipt"] {
            if found.iter().all(|(kind, _)| *kind != wanted) {
                found.push((wanted, read(&from.join(format!("{wanted}.key")))?));
            }
        }
        disk::private_folder(folder)?;
        let mut keys = Self::default();
        for (kind, secret) in found {
            let kid = match kind {
                "sealing" => keys.add_sealing(secret.clone()),
                "receipt" => keys.add_receipt(&secret),
                "identity" => kid_of(&secret),
                _ => KeyPair::from_seed(&secret).kid(),
            };
            write(folder, kind, kid, &secret)?;
        }
        let own = folder.join(PERSON);
        for (in_use, secret) in persons {
            // The secret in use stays; by another one people are still found.
            if in_use && !own.try_exists()? {
                write_to(&own, &secret)?;
            } else if !own.try_exists()? || *read(&own)? != *secret {
                write(folder, "person", key_id(&*secret), &secret)?;
            }
        }
        Ok(())
    }

    /// Returns this office's region key that the root lets sign the file of a community, and its entry.
    #[must_use]
    pub fn region(&self, root: &Root, community: &Region) -> Option<&KeyPair> {
        let listed = root.regions.iter().filter(|listed| listed.may_sign_community(community));
        // A signature names its key by the kid that the root gives it, and `KeyPair` by its own.
        listed
            .filter_map(|listed| {
                self.regions.iter().find(|pair| (pair.kid(), pair.public()) == (listed.kid, &listed.key))
            })
            .next()
    }

    /// Returns the private key that opens reports sealed to this recipient.
    #[must_use]
    pub fn sealing(&self, kid: KeyId) -> Option<&[u8; 32]> {
        self.sealing.get(&kid).map(|key| &**key)
    }

    /// Returns a key for a purpose of the office's own, derived from the sealing key of this kid, or from the first
    /// one; and that one's kid.
    #[must_use]
    pub fn derived(&self, kid: Option<KeyId>, purpose: &[u8]) -> Option<(KeyId, Zeroizing<[u8; 32]>)> {
        let (kid, private) = match kid {
            Some(kid) => self.sealing.get_key_value(&kid)?,
            None => self.sealing.first_key_value()?,
        };
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&**private).ok()?;
        mac.update(purpose);
        Some((*kid, Zeroizing::new(mac.finalize().into_bytes().into())))
    }

    /// Returns whether the root names this office as a recipient of reports.
    #[must_use]
    pub fn opens_for(&self, root: &Root) -> bool {
        root.sealing.iter().any(|key| self.sealing.contains_key(&key.kid))
    }

    /// Returns the newest of this office's keys that the root allows to sign receipts at `now`, and
    /// the kid by which the root names it.
    ///
    /// # Errors
    /// [`NoReceiptKey`].
    pub fn receipt(&self, root: &Root, now: Timestamp) -> Result<(KeyId, &SigningKey), NoReceiptKey> {
        let ours = root
            .receipts
            .iter()
            .filter_map(|key| Some((key, self.receipts.get(&key_id(&key.key.to_bytes()))?)));
        let newest = ours.max_by_key(|(key, _)| (key.is_in_force(now), key.not_before));
        let (key, secret) = newest.ok_or(NoReceiptKey::NotNamed)?;
        if key.is_in_force(now) {
            return Ok((key.kid, secret));
        }
        let (not_before, not_after) = (key.not_before, key.not_after);
        Err(NoReceiptKey::OutsideItsTime { kid: key.kid, not_before, not_after, now })
    }

    /// Returns until when this office's keys may sign receipts, the last of them.
    #[must_use]
    pub fn receipts_until(&self, root: &Root) -> Option<Timestamp> {
        let ours =
            root.receipts.iter().filter(|key| self.receipts.contains_key(&key_id(&key.key.to_bytes())));
        ours.map(|key| key.not_after).max()
    }

    /// Returns until when reports are sealed to this office's keys, the last of them.
    #[must_use]
    pub fn sealing_until(&self, root: &Root) -> Option<Timestamp> {
        let ours = root.sealing.iter().filter(|key| self.sealing.contains_key(&key.kid));
        ours.map(|key| key.not_after).max()
    }

    /// Returns the public keys.
    #[must_use]
    pub fn public(&self) -> PublicKeys {
        let sealing = self.sealing.iter().filter_map(|(kid, private)| {
            Some((kid.to_string(), hex::encode(&wire::seal::recipient_key(private).ok()?)))
        });
        let receipt = self
            .receipts
            .iter()
            .map(|(kid, key)| (kid.to_string(), hex::encode(&key.verifying_key().to_bytes())));
        let region =
            self.regions.iter().map(|pair| (pair.kid().to_string(), hex::encode(&pair.public().to_bytes())));
        PublicKeys { sealing: sealing.collect(), receipt: receipt.collect(), region: region.collect() }
    }

    fn add_sealing(&mut self, private: Zeroizing<[u8; 32]>) -> KeyId {
        let kid = kid_of(&private);
        self.sealing.insert(kid, private);
        kid
    }

    fn add_receipt(&mut self, secret: &[u8; 32]) -> KeyId {
        let key = SigningKey::from_bytes(secret);
        let kid = key_id(&key.verifying_key().to_bytes());
        self.receipts.insert(kid, key);
        kid
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Keyring").field(&self.public()).finish()
    }
}

/// Lists the files of keys in a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, KeyError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => disk::DiskError::NotFound { path: folder.to_owned() },
        _ => disk::DiskError::Io { path: folder.to_owned(), source },
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if kind(&path).is_some() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns which key a file holds, by its name: `KIND.key` as a deployment is founded, `KIND-KID.key` as
/// an office writes it.
fn kind(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?.strip_suffix(".key")?;
    let kinds = ["sealing", "receipt", "region", "identity", "person"].into_iter();
    let mut kinds = kinds
        .filter(|kind| name.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')));
    kinds.next()
}

fn read(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let not_a_key = || KeyError::NotAKey(path.display().to_string());
    let contents = Zeroizing::new(disk::read(path, KEY_FILE_BYTES)?);
    let text = std::str::from_utf8(&contents).map_err(|_| not_a_key())?;
    hex::decode_array(text.trim_ascii()).map(Zeroizing::new).ok_or_else(not_a_key)
}

/// Returns the name of an X25519 key by its private half.
fn kid_of(private: &[u8; 32]) -> KeyId {
    // Any 32 bytes are an X25519 private key (RFC 7748 §5); only another length is refused.
    wire::seal::recipient_key(private).map_or(KeyId([0; 8]), |public| key_id(&public))
}

fn write(folder: &Path, kind: &str, kid: KeyId, secret: &[u8; 32]) -> Result<(), KeyError> {
    write_to(&folder.join(format!("{kind}-{kid}.key")), secret)
}

/// Writes a key where there is none.
fn write_to(path: &Path, secret: &[u8; 32]) -> Result<(), KeyError> {
    if !path.try_exists()? {
        disk::replace(path, Zeroizing::new(hex::encode(secret) + "\n").as_bytes(), Access::Owner)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
