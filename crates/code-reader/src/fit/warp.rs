//! Where a symbol's modules lie in a picture: a projective map, and a bend for paper that is not flat.

/// Numbers that a warp has.
pub(super) const PARAMETERS: usize = 16;
/// Those of them that a flat symbol needs.
pub(super) const FLAT: usize = 8;

/// From module coordinates to pixels.
///
/// The middles of the three finder patterns (`a` in the corner, `b` along the first row, `c` down
/// the first column) are parameters of their own, so that each is held in place by what is there.
/// The two after them say how much farther away `b` and `c` are than `a`: with them the map is
/// projective. The last eight bend it: for each axis two curves along the sides, and how these
/// change towards the other side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Warp {
    pub(super) side: usize,
    /// ax, ay, bx, by, cx, cy, depth of b less that of a, the same of c, then x and y of each bend.
    pub(super) p: [f32; PARAMETERS],
}

impl Warp {
    /// A flat symbol that is not tilted.
    pub(super) fn new(side: usize, a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> Self {
        let mut p = [0.0; PARAMETERS];
        p[..6].copy_from_slice(&[a[0], a[1], b[0], b[1], c[0], c[1]]);
        Self { side, p }
    }

    /// The middle distance between modules, in pixels.
    pub(super) fn pitch(&self) -> f32 {
        let p = &self.p;
        let legs = (p[2] - p[0]).hypot(p[3] - p[1]) + (p[4] - p[0]).hypot(p[5] - p[1]);
        legs / 2.0 / (self.side as f32 - 7.0)
    }

    /// How far a parameter must move to move some module by about `modules`.
    pub(super) fn step(&self, parameter: usize, modules: f32) -> f32 {
        match parameter {
            6 | 7 => modules * 4.0 / (self.side as f32 - 7.0),
            _ => modules * self.pitch(),
        }
    }

    /// The pixel coordinates of a point in module coordinates: (0, 0) is the symbol's corner.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let between = self.side as f32 - 7.0;
        let (u, v) = ((x - 3.5) / between, (y - 3.5) / between);
        let p = &self.p;
        let (db, dc) = (1.0 + p[6], 1.0 + p[7]);
        let w = 1.0 + u * p[6] + v * p[7];
        // A point behind the camera: somewhere, but finite.
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

    /// The symbol's corners: top left, then clockwise as it is drawn.
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
