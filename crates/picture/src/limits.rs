//! Limits against hostile files.

use std::time::Duration;

/// Largest file that is opened, in bytes.
pub const FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Most memory that decoding one picture may take, in bytes.
pub const DECODED_BYTES: u64 = 512 * 1024 * 1024;
/// Most pages of a PDF.
pub const PAGES: usize = 100;
/// Time for drawing one page.
pub const PAGE_TIME: Duration = Duration::from_secs(20);
/// Longest side of a drawn page in pixels: a code that is 3 cm wide on A4 has 250.
pub const PAGE_SIDE: f32 = 2500.0;
/// Deepest nesting of folders.
pub const DEPTH: usize = 16;
/// Most pictures in the folders that one command names.
pub const PICTURES: usize = 100_000;

const _: () = assert!(PAGE_SIDE as usize <= code_reader::limits::FRAME_SIDE);
