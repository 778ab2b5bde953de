//! The effects of light and lens, computed on linear light where 1 is full scale.

use crate::defaults;
use crate::pose::View;

/// The lens, and the motion of the hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// Standard deviation of the blur in pixels: a Gaussian, as when out of focus.
    pub blur_px: f32,
    /// Motion of the code during the exposure, in pixels.
    pub motion_px: f32,
    /// Direction of the motion, in degrees clockwise from the right.
    pub motion_degrees: f32,
    /// λ of the division model at half the frame's diagonal. Negative is barrel distortion. A point seen
    /// at radius r would be at r / (1 + λ r²) without distortion. A cheap webcam has −0.1.
    pub distortion: f32,
}

/// The light on the code.
#[derive(Debug, Clone, PartialEq)]
pub struct Light {
    /// Brightness of white at the sensor, as a share of full scale.
    pub white: f32,
    /// Brightness of black modules as a share of white. A phone indoors has 0.02, print 0.06, a dim screen
    /// in the sun 0.5 and more.
    pub black: f32,
    /// Brightness of the surroundings as a share of full scale.
    pub room: f32,
    /// How much darker one side of the code is than the other. 0 is even light, 0.8 leaves a fifth.
    pub shade: f32,
    /// Reflections.
    pub glare: Vec<Glare>,
}

/// A reflection on the glass: a white ellipse that fades outside like a Gaussian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glare {
    /// Its middle, relative to the code's middle, in sides of the code along the frame's axes.
    pub centre: [f32; 2],
    /// Half the length and half the width of its white part, in sides of the code. A long one is a streak,
    /// as a lamp tube makes it.
    pub radius: [f32; 2],
    /// Direction of its length, in degrees clockwise from the right.
    pub degrees: f32,
}

impl Glare {
    /// A round reflection.
    #[must_use]
    pub fn blob(centre: [f32; 2], radius: f32) -> Self {
        Self { centre, radius: [radius; 2], degrees: 0.0 }
    }
}

/// A frame of linear light.
pub(crate) struct Linear {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) light: Vec<f32>,
}

/// A part of a frame: left, top, right, bottom.
pub(crate) type Part = [usize; 4];

impl Linear {
    fn row(&mut self, y: usize, [left, _, right, _]: Part) -> &mut [f32] {
        &mut self.light[y * self.width + left..y * self.width + right]
    }

    /// Applies a Gaussian blur to a part of the frame.
    pub(crate) fn blur(&mut self, sigma: f32, part: Part) {
        if sigma <= 0.0 {
            return;
        }
        let reach = (3.0 * sigma).ceil() as usize;
        let weigh = |at: usize| (-0.5 * ((at as f32 - reach as f32) / sigma).powi(2)).exp();
        let weights: Vec<f32> = (0..=2 * reach).map(weigh).collect();
        let total: f32 = weights.iter().sum();
        let weights: Vec<f32> = weights.iter().map(|weight| weight / total).collect();
        let [left, top, right, bottom] = part;
        let (width, height) = (right - left, bottom - top);
        let near = |at: usize, limit: usize| at.saturating_sub(reach).min(limit - 1);
        for y in top..bottom {
            let row = self.row(y, part);
            let source: Vec<f32> = (0..width + 2 * reach).map(|x| row[near(x, width)]).collect();
            for (x, out) in row.iter_mut().enumerate() {
                *out = source[x..].iter().zip(&weights).map(|(light, weight)| light * weight).sum();
            }
        }
        let source: Vec<Vec<f32>> = (top..bottom).map(|y| self.row(y, part).to_vec()).collect();
        for y in 0..height {
            let row = self.row(top + y, part);
            row.fill(0.0);
            for (step, weight) in weights.iter().enumerate() {
                for (out, light) in row.iter_mut().zip(&source[near(y + step, height)]) {
                    *out += light * weight;
                }
            }
        }
    }

    /// Averages along a line in a part of the frame: motion blur.
    pub(crate) fn smear(&mut self, length: f32, degrees: f32, part: Part) {
        if length <= 0.0 {
            return;
        }
        let [left, top, right, bottom] = part;
        let (width, height) = (right - left, bottom - top);
        let source: Vec<f32> = (top..bottom).flat_map(|y| self.row(y, part).to_vec()).collect();
        let (sin, cos) = degrees.to_radians().sin_cos();
        // Two samples a pixel, with both ends included.
        let steps = (2.0 * length).ceil() as usize + 1;
        let share = 1.0 / steps as f32;
        for y in 0..height {
            self.row(top + y, part).fill(0.0);
        }
        for step in 0..steps {
            let along = length * (step as f32 / (steps - 1) as f32 - 0.5);
            let (dx, dy) = (along * cos, along * sin);
            let (ix, iy) = (dx.floor(), dy.floor());
            let (fx, fy) = (dx - ix, dy - iy);
            let shift = |at: usize, by: f32, limit: usize| {
                (at as isize + by as isize).clamp(0, limit as isize - 1) as usize
            };
            for y in 0..height {
                let (upper, lower) = (shift(y, iy, height), shift(y, iy + 1.0, height));
                let row = self.row(top + y, part);
                for (x, out) in row.iter_mut().enumerate() {
                    let (a, b) = (shift(x, ix, width), shift(x, ix + 1.0, width));
                    let mix = |y: usize| source[y * width + a] * (1.0 - fx) + source[y * width + b] * fx;
                    *out += share * (mix(upper) * (1.0 - fy) + mix(lower) * fy);
                }
            }
        }
    }

    /// Adds a reflection. `side` is the code's in pixels.
    pub(crate) fn add_glare(&mut self, glare: &Glare, middle: [f32; 2], side: f32) {
        let [long, wide] = glare.radius.map(|radius| radius * side);
        if long <= 0.0 || wide <= 0.0 {
            return;
        }
        let peak = defaults::GLARE_PEAK.ln();
        let (sin, cos) = glare.degrees.to_radians().sin_cos();
        let centre = [middle[0] + glare.centre[0] * side, middle[1] + glare.centre[1] * side];
        // Beyond this many radii nothing is left of the reflection.
        let reach = (1.0 - defaults::NO_LIGHT.ln() / peak).sqrt() * long.max(wide);
        let rows = bounds(centre[1], reach, self.height);
        let columns = bounds(centre[0], reach, self.width);
        for y in rows {
            for x in columns.clone() {
                let (dx, dy) = (x as f32 + 0.5 - centre[0], y as f32 + 0.5 - centre[1]);
                let (u, v) = ((dx * cos + dy * sin) / long, (dy * cos - dx * sin) / wide);
                self.light[y * self.width + x] += (peak * (1.0 - u * u - v * v)).exp();
            }
        }
    }

    /// Multiplies with the pattern of a screen's pixels. `pitch` is their distance in modules.
    pub(crate) fn add_moire(&mut self, view: &View, pitch: f32, depth: f32, part: Part, half: f32) {
        let per_module = std::f32::consts::TAU / pitch;
        for y in part[1]..part[3] {
            for x in part[0]..part[2] {
                let [u, v] = view.back([x as f32 + 0.5, y as f32 + 0.5]);
                if u.abs() < half && v.abs() < half {
                    let grid = (u * per_module).cos() * 0.5 + (v * per_module).cos() * 0.5;
                    self.light[y * self.width + x] *= 1.0 + depth * grid;
                }
            }
        }
    }
}

fn bounds(centre: f32, reach: f32, limit: usize) -> std::ops::Range<usize> {
    let low = (centre - reach).max(0.0) as usize;
    let high = (centre + reach).ceil().max(0.0) as usize;
    low.min(limit)..high.min(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One bright point in the middle.
    fn point() -> Linear {
        let mut light = vec![0.0; 61 * 61];
        light[30 * 61 + 30] = 1.0;
        Linear { width: 61, height: 61, light }
    }

    const ALL: Part = [0, 0, 61, 61];

    fn spread(linear: &Linear) -> [f32; 3] {
        let total: f32 = linear.light.iter().sum();
        let moment = |axis: usize| {
            let at = |i: usize| [(i % 61) as f32 - 30.0, (i / 61) as f32 - 30.0][axis];
            linear.light.iter().enumerate().map(|(i, light)| light * at(i) * at(i)).sum::<f32>() / total
        };
        [total, moment(0).sqrt(), moment(1).sqrt()]
    }

    #[test]
    fn blur_keeps_the_light_and_spreads_it_as_stated() {
        for sigma in [0.8, 2.0, 4.5] {
            let mut linear = point();
            linear.blur(sigma, ALL);
            let [total, x, y] = spread(&linear);
            assert!((total - 1.0).abs() < 1e-3, "{total}");
            assert!((x / sigma - 1.0).abs() < 0.03 && (y - x).abs() < 1e-3, "{sigma}: {x} {y}");
        }
    }

    #[test]
    fn a_smear_keeps_the_light_and_is_as_long_as_stated() {
        let mut linear = point();
        linear.smear(12.0, 0.0, ALL);
        let [total, x, y] = spread(&linear);
        assert!((total - 1.0).abs() < 1e-3);
        // A line of length l has a standard deviation of l / √12.
        assert!((x - 12.0 / 12f32.sqrt()).abs() < 0.3 && y < 0.01, "{x} {y}");
        let mut there = point();
        there.smear(9.0, 30.0, ALL);
        let mut back = point();
        back.smear(9.0, 210.0, ALL);
        let most = there.light.iter().zip(&back.light).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(most < 1e-3, "a line has no direction: {most}");
    }

    #[test]
    fn glare_is_white_within_its_radius_and_not_outside() {
        let mut linear = Linear { width: 400, height: 400, light: vec![0.0; 400 * 400] };
        linear.add_glare(&Glare { centre: [0.0, 0.1], radius: [0.3, 0.1], degrees: 90.0 }, [200.0; 2], 200.0);
        let white = linear.light.iter().filter(|&&light| light >= 1.0).count() as f32;
        let area = std::f32::consts::PI * 60.0 * 20.0;
        assert!((white / area - 1.0).abs() < 0.02, "{white} of {area}");
        assert!(linear.light[270 * 400 + 200] >= 1.0, "50 px below its middle: inside, it stands upright");
        assert!(linear.light[220 * 400 + 250] < 1.0, "50 px beside it: outside");
        assert!(linear.light[0] < 1e-3);
    }
}
