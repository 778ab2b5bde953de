//! The policy's row for certificates from abroad: what they are worth at this checkpoint.

use serde::{Deserialize, Serialize};

use super::table::Ruling;
use crate::hcert::{Event, Kind, Payload};

/// A window of whole days after an event in which its certificate is accepted, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first such day.
    pub from: u32,
    /// The last such day.
    pub to: u32,
}

/// A window of hours after a sample in which its certificate is accepted, both ends included: 72 hours
/// are over at the second after 72 times 3600.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Hours that must have passed.
    pub from: u32,
    /// Hours that may have passed.
    pub to: u32,
}

/// Which parts of a birth date may be seen, as bits: 1 year, 2 month, 4 day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BirthParts(u8);

/// The row of a policy for certificates from abroad: simple acceptance rules, signed with it.
///
/// A kind without a window is not accepted. There is no rule language: where these rules do not
/// suffice, the person at the gate judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateRow {
    /// The ruling for certificates that the rules accept.
    pub accepted: Ruling,
    /// The ruling for the others.
    pub otherwise: Ruling,
    /// Accepted days after the last dose.
    pub vaccination: Option<Days>,
    /// Fewest doses of a vaccination. Its series must be complete besides.
    pub doses: u8,
    /// Accepted hours after a negative sample.
    pub test: Option<Hours>,
    /// Accepted days after the first positive test, within the certificate's own dates.
    pub recovery: Option<Days>,
    /// Which parts of the birth date are shown; where it is absent, [`BirthParts::default`].
    pub birth: Option<BirthParts>,
}

/// How long ago an event was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elapsed {
    /// Days in the policy's zone.
    pub(super) days: i64,
    /// Seconds since a sample; of no meaning for other events.
    pub(super) seconds: i64,
}

impl BirthParts {
    /// Reads bits. `None` for other bits.
    #[must_use]
    pub fn from_bits(bits: u8) -> Option<Self> {
        (bits <= 7).then_some(Self(bits))
    }

    /// Returns the bits.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Returns whether the year may be seen.
    #[must_use]
    pub fn year(self) -> bool {
        self.0 & 1 != 0
    }

    /// Returns whether the month may be seen.
    #[must_use]
    pub fn month(self) -> bool {
        self.0 & 2 != 0
    }

    /// Returns whether the day may be seen.
    #[must_use]
    pub fn day(self) -> bool {
        self.0 & 4 != 0
    }

    /// Returns the parts that both let be seen.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Year and day: enough to tell people apart, and no whole birth date on a screen.
impl Default for BirthParts {
    fn default() -> Self {
        Self(1 | 4)
    }
}

/// What the rules found about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// It meets all of them.
    Accepted,
    /// The policy has no row for certificates: a person looks closer.
    NoRule,
    /// Not a kind, or not a disease, that is accepted here.
    NotAccepted,
    /// A test that was not negative.
    Detected,
    /// It names a code that is in none of the trust list's value sets.
    Unlisted,
    /// Too few doses, or an unfinished series.
    TooFewDoses,
    /// Too few days have passed since the event.
    TooRecent,
    /// Too many days have passed since the event.
    TooLongAgo,
    /// The first day that the certificate itself names is yet to come.
    OwnDaysToCome,
    /// The last day that the certificate itself names is over.
    OwnDaysOver,
}

impl CertificateRow {
    /// Applies the rules to a certificate; `today` is days since 1970 in the policy's zone.
    pub(super) fn find(&self, payload: &Payload, elapsed: Elapsed, today: i64) -> Finding {
        let hour = |hours: u32| i64::from(hours) * 3600;
        let (passed, window) = match payload.event.kind() {
            Kind::Vaccination => (elapsed.days, self.vaccination.map(Days::bounds)),
            Kind::Test => (elapsed.seconds, self.test.map(|hours| (hour(hours.from), hour(hours.to)))),
            Kind::Recovery => (elapsed.days, self.recovery.map(Days::bounds)),
        };
        let Some((from, to)) = window.filter(|_| payload.covid) else { return Finding::NotAccepted };
        match payload.event {
            Event::Test { detected: true, .. } => return Finding::Detected,
            // What the doses of an unknown vaccine are worth, nobody knows.
            _ if payload.unlisted.is_some() => return Finding::Unlisted,
            Event::Vaccination { dose, of, .. } if dose < of || dose < self.doses => {
                return Finding::TooFewDoses;
            }
            Event::Recovery { from, .. } if today < from => return Finding::OwnDaysToCome,
            Event::Recovery { until, .. } if today > until => return Finding::OwnDaysOver,
            _ => {}
        }
        if passed < from {
            Finding::TooRecent
        } else if passed > to {
            Finding::TooLongAgo
        } else {
            Finding::Accepted
        }
    }
}

impl Days {
    fn bounds(self) -> (i64, i64) {
        (self.from.into(), self.to.into())
    }
}
