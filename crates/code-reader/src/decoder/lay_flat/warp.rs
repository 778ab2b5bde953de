//! The warp: a map from module coordinates to pixels, projective, with a bend for paper that is not
//! flat.

use super::sampler::{LANES, Lane};

/// Parameters of a warp.
pub(super) const PARAMETERS: usize = 16;
/// Parameters that a flat symbol needs: the first ones.
pub(super) const FLAT: usize = 8;

/// A map from module coordinates to pixels.
///
/// The first six parameters are the middles of the three finder patterns: `a` in the corner, `b` at
/// the end of the first row, `c` at the end of the first column. The next two are the distances of
/// `b` and `c` from the camera, relative to that of `a`; they make the map projective. The last eight
/// bend it: for each axis two parabolas along the sides, and how these change towards the opposite
/// side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Warp {
    pub(super) side: usize,
    /// ax, ay, bx, by, cx, cy; relative distances of b and c, minus 1; then x and y of each bend.
    pub(super) p: [f32; PARAMETERS],
}

impl Warp {
    /// A flat symbol, square on.
    pub(super) fn new(side: usize, a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> Self {
        let mut p = [0.0; PARAMETERS];
        p[..6].copy_from_slice(&[a[0], a[1], b[0], b[1], c[0], c[1]]);
        Self { side, p }
    }

    /// Returns whether the other symbol has the same size and place: less than half a module apart.
    pub(super) fn is_about(&self, other: &Self) -> bool {
        let near = 0.4 * self.pitch();
        self.side == other.side && (0..6).all(|at| (self.p[at] - other.p[at]).abs() < near)
    }

    /// Returns the mean distance between modules in pixels.
    pub(super) fn pitch(&self) -> f32 {
        let p = &self.p;
        let legs = (p[2] - p[0]).hypot(p[3] - p[1]) + (p[4] - p[0]).hypot(p[5] - p[1]);
        legs / 2.0 / (self.side as f32 - 7.0)
    }

    /// Returns how much a parameter must change to move some module by about `modules`.
    pub(super) fn step(&self, parameter: usize, modules: f32) -> f32 {
        match parameter {
            6 | 7 => modules * 4.0 / (self.side as f32 - 7.0),
            _ => modules * self.pitch(),
        }
    }

    /// Returns the map itself, prepared for many points.
    pub(super) fn map(&self) -> Map {
        let between = self.side as f32 - 7.0;
        let p = &self.p;
        let (db, dc) = (1.0 + p[6], 1.0 + p[7]);
        let along = |k: usize| [p[k], (p[2 + k] * db - p[k]) / between, (p[4 + k] * dc - p[k]) / between];
        let bend = |k: usize| [p[8 + k], p[10 + k], p[12 + k], p[14 + k]];
        Map {
            x: along(0),
            y: along(1),
            w: [p[6] / between, p[7] / between],
            bend_x: bend(0),
            bend_y: bend(1),
            is_flat: p[FLAT..].iter().all(|&it| it == 0.0),
            between,
        }
    }

    /// Returns the pixel coordinates of a point in module coordinates. (0, 0) is the symbol's corner.
    pub(super) fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let (xs, ys) = self.map().at(&[x; LANES], &[y; LANES]);
        [xs[0], ys[0]]
    }

    /// Returns the symbol's corners in pixels: top left, then clockwise as it is drawn.
    pub(super) fn corners(&self) -> [[f64; 2]; 4] {
        let n = self.side as f32;
        [self.at(0.0, 0.0), self.at(n, 0.0), self.at(n, n), self.at(0.0, n)]
            .map(|[x, y]| [f64::from(x), f64::from(y)])
    }
}

/// A warp, prepared for many points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Map {
    x: [f32; 3],
    y: [f32; 3],
    w: [f32; 2],
    bend_x: [f32; 4],
    bend_y: [f32; 4],
    is_flat: bool,
    between: f32,
}

impl Map {
    /// Returns the pixel coordinates of points in module coordinates.
    #[inline]
    pub(super) fn at(&self, xs: &Lane, ys: &Lane) -> (Lane, Lane) {
        let (mut out_x, mut out_y) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let (s, t) = (xs[lane] - 3.5, ys[lane] - 3.5);
            // A point behind the camera has no image. The result only has to be finite.
            let w = 1.0 / (1.0 + s * self.w[0] + t * self.w[1]).max(0.05);
            out_x[lane] = (self.x[0] + s * self.x[1] + t * self.x[2]) * w;
            out_y[lane] = (self.y[0] + s * self.y[1] + t * self.y[2]) * w;
        }
        if !self.is_flat {
            for lane in 0..LANES {
                let (u, v) = ((xs[lane] - 3.5) / self.between, (ys[lane] - 3.5) / self.between);
                let (bu, bv) = (4.0 * u * (1.0 - u), 4.0 * v * (1.0 - v));
                let bend = |by: &[f32; 4]| by[0] * bu + by[1] * bv + by[2] * bu * v + by[3] * bv * u;
                out_x[lane] += bend(&self.bend_x);
                out_y[lane] += bend(&self.bend_y);
            }
        }
        (out_x, out_y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finders_stay_where_they_were_found() {
        let mut warp = Warp::new(25, [10.0, 20.0], [110.0, 25.0], [5.0, 120.0]);
        (warp.p[6], warp.p[7]) = (0.3, -0.2);
        for ((x, y), expected) in
            [((3.5, 3.5), [10.0, 20.0]), ((21.5, 3.5), [110.0, 25.0]), ((3.5, 21.5), [5.0, 120.0])]
        {
            let at = warp.at(x, y);
            assert!((at[0] - expected[0]).abs() < 1e-3 && (at[1] - expected[1]).abs() < 1e-3, "{at:?}");
        }
        assert!(warp.corners().iter().flatten().all(|c| c.is_finite()));
    }

    #[test]
    fn what_is_farther_away_is_nearer_together() {
        let mut warp = Warp::new(21, [0.0, 0.0], [140.0, 0.0], [0.0, 140.0]);
        warp.p[6] = 0.5;
        let middle = warp.at(10.5, 3.5)[0];
        assert!(middle > 75.0, "{middle}");
    }
}
