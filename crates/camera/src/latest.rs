//! The newest frame: a place for one, which each newer one takes.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use code_reader::GreyFrame;

use super::Picture;
use super::preview::Preview;

/// One picture of the running camera.
#[derive(Debug)]
pub struct Frame {
    /// For the reader.
    pub grey: GreyFrame,
    preview: Preview,
    /// Counts up from 1, also across reopened cameras.
    pub seq: u64,
    /// When it came, on the stopwatch that the camera was given.
    pub at: Duration,
}

impl Frame {
    /// For the eye; compressed by the first who asks. `None` where that fails.
    #[must_use]
    pub fn jpeg(&self) -> Option<Arc<[u8]>> {
        self.preview.jpeg(&self.grey)
    }
}

/// The newest frame. Whoever is slow misses frames, and nobody waits for them.
#[derive(Debug, Default)]
pub struct LatestFrame {
    place: Mutex<Place>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Place {
    frame: Option<Arc<Frame>>,
    seq: u64,
}

impl LatestFrame {
    /// The newest frame; `None` while the camera gives none, so that an old picture never looks
    /// live.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<Frame>> {
        self.lock().frame.clone()
    }

    /// The newest frame with a number above `seq`, waited for until `timeout`.
    #[must_use]
    pub fn newer_than(&self, seq: u64, timeout: Duration) -> Option<Arc<Frame>> {
        let newer = |place: &Place| place.frame.as_ref().is_some_and(|frame| frame.seq > seq);
        let (place, _) = self
            .changed
            .wait_timeout_while(self.lock(), timeout, |place| !newer(place))
            .unwrap_or_else(PoisonError::into_inner);
        place.frame.clone().filter(|frame| frame.seq > seq)
    }

    /// Makes a picture the newest frame, and wakes whoever waits for one.
    pub fn publish(&self, picture: Picture, at: Duration) {
        let mut place = self.lock();
        place.seq += 1;
        let Picture { grey, preview } = picture;
        place.frame = Some(Arc::new(Frame { grey, preview, seq: place.seq, at }));
        self.changed.notify_all();
    }

    pub(super) fn clear(&self) {
        self.lock().frame = None;
    }

    fn lock(&self) -> MutexGuard<'_, Place> {
        // Nothing that holds this lock can leave it half done.
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
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
