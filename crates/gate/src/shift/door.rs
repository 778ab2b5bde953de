//! The way into the workbench and out of it. A shift goes on meanwhile.

use health_code::trust::Role;

use super::Shift;
use crate::window::shift::SignInProblem;
use crate::wing::{Activity, Effects, Known, WingName};

impl Shift {
    /// Opens the workbench for an administrator who is on duty, or else its door.
    pub(super) fn open_workbench(&mut self, known: &Known, effects: &mut Effects) {
        let is_free =
            known.activity == Activity::Idle && !self.choice.is_adding() && !self.sign_in.is_checking();
        if !is_free || self.keeper.is_some() || self.sign_in.is_door() || known.trust.is_none() {
            return;
        }
        if let Some(session) = self.session.as_ref().filter(|session| session.who.role == Role::Administrator)
        {
            self.keeper = Some(session.who.clone());
            effects.bring_to_front(WingName::Workbench);
            return;
        }
        self.sign_in.open_door(known.now.mono);
        effects.bring_to_front(WingName::Shift);
    }

    /// Closes the workbench's door without opening it.
    pub(super) fn close_door(&mut self, known: &Known, effects: &mut Effects) {
        self.sign_in.close_door();
        if self.session.is_some() && known.is_at_checkpoint() {
            effects.bring_to_front(WingName::Collector);
        }
    }

    /// Locks the workbench. Whoever is on duty goes on.
    pub(crate) fn lock(&mut self, problem: Option<SignInProblem>, known: &Known, effects: &mut Effects) {
        if self.keeper.take().is_none() {
            return;
        }
        if self.session.is_none() {
            self.sign_in.reset(problem);
        }
        let goes_on = self.session.is_some() && known.is_at_checkpoint();
        effects.bring_to_front(if goes_on { WingName::Collector } else { WingName::Shift });
    }
}
