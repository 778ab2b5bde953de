//! Collectors and administrators: what a community file says of them.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use health_code::limits::{PHC_HASH_BYTES, PHC_LANES, PHC_MEMORY_KIB, PHC_PASSES};
use health_code::secret::{self, WeakSecret};
use health_code::{Person, PersonId, Role, mask};
use rand_core::CryptoRng;

/// Somebody to be authorised, in clear.
#[derive(Clone)]
pub struct NewPerson<'a> {
    /// Full name.
    pub name: &'a str,
    /// Phone, with or without spaces, dashes and `+86`.
    pub phone: &'a str,
    /// PIN, or an administrator's secret.
    pub pin: &'a str,
    /// What they may do.
    pub role: Role,
}

/// Why a person cannot be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// The PIN or secret must not be hashed.
    #[error(transparent)]
    Secret(#[from] WeakSecret),
    /// The phone does not end in four digits behind a mask.
    #[error("a phone has more than seven digits")]
    Phone,
    /// The secret could not be hashed.
    #[error("the secret could not be hashed")]
    CannotHash,
}

/// Returns a person as the community file lists them: masked, the secret hashed under a fresh salt.
///
/// # Errors
/// [`PersonError`].
pub fn person(new: &NewPerson<'_>, rng: &mut impl CryptoRng) -> Result<Person, PersonError> {
    let (mut id, mut salt) = ([0; 8], [0; 16]);
    rng.fill_bytes(&mut id);
    rng.fill_bytes(&mut salt);
    let person = Person {
        id: PersonId(id),
        masked_name: mask::name(new.name),
        masked_phone: mask::phone(new.phone),
        pin_phc: hash_secret(new.role, new.pin, &salt)?,
        role: new.role,
    };
    if person.sign_in_digits().is_empty() { Err(PersonError::Phone) } else { Ok(person) }
}

/// Hashes a PIN or an administrator's secret by Argon2id (64 MiB, three passes, one lane) into a PHC
/// string.
///
/// # Errors
/// [`PersonError`]; [`PersonError::Secret`] where it is too easy to guess for the role.
pub fn hash_secret(role: Role, secret: &str, salt: &[u8; 16]) -> Result<String, PersonError> {
    secret::check(role, secret)?;
    let (memory, passes, lanes) = (*PHC_MEMORY_KIB.start(), *PHC_PASSES.start(), *PHC_LANES.start());
    let params =
        Params::new(memory, passes, lanes, Some(PHC_HASH_BYTES)).map_err(|_| PersonError::CannotHash)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash =
        argon2.hash_password_with_salt(secret.as_bytes(), salt).map_err(|_| PersonError::CannotHash)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::PasswordVerifier;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn made(phone: &str, pin: &str, role: Role) -> Result<Person, PersonError> {
        let new = NewPerson { name: "李四", phone, pin, role };
        person(&new, &mut ChaCha20Rng::seed_from_u64(1))
    }

    #[test]
    fn a_person_is_found_by_four_digits_and_proven_by_pin() {
        let person = made("+86 138 0000 0001", "246810", Role::Collector).unwrap();
        assert_eq!((person.masked_name.as_str(), person.masked_phone.as_str()), ("李*", "138****0001"));
        assert_eq!(person.sign_in_digits(), "0001");
        assert!(secret::is_bearable_hash(&person.pin_phc), "{}", person.pin_phc);
        let argon2 = Argon2::default();
        let verify = |pin: &[u8]| argon2.verify_password(pin, person.pin_phc.as_str()).is_ok();
        assert!(verify(b"246810") && !verify(b"246811"));
    }

    #[test]
    fn what_is_too_easy_to_guess_is_not_hashed() {
        assert_eq!(made("13800000001", "24681", Role::Collector), Err(WeakSecret::TooShort.into()));
        assert_eq!(made("13800000001", "246810", Role::Administrator), Err(WeakSecret::TooShort.into()));
        assert_eq!(made("1234567", "246810", Role::Collector), Err(PersonError::Phone));
    }
}
