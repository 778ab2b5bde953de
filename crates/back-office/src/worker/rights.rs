//! Who may change what. Pure.

use health_code::{Person, PersonId, Role, Timestamp, Trust, UnverifiedCode};
use wire::report::{Roster, RosterChange};

use super::comparing::{Alerts, future};
use super::known::Known;
use crate::store::{AlertKind, ChangeState};

/// Decides what becomes of a change: it is accepted if its author might make it, both when they made it
/// and when it arrived. Otherwise it waits for a person, and an alert says so.
///
/// The set in force is asked as well: by a clock that was set back, the set of the arrival is an older one.
pub(super) fn weigh(roster: &Roster, known: &Known, received: Timestamp) -> (ChangeState, Alerts) {
    let made = Timestamp(roster.at);
    let mut alerts: Alerts = future(roster.at, roster.clock, received).into_iter().collect();
    let asked = [
        (known.then(made), made, "when it was made"),
        (known.then(received), received, "when it arrived"),
        (&*known.now, received, "when it was opened"),
    ];
    for (trust, moment, when) in asked {
        if !may(roster, trust, moment) {
            let by = wire::hex::encode(&roster.by);
            let detail = format!("{} by {by}, who had no right to it {when}", roster.change.code());
            alerts.push((AlertKind::NoRight, detail));
            break;
        }
    }
    if let RosterChange::PersonAdded { code, .. } = &roster.change
        && let Err(refusal) = verified(code, known.then(made), made)
    {
        alerts
            .push((AlertKind::UnverifiedPerson, format!("the code of the person who was added: {refusal}")));
    }
    // No station makes an administrator, so none says by which secret one signs in either.
    if let RosterChange::PinChanged { id, .. } = &roster.change
        && role(known.now.as_ref(), *id) == Some(Role::Administrator)
    {
        let detail = format!("another secret for administrator {}", wire::hex::encode(id));
        alerts.push((AlertKind::NoRight, detail));
    }
    // A stricter policy is a file of its own, which a person publishes; whom a station says it removed, it
    // may not have.
    let publishable =
        !matches!(roster.change, RosterChange::PolicyStricter { .. } | RosterChange::PersonRestored { .. });
    let accepted = alerts.is_empty() && publishable;
    (if accepted { ChangeState::Accepted } else { ChangeState::Waits }, alerts)
}

/// Returns whether the author may make the change by this set of trust files.
fn may(roster: &Roster, trust: &Trust, moment: Timestamp) -> bool {
    match role(trust, roster.by) {
        Some(Role::Administrator) => true,
        Some(Role::Collector) => {
            matches!(roster.change, RosterChange::CheckpointAdded { .. })
                && trust.policy(moment).is_ok_and(|in_force| in_force.policy.collectors_add_checkpoints)
        }
        None => false,
    }
}

fn role(trust: &Trust, id: [u8; 8]) -> Option<Role> {
    let person = trust.community().people.iter().find(|person| person.id == PersonId(id));
    person.map(|Person { role, .. }| *role)
}

fn verified(code: &[u8], trust: &Trust, moment: Timestamp) -> Result<(), &'static str> {
    let code = UnverifiedCode::from_cose(code).map_err(|refusal| refusal.code())?;
    let region = &trust.community().region;
    trust.verify(&code, region, moment).map_err(|refused| refused.refusal.code())?;
    Ok(())
}
