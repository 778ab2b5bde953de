//! Bytes as hex digits.

use std::fmt::Write as _;

/// Lower-case hex.
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Exactly `N` bytes of hex.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Any number of bytes of hex.
pub fn decode_all(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| decode::<1>(std::str::from_utf8(pair).ok()?).map(|[byte]| byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_hex_is_read() {
        assert_eq!(decode::<2>(&encode(&[0, 0xff])), Some([0, 0xff]));
        assert_eq!(decode_all("00ff0a"), Some(vec![0, 0xff, 10]));
        assert_eq!((decode_all(""), decode_all("0"), decode_all("é0")), (Some(vec![]), None, None));
        for bad in ["00f", "00fff", "+0ff", "é00"] {
            assert_eq!(decode::<2>(bad), None, "{bad}");
        }
    }
}
