//! A station: the I/O around the gate.
//!
//! [`Laptop::open`] opens a folder for a window, whether it is an enrolled station yet or not.
//! [`Station::start`] runs the gate of an enrolled folder: camera, outbox, trust store, uplink and
//! clock, on threads that the gate never waits for. [`enrol::enrol`] makes such a folder.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod battery;
#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod bench;
mod camera_host;
mod clock;
mod device;
mod display;
mod displays;
pub mod enrol;
mod entropy;
mod folder;
mod gate_loop;
mod gps;
mod heads;
mod housekeeping;
mod inputs;
mod keys;
mod laptop;
pub mod limits;
mod memory;
mod notebook;
mod outbox;
mod pin;
mod preview;
mod reading;
mod relay_host;
mod scanner_host;
mod script;
mod self_test;
mod serial_choice;
mod settings;
#[cfg(test)]
mod simulation;
mod start;
mod station;
mod stick;
#[cfg(test)]
mod testing;
mod trust_choice;
mod trust_store;
mod uplink;
mod wake;
mod withdrawal;

pub use camera::CameraChoice;
pub use device::CannotSave;
pub use display::Display;
pub use enrol::EnrolFailure;
pub use entropy::NoEntropy;
pub use heads::witness;
pub use keys::KeyError;
pub use laptop::{
    CannotLeave, EntranceBar, EntranceScreen, EntranceView, JoinSteps, Laptop, LeaveStep, NoStation,
    StepState, TakesNoTicket, TicketInput, TicketProblem, TicketView, Window, WindowView,
};
pub use outbox::export::{ExportError, ExportKind, Exported, OutboxProblem, export};
pub use preview::Preview;
pub use relay::{RelayChoice, RelayFault, RelayState};
pub use relay_host::RelayStatus;
pub use scanner::{Candidate, ScannerChoice, ScannerFault, ScannerState, appeared};
pub use scanner_host::ScannerStatus;
pub use script::{Step, StepProblem};
pub use serial_choice::{CannotChoose, choose_relay, choose_scanner};
pub use settings::{DeviceSetting, Lamp, Language, ResidentDisplay, Settings, SettingsError, Theme, Voice};
pub use start::{Headless, StartError, StartOptions};
pub use station::Station;
pub use trust_store::TrustError;
pub use uplink::bad_office::BadOffice;
pub use uplink::office::{BadIdentity, ExchangeError};
pub use withdrawal::ExportedReports;
