//! A symbol's modules as grey values, and the local threshold between dark and light.

use crate::frame::GreyFrame;

use super::sampler::{LANES, Sampler};
use super::warp::Warp;

/// Samples of all modules of a symbol, row by row.
#[derive(Debug, Default)]
pub(super) struct Modules {
    side: usize,
    /// Luma of each module.
    pub(super) values: Vec<f32>,
    /// The threshold between dark and light around each module.
    pub(super) levels: Vec<f32>,
    /// Half the difference of light and dark around each module.
    pub(super) contrasts: Vec<f32>,
    sums: Sums,
}

/// Lower bound of the contrast in luma.
const FAINT: f32 = 2.0;
/// Lower bound of the contrast as a share of the symbol's mean contrast.
const FAINT_SHARE: f32 = 0.2;

impl Modules {
    /// Samples every module once in its middle.
    pub(super) fn sample_once(&mut self, grey: &GreyFrame, warp: &Warp) {
        self.take(grey, warp, 0.0);
    }

    /// Samples every module, at four points if it is large enough.
    pub(super) fn sample(&mut self, grey: &GreyFrame, warp: &Warp) {
        self.take(grey, warp, reach(warp));
    }

    fn take(&mut self, grey: &GreyFrame, warp: &Warp, reach: f32) {
        let n = warp.side;
        self.side = n;
        self.values.clear();
        let Some(sampler) = Sampler::of(grey) else { return self.values.resize(n * n, 0.0) };
        let map = warp.map();
        let corners = [(-reach, -reach), (reach, -reach), (-reach, reach), (reach, reach)];
        let corners = &corners[..if reach == 0.0 { 1 } else { 4 }];
        let share = 1.0 / corners.len() as f32;
        for y in 0..n {
            for x in (0..n).step_by(LANES) {
                let mut sums = [0.0; LANES];
                for (dx, dy) in corners {
                    let xs = std::array::from_fn(|lane| (x + lane) as f32 + 0.5 + dx);
                    let (xs, ys) = map.at(&xs, &[y as f32 + 0.5 + dy; LANES]);
                    let values = sampler.at(&xs, &ys);
                    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                }
                self.values.extend(sums.iter().take(n - x).map(|sum| sum * share));
            }
        }
    }

    /// Copies the samples of `other`, and subtracts from each module what blur carried into it from its
    /// four neighbours.
    pub(super) fn sharpen_from(&mut self, other: &Self, share: f32) {
        let n = other.side;
        self.side = n;
        self.values.clear();
        let at = |x: usize, y: usize| other.values[y * n + x];
        for y in 0..n {
            let (above, under) = (y.saturating_sub(1), (y + 1).min(n - 1));
            for x in 0..n {
                let here = at(x, y);
                let near =
                    at(x.saturating_sub(1), y) + at((x + 1).min(n - 1), y) + at(x, above) + at(x, under);
                self.values.push(here + share * (4.0 * here - near));
            }
        }
    }

    /// Computes the threshold of each module from the modules within `radius`: half way between the
    /// mean of those above their mean and the mean of those under it.
    pub(super) fn threshold(&mut self, radius: usize) {
        let n = self.side;
        let cells = n * n;
        let sums = &mut self.sums;
        windows(&self.values, n, radius, &mut sums.column, &mut sums.all);
        // The number of modules in the window of each.
        let reach = |at: usize| ((at + radius + 1).min(n) - at.saturating_sub(radius)) as f32;
        let count = |at: usize| reach(at % n) * reach(at / n);
        sums.light.clear();
        sums.is_light.clear();
        for at in 0..cells {
            let is_light = self.values[at] * count(at) > sums.all[at];
            sums.is_light.push(f32::from(u8::from(is_light)));
            sums.light.push(if is_light { self.values[at] } else { 0.0 });
        }
        windows(&sums.light, n, radius, &mut sums.column, &mut sums.light_sum);
        windows(&sums.is_light, n, radius, &mut sums.column, &mut sums.lights);
        self.levels.clear();
        self.contrasts.clear();
        for at in 0..cells {
            let lights = sums.lights[at];
            let darks = count(at) - lights;
            let high = sums.light_sum[at] / lights.max(1.0);
            let low = (sums.all[at] - sums.light_sum[at]) / darks.max(1.0);
            let both = lights >= 1.0 && darks >= 1.0;
            self.levels.push(if both { (high + low) / 2.0 } else { high.max(low) });
            self.contrasts.push(if both { (high - low) / 2.0 } else { 0.0 });
        }
        let mean = self.contrasts.iter().sum::<f32>() / cells.max(1) as f32;
        let least = FAINT.max(mean * FAINT_SHARE);
        self.contrasts.iter_mut().for_each(|contrast| *contrast = contrast.max(least));
    }

    /// Writes the soft value of each module: about 1 for dark, about -1 for light.
    pub(super) fn soft(&self, out: &mut Vec<f32>) {
        out.clear();
        let parts = self.values.iter().zip(&self.levels).zip(&self.contrasts);
        out.extend(parts.map(|((value, level), contrast)| ((level - value) / contrast).clamp(-1.0, 1.0)));
    }
}

/// Buffers for sums over windows.
#[derive(Debug, Default)]
struct Sums {
    column: Vec<f32>,
    all: Vec<f32>,
    light: Vec<f32>,
    is_light: Vec<f32>,
    light_sum: Vec<f32>,
    lights: Vec<f32>,
}

/// Writes the sum over the window of each value: `2 × radius + 1` squared, cut off at the edges.
fn windows(values: &[f32], n: usize, radius: usize, column: &mut Vec<f32>, out: &mut Vec<f32>) {
    column.clear();
    column.resize(n, 0.0);
    out.clear();
    for row in values.chunks_exact(n).take(radius) {
        column.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    for y in 0..n {
        if y + radius < n {
            let row = &values[(y + radius) * n..][..n];
            column.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        if y > radius {
            let row = &values[(y - radius - 1) * n..][..n];
            column.iter_mut().zip(row).for_each(|(sum, value)| *sum -= value);
        }
        let mut sum: f32 = column[..radius.min(n)].iter().sum();
        for x in 0..n {
            if x + radius < n {
                sum += column[x + radius];
            }
            if x > radius {
                sum -= column[x - radius - 1];
            }
            out.push(sum);
        }
    }
}

/// Returns how far from a module's middle it is sampled, in modules: 0 if it has few pixels.
fn reach(warp: &Warp) -> f32 {
    if warp.pitch() >= 3.0 { 0.22 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_of_light_does_not_matter() {
        let n = 21;
        let mut modules = Modules { side: n, ..Modules::default() };
        let dark = |at: usize| at.is_multiple_of(3) != (at / n).is_multiple_of(2);
        modules.values =
            (0..n * n).map(|at| if dark(at) { 20.0 } else { 60.0 } + 8.0 * (at % n) as f32).collect();
        modules.threshold(3);
        let mut soft = Vec::new();
        modules.soft(&mut soft);
        assert!((0..n * n).all(|at| (soft[at] > 0.0) == dark(at)));
    }
}
