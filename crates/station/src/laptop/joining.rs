//! Joining, on a thread of its own: the window goes on meanwhile.

use std::sync::Arc;

use wire::Ticket;

use super::entrance::Input;
use super::{Shared, State};
use crate::clock::Clock;
use crate::enrol::{self, EnrolError, EnrolFailure};
use crate::folder::Folder;

impl Shared {
    /// Joins by a ticket, and starts the station.
    pub(super) fn join(self: &Arc<Self>, ticket: Box<Ticket>) {
        let shared = Arc::clone(self);
        let thread = std::thread::Builder::new().name("joining".into());
        match thread.spawn(move || shared.join_here(&ticket)) {
            Ok(thread) => self.keep_joining(thread),
            Err(error) => {
                tracing::error!(%error, "no thread");
                self.hear(Input::Failed(EnrolFailure::Folder, None));
            }
        }
    }

    fn join_here(self: &Arc<Self>, ticket: &Ticket) {
        let joined = self.block_on_joining(ticket);
        match joined {
            None => {}
            Some(Ok(())) => {
                self.hear(Input::Joined);
                self.start_anew();
            }
            Some(Err(error)) => {
                tracing::warn!(%error, code = error.code(), "this laptop could not join");
                self.hear(Input::Failed(error.failure(), error.at()));
            }
        }
    }

    /// Returns what became of it; `None` if the laptop was closed meanwhile.
    fn block_on_joining(self: &Arc<Self>, ticket: &Ticket) -> Option<Result<(), EnrolError>> {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return Some(Err(error.into())),
        };
        let shared = Arc::clone(self);
        let mut begins = move |step| shared.hear(Input::Began(step));
        let mut closing = self.closing.subscribe();
        let clock = self.clock_of_the_station();
        runtime.block_on(async {
            let joined = async {
                match clock {
                    None => enrol::join(&self.options.dir, ticket, &ticket.laptop, &mut begins).await,
                    Some(clock) => {
                        let (folder, waiting) = (Folder::new(&self.options.dir), self.window.waiting());
                        enrol::again::again(&folder, ticket, clock, waiting, &mut begins).await
                    }
                }
            };
            tokio::select! {
                joined = joined => Some(joined),
                _ = closing.wait_for(|closing| *closing) => None,
            }
        })
    }

    /// Returns the clock of the station that is enrolled again, if one runs.
    fn clock_of_the_station(&self) -> Option<Arc<dyn Clock>> {
        match &*self.lock() {
            State::Station(station) => Some(Arc::clone(&station.clock) as Arc<dyn Clock>),
            State::NoStation { .. } | State::Closed => None,
        }
    }
}
