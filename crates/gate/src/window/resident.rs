//! What the resident's side shows: a view of less, for a screen that a whole queue can see.
//!
//! It says what to do and nothing else. Its type has no place for a name, a number, a place, a countdown or a
//! reason; and who is stopped looks like whoever waits, because a red screen would expose a person.

use health_code::Refusal;
use health_code::family::Family;
use serde::{Deserialize, Serialize};

use super::collector::{Answer, CollectorScreen, ResultView};
use super::station::StationScreen;
use super::{Screen, View};

/// What a resident is asked to do. Two languages say each of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum ResidentView {
    /// 请出示健康码.
    Ready,
    /// 请通过.
    Pass,
    /// 请出示身份证: the collector looks at a person.
    Check,
    /// 请出示护照: the collector looks at a person with a certificate from abroad.
    Passport,
    /// 请刷新健康码: the code is too old or too new, or the collector asks for a new declaration.
    Refresh,
    /// 请在旁等候: whatever the collector has to settle first, be it about the person or the machine.
    Wait,
    /// 暂未开放: nobody is on duty, or the station is not in service.
    Closed,
}

impl ResidentView {
    /// All that can ever be shown.
    pub const ALL: [Self; 7] =
        [Self::Ready, Self::Pass, Self::Check, Self::Passport, Self::Refresh, Self::Wait, Self::Closed];

    /// Returns what the resident may see of what the collector sees.
    #[must_use]
    pub fn of(view: &View) -> Self {
        match &view.screen {
            Screen::Collector(screen) => Self::beside(screen),
            Screen::Station(StationScreen::Fault { .. }) => Self::Wait,
            Screen::Station(StationScreen::OutOfService { .. }) | Screen::Shift(_) | Screen::Workbench(_) => {
                Self::Closed
            }
        }
    }

    fn beside(screen: &CollectorScreen) -> Self {
        match screen {
            CollectorScreen::Ready { .. } | CollectorScreen::Recorded | CollectorScreen::Unconfirmed => {
                Self::Ready
            }
            CollectorScreen::Result { result } | CollectorScreen::Recording { result } => {
                Self::of_result(result)
            }
            CollectorScreen::DeclareAgain { .. } => Self::Refresh,
            CollectorScreen::NoCode { .. } => Self::Wait,
        }
    }

    fn of_result(result: &ResultView) -> Self {
        match (&result.answer, result.family) {
            (Answer::Pass { .. }, _) => Self::Pass,
            (Answer::Check { .. }, Family::Code) => Self::Check,
            (Answer::Check { .. }, Family::Certificate) => Self::Passport,
            (
                Answer::Invalid { refusal: Refusal::Expired { .. } | Refusal::NotYetValid { .. } },
                Family::Code,
            ) if !result.fields.as_ref().is_some_and(|fields| fields.is_static) => Self::Refresh,
            (Answer::Stop { .. } | Answer::Invalid { .. } | Answer::Unjudged { .. }, _) => Self::Wait,
        }
    }

    /// Returns whether it is about a person: it may not stay on a screen about which nothing is heard.
    #[must_use]
    pub fn is_about_somebody(self) -> bool {
        match self {
            Self::Pass | Self::Check | Self::Passport | Self::Refresh => true,
            Self::Ready | Self::Wait | Self::Closed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_crosses_is_one_of_seven_words() {
        let words = ResidentView::ALL.map(|view| serde_json::to_string(&view).unwrap());
        let expected = ["ready", "pass", "check", "passport", "refresh", "wait", "closed"];
        assert_eq!(words, expected.map(|word| format!("\"{word}\"")));
        // No text, no number and no pointer fits into it.
        assert_eq!(size_of::<ResidentView>(), 1);
    }
}
