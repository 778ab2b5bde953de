//! What the resident's side is told: the newest [`ResidentView`], and that it is fresh.
//!
//! Its page asks, and hears no events: Tauri hands every event to a page that listens to any, and the
//! collector's views are events.

use std::time::Duration;

use gate::window::resident::ResidentView;
use tokio::sync::watch;
use tokio::time::Instant;

/// While a result is open the gate shows a view each second. After so long without one, what was said about
/// somebody is not said any more.
const SILENT: Duration = Duration::from_secs(4);
/// Longest wait before a page is told that nothing has changed.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy)]
struct Told {
    view: ResidentView,
    at: Instant,
}

impl Told {
    fn shown(self, now: Instant) -> ResidentView {
        if self.view.is_about_somebody() && now.duration_since(self.at) > SILENT {
            return ResidentView::Wait;
        }
        self.view
    }
}

/// Tells the resident's side what to show.
pub(crate) struct Teller(watch::Sender<Told>);

/// What the resident's side has been told.
#[derive(Clone)]
pub(crate) struct Listener(watch::Receiver<Told>);

/// Returns both ends; a gate that has shown nothing is closed.
pub(crate) fn channel() -> (Teller, Listener) {
    let (teller, listener) = watch::channel(Told { view: ResidentView::Closed, at: Instant::now() });
    (Teller(teller), Listener(listener))
}

impl Teller {
    pub(crate) fn tell(&self, view: ResidentView) {
        self.0.send_replace(Told { view, at: Instant::now() });
    }
}

impl Listener {
    /// Returns what is shown, once it is other than `seen`, and within a second in any case.
    pub(crate) async fn other_than(mut self, seen: Option<ResidentView>) -> ResidentView {
        let changed = self.0.wait_for(|told| Some(told.shown(Instant::now())) != seen);
        // Without a change, or with nobody left to tell one, what was told last may still have grown old.
        let _ = tokio::time::timeout(ANSWERS_WITHIN, changed).await;
        let told = *self.0.borrow();
        told.shown(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_somebody_ends_with_the_silence() {
        let at = Instant::now();
        for view in ResidentView::ALL {
            let told = Told { view, at };
            assert_eq!(told.shown(at + SILENT), view);
            let later = told.shown(at + SILENT + Duration::from_millis(1));
            assert_eq!(later, if view.is_about_somebody() { ResidentView::Wait } else { view });
        }
    }

    #[test]
    fn a_page_is_told_at_once_what_it_does_not_show() {
        tauri::async_runtime::block_on(async {
            let (teller, listener) = channel();
            assert_eq!(listener.clone().other_than(None).await, ResidentView::Closed);
            teller.tell(ResidentView::Pass);
            let told = listener.clone().other_than(Some(ResidentView::Closed)).await;
            assert_eq!(told, ResidentView::Pass);
            let waiting = tokio::spawn(listener.other_than(Some(ResidentView::Pass)));
            teller.tell(ResidentView::Pass);
            teller.tell(ResidentView::Ready);
            assert_eq!(waiting.await.unwrap(), ResidentView::Ready);
        });
    }
}
