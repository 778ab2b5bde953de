//! Ending a shift by hand, and taking that back.

use super::Shift;
use super::ended::Ended;
use crate::wing::{Effects, Known};

impl Shift {
    /// Ends the shift as its person asked.
    pub(super) fn end(&mut self, known: &Known, effects: &mut Effects) {
        let Some(session) = &self.session else { return };
        let (who, place) = (session.who.clone(), self.checkpoints.present());
        self.sign_out(None, known, effects);
        self.ended = Some(Ended::new(who, place, known.now.mono));
    }

    /// Takes up the shift again that was just ended. The reports say that it was: somebody signed out, and
    /// then in again.
    pub(super) fn resume(&mut self, known: &Known, effects: &mut Effects) {
        let is_free = self.session.is_none() && self.keeper.is_none() && !self.sign_in.is_door();
        if !is_free || known.is_withdrawn() || self.sign_in.is_checking() {
            return;
        }
        let Some(Ended { mut who, place, .. }) = self.ended.take() else { return };
        who.active = known.now.mono;
        self.begin_shift(who, known, effects);
        if let Some(place) = place.filter(|place| place.find(known.community()).is_some()) {
            self.go_on_duty(place, known, effects);
        }
    }
}
