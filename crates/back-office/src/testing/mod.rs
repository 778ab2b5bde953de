//! What the tests of this crate start from.

pub(crate) mod world;

use health_code::Timestamp;

/// The moment of every test.
pub(crate) const NOW: Timestamp = Timestamp(1_600_000_000);
