//! Lines on standard output and standard error, without panics.

use std::fmt::Arguments;
use std::io::{self, Write as _};

use crate::failure::Failure;

/// Prints a line to standard output, as `println!` does, and returns an error where that panics.
#[macro_export]
macro_rules! say {
    ($($part:tt)*) => { $crate::line(::core::format_args!($($part)*)) };
}

/// Prints a line to standard output; [`say!`] takes a format string.
///
/// # Errors
/// Standard output is closed, or its disk is full.
pub fn line(text: Arguments<'_>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").map_err(|error| Failure::of_output(&error))
}

/// Writes out what standard output still buffers.
pub(crate) fn flush() -> Result<(), Failure> {
    io::stdout().flush().map_err(|error| Failure::of_output(&error))
}

/// Prints a line to standard error. If that fails, there is nowhere left to say so.
pub fn complain(text: Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
