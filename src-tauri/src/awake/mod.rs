//! Keeps the laptop awake during a shift: no sleep, and no blank screen.
//!
//! On Linux logind holds off sleep and idleness for as long as a file is open that it gave out, and a desktop's
//! `org.freedesktop.ScreenSaver` keeps the screen on. Both end with this process, however it ends. A lid that is
//! closed still lets the laptop sleep, because somebody means that. Elsewhere the system's own settings hold.

use std::sync::mpsc::{Sender, channel};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux::Held;

#[cfg(not(target_os = "linux"))]
struct Held;

#[cfg(not(target_os = "linux"))]
impl Held {
    fn take() -> Self {
        Self
    }
}

/// Tells a thread whether a shift is on. The thread ends when this is dropped.
pub(crate) struct Awake {
    shift: Sender<bool>,
    last: bool,
}

impl Awake {
    /// Starts the thread, which asks the services of this machine: they may take their time.
    pub(crate) fn start() -> Self {
        let (shift, changes) = channel::<bool>();
        let keeper = std::thread::Builder::new().name("awake".into()).spawn(move || {
            let mut _held = None;
            for on in changes {
                _held = on.then(Held::take);
            }
        });
        if let Err(error) = keeper {
            tracing::warn!(%error, "this laptop may fall asleep during a shift");
        }
        Self { shift, last: false }
    }

    /// Tells whether a shift is on.
    pub(crate) fn tell(&mut self, on: bool) {
        if on != self.last {
            self.last = on;
            // Without its thread nothing keeps the laptop awake, which the log has said.
            let _ = self.shift.send(on);
        }
    }
}
