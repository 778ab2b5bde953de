//! Days and moments as certificates write them.

use super::cbor::Value;
use crate::limits::{EARLIEST_EVENT_DAY, LATEST_TIME};
use crate::time::Timestamp;

const DAY: i64 = 86_400;
/// From here on a bare number counts milliseconds: in seconds it would be the year 5138.
const MILLISECONDS_FROM: i128 = 100_000_000_000;
/// From here on a float skips whole numbers (2^53).
const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;
/// Somewhere (UTC+14) a day begins this long before it does in UTC.
const EARLIEST_ZONE_SECONDS: i64 = 14 * 3600;

/// Days since 1970 of `YYYY-MM-DD`; a time of day after it is left out (some write one).
#[must_use]
pub fn day(text: &str) -> Option<i64> {
    let (date, after) = text.split_at_checked(10)?;
    (after.is_empty() || after.starts_with('T')).then(|| date_alone(date)).flatten()
}

/// Reads `YYYY-MM-DD` and nothing else; the day must exist (proleptic Gregorian).
fn date_alone(date: &str) -> Option<i64> {
    let written = date.len() == 10
        && date.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let part = |range: std::ops::Range<usize>| date.get(range).filter(|_| written)?.parse::<i64>().ok();
    let (year, month, of_month) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&of_month) {
        return None;
    }
    Some(days_to(year, month, of_month))
}

/// Days since 1970 of a day of the proleptic Gregorian calendar.
fn days_to(year: i64, month: i64, of_month: i64) -> i64 {
    // Years that begin in March have their leap day last; 719,468 days from 0000-03-01 to 1970.
    let (year, from_march) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + (153 * from_march + 2) / 5 + of_month - 1 - 719_468
}

/// Reads when a test was taken: RFC 3339, in UTC where no zone is given, or a bare number.
#[must_use]
pub fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Tag(0 | 1, inner) => moment(inner),
        Value::Text(text) => written(text),
        number => {
            let number = whole(number)?;
            let seconds = if number >= MILLISECONDS_FROM { number / 1000 } else { number };
            i64::try_from(seconds).ok().map(Timestamp)
        }
    }
}

/// Reads a whole number, also where it was written as a float, as software does that keeps all numbers
/// as floats. A fraction is none.
pub(super) fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Integer(number) => Some(i128::from(*number)),
        // Below 2^53 each whole float is exactly the number that it was made from.
        #[expect(clippy::cast_possible_truncation)]
        Value::Float(number) if number.fract() == 0.0 && number.abs() < EXACT_BELOW => Some(*number as i128),
        _ => None,
    }
}

/// RFC 3339 §5.6, seconds and zone left out or not, the zone's colon too.
fn written(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let (clock, zone) = time.split_at(time.find(['Z', 'z', '+', '-']).unwrap_or(time.len()));
    let clock = clock.split_once('.').map_or(clock, |(whole, _)| whole);
    let two = |digits: &str, limit: i64| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<i64>().ok()).flatten().filter(|number| *number <= limit)
    };
    let seconds = match clock.split(':').collect::<Vec<_>>()[..] {
        [hour, minute] => two(hour, 23)? * 3600 + two(minute, 59)? * 60,
        [hour, minute, second] => two(hour, 23)? * 3600 + two(minute, 59)? * 60 + two(second, 60)?,
        _ => return None,
    };
    let offset = match zone.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => 0,
        Some((sign @ ("+" | "-"), zone)) => {
            let minutes = zone.get(2..).unwrap_or_default().trim_start_matches(':');
            let minutes = if minutes.is_empty() { 0 } else { two(minutes, 59)? };
            let ahead = two(zone.get(..2)?, 23)? * 3600 + minutes * 60;
            if sign == "+" { ahead } else { -ahead }
        }
        Some(_) => return None,
    };
    Some(Timestamp(date_alone(date)? * DAY + seconds - offset))
}

/// Reads a NumericDate of a CWT (RFC 8392 §2): an integer, or a float without its fraction.
pub(super) fn numeric(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => i64::try_from(*number).ok(),
        // The cast saturates, and what is out of range is refused by whoever asks.
        #[expect(clippy::cast_possible_truncation)]
        Value::Float(seconds) if seconds.is_finite() => Some(*seconds as i64),
        _ => None,
    }
}

/// Returns whether a moment is one that a file or a code can name at all.
pub(super) fn is_possible(seconds: i64) -> bool {
    (0..=LATEST_TIME).contains(&seconds)
}

/// Returns whether something can have happened on a day, seen from a moment.
pub(super) fn can_have_happened(day: i64, latest: Timestamp) -> bool {
    (EARLIEST_EVENT_DAY..=latest.day()).contains(&day)
}

/// A birth date, as far as a certificate names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BirthDate {
    /// The year, 1900 to 2099.
    pub year: u16,
    /// The month, 1 to 12, where it is known.
    pub month: Option<u8>,
    /// The day of the month, 1 to 31, where it is known.
    pub day: Option<u8>,
}

impl BirthDate {
    /// Returns whether somebody born then can have been alive at a moment: the parts that are known are
    /// not after its day, wherever that day began first.
    pub(super) fn is_by(self, moment: Timestamp) -> bool {
        let known = |part: Option<u8>| i64::from(part.unwrap_or(1));
        let earliest = days_to(self.year.into(), known(self.month), known(self.day));
        earliest <= moment.plus(EARLIEST_ZONE_SECONDS).day()
    }
}

/// Reads a date of birth as the schema has it: nothing, a year, a month or a day of 1900 to 2099; and as
/// some countries write an unknown month and day, `1963-XX-XX`. `None` where it is written otherwise.
pub(super) fn birth(text: &str) -> Option<Option<BirthDate>> {
    let date = text.split('T').next().unwrap_or_default();
    let century = date.starts_with("19") || date.starts_with("20");
    let written = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        0..4 => byte.is_ascii_digit(),
        _ => byte.is_ascii_digit() || matches!(byte, b'X' | b'x'),
    });
    if text.is_empty() {
        return Some(None);
    }
    if !century || !written || !matches!(date.len(), 4 | 7 | 10) {
        return None;
    }
    let part = |range: std::ops::Range<usize>, most: u8| {
        date.get(range)?.parse::<u8>().ok().filter(|number| (1..=most).contains(number))
    };
    let year = date.get(..4)?.parse().ok()?;
    Some(Some(BirthDate { year, month: part(5..7, 12), day: part(8..10, 31) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2000-01-01"), Some(EARLIEST_EVENT_DAY));
        assert_eq!(day("2021-02-18"), Some(18_676));
        assert_eq!(
            (day("2000-02-29"), day("2100-02-29"), day("2020-02-29")),
            (Some(11_016), None, Some(18_321))
        );
        assert_eq!((day("1969-12-31"), day("9999-12-31")), (Some(-1), Some(2_932_896)));
        assert_eq!(day("2021-02-18T23:59:59Z"), Some(18_676));
        for bad in ["", "2021-2-18", "2021-02-30", "20210218", "2021-02-18 ", "18.02.2021", "２０２１-02-18"]
        {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn moments() {
        let same = [
            "2021-02-20T12:34:56Z",
            "2021-02-20T13:34:56+01:00",
            "2021-02-20T12:34:56",
            "2021-02-20T12:34:56.789Z",
            "2021-02-20 08:04:56-0430",
            "2021-02-20T14:34:56+02",
        ];
        for text in same {
            assert_eq!(moment(&text.into()), Some(Timestamp(1_613_824_496)), "{text}");
        }
        assert_eq!(moment(&1_613_824_496_000_i64.into()), Some(Timestamp(1_613_824_496)));
        assert_eq!(moment(&"2021-02-20T12:34Z".into()), Some(Timestamp(1_613_824_440)));
        for bad in
            ["yesterday", "2021-02-20", "2021-02-20T24:00:00Z", "2021-02-20T1:00:00Z", "2021-02-20T12:00:00X"]
        {
            assert_eq!(moment(&bad.into()), None, "{bad}");
        }
        assert_eq!(moment(&Value::Null), None);
    }

    #[test]
    fn numeric_dates_of_a_cwt_may_be_floats() {
        assert_eq!(numeric(&Value::Float(1_638_864_000.76)), Some(1_638_864_000));
        assert_eq!(numeric(&1_638_864_000_i64.into()), Some(1_638_864_000));
        assert_eq!((numeric(&Value::Float(f64::NAN)), numeric(&"1638864000".into())), (None, None));
        assert!(!is_possible(numeric(&Value::Float(1e300)).unwrap()));
    }

    #[test]
    fn births() {
        let date = |year, month, day| Some(Some(BirthDate { year, month, day }));
        assert_eq!(birth(""), Some(None));
        assert_eq!(birth("1998"), date(1998, None, None));
        assert_eq!(birth("1998-02"), date(1998, Some(2), None));
        assert_eq!(birth("1998-02-26"), date(1998, Some(2), Some(26)));
        assert_eq!(birth("1998-02-26T00:00:00"), date(1998, Some(2), Some(26)));
        for unknown in ["1963-XX-XX", "1963-xx-xx", "1963-00-00", "1963-13-32", "1963-0X"] {
            assert_eq!(birth(unknown), date(1963, None, None), "{unknown}");
        }
        for bad in
            ["98", "1998-", "1898-01-01", "1998-02-26-01", "02/26/1998", "T", "19XX-01-01", "1998-0a-01"]
        {
            assert_eq!(birth(bad), None, "{bad}");
        }
    }
}
