//! What is spoken at a gate: what the resident's side shows about somebody, once, with a result's own tone.
//!
//! It has no words of its own. Whoever hears it learns nothing that the screen does not show to a queue.

use super::collector::{CollectorScreen, ScanId};
use super::resident::ResidentView;
use super::{Screen, View};

/// Follows what is shown, and says with which sound something is spoken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spoken {
    shown: Option<(ResidentView, Option<ScanId>)>,
    due: Option<ResidentView>,
}

impl Spoken {
    /// Hears what is shown now; `None` for whatever is no gate.
    pub fn show(&mut self, view: Option<&View>) {
        let shown = view.map(|view| (ResidentView::of(view), scan_of(view)));
        let is_new = shown != self.shown;
        self.shown = shown;
        self.due = shown.map(|(resident, _)| resident).filter(|resident| is_new && resident.is_spoken());
    }

    /// Returns what is spoken after a sound that is made now. Nothing is spoken twice.
    pub fn ring(&mut self) -> Option<ResidentView> {
        self.due.take()
    }
}

impl ResidentView {
    /// Returns whether it is spoken: nobody is called to an idle gate, and a closed one is silent.
    #[must_use]
    pub fn is_spoken(self) -> bool {
        match self {
            Self::Pass | Self::Check | Self::Passport | Self::Refresh | Self::Wait => true,
            Self::Ready | Self::Closed => false,
        }
    }
}

/// Returns whose result is shown: somebody else's is spoken though it is the same.
fn scan_of(view: &View) -> Option<ScanId> {
    match &view.screen {
        Screen::Collector(CollectorScreen::Result { result } | CollectorScreen::Recording { result }) => {
            Some(result.scan)
        }
        _ => None,
    }
}
