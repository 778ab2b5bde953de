//! Who may change what. Pure.

use ::roster::{Forbidden, may, permitted};
use health_code::{PersonId, Role, Timestamp, Trust, UnverifiedCode, hex};
use wire::report::{Roster, RosterChange};

use super::comparing::{Alerts, future};
use super::known::Known;
use crate::store::{AlertKind, ChangeKey, ChangeRefusal, ChangeState, ReportKey};

/// Decides what becomes of a change: it is accepted if its author might make it, both when they made it
/// and when it arrived, and if what it says holds. Otherwise it is refused, and the station hears why.
///
/// The set in force is asked as well: by a clock that was set back, the set of the arrival is an older one.
pub(super) fn weigh(
    roster: &Roster,
    key: ReportKey,
    known: &Known,
    received: Timestamp,
) -> (ChangeState, Alerts) {
    let made = Timestamp(roster.at);
    if let Some(alert) = future(roster.at, roster.clock, received) {
        return (ChangeState::Refused(ChangeRefusal::Future), vec![alert]);
    }
    let asked = [
        (known.then(made), made, "when it was made"),
        (known.then(received), received, "when it arrived"),
        (&*known.now, received, "when it was opened"),
    ];
    for (trust, moment, when) in asked {
        if let Err(forbidden) = permits(roster, known, trust, moment) {
            let detail = described(roster, forbidden, when);
            return (ChangeState::Refused(ChangeRefusal::NotAllowed), vec![(AlertKind::NoRight, detail)]);
        }
    }
    match &roster.change {
        RosterChange::PersonAdded { code, masked_phone, phone, .. } => {
            if let Err(refusal) = verified(code, known.then(made), made) {
                let detail = format!("the code of the person who was added: {refusal}");
                let alerts = vec![(AlertKind::UnverifiedPerson, detail)];
                return (ChangeState::Refused(ChangeRefusal::Unverified), alerts);
            }
            // They sign in by its last digits: a mask of another number would lock them out.
            if phone.as_deref().is_some_and(|phone| !has_same_digits(phone, masked_phone)) {
                return (ChangeState::Refused(ChangeRefusal::Unusable), Alerts::new());
            }
            // The one who came first stays, with their PIN: the station hears it, and takes them from the file.
            if known.has_holder(&roster.change) {
                return (ChangeState::Refused(ChangeRefusal::Taken), Alerts::new());
            }
        }
        RosterChange::PersonRestored { id, removal, .. } => {
            let removal = ChangeKey { station: key.station, record: *removal };
            if !known.may_return(*id, removal) {
                return (ChangeState::Refused(ChangeRefusal::NotThere), Alerts::new());
            }
        }
        _ => {}
    }
    (ChangeState::Accepted, Alerts::new())
}

/// Decides whether the author may make the change by this set of trust files. Whom an accepted report added
/// is a collector before a community file says so.
fn permits(roster: &Roster, known: &Known, trust: &Trust, moment: Timestamp) -> Result<(), Forbidden> {
    let in_force = trust.policy(moment).ok();
    let policy = in_force.as_ref().map(|in_force| &in_force.policy);
    match permitted(PersonId(roster.by), &roster.change, trust.community(), policy) {
        Err(Forbidden::NotListed) if known.was_added(roster.by, trust) => {
            if may(Role::Collector, &roster.change, policy) { Ok(()) } else { Err(Forbidden::Role) }
        }
        decided => decided,
    }
}

fn described(roster: &Roster, forbidden: Forbidden, when: &str) -> String {
    let (code, by) = (roster.change.code(), hex::encode(&roster.by));
    match forbidden {
        Forbidden::NotListed => format!("{code} by {by}, whom the community did not list {when}"),
        Forbidden::Role => format!("{code} by {by}, who had no right to it {when}"),
        Forbidden::Administrator => {
            let about = hex::encode(&roster.change.subject().unwrap_or_default());
            format!("{code} by {by}: {about} was an administrator {when}")
        }
    }
}

fn has_same_digits(phone: &str, masked: &str) -> bool {
    let last = |text: &str| text.chars().rev().take(health_code::limits::SIGN_IN_DIGITS).collect::<Vec<_>>();
    last(phone) == last(masked)
}

fn verified(code: &[u8], trust: &Trust, moment: Timestamp) -> Result<(), &'static str> {
    let code = UnverifiedCode::from_cose(code).map_err(|refusal| refusal.code())?;
    let region = &trust.community().region;
    trust.verify(&code, region, moment).map_err(|refused| refused.refusal.code())?;
    Ok(())
}
