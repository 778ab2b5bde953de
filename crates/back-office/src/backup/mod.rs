//! Backups: copies of an office that nobody opens but who keeps the identity.
//!
//! A copy of the data and a copy of the keys are two files, so that they can be stored apart: the data
//! without the keys opens no sealed report, and the keys without the data name nobody. Each is a tar
//! archive in an [age](https://age-encryption.org/v1) file, so `age -d -i IDENTITY FILE | tar -x` reads it
//! without this program. Beside it stands `FILE.sha256`, as `sha256sum` writes it.
//!
//! - [`recipient`] keeps to whom the copies are encrypted;
//! - [`make`] writes them while the office serves;
//! - [`check`] proves that they can be restored;
//! - [`restore`] makes a data folder of them.

mod about;
mod archive;
mod check;
mod error;
mod make;
mod postgres;
pub mod recipient;
mod restore;
#[cfg(test)]
mod tests;
mod unpacked;

pub use about::{About, Kind};
pub use check::{Checked, check};
pub use error::BackupError;
pub use make::{Made, Targets, backup};
pub use restore::{Restore, Restored, begin_generation, restore};
