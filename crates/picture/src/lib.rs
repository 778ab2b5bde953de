//! Opens what a person names where a code is wanted.
//!
//! [`open`] takes a picture (PNG, JPEG, WebP, GIF, BMP or TIFF; of several pictures in one file the first),
//! the pages of a PDF, or a text. For every other file it returns a [`Problem`]: one sentence that
//! says what the file is and, where something helps, what does. It waits for no FIFO, reads no more than
//! [`limits`] allow, and a file that is cut off is never half a picture.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod find;
mod kind;
pub mod limits;
mod line;
mod open;
mod pdf;
mod problem;
mod raster;
mod text;
mod without;

pub use find::{Named, find};
pub use line::{one_line, path_in_a_line};
pub use open::{Contents, Pictures, open, open_bytes, pictures};
pub use problem::Problem;
pub use text::decode as decode_text;
pub use without::without;
