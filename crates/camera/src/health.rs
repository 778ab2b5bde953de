//! Judges the pictures of an open camera: stalled, black, frozen. Pure.

use std::hash::Hasher as _;
use std::time::Duration;

use code_reader::GreyFrame;

/// Longest wait for the first picture: some cameras take seconds to start.
const FIRST_PICTURE: Duration = Duration::from_secs(5);
/// Longest wait for any later picture.
const NEXT_PICTURE: Duration = Duration::from_secs(2);
/// A camera counts as covered once its pictures were black for this long.
const BLACK_FOR: Duration = Duration::from_secs(2);
/// Highest luma of a black pixel.
const BLACK_LUMA: u8 = 20;
/// In a black picture at most one sampled pixel in this many is brighter.
const BLACK_SHARE: u32 = 200;
/// A camera counts as frozen once all sampled pixels were equal for this long. The noise of a
/// sensor alone changes them.
const FROZEN_FOR: Duration = Duration::from_secs(3);
/// One pixel in this many is sampled. A prime, so that every column has samples.
const SAMPLE: usize = 97;

/// The history of one open camera, as far as its condition depends on it.
pub(crate) struct Health {
    /// When the camera was opened, or its last picture came.
    last: Duration,
    any: bool,
    black_since: Option<Duration>,
    /// A hash of the last picture's samples, and since when pictures have had it.
    same_since: Option<(u64, Duration)>,
}

/// The condition of a camera that sends pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Normal,
    /// The same picture has come for [`FROZEN_FOR`].
    Frozen,
    /// The pictures have been black for [`BLACK_FOR`].
    Black,
}

impl Health {
    /// Starts when a camera was opened.
    pub(crate) fn new(now: Duration) -> Self {
        Self { last: now, any: false, black_since: None, same_since: None }
    }

    /// Returns whether any picture came.
    pub(crate) fn any(&self) -> bool {
        self.any
    }

    /// Returns whether the camera has been silent for too long.
    pub(crate) fn is_stalled(&self, now: Duration) -> bool {
        let patience = if self.any { NEXT_PICTURE } else { FIRST_PICTURE };
        now.saturating_sub(self.last) >= patience
    }

    /// Takes a picture that has come, and returns the camera's condition.
    pub(crate) fn picture(&mut self, grey: &GreyFrame, now: Duration) -> Condition {
        (self.last, self.any) = (now, true);
        self.black_since = is_black(grey).then(|| self.black_since.unwrap_or(now));
        let hash = hash(grey);
        let same_since = match self.same_since {
            Some((before, since)) if before == hash => since,
            _ => now,
        };
        self.same_since = Some((hash, same_since));
        if self.black_since.is_some_and(|since| now.saturating_sub(since) >= BLACK_FOR) {
            Condition::Black
        } else if now.saturating_sub(same_since) >= FROZEN_FOR {
            Condition::Frozen
        } else {
            Condition::Normal
        }
    }
}

fn samples(grey: &GreyFrame) -> impl Iterator<Item = u8> {
    grey.pixels().iter().step_by(SAMPLE).copied()
}

fn hash(grey: &GreyFrame) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    samples(grey).for_each(|pixel| hasher.write_u8(pixel));
    hasher.finish()
}

fn is_black(grey: &GreyFrame) -> bool {
    let (mut count, mut bright) = (0u32, 0u32);
    for pixel in samples(grey) {
        count += 1;
        bright += u32::from(pixel > BLACK_LUMA);
    }
    bright * BLACK_SHARE <= count
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn grey(luma: u8) -> GreyFrame {
        GreyFrame::new(1, 1, vec![luma]).unwrap()
    }

    #[test]
    fn the_first_picture_may_take_longer_than_the_next() {
        let mut health = Health::new(SECOND);
        assert!(!health.is_stalled(SECOND * 5));
        assert!(health.is_stalled(SECOND * 6));
        health.picture(&grey(200), SECOND * 5);
        assert!(!health.is_stalled(SECOND * 6));
        assert!(health.is_stalled(SECOND * 7));
    }

    #[test]
    fn a_moment_of_black_is_nothing() {
        let mut health = Health::new(Duration::ZERO);
        for (second, luma, condition) in [
            (0, 200, Condition::Normal),
            (1, 0, Condition::Normal),
            (2, 1, Condition::Normal),
            (3, 2, Condition::Black),
            (4, 200, Condition::Normal),
            (5, 0, Condition::Normal),
        ] {
            assert_eq!(health.picture(&grey(luma), SECOND * second), condition, "{second}");
        }
    }

    #[test]
    fn equal_pictures_are_frozen_until_one_differs() {
        let mut health = Health::new(Duration::ZERO);
        for (second, luma, condition) in [
            (0, 200, Condition::Normal),
            (2, 200, Condition::Normal),
            (3, 200, Condition::Frozen),
            (4, 201, Condition::Normal),
        ] {
            assert_eq!(health.picture(&grey(luma), SECOND * second), condition, "{second}");
        }
    }
}
