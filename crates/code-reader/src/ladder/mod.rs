//! The ladder: variants of a look at a frame, in the order in which they pay, and what they cost.

mod costs;
mod order;
mod variant;

pub(crate) use costs::Costs;
pub use order::ORDER;
pub(crate) use variant::Findings;
pub use variant::{Binarization, Variant};
