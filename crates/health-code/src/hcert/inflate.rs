//! From the QR's text to the COSE message: the prefix, base45 (RFC 9285), zlib (RFC 1950).

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use super::PREFIX;
use crate::code::from_base45;
use crate::limits::{CERTIFICATE_BYTES, CERTIFICATE_TEXT_CHARS};
use crate::refusal::Refusal;

/// Returns the COSE message in a text.
///
/// # Errors
/// [`Refusal`]: `not-a-health-code`, `too-long`, `bad-encoding`, `truncated`, `bad-compression`,
/// `inflates-too-far`.
pub fn from_text(text: &str) -> Result<Vec<u8>, Refusal> {
    let body = unprefixed(text)?;
    if text.chars().nth(CERTIFICATE_TEXT_CHARS).is_some() {
        return Err(Refusal::TooLong);
    }
    inflate(&base45(body)?)
}

/// Returns the text without its prefix.
///
/// # Errors
/// `not-a-health-code`.
pub fn unprefixed(text: &str) -> Result<&str, Refusal> {
    text.strip_prefix(PREFIX).ok_or(Refusal::NotAHealthCode)
}

/// Decodes base45 in its one spelling.
///
/// # Errors
/// `bad-encoding`, `truncated`.
pub fn base45(body: &str) -> Result<Vec<u8>, Refusal> {
    from_base45(body)
}

/// Inflates a zlib stream whose checksum holds, to at most [`CERTIFICATE_BYTES`]: what is beyond
/// is never written to memory.
///
/// # Errors
/// `truncated` where the stream goes on, `inflates-too-far` for a bomb, `bad-compression` for
/// anything else that is no zlib stream.
pub fn inflate(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    decompress_to_vec_zlib_with_limit(bytes, CERTIFICATE_BYTES).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => Refusal::InflatesTooFar,
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => Refusal::Truncated,
        _ => Refusal::BadCompression,
    })
}

/// Returns the text of a COSE message, as an issuer writes it.
#[must_use]
pub fn to_text(cose: &[u8]) -> String {
    format!("{PREFIX}{}", base45::encode(miniz_oxide::deflate::compress_to_vec_zlib(cose, 9)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let message = b"anything at all, anything at all";
        assert_eq!(from_text(&to_text(message)), Ok(message.to_vec()));
    }

    #[test]
    fn a_bomb_is_stopped_at_the_limit() {
        let most = vec![0; CERTIFICATE_BYTES];
        assert_eq!(from_text(&to_text(&most)), Ok(most));
        assert_eq!(from_text(&to_text(&vec![0; CERTIFICATE_BYTES + 1])), Err(Refusal::InflatesTooFar));
        let bomb = to_text(&vec![0; 2_000_000]);
        assert!(bomb.len() < CERTIFICATE_TEXT_CHARS, "{}", bomb.len());
        assert_eq!(from_text(&bomb), Err(Refusal::InflatesTooFar));
    }

    #[test]
    fn other_texts_have_refusals_of_their_own() {
        let text = to_text(b"a message");
        assert_eq!(from_text(&text.replacen("HC1:", "HC2:", 1)), Err(Refusal::NotAHealthCode));
        assert_eq!(from_text(&text.to_lowercase()), Err(Refusal::NotAHealthCode));
        assert_eq!(from_text(&format!("{text}_A")), Err(Refusal::BadEncoding));
        assert_eq!(from_text(&format!("HC1:{}", "0".repeat(4293))), Err(Refusal::TooLong));
        let plain = format!("HC1:{}", base45::encode(b"\xd2\x84 not compressed"));
        assert_eq!(from_text(&plain), Err(Refusal::BadCompression));
        let mut stream = miniz_oxide::deflate::compress_to_vec_zlib(b"a message that is cut", 9);
        let last = stream.len() - 1;
        assert_eq!(inflate(&stream[..last - 6]), Err(Refusal::Truncated));
        stream[last] ^= 1;
        assert_eq!(inflate(&stream), Err(Refusal::BadCompression), "a checksum that does not hold");
        assert!(inflate(&[]).is_err());
    }
}
