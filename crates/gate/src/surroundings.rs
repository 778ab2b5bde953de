//! What the gate is told of the station around it, and what that says about clock and trust.

use std::time::Duration;

use health_code::{Freshness, Timestamp, Trust, TrustFault};
use wire::{ClockState, Shown};

use crate::fault::Fault;
use crate::input::{Located, Now, Withdrawal};
use crate::standing::Standing;
use crate::window::bar::{Battery, CameraView, Line, StatusBar, TrustAge, TrustLimits};
use crate::window::relay::RelayView;
use crate::window::scanner::ScannerView;
use crate::window::shift::{Direction, ShiftId};
use crate::window::workbench::{DeviceView, Enrolment};

/// Why nothing may be judged, although codes can be read and recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// The clock cannot date a code.
    ClockWrong,
    /// The trust list is past its hard expiry.
    TrustExpired,
    /// The community is past its hard expiry, or is believed no more.
    CommunityExpired,
    /// A policy is named and not here.
    PolicyMissing,
    /// No national policy is in force.
    NoPolicy,
}

impl From<TrustFault> for Distrust {
    fn from(fault: TrustFault) -> Self {
        match fault {
            TrustFault::ClockWrong => Self::ClockWrong,
            TrustFault::ListExpired => Self::TrustExpired,
            TrustFault::CommunityExpired | TrustFault::CommunityNotBelieved => Self::CommunityExpired,
            TrustFault::PolicyMissing => Self::PolicyMissing,
            TrustFault::NoPolicy => Self::NoPolicy,
        }
    }
}

impl Distrust {
    pub(crate) fn fault(self) -> Fault {
        match self {
            Self::ClockWrong => Fault::ClockWrong,
            Self::TrustExpired => Fault::TrustExpired,
            Self::CommunityExpired => Fault::CommunityExpired,
            Self::PolicyMissing => Fault::PolicyMissing,
            Self::NoPolicy => Fault::NoPolicy,
        }
    }

    /// Returns what a passage says was shown.
    pub(crate) fn shown(self) -> Shown {
        match self {
            Self::ClockWrong => Shown::UnjudgedClock,
            Self::TrustExpired | Self::CommunityExpired => Shown::UnjudgedTrust,
            Self::PolicyMissing | Self::NoPolicy => Shown::UnjudgedPolicy,
        }
    }
}

/// What the bar says of a shift.
pub(crate) struct InBar {
    pub(crate) shift: Option<ShiftId>,
    pub(crate) collector: Option<String>,
    pub(crate) administrator: Option<String>,
    pub(crate) checkpoint: Option<String>,
    pub(crate) direction: Option<Direction>,
}

/// What the shell has told last of everything around the gate.
pub(crate) struct Surroundings {
    pub(crate) clock: ClockState,
    /// No clock that shows an earlier moment is right.
    pub(crate) past: Option<Timestamp>,
    pub(crate) camera: Option<Fault>,
    pub(crate) simulated: bool,
    pub(crate) camera_view: CameraView,
    pub(crate) scanner: ScannerView,
    pub(crate) relay: RelayView,
    pub(crate) busy: bool,
    pub(crate) outbox: Option<Fault>,
    pub(crate) line: Line,
    pub(crate) waiting: u64,
    pub(crate) set_aside: u64,
    pub(crate) battery: Option<Battery>,
    pub(crate) withdrawn: Option<Withdrawal>,
    pub(crate) enrolment: Enrolment,
    pub(crate) device: DeviceView,
    /// Whether a device is plugged in that may be a GPS receiver.
    pub(crate) receiver_plugged: bool,
    /// Where the laptop is, and when that was said.
    pub(crate) located: Option<(Located, Duration)>,
}

/// A place that nobody has confirmed for so long is none: the receiver is gone, or sees no sky.
const LOCATED_FOR: Duration = Duration::from_secs(10);

impl Surroundings {
    /// Returns what is assumed before the shell has said anything. Nobody vouches for the clock
    /// yet, so it counts as wrong.
    pub(crate) fn unknown() -> Self {
        Self {
            clock: ClockState::Wrong,
            past: None,
            camera: None,
            simulated: false,
            camera_view: CameraView::default(),
            scanner: ScannerView::default(),
            relay: RelayView::default(),
            busy: false,
            outbox: None,
            line: Line::Offline,
            waiting: 0,
            set_aside: 0,
            battery: None,
            withdrawn: None,
            enrolment: Enrolment::default(),
            device: DeviceView::default(),
            receiver_plugged: false,
            located: None,
        }
    }

    /// The camera has a fault, or none any more.
    pub(crate) fn camera(&mut self, fault: Option<Fault>, simulated: bool) {
        (self.camera, self.simulated) = (fault, simulated);
    }

    /// A receiver says where the laptop is, or that it no longer knows.
    pub(crate) fn located(&mut self, found: Option<Located>, mono: Duration) {
        self.located = found.map(|located| (located, mono));
    }

    /// Returns where the laptop is, and until when that counts.
    pub(crate) fn place(&self, mono: Duration) -> Option<(Located, Duration)> {
        let (located, since) = self.located?;
        let until = since.saturating_add(LOCATED_FOR);
        (mono < until).then_some((located, until))
    }

    /// Returns the gravest fault: first those that stop everything, then those that leave codes
    /// unjudged.
    pub(crate) fn fault(&self, trust: Option<&Trust>, standing: &Standing) -> Option<Fault> {
        if trust.is_none() {
            return Some(Fault::TrustMissing);
        }
        // A hand scanner reads on without a camera.
        let camera = self.camera.filter(|_| !self.scanner.is_there());
        self.outbox.or(camera).or_else(|| self.distrust(standing).map(Distrust::fault))
    }

    /// Returns why nothing may be judged. Without any trust there is more to say than that.
    pub(crate) fn distrust(&self, standing: &Standing) -> Option<Distrust> {
        if self.clock == ClockState::Wrong {
            return Some(Distrust::ClockWrong);
        }
        standing.fault.map(Distrust::from)
    }

    /// Returns what a report says of its own time.
    pub(crate) fn clock_state(&self, standing: &Standing) -> ClockState {
        if self.is_clock_wrong(standing) { ClockState::Wrong } else { self.clock }
    }

    pub(crate) fn bar(
        &self,
        trust: Option<&Trust>,
        standing: &Standing,
        shift: InBar,
        asserted_by: Option<String>,
        now: Now,
    ) -> StatusBar {
        StatusBar {
            checkpoint: shift.checkpoint,
            direction: shift.direction,
            collector: shift.collector,
            administrator: shift.administrator,
            shift: shift.shift,
            line: self.line,
            waiting: self.waiting,
            set_aside: self.set_aside,
            trust: TrustAge {
                seconds: trust.map(|trust| age_in_minutes(trust, now.wall)),
                old: standing.freshness.is_some_and(|freshness| freshness != Freshness::Fresh),
                limits: trust.zip(standing.expiries).map(|(trust, expiries)| limits(trust, expiries)),
            },
            clock_wrong: self.is_clock_wrong(standing),
            asserted_by: asserted_by.filter(|_| self.clock_state(standing) == ClockState::Asserted),
            battery: self.battery,
            trial: trust.is_some_and(|trust| trust.root().trial),
            simulated_camera: self.simulated,
            camera: self.camera_view.clone(),
            scanner: self.scanner,
            relay: self.relay,
            busy: self.busy,
            now: now.wall,
        }
    }

    /// Returns whether the clock is wrong: the station says so, or a signed time does.
    fn is_clock_wrong(&self, standing: &Standing) -> bool {
        self.clock == ClockState::Wrong || standing.fault == Some(TrustFault::ClockWrong)
    }
}

/// Returns the list's age in seconds, in steps of a minute: the view must not change each second.
fn age_in_minutes(trust: &Trust, now: Timestamp) -> u32 {
    let age = now.since(trust.list().issued).max(0);
    u32::try_from(age - age % 60).unwrap_or(u32::MAX)
}

fn limits(trust: &Trust, (soft, hard): (Timestamp, Timestamp)) -> TrustLimits {
    let age = |expiry: Timestamp| u32::try_from(expiry.since(trust.list().issued).max(0)).unwrap_or(u32::MAX);
    TrustLimits { soft: age(soft), hard: age(hard) }
}
