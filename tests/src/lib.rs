//! What the stories share: the real programs, a demo world, an office, a station, and a search of
//! whatever a station wrote.
//!
//! Nothing here imports the programs: a story sees what a person with a shell would see.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on says where and stops")]

pub mod clock;
pub mod forensics;
pub mod lines;
pub mod office;
pub mod programs;
pub mod residents;
pub mod station;
pub mod world;

pub use office::Office;
pub use station::HeadlessStation;
pub use world::World;
