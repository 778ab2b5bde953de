//! The disk under the station's folder: room, and a sealed probe that is written, read back and erased.

use std::path::Path;

use disk::{Access, DiskError};
use gate::window::workbench::{TestFailure, TestFinding};
use health_code::{KeyId, Timestamp};
use wire::seal::ChainPlace;
use wire::{ClockState, Health, RecordId, Report, StationId, StreamId};

use super::Tried;
use crate::entropy::{self, Generator};
use crate::limits::RESERVE_BYTES;

const MEGABYTE: u64 = 1024 * 1024;
/// Less free room is too little for the days without a network, in bytes.
pub(super) const ENOUGH: u64 = 200 * MEGABYTE;

/// Writes a probe, reads it back and erases it. `between` happens before it is read.
pub(super) fn write(path: &Path, probe: &[u8], enough: u64, between: impl FnOnce(&Path)) -> Tried {
    let dir = path.parent().ok_or(TestFailure::NotTried)?;
    let room = rustix::fs::statvfs(dir).map_err(|_| TestFailure::DiskNotWritable)?;
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let written = disk::replace(path, probe, Access::Owner);
    if let Err(error) = written {
        let _ = std::fs::remove_file(path);
        let is_full = matches!(&error, DiskError::Io { source, .. }
            if source.kind() == std::io::ErrorKind::StorageFull);
        let free = free / MEGABYTE;
        return Err(if is_full { TestFailure::DiskFull { free } } else { TestFailure::DiskNotWritable });
    }
    between(path);
    let limit = u64::try_from(probe.len()).unwrap_or(u64::MAX);
    let is_same = disk::read(path, limit).is_ok_and(|read| read == probe);
    let is_gone = disk::erase(path).is_ok();
    if !is_same || !is_gone {
        return Err(TestFailure::DiskAltered);
    }
    if free < enough {
        return Err(TestFailure::DiskFull { free: free / MEGABYTE });
    }
    let reserve = dir.join("reserve").metadata();
    if !reserve.is_ok_and(|reserve| reserve.len() >= RESERVE_BYTES) {
        return Err(TestFailure::NoReserve);
    }
    Ok(TestFinding::Written { free: free / MEGABYTE })
}

/// Seals a report of nothing to the office's key; `None` if that key is unusable.
pub(super) fn sealed(
    station: StationId,
    kid: KeyId,
    key: &[u8; 32],
    now: Timestamp,
    rng: &mut Generator,
) -> Option<Vec<u8>> {
    let (stream, record) = (entropy::bytes().ok()?, entropy::bytes().ok()?);
    let place =
        ChainPlace { station, stream: StreamId(stream), seq: 0, record: RecordId(record), link: [0; 32] };
    let nothing = Health { at: now.0, clock: ClockState::Wrong, refusals: Vec::new(), wrong_tries: 0 };
    let sealed = wire::seal::seal(&Report::Health(nothing), &place, kid, key, rng).ok()?;
    Some(sealed.ciphertext)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("reserve"), vec![0; RESERVE_BYTES as usize]).unwrap();
        let probe = dir.path().join("self-test");
        (dir, probe)
    }

    #[test]
    fn a_probe_is_written_read_and_leaves_nothing() {
        let (_dir, probe) = folder();
        let tried = write(&probe, b"probe", 0, |path| assert!(path.exists()));
        assert!(matches!(tried, Ok(TestFinding::Written { .. })), "{tried:?}");
        assert!(!probe.exists());
    }

    #[test]
    fn a_disk_fails_if_it_is_gone_full_alters_what_it_holds_or_has_no_reserve() {
        let (dir, probe) = folder();
        let gone = dir.path().join("gone").join("self-test");
        assert_eq!(write(&gone, b"probe", 0, |_| ()), Err(TestFailure::DiskNotWritable));
        // Nothing can be written where the probe's name is taken by a folder.
        let (_taken, inside) = folder();
        std::fs::create_dir_all(inside.join("inside")).unwrap();
        assert_eq!(write(&inside, b"probe", 0, |_| ()), Err(TestFailure::DiskNotWritable));
        let full = write(&probe, b"probe", u64::MAX, |_| ());
        assert!(matches!(full, Err(TestFailure::DiskFull { .. })), "{full:?}");
        let altered = write(&probe, b"probe", 0, |path| std::fs::write(path, b"prope").unwrap());
        assert_eq!(altered, Err(TestFailure::DiskAltered));
        let lost = write(&probe, b"probe", 0, |path| std::fs::remove_file(path).unwrap());
        assert_eq!(lost, Err(TestFailure::DiskAltered));
        std::fs::write(dir.path().join("reserve"), b"small").unwrap();
        assert_eq!(write(&probe, b"probe", 0, |_| ()), Err(TestFailure::NoReserve));
    }

    #[test]
    fn the_probe_is_as_long_as_a_report_and_nobody_here_can_read_it() {
        let key = wire::seal::recipient_key(&[9; 32]).unwrap();
        let mut rng = entropy::rng().unwrap();
        let probe = sealed(StationId([5; 16]), KeyId([1; 8]), &key, Timestamp(1), &mut rng).unwrap();
        assert!(probe.len() > wire::limits::REPORT_BYTES);
    }
}
