//! What people sign in with: how long it must be, and how slowly it must be hashed.

use std::ops::RangeInclusive;

use crate::limits::{
    LONGEST_SECRET_CHARS, PHC_HASH_BYTES, PHC_LANES, PHC_MEMORY_KIB, PHC_PASSES, PHC_SALT_BYTES, PIN_DIGITS,
    SECRET_CHARS,
};
use crate::trust::Role;

/// Why a PIN or a secret must not be hashed. Another one may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum WeakSecret {
    /// Fewer characters than the role needs.
    #[error("a PIN has at least {PIN_DIGITS} digits, an administrator's secret {SECRET_CHARS} characters")]
    TooShort,
    /// More characters than anybody types.
    #[error("at most {LONGEST_SECRET_CHARS} characters")]
    TooLong,
    /// A collector's PIN has digits alone.
    #[error("a PIN has digits alone")]
    NotDigits,
}

impl WeakSecret {
    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Checks a secret where it is about to be hashed: a PIN of at least six digits for a collector, at
/// least ten characters for an administrator.
///
/// # Errors
/// [`WeakSecret`].
pub fn check(role: Role, secret: &str) -> Result<(), WeakSecret> {
    let shortest = match role {
        Role::Collector => PIN_DIGITS,
        Role::Administrator => SECRET_CHARS,
    };
    let chars = secret.chars().count();
    if chars < shortest {
        Err(WeakSecret::TooShort)
    } else if chars > LONGEST_SECRET_CHARS {
        Err(WeakSecret::TooLong)
    } else if role == Role::Collector && !secret.bytes().all(|byte| byte.is_ascii_digit()) {
        Err(WeakSecret::NotDigits)
    } else {
        Ok(())
    }
}

/// Returns whether a PHC string is `$argon2id$v=19$m=…,t=…,p=…$salt$hash` at a cost that slows a thief
/// and that a station can bear: a file that asks for gigabytes at a sign-in would stop the gate.
#[must_use]
pub fn is_bearable_hash(phc: &str) -> bool {
    let parts: Vec<&str> = phc.split('$').collect();
    let ["", "argon2id", "v=19", costs, salt, hash] = parts[..] else { return false };
    let costs: Vec<&str> = costs.split(',').collect();
    let [memory, passes, lanes] = costs[..] else { return false };
    is_within(memory, "m=", &PHC_MEMORY_KIB)
        && is_within(passes, "t=", &PHC_PASSES)
        && is_within(lanes, "p=", &PHC_LANES)
        && base64_bytes(salt).is_some_and(|bytes| PHC_SALT_BYTES.contains(&bytes))
        && base64_bytes(hash) == Some(PHC_HASH_BYTES)
}

/// Reads a decimal number without sign and leading zeros.
fn is_within(cost: &str, name: &str, range: &RangeInclusive<u32>) -> bool {
    let digits = cost.strip_prefix(name).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.filter(|digits| !digits.starts_with('0')).and_then(|digits| digits.parse().ok());
    number.is_some_and(|number| range.contains(&number))
}

/// Returns how many bytes a base64 text without padding has; `None` where it is none, or has bits left
/// over that are not zero.
fn base64_bytes(text: &str) -> Option<usize> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let sextets: Vec<u8> = text.bytes().map(value).collect::<Option<_>>()?;
    let left_over = match sextets.len() % 4 {
        0 => 0,
        2 => 0b1111,
        3 => 0b11,
        _ => return None,
    };
    (sextets.last().copied().unwrap_or_default() & left_over == 0).then_some(sextets.len() * 6 / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_has_six_digits_and_an_administrators_secret_ten_characters() {
        let (collector, administrator) = (Role::Collector, Role::Administrator);
        assert_eq!(check(collector, "246810"), Ok(()));
        assert_eq!(check(collector, "24681"), Err(WeakSecret::TooShort));
        assert_eq!(check(collector, "24681a"), Err(WeakSecret::NotDigits));
        assert_eq!(check(collector, "２４６８１０"), Err(WeakSecret::NotDigits));
        assert_eq!(check(administrator, "246810"), Err(WeakSecret::TooShort));
        assert_eq!(check(administrator, "九个汉字不够用啊"), Err(WeakSecret::TooShort));
        assert_eq!(check(administrator, "correct horse"), Ok(()));
        assert_eq!(check(administrator, &"x".repeat(65)), Err(WeakSecret::TooLong));
        assert_eq!(WeakSecret::TooShort.code(), "too-short");
    }

    #[test]
    fn hashes_at_a_cost_that_slows_a_thief_and_that_a_station_can_bear() {
        let phc = |costs: &str, salt: usize, hash: usize| {
            format!("$argon2id$v=19${costs}${}${}", "A".repeat(salt), "A".repeat(hash))
        };
        for good in
            [phc("m=65536,t=3,p=1", 22, 43), phc("m=131072,t=8,p=4", 43, 43), phc("m=65536,t=3,p=1", 64, 43)]
        {
            assert!(is_bearable_hash(&good), "{good}");
        }
        for bad in [
            phc("m=65535,t=3,p=1", 22, 43),
            phc("m=131073,t=3,p=1", 22, 43),
            phc("m=65536,t=2,p=1", 22, 43),
            phc("m=65536,t=9,p=1", 22, 43),
            phc("m=65536,t=3,p=0", 22, 43),
            phc("m=65536,t=3,p=5", 22, 43),
            phc("m=065536,t=3,p=1", 22, 43),
            phc("m=+65536,t=3,p=1", 22, 43),
            phc("m=65536,t=3", 22, 43),
            phc("t=3,m=65536,p=1", 22, 43),
            phc("m=65536,t=3,p=1", 20, 43),
            phc("m=65536,t=3,p=1", 66, 43),
            phc("m=65536,t=3,p=1", 21, 43),
            phc("m=65536,t=3,p=1", 22, 42),
            phc("m=65536,t=3,p=1", 22, 44),
            phc("m=65536,t=3,p=1", 22, 43).replace("argon2id", "argon2i"),
            phc("m=65536,t=3,p=1", 22, 43).replace("v=19", "v=16"),
            phc("m=65536,t=3,p=1", 22, 42) + "B",
            phc("m=65536,t=3,p=1", 22, 43) + "$",
            phc("m=65536,t=3,p=1", 22, 42) + "=",
            String::new(),
        ] {
            assert!(!is_bearable_hash(&bad), "{bad}");
        }
    }
}
