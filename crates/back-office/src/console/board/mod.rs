//! The board: whether what passes is as it should be, whether laptops are there, and what needs a person.
//!
//! It reads counters and laptops, never passages, and names no resident.

mod kept;
mod needs;
mod reading;
mod view;

pub use kept::{Boards, Stream};
pub use view::{Board, Minutes, Named, Need, Part, Row, Silent, StationCounts};
