//! The battery and the clock's heartbeat, by a timer that knows nothing of scans.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use gate::Input;

use crate::battery;
use crate::clock::{HEARTBEAT, SystemClock};
use crate::inputs::Inputs;

/// The battery is read this often.
const BATTERY_EVERY: Duration = Duration::from_secs(30);

/// Keeps house until the other end of `ended` is dropped.
pub(crate) fn keep(clock: &SystemClock, inputs: &Inputs, ended: &Receiver<()>) {
    let mut battery = None;
    let beats = HEARTBEAT.as_secs() / BATTERY_EVERY.as_secs();
    for round in 0_u64.. {
        if round % beats == 0 {
            clock.beat();
        }
        let now = battery::read(battery::POWER_SUPPLY.as_ref());
        if now != battery {
            battery = now;
            inputs.tell(Input::Battery(now));
        }
        if ended.recv_timeout(BATTERY_EVERY) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
