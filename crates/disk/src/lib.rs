//! Files that are read within a bound and replaced whole.
//!
//! [`read`] never follows a link, never opens a device and never waits for a FIFO. [`replace`]
//! leaves the old contents or the new ones under the name, whenever the power fails. [`create`] makes a
//! file that was not there, or nothing. [`erase`] overwrites what it removes.
//! [`trust_folder`] knows the names of the trust files, and reads and writes a folder of them.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod atomic;
mod bounded;
mod erase;
mod error;
pub mod trust_folder;

pub use atomic::{Access, create, private_folder, replace, sync};
pub use bounded::{read, read_if_there};
pub use erase::{erase, erase_folder};
pub use error::DiskError;
