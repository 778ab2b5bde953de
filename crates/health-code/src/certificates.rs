//! The policy's row for certificates from abroad: what they are worth at this checkpoint.

use serde::{Deserialize, Serialize};

use crate::hcert::{Event, Kind, VerifiedCertificate, date};
use crate::policy::{Policy, Reason, Ruling, Verdict};
use crate::time::Timestamp;

/// Whole days after an event in which a certificate of it is accepted, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// From this day after it on.
    pub from: u32,
    /// To this day after it.
    pub to: u32,
}

/// The row "foreign certificate" of a policy: simple acceptance rules, signed with it.
///
/// A kind without days is not accepted. There is no rule language: what these cannot say, a person
/// at the gate has to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateRow {
    /// For certificates that the rules accept.
    pub accepted: Ruling,
    /// For the others.
    pub otherwise: Ruling,
    /// Days after the last dose.
    pub vaccination: Option<Days>,
    /// Doses that a vaccination must have had at least; a series must be complete besides.
    pub doses: u8,
    /// Days after a sample that was negative.
    pub test: Option<Days>,
    /// Days after the first positive test, within the certificate's own dates.
    pub recovery: Option<Days>,
}

/// What the rules found of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// All they ask for.
    Accepted,
    /// The policy has no row for certificates: look closer.
    NoRule,
    /// Not a kind, or not a disease, that is accepted here.
    NotAccepted,
    /// A test that was not negative.
    Detected,
    /// Fewer doses than asked for, or an unfinished series.
    TooFewDoses,
    /// Not valid yet: too few days since.
    TooRecent,
    /// No longer: too many days since.
    TooLongAgo,
}

impl Policy {
    /// Judges a verified certificate.
    ///
    /// It has no colour and is never a pass: like a paper code it can be shown by anybody who has
    /// a picture of it, so what the row lets pass is compared with the passport
    /// ([`Reason::PaperCode`]).
    #[must_use]
    pub fn judge_certificate(&self, certificate: &VerifiedCertificate, now: Timestamp) -> Verdict {
        let event = &certificate.contents().payload.event;
        let days = date::day_of(now).saturating_sub(event.day()).max(0);
        let finding = self.finding(certificate, days, date::day_of(now));
        let ruling = match (&self.certificates, finding) {
            (None, _) => Ruling::Check,
            (Some(row), Finding::Accepted) => row.accepted,
            (Some(row), _) => row.otherwise,
        };
        match ruling {
            Ruling::Pass => Verdict { ruling: Ruling::Check, reason: Reason::PaperCode },
            ruling => {
                let days = u32::try_from(days).unwrap_or(u32::MAX);
                let reason = Reason::Certificate { certificate: event.kind(), finding, days };
                Verdict { ruling, reason }
            }
        }
    }

    fn finding(&self, certificate: &VerifiedCertificate, days: i64, today: i64) -> Finding {
        let payload = &certificate.contents().payload;
        let Some(row) = &self.certificates else { return Finding::NoRule };
        let window = match payload.event.kind() {
            Kind::Vaccination => row.vaccination,
            Kind::Test => row.test,
            Kind::Recovery => row.recovery,
        };
        let Some(window) = window.filter(|_| payload.covid) else { return Finding::NotAccepted };
        match payload.event {
            Event::Test { detected: true, .. } => return Finding::Detected,
            Event::Vaccination { dose, of, .. } if dose < of || dose < row.doses => {
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
