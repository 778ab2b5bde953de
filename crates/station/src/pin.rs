//! Comparing a PIN with its hash: slow by design, so never on the gate's thread.

use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params};

use crate::limits::{PIN_LANES, PIN_MEMORY_KIB, PIN_PASSES};

/// Returns whether a PIN is the one that was hashed.
///
/// A hash that is not Argon2id (RFC 9106), or that asks for more memory or time than
/// [`crate::limits`] allows, matches no PIN.
pub(crate) fn is_right(pin: &str, phc: &str) -> bool {
    let Ok(hash) = PasswordHash::new(phc) else { return false };
    let bounded = Params::try_from(&hash).is_ok_and(|params| {
        params.m_cost() <= PIN_MEMORY_KIB && params.t_cost() <= PIN_PASSES && params.p_cost() <= PIN_LANES
    });
    hash.algorithm.as_str() == "argon2id"
        && bounded
        && Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::PasswordHasher;

    #[test]
    fn only_the_right_pin_and_a_bounded_hash_fit() {
        let cheap = Argon2::from(Params::new(8, 1, 1, None).unwrap());
        let phc = cheap.hash_password_with_salt(b"246810", b"salt of sixteen!").unwrap().to_string();
        assert!(is_right("246810", &phc));
        assert!(!is_right("246811", &phc));
        assert!(!is_right("246810", &phc.replace("argon2id", "argon2i")));
        assert!(!is_right("246810", &phc.replace("m=8", "m=4000000")));
        assert!(!is_right("246810", &phc.replace("t=1", "t=4000000")));
        assert!(!is_right("246810", "not a hash"));
        assert!(!is_right("", ""));
    }
}
