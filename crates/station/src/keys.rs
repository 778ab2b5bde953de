//! The station's own key. It signs batches and requests, and never leaves the folder.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use disk::{Access, DiskError};
use ed25519_dalek::SigningKey;
use health_code::{PublicKey, hex};
use wire::StationId;
use zeroize::Zeroizing;

use crate::entropy;
use crate::limits::SMALL_FILE_BYTES;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Others may read the file.
    #[error("station.key can be read by others; allow only its owner (mode 600)")]
    Open,
    /// Not 32 bytes in hex.
    #[error("station.key is damaged")]
    Damaged,
    /// Not the key that the station's id is made of.
    #[error("station.key is another station's")]
    Another,
    /// The operating system gave no randomness for a new key.
    #[error(transparent)]
    NoEntropy(#[from] entropy::NoEntropy),
}

/// Reads the key.
pub(crate) fn load(path: &Path) -> Result<SigningKey, KeyError> {
    let text = Zeroizing::new(disk::read(path, SMALL_FILE_BYTES)?);
    let metadata =
        std::fs::metadata(path).map_err(|source| DiskError::Io { path: path.to_owned(), source })?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::Open);
    }
    let text = std::str::from_utf8(&text).map_err(|_| KeyError::Damaged)?;
    let bytes = hex::decode(text.trim_end()).map(Zeroizing::new).ok_or(KeyError::Damaged)?;
    let seed: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyError::Damaged)?;
    Ok(SigningKey::from_bytes(seed))
}

/// Checks that a station's id is the one of its key.
pub(crate) fn check_owner(key: &SigningKey, station: StationId) -> Result<(), KeyError> {
    let public = PublicKey::from_bytes(&key.verifying_key().to_bytes()).map_err(|_| KeyError::Damaged)?;
    if StationId::of(&public) == station { Ok(()) } else { Err(KeyError::Another) }
}

/// Reads the key, or makes one. An enrolment that is tried again uses the key of the first try.
pub(crate) fn load_or_create(path: &Path) -> Result<SigningKey, KeyError> {
    match load(path) {
        Err(KeyError::Disk(error)) if error.is_not_found() => {}
        other => return other,
    }
    let seed = Zeroizing::new(entropy::bytes::<32>()?);
    let text = Zeroizing::new(hex::encode(seed.as_slice()));
    disk::replace(path, text.as_bytes(), Access::Owner)?;
    Ok(SigningKey::from_bytes(&seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("station.key");
        let key = load_or_create(&path).unwrap();
        assert_eq!(load_or_create(&path).unwrap().to_bytes(), key.to_bytes());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        assert!(matches!(load(&path), Err(KeyError::Open)));
    }

    #[test]
    fn a_damaged_key_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("station.key");
        disk::replace(&path, b"00ff", Access::Owner).unwrap();
        assert!(matches!(load_or_create(&path), Err(KeyError::Damaged)));
    }
}
