//! A reader on a busy machine, where each step takes many times as long by the clock.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::time::Duration;

use code_reader::{GreyFrame, Reader, Sighting, limits};
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
    let clock = move || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32) * speed
    };
    Reader::with_clock(limits::BUDGET, Box::new(clock))
}

/// A sharp code of version 13, `side` pixels wide, somewhere in a frame of 1280×720.
fn sharp(side: f32, seed: u64) -> Scene {
    let mut scene = Scene::clear(Code::like_kd1(seed, 13, Level::M).unwrap(), side / MODULES, seed);
    let mut dice = Dice::new(seed);
    scene.place.centre[0] += dice.between(-400.0, 400.0);
    scene.place.centre[1] += dice.between(-150.0, 150.0);
    scene.place.turn = dice.between(-10.0, 10.0);
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
