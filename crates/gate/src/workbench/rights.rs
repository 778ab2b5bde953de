//! Asking whether somebody may make a change, and whether there is room for one.

use health_code::trust::PersonId;
use wire::report::RosterChange;

use crate::window::workbench::ChangeProblem;
use crate::wing::{Effects, Known};

/// Allows a change by the table that the office has, too. What is not allowed is counted.
///
/// # Errors
/// [`ChangeProblem`].
pub(super) fn allow(
    change: &RosterChange,
    by: PersonId,
    known: &Known,
    effects: &mut Effects,
) -> Result<(), ChangeProblem> {
    let Some(community) = known.community() else { return Err(ChangeProblem::NotAllowed) };
    if roster::permitted(by, change, community, known.standing.policy()).is_err() {
        effects.count_forbidden();
        Err(ChangeProblem::NotAllowed)
    } else if known.roster.has_room() {
        Ok(())
    } else {
        Err(ChangeProblem::TooMany)
    }
}
