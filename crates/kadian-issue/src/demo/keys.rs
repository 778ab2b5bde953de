//! The keys of a demo world, all derived from one seed.

use std::path::Path;

use issuer::{DocumentKey, KeyPair, SealingPair};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sha2::{Digest as _, Sha256};
use strict_cose::hex;

use crate::{files, secret_file};

/// File of the seed, beside the keys that are derived from it.
const SEED: &str = "seed.key";
/// Names of the keys that `DIR/keys` holds.
const SIGNING: [&str; 9] = [
    "root-1",
    "root-2",
    "root-3",
    "publisher",
    "nation",
    "region",
    "issuer-national",
    "issuer-hubei",
    "issuer-wuhan",
];

/// The sample country that issues certificates; no real country has this code.
pub const COUNTRY_ABROAD: &str = "XS";

/// A seed, and every key by its name.
pub struct Keys {
    seed: [u8; 32],
}

impl Keys {
    /// Derives the keys of a seed.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed }
    }

    /// Reads the keys of a world that was made before; `None` where there is none.
    pub fn stored(world: &Path) -> Result<Option<Self>, String> {
        let path = world.join("keys").join(SEED);
        if !path.exists() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&files::read(&path, 128)?).into_owned();
        let seed = hex::decode_array(text.trim_end()).ok_or(format!("{} holds no seed", path.display()))?;
        Ok(Some(Self::new(seed)))
    }

    /// Writes `keys/*.key` and `office/*.key`, 32 bytes of hex each, for their owner only.
    pub fn write(&self, world: &Path) -> Result<(), String> {
        let put = |path: &Path, bytes: &[u8]| secret_file::write(path, bytes, None);
        put(&world.join("keys").join(SEED), &self.seed)?;
        for name in SIGNING {
            put(&world.join("keys").join(format!("{name}.key")), self.pair(name).seed().as_ref())?;
        }
        let office = world.join("office");
        put(&office.join("receipt.key"), self.pair("receipt").seed().as_ref())?;
        put(&office.join("region.key"), self.pair("office").seed().as_ref())?;
        put(&office.join("sealing.key"), self.recipient("sealing").private().as_ref())?;
        put(&office.join("identity.key"), self.recipient("identity").private().as_ref())
    }

    /// Returns the keys that sign the trust files and receipts, and the key that reports are sealed to.
    pub fn of_the_files(&self) -> sample::Keys {
        sample::Keys {
            root: ["root-1", "root-2", "root-3"].map(|name| self.pair(name)),
            publisher: self.pair("publisher"),
            region: self.pair("region"),
            nation: self.pair("nation"),
            receipts: self.pair("receipt"),
            sealing: *self.recipient("sealing").public(),
        }
    }

    /// Derives a signing key by its name.
    pub fn pair(&self, name: &str) -> KeyPair {
        KeyPair::from_seed(&self.bytes(name))
    }

    /// Derives a sealing key by its name.
    pub fn recipient(&self, name: &str) -> SealingPair {
        SealingPair::generate(&mut self.rng(name))
    }

    /// Derives the key of [`COUNTRY_ABROAD`] that may sign certificates of every kind.
    pub fn document_key(&self) -> Result<DocumentKey, String> {
        DocumentKey::es256(&self.bytes("signer-abroad")).map_err(|error| error.to_string())
    }

    /// Derives the key of [`COUNTRY_ABROAD`] that may sign certificates of tests only.
    pub fn document_key_for_tests(&self) -> Result<DocumentKey, String> {
        let (first, second) = (self.bytes("signer-abroad-tests"), self.short("signer-abroad-tests 2"));
        let mut scalar = [0; 48];
        for (to, from) in scalar.iter_mut().zip(first.iter().chain(&second)) {
            *to = *from;
        }
        // A scalar must be below the order of P-384; one that begins with a zero byte is.
        scalar[0] = 0;
        DocumentKey::es384(&scalar).map_err(|error| error.to_string())
    }

    /// Returns a generator by its name: the same for the same seed.
    pub fn rng(&self, name: &str) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(self.bytes(name))
    }

    /// Derives 32 bytes by a name: the same for the same seed.
    pub fn bytes(&self, name: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"kadian-demo-v1");
        hash.update(self.seed);
        hash.update(name);
        hash.finalize().into()
    }

    /// Derives 16 bytes by a name.
    pub fn short(&self, name: &str) -> [u8; 16] {
        first(&self.bytes(name))
    }

    /// Derives 8 bytes by a name.
    pub fn tiny(&self, name: &str) -> [u8; 8] {
        first(&self.bytes(name))
    }
}

fn first<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
    std::array::from_fn(|at| bytes.get(at).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_keeps_its_keys() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Keys::stored(folder.path()).unwrap().is_none());
        let keys = Keys::new([7; 32]);
        keys.write(folder.path()).unwrap();
        let again = Keys::stored(folder.path()).unwrap().unwrap();
        assert_eq!(again.pair("region").kid(), keys.pair("region").kid());
        assert_ne!(keys.bytes("region"), keys.bytes("publisher"));
        assert_eq!(std::fs::read_dir(folder.path().join("keys")).unwrap().count(), SIGNING.len() + 1);
        assert_eq!(std::fs::read_dir(folder.path().join("office")).unwrap().count(), 4);
    }
}
