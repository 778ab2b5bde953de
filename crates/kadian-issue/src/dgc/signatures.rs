//! How many signatures hold, whatever else a file expects.

use std::collections::BTreeMap;

use health_code::hcert::{Algorithm, UnverifiedCertificate};

use super::case::Case;
use super::steps;

/// Counts over all files that have a message and a certificate.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Expected to hold, and it does.
    hold: BTreeMap<Algorithm, usize>,
    /// Expected to fail, and it does.
    rejected: usize,
    /// Expected to fail, and it holds; but the message names another key.
    other_kid: usize,
    /// Neither was stated.
    unstated: usize,
    /// Of these, how many hold.
    unstated_hold: usize,
    /// Expected to hold, and it does not.
    broken: usize,
    /// Expected to fail, and it holds.
    unexpected: usize,
}

impl Totals {
    /// Adds a file's signature.
    pub fn add(&mut self, case: &Case) {
        let Some(Signature { algorithm, holds, is_named }) = signature(case) else { return };
        let stated = case.expected.iter().find(|(step, _)| step == "EXPECTEDVERIFY").map(|(_, is)| *is);
        match (stated, holds) {
            (Some(true), true) => {
                if let Some(algorithm) = algorithm {
                    *self.hold.entry(algorithm).or_default() += 1;
                }
            }
            (Some(true), false) => self.broken += 1,
            (Some(false), true) if is_named => self.unexpected += 1,
            (Some(false), true) => self.other_kid += 1,
            (Some(false), false) => self.rejected += 1,
            (None, holds) => {
                self.unstated += 1;
                self.unstated_hold += usize::from(holds);
            }
        }
    }

    /// Returns the totals in one line.
    pub fn line(&self) -> String {
        let name = |algorithm: Algorithm| match algorithm {
            Algorithm::Es256 => "ES256",
            Algorithm::Es384 => "ES384",
            Algorithm::Ps256 => "PS256",
        };
        let hold: Vec<String> =
            self.hold.iter().map(|(algorithm, count)| format!("{} {count}", name(*algorithm))).collect();
        let hold = if hold.is_empty() { "none".to_owned() } else { hold.join(", ") };
        format!(
            "signatures that hold: {hold}; rejected as expected: {}, and {} for another kid; without an \
             expectation: {} ({} hold); expected to hold and broken: {}; expected to fail and hold: {}",
            self.rejected, self.other_kid, self.unstated, self.unstated_hold, self.broken, self.unexpected
        )
    }
}

struct Signature {
    /// What the message names, where it is known here.
    algorithm: Option<Algorithm>,
    holds: bool,
    /// Whether the message names the file's key.
    is_named: bool,
}

/// Tries a file's signature. `None` where it has no message or no certificate.
fn signature(case: &Case) -> Option<Signature> {
    let (cose, dsc) = (steps::message(case)?, case.dsc()?);
    let message = cose.ok().and_then(|cose| UnverifiedCertificate::from_cose(&cose).ok());
    let (holds, is_named) = match (&message, dsc) {
        (Some(message), Ok(dsc)) => (message.verify(&dsc.key).is_ok(), message.kid() == dsc.kid.0),
        _ => (false, false),
    };
    Some(Signature { algorithm: message.map(|message| message.algorithm()), holds, is_named })
}
