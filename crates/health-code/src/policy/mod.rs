//! The policy: what a verified code means at this checkpoint.

mod certificate;
mod composed;
mod milder;
mod screen;
mod standard;
mod table;
mod zone;

pub use certificate::{BirthParts, CertificateRow, Days, Finding, Hours};
pub(crate) use composed::compose;
pub use milder::{CELLS, Item, Limit, Milder};
pub use screen::{DEFAULT_IDLE_MINUTES, ScreenTimes};
pub use table::{Origin, Row, Ruling};
pub use zone::Zone;

use serde::{Deserialize, Serialize};

use certificate::Elapsed;

use crate::claims::Colour;
use crate::hcert::{Kind, VerifiedCertificate};
use crate::region::Region;
use crate::time::Timestamp;
use crate::verified::VerifiedCode;

/// The one reason that decided: where several hold, the gravest, in the order of the variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Reason {
    /// The table's cell for this colour and origin.
    Colour {
        /// The code's colour.
        colour: Colour,
        /// Where it comes from.
        origin: Origin,
    },
    /// Declared a temperature at or above the policy's.
    Fever {
        /// In 0.1 °C.
        tenths: u16,
    },
    /// Declared symptoms.
    Symptoms {
        /// Bits of [`crate::claims::symptom`].
        bits: u16,
    },
    /// Declared longer ago than the policy allows.
    OldDeclaration {
        /// Age in hours.
        hours: u32,
    },
    /// A paper code: compare it with the identity document.
    PaperCode,
    /// A certificate from abroad: compare name and date of birth with the passport.
    Passport,
    /// The row for certificates from abroad.
    Certificate {
        /// What it certifies.
        certificate: Kind,
        /// What the row's rules found.
        finding: Finding,
        /// Days since the event, in the policy's time zone.
        days: u32,
        /// Whole hours since the sample, where it certifies a test.
        hours: Option<u32>,
    },
}

/// What a policy says about one verified code or certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What to do.
    pub ruling: Ruling,
    /// Why.
    pub reason: Reason,
}

/// What codes mean at a checkpoint: a signed file of its own.
///
/// Several may be in force at once, from the nation's to a community's;
/// [`Trust::policy`](crate::Trust::policy) composes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Counts up with each change.
    pub version: u64,
    /// The region whose policy this is.
    pub region: Region,
    /// Number of the document that ordered it.
    pub document: String,
    /// In force from.
    pub from: Timestamp,
    /// In force until, where it ends.
    pub to: Option<Timestamp>,
    /// Rows for [`Origin::Community`], `City`, `Province`, `Country`, `Foreign`, in this order.
    pub table: [Row; 5],
    /// Declared temperature, in 0.1 °C, from which a pass becomes a check (373).
    pub fever_tenths: u16,
    /// A declaration older than this many hours turns a pass into a check.
    pub declaration_max_hours: u32,
    /// Seconds in which the same person counts as just recorded (60).
    pub repeat_window_seconds: u32,
    /// Seconds after `issued` from which the trust list counts as old, where shorter than its own.
    pub soft_expiry_seconds: Option<u32>,
    /// Seconds after `issued` from which nothing is green, where shorter than its own.
    pub hard_expiry_seconds: Option<u32>,
    /// Whether a collector may add a checkpoint.
    pub collectors_add_checkpoints: bool,
    /// The address where somebody without a code gets one; may be empty.
    pub no_code_url: String,
    /// What certificates from abroad are worth. Without it a person looks at each.
    pub certificates: Option<CertificateRow>,
    /// Where a day begins.
    pub zone: Zone,
    /// What narrower policies may make milder, by their regions.
    pub milder: Vec<Milder>,
    /// How long results stay on the screen, where not [`ScreenTimes::default`].
    pub screen: Option<ScreenTimes>,
    /// Minutes without a key or a code until the gate signs out, where not [`DEFAULT_IDLE_MINUTES`].
    pub idle_minutes: Option<u16>,
    /// Reports that a station keeps, sealed, until it hears that they are backed up.
    pub kept_reports: Option<u32>,
    /// Days for which an office keeps passages. Without it they are kept until somebody erases them.
    pub keep_days: Option<u16>,
}

impl Policy {
    /// Judges a verified code at a checkpoint.
    ///
    /// The table decides by colour and origin. A `Pass`, and only a `Pass`, becomes a `Check` for
    /// declared fever, symptoms, an old declaration or a paper code, in this order of severity.
    #[must_use]
    pub fn judge(&self, code: &VerifiedCode, checkpoint: &Region, now: Timestamp) -> Verdict {
        let claims = code.claims();
        let origin = Origin::of(code, checkpoint);
        let ruling = self.ruling(claims.colour, origin);
        let closer = if ruling == Ruling::Pass { self.why_closer(code, now) } else { None };
        match closer {
            Some(reason) => Verdict { ruling: Ruling::Check, reason },
            None => Verdict { ruling, reason: Reason::Colour { colour: claims.colour, origin } },
        }
    }

    /// Judges a verified certificate.
    ///
    /// A certificate has no colour and is never a pass: whoever has a picture of it can show it.
    /// Where the row says pass, the verdict is a check of the passport ([`Reason::Passport`]).
    #[must_use]
    pub fn judge_certificate(&self, certificate: &VerifiedCertificate, now: Timestamp) -> Verdict {
        let payload = &certificate.contents().payload;
        let today = self.zone.day(now);
        let sample = payload.event.sample();
        let event_day = sample.map_or(payload.event.day(), |at| self.zone.day(at));
        let elapsed = Elapsed {
            days: today.saturating_sub(event_day).max(0),
            seconds: sample.map_or(0, |at| now.since(at).max(0)),
        };
        let (ruling, finding) = match &self.certificates {
            None => (Ruling::Check, Finding::NoRule),
            Some(row) => match row.find(payload, elapsed, today) {
                Finding::Accepted => (row.accepted, Finding::Accepted),
                finding => (row.otherwise, finding),
            },
        };
        if ruling == Ruling::Pass {
            return Verdict { ruling: Ruling::Check, reason: Reason::Passport };
        }
        let count = |elapsed: i64| u32::try_from(elapsed).unwrap_or(u32::MAX);
        let reason = Reason::Certificate {
            certificate: payload.event.kind(),
            finding,
            days: count(elapsed.days),
            hours: sample.map(|_| count(elapsed.seconds / 3600)),
        };
        Verdict { ruling, reason }
    }

    /// Returns which parts of a birth date may be seen.
    #[must_use]
    pub fn birth_parts(&self) -> BirthParts {
        self.certificates.as_ref().and_then(|row| row.birth).unwrap_or_default()
    }

    /// Returns how long results stay on the screen.
    #[must_use]
    pub fn screen_times(&self) -> ScreenTimes {
        self.screen.unwrap_or_default()
    }

    /// Returns the minutes without a key or a code after which the gate signs out.
    #[must_use]
    pub fn idle_minutes(&self) -> u16 {
        self.idle_minutes.unwrap_or(DEFAULT_IDLE_MINUTES)
    }

    /// Returns the table's cell.
    #[must_use]
    pub fn ruling(&self, colour: Colour, origin: Origin) -> Ruling {
        let [community, city, province, country, foreign] = &self.table;
        let row = match origin {
            Origin::Community => community,
            Origin::City => city,
            Origin::Province => province,
            Origin::Country => country,
            Origin::Foreign => foreign,
        };
        row.ruling(colour)
    }

    /// Returns whether the policy is in force at `now`: from [`Policy::from`] on, before [`Policy::to`].
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.from <= now && self.to.is_none_or(|to| now < to)
    }

    /// Returns the gravest reason to look closer at somebody whom the table lets pass.
    fn why_closer(&self, code: &VerifiedCode, now: Timestamp) -> Option<Reason> {
        let claims = code.claims();
        if let Some(tenths) = claims.temperature.filter(|tenths| *tenths >= self.fever_tenths) {
            return Some(Reason::Fever { tenths });
        }
        if claims.symptoms != 0 {
            return Some(Reason::Symptoms { bits: claims.symptoms });
        }
        let hours = u32::try_from(now.since(claims.declared_at).max(0) / 3600).unwrap_or(u32::MAX);
        if hours > self.declaration_max_hours {
            return Some(Reason::OldDeclaration { hours });
        }
        claims.is_static.then_some(Reason::PaperCode)
    }
}
