//! A station: the I/O around the gate.
//!
//! [`Station::start`] opens a station's folder and runs its gate: camera, outbox, trust store,
//! uplink, clock and keys, each on its own thread, none of which the gate ever waits for.
//! [`enrol`] makes such a folder.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod battery;
mod clock;
mod entropy;
mod files;
mod folder;
mod keys;
pub mod limits;
mod outbox;
mod trust_store;
