//! The kiosk: a laptop that nobody can leave but an administrator.
//!
//! It is on by a setting or by `--kiosk`. While it locks, the window fills its screen, comes back to the front
//! and does not close. It locks only where somebody can sign in: a laptop that is no station, or no longer,
//! would otherwise be locked for ever. The page's own doors are closed on every laptop (`hardening`).

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::args::KioskMode;

/// Whether this laptop is a kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub(crate) struct KioskState {
    /// Whether the settings say so: it holds from the next start on.
    pub(crate) chosen: bool,
    /// Whether the window is locked now.
    pub(crate) locked: bool,
}

/// The kiosk of this process.
#[derive(Debug, Default)]
pub(crate) struct Kiosk {
    /// How it was asked for on the command line.
    mode: Option<KioskMode>,
    /// Whether it is on: decided at the start, and ended by an administrator.
    on: AtomicBool,
}

impl Kiosk {
    pub(crate) fn new(mode: Option<KioskMode>, chosen: bool) -> Self {
        Self { mode, on: AtomicBool::new(chosen || mode.is_some()) }
    }

    /// Returns whether it locks a laptop, which is a station at which somebody can sign in or is not.
    pub(crate) fn locks(&self, is_station: bool) -> bool {
        self.on.load(Ordering::Acquire) && is_station
    }

    /// Ends it, and returns whether the program ends with it.
    pub(crate) fn leave(&self) -> bool {
        self.on.store(false, Ordering::Release);
        self.mode == Some(KioskMode::Session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_locks_by_flag_or_setting_where_somebody_can_sign_in() {
        for (mode, chosen, on) in [
            (None, false, false),
            (None, true, true),
            (Some(KioskMode::Window), false, true),
            (Some(KioskMode::Session), true, true),
        ] {
            let kiosk = Kiosk::new(mode, chosen);
            assert_eq!(kiosk.locks(true), on);
            assert!(!kiosk.locks(false), "nobody could ever leave it");
        }
    }

    #[test]
    fn an_administrator_ends_it_and_a_session_ends_with_it() {
        let kiosk = Kiosk::new(Some(KioskMode::Window), false);
        assert!(!kiosk.leave());
        assert!(!kiosk.locks(true));
        let kiosk = Kiosk::new(Some(KioskMode::Session), true);
        assert!(kiosk.leave());
        assert!(!kiosk.locks(true));
    }
}
