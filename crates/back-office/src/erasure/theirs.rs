//! Whose a report is that lies in quarantine.

use health_code::{Claims, Region, UnverifiedCode};
use tokio::task::spawn_blocking;
use wire::{Carried, Report};

use crate::keys::Keyring;
use crate::limits::HELD_AT_ONCE;
use crate::store::{Names, ReportKey, Store, StoreError, Waiting};

/// Returns the reports in quarantine that are of somebody, and how many there are that nobody here can read.
pub(super) async fn among_held(
    store: &dyn Store,
    keys: &Keyring,
    names: &Names,
    region: &Region,
) -> Result<(Vec<ReportKey>, u64), StoreError> {
    let (mut theirs, mut shut) = (Vec::new(), 0);
    let mut after = None;
    loop {
        let held = store.held(after, region, HELD_AT_ONCE).await?;
        let Some(last) = held.last() else { return Ok((theirs, shut)) };
        after = Some(last.key);
        for waiting in held {
            match is_theirs(keys, &waiting, names) {
                Some(true) => theirs.push(waiting.key),
                Some(false) => {}
                None => shut += 1,
            }
        }
        // Opening seals is work: others have their turn in between.
        let _ = spawn_blocking(|| {}).await;
    }
}

/// Returns whether a report is of somebody; `None` where no key opens it, or what is in it cannot be read. What a code
/// says is taken as it is, signed or not: it would be read like this by whoever finds it.
fn is_theirs(keys: &Keyring, waiting: &Waiting, names: &Names) -> Option<bool> {
    let private = keys.sealing(waiting.report.kid)?;
    let report = wire::seal::open(&waiting.report, waiting.key.station, private).ok()?;
    let Report::Passage(passage) = report else { return Some(false) };
    let cose = match &passage.code {
        Carried::Certificate { id, .. } => return Some(names.certificates.contains(id)),
        Carried::Whole(cose) => cose,
    };
    let code = UnverifiedCode::from_cose(cose).ok()?;
    let claims = Claims::from_payload(code.payload_unverified()).ok()?;
    let person = keys.person_of(&claims);
    let is =
        |key: Option<_>, keys: &std::collections::BTreeSet<_>| key.is_some_and(|key| keys.contains(&key));
    Some(
        is(person.identity, &names.identities)
            || is(person.phone, &names.phones)
            || names.pseudonyms.contains(&(claims.iss, claims.pseudonym)),
    )
}
