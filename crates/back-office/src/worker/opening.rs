//! Opening one report: unseal it, verify its code again, compare it, decide where it goes. Pure.

use health_code::{Claims, Refusal, Timestamp, Trust, UnverifiedCode};
use wire::report::{Passage, RosterChange, Shift, ShiftEvent};
use wire::seal::OpenError;
use wire::{Carried, ClockState, Report, Shown, StationId};

use super::comparing::{self, Alerts};
use super::each::each;
use super::known::{Communities, Known};
use super::rights;
use crate::keys::Keyring;
use crate::store::{
    AlertKind, ChangeKey, Filing, Outcome, PersonKeys, QuarantineReason, ReportKey, Settled, Waiting,
};

/// A report whose seal was opened, or the reason why it could not be.
pub(super) struct Unsealed {
    key: ReportKey,
    received: Timestamp,
    report: Result<Report, QuarantineReason>,
}

impl Unsealed {
    /// Returns the station that sent it.
    pub(super) fn station(&self) -> StationId {
        self.key.station
    }

    /// Returns whether the report may change what counts for those after it.
    fn is_change(&self) -> bool {
        matches!(self.report, Ok(Report::Roster(_)))
    }

    /// Returns the version of the trust list that the station judged by, if this is a passage.
    pub(super) fn trust_version(&self) -> Option<u64> {
        match &self.report {
            Ok(Report::Passage(passage)) => Some(passage.trust),
            _ => None,
        }
    }

    /// Returns about whom it matters what other changes said: who made a change, and whom one restores.
    pub(super) fn people(&self) -> Vec<[u8; 8]> {
        let Ok(Report::Roster(roster)) = &self.report else { return Vec::new() };
        let restored = match roster.change {
            RosterChange::PersonRestored { id, .. } => Some(id),
            _ => None,
        };
        [roster.by].into_iter().chain(restored).collect()
    }

    /// Returns who stood at the gate, if the report says so.
    pub(super) fn collector(&self) -> Option<[u8; 8]> {
        match &self.report {
            Ok(Report::Passage(passage)) => Some(passage.collector),
            Ok(Report::Shift(shift)) => Some(shift.person),
            _ => None,
        }
    }

    /// Returns whether this adds somebody to a community.
    pub(super) fn adds_person(&self) -> bool {
        matches!(&self.report, Ok(Report::Roster(roster)) if matches!(roster.change, RosterChange::PersonAdded { .. }))
    }

    /// Returns the moments whose set of trust files matters.
    pub(super) fn moments(&self) -> Vec<Timestamp> {
        match &self.report {
            Ok(Report::Passage(passage)) => vec![Timestamp(passage.judged_at)],
            Ok(Report::Shift(shift)) => vec![Timestamp(shift.at)],
            Ok(Report::Roster(roster)) => vec![Timestamp(roster.at), self.received],
            Ok(Report::Health(_)) | Err(_) => Vec::new(),
        }
    }
}

/// Opens seals, on every core. A seal at which this program panics is that report's fault and no other's.
pub(super) fn unseal_all(waiting: Vec<Waiting>, keys: &Keyring) -> Vec<Unsealed> {
    let names: Vec<_> = waiting.iter().map(|waiting| (waiting.key, waiting.received)).collect();
    let unsealed = each(waiting, |waiting| unseal(&waiting, keys));
    let panicked = |(key, received)| Unsealed { key, received, report: Err(QuarantineReason::Panic) };
    names
        .into_iter()
        .zip(unsealed)
        .map(|(name, unsealed)| unsealed.unwrap_or_else(|| panicked(name)))
        .collect()
}

/// Opens a seal.
fn unseal(waiting: &Waiting, keys: &Keyring) -> Unsealed {
    let report = match keys.sealing(waiting.report.kid) {
        None => Err(QuarantineReason::UnknownRecipient),
        Some(private) => {
            wire::seal::open(&waiting.report, waiting.key.station, private).map_err(|error| match error {
                OpenError::Seal => QuarantineReason::Seal,
                OpenError::Report => QuarantineReason::Report,
            })
        }
    };
    Unsealed { key: waiting.key, received: waiting.received, report }
}

/// Decides where reports go, in their order: a change counts for those after it. What stands between two
/// changes is decided on every core.
pub(super) fn settle_all(reports: Vec<Unsealed>, mut known: Communities) -> Vec<Settled> {
    let mut settled = Vec::with_capacity(reports.len());
    let mut reports = reports.into_iter().peekable();
    while let Some(first) = reports.next() {
        let is_change = first.is_change();
        let mut run = vec![first];
        while !is_change && let Some(next) = reports.next_if(|next| !next.is_change()) {
            run.push(next);
        }
        let keys: Vec<_> = run.iter().map(|report| report.key).collect();
        let done = each(run, |report| {
            let known = known.of(report.key.station);
            settle(report, known)
        });
        settled.extend(keys.into_iter().zip(done).map(|(key, done)| done.unwrap_or_else(|| panicked(key))));
        if let Some(Settled { key, outcome: Outcome::Filed(filing), .. }) = settled.last()
            && let Filing::Roster { roster, state } = &**filing
        {
            known.hear(ChangeKey { station: key.station, record: key.record }, roster, *state);
        }
    }
    settled
}

/// Opens the declarations in what is to be filed, on every core: by them people are found.
pub(super) fn name_people(settled: Vec<Settled>, keys: &Keyring) -> Vec<Settled> {
    let names: Vec<_> = settled.iter().map(|settled| settled.key).collect();
    let named = each(settled, |mut settled| {
        if let Outcome::Filed(filing) = &mut settled.outcome
            && let Filing::Passage { claims, person, .. } = &mut **filing
        {
            *person = keys.person_of(claims);
        }
        settled
    });
    names.into_iter().zip(named).map(|(key, named)| named.unwrap_or_else(|| panicked(key))).collect()
}

/// Says what becomes of a report at which this program panicked.
fn panicked(key: ReportKey) -> Settled {
    let detail = "opening it made this program panic; its log says where";
    let alerts = vec![(AlertKind::Panic, detail.to_owned())];
    Settled { key, outcome: Outcome::Quarantined(QuarantineReason::Panic), alerts }
}

/// Decides where a report goes. One of a community that the office has no file of waits in quarantine.
fn settle(unsealed: Unsealed, known: Option<&Known>) -> Settled {
    let Unsealed { key, received, report } = unsealed;
    let Some(known) = known else {
        let outcome = Outcome::Quarantined(report.err().unwrap_or(QuarantineReason::UnknownTrust));
        return Settled { key, outcome, alerts: Alerts::new() };
    };
    let (outcome, alerts) = match report {
        Err(QuarantineReason::Panic) => return panicked(key),
        Err(reason) => (Outcome::Quarantined(reason), Alerts::new()),
        Ok(Report::Health(health)) => {
            let alerts = comparing::future(health.at, health.clock, received).into_iter().collect();
            filed(Filing::Health(health), alerts)
        }
        Ok(Report::Shift(shift)) => {
            let alerts = compare_shift(&shift, known, received);
            filed(Filing::Shift(shift), alerts)
        }
        Ok(Report::Roster(roster)) => {
            let (state, alerts) = rights::weigh(&roster, key, known, received);
            filed(Filing::Roster { roster, state }, alerts)
        }
        Ok(Report::Passage(passage)) => settle_passage(passage, known, received),
    };
    Settled { key, outcome, alerts }
}

fn filed(filing: Filing, alerts: Alerts) -> (Outcome, Alerts) {
    (Outcome::Filed(Box::new(filing)), alerts)
}

fn compare_shift(shift: &Shift, known: &Known, received: Timestamp) -> Alerts {
    let at = Timestamp(shift.at);
    let place = match shift.event {
        ShiftEvent::At { checkpoint, direction } => comparing::place(checkpoint, direction, known, at),
        ShiftEvent::SignedIn | ShiftEvent::SignedOut => None,
    };
    let future = comparing::future(shift.at, shift.clock, received);
    comparing::person(shift.person, known, at).into_iter().chain(place).chain(future).collect()
}

/// Verifies a passage's code by the sets that have the list which the passage names, and compares the rest.
fn settle_passage(passage: Passage, known: &Known, received: Timestamp) -> (Outcome, Alerts) {
    let sets = known.by_list.get(&passage.trust).map(Vec::as_slice).unwrap_or_default();
    let (Some(trust), policies) = comparing::judged_by(&passage, sets) else {
        return (Outcome::Quarantined(QuarantineReason::UnknownTrust), Alerts::new());
    };
    match check(trust, &passage) {
        Err(refusal) => (Outcome::Quarantined(QuarantineReason::Code(refusal)), Alerts::new()),
        Ok((claims, shown)) => {
            let others = comparing::compare(&passage, known, received);
            let alerts = policies.into_iter().chain(shown).chain(others).collect();
            let filing = match claims {
                Some(claims) => {
                    let (claims, person) = (Box::new(claims), PersonKeys::default());
                    Filing::Passage { passage, claims, person }
                }
                None => Filing::Certificate(passage),
            };
            filed(filing, alerts)
        }
    }
}

/// The claims of a code (a certificate's stay at the station), and what was shown amiss.
type Checked = (Option<Claims>, Alerts);

/// Verifies a passage's code at the moment at which it was judged.
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
        return Ok((Some(authentic.claims().clone()), Alerts::new()));
    }
    let at = Timestamp(passage.judged_at);
    let code = trust.verify(&code, region, at).map_err(|refused| refused.refusal.code())?;
    let alerts = comparing::shown(trust, passage, &code).into_iter().collect();
    Ok((Some(code.claims().clone()), alerts))
}

/// Checks a certificate from abroad, as far as the office can. The certificate itself stays with
/// its holder, so nobody can verify it again. The office can see that the country was on the list,
/// and that the station never showed Pass.
fn check_certificate(trust: &Trust, passage: &Passage, country: &str) -> Result<Checked, &'static str> {
    if !trust.list().signers.iter().any(|signer| signer.country == country) {
        return Err(Refusal::UnknownIssuer.code());
    }
    Ok((None, comparing::shown_for_certificate(trust, passage)))
}

#[cfg(test)]
mod tests;
