//! The perspective projection of the phone into the picture.

/// Width of the phone's canvas, in its own pixels.
pub(super) const WIDTH: usize = 560;
/// Height of the phone's canvas.
pub(super) const HEIGHT: usize = 880;
/// The middle of the code on the canvas. [`Pose::centre`] is where it appears in the picture.
pub(super) const CENTRE: [f32; 2] = [280.0, 404.0];
/// Distance of the eye in pixels of the picture, for perspective.
const EYE: f32 = 1500.0;

/// The position and attitude of the phone.
pub(super) struct Pose {
    /// Where the middle of the code appears in the picture, in pixels.
    pub(super) centre: [f32; 2],
    pub(super) degrees: f32,
    pub(super) scale: f32,
    /// Rotation about the vertical and the horizontal axis, in radians.
    pub(super) tilt: [f32; 2],
}

impl Pose {
    /// Projects a point of the canvas into the picture.
    pub(super) fn project(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        let (x, y) = ((x - CENTRE[0]) * self.scale, (y - CENTRE[1]) * self.scale);
        let (flat_x, flat_y) = (x * self.tilt[0].cos(), y * self.tilt[1].cos());
        let depth = x * self.tilt[0].sin() + y * self.tilt[1].sin();
        let near = EYE / (EYE + depth);
        [
            (flat_x * cos - flat_y * sin) * near + self.centre[0],
            (flat_x * sin + flat_y * cos) * near + self.centre[1],
        ]
    }
}

/// The inverse of [`Pose::project`]: a homography from the picture to the canvas.
pub(super) struct Inverse([f32; 9]);

impl Inverse {
    /// Computes the inverse from the corners of the canvas in the picture. `None` if they enclose no
    /// area.
    pub(super) fn new([a, b, c, d]: [[f32; 2]; 4]) -> Option<Self> {
        let (sx, sy) = (a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]);
        let (dx1, dy1, dx2, dy2) = (b[0] - c[0], b[1] - c[1], d[0] - c[0], d[1] - c[1]);
        let area = dx1 * dy2 - dx2 * dy1;
        if area.abs() < 1.0 {
            return None;
        }
        let (g, h) = ((sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area);
        let m = [
            b[0] - a[0] + g * b[0],
            d[0] - a[0] + h * d[0],
            a[0],
            b[1] - a[1] + g * b[1],
            d[1] - a[1] + h * d[1],
            a[1],
            g,
            h,
            1.0,
        ];
        // The adjugate is the inverse times a factor, which a homography may have.
        Some(Self([
            m[4] * m[8] - m[5] * m[7],
            m[2] * m[7] - m[1] * m[8],
            m[1] * m[5] - m[2] * m[4],
            m[5] * m[6] - m[3] * m[8],
            m[0] * m[8] - m[2] * m[6],
            m[2] * m[3] - m[0] * m[5],
            m[3] * m[7] - m[4] * m[6],
            m[1] * m[6] - m[0] * m[7],
            m[0] * m[4] - m[1] * m[3],
        ]))
    }

    /// Returns the point of the canvas that appears at a point of the picture.
    pub(super) fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        [(m[0] * x + m[1] * y + m[2]) / w * WIDTH as f32, (m[3] * x + m[4] * y + m[5]) / w * HEIGHT as f32]
    }
}
