//! Days and moments as certificates write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::cbor::Value;
use crate::limits::{EARLIEST_EVENT_DAY, LATEST_TIME};
use crate::time::Timestamp;

const DAY: i64 = 86_400;
/// From here on a bare number counts milliseconds: in seconds it would be the year 5138.
const MILLISECONDS_FROM: i128 = 100_000_000_000;

/// Days since 1970 of `YYYY-MM-DD`; a time of day after it is left out (some write one).
#[must_use]
pub fn day(text: &str) -> Option<i64> {
    let date = text.get(..10)?;
    let alone = matches!(text.as_bytes().get(10), None | Some(b'T'));
    let written = date
        .bytes()
        .enumerate()
        .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if !alone || !written {
        return None;
    }
    let date: Date = date.parse().ok()?;
    let midnight = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(midnight.as_second().div_euclid(DAY))
}

/// The day of a moment.
#[must_use]
pub fn day_of(moment: Timestamp) -> i64 {
    moment.0.div_euclid(DAY)
}

/// A moment of a test: RFC 3339, without a zone taken as UTC; bare numbers as some encoders write.
#[must_use]
pub fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Tag(0 | 1, inner) => moment(inner),
        Value::Text(text) => {
            let zoned = text.parse::<jiff::Timestamp>().ok();
            let plain = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
            zoned.or_else(plain).map(|moment| Timestamp(moment.as_second()))
        }
        Value::Integer(number) => {
            let number = i128::from(*number);
            let seconds = if number >= MILLISECONDS_FROM { number / 1000 } else { number };
            i64::try_from(seconds).ok().map(Timestamp)
        }
        _ => None,
    }
}

/// A NumericDate of a CWT (RFC 8392 §2): an integer, or a float whose fraction is left out.
pub(super) fn numeric(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => i64::try_from(*number).ok(),
        // The cast saturates, and what is out of range is refused by whoever asks.
        #[expect(clippy::cast_possible_truncation)]
        Value::Float(seconds) if seconds.is_finite() => Some(*seconds as i64),
        _ => None,
    }
}

/// Whether a moment is one that a file or a code can name at all.
pub(super) fn is_possible(seconds: i64) -> bool {
    (0..=LATEST_TIME).contains(&seconds)
}

/// Whether something can have happened on a day, seen from a moment.
pub(super) fn can_have_happened(day: i64, latest: Timestamp) -> bool {
    (EARLIEST_EVENT_DAY..=day_of(latest)).contains(&day)
}

/// A date of birth as the schema has it: nothing, a year, a month or a day of 1900 to 2099.
pub(super) fn is_birth(text: &str) -> bool {
    let date = text.split('T').next().unwrap_or_default();
    let century = date.starts_with("19") || date.starts_with("20");
    let written = date
        .bytes()
        .enumerate()
        .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    text.is_empty() || (century && written && matches!(date.len(), 4 | 7 | 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2000-01-01"), Some(EARLIEST_EVENT_DAY));
        assert_eq!(day("2021-02-18"), Some(18_676));
        assert_eq!(day("2021-02-18T23:59:59Z"), Some(18_676));
        for bad in ["", "2021-2-18", "2021-02-30", "20210218", "2021-02-18 ", "18.02.2021", "２０２１-02-18"]
        {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn moments() {
        let same = ["2021-02-20T12:34:56Z", "2021-02-20T13:34:56+01:00", "2021-02-20T12:34:56"];
        for text in same {
            assert_eq!(moment(&text.into()), Some(Timestamp(1_613_824_496)), "{text}");
        }
        assert_eq!(moment(&1_613_824_496_000_i64.into()), Some(Timestamp(1_613_824_496)));
        assert_eq!(moment(&"yesterday".into()), None);
        assert_eq!(moment(&Value::Null), None);
    }

    #[test]
    fn births() {
        for good in ["", "1998", "1998-02", "1998-02-26", "1998-02-26T00:00:00"] {
            assert!(is_birth(good), "{good}");
        }
        for bad in ["98", "1998-", "1898-01-01", "1998-02-26-01", "02/26/1998", "T"] {
            assert!(!is_birth(bad), "{bad}");
        }
    }
}
