//! Separates the symbol's codewords into blocks, corrects each, and returns the data codewords.

use super::reed_solomon::{MOST_LENGTH, MOST_PARITY, correct, syndromes};

/// The error correction level: how much of a symbol is check codewords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    L,
    M,
    Q,
    H,
}

/// Check codewords that stay unused when codewords are erased. Each erasure uses up one of a block's
/// checks. With r left, a block of noise passes by chance about once in 256ʳ tries: with four once in
/// four thousand million, with two once in 65,536, which a camera reaches in minutes.
const ERASURE_RESERVE: usize = 4;
/// The first numbers of codewords to erase. The next ones are multiples of [`ERASURE_STEP`].
const FIRST_ERASURES: [usize; 2] = [2, 4];
const ERASURE_STEP: usize = 4;

/// How certain a codeword is: its least certain module, and the sum of all modules to break a tie.
pub(super) type Certainty = (f32, f32);

/// Corrects each block and appends its data codewords to `data`. Returns whether an erasure was needed.
/// `None`: a block cannot be corrected, so that there is no text.
pub(super) fn correct_all(
    codewords: &[u8],
    version: u8,
    level: Level,
    certainty: impl Fn(usize) -> Certainty,
    data: &mut Vec<u8>,
) -> Option<bool> {
    let split = Split::of(codewords.len(), version, level)?;
    let reserve = misdecode_reserve(version, level);
    let mut erased = false;
    let mut buffer = [0; MOST_LENGTH];
    for number in 0..split.blocks {
        let length = split.length(number);
        let block = buffer.get_mut(..length)?;
        for (place, codeword) in block.iter_mut().enumerate() {
            *codeword = *codewords.get(split.index(number, place))?;
        }
        let sums = syndromes(block, split.parity);
        if sums[..split.parity].iter().any(|&sum| sum != 0)
            && !correct(block, split.parity, &sums, &[], reserve)
        {
            let certain = |place| certainty(split.index(number, place));
            // The reserve that the standard asks for in the smallest symbols is given up, as other
            // decoders do. Then, as after erasures, the padding must be right.
            let given_up = reserve > 0 && correct(block, split.parity, &sums, &[], 0);
            if !given_up && !erase(block, split.parity, &sums, reserve.max(ERASURE_RESERVE), certain) {
                return None;
            }
            erased = true;
        }
        data.extend_from_slice(&block[..length - split.parity]);
    }
    Some(erased)
}

/// Erases the least certain codewords, more with each try. The unknown ones are erased from the first
/// try on.
fn erase(
    block: &mut [u8],
    parity: usize,
    syndromes: &[u8; MOST_PARITY],
    reserve: usize,
    certainty: impl Fn(usize) -> Certainty,
) -> bool {
    let most = parity.saturating_sub(reserve);
    let mut ranked = [(0.0, 0.0, 0u8); MOST_LENGTH];
    let ranked = &mut ranked[..block.len()];
    for (place, rank) in ranked.iter_mut().enumerate() {
        let (least, sum) = certainty(place);
        *rank = (least, sum, place as u8);
    }
    ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut places = [0; MOST_LENGTH];
    for (place, rank) in places.iter_mut().zip(&*ranked) {
        *place = rank.2;
    }
    let unknown = ranked.iter().take_while(|rank| rank.0 <= 0.0).count().min(most);
    let ladder = FIRST_ERASURES.into_iter().chain((ERASURE_STEP * 2..most).step_by(ERASURE_STEP));
    std::iter::once(unknown)
        .chain(ladder.filter(|&count| count > unknown && count < most))
        .chain((most > unknown).then_some(most))
        .filter(|&count| count > 0)
        .any(|count| correct(block, parity, syndromes, &places[..count], reserve))
}

/// How the codewords are interleaved: the data codewords of all blocks in turn, then the check
/// codewords in turn. Longer blocks come last (ISO/IEC 18004, 7.6).
struct Split {
    blocks: usize,
    parity: usize,
    /// Data codewords of a shorter block. A longer one has one more.
    short: usize,
    /// Number of shorter blocks.
    shorts: usize,
    total: usize,
}

impl Split {
    fn of(total: usize, version: u8, level: Level) -> Option<Split> {
        let row = usize::from(version).checked_sub(1)?;
        let blocks = usize::from(BLOCKS.get(row)?[level as usize]);
        let parity = usize::from(PARITY.get(row)?[level as usize]);
        let short = (total / blocks).checked_sub(parity)?;
        Some(Split { blocks, parity, short, shorts: blocks - total % blocks, total })
    }

    /// Returns the number of codewords in a block.
    fn length(&self, number: usize) -> usize {
        self.short + usize::from(number >= self.shorts) + self.parity
    }

    /// Returns the index of a block's codeword among all codewords of the symbol.
    fn index(&self, number: usize, place: usize) -> usize {
        let own = self.length(number) - self.parity;
        if place >= own {
            self.total - self.blocks * self.parity + (place - own) * self.blocks + number
        } else if place == self.short {
            self.short * self.blocks + number - self.shorts
        } else {
            place * self.blocks + number
        }
    }
}

/// Returns the number of data codewords, of check codewords in a block, and of blocks, for the tests.
#[cfg(test)]
pub(super) fn shape(total: usize, version: u8, level: Level) -> (usize, usize, usize) {
    let split = Split::of(total, version, level).unwrap();
    (total - split.blocks * split.parity, split.parity, split.blocks)
}

/// Returns the check codewords that the smallest symbols reserve against misdecoding: p in ISO/IEC
/// 18004, table 9.
fn misdecode_reserve(version: u8, level: Level) -> usize {
    match (version, level) {
        (1, Level::L) => 3,
        (1, Level::M) | (2, Level::L) => 2,
        (1, Level::Q | Level::H) | (3, Level::L) => 1,
        _ => 0,
    }
}

/// Check codewords of each block for L, M, Q and H, version by version (ISO/IEC 18004, table 9).
#[rustfmt::skip]
const PARITY: [[u8; 4]; 40] = [
    [7, 10, 13, 17], [10, 16, 22, 28], [15, 26, 18, 22], [20, 18, 26, 16], [26, 24, 18, 22],
    [18, 16, 24, 28], [20, 18, 18, 26], [24, 22, 22, 26], [30, 22, 20, 24], [18, 26, 24, 28],
    [20, 30, 28, 24], [24, 22, 26, 28], [26, 22, 24, 22], [30, 24, 20, 24], [22, 24, 30, 24],
    [24, 28, 24, 30], [28, 28, 28, 28], [30, 26, 28, 28], [28, 26, 26, 26], [28, 26, 30, 28],
    [28, 26, 28, 30], [28, 28, 30, 24], [30, 28, 30, 30], [30, 28, 30, 30], [26, 28, 30, 30],
    [28, 28, 28, 30], [30, 28, 30, 30], [30, 28, 30, 30], [30, 28, 30, 30], [30, 28, 30, 30],
    [30, 28, 30, 30], [30, 28, 30, 30], [30, 28, 30, 30], [30, 28, 30, 30], [30, 28, 30, 30],
    [30, 28, 30, 30], [30, 28, 30, 30], [30, 28, 30, 30], [30, 28, 30, 30], [30, 28, 30, 30],
];

/// Blocks for L, M, Q and H, version by version (ISO/IEC 18004, table 9).
#[rustfmt::skip]
const BLOCKS: [[u8; 4]; 40] = [
    [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 2, 2], [1, 2, 2, 4], [1, 2, 4, 4],
    [2, 4, 4, 4], [2, 4, 6, 5], [2, 4, 6, 6], [2, 5, 8, 8], [4, 5, 8, 8],
    [4, 5, 8, 11], [4, 8, 10, 11], [4, 9, 12, 16], [4, 9, 16, 16], [6, 10, 12, 18],
    [6, 10, 17, 16], [6, 11, 16, 19], [6, 13, 18, 21], [7, 14, 21, 25], [8, 16, 20, 25],
    [8, 17, 23, 25], [9, 17, 23, 34], [9, 18, 25, 30], [10, 20, 27, 32], [12, 21, 29, 35],
    [12, 23, 34, 37], [12, 25, 34, 40], [13, 26, 35, 42], [14, 28, 38, 45], [15, 29, 40, 48],
    [16, 31, 43, 51], [17, 33, 45, 54], [18, 35, 48, 57], [19, 37, 51, 60], [19, 38, 53, 63],
    [20, 40, 56, 66], [21, 43, 59, 70], [22, 45, 62, 74], [24, 47, 65, 77], [25, 49, 68, 81],
];
