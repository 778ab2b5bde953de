//! Passphrases: which are too easy to guess, and how they are hashed.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier as _};
use health_code::Role;
use issuer::PersonError;

/// Characters at least.
const SHORTEST: usize = 14;
/// Different characters at least.
const DIFFERENT: usize = 6;
/// Characters that have to be left when everything that many people type is taken out.
const LEFT: usize = 6;
/// What many people type, in small letters. The longest come first.
const COMMON: &[&str] = &[
    "administrator",
    "1234567890",
    "abcdefgh",
    "password",
    "passw0rd",
    "iloveyou",
    "woaini1314",
    "987654321",
    "12345678",
    "11111111",
    "00000000",
    "qwertyuiop",
    "asdfghjkl",
    "5201314",
    "1314520",
    "zxcvbnm",
    "welcome",
    "letmein",
    "1q2w3e4r",
    "qwerty",
    "kadian",
    "monkey",
    "dragon",
    "123456",
    "654321",
    "111111",
    "000000",
    "888888",
    "666666",
    "woaini",
    "admin",
    "abc123",
    "123123",
    "112233",
    "office",
    "123",
    "321",
    "abc",
    "qwe",
    "2019",
    "2020",
    "2021",
    "2022",
    "2023",
    "2024",
    "2025",
    "2026",
    "管理员",
    "密码",
    "卡点",
];
/// What is hashed for an account that does not exist, so that it takes as long.
pub const NOBODY: &str =
    "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a passphrase or a secret is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum WeakPassphrase {
    /// Fewer characters than it needs.
    #[error("a passphrase has at least {SHORTEST} characters")]
    TooShort,
    /// More characters than anybody types.
    #[error("too many characters")]
    TooLong,
    /// Many people type this.
    #[error("many people type this")]
    TooCommon,
    /// It holds the account's name.
    #[error("it holds the account's name")]
    HoldsAccount,
}

impl WeakPassphrase {
    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Checks a passphrase before it is hashed.
///
/// # Errors
/// [`WeakPassphrase`].
pub fn check(passphrase: &str, account: &str) -> Result<(), WeakPassphrase> {
    let chars = passphrase.chars().count();
    if chars < SHORTEST {
        return Err(WeakPassphrase::TooShort);
    }
    if chars > health_code::limits::LONGEST_SECRET_CHARS {
        return Err(WeakPassphrase::TooLong);
    }
    let small = passphrase.to_lowercase();
    if !account.is_empty() && small.contains(&account.to_lowercase()) {
        return Err(WeakPassphrase::HoldsAccount);
    }
    let mut different: Vec<char> = small.chars().collect();
    different.sort_unstable();
    different.dedup();
    let left = COMMON.iter().fold(small, |left, common| left.replace(common, ""));
    let left = left.chars().filter(|char| char.is_alphanumeric()).count();
    if different.len() < DIFFERENT || left < LEFT { Err(WeakPassphrase::TooCommon) } else { Ok(()) }
}

/// Checks the secret for laptops.
///
/// # Errors
/// [`WeakPassphrase`].
pub fn check_laptop_secret(secret: &str, account: &str) -> Result<(), WeakPassphrase> {
    use health_code::secret::{WeakSecret, check};
    check(Role::Administrator, secret).map_err(|error| match error {
        WeakSecret::TooLong => WeakPassphrase::TooLong,
        WeakSecret::TooShort | WeakSecret::NotDigits => WeakPassphrase::TooShort,
    })?;
    let small = secret.to_lowercase();
    if !account.is_empty() && small.contains(&account.to_lowercase()) {
        return Err(WeakPassphrase::HoldsAccount);
    }
    let left = COMMON.iter().fold(small, |left, common| left.replace(common, ""));
    if left.chars().count() < 4 { Err(WeakPassphrase::TooCommon) } else { Ok(()) }
}

/// Hashes by Argon2id with 64 MiB and three passes, as community files take it. It takes a tenth of a second.
///
/// # Errors
/// [`PersonError`]; none for what was checked.
pub fn hash(secret: &str, salt: &[u8; 16]) -> Result<String, PersonError> {
    issuer::hash_secret(Role::Administrator, secret, salt)
}

/// Returns whether a secret is the one that was hashed. It takes as long as [`hash`].
#[must_use]
pub fn is(secret: &str, phc: &str) -> bool {
    PasswordHash::new(phc)
        .is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_common_or_the_accounts_name_is_refused() {
        let said = |text: &str| check(text, "yangli.jia").map_err(WeakPassphrase::code);
        assert_eq!(said("three herons walk home"), Ok(()));
        assert_eq!(said("三只白鹭在清晨走过青山桥头下"), Ok(()));
        for (text, code) in [
            ("", "too-short"),
            ("thirteen chars".trim_end_matches('s'), "too-short"),
            ("aaaaaaaaaaaaaaaa", "too-common"),
            ("password123456", "too-common"),
            ("Password2026!!", "too-common"),
            ("1234567890123456", "too-common"),
            ("qwertyuiopasdfghjkl", "too-common"),
            ("abababababababab", "too-common"),
            ("my Yangli.Jia passphrase", "holds-account"),
        ] {
            assert_eq!(said(text), Err(code), "{text}");
        }
        assert_eq!(said(&"xyz uvw ".repeat(9)), Err("too-long"));
    }

    #[test]
    fn a_laptops_secret_has_ten_characters() {
        let said = |text: &str| check_laptop_secret(text, "yangli.jia").map_err(WeakPassphrase::code);
        assert_eq!(said("heron walks"), Ok(()));
        for (text, code) in
            [("heron", "too-short"), ("password123", "too-common"), ("yangli.jia1", "holds-account")]
        {
            assert_eq!(said(text), Err(code), "{text}");
        }
    }

    #[test]
    fn only_the_same_passphrase_is_right_and_nobodys_never() {
        let phc = hash("three herons walk home", &[7; 16]).unwrap();
        assert!(health_code::secret::is_bearable_hash(&phc) && health_code::secret::is_bearable_hash(NOBODY));
        assert!(is("three herons walk home", &phc));
        assert!(!is("three herons walk hom", &phc) && !is("", &phc));
        assert!(!is("", NOBODY) && !is("x", "no hash"));
    }
}
