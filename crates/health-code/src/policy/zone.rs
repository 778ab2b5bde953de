//! The time zone of a policy: where a day begins.

use std::sync::LazyLock;

use jiff::Timestamp as Moment;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::limits::ZONE_BYTES;
use crate::time::Timestamp;

/// The tz database that is part of the program: no file of the machine decides where a day begins.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

const DAY: i64 = 86_400;

/// A time zone by its IANA name, such as `Asia/Shanghai`, with its daylight saving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// Returns the zone with this name, spelt exactly as the database spells it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let rules = DATABASE.get(name).ok().filter(|_| name.len() <= ZONE_BYTES)?;
        (rules.iana_name() == Some(name)).then(|| Self { name: name.to_owned(), rules })
    }

    /// Returns `Asia/Shanghai`.
    #[must_use]
    #[allow(clippy::expect_used)]
    pub fn china() -> Self {
        // The database is part of the program, and a test below asks for this zone.
        Self::named("Asia/Shanghai").expect("the bundled database has Asia/Shanghai")
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the day of a moment there, as whole days since 1970-01-01.
    #[must_use]
    pub fn day(&self, moment: Timestamp) -> i64 {
        moment.0.saturating_add(self.offset(moment)).div_euclid(DAY)
    }

    /// Returns the first moment of a day there. Where a clock that is set forward skips midnight, that
    /// is the first moment after the gap.
    #[must_use]
    pub fn start_of_day(&self, day: i64) -> Timestamp {
        let midnight = day.saturating_mul(DAY);
        // No offset is longer than a day: `day` begins inside this span, and days only grow in it.
        let (mut before, mut after) = (midnight.saturating_sub(DAY + 1), midnight.saturating_add(DAY + 1));
        while after.saturating_sub(before) > 1 {
            let middle = before + (after - before) / 2;
            if self.day(Timestamp(middle)) < day { before = middle } else { after = middle }
        }
        Timestamp(after)
    }

    /// Returns the seconds by which clocks there are ahead of UTC.
    fn offset(&self, moment: Timestamp) -> i64 {
        let (least, most) = (Moment::MIN.as_second(), Moment::MAX.as_second());
        let moment = Moment::from_second(moment.0.clamp(least, most)).unwrap_or(Moment::UNIX_EPOCH);
        self.rules.to_offset(moment).seconds().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(zone: &str, moment: &str) -> i64 {
        let moment: Moment = moment.parse().unwrap();
        Zone::named(zone).unwrap().day(Timestamp(moment.as_second()))
    }

    #[test]
    fn names_are_those_of_the_bundled_database_and_spelt_alike() {
        assert_eq!(Zone::china().name(), "Asia/Shanghai");
        for known in ["UTC", "Asia/Urumqi", "America/New_York", "Pacific/Kiritimati"] {
            assert_eq!(Zone::named(known).map(|zone| zone.name), Some(known.to_owned()));
        }
        for bad in ["", "asia/shanghai", "Asia/Nowhere", "Etc/Unknown", "+08:00", "Local", "../etc/passwd"] {
            assert_eq!(Zone::named(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_day_begins_at_the_zones_midnight() {
        let on = |date: &str| day("UTC", &format!("{date}T12:00:00Z"));
        for (zone, before, after, date) in [
            // Without daylight saving.
            ("Asia/Shanghai", "2022-03-14T15:59:59Z", "2022-03-14T16:00:00Z", "2022-03-15"),
            ("Asia/Kathmandu", "2022-03-14T18:14:59Z", "2022-03-14T18:15:00Z", "2022-03-15"),
            ("Pacific/Kiritimati", "2022-03-14T09:59:59Z", "2022-03-14T10:00:00Z", "2022-03-15"),
            // The day after a clock was set forward, and the day after it was set back.
            ("America/New_York", "2022-03-14T03:59:59Z", "2022-03-14T04:00:00Z", "2022-03-14"),
            ("America/New_York", "2022-11-07T04:59:59Z", "2022-11-07T05:00:00Z", "2022-11-07"),
            ("Europe/Berlin", "2022-03-26T22:59:59Z", "2022-03-26T23:00:00Z", "2022-03-27"),
            ("Europe/Berlin", "2022-03-27T21:59:59Z", "2022-03-27T22:00:00Z", "2022-03-28"),
            // A leap day begins and ends like any other.
            ("Asia/Shanghai", "2024-02-28T15:59:59Z", "2024-02-28T16:00:00Z", "2024-02-29"),
            ("Asia/Shanghai", "2024-02-29T15:59:59Z", "2024-02-29T16:00:00Z", "2024-03-01"),
            ("America/Los_Angeles", "2024-02-29T07:59:59Z", "2024-02-29T08:00:00Z", "2024-02-29"),
        ] {
            assert_eq!((day(zone, before), day(zone, after)), (on(date) - 1, on(date)), "{zone} {date}");
        }
    }

    #[test]
    fn where_midnight_is_skipped_the_day_begins_after_the_gap() {
        // On 2018-11-04 clocks in São Paulo went from 0:00 to 1:00 (UTC-3 to UTC-2).
        let zone = Zone::named("America/Sao_Paulo").unwrap();
        let day = day("UTC", "2018-11-04T12:00:00Z");
        assert_eq!(zone.start_of_day(day).0, "2018-11-04T03:00:00Z".parse::<Moment>().unwrap().as_second());
        assert_eq!(zone.day(zone.start_of_day(day)), day);
    }

    #[test]
    fn every_moment_has_a_day() {
        let zone = Zone::china();
        for moment in [i64::MIN, 0, crate::limits::LATEST_TIME, i64::MAX] {
            assert_eq!(zone.day(Timestamp(moment)), zone.day(Timestamp(moment)), "no panic");
        }
    }

    proptest! {
        #[test]
        fn a_day_is_what_lies_between_its_start_and_the_next(seconds in 0..4_102_444_800_i64, zone in 0..6_usize) {
            let zones = ["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Tehran"];
            let zone = Zone::named(zones[zone]).unwrap();
            let day = zone.day(Timestamp(seconds));
            prop_assert!(zone.start_of_day(day) <= Timestamp(seconds));
            prop_assert!(Timestamp(seconds) < zone.start_of_day(day + 1));
        }
    }
}
