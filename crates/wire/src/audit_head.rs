//! The head of the office's audit log, which stations keep as witnesses.

use std::fmt;
use std::str::FromStr;

use strict_cose::hex;

/// The head of an audit log. Its text form is a line of a witness file (`docs/audit-log.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// How many entries there are.
    pub count: u64,
    /// The chain's head after the last one.
    pub hash: [u8; 32],
}

impl AuditHead {
    /// The head of a log that has no entries yet.
    pub const EMPTY: Self = Self { count: 0, hash: [0; 32] };
}

/// Why a text is no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no head: a number of entries and 64 hexadecimal digits are wanted")]
pub struct BadHead;

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, hex::encode(&self.hash))
    }
}

impl FromStr for AuditHead {
    type Err = BadHead;

    fn from_str(text: &str) -> Result<Self, BadHead> {
        let (count, hash) = text.trim().split_once(char::is_whitespace).ok_or(BadHead)?;
        let count = count.parse().map_err(|_| BadHead)?;
        let hash = hex::decode_array(hash.trim()).ok_or(BadHead)?;
        Ok(Self { count, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_was_written() {
        for head in [AuditHead::EMPTY, AuditHead { count: u64::MAX, hash: [0xa7; 32] }] {
            assert_eq!(head.to_string().parse(), Ok(head));
        }
        let hash = "ab".repeat(32);
        for bad in ["", "7", "7 ab", &format!("x {hash}"), &format!("-1 {hash}"), &format!("7 {hash} 8")] {
            assert_eq!(bad.parse::<AuditHead>(), Err(BadHead), "{bad}");
        }
    }
}
