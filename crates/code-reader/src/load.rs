//! Whether the machine leaves the reader enough time.

/// Slow frames, beyond those that were not, from which on the machine counts as busy.
const SLOW_FRAMES: u32 = 16;

/// Counts slow frames, with hysteresis: busy when the count reaches [`SLOW_FRAMES`], no longer busy
/// when it is back at zero. A single slow frame changes nothing.
#[derive(Debug, Default)]
pub(crate) struct Load {
    slow: u32,
    is_busy: bool,
}

impl Load {
    /// Counts a frame. Returns `true` where the machine just stopped being busy.
    pub(crate) fn count(&mut self, is_slow: bool) -> bool {
        self.slow = if is_slow { (self.slow + 1).min(SLOW_FRAMES) } else { self.slow.saturating_sub(1) };
        let was_busy = self.is_busy;
        self.is_busy = if was_busy { self.slow > 0 } else { self.slow == SLOW_FRAMES };
        was_busy && !self.is_busy
    }

    /// Returns whether the machine is busy.
    pub(crate) fn is_busy(&self) -> bool {
        self.is_busy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_not_a_spell_and_a_spell_ends_once() {
        let mut load = Load::default();
        (0..SLOW_FRAMES - 1).for_each(|_| assert!(!load.count(true)));
        assert!(!load.is_busy());
        load.count(false);
        load.count(true);
        assert!(!load.is_busy());
        load.count(true);
        assert!(load.is_busy());
        (0..SLOW_FRAMES - 1).for_each(|_| assert!(!load.count(false)));
        assert!(load.is_busy());
        assert!(load.count(false), "the spell ends");
        assert!(!load.is_busy() && !load.count(false));
    }
}
