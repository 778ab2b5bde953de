use std::sync::{Arc, Mutex, mpsc};

use code_reader::{Reader, Sighting};

use super::*;
use crate::{CameraChoice, CameraState, spawn};

/// About as long as a health code.
fn code(of: &str) -> String {
    format!("KD1:{of}{}", "6BF0A1X9Z$%*+-./:7Q".repeat(22))
}

fn stopwatch() -> Stopwatch {
    #[allow(clippy::disallowed_methods, reason = "these tests run a camera in real time")]
    let start = std::time::Instant::now();
    Arc::new(move || start.elapsed())
}

fn reader() -> Reader {
    Reader::with_clock(Duration::from_secs(1), Box::new(|| Duration::ZERO))
}

fn read(picture: &Picture) -> Option<String> {
    match reader().read(&picture.grey) {
        Sighting::Code(code) => Some(code.text.into_string()),
        _ => None,
    }
}

#[test]
fn a_code_on_the_phone_can_be_read_as_it_sways() {
    let mut scene = Scene::new();
    assert_eq!(read(&scene.picture(Duration::ZERO).unwrap()), None);
    scene.hold(Some(&code("A")), Duration::ZERO, true);
    let mut missed = 0;
    for step in 0..40 {
        let now = Duration::from_millis(1000 + step * 870);
        match read(&scene.picture(now).unwrap()) {
            Some(text) => assert_eq!(text, code("A"), "{now:?}"),
            // Twenty frames come each second: a few may be missed, a wrong one never.
            None => missed += 1,
        }
    }
    assert!(missed <= 4, "{missed}");
    scene.hold(None, Duration::from_secs(60), true);
    assert_eq!(read(&scene.picture(Duration::from_secs(61)).unwrap()), None);
}

#[test]
fn the_preview_is_the_same_picture_in_colour() {
    let mut scene = Scene::new();
    scene.hold(Some("short"), Duration::ZERO, true);
    let picture = scene.picture(Duration::from_secs(1)).unwrap();
    assert_eq!((picture.grey.width(), picture.grey.height()), (1280, 720));
    let preview = image::load_from_memory(&picture.jpeg().unwrap()).unwrap().to_rgb8();
    assert_eq!(preview.dimensions(), (1280, 720));
    assert!(preview.pixels().any(|pixel| pixel[0] > pixel[2].saturating_add(60)), "no warm light");
    if let Ok(path) = std::env::var("KADIAN_SCENE") {
        scene.hold(Some(&code("A")), Duration::ZERO, true);
        std::fs::write(path, scene.picture(Duration::from_secs(3)).unwrap().jpeg().unwrap()).unwrap();
    }
}

#[test]
fn a_text_too_long_for_a_code_is_an_empty_screen() {
    let mut scene = Scene::new();
    scene.hold(Some(&"x".repeat(5000)), Duration::ZERO, true);
    assert_eq!(read(&scene.picture(Duration::from_secs(1)).unwrap()), None);
}

#[test]
fn a_program_holds_codes_up_one_after_the_other() {
    let showing = Showing::default();
    let choice = CameraChoice::Simulated { source: SimulatedSource::Program(showing.clone()) };
    let (send, states) = mpsc::channel();
    let handle = spawn(choice, stopwatch(), move |state| drop(send.send(state))).unwrap();
    assert_eq!(states.recv_timeout(Duration::from_secs(20)).unwrap(), CameraState::Starting);
    let CameraState::Live(description) = states.recv_timeout(Duration::from_secs(20)).unwrap() else {
        panic!()
    };
    assert!(description.simulated);
    let latest = handle.latest();
    let mut seq = 0;
    for text in [code("A"), code("B")] {
        showing.show(Some(text.clone()));
        let seen = (0..200).any(|_| {
            let Some(frame) = latest.newer_than(seq, Duration::from_secs(5)) else { return false };
            seq = frame.seq;
            matches!(reader().read(&frame.grey), Sighting::Code(seen) if seen.text.as_str() == text)
        });
        assert!(seen);
    }
}

#[test]
fn a_folder_of_codes_is_held_up() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("green.txt"), code("G")).unwrap();
    std::fs::write(folder.path().join("show.txt"), "green").unwrap();
    let source = SimulatedSource::Codes { folder: folder.path().to_owned() };
    let now = Mutex::new(Duration::ZERO);
    let clock: Stopwatch = Arc::new(move || {
        let mut now = now.lock().unwrap();
        *now += Duration::from_millis(100);
        *now
    });
    let mut camera = open(&source, clock).unwrap();
    let mut next = || loop {
        if let Some(picture) = camera.next(Duration::from_millis(50)).unwrap() {
            return picture;
        }
    };
    assert!((0..10).any(|_| read(&next()) == Some(code("G"))));
    std::fs::write(folder.path().join("show.txt"), "").unwrap();
    assert!((0..10).any(|_| read(&next()).is_none()));
    drop(folder);
    let fault = (0..20).find_map(|_| camera.next(Duration::from_millis(50)).err());
    assert_eq!(fault, Some(CameraFault::NoSource));
}

#[test]
fn pictures_of_a_folder_are_played() {
    let folder = tempfile::tempdir().unwrap();
    let grey = image::GrayImage::from_pixel(200, 100, image::Luma([150]));
    grey.save(folder.path().join("a.png")).unwrap();
    std::fs::write(folder.path().join("b.png"), "not a picture").unwrap();
    let source = SimulatedSource::Pictures { folder: folder.path().to_owned() };
    let mut camera = open(&source, Arc::new(|| Duration::from_secs(2))).unwrap();
    let picture = camera.next(Duration::from_secs(1)).unwrap().unwrap();
    assert_eq!((picture.grey.width(), picture.grey.height()), (1280, 720));
    let empty = tempfile::tempdir().unwrap();
    let source = SimulatedSource::Pictures { folder: empty.path().to_owned() };
    assert!(matches!(open(&source, stopwatch()), Err(CameraFault::NoSource)));
}

#[test]
fn a_choice_is_written_plainly() {
    let choice: CameraChoice =
        serde_json::from_str(r#"{"kind":"simulated","source":{"kind":"codes","folder":"demo"}}"#).unwrap();
    assert!(choice.is_simulated());
    assert!(matches!(serde_json::from_str(r#"{"kind":"device"}"#).unwrap(), CameraChoice::Device(_)));
    assert!(serde_json::from_str::<CameraChoice>(r#"{"kind":"device","nmae":"x"}"#).is_err());
}
