//! Where the code is, seen through a pinhole camera with lens distortion.

use crate::defaults;

/// Position and orientation of a code in front of the camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Image of the code's middle, in pixels from the frame's top left, before distortion.
    pub centre: [f32; 2],
    /// Pixels a module in the code's middle if it were square on. It stands for the distance.
    pub module_px: f32,
    /// Degrees by which the code's top and its left side lean back.
    pub tilt: [f32; 2],
    /// Degrees by which the code is turned clockwise in its own plane.
    pub turn: f32,
    /// Focal length of the lens in pixels. At a given size, it decides how strong the perspective is.
    pub focal_px: f32,
}

impl Pose {
    /// Square on in the middle of the usual frame, with so many pixels a module.
    #[must_use]
    pub fn square_on(module_px: f32) -> Self {
        Self {
            centre: [defaults::WIDTH as f32 / 2.0, defaults::HEIGHT as f32 / 2.0],
            module_px,
            tilt: [0.0; 2],
            turn: 0.0,
            focal_px: defaults::FOCAL_PX,
        }
    }
}

/// Maps between the plane of the code, in modules from its middle, and the pixels of a frame.
pub(crate) struct View {
    onto: [[f32; 3]; 3],
    back: [[f32; 3]; 3],
    middle: [f32; 2],
    /// Half the frame's diagonal in pixels. The distortion is stated for this radius.
    reach: f32,
    bend: f32,
}

impl View {
    /// Returns `None` if the plane cannot be seen.
    pub(crate) fn new(pose: &Pose, [width, height]: [usize; 2], bend: f32) -> Option<Self> {
        let middle = [width as f32 / 2.0, height as f32 / 2.0];
        let f = pose.focal_px;
        let depth = f / pose.module_px;
        let [(sx, cx), (sy, cy), (sz, cz)] =
            [-pose.tilt[0], pose.tilt[1], pose.turn].map(|degrees| degrees.to_radians().sin_cos());
        // The columns of Rz · Ry · Rx for the plane's two axes. y points down, z away from the camera.
        let right = [cz * cy, sz * cy, -sy];
        let down = [cz * sy * sx - sz * cx, sz * sy * sx + cz * cx, cy * sx];
        let at = [(pose.centre[0] - middle[0]) * depth / f, (pose.centre[1] - middle[1]) * depth / f, depth];
        let row = |axis: usize| [right, down, at].map(|column| f * column[axis] + middle[axis] * column[2]);
        let onto = [row(0), row(1), [right[2], down[2], at[2]]];
        let back = inverse(onto)?;
        let reach = middle[0].hypot(middle[1]);
        (pose.module_px > 0.0 && f > 0.0).then_some(Self { onto, back, middle, reach, bend })
    }

    /// Maps a point of the plane to a pixel. `None`: the point is behind the camera.
    pub(crate) fn onto(&self, point: [f32; 2]) -> Option<[f32; 2]> {
        let [x, y, w] = apply(&self.onto, point);
        if w <= 0.0 {
            return None;
        }
        let (dx, dy) = (x / w - self.middle[0], y / w - self.middle[1]);
        let square = (dx * dx + dy * dy) / (self.reach * self.reach);
        // The inverse of `straight`: the smaller root of bend · r · r'² − r' + r = 0.
        let root = 1.0 - 4.0 * self.bend * square;
        let stretch = if self.bend.abs() < 1e-6 || square < 1e-12 {
            1.0
        } else if root < 0.0 {
            return None;
        } else {
            (1.0 - root.sqrt()) / (2.0 * self.bend * square)
        };
        Some([self.middle[0] + dx * stretch, self.middle[1] + dy * stretch])
    }

    /// Maps a pixel to the point of the plane that it shows.
    pub(crate) fn back(&self, pixel: [f32; 2]) -> [f32; 2] {
        let [x, y, w] = apply(&self.back, self.straight(pixel));
        [x / w, y / w]
    }

    /// Removes the distortion from a pixel by the division model (Fitzgibbon, CVPR 2001), which has a
    /// closed form in this direction.
    fn straight(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        if self.bend == 0.0 {
            return [x, y];
        }
        let (dx, dy) = (x - self.middle[0], y - self.middle[1]);
        let stretch = 1.0 / (1.0 + self.bend * (dx * dx + dy * dy) / (self.reach * self.reach));
        [self.middle[0] + dx * stretch, self.middle[1] + dy * stretch]
    }
}

fn apply(m: &[[f32; 3]; 3], [x, y]: [f32; 2]) -> [f32; 3] {
    [0, 1, 2].map(|row| m[row][0] * x + m[row][1] * y + m[row][2])
}

fn inverse(m: [[f32; 3]; 3]) -> Option<[[f32; 3]; 3]> {
    let m = m.map(|row| row.map(f64::from));
    let minor = |r: usize, c: usize| {
        let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
    let inverse = [0, 1, 2].map(|row| [0, 1, 2].map(|column| (minor(column, row) / determinant) as f32));
    inverse.iter().flatten().all(|value| value.is_finite()).then_some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: [f32; 2], b: [f32; 2], by: f32) -> bool {
        (a[0] - b[0]).abs() < by && (a[1] - b[1]).abs() < by
    }

    #[test]
    fn there_and_back_is_the_same_point() {
        for (tilt, turn, bend) in
            [([0.0, 0.0], 0.0, 0.0), ([40.0, -25.0], 33.0, 0.0), ([10.0, 50.0], -100.0, -0.4)]
        {
            let pose = Pose { tilt, turn, centre: [500.0, 420.0], ..Pose::square_on(4.0) };
            let view = View::new(&pose, [1280, 720], bend).unwrap();
            for point in [[0.0, 0.0], [-34.5, -34.5], [34.5, -20.0], [10.0, 34.5]] {
                let pixel = view.onto(point).unwrap();
                assert!(near(view.back(pixel), point, 0.01), "{point:?} {pixel:?} {:?}", view.back(pixel));
            }
        }
    }

    #[test]
    fn sizes_and_directions_are_those_stated() {
        let view = View::new(&Pose::square_on(4.0), [1280, 720], 0.0).unwrap();
        assert!(near(view.onto([10.0, -5.0]).unwrap(), [680.0, 340.0], 0.01));
        let turned = Pose { turn: 90.0, ..Pose::square_on(4.0) };
        let view = View::new(&turned, [1280, 720], 0.0).unwrap();
        assert!(near(view.onto([10.0, 0.0]).unwrap(), [640.0, 400.0], 0.01), "clockwise, as one sees it");
        // A top that leans back is farther away, so it looks shorter than the bottom.
        let tilted = Pose { tilt: [30.0, 0.0], ..Pose::square_on(4.0) };
        let view = View::new(&tilted, [1280, 720], 0.0).unwrap();
        let across = |y: f32| view.onto([30.0, y]).unwrap()[0] - view.onto([-30.0, y]).unwrap()[0];
        assert!(across(-30.0) < 0.9 * across(30.0));
        let tilted = Pose { tilt: [0.0, 30.0], ..Pose::square_on(4.0) };
        let view = View::new(&tilted, [1280, 720], 0.0).unwrap();
        let down = |x: f32| view.onto([x, 30.0]).unwrap()[1] - view.onto([x, -30.0]).unwrap()[1];
        assert!(down(-30.0) < 0.9 * down(30.0));
    }

    #[test]
    fn a_barrel_pulls_the_corners_in_and_leaves_the_middle() {
        let pose = Pose { centre: [1000.0, 560.0], ..Pose::square_on(4.0) };
        let plain = View::new(&pose, [1280, 720], 0.0).unwrap();
        let barrel = View::new(&pose, [1280, 720], -0.3).unwrap();
        let from_middle = |view: &View, point| {
            let [x, y] = view.onto(point).unwrap();
            (x - 640.0).hypot(y - 360.0)
        };
        assert!(from_middle(&barrel, [34.0, 34.0]) < from_middle(&plain, [34.0, 34.0]) - 20.0);
        let middle = View::new(&Pose::square_on(4.0), [1280, 720], -0.3).unwrap();
        assert!(near(middle.onto([0.0, 0.0]).unwrap(), [640.0, 360.0], 0.01));
    }

    #[test]
    fn the_focal_length_is_that_of_the_field_of_view() {
        let half_diagonal = (defaults::WIDTH as f32 / 2.0).hypot(defaults::HEIGHT as f32 / 2.0);
        let focal = half_diagonal / (defaults::DIAGONAL_DEGREES / 2.0).to_radians().tan();
        assert!((focal - defaults::FOCAL_PX).abs() < 0.1, "{focal}");
    }
}
