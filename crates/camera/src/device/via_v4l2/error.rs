//! The fault that an I/O error means.

use std::io;

use crate::fault::CameraFault;

pub(super) fn fault_of(error: &io::Error) -> CameraFault {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => CameraFault::Stalled,
        _ => error.raw_os_error().map_or(CameraFault::Unusable, CameraFault::from_os),
    }
}
