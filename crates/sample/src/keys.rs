//! The keys of a deployment. Those of tests follow from one number each.

use health_code::trust::RoleKeys;
use issuer::KeyPair;

/// Numbers of the three root keys, two of which must sign.
pub const ROOT: [u8; 3] = [1, 2, 3];
/// Number of the key that signs the trust list.
pub const PUBLISHER: u8 = 4;
/// Number of the key that signs the community file, and policies from the city's down.
pub const REGION: u8 = 5;
/// Number of the key that signs the policies of nation and provinces.
pub const NATION: u8 = 7;
/// Number of the key that signs receipts.
pub const RECEIPTS: u8 = 6;
/// Number of the national issuer's key.
pub const NATIONAL: u8 = 10;
/// Number of the provincial issuer's key.
pub const HUBEI: u8 = 11;
/// Number of the city issuer's key.
pub const WUHAN: u8 = 12;
/// Number of the foreign issuer's key.
pub const ABROAD: u8 = 13;
/// Number of a key that no file names.
pub const STRANGER: u8 = 99;

/// Returns the key of a number: its seed is 32 times that byte.
#[must_use]
pub fn key(number: u8) -> KeyPair {
    KeyPair::from_seed(&[number; 32])
}

/// Returns a role held by the keys of these numbers.
#[must_use]
pub fn role_keys(numbers: &[u8], threshold: usize) -> RoleKeys {
    role(&numbers.iter().map(|number| key(*number)).collect::<Vec<_>>(), threshold)
}

/// Returns a role held by these keys.
pub(crate) fn role(pairs: &[KeyPair], threshold: usize) -> RoleKeys {
    RoleKeys { keys: pairs.iter().map(|pair| (pair.kid(), pair.public().clone())).collect(), threshold }
}

/// Who signs what in a deployment, and what reports are sealed to.
#[derive(Clone)]
pub struct Keys {
    /// The root's keys.
    pub root: [KeyPair; 3],
    /// Signs the trust list.
    pub publisher: KeyPair,
    /// Signs the community file, and policies from the city's down.
    pub region: KeyPair,
    /// Signs the policies of nation and provinces.
    pub nation: KeyPair,
    /// Signs receipts.
    pub receipts: KeyPair,
    /// X25519 public key that reports are sealed to.
    pub sealing: [u8; 32],
}

impl Keys {
    /// Returns the keys that tests use. Nothing can be opened that was sealed to theirs.
    #[must_use]
    pub fn fixed() -> Self {
        Self {
            root: ROOT.map(key),
            publisher: key(PUBLISHER),
            region: key(REGION),
            nation: key(NATION),
            receipts: key(RECEIPTS),
            sealing: [9; 32],
        }
    }
}
