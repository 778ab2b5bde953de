//! The back office: enrols stations, accepts sealed reports and answers with signed receipts,
//! opens the seals and verifies every code again, serves the trust files, lists what arrived.
//!
//! [`serve()`] runs one inside a tokio runtime; `back-office serve` runs one as a process. Whatever
//! is kept goes through the trait [`store::Store`]. The protocol is in `docs/wire.md`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod api;
pub mod command;
pub mod config;
pub mod keys;
pub mod limits;
pub mod outside;
pub mod overview;
pub mod serve;
pub mod store;
pub mod tickets;
pub mod tls;
pub mod trust;
pub mod worker;

pub use config::Config;
pub use outside::Clock;
pub use serve::{Running, StartError, serve};
pub use tickets::{TicketError, make_ticket};
