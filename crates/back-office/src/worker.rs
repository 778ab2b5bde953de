//! Opening what arrived: unseal, verify the code again, file or quarantine. On its own thread, so
//! that a burst of batches costs only writes.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use health_code::{Refusal, Ruling, Timestamp, Trust, UnverifiedCode, Verdict, VerifiedCode};
use wire::report::Passage;
use wire::seal::OpenError;
use wire::{Carried, ClockState, Report, Shown};

use crate::context::Context;
use crate::limits::{GAP_SECONDS, OPENED_AT_ONCE, WORKER_PAUSE};
use crate::store::{AlertKind, Filing, Outcome, QuarantineReason, Settled, StoreError, Waiting};
use crate::trust::TrustInForce;

/// Wakes the worker; when the last one is gone, the worker ends.
#[derive(Debug, Clone)]
pub struct Waker(SyncSender<()>);

impl Waker {
    /// Returns a waker and the end that the worker listens at.
    #[must_use]
    pub fn new() -> (Self, Receiver<()>) {
        let (sender, receiver) = sync_channel(1);
        (Self(sender), receiver)
    }

    /// There is something to open.
    pub fn wake(&self) {
        // Full: it has been told already. Gone: the office is stopping.
        let (Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(()))) = self.0.try_send(());
    }
}

/// Starts the worker.
///
/// # Errors
/// Where no thread can be started.
pub fn start(context: Context) -> std::io::Result<(Waker, JoinHandle<()>)> {
    let (waker, receiver) = Waker::new();
    let thread = std::thread::Builder::new().name("opener".into()).spawn(move || run(&context, &receiver))?;
    Ok((waker, thread))
}

fn run(context: &Context, wakes: &Receiver<()>) {
    loop {
        if let Err(error) = round(context) {
            tracing::warn!(%error, "could not open what arrived; trying again");
        }
        match wakes.recv_timeout(WORKER_PAUSE) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// One round: changed trust files, everything that waits, the chains.
///
/// # Errors
/// [`StoreError`]; what was not settled waits for the next round.
pub fn round(context: &Context) -> Result<(), StoreError> {
    let now = context.clock.now();
    match context.trust.refresh(now) {
        Ok(true) => {
            tracing::info!(offers = ?context.trust.offers(), "other trust files are in force");
            context.store.reopen(Some(QuarantineReason::UnknownTrust))?;
        }
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "the trust files in the folder are not in force"),
    }
    loop {
        let waiting = context.store.waiting(OPENED_AT_ONCE)?;
        if waiting.is_empty() {
            break;
        }
        let settled = waiting.iter().map(|waiting| open(context, waiting)).collect::<Result<Vec<_>, _>>()?;
        context.store.settle(&settled, context.clock.now())?;
    }
    context.store.check_chains(now.plus(-GAP_SECONDS), now)
}

fn open(context: &Context, waiting: &Waiting) -> Result<Settled, StoreError> {
    let row = waiting.row;
    let quarantined = |reason| Settled { row, outcome: Outcome::Quarantined(reason), alert: None };
    let Some(private) = context.keys.sealing(waiting.report.kid) else {
        return Ok(quarantined(QuarantineReason::UnknownRecipient));
    };
    let filed = |filing| Settled { row, outcome: Outcome::Filed(Box::new(filing)), alert: None };
    Ok(match wire::seal::open(&waiting.report, waiting.station, private) {
        Err(OpenError::Seal) => quarantined(QuarantineReason::Seal),
        Err(OpenError::Report) => quarantined(QuarantineReason::Report),
        Ok(Report::Shift(shift)) => filed(Filing::Shift(shift)),
        Ok(Report::Roster(roster)) => filed(Filing::Roster(roster)),
        Ok(Report::Health(health)) => filed(Filing::Health(health)),
        Ok(Report::Passage(passage)) => match trust_for(&context.trust, &passage)? {
            None => quarantined(QuarantineReason::UnknownTrust),
            Some(trust) => match check(&trust, &passage) {
                Err(refusal) => quarantined(QuarantineReason::Code(refusal)),
                Ok((Some(claims), alert)) => {
                    Settled { alert, ..filed(Filing::Passage { claims: Box::new(claims), passage }) }
                }
                Ok((None, alert)) => Settled { alert, ..filed(Filing::Certificate(passage)) },
            },
        },
    })
}

/// The trust that the passage was judged by. One older than anything kept here is stood in for by
/// the one in force; one that has not come here yet is waited for.
fn trust_for(trust: &TrustInForce, passage: &Passage) -> Result<Option<Arc<Trust>>, StoreError> {
    if let Some(found) = trust.by_version(passage.trust)? {
        return Ok(Some(found));
    }
    let current = trust.trust();
    Ok((passage.trust < current.list().version).then_some(current))
}

type Alert = Option<(AlertKind, String)>;
/// The claims of a code; of a certificate there are none here.
type Checked = (Option<health_code::Claims>, Alert);

/// Verifies a passage's code at the passage's time; the refusal's stable code where it does not hold.
fn check(trust: &Trust, passage: &Passage) -> Result<Checked, &'static str> {
    let cose = match &passage.code {
        Carried::Whole(cose) => cose,
        Carried::Certificate { country, .. } => return check_certificate(trust, passage, country),
    };
    let code = UnverifiedCode::from_cose(cose).map_err(|refusal| refusal.code())?;
    let region = &trust.community().region;
    // A clock that was known to be wrong says nothing of dates; everything else must hold.
    if passage.clock == ClockState::Wrong || passage.shown == Shown::UnjudgedClock {
        let authentic = trust.authenticate(&code, region).map_err(|refused| refused.refusal.code())?;
        return Ok((Some(authentic.claims().clone()), None));
    }
    let at = Timestamp(passage.at);
    let code = trust.verify(&code, region, at).map_err(|refused| refused.refusal.code())?;
    let alert = shown_better(trust, passage, &code, at);
    Ok((Some(code.claims().clone()), alert))
}

/// A certificate stays with whoever holds it: the station's word is taken for its signature. That
/// its country was on the list, and that it was never shown as a pass, can be seen from here.
fn check_certificate(trust: &Trust, passage: &Passage, country: &str) -> Result<Checked, &'static str> {
    if !trust.list().signers.iter().any(|signer| signer.country == country) {
        return Err(Refusal::UnknownIssuer.code());
    }
    let alert = (passage.shown == Shown::Pass).then(|| {
        (AlertKind::ShownBetter, "the station showed Pass for a certificate, which is never one".to_owned())
    });
    Ok((None, alert))
}

/// Compares what was shown with the policy, where that is the policy the passage names.
fn shown_better(
    trust: &Trust,
    passage: &Passage,
    code: &VerifiedCode,
    at: Timestamp,
) -> Option<(AlertKind, String)> {
    let policy = trust.policy(at);
    if policy.version != passage.policy {
        return None;
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
