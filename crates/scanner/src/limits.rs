//! Bounds on what a scanner may make this program hold, and on what is looked at.

/// Longest line of a scanner in bytes: the most letters and digits that one QR code holds, and what a scanner
/// may add.
pub const LINE_BYTES: usize = 4296 + PREFIX_BYTES;
/// Most bytes before a code that a scanner may add.
pub const PREFIX_BYTES: usize = 32;
/// Most devices of one kind that are listed.
pub const DEVICES: usize = 32;
/// Longest name of a device in characters.
pub const NAME_CHARS: usize = 64;
/// Longest file under `/sys` that is read, in bytes.
pub const SYS_FILE_BYTES: u64 = 1024;
/// Most nodes of one keyboard that are taken.
pub const KEYBOARD_NODES: usize = 8;
