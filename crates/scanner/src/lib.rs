//! Hand scanners: turns a scanner's bytes or key events into whole texts, and reports its faults.
//!
//! [`spawn`] runs the chosen scanner on its own thread and opens it again when it comes back. What a scanner
//! sends is cut into texts by [`Framing`], and key events become characters by [`Keys`]; both only compute.
//! No port and no keyboard is opened that nobody chose. `docs/scanners.md` describes the behaviour.
//!
//! The crate knows no gate: whether a text is a whole code is for whoever parses it to say.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod candidate;
mod choice;
mod fault;
mod framing;
mod keyboard;
mod keys;
pub mod limits;
mod same;
mod serial;
mod sysfs;
mod thread;

pub use candidate::{Candidate, appeared, candidates};
pub use choice::{DeviceIdentity, Port, ScannerChoice};
pub use fault::ScannerFault;
pub use framing::{Frame, Framing};
pub use keys::Keys;
pub use same::{is_same_port, is_scanner_at};
pub use serial::{SerialPort, port_of, serial_ports};
pub use sysfs::System;
pub use thread::{Heard, ScannerHandle, ScannerState, Stopwatch, spawn, spawn_on};
