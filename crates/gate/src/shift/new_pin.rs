//! A collector got another PIN at this station.

use health_code::trust::PersonId;
use wire::report::RosterChange;

use super::Shift;
use crate::changes::Entry;
use crate::wing::Effects;

impl Shift {
    /// Forgets the wrong tries of whoever has another PIN from now on: they were made at the one before.
    pub(crate) fn pin_saved(&mut self, entry: &Entry, effects: &mut Effects) {
        if let RosterChange::PinChanged { id, .. } = &entry.change
            && let Some(action) = self.sign_in.forgive(PersonId(*id))
        {
            effects.act(action);
        }
    }
}
