//! What is on the collector's screen.

use std::time::Duration;

use wire::RecordId;

use super::result::OpenResult;
use crate::deadlines;
use crate::window::collector::{CollectorScreen, Hint};
use crate::wing::{Activity, Known};

/// The screens with an address close themselves after this.
pub(super) const SHOWS_ADDRESS: Duration = Duration::from_secs(60);

pub(super) enum Stage {
    Ready,
    Open(Box<OpenResult>),
    Recording(Box<OpenResult>, RecordId),
    Recorded { until: Duration },
    DeclareAgain { url: String, until: Duration },
    NoCode { until: Duration },
}

impl Stage {
    pub(super) fn screen(&self, hint: Option<Hint>, known: &Known) -> CollectorScreen {
        let mono = known.now.mono;
        let countdown = |until| deadlines::countdown(SHOWS_ADDRESS, until, mono);
        match self {
            Self::Ready => CollectorScreen::Ready { hint },
            Self::Open(open) => CollectorScreen::Result { result: Box::new(open.view(mono)) },
            Self::Recording(open, _) => CollectorScreen::Recording { result: Box::new(open.view(mono)) },
            Self::Recorded { .. } => CollectorScreen::Recorded,
            Self::DeclareAgain { url, until } => {
                CollectorScreen::DeclareAgain { url: url.clone(), countdown: countdown(*until) }
            }
            Self::NoCode { until } => {
                let policy = known.trust.and_then(|trust| trust.policy(known.now.wall).ok());
                let url = policy.map(|in_force| in_force.policy.no_code_url).unwrap_or_default();
                CollectorScreen::NoCode { url, countdown: countdown(*until) }
            }
        }
    }

    pub(super) fn activity(&self) -> Activity {
        match self {
            Self::Ready | Self::Recorded { .. } => Activity::Idle,
            Self::Open(_) | Self::DeclareAgain { .. } | Self::NoCode { .. } => Activity::Busy,
            Self::Recording(..) => Activity::Recording,
        }
    }

    /// Returns when time alone changes the stage, or what it shows.
    pub(super) fn deadline(&self, mono: Duration) -> Option<Duration> {
        match self {
            Self::Open(open) => Some(deadlines::next_second(open.until, mono)),
            Self::Recorded { until } => Some(*until),
            Self::DeclareAgain { until, .. } | Self::NoCode { until } => {
                Some(deadlines::next_second(*until, mono))
            }
            Self::Ready | Self::Recording(..) => None,
        }
    }
}
