//! What is on the collector's screen.

use std::time::Duration;

use super::confirmed::Confirmed;
use super::result::OpenResult;
use crate::deadlines;
use crate::window::collector::{CollectorScreen, Hint};
use crate::wing::{Activity, Known};

/// The screens with an address close themselves after this.
pub(super) const SHOWS_ADDRESS: Duration = Duration::from_secs(60);

/// That nobody has confirmed a result is shown for this long, or until the next code.
pub(super) const SHOWS_UNCONFIRMED: Duration = Duration::from_millis(2500);

pub(super) enum Stage {
    Ready,
    Open(Box<OpenResult>),
    /// Confirmed, and waiting for the disk until then.
    Recording {
        open: Box<OpenResult>,
        confirmed: Confirmed,
        until: Duration,
    },
    Recorded {
        until: Duration,
    },
    /// Nobody has confirmed what could have been recorded.
    Unconfirmed {
        until: Duration,
    },
    DeclareAgain {
        url: String,
        until: Duration,
    },
    NoCode {
        until: Duration,
    },
}

impl Stage {
    /// Returns the result on the screen, if there is one.
    pub(super) fn open(&mut self) -> Option<&mut OpenResult> {
        match self {
            Self::Open(open) | Self::Recording { open, .. } => Some(open),
            Self::Ready
            | Self::Recorded { .. }
            | Self::Unconfirmed { .. }
            | Self::DeclareAgain { .. }
            | Self::NoCode { .. } => None,
        }
    }

    pub(super) fn screen(&self, hint: Option<Hint>, known: &Known) -> CollectorScreen {
        let mono = known.now.mono;
        let countdown = |until| deadlines::countdown(SHOWS_ADDRESS, until, mono);
        match self {
            Self::Ready => CollectorScreen::Ready { hint },
            Self::Open(open) => CollectorScreen::Result { result: Box::new(open.view(mono)) },
            Self::Recording { open, .. } => CollectorScreen::Recording { result: Box::new(open.view(mono)) },
            Self::Recorded { .. } => CollectorScreen::Recorded,
            Self::Unconfirmed { .. } => CollectorScreen::Unconfirmed,
            Self::DeclareAgain { url, until } => {
                CollectorScreen::DeclareAgain { url: url.clone(), countdown: countdown(*until) }
            }
            Self::NoCode { until } => {
                let url = known.standing.policy().map(|policy| policy.no_code_url.clone());
                CollectorScreen::NoCode { url: url.unwrap_or_default(), countdown: countdown(*until) }
            }
        }
    }

    pub(super) fn activity(&self) -> Activity {
        match self {
            Self::Ready | Self::Recorded { .. } | Self::Unconfirmed { .. } => Activity::Idle,
            Self::Open(_) | Self::DeclareAgain { .. } | Self::NoCode { .. } => Activity::Busy,
            Self::Recording { .. } => Activity::Recording,
        }
    }

    /// Returns when time alone changes the stage, or what it shows.
    pub(super) fn deadline(&self, mono: Duration) -> Option<Duration> {
        match self {
            Self::Open(open) => Some(deadlines::next_second(open.until, mono)),
            Self::Recorded { until } | Self::Unconfirmed { until } | Self::Recording { until, .. } => {
                Some(*until)
            }
            Self::DeclareAgain { until, .. } | Self::NoCode { until } => {
                Some(deadlines::next_second(*until, mono))
            }
            Self::Ready => None,
        }
    }
}
