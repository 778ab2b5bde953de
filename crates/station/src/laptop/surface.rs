//! The window, which the laptop and its gate share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gate::action::Sound;
use gate::{Screen, View};

use super::view::{Window, WindowView};
use crate::display::Display;

/// A window that shows the newest view of whoever has it.
#[derive(Clone)]
pub(super) struct Surface(Arc<Mutex<Shown>>);

struct Shown {
    window: Box<dyn Window>,
    /// What the laptop itself showed last; `None` while the gate's views are shown.
    own: Option<WindowView>,
    /// The gate's newest view, shown or not.
    gate: Option<View>,
    /// Whether the laptop's own view stands in front of a gate's.
    covers: bool,
}

impl Surface {
    pub(super) fn new(window: Box<dyn Window>) -> Self {
        Self(Arc::new(Mutex::new(Shown { window, own: None, gate: None, covers: false })))
    }

    /// Shows a view of the laptop's own, unless it says what is shown already. With `covers` it stays in
    /// front of what the gate shows, until [`Surface::uncover`].
    pub(super) fn show_own(&self, view: WindowView, covers: bool) {
        let mut shown = self.lock();
        shown.covers = covers;
        if shown.own.as_ref().is_none_or(|before| !says_the_same(before, &view)) {
            shown.window.show(view.clone());
            shown.own = Some(view);
        }
    }

    /// Shows what the gate shows, if something stands in front of it.
    pub(super) fn uncover(&self) {
        let mut shown = self.lock();
        if std::mem::take(&mut shown.covers)
            && let Some(view) = shown.gate.clone()
        {
            shown.own = None;
            shown.window.show(WindowView::Station { view: Box::new(view) });
        }
    }

    /// Forgets what the gate showed: it is over.
    pub(super) fn forget_gate(&self) {
        self.lock().gate = None;
    }

    /// Returns whether an administrator is in the workbench.
    pub(super) fn is_in_workbench(&self) -> bool {
        self.lock().gate.as_ref().is_some_and(|view| matches!(view.screen, Screen::Workbench(_)))
    }

    /// Returns how many reports wait by the gate's newest view, those that were set aside included.
    pub(super) fn waiting(&self) -> u64 {
        self.lock().gate.as_ref().map_or(0, |view| view.bar.waiting.saturating_add(view.bar.set_aside))
    }

    /// Returns the gate's newest view.
    #[cfg(test)]
    pub(super) fn gate(&self) -> Option<View> {
        self.lock().gate.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Display for Surface {
    fn show(&mut self, view: &View) {
        let mut shown = self.lock();
        shown.gate = Some(view.clone());
        if !shown.covers {
            shown.own = None;
            shown.window.show(WindowView::Station { view: Box::new(view.clone()) });
        }
    }

    fn play(&mut self, sound: Sound) {
        self.lock().window.play(sound);
    }
}

/// Returns whether two views differ in nothing but the moment at which they were made: a page counts on.
fn says_the_same(before: &WindowView, after: &WindowView) -> bool {
    match (before, after) {
        (WindowView::Entrance { view: before }, WindowView::Entrance { view: after }) => {
            let mut then = before.clone();
            then.bar.now = after.bar.now;
            then == *after
        }
        _ => before == after,
    }
}
