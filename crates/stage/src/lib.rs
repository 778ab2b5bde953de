//! The real programs on a stage: started from outside, driven as a person would, and stopped.
//!
//! - [`World`]: a folder that `kadian-issue demo` fills;
//! - [`Office`]: a back office on loopback; [`EmptyOffice`]: one that begins; [`LiveCodes`]: codes that are always fresh;
//! - [`HeadlessStation`] and [`Window`]: a station driven by lines, and its real window on a [`Screen`];
//! - [`Browser`]: a browser at the office's console;
//! - [`Shim`]: cameras that do not exist, and the [`Photo`]s that they see;
//! - [`Machine`]: a disk and a clock that misbehave;
//! - [`Search`]: looks through every file that a station wrote.
//!
//! Nothing here imports the programs: whoever stands here sees what a person with a shell would
//! see. Whatever fails comes back as a [`Problem`]. What was started ends when its value is dropped.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod browser;
pub mod clock;
#[cfg(target_os = "linux")]
mod compiled;
mod empty_office;
mod headless_station;
mod json_lines;
mod live_codes;
#[cfg(target_os = "linux")]
mod machine;
mod office;
mod photo;
mod problem;
pub mod programs;
mod running;
mod screen;
pub mod search;
#[cfg(target_os = "linux")]
pub mod shim;
mod surroundings;
pub mod window;
pub mod world;
mod x11;

pub use browser::Browser;
pub use empty_office::EmptyOffice;
pub use headless_station::HeadlessStation;
pub use json_lines::JsonLines;
pub use live_codes::{LiveCodes, NOBODY};
#[cfg(target_os = "linux")]
pub use machine::{Disk, Machine};
pub use office::Office;
pub use photo::Photo;
pub use problem::{Problem, Result};
pub use running::{Running, finish};
pub use screen::Screen;
pub use search::Search;
#[cfg(target_os = "linux")]
pub use shim::Shim;
pub use surroundings::Surroundings;
pub use window::Window;
pub use world::World;
