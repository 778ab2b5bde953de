//! Since when the office's database is in the state that this station knows. A stick may be late: a receipt from
//! before the office was restored acknowledges what the office may not have any more.

use disk::{Access, DiskError};
use health_code::Timestamp;
use wire::{Generation, Receipt};

use crate::folder::Folder;
use crate::limits::GENERATION_BYTES;

/// The newest state, and the time of the first receipt that told of it.
#[derive(Debug, Default)]
pub(super) struct Newest(Option<(Timestamp, Generation)>);

impl Newest {
    /// Reads what a folder keeps. A file that is damaged counts as none.
    pub(super) fn load(folder: &Folder) -> Self {
        let read = disk::read_if_there(&folder.generation(), GENERATION_BYTES);
        let read =
            read.inspect_err(|error| tracing::error!(%error, "the office's generation")).ok().flatten();
        Self(read.as_deref().and_then(parse))
    }

    /// Returns whether a receipt is of an earlier state.
    pub(super) fn is_past(&self, receipt: &Receipt) -> bool {
        self.0.is_some_and(|(since, newest)| receipt.generation != newest && receipt.time < since.0)
    }

    /// Hears a receipt's state, and writes a new one down.
    ///
    /// # Errors
    /// [`DiskError`]; what is known in memory is the new one all the same.
    pub(super) fn hear(&mut self, receipt: &Receipt, folder: &Folder) -> Result<(), DiskError> {
        if self.0.is_some_and(|(_, newest)| newest == receipt.generation) {
            return Ok(());
        }
        self.0 = Some((Timestamp(receipt.time), receipt.generation));
        let line = format!("{} {}\n", receipt.time, receipt.generation);
        disk::replace(&folder.generation(), line.as_bytes(), Access::Owner)
    }
}

fn parse(bytes: &[u8]) -> Option<(Timestamp, Generation)> {
    let (since, generation) = std::str::from_utf8(bytes).ok()?.trim_end().split_once(' ')?;
    Some((Timestamp(since.parse().ok()?), generation.parse().ok()?))
}
