//! Captures through V4L2, by the crate `v4l`.
//!
//! Each wait has an end, so that the thread that waits notices a stalled camera, closes it, and
//! opens it again with a new descriptor. The driver's report on each buffer is used: the bytes
//! that it filled, and whether they are damaged.

mod controls;
mod error;
mod modes;

use std::io;
use std::time::Duration;

use v4l::buffer::{Flags, Type};
use v4l::io::mmap::Stream;
use v4l::io::traits::{CaptureStream, Stream as _};
use v4l::video::Capture as _;
use v4l::{Device, Format, FourCC};

use super::source::{Grab, Opened, Source};
use crate::choice::Tuning;
use crate::fault::CameraFault;
use crate::mode::{CaptureMode, best_mode};
use crate::pixels::{self, Layout, PixelFormat};
use error::fault_of;

/// `POLLIN` (poll.h).
const READABLE: i16 = 1;
/// Buffers that are requested from a driver.
const BUFFERS: u32 = 4;

struct V4l2Source {
    /// `None` only while the source is dropped.
    stream: Option<Stream<'static>>,
    layout: Layout,
}

pub(super) fn capture_modes(number: u32) -> Result<Vec<CaptureMode>, CameraFault> {
    let device = Device::new(number as usize).map_err(|error| fault_of(&error))?;
    modes::all(&device)
}

pub(super) fn open(number: u32, tuning: &Tuning) -> Result<Opened, CameraFault> {
    let device = Device::new(number as usize).map_err(|error| fault_of(&error))?;
    let mode = best_mode(&modes::all(&device)?).ok_or(CameraFault::Unusable)?;
    let wish = Format::new(mode.width, mode.height, FourCC::new(&modes::fourcc(&device, mode.format)));
    let given = device.set_format(&wish).map_err(|error| fault_of(&error))?;
    // A driver may choose another format than the one asked for.
    let format = PixelFormat::from_fourcc(given.fourcc.repr).ok_or(CameraFault::Unusable)?;
    let layout = Layout {
        format,
        width: given.width as usize,
        height: given.height as usize,
        stride: given.stride as usize,
    };
    let rate = modes::set_rate(&device).unwrap_or(mode.rate);
    let mode = CaptureMode { format, width: given.width, height: given.height, rate };
    let set = controls::set(&device, tuning);
    let stream = start(&device).map_err(|error| fault_of(&error))?;
    Ok(Opened { source: Box::new(V4l2Source { stream: Some(stream), layout }), mode, set })
}

/// Starts streaming with all buffers queued except the first.
///
/// The library queues the first buffer when it is asked for a frame. After a wait without a frame
/// it would queue that buffer again, which the driver refuses. So it is asked only once a frame is
/// ready.
fn start(device: &Device) -> io::Result<Stream<'static>> {
    let mut stream = Stream::with_buffers(device, Type::VideoCapture, BUFFERS)?;
    for index in 1..BUFFERS as usize {
        match CaptureStream::queue(&mut stream, index) {
            // The driver gave fewer buffers.
            Err(_) if index > 1 => break,
            other => other?,
        }
    }
    stream.start()?;
    Ok(stream)
}

impl Source for V4l2Source {
    fn grab(&mut self, timeout: Duration) -> Result<Grab, CameraFault> {
        let Some(stream) = &mut self.stream else { return Err(CameraFault::Lost) };
        let milliseconds = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
        match stream.handle().poll(READABLE, milliseconds) {
            Ok(0) => return Ok(Grab::Nothing),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(Grab::Nothing),
            Err(error) => return Err(fault_of(&error)),
        }
        stream.set_timeout(timeout);
        let (buffer, about) = CaptureStream::next(stream).map_err(|error| fault_of(&error))?;
        if about.flags.contains(Flags::ERROR) {
            return Ok(Grab::Damaged);
        }
        let bytes = buffer.get(..about.bytesused as usize).unwrap_or(buffer);
        Ok(pixels::picture(self.layout, bytes).map_or(Grab::Damaged, Grab::Picture))
    }
}

impl Drop for V4l2Source {
    fn drop(&mut self) {
        let Some(mut stream) = self.stream.take() else { return };
        match stream.stop() {
            Err(error) if fault_of(&error) != CameraFault::Lost => {
                // If the driver refuses to stop, the library panics in its own drop, and a second
                // panic there would abort the program. The kernel frees the buffers at exit.
                tracing::warn!(%error, "a camera did not stop; its buffers are left to the system");
                std::mem::forget(stream);
            }
            _ => drop(stream),
        }
    }
}
