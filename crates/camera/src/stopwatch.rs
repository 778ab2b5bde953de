//! The clock of a camera.

use std::sync::Arc;
use std::time::Duration;

/// A monotonic clock: returns the time since a fixed point, and never steps back.
pub type Stopwatch = Arc<dyn Fn() -> Duration + Send + Sync>;
