//! Joining, on a thread of its own: the window goes on meanwhile.

use std::path::Path;
use std::sync::Arc;

use wire::Ticket;

use super::entrance::Input;
use super::{Shared, State};
use crate::clock::Clock;
use crate::enrol::{self, ByStick, EnrolError, EnrolFailure};
use crate::folder::Folder;
use crate::stick::find::{Places, name_of};

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

    /// Carries a stick for a ticket, and starts the station if the office's answer was there.
    pub(super) fn carry(self: &Arc<Self>, ticket: Box<Ticket>) {
        let shared = Arc::clone(self);
        let thread = std::thread::Builder::new().name("joining".into());
        match thread.spawn(move || shared.carry_here(&ticket)) {
            Ok(thread) => self.keep_joining(thread),
            Err(error) => {
                tracing::error!(%error, "no thread");
                self.hear(Input::OnStick(Err(EnrolFailure::Folder)));
            }
        }
    }

    fn carry_here(self: &Arc<Self>, ticket: &Ticket) {
        let sticks = Places::of_system(self.options.stick.clone()).sticks();
        let Some(root) = sticks.first() else {
            return self.hear(Input::OnStick(Err(EnrolFailure::NoStick)));
        };
        match enrol::enrol_by_stick(&self.options.dir, Some(&ticket.to_text()), None, root) {
            Ok(ByStick::Asked(_)) => self.hear(Input::OnStick(Ok(name_of(root)))),
            Ok(ByStick::Joined(_)) => {
                self.hear(Input::Joined);
                self.start_anew();
                self.carry_the_rest(root);
            }
            Err(error) => {
                tracing::warn!(%error, code = error.code(), "this laptop could not join by a stick");
                self.hear(Input::OnStick(Err(error.failure())));
            }
        }
    }

    /// Takes the trust files on the stick, which may be newer than the answer.
    fn carry_the_rest(&self, root: &Path) {
        let sticks = match &*self.lock() {
            State::Station(station) => station.sticks(),
            State::NoStation { .. } | State::Closed => return,
        };
        let seen = sticks.take(root, true);
        tracing::info!(trust = ?seen.trust, "the rest of the stick was carried");
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
