//! The battery and the memory of time, by a timer that knows nothing of scans.

use std::sync::mpsc::{Receiver, RecvTimeoutError};

use gate::Input;

use crate::battery;
use crate::clock::{BEAT, SystemClock};
use crate::inputs::Inputs;

/// Keeps house until the other end of `ended` is dropped.
pub(crate) fn keep(clock: &SystemClock, inputs: &Inputs, ended: &Receiver<()>) {
    let mut battery = None;
    loop {
        clock.beat();
        let now = battery::read(battery::POWER_SUPPLY.as_ref());
        if now != battery {
            battery = now;
            inputs.tell(Input::Battery(now));
        }
        if ended.recv_timeout(BEAT) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
