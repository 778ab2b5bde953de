//! Arithmetic in GF(256) with the QR code's polynomial x⁸+x⁴+x³+x²+1 (0x11d), by tables.

/// α to the power of the index. The table holds two periods, so that a sum of two logarithms can index it
/// directly.
pub(super) const EXP: [u8; 512] = exponents();
/// The logarithm of the index to the base α. 0 has none, and its entry is never used.
const LOG: [u8; 256] = logarithms();
/// Powers of α with a table of their own: one for each check codeword, and one more.
pub(super) const POWERS: usize = 31;
/// `TIMES[j][a]` is a·αʲ.
pub(super) static TIMES: [[u8; 256]; POWERS] = times();

const fn exponents() -> [u8; 512] {
    let mut table = [0; 512];
    let (mut i, mut value) = (0, 1u16);
    while i < 512 {
        table[i] = value as u8;
        value <<= 1;
        if value & 0x100 != 0 {
            value ^= 0x11d;
        }
        i += 1;
    }
    table
}

const fn logarithms() -> [u8; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 255 {
        table[EXP[i] as usize] = i as u8;
        i += 1;
    }
    table
}

const fn times() -> [[u8; 256]; POWERS] {
    let mut tables = [[0; 256]; POWERS];
    let mut j = 0;
    while j < POWERS {
        let mut a = 1;
        while a < 256 {
            tables[j][a] = EXP[LOG[a] as usize + j];
            a += 1;
        }
        j += 1;
    }
    tables
}

/// Returns the product.
pub(super) fn mul(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        0
    } else {
        EXP[usize::from(LOG[usize::from(a)]) + usize::from(LOG[usize::from(b)])]
    }
}

/// Returns the quotient. `b` must not be 0: the result would have no meaning, though it is no panic.
pub(super) fn div(a: u8, b: u8) -> u8 {
    if a == 0 { 0 } else { EXP[usize::from(LOG[usize::from(a)]) + 255 - usize::from(LOG[usize::from(b)])] }
}
