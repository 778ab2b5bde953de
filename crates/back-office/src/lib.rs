//! The back office. It enrols stations, takes their sealed reports, answers with signed receipts,
//! opens the seals, verifies every code again, serves the trust files, and lists what arrived.
//!
//! [`serve()`] runs an office in a tokio runtime; `back-office serve` runs one as a process.
//! `docs/wire.md` describes the protocol. A request goes this way:
//!
//! 1. [`web`] bounds it, names it, and hands it to an endpoint in [`api`].
//! 2. The endpoint checks it and calls the [`store`], which commits before the endpoint answers.
//! 3. The [`worker`] claims what arrived, opens it, and files it or puts it into quarantine.
//!
//! The parts share a [`context::Context`]: store, trust in force, private keys, clock.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod api;
pub mod audit;
pub mod backup;
pub mod ca;
pub mod command;
pub mod communities;
pub mod config;
pub mod conflict;
pub mod console;
pub mod context;
pub mod copies;
pub mod erasure;
pub mod keys;
pub mod limits;
pub mod metrics;
pub mod officers;
pub mod overview;
pub mod pace;
pub mod renewal;
pub mod residents;
pub mod retention;
pub mod running;
pub mod serve;
#[cfg(test)]
mod simulation;
pub mod stick;
pub mod store;
pub mod stricter;
pub mod system;
#[cfg(test)]
mod testing;
pub mod tickets;
pub mod trust;
pub mod worker;

pub use config::Config;
pub use running::Running;
pub use serve::{StartError, serve};
pub use system::Clock;
pub use tickets::{Order, TicketError, make_tickets};
