//! Joining, on a thread of its own: the window goes on meanwhile.

use std::sync::Arc;

use wire::Ticket;

use super::Shared;
use super::entrance::Input;
use crate::enrol::{self, EnrolError, EnrolFailure};

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
                self.start_after_joining();
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
        runtime.block_on(async {
            tokio::select! {
                joined = enrol::join(&self.options.dir, ticket, &ticket.laptop, &mut begins) => Some(joined),
                _ = closing.wait_for(|closing| *closing) => None,
            }
        })
    }
}
