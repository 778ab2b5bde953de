//! The bar along the foot, and what the gate is told of the station around it.

use health_code::limits::SKEW_SECONDS;
use health_code::{Freshness, Timestamp, Trust};
use wire::ClockState;

use crate::fault::Fault;
use crate::input::Now;
use crate::window::View;
use crate::window::bar::{Battery, CameraView, StatusBar, TrustAge, TrustLimits};

pub(super) struct Surroundings {
    pub(super) clock: ClockState,
    pub(super) camera: Option<Fault>,
    pub(super) simulated: bool,
    pub(super) camera_view: CameraView,
    pub(super) busy: bool,
    pub(super) outbox: Option<Fault>,
    pub(super) online: bool,
    pub(super) waiting: u64,
    pub(super) battery: Option<Battery>,
}

impl Surroundings {
    /// Before the shell has said anything. A clock that nobody vouches for is not trusted.
    pub(super) fn unknown() -> Self {
        Self {
            clock: ClockState::Wrong,
            camera: None,
            simulated: false,
            camera_view: CameraView::default(),
            busy: false,
            outbox: None,
            online: false,
            waiting: 0,
            battery: None,
        }
    }

    /// Whether the clock is known to be wrong: the station says so, or a signed time does.
    pub(super) fn clock_wrong(&self, trust: Option<&Trust>, wall: Timestamp) -> bool {
        self.clock == ClockState::Wrong || trust.is_some_and(|trust| is_below_signed(trust, wall))
    }

    pub(super) fn bar(
        &self,
        trust: Option<&Trust>,
        checkpoint: Option<String>,
        collector: Option<String>,
        now: Now,
    ) -> StatusBar {
        let age = trust.map(|trust| now.wall.since(trust.list().issued).max(0));
        StatusBar {
            checkpoint,
            collector,
            online: self.online,
            waiting: self.waiting,
            trust: TrustAge {
                // To the minute, so that the screen does not change each second.
                seconds: age.map(|age| u32::try_from(age - age % 60).unwrap_or(u32::MAX)),
                old: trust.is_some_and(|trust| trust.freshness(now.wall) != Freshness::Fresh),
                limits: trust.map(|trust| limits(trust, now.wall)),
            },
            clock_wrong: self.clock_wrong(trust, now.wall),
            battery: self.battery,
            simulated_camera: self.simulated,
            camera: self.camera_view.clone(),
            busy: self.busy,
            now: now.wall,
        }
    }
}

fn limits(trust: &Trust, now: Timestamp) -> TrustLimits {
    let issued = trust.list().issued;
    let age = |expiry: Timestamp| u32::try_from(expiry.since(issued).max(0)).unwrap_or(u32::MAX);
    let (soft, hard) = trust.expiries(now);
    TrustLimits { soft: age(soft), hard: age(hard) }
}

/// Whether two views look alike: the bar's clock has no seconds.
pub(super) fn looks_alike(a: &View, b: &View) -> bool {
    let minute = |view: &View| view.bar.now.0.div_euclid(60);
    a.screen == b.screen && minute(a) == minute(b) && a.bar == StatusBar { now: a.bar.now, ..b.bar.clone() }
}

/// Whether a moment lies before one that a trust file names as past.
pub(super) fn is_below_signed(trust: &Trust, wall: Timestamp) -> bool {
    wall.plus(SKEW_SECONDS) < trust.latest_signed_time()
}
