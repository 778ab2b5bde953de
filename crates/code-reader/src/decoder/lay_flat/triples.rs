//! Groups finder patterns into threes that may be one symbol.

use super::finders::Finder;

/// The three finder patterns of a symbol.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triple {
    pub(super) corner: Finder,
    /// At the end of the first row.
    pub(super) right: Finder,
    /// At the end of the first column.
    pub(super) below: Finder,
    /// Modules along a side, estimated from the distances and the sizes of the patterns.
    pub(super) side: f32,
    /// Penalty for an arrangement that is unlike a symbol's. 0 is best.
    pub(super) penalty: f32,
}

/// Most patterns that are tried in threes. The work grows with the cube of their number.
const PATTERNS: usize = 40;

/// Finds the `most` likeliest threes.
pub(super) fn find(finders: &[Finder], most: usize, triples: &mut Vec<Triple>) {
    triples.clear();
    let finders = &finders[..finders.len().min(PATTERNS)];
    for (i, a) in finders.iter().enumerate() {
        for (j, b) in finders[..i].iter().enumerate() {
            if !alike(a, b) {
                continue;
            }
            for c in &finders[..j] {
                if alike(a, c) && alike(b, c) {
                    triples.extend(triple(a, b, c));
                }
            }
        }
    }
    triples.sort_unstable_by(|a, b| a.penalty.total_cmp(&b.penalty));
    triples.truncate(most);
}

/// Returns whether two patterns may belong to one symbol. Perspective makes the nearer one larger,
/// within limits.
fn alike(a: &Finder, b: &Finder) -> bool {
    (0.33..=3.0).contains(&(a.module() / b.module()))
}

/// Arranges three patterns as a symbol, if they can be one.
fn triple(a: &Finder, b: &Finder, c: &Finder) -> Option<Triple> {
    let squared = |a: &Finder, b: &Finder| (a.x - b.x).powi(2) + (a.y - b.y).powi(2);
    let (ab, bc, ca) = (squared(a, b), squared(b, c), squared(c, a));
    // The corner lies opposite the longest side.
    let (corner, one, two) = if ab >= bc && ab >= ca {
        (c, a, b)
    } else if bc >= ab && bc >= ca {
        (a, b, c)
    } else {
        (b, c, a)
    };
    let (dx1, dy1, dx2, dy2) = (one.x - corner.x, one.y - corner.y, two.x - corner.x, two.y - corner.y);
    let cross = dx1 * dy2 - dy1 * dx2;
    let (leg1, leg2) = (dx1.hypot(dy1), dx2.hypot(dy2));
    let sine = cross / (leg1 * leg2);
    if sine.is_nan() || sine.abs() < 0.3 {
        return None;
    }
    let (right, below) = if cross > 0.0 { (one, two) } else { (two, one) };
    // The length of a leg in modules, by the patterns at its ends.
    let along = |from: &Finder, to: &Finder| {
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        let length = dx.hypot(dy);
        // How much of a square a line crosses: the axis nearer to the line decides.
        let module = |finder: &Finder| {
            if dx >= dy { finder.across * length / dx } else { finder.down * length / dy }
                .min(finder.module() * 1.5)
        };
        // A row through a turned square is longer than the square's side.
        let turned = (dx.min(dy) / dx.max(dy)).min(1.0);
        let shrink = (1.0 + turned * turned).sqrt();
        length / ((module(from) + module(to)) / 2.0) * shrink
    };
    let (first, second) = (along(corner, right), along(corner, below));
    let side = (first + second) / 2.0 + 7.0;
    if !(14.0..=230.0).contains(&side) {
        return None;
    }
    let apart = |a: f32, b: f32| (a / b).ln().abs();
    let contrasts = [corner, right, below].map(|finder| f32::from(finder.contrast.max(1)));
    let spread =
        contrasts.iter().copied().fold(0.0, f32::max) / contrasts.iter().copied().fold(255.0, f32::min);
    let penalty = apart(leg1, leg2)
        + 2.0 * apart(first, second)
        + apart(corner.module(), right.module())
        + apart(corner.module(), below.module())
        + (1.0 - sine.abs())
        + 0.2 * spread.ln()
        + 0.003 * side;
    Some(Triple { corner: *corner, right: *right, below: *below, side, penalty })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finder(x: f32, y: f32) -> Finder {
        Finder { x, y, across: 3.0, down: 3.0, votes: 9, contrast: 200, dark: 20 }
    }

    #[test]
    fn the_corner_comes_first_and_the_order_is_the_symbols() {
        let square = [finder(160.0, 100.0), finder(100.0, 160.0), finder(100.0, 100.0)];
        let mut triples = Vec::new();
        find(&square, 4, &mut triples);
        let triple = triples[0];
        assert_eq!((triple.corner.x, triple.right.x, triple.below.y), (100.0, 160.0, 160.0));
        assert!((triple.side - 27.0).abs() < 0.5, "{}", triple.side);
    }

    #[test]
    fn three_in_a_row_are_no_symbol() {
        let mut triples = Vec::new();
        find(&[finder(0.0, 0.0), finder(50.0, 1.0), finder(100.0, 0.0)], 4, &mut triples);
        assert!(triples.is_empty());
    }
}
