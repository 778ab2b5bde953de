//! A phone in a hand, with a code on its screen.

use qrcode::{Color, EcLevel, QrCode};

use super::paint::{Canvas, Colour, disc, ellipse, hex, rounded, ycc};
use super::planes::Planes;
use super::projection::{CENTRE, HEIGHT, Inverse, Pose, WIDTH};

/// Side of the code on the canvas, with its quiet zone.
const CODE: f32 = 344.0;
/// Width of the quiet zone in modules.
const QUIET: usize = 4;
/// The projection is exact at both ends of a span of this many pixels, and linear in between.
const SPAN: usize = 16;

/// The phone with an empty screen.
pub(super) struct Body(Canvas);

/// The phone with a code. Each pixel is luma, two colour differences and opacity.
pub(super) struct Phone(Vec<[u8; 4]>);

impl Body {
    pub(super) fn new() -> Self {
        let mut canvas = Canvas::new(WIDTH, HEIGHT, 1.0);
        let (skin, lit, shade) = (hex(0x75675f), hex(0x9a8a80), hex(0x4d4645));
        let [x, _] = CENTRE;
        // The palm and the sleeve behind it.
        canvas.paint(rounded([x + 70.0, 850.0], [150.0, 120.0], 60.0), 8.0, hex(0x141a24), 1.0);
        canvas.paint(ellipse([x + 60.0, 720.0], [176.0, 120.0]), 8.0, shade, 1.0);
        // The phone: rim, glass, screen with a band on top.
        let middle = [x, 388.0];
        canvas.paint(rounded(middle, [200.0, 372.0], 50.0), 2.5, hex(0x465261), 1.0);
        canvas.paint(rounded(middle, [196.0, 368.0], 47.0), 2.0, hex(0x0a0e14), 1.0);
        canvas.paint(rounded(middle, [183.0, 355.0], 36.0), 2.0, hex(0x39587a), 1.0);
        canvas.paint(rounded([x - 60.0, 92.0], [123.0, 60.0], 36.0), 60.0, hex(0x4a6d93), 0.7);
        canvas.paint(rounded([x, 446.0], [183.0, 297.0], 36.0), 2.0, hex(0xf2f5f8), 1.0);
        canvas.paint(rounded([x, 176.0], [183.0, 30.0], 0.0), 2.0, hex(0xf2f5f8), 1.0);
        canvas.paint(rounded([x, 56.0], [44.0, 10.0], 10.0), 2.0, hex(0x0a0e14), 1.0);
        canvas.paint(rounded([x, 110.0], [84.0, 9.0], 9.0), 2.0, hex(0xffffff), 0.92);
        canvas.paint(rounded([x, 202.0], [116.0, 6.0], 6.0), 2.0, hex(0xb9c4d0), 1.0);
        for (y, half) in [(612.0, 132.0), (642.0, 96.0)] {
            canvas.paint(rounded([x, y], [half, 8.0], 8.0), 2.0, hex(0xd3dae2), 1.0);
        }
        canvas.paint(rounded([x, 724.0], [52.0, 4.0], 4.0), 2.0, hex(0x9aa5b1), 1.0);
        // Four fingers around one side, the thumb on the other.
        for (at, y) in [478.0, 548.0, 614.0, 674.0].into_iter().enumerate() {
            // The upper ones end at the code's quiet zone.
            let inset = [0.0, 3.0, 16.0, 10.0][at];
            finger(&mut canvas, [64.0 + inset, y], [37.0, 29.0 - at as f32], -6.0, skin, lit, shade);
        }
        finger(&mut canvas, [x + 196.0, 690.0], [42.0, 120.0], -24.0, skin, lit, shade);
        canvas.paint(ellipse([x + 160.0, 606.0], [19.0, 26.0]).turned(-24.0), 5.0, hex(0xb7a69b), 0.75);
        Self(canvas)
    }

    /// Returns the phone with a code, or with an empty screen if the text is too long for one.
    pub(super) fn with_code(&self, text: &str) -> Phone {
        let mut canvas = self.0.clone();
        let code = [EcLevel::M, EcLevel::L]
            .into_iter()
            .find_map(|level| QrCode::with_error_correction_level(text.as_bytes(), level).ok());
        if let Some(code) = code {
            draw(&mut canvas, &code);
        }
        let texel = |&pixel: &[f32; 4]| {
            let [y, blue, red] = ycc(pixel);
            [y, blue, red, (pixel[3] * 255.0 + 0.5) as u8]
        };
        Phone(canvas.pixels.iter().map(texel).collect())
    }
}

fn finger(
    canvas: &mut Canvas,
    centre: [f32; 2],
    half: [f32; 2],
    degrees: f32,
    skin: Colour,
    lit: Colour,
    shade: Colour,
) {
    let radius = half[0].min(half[1]);
    let shape = rounded(centre, half, radius).turned(degrees);
    canvas.paint(rounded([centre[0] + 3.0, centre[1] + 5.0], half, radius).turned(degrees), 12.0, shade, 0.7);
    canvas.paint(shape, 3.0, skin, 1.0);
    let inner = [half[0] * 0.72, half[1] * 0.6];
    canvas.paint(
        rounded([centre[0] + 2.0, centre[1] - 4.0], inner, radius * 0.6).turned(degrees),
        18.0,
        lit,
        0.6,
    );
    canvas.paint(
        disc([centre[0] - half[0] * 0.4, centre[1] + half[1] * 0.4], radius * 0.7),
        24.0,
        shade,
        0.25,
    );
}

/// Draws the code with nine samples a pixel, because module edges fall between pixels.
fn draw(canvas: &mut Canvas, code: &QrCode) {
    let (modules, colours) = (code.width(), code.to_colors());
    let pitch = CODE / (modules + 2 * QUIET) as f32;
    let corner = [CENTRE[0] - CODE / 2.0, CENTRE[1] - CODE / 2.0];
    let module = |at: f32| ((at / pitch) as usize).checked_sub(QUIET).filter(|&module| module < modules);
    let dark = |x: f32, y: f32| {
        let (Some(x), Some(y)) = (module(x), module(y)) else { return false };
        colours[y * modules + x] == Color::Dark
    };
    for y in 0..CODE as usize {
        for x in 0..CODE as usize {
            let samples = (0..9).filter(|sub| {
                let (sx, sy) = ((sub % 3) as f32 / 3.0 + 0.17, (sub / 3) as f32 / 3.0 + 0.17);
                dark(x as f32 + sx, y as f32 + sy)
            });
            let share = samples.count() as f32 / 9.0;
            let value = 0.985 - 0.90 * share;
            let at = (corner[1] as usize + y) * canvas.width + corner[0] as usize + x;
            canvas.pixels[at] = [value * 0.985, value * 0.99, value, 1.0];
        }
    }
}

impl Phone {
    /// Draws the phone into the picture.
    pub(super) fn draw(&self, planes: &mut Planes, pose: &Pose) {
        let (width, height) = (planes.width, planes.luma.len() / planes.width.max(1));
        let corners = [[0.0, 0.0], [WIDTH as f32, 0.0], [WIDTH as f32, HEIGHT as f32], [0.0, HEIGHT as f32]];
        let corners = corners.map(|corner| pose.project(corner));
        let bound = |axis: usize, limit: usize| {
            let low = corners.iter().map(|corner| corner[axis]).fold(f32::MAX, f32::min).max(0.0) as usize;
            let high = corners.iter().map(|corner| corner[axis]).fold(0.0, f32::max).ceil().max(0.0) as usize;
            low.min(limit)..high.min(limit)
        };
        let (columns, rows) = (bound(0, width), bound(1, height));
        let Some(inverse) = Inverse::new(corners) else { return };
        for y in rows {
            let mut x = columns.start;
            while x < columns.end {
                let end = (x + SPAN).min(columns.end);
                let (from, to) = (
                    inverse.at(x as f32 + 0.5, y as f32 + 0.5),
                    inverse.at(end as f32 + 0.5, y as f32 + 0.5),
                );
                let count = (end - x) as i32;
                let fixed = |value: f32| ((value - 0.5).clamp(-16000.0, 16000.0) * 65536.0) as i32;
                let (mut u, mut v) = (fixed(from[0]), fixed(from[1]));
                let (du, dv) = ((fixed(to[0]) - u) / count, (fixed(to[1]) - v) / count);
                for x in x..end {
                    if let Some(texel) = self.sample(u, v) {
                        blend(planes, y * width + x, texel);
                    }
                    u += du;
                    v += dv;
                }
                x = end;
            }
        }
    }

    /// Samples the canvas bilinearly at 16.16 fixed-point coordinates. `None` outside the phone.
    fn sample(&self, u: i32, v: i32) -> Option<[u32; 4]> {
        let (column, row) = (u >> 16, v >> 16);
        if column < 0 || row < 0 || column >= WIDTH as i32 - 1 || row >= HEIGHT as i32 - 1 {
            return None;
        }
        let at = row as usize * WIDTH + column as usize;
        let (a, b, c, d) = (self.0[at], self.0[at + 1], self.0[at + WIDTH], self.0[at + WIDTH + 1]);
        if a[3] | b[3] | c[3] | d[3] == 0 {
            return None;
        }
        let (fx, fy) = ((u as u32 >> 8) & 0xff, (v as u32 >> 8) & 0xff);
        let mix = |i: usize| {
            let upper = u32::from(a[i]) * (256 - fx) + u32::from(b[i]) * fx;
            let lower = u32::from(c[i]) * (256 - fx) + u32::from(d[i]) * fx;
            (upper * (256 - fy) + lower * fy) >> 16
        };
        Some([mix(0), mix(1), mix(2), mix(3)])
    }
}

fn blend(planes: &mut Planes, at: usize, [luma, blue, red, opacity]: [u32; 4]) {
    let mix = |old: u8, new: u32| ((u32::from(old) * (255 - opacity) + new * opacity + 127) / 255) as u8;
    planes.luma[at] = mix(planes.luma[at], luma);
    planes.blue[at] = mix(planes.blue[at], blue);
    planes.red[at] = mix(planes.red[at], red);
}
