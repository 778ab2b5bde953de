//! A file that reserves disk space beside the outbox. It is removed when the disk is full, so that
//! the outbox can still be emptied: deleting rows writes to the log first.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::FallocateFlags;

use crate::limits::RESERVE_BYTES;

fn file(outbox: &Path) -> PathBuf {
    outbox.with_file_name("reserve")
}

/// Reserves the space if there is any. The outbox works without the reserve.
pub(super) fn keep(outbox: &Path) {
    let path = file(outbox);
    if path.metadata().is_ok_and(|there| there.len() >= RESERVE_BYTES) {
        return;
    }
    let made = File::options().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let kept = made.and_then(|file| {
        rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, RESERVE_BYTES).map_err(Into::into)
    });
    if let Err(error) = kept {
        tracing::warn!(%error, "no room could be set aside beside the outbox");
        let _ = std::fs::remove_file(path);
    }
}

/// Frees the reserve; returns `false` where there was none.
pub(super) fn release(outbox: &Path) -> bool {
    std::fs::remove_file(file(outbox)).is_ok()
}
