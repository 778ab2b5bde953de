//! Grey pictures in, QR texts and hints out.
//!
//! [`Reader::read`] takes a [`GreyFrame`] and says what is in it: a code's text, a code that cannot
//! be read and why ([`Hint`]), or nothing. Pure computation inside a time budget: the clock is
//! handed in, a decoder's panic is contained, and a picture made to keep the decoder busy is
//! abandoned. Nothing here knows what a health code is.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod calm;
mod decoder;
mod easel;
mod fit;
mod focus;
mod frame;
mod hint;
mod ladder;
pub mod limits;
mod load;
mod qr;
mod reader;
mod sighting;
mod stack;

pub use decoder::Decoder;
pub use easel::{Filter, Look, Scale, Threshold};
pub use frame::{FrameError, GreyFrame};
pub use ladder::{Binary, ORDER, Variant};
pub use reader::{Clock, Reader};
pub use sighting::{Corners, Hint, QrText, SeenCode, Sighting};
