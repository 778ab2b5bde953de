//! Heads of the office's audit log, as receipts showed them. A station that keeps them is a witness: the log
//! cannot be cut short or written anew unnoticed.
//!
//! The file `heads` is a witness file itself: a head a line, the newest last.

use std::path::Path;

use disk::{Access, DiskError};
use wire::AuditHead;

use crate::folder::Folder;
use crate::limits::{HEADS, HEADS_BYTES};
use crate::settings::{SettingsError, StationFile};

/// The newest heads, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Heads(Vec<AuditHead>);

impl Heads {
    /// Reads what a folder keeps. A file that is damaged is put aside: a station works without it.
    pub(crate) fn load(folder: &Folder) -> Self {
        let read = disk::read_if_there(&folder.heads(), HEADS_BYTES);
        let heads = match &read {
            Ok(None) => return Self::default(),
            Ok(Some(bytes)) => Self::parse(bytes),
            Err(error) => {
                tracing::error!(%error, "heads of the audit log");
                None
            }
        };
        heads.unwrap_or_else(|| {
            let aside = std::fs::rename(folder.heads(), folder.damaged_heads());
            tracing::error!(put_aside = aside.is_ok(), "the file of heads of the audit log is damaged");
            Self::default()
        })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let lines = std::str::from_utf8(bytes).ok()?.lines();
        let heads: Vec<AuditHead> = lines.map(|line| line.parse().ok()).collect::<Option<_>>()?;
        (heads.len() <= HEADS).then_some(Self(heads))
    }

    /// Takes a head in, unless it is kept already or is that of a log without entries. Returns whether there is
    /// something to write.
    pub(crate) fn take(&mut self, head: AuditHead) -> bool {
        if head == AuditHead::EMPTY || self.0.contains(&head) {
            return false;
        }
        self.0.push(head);
        let over = self.0.len().saturating_sub(HEADS);
        self.0.drain(..over);
        true
    }

    /// Writes them down.
    pub(crate) fn keep(&self, folder: &Folder) -> Result<(), DiskError> {
        disk::replace(&folder.heads(), self.text().as_bytes(), Access::Owner)
    }

    fn text(&self) -> String {
        self.0.iter().map(|head| format!("{head}\n")).collect()
    }
}

/// Returns the heads that the station of a folder saw, as a witness file for `back-office audit verify`. Several
/// stations' files may be joined. The station may run meanwhile.
///
/// # Errors
/// [`SettingsError`]: the folder is no station's.
pub fn witness(dir: &Path) -> Result<String, SettingsError> {
    let folder = Folder::new(dir);
    let file = StationFile::load(&folder.settings())?;
    // A damaged file is put aside by the running station alone.
    let bytes = disk::read_if_there(&folder.heads(), HEADS_BYTES)?.unwrap_or_default();
    let heads = Heads::parse(&bytes).ok_or_else(|| SettingsError::Disk(damaged(&folder)))?;
    Ok(format!("# station {}\n{}", file.station()?, heads.text()))
}

fn damaged(folder: &Folder) -> DiskError {
    DiskError::Damaged { path: folder.heads(), expected: "heads of an audit log" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::enrolled;

    fn head(count: u64) -> AuditHead {
        AuditHead { count, hash: [count as u8; 32] }
    }

    #[test]
    fn the_newest_thirty_two_different_ones_outlive_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        let mut heads = Heads::load(&folder);
        assert!(!heads.take(AuditHead::EMPTY), "every log begins so");
        for count in 1..=40 {
            assert!(heads.take(head(count)));
            assert!(!heads.take(head(count)), "it is kept already");
        }
        // An office whose log was cut, or a second one that lags behind.
        assert!(!heads.take(head(39)) && heads.take(head(3)));
        heads.keep(&folder).unwrap();
        let read = Heads::load(&folder);
        let counts: Vec<_> = read.0.iter().map(|head| head.count).collect();
        assert_eq!(counts, (10..=40).chain([3]).collect::<Vec<_>>());
        assert_eq!(read, heads);
    }

    #[test]
    fn the_longest_file_is_read() {
        let heads =
            Heads((0..HEADS).map(|n| AuditHead { count: u64::MAX - n as u64, hash: [7; 32] }).collect());
        assert!(heads.text().len() as u64 <= HEADS_BYTES);
        assert_eq!(Heads::parse(heads.text().as_bytes()), Some(heads));
    }

    #[test]
    fn a_damaged_file_is_put_aside_and_the_next_head_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        let longer = Heads((0..=HEADS as u64).map(head).collect()).text();
        for bad in ["7 ab\n", "\u{0}", "x".repeat(5000).as_str(), longer.as_str()] {
            std::fs::write(folder.heads(), bad).unwrap();
            let mut heads = Heads::load(&folder);
            assert_eq!(heads, Heads::default(), "{bad}");
            assert_eq!(std::fs::read_to_string(folder.damaged_heads()).unwrap(), bad);
            heads.take(head(1));
            heads.keep(&folder).unwrap();
            assert_eq!(Heads::load(&folder), heads);
        }
    }

    #[test]
    fn a_witness_names_its_station_and_is_had_from_a_station_only() {
        let dir = tempfile::tempdir().unwrap();
        assert!(witness(dir.path()).is_err());
        enrolled(dir.path());
        let named = format!("# station {}\n", crate::testing::STATION);
        assert_eq!(witness(dir.path()).unwrap(), named);
        let folder = Folder::new(dir.path());
        let mut heads = Heads::default();
        heads.take(head(7));
        heads.keep(&folder).unwrap();
        assert_eq!(witness(dir.path()).unwrap(), format!("{named}{}\n", head(7)));
        std::fs::write(folder.heads(), "x").unwrap();
        assert!(witness(dir.path()).is_err() && folder.heads().exists());
    }
}
