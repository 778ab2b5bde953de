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

/// The row of a policy for certificates from abroad: simple acceptance rules, signed with it.
///
/// A kind without days is not accepted. There is no rule language: where these rules do not
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
    /// Accepted days after a negative sample.
    pub test: Option<Days>,
    /// Accepted days after the first positive test, within the certificate's own dates.
    pub recovery: Option<Days>,
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
    /// Too few doses, or an unfinished series.
    TooFewDoses,
    /// Too few days have passed since the event.
    TooRecent,
    /// Too many days have passed since the event.
    TooLongAgo,
}

impl CertificateRow {
    /// Applies the rules to a certificate, `days` after its event; `today` is days since 1970.
    pub(super) fn find(&self, payload: &Payload, days: i64, today: i64) -> Finding {
        let window = match payload.event.kind() {
            Kind::Vaccination => self.vaccination,
            Kind::Test => self.test,
            Kind::Recovery => self.recovery,
        };
        let Some(window) = window.filter(|_| payload.covid) else { return Finding::NotAccepted };
        match payload.event {
            Event::Test { detected: true, .. } => return Finding::Detected,
            Event::Vaccination { dose, of, .. } if dose < of || dose < self.doses => {
                return Finding::TooFewDoses;
            }
            Event::Recovery { from, .. } if today < from => return Finding::TooRecent,
            Event::Recovery { until, .. } if today > until => return Finding::TooLongAgo,
            _ => {}
        }
        if days < i64::from(window.from) {
            Finding::TooRecent
        } else if days > i64::from(window.to) {
            Finding::TooLongAgo
        } else {
            Finding::Accepted
        }
    }
}
