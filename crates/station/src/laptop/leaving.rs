//! Leaving service: an administrator turns a station back into a laptop.
//!
//! It is a withdrawal that nobody at the office spoke: the station judges nothing from then on, sends what it
//! has, and erases trust and key. What follows is a laptop that waits for a ticket.

use disk::DiskError;

use super::{Laptop, Shared, State};
use crate::folder::Folder;
use crate::withdrawal::{Heard, Phase};

/// A laptop that takes no ticket, since it is a station and nobody may change that here, or cannot become
/// one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this laptop takes no ticket now")]
pub struct TakesNoTicket;

/// Why a station does not leave service.
#[derive(Debug, thiserror::Error)]
pub enum CannotLeave {
    /// There is no station, or no administrator is in its workbench.
    #[error("only an administrator in the workbench takes a station out of service")]
    NotAllowed,
    /// The word could not be written. Retrying may help.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl Laptop {
    /// Takes the station out of service, for an administrator in its workbench. It judges nothing from now on,
    /// sends what it has, and is then erased; a process that ends before goes on when the folder is opened.
    ///
    /// # Errors
    /// [`CannotLeave`]; the station stays in service.
    pub fn leave(&self) -> Result<(), CannotLeave> {
        self.shared.leave()
    }
}

impl Shared {
    fn leave(&self) -> Result<(), CannotLeave> {
        let mut state = self.lock();
        if !matches!(&*state, State::Station(_)) || !self.window.is_in_workbench() {
            return Err(CannotLeave::NotAllowed);
        }
        let word = Heard { phase: Phase::Sending, left: true, contact: String::new() };
        word.keep(&Folder::new(&self.options.dir))?;
        tracing::warn!("an administrator takes this station out of service");
        // It begins again, out of service.
        self.stop(&mut state);
        self.start(&mut state, false);
        Ok(())
    }

    /// Stops a station that has left service once everything was sent, and erases what is left of it.
    pub(super) fn end_if_left(&self, state: &mut State) {
        let heard = Heard::read(&Folder::new(&self.options.dir));
        if heard.is_some_and(|heard| heard.left && heard.phase == Phase::Erasing) {
            self.stop(state);
            self.start(state, true);
        }
    }
}
