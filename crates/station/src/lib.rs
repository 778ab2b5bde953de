//! A station: the I/O around the gate.
//!
//! [`Station::start`] opens a station's folder and runs its gate: camera, outbox, trust store,
//! uplink, clock and keys, each on its own thread, none of which the gate ever waits for.
//! [`enrol::enrol`] makes such a folder.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod battery;
#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod bench;
mod clock;
mod discretion;
pub mod enrol;
mod entropy;
mod folder;
mod gate_loop;
mod inputs;
mod keys;
pub mod limits;
mod outbox;
mod pin;
mod reading;
mod script;
mod settings;
mod start;
#[cfg(test)]
mod testing;
mod trust_store;
mod uplink;

pub use camera::CameraChoice;
pub use entropy::NoEntropy;
pub use keys::KeyError;
pub use script::{Step, StepProblem};
pub use settings::{Language, Settings, SettingsError};
pub use start::{Display, Headless, Preview, StartError, StartOptions, Station};
pub use trust_store::TrustError;
pub use uplink::link::{BadOffice, LinkError};
