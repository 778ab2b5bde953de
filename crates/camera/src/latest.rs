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
    /// Sequence number, from 1. It keeps counting when the camera is reopened, and is shared with every
    /// other camera whose frames are counted by the same [`Arrivals`].
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

/// Counts the frames of several cameras, so that one reader can wait for the next of any of them.
#[derive(Debug, Default)]
pub struct Arrivals {
    count: Mutex<u64>,
    changed: Condvar,
}

impl Arrivals {
    /// Returns how many frames have come.
    #[must_use]
    pub fn count(&self) -> u64 {
        *self.lock()
    }

    /// Waits up to `timeout` until more than `count` frames have come.
    pub fn wait_beyond(&self, count: u64, timeout: Duration) {
        let waited = self.changed.wait_timeout_while(self.lock(), timeout, |now| *now <= count);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn next(&self) -> u64 {
        let mut count = self.lock();
        *count += 1;
        self.changed.notify_all();
        *count
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The newest frame. A slow consumer misses frames and delays nobody.
#[derive(Debug, Default)]
pub struct LatestFrame {
    slot: Mutex<Option<Arc<Frame>>>,
    changed: Condvar,
    arrivals: Arc<Arrivals>,
}

impl LatestFrame {
    /// Returns a slot whose frames are counted together with those of other cameras.
    #[must_use]
    pub fn counted_by(arrivals: Arc<Arrivals>) -> Self {
        Self { arrivals, ..Self::default() }
    }

    /// Returns the newest frame. `None` while the camera gives none, so that an old picture never
    /// looks live.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<Frame>> {
        self.lock().clone()
    }

    /// Waits up to `timeout` for a frame with a number above `seq`, and returns the newest one.
    #[must_use]
    pub fn newer_than(&self, seq: u64, timeout: Duration) -> Option<Arc<Frame>> {
        let newer = |slot: &Option<Arc<Frame>>| slot.as_ref().is_some_and(|frame| frame.seq > seq);
        let (slot, _) = self
            .changed
            .wait_timeout_while(self.lock(), timeout, |slot| !newer(slot))
            .unwrap_or_else(PoisonError::into_inner);
        slot.clone().filter(|frame| frame.seq > seq)
    }

    /// Makes a picture the newest frame, and wakes those who wait for one.
    pub fn publish(&self, picture: Picture, at: Duration) {
        // Whoever hears of the number finds the frame: the slot is locked until it is there.
        let mut slot = self.lock();
        let seq = self.arrivals.next();
        let Picture { grey, preview } = picture;
        *slot = Some(Arc::new(Frame { grey, preview, seq, at }));
        self.changed.notify_all();
    }

    pub(crate) fn clear(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Frame>>> {
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

    #[test]
    fn cameras_that_are_counted_together_number_their_frames_in_one_order() {
        let arrivals = Arc::new(Arrivals::default());
        let [one, other] = [(); 2].map(|()| LatestFrame::counted_by(Arc::clone(&arrivals)));
        one.publish(picture(1), Duration::ZERO);
        other.publish(picture(2), Duration::ZERO);
        one.publish(picture(3), Duration::ZERO);
        assert_eq!((one.newest().unwrap().seq, other.newest().unwrap().seq), (3, 2));
        assert_eq!(arrivals.count(), 3);
        // More than two have come: nobody waits.
        arrivals.wait_beyond(2, Duration::from_secs(20));
    }
}
