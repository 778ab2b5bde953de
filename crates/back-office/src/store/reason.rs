//! Why a report is in quarantine.

use std::fmt;
use std::str::FromStr;

use health_code::Refusal;

/// Why a report is in quarantine. The texts are stable: the database and `reopen` hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuarantineReason {
    /// `withdrawn`: the station had been withdrawn when it sent the report.
    Withdrawn,
    /// `conflict`: another ciphertext had come under the same record id.
    Conflict,
    /// `unknown-recipient`: the office has no key of the recipient that the report is sealed to.
    UnknownRecipient,
    /// `seal`: the seal does not open.
    Seal,
    /// `report`: the seal opens, but holds no report.
    Report,
    /// `unknown-trust`: the trust list that judged the code has not come here yet.
    UnknownTrust,
    /// `panic`: opening it made this program panic.
    Panic,
    /// `code:` and a [`Refusal::code`]: the office refused the code that the passage carries.
    Code(&'static str),
}

/// The text is no reason for quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no reason for quarantine; `list` shows those in use")]
pub struct BadReason;

/// What the text of [`QuarantineReason::Code`] begins with.
const CODE: &str = "code:";

impl fmt::Display for QuarantineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Withdrawn => "withdrawn",
            Self::Conflict => "conflict",
            Self::UnknownRecipient => "unknown-recipient",
            Self::Seal => "seal",
            Self::Report => "report",
            Self::UnknownTrust => "unknown-trust",
            Self::Panic => "panic",
            Self::Code(refusal) => return write!(f, "{CODE}{refusal}"),
        })
    }
}

impl FromStr for QuarantineReason {
    type Err = BadReason;

    fn from_str(text: &str) -> Result<Self, BadReason> {
        if let Some(refusal) = text.strip_prefix(CODE) {
            return Refusal::CODES
                .iter()
                .find(|code| **code == refusal)
                .map(|code| Self::Code(code))
                .ok_or(BadReason);
        }
        let words = [
            Self::Withdrawn,
            Self::Conflict,
            Self::UnknownRecipient,
            Self::Seal,
            Self::Report,
            Self::UnknownTrust,
            Self::Panic,
        ];
        words.into_iter().find(|reason| reason.to_string() == text).ok_or(BadReason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_as_it_is_written() {
        let codes = Refusal::CODES.iter().map(|code| format!("code:{code}"));
        let words =
            ["withdrawn", "conflict", "unknown-recipient", "seal", "report", "unknown-trust", "panic"];
        for text in words.map(str::to_owned).into_iter().chain(codes) {
            assert_eq!(text.parse::<QuarantineReason>().unwrap().to_string(), text);
        }
        for bad in ["", "code:", "code:pass", "Seal"] {
            assert_eq!(bad.parse::<QuarantineReason>(), Err(BadReason), "{bad}");
        }
    }
}
