//! The second factor: codes of RFC 6238, each accepted once.

use totp_rs::{Algorithm, Builder, Totp};

/// Bytes of a secret, as RFC 4226 §4 recommends.
pub const SECRET: usize = 20;
/// What an authenticator shows beside the name.
const ISSUER: &str = "Kadian";

/// What a code is made of, as people put it into an authenticator.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Shown {
    /// The secret in base 32.
    pub secret: String,
    /// The same for a QR code.
    pub uri: String,
}

/// Returns what an authenticator takes.
#[must_use]
pub fn shown(secret: &[u8; SECRET], label: &str) -> Shown {
    let totp = totp(secret, label);
    Shown {
        secret: totp_rs::Secret::from(secret.to_vec()).to_base32(),
        // Only a name with a colon fails, and `totp` takes colons out.
        uri: totp.to_url().unwrap_or_default(),
    }
}

/// Returns the step whose code this is, one at most before or after the present one, if it lies after the
/// last one that was accepted.
#[must_use]
pub fn accepted(secret: &[u8; SECRET], code: &str, now: i64, last: u64) -> Option<u64> {
    let code: String = code.chars().filter(|char| !char.is_whitespace()).collect();
    let step = totp(secret, "").check(&code, u64::try_from(now).ok()?)?;
    (step > last).then_some(step)
}

/// Returns the code of a moment.
#[cfg(any(test, feature = "testing"))]
#[must_use]
pub fn code(secret: &[u8; SECRET], now: i64) -> String {
    format!("{}", totp(secret, "").generate(now.cast_unsigned()))
}

fn totp(secret: &[u8; SECRET], label: &str) -> Totp {
    let label = label.replace(':', " ");
    let label = if label.is_empty() { ISSUER.to_owned() } else { label };
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(secret.to_vec())
        .with_issuer(Some(ISSUER))
        .with_account_name(label)
        // Twenty bytes and six digits comply.
        .build_noncompliant()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, in six digits.
    const RFC: &[u8; 20] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_the_rfc_hold() {
        for (now, expected) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(code(RFC, now), expected);
            assert_eq!(accepted(RFC, expected, now, 0), Some(now as u64 / 30));
        }
        let shown = shown(RFC, "样例甲");
        assert_eq!(shown.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(shown.uri.starts_with("otpauth://totp/Kadian:") && shown.uri.contains(&shown.secret));
    }

    #[test]
    fn a_code_is_good_once_and_for_a_minute_and_a_half() {
        let now = 2_000_000_000;
        let typed = code(RFC, now);
        for (later, good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(accepted(RFC, &typed, now + later, 0).is_some(), good, "{later}");
        }
        let step = accepted(RFC, &typed, now, 0).unwrap();
        assert_eq!(accepted(RFC, &typed, now, step), None, "it was accepted already");
        assert_eq!(accepted(RFC, &code(RFC, now - 30), now, step), None, "so is an earlier one");
        assert!(accepted(RFC, &code(RFC, now + 30), now, step).is_some());
        for bad in ["", "27903", "2790377", "abcdef", "２７９０３７"] {
            assert_eq!(accepted(RFC, bad, now, 0), None, "{bad}");
        }
        let (left, right) = typed.split_at(3);
        assert!(accepted(RFC, &format!("{left} {right}"), now, 0).is_some());
    }
}
