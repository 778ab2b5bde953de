//! The machine's time, and moments as people type and read them.

use health_code::Timestamp;

/// Returns the machine's time.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place where commands read the wall clock")]
pub fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_second())
}

/// Parses RFC 3339, such as `2026-03-01T08:00:00+08:00`.
///
/// # Errors
/// A sentence that shows the form; a moment without an offset is refused.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    let moment: jiff::Timestamp =
        text.parse().map_err(|_| "not a moment like 2026-03-01T08:00:00+08:00 or …Z".to_owned())?;
    Ok(Timestamp(moment.as_second()))
}

/// Returns RFC 3339 in UTC, without fractions of a second.
#[must_use]
pub fn rfc3339(moment: Timestamp) -> String {
    jiff::Timestamp::from_second(moment.0).map_or_else(|_| moment.0.to_string(), |moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_written() {
        let moment = parse("2026-03-01T08:00:00+08:00").unwrap();
        assert_eq!(rfc3339(moment), "2026-03-01T00:00:00Z");
        assert!(parse("yesterday").is_err());
        assert!(parse("2026-03-01 08:00").is_err(), "without an offset it would be anybody's guess");
    }
}
