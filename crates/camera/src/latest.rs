//! The newest frame: a slot for one, which each newer frame overwrites.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use code_reader::GreyFrame;

use crate::picture::Picture;
use crate::preview::Preview;

/// One picture of the running camera.
#[derive(Debug)]
pub struct Frame {
    /// The picture that the reader gets.
    pub grey: GreyFrame,
    preview: Preview,
    /// Sequence number, from 1. It keeps counting when the camera is reopened.
    pub seq: u64,
    /// When the frame came, by the camera's stopwatch.
    pub at: Duration,
}

impl Frame {
    /// Returns the preview. The first call compresses it. `None` if that fails.
    #[must_use]
    pub fn jpeg(&self) -> Option<Arc<[u8]>> {
        self.preview.jpeg(&self.grey)
    }
}

/// The newest frame. A slow consumer misses frames and delays nobody.
#[derive(Debug, Default)]
pub struct LatestFrame {
    slot: Mutex<Slot>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Slot {
    frame: Option<Arc<Frame>>,
    seq: u64,
}

impl LatestFrame {
    /// Returns the newest frame. `None` while the camera gives none, so that an old picture never
    /// looks live.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<Frame>> {
        self.lock().frame.clone()
    }

    /// Waits up to `timeout` for a frame with a number above `seq`, and returns the newest one.
    #[must_use]
    pub fn newer_than(&self, seq: u64, timeout: Duration) -> Option<Arc<Frame>> {
        let newer = |slot: &Slot| slot.frame.as_ref().is_some_and(|frame| frame.seq > seq);
        let (slot, _) = self
            .changed
            .wait_timeout_while(self.lock(), timeout, |slot| !newer(slot))
            .unwrap_or_else(PoisonError::into_inner);
        slot.frame.clone().filter(|frame| frame.seq > seq)
    }

    /// Makes a picture the newest frame, and wakes those who wait for one.
    pub fn publish(&self, picture: Picture, at: Duration) {
        let mut slot = self.lock();
        slot.seq += 1;
        let Picture { grey, preview } = picture;
        slot.frame = Some(Arc::new(Frame { grey, preview, seq: slot.seq, at }));
        self.changed.notify_all();
    }

    pub(crate) fn clear(&self) {
        self.lock().frame = None;
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        // No code that holds this lock can leave the slot half changed.
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(luma: u8) -> Picture {
        Picture::new(GreyFrame::new(1, 1, vec![luma]).unwrap(), crate::preview::Colours::Grey)
    }

    #[test]
    fn the_newest_wins() {
        let latest = LatestFrame::default();
        assert!(latest.newest().is_none());
        assert!(latest.newer_than(0, Duration::from_millis(1)).is_none());
        latest.publish(picture(1), Duration::from_secs(1));
        latest.publish(picture(2), Duration::from_secs(2));
        let frame = latest.newer_than(0, Duration::ZERO).unwrap();
        assert_eq!((frame.seq, frame.grey.pixels()[0], frame.at), (2, 2, Duration::from_secs(2)));
        assert!(latest.newer_than(2, Duration::from_millis(1)).is_none());
        latest.clear();
        assert!(latest.newest().is_none());
        latest.publish(picture(3), Duration::from_secs(3));
        assert_eq!(latest.newest().unwrap().seq, 3);
    }

    #[test]
    fn a_waiting_reader_is_woken() {
        let latest = Arc::new(LatestFrame::default());
        let reader = Arc::clone(&latest);
        let waiting =
            std::thread::spawn(move || reader.newer_than(0, Duration::from_secs(20)).map(|frame| frame.seq));
        latest.publish(picture(1), Duration::ZERO);
        assert_eq!(waiting.join().unwrap(), Some(1));
    }
}
