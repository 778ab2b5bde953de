//! The camera's newest picture, for showing.

use std::sync::Arc;
use std::time::Duration;

use camera::LatestFrame;

/// The newest picture of the running camera, as a JPEG with a number.
///
/// Numbers count up from 1 while one camera runs. They begin again when another camera is chosen.
#[derive(Debug, Clone)]
pub struct Preview(Arc<LatestFrame>);

impl Preview {
    pub(crate) fn new(frames: Arc<LatestFrame>) -> Self {
        Self(frames)
    }

    /// Returns the newest picture; `None` while the camera gives none.
    #[must_use]
    pub fn newest(&self) -> Option<(u64, Arc<[u8]>)> {
        let frame = self.0.newest()?;
        Some((frame.seq, frame.jpeg()?))
    }

    /// Waits until `timeout` for a picture that is not number `seq`, and returns it.
    #[must_use]
    pub fn newer_than(&self, seq: u64, timeout: Duration) -> Option<(u64, Arc<[u8]>)> {
        // A lower number than the last one shown: another camera counts now.
        let counts_anew = self.0.newest().is_some_and(|frame| frame.seq < seq);
        let frame = self.0.newer_than(if counts_anew { 0 } else { seq }, timeout)?;
        Some((frame.seq, frame.jpeg()?))
    }
}
