//! What a program shows to the simulated camera.

use std::sync::{Arc, Mutex, PoisonError};

/// The code that a program shows to a simulated camera. Clones share one value.
#[derive(Debug, Clone, Default)]
pub struct Showing(Arc<Mutex<Option<String>>>);

impl Showing {
    /// Shows a code with this text. With `None`, nobody stands before the camera.
    pub fn show(&self, text: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    pub(crate) fn text(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Two are equal if they are clones of one, whatever they show.
impl PartialEq for Showing {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Showing {}
