//! What a reader asks of the allocator once it is warm. One test: it counts for the whole process.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::alloc::System;
use std::time::Duration;

use code_reader::{Decoder, GreyFrame, ORDER, Reader, Sighting, Variant};
use qr_scenes::{Code, Level, Scene};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Frames until everything was made once: every variant has had its turn, and so has each way of
/// merging frames.
const WARM: usize = 30;
const COUNTED: usize = 15;
/// What zxing-cpp's Rust side asks for, for each look: a handle. Its C++ is not counted.
const HANDLE: usize = 24;
/// What rqrr asks for within a frame: its own small lists, which it does not keep.
const RQRR: usize = 32 * 1024;

fn frame(scene: &Scene) -> GreyFrame {
    let picture = scene.render().unwrap();
    GreyFrame::new(picture.width, picture.height, picture.luma).unwrap()
}

/// Bytes that a frame asks for, once the reader is warm.
fn bytes(order: &[Variant], frames: &[GreyFrame], is_expected: impl Fn(&Sighting) -> bool) -> usize {
    let clock = Box::new(|| Duration::ZERO);
    let mut reader = Reader::with_clock(Duration::from_secs(1), clock).with_order(order);
    let mut next = frames.iter().cycle();
    let mut look = |times: usize| {
        for frame in next.by_ref().take(times) {
            let sighting = reader.read(frame);
            assert!(is_expected(&sighting), "{sighting:?}");
        }
    };
    look(WARM);
    let region = Region::new(ALLOCATOR);
    look(COUNTED);
    let change = region.change();
    change.bytes_allocated.div_ceil(COUNTED)
}

#[test]
fn frames_in_which_nothing_is_read_cost_no_memory_of_ours() {
    let ours: Vec<Variant> =
        ORDER.iter().copied().filter(|variant| variant.decoder == Decoder::LayFlat).collect();
    assert!(ours.len() > 2);
    let mut far = Scene::clear(Code::like_kd1(1, 13, Level::M).unwrap(), 1.0, 1);
    (far.frame, far.pose.centre) = ([640, 360], [320.0, 180.0]);
    let unreadable: Vec<GreyFrame> = (0..4)
        .map(|seed| {
            far.seed = seed;
            frame(&far)
        })
        .collect();
    far.pose.module_px = 3.0;
    far.lens.blur_px = 3.0;
    let blurred = [frame(&far)];
    let wall = [GreyFrame::new(640, 360, (0..640 * 360).map(|at| (at % 251) as u8).collect()).unwrap()];
    let not_read = |sighting: &Sighting| !matches!(sighting, Sighting::Code(_));
    for (name, frames) in [("wall", &wall[..]), ("far", &unreadable), ("blurred", &blurred)] {
        let few = bytes(&ours, frames, not_read);
        assert!(few <= HANDLE, "{name}: {few} bytes a frame");
        let all = bytes(ORDER, frames, not_read);
        assert!(all <= ORDER.len() * HANDLE + RQRR, "{name}: {all} bytes a frame with rqrr and zxing-cpp");
    }
}
