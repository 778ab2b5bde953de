//! Keys by their WebDriver names (WebDriver §17.4.2).

/// Enter.
pub const ENTER: char = '\u{E007}';
/// Esc.
pub const ESCAPE: char = '\u{E00C}';
/// Ctrl, which is held while another key is pressed.
pub const CTRL: char = '\u{E009}';
/// Shift, which is held while another key is pressed.
pub const SHIFT: char = '\u{E008}';
/// Alt, which is held while another key is pressed.
pub const ALT: char = '\u{E00A}';
/// The key that takes a character back.
pub const BACKSPACE: char = '\u{E003}';
/// F4, which closes windows together with Alt.
pub const F4: char = '\u{E034}';
/// F6: the next language.
pub const F6: char = '\u{E036}';
/// The arrow to the left.
pub const LEFT: char = '\u{E012}';
/// The arrow up.
pub const UP: char = '\u{E013}';
/// The arrow to the right.
pub const RIGHT: char = '\u{E014}';
/// The arrow down.
pub const DOWN: char = '\u{E015}';
/// F2: scan to add a collector, or write to a file what cannot be sent.
pub const F2: char = '\u{E032}';
/// F3: other colours.
pub const F3: char = '\u{E033}';
/// F5: vouch for the time on the screen.
pub const F5: char = '\u{E035}';
/// F8: choose another checkpoint.
pub const F8: char = '\u{E038}';
/// F9: end the shift.
pub const F9: char = '\u{E039}';
/// F11: leave the kiosk.
pub const F11: char = '\u{E03B}';
/// F12, which opens a browser's tools.
pub const F12: char = '\u{E03C}';
/// F10: the workbench.
pub const F10: char = '\u{E03A}';
