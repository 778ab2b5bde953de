//! The first start: from an empty folder to an office that serves, at this machine's own browser.
//!
//! A word that the terminal shows unlocks it. Then trust files are imported or a trial is made, the first
//! administrator is kept, and a ticket for the first laptop ends it.

#![allow(unused_qualifications, reason = "what utoipa writes")]

mod api;
mod door;
mod files;
mod flow;
#[cfg(test)]
mod tests;
#[cfg(feature = "trial")]
mod trial;
mod trust;
mod unlocked;

pub use api::{document, router, router_over_tls};
pub use door::{Door, MINUTES, TRIES};
pub use flow::{FirstStart, Host};
