//! Collectors and administrators: what a community file says of them.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use health_code::{Community, Person, PersonId, Role, mask};
use rand_core::CryptoRng;

/// Memory of the PIN's Argon2id in KiB (19 MiB: OWASP's minimum for t = 2, p = 1).
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;

/// Somebody to be authorised, in clear.
#[derive(Clone)]
pub struct NewPerson<'a> {
    /// Full name.
    pub name: &'a str,
    /// Phone, with or without spaces, dashes and `+86`.
    pub phone: &'a str,
    /// PIN.
    pub pin: &'a str,
    /// What they may do.
    pub role: Role,
}

/// The PIN could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the PIN could not be hashed")]
pub struct CannotHash;

/// Returns a person as the community file lists them: masked, and hashed under the community's
/// `phone_key` and under a fresh salt.
///
/// # Errors
/// [`CannotHash`].
pub fn person(
    new: &NewPerson<'_>,
    phone_key: &[u8; 32],
    rng: &mut impl CryptoRng,
) -> Result<Person, CannotHash> {
    let (mut id, mut salt) = ([0; 8], [0; 16]);
    rng.fill_bytes(&mut id);
    rng.fill_bytes(&mut salt);
    Ok(Person {
        id: PersonId(id),
        masked_name: mask::name(new.name),
        masked_phone: mask::phone(new.phone),
        phone_hash: Community::phone_hash(phone_key, new.phone),
        pin_phc: hash_pin(new.pin, &salt)?,
        role: new.role,
    })
}

/// Hashes a PIN by Argon2id (19 MiB, two passes, one lane) into a PHC string.
///
/// # Errors
/// [`CannotHash`].
pub fn hash_pin(pin: &str, salt: &[u8; 16]) -> Result<String, CannotHash> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| CannotHash)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password_with_salt(pin.as_bytes(), salt).map_err(|_| CannotHash)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::PasswordVerifier;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn a_person_is_found_by_phone_and_proven_by_pin() {
        let new =
            NewPerson { name: "李四", phone: "+86 138 0000 0001", pin: "246810", role: Role::Collector };
        let person = person(&new, &[5; 32], &mut ChaCha20Rng::seed_from_u64(1)).unwrap();
        assert_eq!((person.masked_name.as_str(), person.masked_phone.as_str()), ("李*", "138****0001"));
        assert_eq!(person.phone_hash, Community::phone_hash(&[5; 32], "13800000001"));
        assert_ne!(person.phone_hash, Community::phone_hash(&[6; 32], "13800000001"));
        assert!(person.pin_phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", person.pin_phc);
        let argon2 = Argon2::default();
        let verify = |pin: &[u8]| argon2.verify_password(pin, person.pin_phc.as_str()).is_ok();
        assert!(verify(b"246810") && !verify(b"246811"));
    }
}
