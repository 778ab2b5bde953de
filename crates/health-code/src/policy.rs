//! The policy: what a verified code means at this checkpoint.

use serde::{Deserialize, Serialize};

use crate::certificates::{CertificateRow, Finding};
use crate::claims::Colour;
use crate::hcert::Kind;
use crate::region::Region;
use crate::time::Timestamp;
use crate::verified::VerifiedCode;

/// Where a code comes from, seen from the checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The checkpoint's own community (12 digits shared).
    Community,
    /// The same city (4 digits shared).
    City,
    /// The same province (2 digits shared).
    Province,
    /// Elsewhere in the country.
    Country,
    /// Issued abroad.
    Foreign,
}

/// What to do with the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// 通行: let them through.
    Pass,
    /// 核实: look closer.
    Check,
    /// 劝返: turn them back.
    Stop,
}

/// The one reason that decided. Where several hold, the most severe, in the order drawn here.
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
        /// What the row's rules say of it.
        finding: Finding,
        /// Whole days since.
        days: u32,
    },
}

/// What a policy says of one verified code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What to do.
    pub ruling: Ruling,
    /// Why.
    pub reason: Reason,
}

/// One row of the table: a ruling for each colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// For [`Colour::Green`].
    pub green: Ruling,
    /// For [`Colour::Yellow`].
    pub yellow: Ruling,
    /// For [`Colour::Red`].
    pub red: Ruling,
    /// For [`Colour::Grey`].
    pub grey: Ruling,
    /// For [`Colour::Uncoloured`].
    pub uncoloured: Ruling,
}

/// A policy in force: a signed part of a trust file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Counts up with each change; every passage carries it.
    pub version: u64,
    /// Whose policy this is.
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
    /// Where somebody without a code gets one.
    pub no_code_url: String,
    /// What certificates from abroad are worth; without it each is looked at by a person.
    pub certificates: Option<CertificateRow>,
}

impl Policy {
    /// Judges a verified code at a checkpoint.
    ///
    /// The table decides by colour and origin. A `Pass` becomes a `Check` for declared fever,
    /// symptoms, an old declaration or a paper code, in this order of severity.
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

    /// The table's cell.
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
        match colour {
            Colour::Green => row.green,
            Colour::Yellow => row.yellow,
            Colour::Red => row.red,
            Colour::Grey => row.grey,
            Colour::Uncoloured => row.uncoloured,
        }
    }

    /// Whether the policy is in force at `now`.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.from <= now && self.to.is_none_or(|to| now < to)
    }

    /// The first reason, in order of severity, to look closer at somebody whom the table lets pass.
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

    /// The standard policy, a start for a deployment's own.
    ///
    /// | from | green | yellow | red | grey | uncoloured |
    /// |---|---|---|---|---|---|
    /// | own community, city, province | pass | check | stop | check | check |
    /// | elsewhere in the country | pass | stop | stop | check | check |
    /// | foreign | check | stop | stop | check | check |
    ///
    /// Fever from 37.3 °C, declarations good for 24 hours, the same person again within 60
    /// seconds, the list's own expiries, collectors may add checkpoints.
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

impl Origin {
    /// Where a code comes from, seen from a checkpoint.
    #[must_use]
    pub fn of(code: &VerifiedCode, checkpoint: &Region) -> Self {
        let region = &code.claims().region;
        if code.issuer().foreign {
            Self::Foreign
        } else if region.shares(checkpoint, 12) {
            Self::Community
        } else if region.shares(checkpoint, 4) {
            Self::City
        } else if region.shares(checkpoint, 2) {
            Self::Province
        } else {
            Self::Country
        }
    }
}
