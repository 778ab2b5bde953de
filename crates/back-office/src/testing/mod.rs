//! What the tests of this crate start from.

pub(crate) mod people;
pub(crate) mod world;
