//! A scene, and how its picture is rendered.

use crate::code::Code;
use crate::defaults;
use crate::limits;
use crate::optics::{Lens, Light, Linear, Part};
use crate::pose::{Pose, View};
use crate::sensor::{self, Sensor};

/// Everything in front of a camera, and the camera.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Width and height of the frame in pixels.
    pub frame: [usize; 2],
    /// The code that is held out.
    pub code: Code,
    /// Its position and orientation.
    pub pose: Pose,
    /// What it is shown on.
    pub sheet: Sheet,
    /// The camera's lens.
    pub lens: Lens,
    /// The light.
    pub light: Light,
    /// The camera's sensor.
    pub sensor: Sensor,
    /// Seed of the noise.
    pub seed: u64,
}

/// What a code is shown on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    /// Width of the white border around the code, in modules.
    pub quiet: f32,
    /// Width of the phone's black frame around that, in modules. 0 on paper.
    pub bezel: f32,
    /// The pattern that a screen's pixels leave in the picture.
    pub moire: Option<Moire>,
}

/// Moiré: a screen's grid of pixels, sampled by the sensor's grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moire {
    /// Pitch of the screen's pixels, in pixels of the camera at the code's middle. Just under or over 1
    /// gives the broad bands that people know. Up to 2 gives finer patterns.
    pub pitch_px: f32,
    /// Modulation of the grid after lens and pixel aperture, from 0 to 1.
    pub depth: f32,
}

impl Sheet {
    /// Paper, with twice the quiet zone that the standard asks for.
    pub const PAPER: Self = Self { quiet: 2.0 * defaults::QUIET, bezel: 0.0, moire: None };
    /// A phone whose screen's pixels are too fine to be seen.
    pub const PHONE: Self = Self { quiet: defaults::QUIET, bezel: 4.0, moire: None };
}

/// A picture: luma, row by row from the top left.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// One byte a pixel.
    pub luma: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    /// Writes the size only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{})", self.width, self.height)
    }
}

/// Why a scene has no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SceneError {
    /// The frame has no pixels, or too many.
    #[error("the frame is empty or too large")]
    Frame,
    /// A part of the sheet lies behind the camera, or the pose is not possible.
    #[error("the code cannot be seen from the camera")]
    OutOfSight,
    /// Compressing failed.
    #[error("the frame could not be compressed")]
    Jpeg,
}

impl Scene {
    /// A code on a phone in a well-lit room, square on and sharp: the starting point of all sweeps.
    #[must_use]
    pub fn clear(code: Code, module_px: f32, seed: u64) -> Self {
        Self {
            frame: [defaults::WIDTH, defaults::HEIGHT],
            code,
            pose: Pose::square_on(module_px),
            sheet: Sheet::PHONE,
            lens: Lens { blur_px: 0.5, motion_px: 0.0, motion_degrees: 0.0, distortion: 0.0 },
            light: Light { white: 0.8, black: 0.05, room: 0.15, shade: 0.0, glare: Vec::new() },
            sensor: Sensor { full_electrons: 5000.0, read_electrons: 3.0, gamma: 2.2, mjpeg: None },
            seed,
        }
    }

    /// Returns the code's side in pixels, if it were square on.
    #[must_use]
    pub fn side_px(&self) -> f32 {
        self.pose.module_px * self.code.modules() as f32
    }

    /// Returns the code's corners in the picture, in pixels, clockwise from its top left.
    #[must_use]
    pub fn corners(&self) -> Option<[[f32; 2]; 4]> {
        let view = View::new(&self.pose, self.frame, self.lens.distortion)?;
        let half = self.code.modules() as f32 / 2.0;
        let [a, b, c, d] =
            [[-half, -half], [half, -half], [half, half], [-half, half]].map(|corner| view.onto(corner));
        Some([a?, b?, c?, d?])
    }

    /// Renders the picture.
    ///
    /// # Errors
    /// [`SceneError`].
    pub fn render(&self) -> Result<Picture, SceneError> {
        let [width, height] = self.frame;
        if width == 0 || height == 0 || width > limits::SIDE || height > limits::SIDE {
            return Err(SceneError::Frame);
        }
        let view = View::new(&self.pose, self.frame, self.lens.distortion).ok_or(SceneError::OutOfSight)?;
        let part = self.part(&view).ok_or(SceneError::OutOfSight)?;
        let mut linear = self.room();
        self.draw(&view, part, &mut linear);
        linear.blur(self.lens.blur_px, part);
        linear.smear(self.lens.motion_px, self.lens.motion_degrees, part);
        if let Some(Moire { pitch_px, depth }) = self.sheet.moire {
            let half = self.code.modules() as f32 / 2.0 + self.sheet.quiet;
            linear.add_moire(&view, pitch_px / self.pose.module_px, depth, part, half);
        }
        for glare in &self.light.glare {
            linear.add_glare(glare, self.pose.centre, self.side_px());
        }
        let luma = self.sensor.expose(&linear, self.seed);
        let luma = match self.sensor.mjpeg {
            Some(quality) => sensor::through_mjpeg(&luma, width, height, quality).ok_or(SceneError::Jpeg)?,
            None => luma,
        };
        Ok(Picture { width, height, luma })
    }

    /// Draws a plain wall that is a fifth brighter on one side than on the other.
    fn room(&self) -> Linear {
        let [width, height] = self.frame;
        let row: Vec<f32> =
            (0..width).map(|x| self.light.room * (0.9 + 0.2 * x as f32 / width as f32)).collect();
        Linear { width, height, light: row.repeat(height) }
    }

    /// Returns the pixels that the sheet covers, and those into which it is smeared.
    fn part(&self, view: &View) -> Option<Part> {
        let half = self.code.modules() as f32 / 2.0 + self.sheet.quiet + self.sheet.bezel;
        // Distortion bends straight edges, so that several points of each are needed.
        let edge = (0..8).map(|step| half * (step as f32 / 4.0 - 1.0));
        let points = edge.flat_map(|at| [[at, -half], [half, at], [-at, half], [-half, -at]]);
        let points = points.map(|point| view.onto(point)).collect::<Option<Vec<_>>>()?;
        let pad = 3.0 * self.lens.blur_px + self.lens.motion_px + 4.0;
        let bound = |axis: usize, limit: usize| {
            let low = points.iter().map(|point| point[axis]).fold(f32::MAX, f32::min) - pad;
            let high = points.iter().map(|point| point[axis]).fold(f32::MIN, f32::max) + pad;
            ((low.max(0.0) as usize).min(limit), (high.max(0.0) as usize).min(limit))
        };
        let ((left, right), (top, bottom)) = (bound(0, self.frame[0]), bound(1, self.frame[1]));
        (left < right && top < bottom).then_some([left, top, right, bottom])
    }

    /// Draws the sheet with several samples a pixel.
    fn draw(&self, view: &View, [left, top, right, bottom]: Part, linear: &mut Linear) {
        let fine = if self.pose.module_px < 6.0 { 4 } else { 3 };
        let share = 1.0 / (fine * fine) as f32;
        let offset = |sub: usize| (sub as f32 + 0.5) / fine as f32;
        for y in top..bottom {
            for x in left..right {
                let pixel = &mut linear.light[y * linear.width + x];
                let room = *pixel;
                let mut sum = 0.0;
                for sub in 0..fine * fine {
                    let at = [x as f32 + offset(sub % fine), y as f32 + offset(sub / fine)];
                    sum += self.at(view.back(at)).unwrap_or(room);
                }
                *pixel = sum * share;
            }
        }
    }

    /// Returns the light from a point of the plane. `None`: the point is not on the sheet.
    fn at(&self, [u, v]: [f32; 2]) -> Option<f32> {
        let modules = self.code.modules() as f32;
        let outside = u.abs().max(v.abs()) - modules / 2.0;
        let Light { white, black, shade, .. } = self.light;
        let lit = white * (1.0 - shade * (u / modules + 0.5).clamp(0.0, 1.0));
        if outside < 0.0 {
            let (column, row) = ((u + modules / 2.0) as usize, (v + modules / 2.0) as usize);
            Some(if self.code.is_dark(column, row) { lit * black } else { lit })
        } else if outside < self.sheet.quiet {
            Some(lit)
        } else if outside < self.sheet.quiet + self.sheet.bezel {
            Some(lit * black.min(0.05))
        } else {
            None
        }
    }
}
