//! Vectors of the messages.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests stop where something is wrong")]

mod messages;
mod reports;
mod stick_answers;
mod testdata;
