//! The capture modes of a V4L2 device.

use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::video::Capture as _;
use v4l::video::capture::Parameters;
use v4l::{Device, FourCC};

use super::error::fault_of;
use crate::fault::CameraFault;
use crate::limits;
use crate::mode::{CaptureMode, HEIGHT, RATE, WIDTH};
use crate::pixels::PixelFormat;

/// Assumed for a camera that does not report its rates, in pictures a second.
const DEFAULT_RATE: f32 = 30.0;
/// Sizes considered on a device that scales freely, besides its largest.
const SIZES: [(u32, u32); 3] = [(WIDTH, HEIGHT), (800, 600), (640, 480)];

/// Lists the modes in supported formats. A node without any format is not a camera; cameras have
/// such a node for metadata.
pub(super) fn all(device: &Device) -> Result<Vec<CaptureMode>, CameraFault> {
    let formats = match device.enum_formats() {
        Ok(formats) if !formats.is_empty() => formats,
        Err(error) if fault_of(&error) != CameraFault::Unusable => return Err(fault_of(&error)),
        _ => return Err(CameraFault::None),
    };
    let mut modes = Vec::new();
    for description in formats {
        let Some(format) = PixelFormat::from_fourcc(description.fourcc.repr) else { continue };
        for (width, height) in sizes(device, description.fourcc) {
            let rate = highest_rate(device, description.fourcc, width, height);
            modes.push(CaptureMode { format, width, height, rate });
            if modes.len() >= limits::CAPTURE_MODES {
                return Ok(modes);
            }
        }
    }
    Ok(modes)
}

fn sizes(device: &Device, fourcc: FourCC) -> Vec<(u32, u32)> {
    let sizes = device.enum_framesizes(fourcc).unwrap_or_default();
    let mut all = Vec::new();
    for size in sizes.into_iter().take(limits::CAPTURE_MODES) {
        match size.size {
            FrameSizeEnum::Discrete(size) => all.push((size.width, size.height)),
            FrameSizeEnum::Stepwise(steps) => {
                let fits = |from: u32, to: u32, step: u32, value: u32| {
                    (from..=to).contains(&value) && (value - from).is_multiple_of(step.max(1))
                };
                all.extend(SIZES.into_iter().filter(|&(width, height)| {
                    fits(steps.min_width, steps.max_width, steps.step_width, width)
                        && fits(steps.min_height, steps.max_height, steps.step_height, height)
                }));
                all.push((steps.max_width, steps.max_height));
            }
        }
    }
    // A driver that reports no sizes has at least the current one.
    if all.is_empty() {
        all.extend(device.format().ok().map(|format| (format.width, format.height)));
    }
    all
}

fn highest_rate(device: &Device, fourcc: FourCC, width: u32, height: u32) -> f32 {
    let intervals = device.enum_frameintervals(fourcc, width, height).unwrap_or_default();
    let rates = intervals.into_iter().take(limits::CAPTURE_MODES).map(|interval| match interval.interval {
        FrameIntervalEnum::Discrete(one) => one.denominator as f32 / one.numerator.max(1) as f32,
        FrameIntervalEnum::Stepwise(steps) => {
            steps.min.denominator as f32 / steps.min.numerator.max(1) as f32
        }
    });
    rates.reduce(f32::max).unwrap_or(DEFAULT_RATE)
}

/// Asks for the wanted rate, and returns the rate that the driver chose.
pub(super) fn set_rate(device: &Device) -> Option<f32> {
    let given = device.set_params(&Parameters::with_fps(RATE)).or_else(|_| device.params()).ok()?;
    let interval = given.interval;
    (interval.numerator > 0 && interval.denominator > 0)
        .then(|| interval.denominator as f32 / interval.numerator as f32)
}

/// Returns the code (FourCC) that this device uses for a pixel format: JPEG has two.
pub(super) fn fourcc(device: &Device, format: PixelFormat) -> [u8; 4] {
    let formats = device.enum_formats().unwrap_or_default();
    let codes = formats.into_iter().map(|format| format.fourcc.repr);
    codes.into_iter().find(|&code| PixelFormat::from_fourcc(code) == Some(format)).unwrap_or(*b"MJPG")
}
