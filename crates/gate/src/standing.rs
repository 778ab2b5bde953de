//! What trust files allow at one second. It is asked once, however many frames come in it.

use health_code::policy::{DEFAULT_IDLE_MINUTES, Policy, ScreenTimes};
use health_code::{Freshness, PolicyInForce, Timestamp, Trust, TrustFault};

/// What one trust says at one second.
pub(crate) struct Standing {
    /// Which trust it was: they are counted.
    generation: u32,
    wall: Timestamp,
    /// What keeps the trust from judging.
    pub(crate) fault: Option<TrustFault>,
    /// The policy that holds; `None` without trust too.
    pub(crate) policy: Option<PolicyInForce>,
    pub(crate) freshness: Option<Freshness>,
    /// The list's soft and hard expiry.
    pub(crate) expiries: Option<(Timestamp, Timestamp)>,
    /// The next moment at which any of this may change by time alone.
    pub(crate) next_change: Option<Timestamp>,
}

impl Standing {
    pub(crate) fn of(trust: Option<&Trust>, generation: u32, wall: Timestamp) -> Self {
        Self {
            generation,
            wall,
            fault: trust.and_then(|trust| trust.fault_at(wall)),
            policy: trust.and_then(|trust| trust.policy(wall).ok()),
            freshness: trust.map(|trust| trust.freshness(wall)),
            expiries: trust.map(|trust| trust.expiries(wall)),
            next_change: trust.and_then(|trust| trust.next_change(wall)),
        }
    }

    /// Returns whether this is of that trust, at that second.
    pub(crate) fn is_of(&self, generation: u32, wall: Timestamp) -> bool {
        self.generation == generation && self.wall == wall
    }

    /// Returns which trust this is of.
    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    pub(crate) fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref().map(|in_force| &in_force.policy)
    }

    pub(crate) fn screen_times(&self) -> ScreenTimes {
        self.policy().map(Policy::screen_times).unwrap_or_default()
    }

    pub(crate) fn idle_minutes(&self) -> u16 {
        self.policy().map_or(DEFAULT_IDLE_MINUTES, Policy::idle_minutes)
    }
}
