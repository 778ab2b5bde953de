//! The log's head as receipts show it.

use std::sync::{Mutex, PoisonError};

use wire::AuditHead;

/// The newest head that this process knows. It may be a second old: receipts don't wait for the log.
#[derive(Debug)]
pub struct LatestHead(Mutex<AuditHead>);

impl Default for LatestHead {
    fn default() -> Self {
        Self(Mutex::new(AuditHead::EMPTY))
    }
}

impl LatestHead {
    /// Returns the head.
    #[must_use]
    pub fn get(&self) -> AuditHead {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a head over unless a newer one is known.
    pub fn set(&self, head: AuditHead) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if head.count >= known.count {
            *known = head;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_head_takes_no_newer_ones_place() {
        let head = |count: u64| AuditHead { count, hash: [count as u8; 32] };
        let latest = LatestHead::default();
        for (told, known) in [(3, 3), (2, 3), (5, 5)] {
            latest.set(head(told));
            assert_eq!(latest.get(), head(known));
        }
    }
}
