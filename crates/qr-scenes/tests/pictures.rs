//! What a picture must have in common with the scene it was taken of.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use qr_scenes::{Code, Glare, Lens, Level, Moire, Picture, Pose, Scene, Sheet};

fn code() -> Code {
    Code::like_kd1(3, 13, Level::M).unwrap()
}

fn clear() -> Scene {
    Scene::clear(code(), 4.0, 1)
}

fn mean(picture: &Picture) -> f64 {
    picture.luma.iter().map(|&luma| f64::from(luma)).sum::<f64>() / picture.luma.len() as f64
}

/// What rqrr alone reads.
fn read(picture: &Picture) -> Option<String> {
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.height, |x, y| {
        picture.luma[y * picture.width + x]
    });
    prepared.detect_grids().iter().find_map(|grid| grid.decode().ok().map(|(_, text)| text))
}

#[test]
fn the_same_scene_is_the_same_picture() {
    let noisy = |seed| Scene { seed, ..clear() }.render().unwrap();
    assert_eq!(noisy(1), noisy(1));
    assert_ne!(noisy(1), noisy(2));
}

/// A decoder that knows nothing of this crate finds the text in the picture. Small codes: of
/// those as dense as a health code, rqrr alone passes over half, however clear they are.
#[test]
fn clear_scenes_are_read() {
    for seed in 0..10 {
        let mut scene = Scene::clear(Code::new("KD1:SAMPLE", 2, Level::M).unwrap(), 8.0, seed);
        scene.pose = Pose { tilt: [15.0, 20.0], turn: 36.0 * seed as f32, ..scene.pose };
        scene.sensor.mjpeg = Some(85);
        assert_eq!(read(&scene.render().unwrap()).as_deref(), Some("KD1:SAMPLE"), "{seed}");
    }
}

/// Each module's middle, where the corners say it is, has the light of that module.
#[test]
fn modules_lie_between_the_corners() {
    for (turn, distortion) in [(0.0, 0.0), (37.0, 0.0), (190.0, -0.02)] {
        let mut scene = Scene::clear(code(), 6.0, 1);
        scene.pose.turn = turn;
        scene.lens = Lens { distortion, blur_px: 0.3, ..scene.lens };
        let picture = scene.render().unwrap();
        let [a, b, _, d] = scene.corners().unwrap();
        let modules = scene.code.modules();
        let mut wrong = 0;
        for row in 0..modules {
            for column in 0..modules {
                let along = |at: usize| (at as f32 + 0.5) / modules as f32;
                let at = |axis: usize| {
                    a[axis] + (b[axis] - a[axis]) * along(column) + (d[axis] - a[axis]) * along(row)
                };
                let luma = picture.luma[at(1) as usize * picture.width + at(0) as usize];
                wrong += usize::from((luma < 140) != scene.code.is_dark(column, row));
            }
        }
        assert!(wrong * 500 < modules * modules, "turned by {turn}: {wrong} modules");
    }
}

#[test]
fn what_only_moves_light_keeps_it() {
    let linear = |change: &dyn Fn(&mut Scene)| {
        let mut scene = clear();
        scene.sensor.gamma = 1.0;
        change(&mut scene);
        mean(&scene.render().unwrap())
    };
    let plain = linear(&|_| {});
    for (what, mean) in [
        ("blur", linear(&|scene| scene.lens.blur_px = 3.0)),
        ("motion", linear(&|scene| scene.lens.motion_px = 9.0)),
        ("noise", linear(&|scene| scene.sensor.full_electrons = 300.0)),
        ("a turn", linear(&|scene| scene.pose.turn = 45.0)),
        ("compression", linear(&|scene| scene.sensor.mjpeg = Some(40))),
        ("moiré", linear(&|scene| scene.sheet.moire = Some(Moire { pitch_px: 1.3, depth: 0.2 }))),
    ] {
        assert!((mean - plain).abs() < 0.5, "{what}: {mean:.2} for {plain:.2}");
    }
}

#[test]
fn contrast_is_as_stated() {
    let mut scene = clear();
    scene.sensor.gamma = 1.0;
    scene.sensor.full_electrons = 1e9;
    scene.lens.blur_px = 0.0;
    scene.light.black = 0.4;
    scene.pose.module_px = 8.0;
    let picture = scene.render().unwrap();
    let [corner, ..] = scene.corners().unwrap();
    let at = |column: f32, row: f32| {
        let pixel = |axis: usize, module: f32| (corner[axis] + 8.0 * module) as usize;
        picture.luma[pixel(1, row) * picture.width + pixel(0, column)]
    };
    let (white, black) = (at(1.5, 1.5), at(3.5, 3.5));
    assert!(white.abs_diff(204) <= 1 && black.abs_diff(82) <= 1, "{white} {black}");
}

#[test]
fn glare_swallows_what_is_under_it_and_nothing_else() {
    let mut scene = clear();
    let plain = scene.render().unwrap();
    scene.light.glare = vec![Glare::blob([0.2, -0.1], 0.1)];
    let glaring = scene.render().unwrap();
    let dark = |from: f32, to: f32| {
        let radii = |at: usize| {
            let along = |position: usize, centre: f32| position as f32 + 0.5 - centre;
            let x = along(at % 1280, 640.0 + 0.2 * scene.side_px());
            let y = along(at / 1280, 360.0 - 0.1 * scene.side_px());
            x.hypot(y) / (0.1 * scene.side_px())
        };
        let is_dark = |&(at, &luma): &(usize, &u8)| luma < 200 && (from..to).contains(&radii(at));
        glaring.luma.iter().enumerate().filter(is_dark).count()
    };
    assert_eq!(dark(0.0, 0.95), 0);
    assert!(dark(1.6, 2.5) > 1000, "{}", dark(1.6, 2.5));
    assert!(glaring.luma.iter().zip(&plain.luma).all(|(with, without)| with >= without));
    assert_eq!(glaring.luma[..1280 * 100], plain.luma[..1280 * 100]);
}

#[test]
fn a_screen_leaves_bands_and_paper_does_not() {
    let mut scene = clear();
    scene.sensor.full_electrons = 1e9;
    let plain = scene.render().unwrap();
    scene.sheet = Sheet { moire: Some(Moire { pitch_px: 1.05, depth: 0.3 }), ..scene.sheet };
    let banded = scene.render().unwrap();
    // 1 / (1 − 1 / 1.05) = 21 pixels from band to band: in the quiet zone, 21 apart is the same again.
    let row = (360.0 - scene.side_px() / 2.0 - 8.0) as usize * 1280;
    let line: Vec<f32> = (560..720).map(|x| f32::from(banded.luma[row + x])).collect();
    let off = |by: usize| {
        (0..line.len() - by).map(|x| (line[x] - line[x + by]).abs()).sum::<f32>() / (line.len() - by) as f32
    };
    assert!(off(21) < 0.25 * off(10), "{} {}", off(21), off(10));
    assert_ne!(plain, banded);
    assert_eq!(Sheet::PAPER.moire, None);
}

#[test]
fn what_cannot_be_seen_is_an_error() {
    let mut scene = clear();
    scene.pose.centre = [-900.0, 360.0];
    assert!(scene.render().is_err());
    scene = clear();
    scene.frame = [0, 720];
    assert!(scene.render().is_err());
}
