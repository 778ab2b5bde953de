//! Comparing a PIN with its hash: slow by design, so never on the gate's thread.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use health_code::limits::{PHC_HASH_BYTES, PHC_LANES, PHC_MEMORY_KIB, PHC_PASSES};
use health_code::secret::is_bearable_hash;

/// Returns whether a PIN is the one that was hashed.
///
/// A hash that is not Argon2id (RFC 9106) at a cost that a community file may name matches no PIN.
pub(crate) fn is_right(pin: &str, phc: &str) -> bool {
    let Some(hash) = PasswordHash::new(phc).ok().filter(|_| is_bearable_hash(phc)) else { return false };
    Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok()
}

/// Hashes a PIN by Argon2id (64 MiB, three passes, one lane) under a salt, into a PHC string.
pub(crate) fn hash(pin: &str, salt: &[u8; 16]) -> Option<String> {
    let (memory, passes, lanes) = (*PHC_MEMORY_KIB.start(), *PHC_PASSES.start(), *PHC_LANES.start());
    let params = Params::new(memory, passes, lanes, Some(PHC_HASH_BYTES)).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_with_salt(pin.as_bytes(), salt).ok().map(|hash| hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{PIN, phc};

    #[test]
    fn only_the_right_pin_and_a_bearable_hash_fit() {
        let phc = phc();
        assert!(is_right(PIN, &phc));
        assert!(!is_right("246811", &phc));
        assert!(!is_right(PIN, &phc.replace("argon2id", "argon2i")));
        assert!(!is_right(PIN, &phc.replace("m=65536", "m=4000000")));
        assert!(!is_right(PIN, &phc.replace("t=3", "t=4000000")));
        assert!(!is_right(PIN, &phc.replace("t=3", "t=1")), "too cheap for a thief");
        assert!(!is_right("246810", "not a hash"));
        assert!(!is_right("", ""));
    }

    #[test]
    fn a_hash_fits_its_pin_and_a_community_file() {
        let phc = hash(PIN, &[7; 16]).unwrap();
        assert!(is_bearable_hash(&phc) && is_right(PIN, &phc) && !is_right("246811", &phc), "{phc}");
    }
}
