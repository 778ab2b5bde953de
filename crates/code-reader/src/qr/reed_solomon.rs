//! Corrects one Reed–Solomon block with errors (place unknown) and erasures (place known).
//!
//! The generator's roots are α⁰ … α^(parity−1) (ISO/IEC 18004, 7.5.2). The steps are syndromes,
//! Berlekamp–Massey begun from the erasures' locator, Chien's search and Forney's algorithm (Blahut,
//! Theory and Practice of Error Control Codes, chapters 7 and 9).

use super::galois::{EXP, POWERS, TIMES, div, mul};

/// Most check codewords of a block in any version.
pub(super) const MOST_PARITY: usize = 30;
/// Most codewords of a block: the field has no more non-zero elements.
pub(super) const MOST_LENGTH: usize = 255;

type Polynomial = [u8; POWERS];

/// Returns the syndromes of a block. The first `parity` of them count, and are all 0 if the block has no
/// error.
pub(super) fn syndromes(block: &[u8], parity: usize) -> [u8; MOST_PARITY] {
    let mut sums = [0; MOST_PARITY];
    let sums_used = &mut sums[..parity.min(MOST_PARITY)];
    for &codeword in block {
        for (sum, times) in sums_used.iter_mut().zip(&TIMES) {
            *sum = times[usize::from(*sum)] ^ codeword;
        }
    }
    sums
}

/// Corrects a block in place, given its syndromes and the erased places, counted from its front.
///
/// Returns `false` and leaves the block as it was, unless 2·errors + erasures ≤ parity − reserve and the
/// corrected block's syndromes are 0.
pub(super) fn correct(
    block: &mut [u8],
    parity: usize,
    syndromes: &[u8; MOST_PARITY],
    erased: &[u8],
    reserve: usize,
) -> bool {
    let length = block.len();
    if parity > MOST_PARITY || length > MOST_LENGTH || length <= parity || erased.len() + reserve > parity {
        return false;
    }
    let Some((locator, degree)) = locate(length, parity, syndromes, erased) else { return false };
    if degree < erased.len() || 2 * (degree - erased.len()) + erased.len() + reserve > parity {
        return false;
    }
    let Some(places) = roots(&locator, degree, length) else { return false };
    let evaluator = evaluator(&locator, degree, syndromes, parity);
    let mut fixes = [0; POWERS];
    for (fix, &place) in fixes.iter_mut().zip(&places[..degree]) {
        let power = length - 1 - usize::from(place);
        let inverse = EXP[255 - power];
        let top = evaluate(&evaluator[..parity], inverse);
        // The formal derivative keeps the odd terms only, each one power lower.
        let (mut bottom, mut x) = (0, 1);
        for term in locator[..=degree].iter().skip(1).step_by(2) {
            bottom ^= mul(*term, x);
            x = mul(x, mul(inverse, inverse));
        }
        if bottom == 0 {
            return false;
        }
        *fix = mul(EXP[power], div(top, bottom));
    }
    let toggle = |block: &mut [u8]| {
        for (&place, &fix) in places[..degree].iter().zip(&fixes) {
            block[usize::from(place)] ^= fix;
        }
    };
    toggle(block);
    if self::syndromes(block, parity)[..parity].iter().all(|&sum| sum == 0) {
        return true;
    }
    toggle(block);
    false
}

/// Runs Berlekamp–Massey. Returns the locator of errors and erasures together, and its degree.
fn locate(
    length: usize,
    parity: usize,
    syndromes: &[u8; MOST_PARITY],
    erased: &[u8],
) -> Option<(Polynomial, usize)> {
    let mut locator: Polynomial = [0; POWERS];
    locator[0] = 1;
    for (known, &place) in erased.iter().enumerate() {
        let power = (length - 1).checked_sub(usize::from(place))?;
        for i in (0..=known).rev() {
            locator[i + 1] ^= mul(locator[i], EXP[power]);
        }
    }
    let erasures = erased.len();
    let mut before = locator;
    let mut span = erasures;
    for round in erasures + 1..=parity {
        let mut discrepancy = 0;
        for i in 0..round {
            discrepancy ^= mul(locator[i], syndromes[round - 1 - i]);
        }
        before.copy_within(0..POWERS - 1, 1);
        before[0] = 0;
        if discrepancy == 0 {
            continue;
        }
        let old = locator;
        for (term, &earlier) in locator.iter_mut().zip(&before) {
            *term ^= mul(discrepancy, earlier);
        }
        if 2 * span < round + erasures {
            span = round + erasures - span;
            before = old.map(|term| div(term, discrepancy));
        }
    }
    let degree = locator.iter().rposition(|&term| term != 0)?;
    (degree == span).then_some((locator, degree))
}

/// Runs Chien's search. Returns the places that the locator points at, if as many of them lie inside the
/// block as its degree says.
fn roots(locator: &Polynomial, degree: usize, length: usize) -> Option<Polynomial> {
    let mut terms = *locator;
    // At the block's front x is α^−(length−1). Each further place multiplies it by α.
    let front = 255 - (length - 1);
    for (j, term) in terms[..=degree].iter_mut().enumerate() {
        *term = mul(*term, EXP[front * j % 255]);
    }
    let mut places: Polynomial = [0; POWERS];
    let mut found = 0;
    for place in 0..length {
        let mut sum = 0;
        for (term, times) in terms[..=degree].iter_mut().zip(&TIMES) {
            sum ^= *term;
            *term = times[usize::from(*term)];
        }
        if sum == 0 {
            if found == degree {
                return None;
            }
            places[found] = place as u8;
            found += 1;
        }
    }
    (found == degree).then_some(places)
}

/// Returns syndromes times locator, without the terms from x^parity on.
fn evaluator(
    locator: &Polynomial,
    degree: usize,
    syndromes: &[u8; MOST_PARITY],
    parity: usize,
) -> [u8; MOST_PARITY] {
    let mut product = [0; MOST_PARITY];
    for (i, term) in product[..parity].iter_mut().enumerate() {
        for j in 0..=i.min(degree) {
            *term ^= mul(locator[j], syndromes[i - j]);
        }
    }
    product
}

fn evaluate(polynomial: &[u8], x: u8) -> u8 {
    polynomial.iter().rev().fold(0, |sum, &term| mul(sum, x) ^ term)
}
