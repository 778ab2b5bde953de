//! Sessions: how long one lasts, and the cookie that carries it.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use health_code::Timestamp;
use sha2::{Digest, Sha256};
use wire::hex;

use crate::store::SessionRow;

/// Seconds without a request after which a session ends.
pub const IDLE: i64 = 20 * 60;
/// Seconds after which a session ends anyway.
pub const LONGEST: i64 = 12 * 3600;
/// Seconds within which a session is not noted again.
pub const NOTED: i64 = 30;

/// The name of the cookie over TLS: no other host, and no plain connection, can set it.
const SECURE: &str = "__Host-kadian";
/// The name of the cookie on plain loopback.
const PLAIN: &str = "kadian";

/// The word that a browser holds for a session.
#[derive(Clone, PartialEq, Eq)]
pub struct Word([u8; 32]);

impl Word {
    /// Makes a word of random bytes.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// Reads the word that a request carries.
    #[must_use]
    pub fn of(headers: &HeaderMap, secure: bool) -> Option<Self> {
        let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, text) = pairs.find(|(name, _)| *name == cookie_name(secure))?;
        hex::decode_array(text).map(Self)
    }

    /// Returns the hash under which the store keeps it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// Returns the header that gives it to a browser.
    #[must_use]
    pub fn cookie(&self, secure: bool) -> String {
        cookie(&hex::encode(&self.0), LONGEST, secure)
    }
}

/// Returns the header that takes a word from a browser.
#[must_use]
pub fn no_cookie(secure: bool) -> String {
    cookie("", 0, secure)
}

/// Returns whether a session lasts still.
#[must_use]
pub fn lasts(session: &SessionRow, now: Timestamp) -> bool {
    now.0 < session.seen.0 + IDLE && now.0 < session.began.0 + LONGEST && now >= session.began
}

fn cookie_name(secure: bool) -> &'static str {
    if secure { SECURE } else { PLAIN }
}

fn cookie(value: &str, seconds: i64, secure: bool) -> String {
    let name = cookie_name(secure);
    let only_tls = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{only_tls}")
}

#[cfg(test)]
mod tests {
    use health_code::PersonId;

    use super::*;

    #[test]
    fn a_session_ends_after_a_pause_and_after_twelve_hours() {
        let began = Timestamp(1000);
        let session = |seen: i64| SessionRow {
            word: [0; 32],
            account: PersonId([1; 8]),
            began,
            seen: began.plus(seen),
        };
        for (seen, now, last) in [
            (0, 0, true),
            (0, IDLE - 1, true),
            (0, IDLE, false),
            (LONGEST - 1, LONGEST - 1, true),
            (LONGEST - 1, LONGEST, false),
            (0, -1, false),
        ] {
            assert_eq!(lasts(&session(seen), began.plus(now)), last, "{seen} {now}");
        }
    }

    #[test]
    fn a_cookie_comes_back_and_only_its_hash_is_kept() {
        let word = Word::new([5; 32]);
        assert!(word.cookie(true).starts_with("__Host-kadian=0505"));
        assert!(word.cookie(true).ends_with("Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure"));
        assert!(!word.cookie(false).contains("Secure"));
        assert_ne!(word.hash(), [5; 32]);
        let headers = |cookie: &str| HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())]);
        let sent = format!("other=1; kadian={}", hex::encode(&[5; 32]));
        assert!(Word::of(&headers(&sent), false) == Some(word));
        assert!(Word::of(&headers(&sent), true).is_none(), "a plain cookie is none over TLS");
        for bad in ["kadian=", "kadian=zz", "kadian", ""] {
            assert!(Word::of(&headers(bad), false).is_none(), "{bad}");
        }
    }
}
