//! The window, which the laptop and its gate share.

use std::sync::{Arc, Mutex, PoisonError};

use gate::View;
use gate::action::Sound;

use super::view::{Window, WindowView};
use crate::display::Display;

/// A window that shows the newest view of whoever has it.
#[derive(Clone)]
pub(super) struct Surface(Arc<Mutex<Shown>>);

struct Shown {
    window: Box<dyn Window>,
    /// What the laptop itself showed last; `None` while the gate's views are shown.
    own: Option<WindowView>,
}

impl Surface {
    pub(super) fn new(window: Box<dyn Window>) -> Self {
        Self(Arc::new(Mutex::new(Shown { window, own: None })))
    }

    /// Shows a view of the laptop's own, unless it says what is shown already.
    pub(super) fn show_own(&self, view: WindowView) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.own.as_ref().is_none_or(|before| !says_the_same(before, &view)) {
            shown.window.show(view.clone());
            shown.own = Some(view);
        }
    }
}

impl Display for Surface {
    fn show(&mut self, view: &View) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.own = None;
        shown.window.show(WindowView::Station { view: Box::new(view.clone()) });
    }

    fn play(&mut self, sound: Sound) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).window.play(sound);
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
