//! The warp: a map from module coordinates to pixels, projective, with a bend for paper that is not
//! flat.

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

    /// Returns the pixel coordinates of a point in module coordinates. (0, 0) is the symbol's corner.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let between = self.side as f32 - 7.0;
        let (u, v) = ((x - 3.5) / between, (y - 3.5) / between);
        let p = &self.p;
        let (db, dc) = (1.0 + p[6], 1.0 + p[7]);
        let w = 1.0 + u * p[6] + v * p[7];
        // A point behind the camera has no image. The result only has to be finite.
        let w = if w.abs() < 0.05 { 0.05 } else { w };
        let (bu, bv) = (4.0 * u * (1.0 - u), 4.0 * v * (1.0 - v));
        let along = |a: f32, b: f32, c: f32, k: usize| {
            (a + u * (b * db - a) + v * (c * dc - a)) / w
                + p[8 + k] * bu
                + p[10 + k] * bv
                + p[12 + k] * bu * v
                + p[14 + k] * bv * u
        };
        [along(p[0], p[2], p[4], 0), along(p[1], p[3], p[5], 1)]
    }

    /// Returns the symbol's corners in pixels: top left, then clockwise as it is drawn.
    pub(super) fn corners(&self) -> [[f64; 2]; 4] {
        let n = self.side as f32;
        [self.at(0.0, 0.0), self.at(n, 0.0), self.at(n, n), self.at(0.0, n)]
            .map(|[x, y]| [f64::from(x), f64::from(y)])
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
