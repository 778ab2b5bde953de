//! A lamp or a barrier on a serial relay: it obeys a recorded passage that was let through, and nothing else.
//!
//! [`Pulses`] decides, and only computes: one pulse for each passage at most, none too late, none made up
//! later. [`spawn`] runs the chosen relay on its own thread. The port is opened for a pulse alone, and closed
//! behind it; no port is opened that nobody chose. `docs/relay.md` describes the behaviour.
//!
//! Nothing is logged and nothing is counted: what a relay did would be a history.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod choice;
mod fault;
pub mod limits;
mod look;
mod port;
mod pulses;
mod switch;
mod thread;

pub use choice::{BadPulse, Line, Pulse, RelayChoice};
pub use fault::RelayFault;
pub use look::look;
pub use pulses::{PassageId, Pulses};
pub use thread::{Heard, RelayHandle, RelayState, pulse_once, spawn, spawn_on};
