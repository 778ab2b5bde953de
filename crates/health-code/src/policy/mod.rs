//! The policy: what a verified code means at this checkpoint.

mod certificate;
mod table;

pub use certificate::{CertificateRow, Days, Finding};
pub use table::{Origin, Row, Ruling};

use serde::{Deserialize, Serialize};

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
    /// The row for certificates from abroad.
    Certificate {
        /// What it certifies.
        certificate: Kind,
        /// What the row's rules found.
        finding: Finding,
        /// Whole days since the event.
        days: u32,
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

/// What codes mean at a checkpoint: a signed part of a trust file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Counts up with each change; every passage carries it.
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
    /// A certificate has no colour and is never a pass: whoever has a picture of it can show it,
    /// as with a paper code. Where the row says pass, the verdict is a check of the passport
    /// ([`Reason::PaperCode`]).
    #[must_use]
    pub fn judge_certificate(&self, certificate: &VerifiedCertificate, now: Timestamp) -> Verdict {
        let payload = &certificate.contents().payload;
        let days = now.day().saturating_sub(payload.event.day()).max(0);
        let (ruling, finding) = match &self.certificates {
            None => (Ruling::Check, Finding::NoRule),
            Some(row) => match row.find(payload, days, now.day()) {
                Finding::Accepted => (row.accepted, Finding::Accepted),
                finding => (row.otherwise, finding),
            },
        };
        if ruling == Ruling::Pass {
            return Verdict { ruling: Ruling::Check, reason: Reason::PaperCode };
        }
        let days = u32::try_from(days).unwrap_or(u32::MAX);
        let reason = Reason::Certificate { certificate: payload.event.kind(), finding, days };
        Verdict { ruling, reason }
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

    /// Returns the standard policy, from which a deployment makes its own.
    ///
    /// | from | green | yellow | red | grey | uncoloured |
    /// |---|---|---|---|---|---|
    /// | own community, city, province | pass | check | stop | check | check |
    /// | elsewhere in the country | pass | stop | stop | check | check |
    /// | foreign | check | stop | stop | check | check |
    ///
    /// Fever begins at 37.3 °C, a declaration is good for 24 hours, and the same person counts as
    /// just recorded for 60 seconds. The list keeps its own expiries. Collectors may add checkpoints.
    #[must_use]
    pub fn standard(
        version: u64,
        region: Region,
        document: &str,
        from: Timestamp,
        no_code_url: &str,
    ) -> Self {
        let near = Row {
            green: Ruling::Pass,
            yellow: Ruling::Check,
            red: Ruling::Stop,
            grey: Ruling::Check,
            uncoloured: Ruling::Check,
        };
        let country = Row { yellow: Ruling::Stop, ..near };
        let foreign = Row { green: Ruling::Check, ..country };
        Self {
            version,
            region,
            document: document.to_owned(),
            from,
            to: None,
            table: [near, near, near, country, foreign],
            fever_tenths: 373,
            declaration_max_hours: 24,
            repeat_window_seconds: 60,
            soft_expiry_seconds: None,
            hard_expiry_seconds: None,
            collectors_add_checkpoints: true,
            no_code_url: no_code_url.to_owned(),
            certificates: None,
        }
    }
}
