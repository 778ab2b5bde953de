//! What the stories share: the real programs, a demo world, an office, a station, and a search of
//! whatever a station wrote.
//!
//! Nothing here imports the programs: a story sees what a person with a shell would see.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on says where and stops")]

pub mod clock;
pub mod forensics;
pub mod group;
pub mod lines;
pub mod live;
pub mod office;
pub mod photo;
pub mod programs;
pub mod residents;
pub mod screen;
#[cfg(target_os = "linux")]
pub mod shim;
pub mod station;
pub mod window;
pub mod world;

pub use live::LiveCodes;
pub use office::Office;
pub use photo::Photo;
pub use screen::Screen;
#[cfg(target_os = "linux")]
pub use shim::Shim;
pub use station::HeadlessStation;
pub use window::Window;
pub use world::World;
