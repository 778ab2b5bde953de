//! Opening one report: unseal it, verify its code again, decide where it goes. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use health_code::{
    Claims, Refusal, Ruling, Timestamp, Trust, TrustFault, UnverifiedCode, Verdict, VerifiedCode,
};
use wire::report::Passage;
use wire::seal::OpenError;
use wire::{Carried, ClockState, Report, Shown};

use crate::keys::Keyring;
use crate::store::{AlertKind, Filing, Outcome, QuarantineReason, ReportKey, Settled, Waiting};

/// A report whose seal was opened, or the reason why it could not be.
pub(super) struct Unsealed {
    key: ReportKey,
    report: Result<Report, QuarantineReason>,
}

impl Unsealed {
    /// Returns the version of the trust list that the station judged by, if this is a passage.
    pub(super) fn trust_version(&self) -> Option<u64> {
        match &self.report {
            Ok(Report::Passage(passage)) => Some(passage.trust),
            _ => None,
        }
    }
}

/// Opens a seal.
pub(super) fn unseal(waiting: &Waiting, keys: &Keyring) -> Unsealed {
    let report = match keys.sealing(waiting.report.kid) {
        None => Err(QuarantineReason::UnknownRecipient),
        Some(private) => {
            wire::seal::open(&waiting.report, waiting.key.station, private).map_err(|error| match error {
                OpenError::Seal => QuarantineReason::Seal,
                OpenError::Report => QuarantineReason::Report,
            })
        }
    };
    Unsealed { key: waiting.key, report }
}

/// Decides where a report goes. `trusts` has the trust of every list version that the office knows
/// among those that the passages name.
pub(super) fn settle(unsealed: Unsealed, trusts: &BTreeMap<u64, Arc<Trust>>) -> Settled {
    let Unsealed { key, report } = unsealed;
    let filed = |filing, alert| Settled { key, outcome: Outcome::Filed(Box::new(filing)), alert };
    let quarantined = |reason| Settled { key, outcome: Outcome::Quarantined(reason), alert: None };
    match report {
        Err(reason) => quarantined(reason),
        Ok(Report::Shift(shift)) => filed(Filing::Shift(shift), None),
        Ok(Report::Roster(roster)) => filed(Filing::Roster(roster), None),
        Ok(Report::Health(health)) => filed(Filing::Health(health), None),
        Ok(Report::Passage(passage)) => {
            let Some(trust) = trusts.get(&passage.trust) else {
                return quarantined(QuarantineReason::UnknownTrust);
            };
            match check(trust, &passage) {
                Err(refusal) => quarantined(QuarantineReason::Code(refusal)),
                Ok((Some(claims), alert)) => {
                    filed(Filing::Passage { passage, claims: Box::new(claims) }, alert)
                }
                Ok((None, alert)) => filed(Filing::Certificate(passage), alert),
            }
        }
    }
}

type Alert = Option<(AlertKind, String)>;
/// The claims of a code (a certificate's stay at the station), and an alert to raise.
type Checked = (Option<Claims>, Alert);

/// Verifies a passage's code at the time of the passage.
///
/// # Errors
/// Returns the stable code of the refusal.
fn check(trust: &Trust, passage: &Passage) -> Result<Checked, &'static str> {
    let cose = match &passage.code {
        Carried::Whole(cose) => cose,
        Carried::Certificate { country, .. } => return check_certificate(trust, passage, country),
    };
    let code = UnverifiedCode::from_cose(cose).map_err(|refusal| refusal.code())?;
    let region = &trust.community().region;
    // The time of a clock that was known to be wrong proves nothing about dates. Everything else
    // must hold all the same.
    if passage.clock == ClockState::Wrong || passage.shown == Shown::UnjudgedClock {
        let authentic = trust.authenticate(&code, region).map_err(|refused| refused.refusal.code())?;
        return Ok((Some(authentic.claims().clone()), None));
    }
    let at = Timestamp(passage.at);
    let code = trust.verify(&code, region, at).map_err(|refused| refused.refusal.code())?;
    let alert = shown_better(trust, passage, &code, at);
    Ok((Some(code.claims().clone()), alert))
}

/// Checks a certificate from abroad, as far as the office can. The certificate itself stays with
/// its holder, so the station is believed that the signature held. The office can see that the
/// country was on the list, and that the station never showed Pass.
fn check_certificate(trust: &Trust, passage: &Passage, country: &str) -> Result<Checked, &'static str> {
    if !trust.list().signers.iter().any(|signer| signer.country == country) {
        return Err(Refusal::UnknownIssuer.code());
    }
    let alert = (passage.shown == Shown::Pass).then(|| {
        (AlertKind::ShownBetter, "the station showed Pass for a certificate, which is never one".to_owned())
    });
    Ok((None, alert))
}

/// Compares what the station showed with what the policy says, if the policy is the one that the
/// passage names.
fn shown_better(trust: &Trust, passage: &Passage, code: &VerifiedCode, at: Timestamp) -> Alert {
    let in_force = trust.policy(at).ok()?;
    let policy = in_force.policy;
    if passage.policies != in_force.set.0 {
        return None;
    }
    let judged = matches!(passage.shown, Shown::Pass | Shown::Check | Shown::Stop);
    if judged && trust.fault_at(at) == Some(TrustFault::ListExpired) {
        let detail = format!("the station showed {:?} by a trust list that had expired", passage.shown);
        return Some((AlertKind::ShownBetter, detail));
    }
    let Verdict { ruling, .. } = policy.judge(code, &trust.community().region, at);
    let better = matches!(
        (passage.shown, ruling),
        (Shown::Pass, Ruling::Check | Ruling::Stop) | (Shown::Check, Ruling::Stop)
    );
    better.then(|| {
        let detail = format!("the station showed {:?}, the policy says {ruling:?}", passage.shown);
        (AlertKind::ShownBetter, detail)
    })
}
