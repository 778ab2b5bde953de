//! Adds up the modules of an unread symbol over the frames of a video.
//!
//! Glare wanders, noise changes and a hand shakes, but the symbol stays the same. Laid flat, its
//! frames can be added up module by module, however the symbol moved between them.

use crate::qr::Layout;

/// Most symbols that are remembered at a time.
const SYMBOLS: usize = 4;
/// Frames after which a symbol that was not seen again is forgotten.
const FRAMES: u64 = 15;
/// Weight of the earlier frames when a new one is added.
const KEEP: f32 = 0.8;
/// Least correlation of the data modules between the earlier frames and a new one. Below it they show
/// different symbols, which must never be mixed.
const SAME: f32 = 0.3;

/// Weighted sums of the soft values of each symbol.
#[derive(Debug, Default)]
pub(super) struct Accumulator {
    frame: u64,
    symbols: Vec<Symbol>,
}

#[derive(Debug)]
struct Symbol {
    side: usize,
    seen: u64,
    soft: Vec<f32>,
    frames: u32,
}

impl Accumulator {
    /// Begins the next frame, and forgets symbols that were not seen for a while.
    pub(super) fn advance(&mut self) {
        self.frame += 1;
        let frame = self.frame;
        self.symbols.retain(|symbol| frame - symbol.seen <= FRAMES);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.symbols.clear();
    }

    /// Adds what this frame shows of a symbol, and writes the weighted mean over its frames to `out`.
    /// Returns `false`, and writes nothing, if there is only this frame.
    pub(super) fn add(&mut self, layout: &Layout, soft: &[f32], out: &mut Vec<f32>) -> bool {
        let (frame, side) = (self.frame, layout.side());
        let alike = self.symbols.iter().enumerate().filter(|(_, symbol)| symbol.side == side);
        let agreeing = alike.map(|(at, symbol)| (agreement(layout, &symbol.soft, soft), at));
        let best = agreeing.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|best| best.0 >= SAME);
        let Some((_, at)) = best else {
            if self.symbols.len() >= SYMBOLS {
                self.symbols.sort_by_key(|symbol| symbol.seen);
                self.symbols.remove(0);
            }
            self.symbols.push(Symbol { side, seen: frame, soft: soft.to_vec(), frames: 1 });
            return false;
        };
        let symbol = &mut self.symbols[at];
        if symbol.seen == frame {
            // The same frame through another filter adds no information.
            return false;
        }
        symbol.seen = frame;
        symbol.soft.iter_mut().zip(soft).for_each(|(sum, new)| *sum = KEEP * *sum + new);
        symbol.frames += 1;
        // The sum of the weights, so that the mean looks like a single frame.
        let weight = (1.0 - KEEP.powi(symbol.frames as i32)) / (1.0 - KEEP);
        out.clear();
        out.extend(symbol.soft.iter().map(|sum| sum / weight));
        true
    }
}

/// Returns the correlation of two symbols' data modules. The modules that all symbols share are left
/// out.
fn agreement(layout: &Layout, a: &[f32], b: &[f32]) -> f32 {
    let (mut both, mut first, mut second) = (0.0, 1e-6, 1e-6);
    for &at in layout.order() {
        let (a, b) = (a[usize::from(at)], b[usize::from(at)]);
        both += a * b;
        first += a * a;
        second += b * b;
    }
    both / f32::sqrt(first * second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(seed: u64, noise: f32, of: u64) -> Vec<f32> {
        let bits = |mut state: u64| {
            move || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 40) as f32 / (1u64 << 24) as f32
            }
        };
        let (mut colour, mut disturb) = (bits(seed), bits(of));
        (0..441)
            .map(|_| {
                let sign = if colour() < 0.5 { 1.0 } else { -1.0 };
                (sign + noise * (disturb() - 0.5)).clamp(-1.0, 1.0)
            })
            .collect()
    }

    #[test]
    fn noise_averages_out() {
        let (mut accumulator, mut out) = (Accumulator::default(), Vec::new());
        let truth = symbol(7, 0.0, 1);
        let wrong = |seen: &[f32]| seen.iter().zip(&truth).filter(|(a, b)| a.signum() != b.signum()).count();
        let single = wrong(&symbol(7, 3.0, 1));
        for frame in 0..12u64 {
            accumulator.advance();
            assert_eq!(accumulator.add(Layout::of(1), &symbol(7, 3.0, frame + 1), &mut out), frame > 0);
        }
        assert!(single > 50 && wrong(&out) < single / 4, "{single} {}", wrong(&out));
    }

    #[test]
    fn two_symbols_are_never_mixed() {
        let (mut accumulator, mut out) = (Accumulator::default(), Vec::new());
        accumulator.advance();
        assert!(!accumulator.add(Layout::of(1), &symbol(7, 1.0, 1), &mut out));
        accumulator.advance();
        assert!(
            !accumulator.add(Layout::of(1), &symbol(8, 1.0, 2), &mut out),
            "another one of the same size"
        );
        accumulator.advance();
        assert!(accumulator.add(Layout::of(1), &symbol(8, 1.0, 3), &mut out));
        let truth = symbol(8, 0.0, 1);
        assert!(out.iter().zip(&truth).all(|(a, b)| a.signum() == b.signum()));
    }

    #[test]
    fn what_is_long_gone_is_forgotten() {
        let (mut accumulator, mut out) = (Accumulator::default(), Vec::new());
        accumulator.advance();
        accumulator.add(Layout::of(1), &symbol(7, 1.0, 1), &mut out);
        (0..=FRAMES).for_each(|_| accumulator.advance());
        assert!(!accumulator.add(Layout::of(1), &symbol(7, 1.0, 2), &mut out));
    }
}
