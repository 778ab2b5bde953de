//! The attempts at a frame, in the order in which they pay.

use std::borrow::Cow;

use crate::binary::Threshold;
use crate::frame::GreyFrame;

/// One way to look at a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Attempt {
    pub(crate) scale: Scale,
    pub(crate) filter: Filter,
    pub(crate) threshold: Threshold,
}

/// How large the frame is made first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    /// As it came.
    Whole,
    /// Its longest side is brought down to this.
    Side(usize),
    /// Twice as large, for codes far away; only for frames up to this longest side.
    Double(usize),
}

/// What is done to it next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Filter {
    /// Nothing.
    None,
    /// Edges are made steeper.
    Sharpen,
    /// Noise and screen patterns are smoothed.
    Smooth,
    /// Black becomes white.
    Invert,
}

const fn attempt(scale: Scale, filter: Filter, threshold: Threshold) -> Attempt {
    Attempt { scale, filter, threshold }
}

const fn local(part: usize, drop: u32) -> Threshold {
    Threshold::Local { part, drop }
}

/// Chosen greedily by what each adds to those before it for its time, on half of a set of photos.
/// A narrow threshold reads most; a wide one on a small picture next, since it drops noise and
/// the pattern of screens; the rest is for glare, blur, codes far away, and white on black.
pub(crate) const ATTEMPTS: &[Attempt] = &[
    attempt(Scale::Whole, Filter::None, local(20, 5)),
    attempt(Scale::Side(400), Filter::None, local(3, 5)),
    attempt(Scale::Whole, Filter::None, local(8, 15)),
    attempt(Scale::Side(640), Filter::Sharpen, local(40, 8)),
    attempt(Scale::Side(400), Filter::Smooth, local(8, 5)),
    attempt(Scale::Side(640), Filter::Sharpen, local(3, 5)),
    attempt(Scale::Whole, Filter::Smooth, local(3, 5)),
    attempt(Scale::Double(800), Filter::Sharpen, local(8, 5)),
    attempt(Scale::Side(800), Filter::Invert, local(8, 5)),
];

impl Attempt {
    /// The picture this attempt looks at, before its threshold. `None`: it would be the same as
    /// one that was already tried, or too costly.
    pub(crate) fn picture<'a>(&self, frame: &'a GreyFrame) -> Option<Cow<'a, GreyFrame>> {
        let longest = frame.width().max(frame.height());
        let scaled = match self.scale {
            Scale::Whole => Cow::Borrowed(frame),
            Scale::Side(side) if longest > side + side / 8 => Cow::Owned(frame.fit(side)),
            Scale::Double(side) if longest <= side => Cow::Owned(frame.double()),
            Scale::Side(_) | Scale::Double(_) => return None,
        };
        Some(match self.filter {
            Filter::None => scaled,
            Filter::Sharpen => Cow::Owned(sharpen(&scaled)),
            Filter::Smooth => Cow::Owned(smooth(&scaled)),
            Filter::Invert => Cow::Owned(map(&scaled, |pixel| 255 - pixel)),
        })
    }
}

fn map(frame: &GreyFrame, change: impl Fn(u8) -> u8) -> GreyFrame {
    let pixels = frame.pixels().iter().map(|&pixel| change(pixel)).collect();
    GreyFrame::new(frame.width(), frame.height(), pixels).unwrap_or_else(|_| frame.clone())
}

/// Three by three, binomial.
fn smooth(frame: &GreyFrame) -> GreyFrame {
    let blurred = box_mean(&box_mean(frame, 1), 1);
    GreyFrame::new(frame.width(), frame.height(), blurred.pixels().to_vec()).unwrap_or_else(|_| frame.clone())
}

/// Three times the frame less twice its blurred self.
fn sharpen(frame: &GreyFrame) -> GreyFrame {
    let soft = box_mean(&box_mean(frame, 3), 3);
    let steep =
        |(&pixel, &soft): (&u8, &u8)| (3 * i32::from(pixel) - 2 * i32::from(soft)).clamp(0, 255) as u8;
    let pixels = frame.pixels().iter().zip(soft.pixels()).map(steep).collect();
    GreyFrame::new(frame.width(), frame.height(), pixels).unwrap_or_else(|_| frame.clone())
}

/// The mean of a square, rows first and then columns; edges repeat.
fn box_mean(frame: &GreyFrame, radius: usize) -> GreyFrame {
    let (width, height) = (frame.width(), frame.height());
    let span = 2 * radius + 1;
    // 16.16 reciprocal: a division for each pixel would cost more than the rest.
    let share = (65536 / span + 1) as u32;
    let mut across = vec![0u8; width * height];
    for (y, target) in across.chunks_exact_mut(width).enumerate() {
        let row = frame.row(y);
        let at = |x: usize| u32::from(row[x.saturating_sub(radius).min(width - 1)]);
        let mut sum: u32 = (0..span).map(at).sum();
        for (x, out) in target.iter_mut().enumerate() {
            *out = ((sum * share) >> 16).min(255) as u8;
            sum = sum + at(x + span) - at(x);
        }
    }
    let mut pixels = Vec::with_capacity(width * height);
    let row = |y: usize| {
        let y = y.saturating_sub(radius).min(height - 1);
        &across[y * width..(y + 1) * width]
    };
    let mut sums = vec![0u32; width];
    for y in 0..span {
        for (sum, &pixel) in sums.iter_mut().zip(row(y)) {
            *sum += u32::from(pixel);
        }
    }
    for y in 0..height {
        pixels.extend(sums.iter().map(|&sum| ((sum * share) >> 16).min(255) as u8));
        for ((sum, &new), &old) in sums.iter_mut().zip(row(y + span)).zip(row(y)) {
            *sum = *sum + u32::from(new) - u32::from(old);
        }
    }
    GreyFrame::new(width, height, pixels).unwrap_or_else(|_| frame.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_keep_a_flat_frame_flat() {
        let flat = GreyFrame::new(11, 5, vec![200; 55]).unwrap();
        for filtered in [smooth(&flat), sharpen(&flat)] {
            assert!(
                filtered.pixels().iter().all(|&pixel| pixel.abs_diff(200) <= 2),
                "{:?}",
                filtered.pixels()
            );
        }
    }

    #[test]
    fn no_attempt_repeats_another() {
        for (at, attempt) in ATTEMPTS.iter().enumerate() {
            assert!(!ATTEMPTS[..at].contains(attempt), "{attempt:?}");
        }
    }
}
