//! A reader on a busy machine, where each step takes many times as long by the clock.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use code_reader::{BUDGET, GreyFrame, Reader, Sighting};
use qr_scenes::{Code, Dice, Level, Scene};
use rustix::time::{ClockId, clock_gettime};

/// How many times as fast as this thread's own computing time the clock runs.
const SPEEDS: [u32; 3] = [10, 20, 50];
/// Frames in a test: two seconds.
const FRAMES: u64 = 60;
/// Modules along the side of version 13.
const MODULES: f32 = 69.0;

/// A reader on a machine that is `speed` times busier than it should be. Its clock is this
/// thread's computing time, multiplied, so that the test does not depend on what else runs.
fn hurried(speed: u32) -> Reader {
    changing(Arc::new(AtomicU32::new(speed)))
}

/// The same, with a speed that may change.
fn changing(speed: Arc<AtomicU32>) -> Reader {
    // The last computing time, and what the clock showed then.
    let state = Mutex::new((computing_time(), Duration::ZERO));
    let clock = move || {
        let (last, shown) = &mut *state.lock().unwrap();
        let now = computing_time();
        *shown += (now - *last) * speed.load(Ordering::Relaxed);
        *last = now;
        *shown
    };
    Reader::with_clock(BUDGET, Box::new(clock))
}

fn computing_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// A sharp code of version 13, `side` pixels wide, somewhere in a frame of 1280×720.
fn sharp(side: f32, seed: u64) -> Scene {
    let mut scene = Scene::clear(Code::like_kd1(seed, 13, Level::M).unwrap(), side / MODULES, seed);
    let mut dice = Dice::new(seed);
    scene.pose.centre[0] += dice.between(-400.0, 400.0);
    scene.pose.centre[1] += dice.between(-150.0, 150.0);
    scene.pose.turn = dice.between(-10.0, 10.0);
    scene
}

fn frame(scene: &Scene) -> GreyFrame {
    let picture = scene.render().unwrap();
    GreyFrame::new(picture.width, picture.height, picture.luma).unwrap()
}

/// Sharp codes, each another one in another place, 220 to 300 pixels wide, and their texts.
fn sharp_frames() -> Vec<(GreyFrame, String)> {
    let scenes = (0..FRAMES).map(|seed| sharp(220.0 + 80.0 * seed as f32 / FRAMES as f32, seed));
    scenes.map(|scene| (frame(&scene), scene.code.text().to_owned())).collect()
}

fn is_read(reader: &mut Reader, frame: &GreyFrame, text: &str) -> bool {
    matches!(reader.read(frame), Sighting::Code(code) if code.text.as_str() == text)
}

/// A code that is too blurred to be read, so that every variant and a hint have their try.
fn blurred(seed: u64) -> GreyFrame {
    let mut scene = sharp(260.0, 100 + seed);
    scene.lens.blur_px = 5.0;
    frame(&scene)
}

#[test]
fn a_sharp_code_is_read_on_every_frame() {
    let frames = sharp_frames();
    for speed in SPEEDS {
        let mut reader = hurried(speed);
        let read = frames.iter().filter(|(frame, text)| is_read(&mut reader, frame, text)).count();
        assert_eq!(read as u64, FRAMES, "{speed} times as fast");
    }
}

#[test]
fn a_still_code_is_read_on_every_frame() {
    for (speed, side) in [(10, 220.0), (20, 260.0), (50, 300.0)] {
        let scene = sharp(side, 7);
        let frame = frame(&scene);
        let mut reader = hurried(speed);
        let read = (0..FRAMES).filter(|_| is_read(&mut reader, &frame, scene.code.text())).count();
        assert_eq!(read as u64, FRAMES, "{speed} times as fast");
    }
}

#[test]
fn a_sharp_code_is_read_on_the_first_frame_after_a_long_spell_of_failing_ones() {
    let failing: Vec<GreyFrame> = (0..4).map(blurred).collect();
    let frames = sharp_frames();
    for speed in SPEEDS {
        let mut reader = hurried(speed);
        for (frame, text) in frames.iter().step_by(7) {
            for failing in failing.iter().cycle().take(40) {
                assert!(!matches!(reader.read(failing), Sighting::Code(_)));
            }
            assert!(is_read(&mut reader, frame, text), "{speed} times as fast");
        }
    }
}

#[test]
fn the_reader_says_when_the_machine_is_busy_and_is_itself_again_soon_after() {
    let failing: Vec<GreyFrame> = (0..4).map(blurred).collect();
    let mut frames = failing.iter().cycle();
    let speed = Arc::new(AtomicU32::new(1));
    let mut reader = changing(Arc::clone(&speed));
    let mut read = |reader: &mut Reader, times: usize| {
        for frame in frames.by_ref().take(times) {
            assert!(!matches!(reader.read(frame), Sighting::Code(_)));
        }
    };
    read(&mut reader, 30);
    assert!(!reader.is_busy(), "an idle machine");
    speed.store(20, Ordering::Relaxed);
    read(&mut reader, 30);
    assert!(reader.is_busy());
    speed.store(1, Ordering::Relaxed);
    read(&mut reader, 30);
    assert!(!reader.is_busy(), "a second later");
}
