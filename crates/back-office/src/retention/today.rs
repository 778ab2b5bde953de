//! Whether an office can rely on its clock for deleting. Pure.
//!
//! A passage that a wrong clock deletes is gone. So a purge goes by the office's clock only where that is at most
//! [`LEAP`] ahead of what it went by before, or of the newest trust list, which its publisher signed by another clock.
//! A clock that is set back deletes nothing.

use health_code::Timestamp;
use health_code::limits::LIST_LIFE_SECONDS;

/// Seconds by which a clock may be ahead of what is known: a weekend for which the office was switched off.
pub const LEAP: i64 = 3 * 86_400;
/// Seconds by which a clock may be set back before a person has to look at it.
const BACK: i64 = 3600;

/// Whether the clock can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Today {
    /// It can.
    Known(Timestamp),
    /// It is so many seconds ahead of what is known: it jumped, or the office was switched off for long.
    Ahead(i64),
    /// It is so many seconds behind what purges went by before.
    Back(i64),
}

/// Returns whether a clock that shows `now` can be relied on.
///
/// `relied` is the latest moment by which purges went, and `published` when the newest trust list was signed. Before
/// the first purge that list alone can tell: nobody believes one that is older than 45 days.
#[must_use]
pub fn today(now: Timestamp, relied: Option<Timestamp>, published: Option<Timestamp>) -> Today {
    let from_list = published.unwrap_or(now);
    let (known, leap) = match relied {
        None => (from_list, LIST_LIFE_SECONDS),
        Some(relied) => (relied.max(from_list.min(now)), LEAP),
    };
    let ahead = now.since(known);
    match relied.map(|relied| relied.since(now)) {
        Some(back) if back > BACK => Today::Back(back),
        _ if ahead > leap => Today::Ahead(ahead),
        _ => Today::Known(now),
    }
}

impl Today {
    /// Returns the seconds by which the clock is ahead or behind, if a person has to look at it.
    #[must_use]
    pub fn needs_a_person(&self) -> Option<(&'static str, i64)> {
        match self {
            Self::Known(_) => None,
            Self::Ahead(seconds) => Some(("purge-ahead", *seconds)),
            Self::Back(seconds) => Some(("purge-back", *seconds)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400;
    const START: Timestamp = Timestamp(1_600_000_000);

    fn known(moment: Timestamp) -> Today {
        Today::Known(moment)
    }

    #[test]
    fn a_clock_that_goes_on_is_relied_on_and_one_that_jumps_is_not() {
        let ask = |days: i64| today(START.plus(days * DAY), Some(START), Some(START.plus(-9 * DAY)));
        assert_eq!(ask(0), known(START));
        assert_eq!(ask(3), known(START.plus(3 * DAY)));
        assert_eq!(ask(4), Today::Ahead(4 * DAY));
        assert_eq!(ask(365), Today::Ahead(365 * DAY));
    }

    #[test]
    fn a_newer_list_shows_that_the_time_has_passed() {
        let now = START.plus(30 * DAY);
        assert_eq!(today(now, Some(START), Some(now.plus(-3 * DAY))), known(now));
        assert_eq!(today(now, Some(START), Some(now.plus(-4 * DAY))), Today::Ahead(4 * DAY));
        // A list of later than now says nothing for this clock.
        assert_eq!(today(START, Some(START), Some(now)), known(START));
    }

    #[test]
    fn a_clock_that_is_set_back_deletes_nothing_and_a_person_looks_at_it() {
        let asked = today(START.plus(-DAY), Some(START), Some(START));
        assert_eq!(asked, Today::Back(DAY));
        assert_eq!(asked.needs_a_person(), Some(("purge-back", DAY)));
        // By some minutes a clock is set every day.
        assert_eq!(today(START.plus(-60), Some(START), Some(START)), known(START.plus(-60)));
    }

    #[test]
    fn before_the_first_purge_the_list_alone_can_tell() {
        assert_eq!(today(START, None, Some(START.plus(-45 * DAY))), known(START));
        assert_eq!(today(START, None, Some(START.plus(-46 * DAY))), Today::Ahead(46 * DAY));
        assert_eq!(today(START, None, None), known(START));
    }

    proptest! {
        /// An office that is looked after hourly, while its clock is set to anything at any time.
        #[test]
        fn however_the_clock_jumps_no_purge_goes_by_more_than_a_leap_beyond_what_is_known(
            clocks in proptest::collection::vec(
                (0..100_i64 * DAY, prop_oneof![Just(0_i64), -400 * DAY..400 * DAY]), 1..60),
            list_every in 1..20_i64,
        ) {
            let (mut truth, mut relied) = (START, START);
            for (passed, wrong_by) in clocks {
                truth = truth.plus(passed);
                // The publisher's clock is right.
                let published = Timestamp(truth.0 - truth.0.rem_euclid(list_every * DAY));
                let now = truth.plus(wrong_by);
                let Today::Known(moment) = today(now, Some(relied), Some(published)) else {
                    prop_assert!(now.since(relied.max(published.min(now))) > LEAP || relied.since(now) > BACK);
                    continue;
                };
                prop_assert_eq!(moment, now);
                prop_assert!(moment <= relied.plus(LEAP).max(truth.plus(LEAP)));
                relied = relied.max(moment);
            }
        }

        /// Whatever it shows at one moment: right before and right afterwards, nothing is gone too early by more than
        /// a leap.
        #[test]
        fn one_wrong_reading_deletes_nothing_that_is_younger_by_more_than_a_leap(
            wrong_by in -4000 * DAY..4000 * DAY,
            list_age in 0..44 * DAY,
        ) {
            let published = START.plus(-list_age);
            if let Today::Known(moment) = today(START.plus(wrong_by), Some(START), Some(published)) {
                prop_assert!(moment.since(START) <= LEAP);
            }
        }
    }
}
