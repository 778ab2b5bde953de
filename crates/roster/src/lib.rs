//! Changes of checkpoints and people: who may make which, and what becomes of a community.
//!
//! A laptop and the office use the same two functions. [`apply`] enters a change into a community: the
//! laptop at once, on top of the file that it has, and the office into the next file. [`permitted`] says
//! whether somebody may make a change: the laptop asks before it acts, and the office before it enters it.
//!
//! The office's order is everybody's. A removal wins: what was removed is not changed afterwards.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod apply;
mod rights;

pub use apply::{Applied, apply};
pub use rights::{Forbidden, Right, has, may, permitted};
