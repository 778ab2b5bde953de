//! What happens to the outbox of a laptop that is switched off, and what that overwrites.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, params};
use stories::dice::Dice;

use crate::books::{Failure, Opener, Row};
use crate::ledger::Code;

/// A page of SQLite, in bytes.
const PAGE: usize = 4096;
/// Most bytes of a row before its ciphertext.
const ROW_HEAD: usize = 160;

/// Something that happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wear {
    /// One bit of a report turns.
    Edited,
    /// Two reports change places with each other's names.
    Swapped,
    /// Two rows change their order.
    Reordered,
    /// The head of the chain is gone.
    Headless,
    /// Some bytes of a page are noise.
    Torn,
}

/// All of them.
pub const WEAR: [Wear; 5] = [Wear::Edited, Wear::Swapped, Wear::Reordered, Wear::Headless, Wear::Torn];

impl Wear {
    /// Does it to an outbox, and returns the codes that it overwrites. `None`: there is too little to
    /// be worn.
    pub fn out(
        self,
        outbox: &Path,
        opener: &Opener,
        dice: &mut Dice,
    ) -> Result<Option<BTreeSet<Code>>, Failure> {
        let rows = opener.rows(outbox)?;
        let [one, other] = [dice.pick(&rows), dice.pick(&rows)];
        let (Some(one), Some(other)) = (one, other) else { return Ok(None) };
        if one.place == other.place && matches!(self, Self::Swapped | Self::Reordered) {
            return Ok(None);
        }
        let both = || [one, other].into_iter().filter_map(|row| row.code.clone()).collect();
        Ok(Some(match self {
            Self::Edited => {
                let mut bytes = one.sealed.ciphertext.clone();
                let at = dice.draw(0..bytes.len() as u64);
                if let Some(byte) = usize::try_from(at).ok().and_then(|at| bytes.get_mut(at)) {
                    *byte ^= 1 << dice.draw(0..8);
                }
                set_ciphertext(&Connection::open(outbox)?, one, &bytes)?;
                one.code.iter().cloned().collect()
            }
            Self::Swapped => {
                let db = Connection::open(outbox)?;
                set_ciphertext(&db, one, &other.sealed.ciphertext)?;
                set_ciphertext(&db, other, &one.sealed.ciphertext)?;
                both()
            }
            Self::Reordered => {
                let db = Connection::open(outbox)?;
                for (from, to) in [(one.place, -1), (other.place, one.place), (-1, other.place)] {
                    db.execute("UPDATE report SET place = ?2 WHERE place = ?1", params![from, to])?;
                }
                BTreeSet::new()
            }
            Self::Headless => {
                Connection::open(outbox)?.execute("DELETE FROM head", [])?;
                BTreeSet::new()
            }
            Self::Torn => tear(outbox, one, &rows, dice)?,
        }))
    }
}

fn set_ciphertext(db: &Connection, row: &Row, ciphertext: &[u8]) -> Result<(), Failure> {
    db.execute("UPDATE report SET ciphertext = ?2 WHERE place = ?1", params![row.place, ciphertext])?;
    Ok(())
}

/// Writes noise over a part of the page that holds a row.
fn tear(outbox: &Path, row: &Row, rows: &[Row], dice: &mut Dice) -> Result<BTreeSet<Code>, Failure> {
    let db = Connection::open(outbox)?;
    let _: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    drop(db);
    let mut file = std::fs::read(outbox)?;
    let place = |row: &Row| find(&file, &row.sealed.ciphertext);
    let Some(at) = place(row) else { return Ok(BTreeSet::new()) };
    let page = at / PAGE * PAGE;
    let start = at.saturating_sub(dice.draw(0..ROW_HEAD as u64) as usize).max(page + 64);
    let end = (start + dice.draw(1..600) as usize).min(page + PAGE);
    let hit = |row: &&Row| {
        place(row).is_some_and(|at| {
            let row_start = at.saturating_sub(ROW_HEAD);
            row_start < end && start < at + row.sealed.ciphertext.len()
        })
    };
    let codes = rows.iter().filter(hit).filter_map(|row| row.code.clone()).collect();
    for byte in file.get_mut(start..end).unwrap_or_default() {
        *byte = dice.draw(0..256) as u8;
    }
    std::fs::write(outbox, file)?;
    Ok(codes)
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.get(..16)?;
    hay.windows(16).position(|window| window == first)
}
