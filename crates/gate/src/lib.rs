//! The gate: what a checkpoint does, decided without doing anything.
//!
//! [`Gate::handle`] takes one [`Input`] and the moment, and returns [`Action`]s for the shell
//! around it. It holds no clock, no file, no window and no network; randomness is a seed. Every
//! promise that the collector's screen makes is kept, and tested, here. [`sync`] holds the rules
//! for emptying the outbox, just as pure.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod action;
pub mod fault;
pub mod input;
pub mod limits;
pub mod sync;
pub mod window;

mod gate;

pub use action::Action;
pub use fault::Fault;
pub use gate::{Gate, Setup};
pub use input::{Aim, Input, Now};
pub use window::{Screen, UserInput, View};
