//! Takes grey pictures, returns QR texts or hints.
//!
//! [`Reader::read`] takes a [`GreyFrame`] and returns what it shows: a code's text, a code that
//! cannot be read with the reason ([`Hint`]), or nothing. The crate only computes, inside a time
//! budget: the clock is an argument, a decoder's panic is contained, and a picture made to keep a
//! decoder busy is abandoned. The crate does not know what a health code is.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod decoder;
mod frame;
mod hint;
mod idle;
mod ladder;
mod last_place;
pub mod limits;
mod load;
mod merge;
mod pictures;
mod qr;
mod reader;
mod sighting;
mod still;
mod text;

pub use decoder::Decoder;
pub use frame::{FrameError, GreyFrame};
pub use ladder::{Binarization, ORDER, Variant};
pub use pictures::{Filter, Preprocessing, Scale, Threshold};
pub use reader::{BUDGET, Clock, Reader};
pub use sighting::{Corners, Hint, SeenCode, Sighting};
pub use still::read_still;
pub use text::{Part, QrText};
