//! The back office: enrols stations, accepts sealed reports and answers with signed receipts,
//! opens the seals and verifies every code again, serves the trust files, lists what arrived.
//!
//! [`serve()`] runs one inside a tokio runtime; `back-office serve` runs one as a process. Whatever
//! is kept goes through the trait [`store::Store`]. The protocol is in `docs/wire.md`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod api;
pub mod ca;
pub mod command;
pub mod config;
pub mod context;
pub mod keys;
pub mod limits;
pub mod overview;
pub mod serve;
pub mod store;
pub mod system;
#[cfg(test)]
mod testing;
pub mod tickets;
pub mod trust;
pub mod worker;

pub use config::Config;
pub use serve::{Running, StartError, serve};
pub use system::Clock;
pub use tickets::{TicketError, make_ticket};
