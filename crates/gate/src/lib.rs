//! The gate: what a checkpoint does, decided without doing anything.
//!
//! [`Gate::handle`] takes one [`Input`] and the moment, and returns [`Action`]s for the shell
//! around it. The gate holds no clock, no file, no window and no network; its randomness is a seed.
//! So every promise of the collector's screen is kept, and tested, here.
//!
//! The gate consists of wings, each with its own state, screens and inputs: `shift` (signing in,
//! checkpoints), `collector` (reading and recording codes), `workbench` (what an administrator looks
//! after) and `station` (faults). The `router`
//! hands each input to its wing; its documentation says how to add a button, a screen or a wing.
//! [`window`] defines what crosses to the window and back.
//!
//! [`sync`] holds the rules for emptying the outbox, just as pure.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod action;
pub mod fault;
pub mod input;
pub mod limits;
pub mod sync;
pub mod window;

mod change_report;
mod changes;
mod collector;
mod deadlines;
mod hints;
mod naming;
mod reports;
mod router;
mod shared;
mod shift;
mod standing;
mod station;
mod surroundings;
mod tags;
mod wing;
mod workbench;

pub use action::Action;
pub use changes::{BadChanges, Changes};
pub use collector::{IGNORES_KEYS, OUT_OF_VIEW};
pub use fault::Fault;
pub use input::{Aim, Input, Located, Now, Scan, Withdrawal};
pub use router::{Gate, Setup};
pub use shift::{BadTries, LastPlace, WrongTries};
pub use window::{GpsUse, Screen, UserInput, View};

#[cfg(test)]
mod tests;
