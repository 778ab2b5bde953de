//! The controls of a V4L2 device: exposure, focus, power-line frequency.

use v4l::Device;
use v4l::control::{Control, Value};
use v4l::v4l_sys as sys;

use crate::choice::{PowerLine, Tuning};

/// Sets the controls that the device has, and returns those with their values. A device that lacks
/// a control, or refuses its value, works without.
pub(super) fn set(device: &Device, tuning: &Tuning) -> Vec<(&'static str, i64)> {
    let mut set = Vec::new();
    let mut try_to = |name: &'static str, id: u32, value: i64| {
        let done = device.set_control(Control { id, value: Value::Integer(value) }).is_ok();
        if done {
            set.push((name, value));
        }
        done
    };
    // Values of linux/v4l2-controls.h.
    let line = match tuning.power_line {
        PowerLine::Hz50 => 1,
        PowerLine::Hz60 => 2,
        PowerLine::Auto => 3,
    };
    try_to("power_line_frequency", sys::V4L2_CID_POWER_LINE_FREQUENCY, line);
    match tuning.exposure {
        Some(exposure) => {
            try_to("auto_exposure", sys::V4L2_CID_EXPOSURE_AUTO, 1);
            try_to("exposure_time_absolute", sys::V4L2_CID_EXPOSURE_ABSOLUTE, exposure.into());
        }
        None => {
            // Webcams call their automatic mode "aperture priority" (3); others have only 0, "auto".
            if !try_to("auto_exposure", sys::V4L2_CID_EXPOSURE_AUTO, 3) {
                try_to("auto_exposure", sys::V4L2_CID_EXPOSURE_AUTO, 0);
            }
            // Keep the rate in poor light: with a longer exposure, a lit code in a moving hand blurs.
            try_to("exposure_dynamic_framerate", sys::V4L2_CID_EXPOSURE_AUTO_PRIORITY, 0);
        }
    }
    match tuning.focus {
        Some(focus) => {
            try_to("focus_automatic_continuous", sys::V4L2_CID_FOCUS_AUTO, 0);
            try_to("focus_absolute", sys::V4L2_CID_FOCUS_ABSOLUTE, focus.into());
        }
        None => {
            try_to("focus_automatic_continuous", sys::V4L2_CID_FOCUS_AUTO, 1);
        }
    }
    set
}
