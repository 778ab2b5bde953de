//! The displays that the laptop has, as its window tells.

use std::sync::{Arc, Mutex, PoisonError};

/// The names of the displays on which the resident's side can be now. A station without a window is told nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Displays(Arc<Mutex<Option<Vec<String>>>>);

impl Displays {
    pub(crate) fn tell(&self, names: Vec<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(names);
    }

    pub(crate) fn names(&self) -> Option<Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
