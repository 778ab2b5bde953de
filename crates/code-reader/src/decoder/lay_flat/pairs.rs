//! Guesses where a symbol lies from two of its finder patterns, if the third is damaged or covered.

use super::finders::Finder;
use super::light::Light;

/// Patterns that were not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Corner,
    Right,
    Below,
    CornerAndRight,
    CornerAndBelow,
    RightAndBelow,
}

impl Missing {
    /// Returns whether a module of a symbol belongs to this pattern or its border.
    pub(super) fn covers(self, side: usize, x: usize, y: usize) -> bool {
        let (far_x, far_y) = (x + 8 >= side, y + 8 >= side);
        let (corner, right, below) = (x < 8 && y < 8, far_x && y < 8, x < 8 && far_y);
        match self {
            Self::Corner => corner,
            Self::Right => right,
            Self::Below => below,
            Self::CornerAndRight => corner || right,
            Self::CornerAndBelow => corner || below,
            Self::RightAndBelow => right || below,
        }
    }
}

/// One way in which patterns may belong to a symbol.
#[derive(Debug, Clone)]
pub(super) struct Guess {
    pub(super) missing: Missing,
    /// Modules along a side.
    pub(super) side: f32,
    /// Places of the three patterns in pixels: corner, right, below. They differ by where a missing one
    /// may be.
    pub(super) places: Vec<[[f32; 2]; 3]>,
}

/// All ways in which patterns may belong to a symbol, and their light.
#[derive(Debug, Clone)]
pub(super) struct Guesses {
    pub(super) ways: Vec<Guess>,
    pub(super) light: Light,
    /// Modules that the first score of a place samples.
    pub(super) probes: usize,
}

/// Modules that the first score of a place samples: there are many places.
const FEW: usize = 64;
/// Most patterns that are tried in twos.
const PATTERNS: usize = 7;
/// How much longer or shorter than the known side the other one may be, and how far it may lean.
const LENGTHS: [f32; 5] = [1.0, 0.88, 1.14, 0.76, 1.32];
const LEANS: [f32; 5] = [0.0, 0.14, -0.14, 0.3, -0.3];

/// Finds the `most` likeliest pairs.
pub(super) fn find(finders: &[Finder], most: usize) -> Vec<Guesses> {
    let finders = &finders[..finders.len().min(PATTERNS)];
    let mut pairs = Vec::new();
    for (at, a) in finders.iter().enumerate() {
        for b in &finders[..at] {
            let apart = (a.module() / b.module()).ln().abs();
            let contrasts = (f32::from(a.contrast.max(1)) / f32::from(b.contrast.max(1))).ln().abs();
            if apart < 0.6 {
                pairs.push((apart + 0.3 * contrasts, a, b));
            }
        }
    }
    pairs.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    pairs.truncate(most);
    pairs
        .into_iter()
        .map(|(_, a, b)| Guesses { ways: ways(a, b), light: Light::even(a, b), probes: FEW })
        .collect()
}

fn ways(a: &Finder, b: &Finder) -> Vec<Guess> {
    let (a_at, b_at) = ([a.x, a.y], [b.x, b.y]);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    // The length of the line between them in modules, if the symbol's rows run along (x, y).
    let modules = |x: f32, y: f32| {
        let (x, y) = (x.abs(), y.abs());
        let turned = x.min(y) / x.max(y).max(1e-6);
        dx.hypot(dy) / ((a.module() + b.module()) / 2.0) * (1.0 + turned * turned).sqrt()
    };
    let mut ways = Vec::new();
    let along_side = modules(dx, dy) + 7.0;
    for (from, to) in [(a_at, b_at), (b_at, a_at)] {
        ways.push(Guess {
            missing: Missing::Below,
            side: along_side,
            places: others(from, to, 1.0).map(|third| [from, to, third]).collect(),
        });
        ways.push(Guess {
            missing: Missing::Right,
            side: along_side,
            places: others(from, to, -1.0).map(|third| [from, third, to]).collect(),
        });
        // The line from the right one to the lower one is a diagonal.
        let across = modules(dx - dy, dx + dy) / std::f32::consts::SQRT_2 + 7.0;
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        let half = [(to[0] - from[0]) / 2.0, (to[1] - from[1]) / 2.0];
        let corner = |length: f32, lean: f32| {
            [middle[0] + half[1] * -length + half[0] * lean, middle[1] + half[0] * length + half[1] * lean]
        };
        let corners = LENGTHS.iter().flat_map(|&length| LEANS.map(|lean| corner(length, lean)));
        ways.push(Guess {
            missing: Missing::Corner,
            side: across,
            places: corners.map(|corner| [corner, from, to]).collect(),
        });
    }
    ways.retain(|guess| (20.0..=180.0).contains(&guess.side));
    ways
}

/// Returns where a third pattern may be: at a right angle to the line from `from`, clockwise as it is seen
/// for a `turn` of 1.
fn others(from: [f32; 2], to: [f32; 2], turn: f32) -> impl Iterator<Item = [f32; 2]> {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    LENGTHS.iter().flat_map(move |&length| {
        LEANS.map(|lean| {
            [from[0] + (-dy * turn + dx * lean) * length, from[1] + (dx * turn + dy * lean) * length]
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_pattern_is_among_the_guesses() {
        let finder =
            |x: f32, y: f32| Finder { x, y, across: 4.0, down: 4.0, votes: 9, contrast: 200, dark: 20 };
        let whole = [[100.0, 100.0], [172.0, 100.0], [100.0, 172.0]];
        for (missing, first, second) in
            [(Missing::Corner, 1, 2), (Missing::Right, 0, 2), (Missing::Below, 0, 1)]
        {
            let finders = [first, second].map(|at: usize| finder(whole[at][0], whole[at][1]));
            let pairs = find(&finders, 3);
            assert_eq!(pairs.len(), 1);
            let fits = |guess: &&Guess| {
                guess.missing == missing && (guess.side - 25.0).abs() < 1.0 && guess.places.contains(&whole)
            };
            assert!(pairs[0].ways.iter().any(|guess| fits(&guess)), "{missing:?} {pairs:?}");
        }
    }
}
