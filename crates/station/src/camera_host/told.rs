//! A camera's state in the gate's words.

use camera::{CameraFault, CameraState, Shortfall};
use gate::Fault;
use gate::window::bar::{CameraView, LesserPicture};

/// Returns what is known of a camera beside its fault.
pub(super) fn camera_view(state: &CameraState) -> CameraView {
    match state {
        CameraState::Starting => CameraView { opening: true, ..Default::default() },
        // A camera that is opened again because it stalled has not come back yet.
        CameraState::Returning(fault) => CameraView {
            opening: !matches!(fault, CameraFault::Stalled | CameraFault::Unusable),
            ..Default::default()
        },
        CameraState::Live(camera) => CameraView {
            frozen: camera.frozen,
            lesser: camera.reduced.map(|reduced| LesserPicture {
                width: reduced.width,
                height: reduced.height,
                rate: reduced.rate,
                small: reduced.why == Shortfall::Size,
            }),
            ..Default::default()
        },
        CameraState::Fault(report) => {
            CameraView { held_by: report.held_by.clone(), mend: report.fix.clone(), ..Default::default() }
        }
    }
}

pub(super) fn fault_of(fault: CameraFault) -> Fault {
    match fault {
        CameraFault::None | CameraFault::NoSource => Fault::CameraNone,
        CameraFault::Busy => Fault::CameraBusy,
        CameraFault::NoPermission => Fault::CameraNoPermission,
        CameraFault::Lost => Fault::CameraLost,
        CameraFault::Stalled | CameraFault::Unusable => Fault::CameraStalled,
        CameraFault::Black => Fault::CameraCovered,
    }
}
