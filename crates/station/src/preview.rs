//! The newest picture to be shown.

use std::sync::Arc;
use std::time::Duration;

use crate::camera_host::CameraHost;
use crate::clock::SystemClock;

/// The newest picture of the running cameras, as a JPEG with a number: of the one that saw a code last.
///
/// Numbers count up from 1 for as long as the program runs, whichever camera is shown.
#[derive(Clone)]
pub struct Preview(Arc<CameraHost>);

impl Preview {
    pub(crate) fn new(cameras: Arc<CameraHost>) -> Self {
        Self(cameras)
    }

    /// Returns the newest picture; `None` while no camera gives one.
    #[must_use]
    pub fn newest(&self) -> Option<(u64, Arc<[u8]>)> {
        let frame = self.0.newest_shown()?;
        Some((frame.seq, frame.jpeg()?))
    }

    /// Waits until `timeout` for a picture with a number above `seq`, and returns it.
    #[must_use]
    pub fn newer_than(&self, seq: u64, timeout: Duration) -> Option<(u64, Arc<[u8]>)> {
        let frame = self.0.shown_after(seq, SystemClock::since_start().saturating_add(timeout))?;
        Some((frame.seq, frame.jpeg()?))
    }
}
