//! The reader, on sample codes that `qr-scenes` drew and that are nobody's.

use std::time::Duration;

use camera::PixelFormat;
use camera::pixels::{Layout, picture};
use code_reader::{GreyFrame, Reader, Sighting};
use gate::window::workbench::{TestFailure, TestFinding};

use super::Tried;
use crate::clock::SystemClock;

/// Frames in which a code that is held out may be read.
const FRAMES: u32 = 5;
/// A code that takes longer keeps a queue waiting.
const SLOW: Duration = Duration::from_millis(400);

/// Pictures with a code each, numbered from 1: `cargo run -p qr-scenes --example self_test` draws them.
pub(super) const SAMPLES: [&[u8]; 6] = [
    include_bytes!("samples/1.jpg"),
    include_bytes!("samples/2.jpg"),
    include_bytes!("samples/3.jpg"),
    include_bytes!("samples/4.jpg"),
    include_bytes!("samples/5.jpg"),
    include_bytes!("samples/6.jpg"),
];

/// Reads each sample as a camera's frames are read, in the time that they have.
pub(super) fn read(samples: &[&[u8]]) -> Tried {
    let times: Vec<Option<Duration>> =
        samples.iter().zip(1..).map(|(sample, number)| time(sample, number)).collect();
    judge(&times)
}

/// Returns how long it took until a sample's text was read; `None` if it was not.
fn time(sample: &[u8], number: u32) -> Option<Duration> {
    let frame = grey(sample)?;
    let mut reader = Reader::new();
    let begun = SystemClock::since_start();
    let start = format!("SAMPLE-{number}:");
    (0..FRAMES).find_map(|_| {
        let Sighting::Code(code) = reader.read(&frame) else { return None };
        let took = SystemClock::since_start().saturating_sub(begun);
        code.text.into_string().starts_with(&start).then_some(took)
    })
}

fn grey(jpeg: &[u8]) -> Option<GreyFrame> {
    let layout = Layout { format: PixelFormat::Mjpeg, width: 0, height: 0, stride: 0 };
    picture(layout, jpeg).map(|picture| picture.grey)
}

/// Judges how long each sample took.
fn judge(times: &[Option<Duration>]) -> Tried {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let count = number(times.len());
    let read = number(times.iter().flatten().count());
    if read < count || count == 0 {
        return Err(TestFailure::SamplesUnread { read, count });
    }
    let slowest = times.iter().flatten().max().copied().unwrap_or_default();
    let millis = u32::try_from(slowest.as_millis()).unwrap_or(u32::MAX);
    if slowest > SLOW {
        Err(TestFailure::SamplesSlow { millis })
    } else {
        Ok(TestFinding::Samples { count, millis })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_read_by_the_real_reader() {
        for (sample, number) in SAMPLES.iter().zip(1..) {
            assert!(time(sample, number).is_some(), "{number}");
        }
    }

    #[test]
    fn reading_fails_if_a_sample_is_not_read_or_is_another_one() {
        let other = [SAMPLES[0], SAMPLES[2]];
        assert_eq!(read(&other), Err(TestFailure::SamplesUnread { read: 1, count: 2 }));
        assert_eq!(read(&[b"no picture"]), Err(TestFailure::SamplesUnread { read: 0, count: 1 }));
        assert_eq!(read(&[]), Err(TestFailure::SamplesUnread { read: 0, count: 0 }));
    }

    #[test]
    fn reading_fails_if_it_takes_too_long() {
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(judge(&[ms(18), ms(40)]), Ok(TestFinding::Samples { count: 2, millis: 40 }));
        assert_eq!(judge(&[ms(18), ms(900)]), Err(TestFailure::SamplesSlow { millis: 900 }));
    }
}
