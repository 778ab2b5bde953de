//! Draws the sample codes of a station's self-test into a folder:
//! `cargo run -p qr-scenes --example self_test -- crates/station/src/self_test/samples`.

use std::path::Path;

use jpeg_encoder::{ColorType, Encoder};
use qr_scenes::{Code, Lens, Level, Light, Pose, Scene, Sheet};

/// Quality of the pictures, in percent.
const QUALITY: u8 = 80;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    for (at, scene) in scenes()?.iter().enumerate() {
        let picture = scene.render()?;
        let [width, height] = [u16::try_from(picture.width)?, u16::try_from(picture.height)?];
        let file = Path::new(&folder).join(format!("{}.jpg", at + 1));
        Encoder::new_file(file, QUALITY)?.encode(&picture.luma, width, height, ColorType::Luma)?;
    }
    Ok(())
}

/// As codes are held out: square on, tilted, turned, far, dark, and on paper that bends the light.
fn scenes() -> Result<Vec<Scene>, Box<dyn std::error::Error>> {
    let clear = |number: u64, module_px: f32| -> Result<Scene, Box<dyn std::error::Error>> {
        let code = Code::new(&text(number), 13, Level::M)?;
        let scene = Scene::clear(code, module_px, number);
        let frame = [800, 600];
        let pose = Pose { centre: [400.0, 300.0], ..scene.pose };
        Ok(Scene { frame, pose, ..scene })
    };
    let mut all = (1..=6).map(|number| clear(number, 5.0)).collect::<Result<Vec<_>, _>>()?;
    all[1].pose.tilt = [18.0, -12.0];
    all[2].pose.turn = 27.0;
    all[3] = clear(4, 3.2)?;
    all[4].light = Light { white: 0.22, black: 0.02, room: 0.05, ..all[4].light.clone() };
    all[5].sheet = Sheet::PAPER;
    all[5].light.shade = 0.3;
    all[5].lens = Lens { blur_px: 1.0, ..all[5].lens };
    Ok(all)
}

/// The text of a sample: as long as a usual code's, and no code of anybody.
fn text(number: u64) -> String {
    const CHARS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let filler = (0_usize..).filter_map(|at| CHARS.chars().nth((at * 7 + at / 45) % CHARS.len()));
    format!("SAMPLE-{number}:").chars().chain(filler).take(430).collect()
}
