//! What a reader makes of one frame after the other.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use code_reader::{Binarization, Decoder, Filter, GreyFrame, Reader, Scale, Sighting, Threshold, Variant};
use qr_scenes::{Code, Level, Scene, Sequence, Trouble};

/// Half a second at 30 frames a second.
const HALF_SECOND: usize = 15;

fn frame(scene: &Scene) -> GreyFrame {
    let picture = scene.render().unwrap();
    GreyFrame::new(picture.width, picture.height, picture.luma).unwrap()
}

fn frames(trouble: Trouble, strength: f32, seed: u64) -> (Vec<GreyFrame>, String) {
    let code = Code::like_kd1(seed, 13, Level::M).unwrap();
    let text = code.text().to_owned();
    let sequence = Sequence::new(Scene::clear(code, 2.8, seed), trouble, strength);
    ((0..HALF_SECOND).map(|at| frame(&sequence.scene(at))).collect(), text)
}

/// Tests have no hurry: a clock that stands still lets every attempt run.
fn patient() -> Reader {
    Reader::with_clock(Duration::from_secs(1), Box::new(|| Duration::ZERO))
}

fn is_read(reader: &mut Reader, frame: &GreyFrame, text: &str) -> bool {
    match reader.read(frame) {
        Sighting::Code(code) => {
            assert_eq!(code.text.as_str(), text);
            true
        }
        _ => false,
    }
}

#[test]
fn frames_that_say_nothing_alone_are_read_together() {
    for (trouble, strength) in [(Trouble::Noise, 0.34), (Trouble::Glare, 0.29)] {
        let (frames, text) = frames(trouble, strength, 3);
        let mut reader = patient();
        let alone = |frame: &&GreyFrame| {
            reader.restart();
            is_read(&mut reader, frame, &text)
        };
        assert_eq!(frames.iter().filter(alone).count(), 0, "{}", trouble.name());
        reader.restart();
        assert!(frames.iter().any(|frame| is_read(&mut reader, frame, &text)), "{}", trouble.name());
    }
}

#[test]
fn frames_of_two_people_are_never_read_together() {
    let ((first, before), (second, after)) =
        (frames(Trouble::Noise, 0.34, 3), frames(Trouble::Noise, 0.34, 4));
    let mut reader = patient();
    // Too few of the first to be read; then the next one stands there.
    assert!(!first[..3].iter().any(|frame| is_read(&mut reader, frame, &before)));
    assert!(second.iter().any(|frame| is_read(&mut reader, frame, &after)));
}

/// A reader whose clock counts how often it is asked: each look takes so long.
fn counting(each: Duration) -> (Reader, Arc<AtomicU64>) {
    let ticks = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&ticks);
    let clock = move || each * counted.fetch_add(1, Ordering::Relaxed) as u32;
    (Reader::with_clock(Duration::from_millis(33), Box::new(clock)), ticks)
}

#[test]
fn a_scene_that_shows_nothing_costs_less_until_something_is_held_out() {
    let code = frame(&Scene::clear(Code::like_kd1(1, 13, Level::M).unwrap(), 4.0, 1));
    let empty = GreyFrame::new(code.width(), code.height(), vec![120; code.pixels().len()]).unwrap();
    let (mut reader, ticks) = counting(Duration::from_micros(333));
    let mut cost = |frame: &GreyFrame| {
        let before = ticks.load(Ordering::Relaxed);
        let sighting = reader.read(frame);
        (sighting, ticks.load(Ordering::Relaxed) - before)
    };
    let costs: Vec<u64> = (0..60).map(|_| cost(&empty).1).collect();
    let sum = |costs: &[u64]| costs.iter().sum::<u64>();
    assert!(sum(&costs[45..]) * 3 < sum(&costs[..15]) * 2, "{costs:?}");
    assert!(matches!(cost(&code).0, Sighting::Code(_)), "the very first frame of it");
}

#[test]
fn what_one_frame_leaves_no_time_for_has_its_turn_within_half_a_second() {
    let code = Code::like_kd1(5, 13, Level::M).unwrap();
    let text = code.text().to_owned();
    let frame = frame(&Scene::clear(code, 4.0, 5));
    // Eleven that read nothing, since they see it in a twentieth of its size; the last one reads it.
    let blind = |side| Variant::plain(Decoder::Rqrr).at(Scale::Side(side)).through(Filter::Smooth(3));
    let mut order: Vec<Variant> = (40..51).map(blind).collect();
    order
        .push(Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })));
    let (reader, _) = counting(Duration::from_micros(1500));
    let mut reader = reader.with_order(&order);
    let first = (0..HALF_SECOND).position(|_| is_read(&mut reader, &frame, &text));
    assert!(first.is_some_and(|first| first > 0), "{first:?}");
}
