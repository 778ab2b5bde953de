//! From the QR's text to the COSE message: the prefix, base45 (RFC 9285), zlib (RFC 1950).

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::decompress;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};

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
/// is never written to memory. Nothing may follow the stream, and the bits that fill its last byte are
/// zero, as every zlib writes them: what nobody reads, nobody may write.
///
/// # Errors
/// `truncated` where the stream goes on, `inflates-too-far` for a bomb, `bad-compression` for
/// anything else that is no zlib stream.
pub fn inflate(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let message = inflated(bytes).map_err(|status| match status {
        TINFLStatus::HasMoreOutput => Refusal::InflatesTooFar,
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => Refusal::Truncated,
        _ => Refusal::BadCompression,
    })?;
    // The last byte before the checksum. If its highest set bit says nothing, it is a filled one.
    let last = bytes.len().checked_sub(5).and_then(|at| Some((at, *bytes.get(at)?)));
    if let Some((at, last)) = last.filter(|(_, last)| *last != 0) {
        let mut cleared = bytes.to_vec();
        cleared[at] = last & !(0x80 >> last.leading_zeros());
        if inflated(&cleared).is_ok_and(|same| same == message) {
            return Err(Refusal::BadCompression);
        }
    }
    Ok(message)
}

/// Inflates all of these bytes.
fn inflated(bytes: &[u8]) -> Result<Vec<u8>, TINFLStatus> {
    let flags = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut out = vec![0; CERTIFICATE_BYTES];
    let (status, read, written) = decompress(&mut Box::default(), bytes, &mut out, 0, flags);
    match status {
        TINFLStatus::Done if read == bytes.len() => {
            out.truncate(written);
            Ok(out)
        }
        TINFLStatus::Done => Err(TINFLStatus::BadParam),
        other => Err(other),
    }
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

    #[test]
    fn what_nobody_reads_nobody_may_write() {
        for message in [&b"a"[..], b"a message", b"another message of another length", &[7; 300], &[]] {
            let stream = miniz_oxide::deflate::compress_to_vec_zlib(message, 9);
            assert_eq!(inflate(&stream).as_deref(), Ok(message));
            for after in [&[0][..], b"A", &[0; 40]] {
                assert_eq!(inflate(&[&stream, after].concat()), Err(Refusal::BadCompression));
            }
            let mut same = Vec::new();
            for bit in 0..stream.len() * 8 {
                let mut touched = stream.clone();
                touched[bit / 8] ^= 1 << (bit % 8);
                if inflate(&touched).is_ok() {
                    same.push(bit);
                }
            }
            assert_eq!(same, Vec::<usize>::new(), "of {} bytes", message.len());
        }
    }
}
