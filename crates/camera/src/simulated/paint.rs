//! Paints soft-edged shapes on a canvas.

/// Red, green and blue, each from 0 to 1.
pub(super) type Colour = [f32; 3];

/// A rounded rectangle or an ellipse, rotated about its centre.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    centre: [f32; 2],
    half: [f32; 2],
    /// Radius of the corners. `None` for an ellipse.
    radius: Option<f32>,
    degrees: f32,
}

pub(super) fn rounded(centre: [f32; 2], half: [f32; 2], radius: f32) -> Shape {
    Shape { centre, half, radius: Some(radius.min(half[0]).min(half[1])), degrees: 0.0 }
}

pub(super) fn ellipse(centre: [f32; 2], half: [f32; 2]) -> Shape {
    Shape { centre, half, radius: None, degrees: 0.0 }
}

pub(super) fn disc(centre: [f32; 2], radius: f32) -> Shape {
    ellipse(centre, [radius, radius])
}

impl Shape {
    pub(super) fn turned(self, degrees: f32) -> Self {
        Self { degrees, ..self }
    }

    /// Returns the distance of a point from the edge, negative inside.
    fn distance(&self, x: f32, y: f32, (sin, cos): (f32, f32)) -> f32 {
        let (dx, dy) = (x - self.centre[0], y - self.centre[1]);
        let (dx, dy) = ((dx * cos + dy * sin).abs(), (dy * cos - dx * sin).abs());
        match self.radius {
            Some(radius) => {
                let (ox, oy) = (dx - self.half[0] + radius, dy - self.half[1] + radius);
                ox.max(0.0).hypot(oy.max(0.0)) + ox.max(oy).min(0.0) - radius
            }
            None => ((dx / self.half[0]).hypot(dy / self.half[1]) - 1.0) * self.half[0].min(self.half[1]),
        }
    }
}

/// A canvas. Coordinates are those of the full picture; the canvas may have fewer pixels.
#[derive(Clone)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Pixels per unit of length.
    scale: f32,
    /// Red, green, blue, opacity.
    pub(super) pixels: Vec<[f32; 4]>,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize, scale: f32) -> Self {
        let (width, height) = ((width as f32 * scale) as usize, (height as f32 * scale) as usize);
        Self { width, height, scale, pixels: vec![[0.0; 4]; width * height] }
    }

    /// Fills the canvas with a vertical gradient. Each stop is a height and a colour.
    pub(super) fn gradient(&mut self, stops: &[(f32, Colour)]) {
        for y in 0..self.height {
            let at = (y as f32 + 0.5) / self.scale;
            let colour = between(stops, at);
            for pixel in &mut self.pixels[y * self.width..(y + 1) * self.width] {
                *pixel = [colour[0], colour[1], colour[2], 1.0];
            }
        }
    }

    /// Paints a shape whose edge is blurred over a width of `soft`.
    pub(super) fn paint(&mut self, shape: Shape, soft: f32, colour: Colour, opacity: f32) {
        let soft = soft.max(1.0 / self.scale);
        let turn = shape.degrees.to_radians().sin_cos();
        let reach = if shape.degrees == 0.0 { shape.half } else { [shape.half[0].hypot(shape.half[1]); 2] };
        let span = |axis: usize, limit: usize| {
            let low = (shape.centre[axis] - reach[axis] - soft) * self.scale;
            let high = (shape.centre[axis] + reach[axis] + soft) * self.scale;
            (low.max(0.0) as usize).min(limit)..(high.max(0.0).ceil() as usize).min(limit)
        };
        let (columns, rows) = (span(0, self.width), span(1, self.height));
        for y in rows {
            for x in columns.clone() {
                let (px, py) = ((x as f32 + 0.5) / self.scale, (y as f32 + 0.5) / self.scale);
                let inside = (0.5 - shape.distance(px, py, turn) / soft).clamp(0.0, 1.0);
                if inside > 0.0 {
                    let eased = inside * inside * (3.0 - 2.0 * inside);
                    over(&mut self.pixels[y * self.width + x], colour, eased * opacity);
                }
            }
        }
    }
}

/// Composites a colour over a pixel.
fn over(pixel: &mut [f32; 4], colour: Colour, opacity: f32) {
    let kept = pixel[3] * (1.0 - opacity);
    let sum = opacity + kept;
    if sum <= 0.0 {
        return;
    }
    for (channel, new) in pixel.iter_mut().zip(colour) {
        *channel = (new * opacity + *channel * kept) / sum;
    }
    pixel[3] = sum;
}

fn between(stops: &[(f32, Colour)], at: f32) -> Colour {
    let Some(first) = stops.first() else { return [0.0; 3] };
    let mut below = *first;
    for &stop in stops {
        if stop.0 >= at {
            let part = if stop.0 > below.0 { (at - below.0) / (stop.0 - below.0) } else { 0.0 };
            let part = part.clamp(0.0, 1.0);
            return [0, 1, 2].map(|channel| below.1[channel] + (stop.1[channel] - below.1[channel]) * part);
        }
        below = stop;
    }
    below.1
}

/// Converts `0xRRGGBB`.
pub(super) fn hex(rgb: u32) -> Colour {
    [16, 8, 0].map(|shift| ((rgb >> shift) & 0xff) as f32 / 255.0)
}

/// Converts to luma and colour differences as JPEG (JFIF) defines them.
pub(super) fn ycc([r, g, b, _]: [f32; 4]) -> [u8; 3] {
    let y = 0.299 * r + 0.587 * g + 0.114 * b;
    let byte = |value: f32| (value * 255.0 + 0.5).clamp(0.0, 255.0) as u8;
    [byte(y), byte((b - y) * 0.564 + 0.5), byte((r - y) * 0.713 + 0.5)]
}
