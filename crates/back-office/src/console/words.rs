//! Words that are drawn, printed and typed once: invitations, one-use words, the word of a first start.

use sha2::{Digest, Sha256};

/// Five bits a character; none looks like another.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters between two dashes.
const GROUP: usize = 4;
/// Sets the hashes of words apart from all others.
const DOMAIN: &[u8] = b"kadian-word-v1";

/// Bytes of an invitation's word: 80 bits.
pub const INVITATION: usize = 16;
/// Bytes of a one-use word: 60 bits.
pub const ONE_USE: usize = 12;
/// How many one-use words somebody gets.
pub const ONE_USE_COUNT: usize = 10;
// Nobody guesses 60 bits.
const _: () = assert!(INVITATION * 5 >= 60 && ONE_USE * 5 >= 60);

/// Returns the word that random bytes make: a character a byte, in groups of four.
#[must_use]
pub fn word(random: &[u8]) -> String {
    let mut word = String::new();
    for (number, byte) in random.iter().enumerate() {
        if number > 0 && number % GROUP == 0 {
            word.push('-');
        }
        word.push(char::from(ALPHABET[usize::from(byte & 31)]));
    }
    word
}

/// Returns the hash by which a word is known, however it was typed: small letters, other dashes, spaces.
#[must_use]
pub fn hash(typed: &str) -> [u8; 32] {
    let plain: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_uppercase()).collect();
    Sha256::new().chain_update(DOMAIN).chain_update(plain).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_however_it_is_typed() {
        let drawn = word(&[0, 1, 2, 3, 31, 30, 29, 255]);
        assert_eq!(drawn, "ABCD-9879");
        for typed in ["ABCD-9879", "abcd9879", " abcd – 9879 ", "AB CD 98 79"] {
            assert_eq!(hash(typed), hash(&drawn), "{typed}");
        }
        assert_ne!(hash("ABCD-9878"), hash(&drawn));
    }

    #[test]
    fn no_character_stands_twice() {
        let unique: std::collections::BTreeSet<_> = ALPHABET.iter().collect();
        assert_eq!(unique.len(), 32);
    }
}
