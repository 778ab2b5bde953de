//! Pictures by V4L2, through the crate `v4l`.
//!
//! Each wait has an end, so that a camera that stalls is noticed by the thread that waits, closed
//! by it, and opened anew with a descriptor of its own. What the driver says of each buffer is
//! listened to: how many bytes it used, and whether it calls them damaged.

use std::io;
use std::time::Duration;

use v4l::buffer::{Flags, Type};
use v4l::control::{Control, Value};
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::io::mmap::Stream;
use v4l::io::traits::{CaptureStream, Stream as _};
use v4l::v4l_sys as sys;
use v4l::video::Capture as _;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC};

use super::format::{Offer, Pixels, best};
use super::{Grab, Opened, Source};
use crate::choice::{PowerLine, Tuning};
use crate::pixels::{self, Layout};
use crate::{CameraFault, limits};

/// `POLLIN` (poll.h).
const READABLE: i16 = 1;
/// A camera that does not say how often it gives pictures is taken for an ordinary one.
const UNKNOWN_RATE: f32 = 30.0;

struct Taker {
    /// `None` only while it is dropped.
    stream: Option<Stream<'static>>,
    layout: Layout,
}

pub(super) fn offers(number: u32) -> Result<Vec<Offer>, CameraFault> {
    let device = Device::new(number as usize).map_err(|error| fault_of(&error))?;
    offers_of(&device)
}

pub(super) fn open(number: u32, tuning: &Tuning) -> Result<Opened, CameraFault> {
    let device = Device::new(number as usize).map_err(|error| fault_of(&error))?;
    let offer = best(&offers_of(&device)?).ok_or(CameraFault::Unusable)?;
    let wish = Format::new(offer.width, offer.height, FourCC::new(&fourcc(&device, offer.pixels)));
    let format = device.set_format(&wish).map_err(|error| fault_of(&error))?;
    // Drivers give what they like; what they say they give is what counts.
    let pixels = Pixels::from_fourcc(format.fourcc.repr).ok_or(CameraFault::Unusable)?;
    let layout = Layout {
        pixels,
        width: format.width as usize,
        height: format.height as usize,
        stride: format.stride as usize,
    };
    let rate = rate_of(&device).unwrap_or(offer.rate);
    let offer = Offer { pixels, width: format.width, height: format.height, rate };
    let set = tune(&device, tuning);
    let stream = start(&device).map_err(|error| fault_of(&error))?;
    Ok(Opened { source: Box::new(Taker { stream: Some(stream), layout }), offer, set })
}

/// Begins streaming with all buffers queued but the first, which the library queues itself when it
/// is asked for a frame. It would queue it again after a wait that ended without one, and the
/// driver would refuse; so it is asked only when a frame is there.
fn start(device: &Device) -> io::Result<Stream<'static>> {
    let mut stream = Stream::with_buffers(device, Type::VideoCapture, limits::BUFFERS)?;
    for index in 1..limits::BUFFERS as usize {
        match CaptureStream::queue(&mut stream, index) {
            // The driver gave fewer buffers.
            Err(_) if index > 1 => break,
            other => other?,
        }
    }
    stream.start()?;
    Ok(stream)
}

impl Source for Taker {
    fn grab(&mut self, wait: Duration) -> Result<Grab, CameraFault> {
        let Some(stream) = &mut self.stream else { return Err(CameraFault::Lost) };
        let patience = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        match stream.handle().poll(READABLE, patience) {
            Ok(0) => return Ok(Grab::Nothing),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(Grab::Nothing),
            Err(error) => return Err(fault_of(&error)),
        }
        stream.set_timeout(wait);
        let (buffer, about) = CaptureStream::next(stream).map_err(|error| fault_of(&error))?;
        if about.flags.contains(Flags::ERROR) {
            return Ok(Grab::Broken);
        }
        let bytes = buffer.get(..about.bytesused as usize).unwrap_or(buffer);
        Ok(pixels::picture(self.layout, bytes).map_or(Grab::Broken, Grab::Picture))
    }
}

impl Drop for Taker {
    fn drop(&mut self) {
        let Some(mut stream) = self.stream.take() else { return };
        match stream.stop() {
            Err(error) if fault_of(&error) != CameraFault::Lost => {
                // The library panics in its own drop where the driver refuses to stop, twice over,
                // which ends the program: what is left to the kernel then ends with it instead.
                tracing::warn!(%error, "a camera did not stop; its buffers are left to the system");
                std::mem::forget(stream);
            }
            _ => drop(stream),
        }
    }
}

fn fault_of(error: &io::Error) -> CameraFault {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => CameraFault::Stalled,
        _ => error.raw_os_error().map_or(CameraFault::Unusable, CameraFault::from_os),
    }
}

/// Everything on offer that is understood. A node that offers no format at all, such as the one
/// beside a camera's own that carries its metadata, is no camera.
fn offers_of(device: &Device) -> Result<Vec<Offer>, CameraFault> {
    let formats = match device.enum_formats() {
        Ok(formats) if !formats.is_empty() => formats,
        Err(error) if fault_of(&error) != CameraFault::Unusable => return Err(fault_of(&error)),
        _ => return Err(CameraFault::None),
    };
    let mut offers = Vec::new();
    for format in formats {
        let Some(pixels) = Pixels::from_fourcc(format.fourcc.repr) else { continue };
        for (width, height) in sizes(device, format.fourcc) {
            let rate = fastest(device, format.fourcc, width, height);
            offers.push(Offer { pixels, width, height, rate });
            if offers.len() >= limits::OFFERS {
                return Ok(offers);
            }
        }
    }
    Ok(offers)
}

/// Sizes that are wanted where a device scales freely.
const SIZES: [(u32, u32); 3] = [(limits::WIDTH, limits::HEIGHT), (800, 600), (640, 480)];

fn sizes(device: &Device, fourcc: FourCC) -> Vec<(u32, u32)> {
    let sizes = device.enum_framesizes(fourcc).unwrap_or_default();
    let mut all = Vec::new();
    for size in sizes.into_iter().take(limits::OFFERS) {
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
    // A driver that does not tell its sizes has at least the one that is set.
    if all.is_empty() {
        all.extend(device.format().ok().map(|format| (format.width, format.height)));
    }
    all
}

/// The highest rate at a size, in pictures a second.
fn fastest(device: &Device, fourcc: FourCC, width: u32, height: u32) -> f32 {
    let intervals = device.enum_frameintervals(fourcc, width, height).unwrap_or_default();
    let rates = intervals.into_iter().take(limits::OFFERS).map(|interval| match interval.interval {
        FrameIntervalEnum::Discrete(one) => one.denominator as f32 / one.numerator.max(1) as f32,
        FrameIntervalEnum::Stepwise(steps) => {
            steps.min.denominator as f32 / steps.min.numerator.max(1) as f32
        }
    });
    rates.reduce(f32::max).unwrap_or(UNKNOWN_RATE)
}

/// Asks for the wanted rate, and says which it became.
fn rate_of(device: &Device) -> Option<f32> {
    let given = device.set_params(&Parameters::with_fps(limits::RATE)).or_else(|_| device.params()).ok()?;
    let interval = given.interval;
    (interval.numerator > 0 && interval.denominator > 0)
        .then(|| interval.denominator as f32 / interval.numerator as f32)
}

/// The code by which this device names its pixels: JPEG has two.
fn fourcc(device: &Device, pixels: Pixels) -> [u8; 4] {
    let formats = device.enum_formats().unwrap_or_default();
    let codes = formats.into_iter().map(|format| format.fourcc.repr);
    codes.into_iter().find(|&code| Pixels::from_fourcc(code) == Some(pixels)).unwrap_or(*b"MJPG")
}

/// Sets what is to be set and what the device has. A device that lacks a control, or does not take
/// a value, works without.
fn tune(device: &Device, tuning: &Tuning) -> Vec<(&'static str, i64)> {
    let mut set = Vec::new();
    let mut try_to = |name: &'static str, id: u32, value: i64| {
        let done = device.set_control(Control { id, value: Value::Integer(value) }).is_ok();
        if done {
            set.push((name, value));
        }
        done
    };
    // Values of linux/v4l2-controls.h.
    let line = match tuning.power_line {
        PowerLine::Hz50 => 1,
        PowerLine::Hz60 => 2,
        PowerLine::Auto => 3,
    };
    try_to("power_line_frequency", sys::V4L2_CID_POWER_LINE_FREQUENCY, line);
    match tuning.exposure {
        Some(exposure) => {
            try_to("auto_exposure", sys::V4L2_CID_EXPOSURE_AUTO, 1);
            try_to("exposure_time_absolute", sys::V4L2_CID_EXPOSURE_ABSOLUTE, exposure.into());
        }
        None => {
            // "Aperture priority" is what webcams call automatic; others have only the full one.
            if !try_to("auto_exposure", sys::V4L2_CID_EXPOSURE_AUTO, 3) {
                try_to("auto_exposure", sys::V4L2_CID_EXPOSURE_AUTO, 0);
            }
            // Never fewer pictures for brighter ones: a lit code in a moving hand would blur.
            try_to("exposure_dynamic_framerate", sys::V4L2_CID_EXPOSURE_AUTO_PRIORITY, 0);
        }
    }
    match tuning.focus {
        Some(focus) => {
            try_to("focus_automatic_continuous", sys::V4L2_CID_FOCUS_AUTO, 0);
            try_to("focus_absolute", sys::V4L2_CID_FOCUS_ABSOLUTE, focus.into());
        }
        None => {
            try_to("focus_automatic_continuous", sys::V4L2_CID_FOCUS_AUTO, 1);
        }
    }
    set
}
