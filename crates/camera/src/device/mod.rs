//! A real camera: chosen by name and port, opened in its best mode, and captured on its own thread.

mod capture;
mod holder;
mod list;
mod permission;
mod selection;
mod source;
mod via_nokhwa;
#[cfg(target_os = "linux")]
mod via_v4l2;

use std::path::PathBuf;

pub use list::{Device, devices};
pub(crate) use selection::LastUsed;

use crate::choice::DeviceChoice;
use crate::fault::{CameraFault, FaultReport};
use crate::mode::CaptureMode;
use capture::DeviceCamera;

/// Returns the capture modes of a device that this program supports. Blocks for as long as the
/// device's driver does.
///
/// # Errors
/// The device cannot be opened, or is no camera.
#[cfg(target_os = "linux")]
pub fn capture_modes(device: &Device) -> Result<Vec<CaptureMode>, FaultReport> {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    let ask = AssertUnwindSafe(|| via_v4l2::capture_modes(device.number));
    let answer = catch_unwind(ask).unwrap_or(Err(CameraFault::Unusable));
    answer.map_err(|fault| report(fault, device))
}

/// Returns the capture modes of a device. Known on Linux only.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn capture_modes(_: &Device) -> Result<Vec<CaptureMode>, FaultReport> {
    Err(CameraFault::Unusable.into())
}

/// Opens the first device that works, of those that `wanted` means.
pub(crate) fn open(wanted: &DeviceChoice, last_used: &mut LastUsed) -> Result<DeviceCamera, FaultReport> {
    let all = devices();
    let fault = if last_used.is_known() { CameraFault::Lost } else { CameraFault::None };
    let mut worst = FaultReport::from(fault);
    for device in selection::candidates(&all, wanted, last_used) {
        match DeviceCamera::open(&device, wanted) {
            Ok(camera) => {
                *last_used = LastUsed::new(&device, &all);
                return Ok(camera);
            }
            Err(fault) if fault.rank() > worst.fault.rank() => worst = report(fault, &device),
            Err(_) => {}
        }
    }
    Err(worst)
}

/// Adds what helps somebody to end the fault.
fn report(fault: CameraFault, device: &Device) -> FaultReport {
    let node = PathBuf::from(format!("/dev/video{}", device.number));
    match fault {
        CameraFault::Busy => match holder::of(&node) {
            // No other program uses it: an abandoned thread of this one hangs in the driver.
            None if capture::threads() > 0 => CameraFault::Stalled.into(),
            held_by => FaultReport { held_by, ..fault.into() },
        },
        CameraFault::NoPermission => FaultReport { fix: permission::command(&node), ..fault.into() },
        _ => fault.into(),
    }
}
