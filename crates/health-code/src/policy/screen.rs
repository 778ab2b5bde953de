//! How long things stay on a gate's screen.

/// Minutes without a key or a code after which a gate signs out, where no policy says less.
pub const DEFAULT_IDLE_MINUTES: u16 = 30;

/// Seconds for which results stay on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreenTimes {
    /// A pass.
    pub pass: u16,
    /// A check.
    pub check: u16,
    /// Everything else.
    pub others: u16,
    /// A pass of somebody who was recorded a moment ago.
    pub repeated_pass: u16,
}

impl Default for ScreenTimes {
    fn default() -> Self {
        Self { pass: 20, check: 90, others: 30, repeated_pass: 8 }
    }
}
