//! Somebody who is signed in, for a shift or at the workbench.

use std::time::Duration;

use health_code::trust::{Person, PersonId, Role};

use crate::window::shift::{ShiftId, SignInProblem};
use crate::wing::Known;

/// Who is on duty.
pub(super) struct Session {
    pub(super) shift: ShiftId,
    pub(super) who: Who,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub(super) struct Who {
    pub(super) person: PersonId,
    pub(super) masked_name: String,
    pub(super) role: Role,
    /// The hash of the PIN that was right. Another one ends the session.
    phc: String,
    /// When somebody last pressed a key, or a code became a result.
    pub(super) active: Duration,
}

impl Who {
    pub(super) fn of(person: &Person, mono: Duration) -> Self {
        Self {
            person: person.id,
            masked_name: person.masked_name.clone(),
            role: person.role,
            phc: person.pin_phc.clone(),
            active: mono,
        }
    }

    /// Follows what the community says of this person now.
    ///
    /// # Errors
    /// Why they are signed out; `None` where a community that nobody vouches for says nothing of them.
    pub(super) fn follow(&mut self, known: &Known) -> Result<(), Option<SignInProblem>> {
        let mut people = known.community().into_iter().flat_map(|community| &community.people);
        match people.find(|person| person.id == self.person) {
            None => Err((!known.is_unvouched()).then_some(SignInProblem::Removed)),
            Some(person) if person.pin_phc != self.phc || person.role != self.role => {
                Err(Some(SignInProblem::Changed))
            }
            Some(person) => {
                self.masked_name.clone_from(&person.masked_name);
                Ok(())
            }
        }
    }

    /// Returns when the person counts as gone.
    pub(super) fn idle_until(&self, known: &Known) -> Duration {
        self.active.saturating_add(Duration::from_secs(u64::from(known.standing.idle_minutes()) * 60))
    }
}
