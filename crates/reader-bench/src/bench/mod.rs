//! The benches that `cargo xtask bench read | stress | sequences` starts.

mod axes;
mod options;
mod peer_file;
mod photo_tables;
mod photos;
mod plot;
mod report;
mod sequences;
mod stress;
mod table;

pub(crate) use photos::{PhotoArgs, run as photos};
pub(crate) use sequences::{SequenceArgs, run as sequences};
pub(crate) use stress::{StressArgs, run as stress};
