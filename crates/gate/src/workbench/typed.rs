//! What somebody typed of themselves.

use zeroize::Zeroizing;

use crate::window::workbench::WorkbenchInput;

/// A phone number, and a PIN twice. They are erased when this is dropped.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) phone: Zeroizing<String>,
    pub(super) pin: Zeroizing<String>,
    pub(super) again: Zeroizing<String>,
}

impl Typed {
    /// Takes what was typed out of an input.
    pub(super) fn of(input: &mut WorkbenchInput) -> Self {
        let take = |text: &mut String| Zeroizing::new(std::mem::take(text));
        match input {
            WorkbenchInput::AddCollector { phone, pin, again } => {
                Self { phone: take(phone), pin: take(pin), again: take(again) }
            }
            WorkbenchInput::SetPin { pin, again } => {
                Self { pin: take(pin), again: take(again), ..Self::default() }
            }
            _ => Self::default(),
        }
    }
}
