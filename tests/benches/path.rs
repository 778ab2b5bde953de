//! `cargo xtask bench path`: what each step of a camera's frame costs, up to the reader and the preview.
//!
//! Each step is compared with the bare operation that it cannot do without. The two take turns, and
//! their medians are compared. Allocations are counted, because a copy of pixels needs one. A second
//! table shows how the reader does on frames of several sizes within its budget, by the computing
//! time of its own thread.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on stops")]

mod film;

use std::alloc::System;
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use camera::pixels::{Layout, READ_SIDE, copy_jpeg, halved, picture};
use camera::{LatestFrame, Picture, PixelFormat};
use code_reader::{GreyFrame, Reader, Sighting};
use film::Shot;
use rustix::time::{ClockId, clock_gettime};
use stage::clock::timed;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const HD: [usize; 2] = [1280, 720];
const FULL_HD: [usize; 2] = [1920, 1080];
const ULTRA_HD: [usize; 2] = [3840, 2160];

/// Time and allocations of an operation.
struct Took(Duration, Stats);

fn measured<T>(make: impl FnOnce() -> T) -> Took {
    let mut made = None;
    let region = Region::new(ALLOCATOR);
    // The result is dropped only after the time was taken.
    let time = timed(|| made = Some(black_box(make())));
    Took(time, region.change())
}

/// Runs two operations in turn, and prints a line. The second is missing where nothing compares.
fn stage(
    what: &str,
    rounds: usize,
    mut ours: impl FnMut() -> Took,
    bare: Option<(&str, &mut dyn FnMut() -> Took)>,
) {
    let (beside, mut bare) = bare.unzip();
    let mut times = [Vec::new(), Vec::new()];
    let mut asked = Stats::default();
    // The first few runs warm the caches up.
    let warm = rounds / 10 + 1;
    for round in 0..warm + rounds {
        let Took(took, stats) = ours();
        let other = bare.as_mut().map(|bare| bare().0);
        if round >= warm {
            asked = stats;
            times[0].push(took);
            times[1].extend(other);
        }
    }
    let [ours, bare] = times.map(median);
    let ratio =
        |bare: Duration| format!("{:.2}", ours.unwrap_or_default().as_secs_f64() / bare.as_secs_f64());
    let (ratio, bare) = (bare.map_or_else(String::new, ratio), text(bare));
    let (blocks, kilobytes) = (asked.allocations + asked.reallocations, asked.bytes_allocated as f64 / 1e3);
    let beside = beside.unwrap_or_default();
    println!("| {what} | {} | {beside} | {bare} | {ratio} | {kilobytes:.1} | {blocks} |", text(ours));
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

fn text(time: Option<Duration>) -> String {
    time.map_or_else(String::new, |time| format!("{:.1} µs", time.as_secs_f64() * 1e6))
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 10 } else { 200 };
    println!("The bytes of a frame, from the driver's buffer on.");
    for size in [HD, FULL_HD, ULTRA_HD] {
        from_device(PixelFormat::Mjpeg, size, rounds);
    }
    for (pixels, size) in [(PixelFormat::Yuyv, HD), (PixelFormat::Nv12, HD), (PixelFormat::Yuyv, ULTRA_HD)] {
        from_device(pixels, size, rounds);
    }
    reading(if quick { 1 } else { 8 });
}

fn from_device(pixels: PixelFormat, [width, height]: [usize; 2], rounds: usize) {
    let shot = Shot::new([width, height], 3.6, 0.5, 1);
    let buffer = match pixels {
        PixelFormat::Mjpeg => shot.mjpeg(),
        PixelFormat::Nv12 => shot.nv12(),
        _ => shot.yuyv(),
    };
    println!("\n**{} {width}×{height}, {} kB a frame**\n", pixels.name(), buffer.len() / 1000);
    println!("| stage | median | beside it | median | ratio | kB allocated | blocks |");
    println!("|---|---|---|---|---|---|---|");
    let layout = Layout { format: pixels, width, height, stride: 0 };
    let bytes = &buffer[..];
    let take = || measured(|| picture(layout, black_box(bytes)).unwrap());
    if pixels == PixelFormat::Mjpeg {
        inside_mjpeg(bytes, rounds);
        let rgb = &mut || measured(|| decoded(black_box(bytes), ColorSpace::RGB));
        stage("buffer → picture, in all", rounds, take, Some(("decoded to RGB", rgb)));
    } else {
        let luma = &bytes[..width * height];
        let copy = &mut || measured(|| black_box(luma).to_vec());
        stage("buffer → picture", rounds, take, Some(("copying as many bytes as luma has", copy)));
        let copy = &mut || measured(|| black_box(bytes).to_vec());
        stage("the same", rounds, take, Some(("copying the buffer", copy)));
    }
    let fresh = || picture(layout, bytes).unwrap();
    to_the_reader(&fresh, rounds);
    to_the_eye(&fresh, rounds);
}

/// What a Motion-JPEG frame's picture is made of.
fn inside_mjpeg(bytes: &[u8], rounds: usize) {
    let copy = &mut || measured(|| Arc::<[u8]>::from(black_box(bytes)));
    let keep = || measured(|| copy_jpeg(black_box(bytes)).unwrap());
    stage("· its end found, its bytes kept", rounds, keep, Some(("copying them", copy)));
    let rgb = &mut || measured(|| decoded(black_box(bytes), ColorSpace::RGB));
    let luma = || measured(|| decoded(black_box(bytes), ColorSpace::Luma));
    stage("· luma decoded", rounds, luma, Some(("decoded to RGB", rgb)));
    let (whole, width) = decoded(bytes, ColorSpace::Luma);
    if width > READ_SIDE {
        let copy = &mut || measured(|| black_box(&whole).clone());
        let halve = || measured(|| halved(black_box(&whole), width));
        stage("· luma halved", rounds, halve, Some(("copying it", copy)));
    }
}

/// Luma or colours, and the width. Also what decodes a frame without a station.
fn decoded(bytes: &[u8], to: ColorSpace) -> (Vec<u8>, usize) {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(to);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().unwrap();
    (pixels, usize::from(decoder.info().unwrap().width))
}

fn to_the_reader(fresh: &dyn Fn() -> Picture, rounds: usize) {
    let latest = LatestFrame::default();
    let place = Mutex::new(Arc::new(0));
    let publish = || {
        let next = fresh();
        measured(|| latest.publish(next, Duration::ZERO))
    };
    let bare = &mut || measured(|| *place.lock().unwrap() = Arc::new(black_box(1)));
    stage(
        "picture → newest frame, the last let go",
        rounds,
        publish,
        Some(("an Arc put behind a lock", bare)),
    );
    stage(
        "newest frame → reader",
        rounds,
        || measured(|| latest.newer_than(0, Duration::ZERO).unwrap()),
        None,
    );
}

fn to_the_eye(fresh: &dyn Fn() -> Picture, rounds: usize) {
    let first = || {
        let picture = fresh();
        measured(|| picture.jpeg().unwrap())
    };
    stage("preview, for the first who looks", rounds, first, None);
    let picture = fresh();
    let jpeg = picture.jpeg().unwrap();
    stage("preview, for others", rounds, || measured(|| picture.jpeg().unwrap()), None);
    stage("preview → answer to the page", rounds, || measured(|| black_box(&jpeg).to_vec()), None);
}

/// What a camera gives, and how often that is halved for the reader, of what may be wanted.
const SIZES: [([usize; 2], usize); 3] = [(HD, 0), (FULL_HD, 1), (ULTRA_HD, 2)];
/// Pixels a module at 1280×720, and blur there.
const DISTANCES: [(f32, f32); 6] = [(0.9, 0.3), (1.2, 0.3), (1.6, 0.4), (2.2, 0.5), (3.0, 0.8), (4.0, 1.6)];
/// The reader goes on where the frame before left no time: a code is held out for some frames.
const LOOKS: usize = 5;

/// Reads the same codes through cameras of several sizes.
fn reading(seeds: u64) {
    println!(
        "\n**What the reader makes of it: codes read at first sight, and within {LOOKS} frames, of {seeds}**\n"
    );
    let columns: Vec<String> =
        DISTANCES.iter().map(|(pitch, blur)| format!("{pitch} px, σ {blur}")).collect();
    println!(
        "| the camera gives | the reader gets | {} | ms a frame | most | without a code |",
        columns.join(" | ")
    );
    println!("|---|---|{}---|---|---|", "---|".repeat(DISTANCES.len()));
    for (camera, most_halved) in SIZES {
        let empty = Shot::empty(camera, 1);
        let shots =
            |(pitch, blur)| (1..=seeds).map(move |seed| Shot::new(camera, pitch, blur, seed)).collect();
        let shots: Vec<Vec<(GreyFrame, String)>> = DISTANCES
            .map(shots)
            .map(|shots: Vec<Shot>| shots.iter().map(|shot| (whole(shot), shot.text.clone())).collect())
            .into();
        let empty = whole(&empty);
        for halvings in 0..=most_halved {
            read_all(camera, halvings, &empty, &shots);
        }
    }
}

fn read_all(
    [width, height]: [usize; 2],
    halvings: usize,
    empty: &GreyFrame,
    shots: &[Vec<(GreyFrame, String)>],
) {
    let empty = smaller(empty, halvings);
    let (mut cells, mut times, mut without) = (Vec::new(), Vec::new(), Vec::new());
    for shots in shots {
        let (mut first, mut any) = (0, 0);
        for (frame, text) in shots {
            let frame = smaller(frame, halvings);
            let mut reader = Reader::with_clock(code_reader::BUDGET, Box::new(cpu));
            // By now the reader has learnt what its variants cost on such frames.
            without.extend((0..LOOKS).map(|_| look(&mut reader, &empty).0));
            for at in 0..LOOKS {
                let (took, said) = look(&mut reader, &frame);
                times.push(took);
                if said.as_ref() == Some(text) {
                    first += usize::from(at == 0);
                    any += 1;
                    break;
                }
            }
        }
        cells.push(format!("{first}, {any}"));
    }
    let most = times.iter().max().copied().unwrap_or_default().as_secs_f64() * 1e3;
    let [with, without] = [times, without].map(|times| median(times).unwrap_or_default().as_secs_f64() * 1e3);
    let read = format!("{}×{}", empty.width(), empty.height());
    println!("| {width}×{height} | {read} | {} | {with:.1} | {most:.1} | {without:.1} |", cells.join(" | "));
}

fn whole(shot: &Shot) -> GreyFrame {
    let (luma, width) = decoded(&shot.mjpeg(), ColorSpace::Luma);
    GreyFrame::new(width, luma.len() / width, luma).unwrap()
}

fn smaller(frame: &GreyFrame, halvings: usize) -> GreyFrame {
    let mut frame = frame.clone();
    for _ in 0..halvings {
        let half = halved(frame.pixels(), frame.width());
        frame = GreyFrame::new(frame.width() / 2, frame.height() / 2, half).unwrap();
    }
    frame
}

fn look(reader: &mut Reader, frame: &GreyFrame) -> (Duration, Option<String>) {
    let begin = cpu();
    let sighting = reader.read(frame);
    let took = cpu() - begin;
    let said = match sighting {
        Sighting::Code(code) => Some(code.text.into_string()),
        Sighting::Unreadable { .. } | Sighting::Nothing => None,
    };
    (took, said)
}

/// Returns the computing time of this thread, which a busy machine does not lengthen.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
