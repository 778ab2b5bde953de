//! Grey pictures in, QR texts and hints out.
//!
//! [`Reader::read`] takes a [`GreyFrame`] and says what is in it: a code's text, a code that cannot
//! be read and why ([`Hint`]), or nothing. Pure computation inside a time budget: the clock is
//! handed in, a decoder's panic is contained, and a picture made to keep the decoder busy is
//! abandoned. Nothing here knows what a health code is.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod attempt;
mod binary;
mod finder;
mod frame;
mod grids;
mod hint;
pub mod limits;
mod reader;
mod resample;
mod sighting;

pub use frame::{FrameError, GreyFrame};
pub use reader::{Clock, Reader};
pub use sighting::{Corners, Hint, QrText, SeenCode, Sighting};
