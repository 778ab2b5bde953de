//! Samples a grid again that rqrr found and could not decode, or zxing-cpp read and not understood.
//!
//! The modules are sampled from the grey picture, each against the mean of its neighbourhood, with
//! the corners moved a little.

use crate::frame::GreyFrame;
use crate::qr;
use crate::text::QrText;

/// Where a code's modules lie: a projective map from module coordinates to pixels.
#[derive(Clone, Copy)]
pub(crate) struct Lattice {
    modules: usize,
    /// Corners of the code itself, in pixels.
    corners: [[f64; 2]; 4],
}

impl Lattice {
    /// Takes rqrr's bounds: the images of (0, 0), (n+1, 0), (n+1, n+1) and (0, n+1), where n is the
    /// number of modules. That is one module more than the code has.
    pub(crate) fn from_bounds(bounds: [[f64; 2]; 4], modules: usize) -> Option<Self> {
        let map = Projection::onto(bounds)?;
        let end = modules as f64 / (modules as f64 + 1.0);
        let corners = [map.at(0.0, 0.0), map.at(end, 0.0), map.at(end, end), map.at(0.0, end)];
        corners.iter().flatten().all(|c| c.is_finite()).then_some(Self { modules, corners })
    }

    /// Takes the corners of the code itself.
    #[cfg(feature = "zxing")]
    pub(crate) fn from_corners(corners: [[f64; 2]; 4], modules: usize) -> Self {
        Self { modules, corners }
    }

    /// Returns the corners of the code itself, in pixels.
    pub(crate) fn corners(&self) -> [[f64; 2]; 4] {
        self.corners
    }

    /// Returns the mean length of a module's side in pixels.
    fn module_px(&self) -> f64 {
        let side = |a: usize, b: usize| {
            let (a, b) = (self.corners[a], self.corners[b]);
            (a[0] - b[0]).hypot(a[1] - b[1])
        };
        (side(0, 1) + side(1, 2) + side(2, 3) + side(3, 0)) / (4.0 * self.modules as f64)
    }
}

/// Offsets that are tried for the corner without a finder pattern, in modules.
const MOVES: [[f64; 2]; 9] = [
    [0.0, 0.0],
    [0.6, 0.6],
    [-0.6, -0.6],
    [0.6, -0.6],
    [-0.6, 0.6],
    [1.2, 0.0],
    [-1.2, 0.0],
    [0.0, 1.2],
    [0.0, -1.2],
];

/// Tries to read the code that lies on `lattice`.
pub(crate) fn read(
    picture: &GreyFrame,
    lattice: &Lattice,
    scratch: &mut qr::Scratch,
    out_of_time: &dyn Fn() -> bool,
) -> Option<QrText> {
    let pitch = lattice.module_px();
    if !(1.0..=200.0).contains(&pitch) {
        return None;
    }
    let found = lattice.corners[2];
    let lattice = &align(picture, lattice).unwrap_or(*lattice);
    let [top_left, top_right, aligned, bottom_left] = lattice.corners;
    // Where that corner would be without perspective: the better guess for a code far away.
    let flat = [top_right[0] + bottom_left[0] - top_left[0], top_right[1] + bottom_left[1] - top_left[1]];
    let bases = [aligned, flat, found];
    for ([dx, dy], base) in MOVES.iter().flat_map(|step| bases.map(|base| (step, base))) {
        if out_of_time() {
            return None;
        }
        let mut corners = lattice.corners;
        corners[2] = [base[0] + dx * pitch, base[1] + dy * pitch];
        let Some(map) = Projection::onto(corners) else { continue };
        let values = sample(picture, &map, lattice.modules, pitch);
        if let Some(text) = qr::decode(&values, lattice.modules, scratch) {
            return Some(text);
        }
    }
    None
}

/// Offsets from a pattern's centre in modules, each with whether the pattern is light there.
type Pattern = [(f64, f64, bool)];

const fn ring<const N: usize>(distance: f64, light: bool, steps: [(f64, f64); N]) -> [(f64, f64, bool); N] {
    let mut ring = [(0.0, 0.0, light); N];
    let mut at = 0;
    while at < N {
        ring[at] = (steps[at].0 * distance, steps[at].1 * distance, light);
        at += 1;
    }
    ring
}

const AROUND: [(f64, f64); 8] =
    [(-1.0, -1.0), (0.0, -1.0), (1.0, -1.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (-1.0, 1.0), (-1.0, 0.0)];

/// Searches each of a code's patterns near where the decoder found it, and returns the lattice that
/// runs through them.
fn align(picture: &GreyFrame, lattice: &Lattice) -> Option<Lattice> {
    let n = lattice.modules as f64;
    let map = Projection::onto(lattice.corners)?;
    let [a, b, _, d] = lattice.corners;
    let mut axes = [[(b[0] - a[0]) / n, (b[1] - a[1]) / n], [(d[0] - a[0]) / n, (d[1] - a[1]) / n]];
    let finder = [ring(3.0, false, AROUND), ring(2.0, true, AROUND), ring(1.0, false, AROUND)].concat();
    let near = |u: f64, v: f64| map.at(u / n, v / n);
    let first = seek(picture, near(3.5, 3.5), axes, &finder, 1.75);
    let second = seek(picture, near(n - 3.5, 3.5), axes, &finder, 4.0);
    let third = seek(picture, near(3.5, n - 3.5), axes, &finder, 4.0);
    let between = n - 7.0;
    for (axis, far) in axes.iter_mut().zip([second, third]) {
        *axis = [(far[0] - first[0]) / between, (far[1] - first[1]) / between];
    }
    let from_first =
        |u: f64, v: f64| [0, 1].map(|i| first[i] + (u - 3.5) * axes[0][i] + (v - 3.5) * axes[1][i]);
    // The smallest code has no alignment pattern, and is taken to be flat.
    let inner = if lattice.modules > 21 { n - 6.5 } else { n - 3.5 };
    let mut last = from_first(inner, inner);
    if lattice.modules > 21 {
        let mark = [ring(2.0, false, AROUND), ring(1.0, true, AROUND)].concat();
        let reach = (n / 12.0).clamp(2.0, 6.0);
        last = seek(picture, last, axes, &[mark, vec![(0.0, 0.0, false)]].concat(), reach);
    }
    let modules = Projection::onto([[3.5, 3.5], [n - 3.5, 3.5], [inner, inner], [3.5, n - 3.5]])?;
    let pixels = Projection::onto([first, second, last, third])?;
    let place = |u: f64, v: f64| {
        let [s, t] = modules.back(u, v);
        pixels.at(s, t)
    };
    let corners = [place(0.0, 0.0), place(n, 0.0), place(n, n), place(0.0, n)];
    corners.iter().flatten().all(|c| c.is_finite()).then_some(Lattice { modules: lattice.modules, corners })
}

/// Step of a search, in modules.
const STEP: f64 = 0.25;

/// Returns the place within `reach` modules of `centre` that looks most like a pattern.
fn seek(
    picture: &GreyFrame,
    centre: [f64; 2],
    axes: [[f64; 2]; 2],
    pattern: &Pattern,
    reach: f64,
) -> [f64; 2] {
    let at = |u: f64, v: f64| [0, 1].map(|i| centre[i] + u * axes[0][i] + v * axes[1][i]);
    let steps = (reach / STEP) as i32;
    let mut best = (f64::MIN, centre);
    for row in -steps..=steps {
        for column in -steps..=steps {
            let (u, v) = (f64::from(column) * STEP, f64::from(row) * STEP);
            let (mut light, mut dark, mut lights) = (0.0, 0.0, 0.0);
            for &(du, dv, is_light) in pattern {
                let [x, y] = at(u + du, v + dv);
                let value = bilinear(picture, x - 0.5, y - 0.5);
                if is_light {
                    light += value;
                    lights += 1.0;
                } else {
                    dark += value;
                }
            }
            let darks = pattern.len() as f64 - lights;
            // Among equals the nearest one wins, by a small weight on the distance.
            let score = light / lights - dark / darks - 0.5 * u.hypot(v);
            if score > best.0 {
                best = (score, at(u, v));
            }
        }
    }
    best.1
}

/// Samples one value a module. Returns 1 for each that is under the mean of the modules around it, and -1
/// for the others.
fn sample(picture: &GreyFrame, map: &Projection, modules: usize, pitch: f64) -> Vec<f32> {
    let n = modules as f64;
    let reach = if pitch >= 3.0 { 0.22 } else { 0.0 };
    let mut values = Vec::with_capacity(modules * modules);
    for y in 0..modules {
        for x in 0..modules {
            let mut sum = 0.0;
            for (ox, oy) in [(0.0, 0.0), (-reach, -reach), (reach, -reach), (-reach, reach), (reach, reach)] {
                let [px, py] = map.at((x as f64 + 0.5 + ox) / n, (y as f64 + 0.5 + oy) / n);
                sum += bilinear(picture, px - 0.5, py - 0.5);
            }
            values.push(sum / 5.0);
        }
    }
    // A summed-area table gives the sum over any rectangle.
    let wide = modules + 1;
    let mut table = vec![0.0; wide * wide];
    for y in 0..modules {
        let mut row = 0.0;
        for x in 0..modules {
            row += values[y * modules + x];
            table[(y + 1) * wide + x + 1] = table[y * wide + x + 1] + row;
        }
    }
    let radius = 5;
    let mut black = Vec::with_capacity(modules * modules);
    for y in 0..modules {
        for x in 0..modules {
            let (left, top) = (x.saturating_sub(radius), y.saturating_sub(radius));
            let (right, bottom) = ((x + radius + 1).min(modules), (y + radius + 1).min(modules));
            let sum = table[bottom * wide + right] + table[top * wide + left]
                - table[top * wide + right]
                - table[bottom * wide + left];
            let mean = sum / ((right - left) * (bottom - top)) as f64;
            black.push(if values[y * modules + x] < mean { 1.0 } else { -1.0 });
        }
    }
    black
}

fn bilinear(picture: &GreyFrame, x: f64, y: f64) -> f64 {
    let (right, bottom) = ((picture.width() - 1) as f64, (picture.height() - 1) as f64);
    // A clamp alone would let NaN through to an index.
    let (x, y) = (
        if x.is_finite() { x.clamp(0.0, right) } else { 0.0 },
        if y.is_finite() { y.clamp(0.0, bottom) } else { 0.0 },
    );
    let (left, top) = (x as usize, y as usize);
    let (next, under) = ((left + 1).min(picture.width() - 1), (top + 1).min(picture.height() - 1));
    let (fx, fy) = (x - left as f64, y - top as f64);
    let (upper, lower) = (picture.row(top), picture.row(under));
    let across = |row: &[u8]| f64::from(row[left]) * (1.0 - fx) + f64::from(row[next]) * fx;
    across(upper) * (1.0 - fy) + across(lower) * fy
}

/// The projective map from the unit square onto a quadrilateral.
struct Projection {
    m: [f64; 8],
}

impl Projection {
    /// Takes the images of (0, 0), (1, 0), (1, 1) and (0, 1). `None` if they do not span an area.
    fn onto([a, b, c, d]: [[f64; 2]; 4]) -> Option<Self> {
        let (sx, sy) = (a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]);
        let (dx1, dy1) = (b[0] - c[0], b[1] - c[1]);
        let (dx2, dy2) = (d[0] - c[0], d[1] - c[1]);
        let area = dx1 * dy2 - dx2 * dy1;
        if area.abs() < 1e-6 {
            return None;
        }
        let g = (sx * dy2 - dx2 * sy) / area;
        let h = (dx1 * sy - sx * dy1) / area;
        Some(Self {
            m: [
                b[0] - a[0] + g * b[0],
                d[0] - a[0] + h * d[0],
                a[0],
                b[1] - a[1] + g * b[1],
                d[1] - a[1] + h * d[1],
                a[1],
                g,
                h,
            ],
        })
    }

    /// Returns the image of a point of the unit square.
    fn at(&self, u: f64, v: f64) -> [f64; 2] {
        let [a, b, c, d, e, f, g, h] = self.m;
        let w = g * u + h * v + 1.0;
        [(a * u + b * v + c) / w, (d * u + e * v + f) / w]
    }

    /// Inverts [`Projection::at`], by the adjugate matrix.
    fn back(&self, x: f64, y: f64) -> [f64; 2] {
        let [a, b, c, d, e, f, g, h] = self.m;
        let w = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d);
        let u = (e - f * h) * x + (c * h - b) * y + (b * f - c * e);
        let v = (f * g - d) * x + (a - c * g) * y + (c * d - a * f);
        [u / w, v / w]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projection_meets_its_corners() {
        let corners = [[10.0, 12.0], [110.0, 8.0], [130.0, 140.0], [5.0, 100.0]];
        let map = Projection::onto(corners).unwrap();
        for (at, [u, v]) in [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].into_iter().enumerate() {
            let [x, y] = map.at(u, v);
            assert!((x - corners[at][0]).abs() < 1e-9 && (y - corners[at][1]).abs() < 1e-9);
            let [s, t] = map.back(x, y);
            assert!((s - u).abs() < 1e-9 && (t - v).abs() < 1e-9);
        }
        assert!(Projection::onto([[1.0, 1.0]; 4]).is_none());
    }
}
