//! What a station remembers of time from one run to the next, under a MAC.
//!
//! The file is one line: the format's name, `upto`, `signed`, `started` (each a number, or `-`), the
//! id of the machine's start (or `-`), and the MAC of all before it in hex.

use health_code::{Timestamp, hex};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// First word of the file.
const FORMAT: &str = "kadian-clock-2";
/// What the station's key is told apart by from its other uses.
const PURPOSE: &[u8] = b"kadian station: memory of time";

/// What an earlier run of the program wrote down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Memory {
    /// No trusted moment that was ever reported is later than this.
    pub upto: Timestamp,
    /// The latest signed time that was heard, if any.
    pub signed: Option<Timestamp>,
    /// When the machine was started, by a trusted clock; `None` if it was started again since.
    pub started: Option<i64>,
}

/// The key under which a station's memory of time is authenticated, derived from the station's key.
#[derive(Clone)]
pub(crate) struct MemoryKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for MemoryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryKey")
    }
}

impl MemoryKey {
    /// Derives the key from the private half of the station's key.
    pub(crate) fn derive(station: &[u8; 32]) -> Self {
        Self(Zeroizing::new(mac(station).chain_update(PURPOSE).finalize().into_bytes().into()))
    }

    /// Returns the file's text; `boot` names the start of the machine, and may be empty.
    pub(crate) fn seal(&self, memory: &Memory, boot: &str) -> String {
        let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let boot = if boot.is_empty() { "-" } else { boot };
        let line = format!(
            "{FORMAT} {} {} {} {boot}",
            memory.upto.0,
            number(memory.signed.map(|signed| signed.0)),
            number(memory.started),
        );
        let tag = mac(&self.0).chain_update(&line).finalize().into_bytes();
        format!("{line} {}\n", hex::encode(&tag))
    }

    /// Reads the file's text; `None` where it is not exactly what [`MemoryKey::seal`] wrote.
    ///
    /// `boot` names this start of the machine. What was written in another one says nothing about
    /// when this one began.
    pub(crate) fn open(&self, text: &[u8], boot: &str) -> Option<Memory> {
        let text = std::str::from_utf8(text).ok()?;
        let (line, tag) = text.strip_suffix('\n')?.rsplit_once(' ')?;
        mac(&self.0).chain_update(line).verify_slice(&hex::decode(tag)?).ok()?;
        let mut words = line.split(' ');
        let mut word = || words.next();
        if word()? != FORMAT {
            return None;
        }
        let upto = word()?.parse().map(Timestamp).ok()?;
        let signed = optional(word()?)?.map(Timestamp);
        let started = optional(word()?)?;
        let same_start = !boot.is_empty() && word()? == boot;
        Some(Memory { upto, signed, started: started.filter(|_| same_start) })
    }
}

fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC takes a key of any length (RFC 2104, section 2).
    #[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
    Hmac::new_from_slice(key).expect("a key of any length")
}

fn optional(word: &str) -> Option<Option<i64>> {
    if word == "-" { Some(None) } else { word.parse().map(Some).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> Memory {
        Memory { upto: Timestamp(1_900_000_120), signed: Some(Timestamp(7)), started: Some(-5) }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let key = MemoryKey::derive(&[1; 32]);
        let none = Memory { signed: None, started: None, ..memory() };
        for memory in [memory(), none] {
            assert_eq!(key.open(key.seal(&memory, "boot").as_bytes(), "boot"), Some(memory));
        }
    }

    #[test]
    fn another_start_of_the_machine_knows_nothing_of_when_this_one_began() {
        let key = MemoryKey::derive(&[1; 32]);
        let expected = Some(Memory { started: None, ..memory() });
        assert_eq!(key.open(key.seal(&memory(), "boot").as_bytes(), "other"), expected);
        assert_eq!(key.open(key.seal(&memory(), "").as_bytes(), ""), expected, "a machine without names");
    }

    #[test]
    fn whatever_is_altered_is_no_memory() {
        let key = MemoryKey::derive(&[1; 32]);
        let text = key.seal(&memory(), "boot").into_bytes();
        for place in 0..text.len() {
            for bit in 0..8 {
                let mut altered = text.clone();
                altered[place] ^= 1 << bit;
                // A capital in the MAC's hex is the same MAC.
                let same = altered.eq_ignore_ascii_case(&text) && altered[..20] == text[..20];
                assert!(same || key.open(&altered, "boot").is_none(), "byte {place}, bit {bit}");
            }
            assert!(key.open(&text[..place], "boot").is_none());
        }
        let other = MemoryKey::derive(&[2; 32]);
        assert!(other.open(&text, "boot").is_none(), "another station's");
        assert!(key.open(b"kadian-clock-1 1900000000 0 boot\n", "boot").is_none(), "the format before");
    }
}
