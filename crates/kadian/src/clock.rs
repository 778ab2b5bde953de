//! The command's clocks.

pub use program::moment::{now, parse, rfc3339};

/// Returns a stopwatch that starts now.
#[allow(clippy::disallowed_methods, reason = "the one place where this command reads a steady clock")]
pub fn stopwatch() -> camera::Stopwatch {
    let start = std::time::Instant::now();
    std::sync::Arc::new(move || start.elapsed())
}
