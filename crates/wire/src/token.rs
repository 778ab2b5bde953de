//! Station tokens: the header `Kadian-Station`, by which a station proves itself for a download.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use strict_cose::cbor::{self, map};
use strict_cose::{Fields, Limits, PublicKey, Sign1};

use crate::ids::StationId;
use crate::limits::{TOKEN_BYTES, TOKEN_LIFE_SECONDS};

/// Additional data of the signature (RFC 9052 §4.3): its purpose.
pub const PURPOSE: &[u8] = b"kadian-token-v1";
/// The request header that carries a token.
pub const HEADER: &str = "kadian-station";

/// A token: which station asks, and when. It opens nothing but the community's trust file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StationToken {
    /// The station that asks.
    pub station: StationId,
    /// Seconds since 1970 by the station's clock.
    pub time: i64,
}

/// Why a header is no acceptable token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not the shape of a token.
    #[error("not a station token")]
    Malformed,
    /// Not signed by this station.
    #[error("not signed by this station")]
    Signature,
    /// Too far from the back office's time. A token with the right time helps.
    #[error("a token of another time")]
    Stale,
}

impl StationToken {
    /// Signs the token; the header's value (base64url without padding of a COSE_Sign1).
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> String {
        let payload = cbor::encode(&map([(1, self.station.0.to_vec().into()), (2, self.time.into())]));
        let sign1 = Sign1::seal(self.station.kid(), payload, PURPOSE, |tbs| key.sign(tbs).to_bytes());
        URL_SAFE_NO_PAD.encode(sign1.to_bytes())
    }

    /// Returns who claims to ask. Use it to look up the key, and for nothing else.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn claimed_station(header: &str) -> Result<StationId, TokenError> {
        Ok(read(&outer(header)?)?.station)
    }

    /// Verifies and reads a token at the back office's time.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn open(header: &str, key: &PublicKey, now: i64) -> Result<Self, TokenError> {
        let sign1 = outer(header)?;
        sign1.verify(key, PURPOSE).map_err(|_| TokenError::Signature)?;
        let token = read(&sign1)?;
        if now.abs_diff(token.time) > TOKEN_LIFE_SECONDS.unsigned_abs() {
            return Err(TokenError::Stale);
        }
        Ok(token)
    }
}

fn outer(header: &str) -> Result<Sign1, TokenError> {
    if header.len() > TOKEN_BYTES * 2 {
        return Err(TokenError::Malformed);
    }
    let bytes = URL_SAFE_NO_PAD.decode(header).map_err(|_| TokenError::Malformed)?;
    Sign1::parse(&bytes, TOKEN_BYTES).map_err(|_| TokenError::Malformed)
}

fn read(sign1: &Sign1) -> Result<StationToken, TokenError> {
    let limits = Limits { bytes: TOKEN_BYTES, depth: 1 };
    let value = cbor::decode(sign1.payload_unverified(), limits).map_err(|_| TokenError::Malformed)?;
    let mut fields = Fields::open(value).map_err(|_| TokenError::Malformed)?;
    let station = StationId(fields.array(1).map_err(|_| TokenError::Malformed)?);
    let time = fields.int(2).map_err(|_| TokenError::Malformed)?;
    fields.finish().map_err(|_| TokenError::Malformed)?;
    if sign1.kid() != station.kid() {
        return Err(TokenError::Malformed);
    }
    Ok(StationToken { station, time })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::signer;

    const TOKEN: StationToken = StationToken { station: StationId([7; 16]), time: 1_583_000_000 };

    #[test]
    fn a_token_holds_for_its_station_and_its_time() {
        let (key, public) = signer(1);
        let header = TOKEN.sign(&key);
        assert_eq!(StationToken::claimed_station(&header), Ok(TOKEN.station));
        for now in [TOKEN.time - TOKEN_LIFE_SECONDS, TOKEN.time, TOKEN.time + TOKEN_LIFE_SECONDS] {
            assert_eq!(StationToken::open(&header, &public, now), Ok(TOKEN));
        }
        for now in
            [TOKEN.time - TOKEN_LIFE_SECONDS - 1, TOKEN.time + TOKEN_LIFE_SECONDS + 1, i64::MIN, i64::MAX]
        {
            assert_eq!(StationToken::open(&header, &public, now), Err(TokenError::Stale));
        }
        assert_eq!(StationToken::open(&header, &signer(2).1, TOKEN.time), Err(TokenError::Signature));
    }

    #[test]
    fn any_changed_character_is_noticed() {
        let (key, public) = signer(1);
        let header = TOKEN.sign(&key);
        for at in 0..header.len() {
            let mut other = header.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert!(StationToken::open(&other, &public, TOKEN.time).is_err(), "{at}");
        }
        for bad in ["", "=", "a b", &"A".repeat(TOKEN_BYTES * 2 + 1)] {
            assert_eq!(StationToken::claimed_station(bad), Err(TokenError::Malformed));
        }
    }
}
