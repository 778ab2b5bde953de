//! A file of copied messages: what was written is read back, and a torn end is told from it.
//!
//! ```text
//! segment = "KDCOPY1\n" record*
//! record  = length of the message (4 bytes) ‖ kind (1) ‖ received (8) ‖ message ‖ SHA-256 of all before
//! ```
//! Numbers are big-endian.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use health_code::Timestamp;
use sha2::{Digest, Sha256};
use wire::hex;

/// What a segment begins with.
const MAGIC: &[u8; 8] = b"KDCOPY1\n";
/// What a segment's name ends with.
const ENDING: &str = ".copies";
const HEAD: usize = 4 + 1 + 8;
const HASH: usize = 32;

/// Which message of the wire a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr)]
#[repr(u8)]
pub enum Kind {
    /// A batch that a station signed.
    Batch = 0,
    /// The request of a station that was enrolled.
    Enrolment = 1,
    /// The request of a station that was known again.
    Again = 2,
}

/// A record of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub kind: Kind,
    pub received: Timestamp,
    pub message: Vec<u8>,
}

/// What a segment holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    pub records: Vec<Record>,
    /// Whether bytes follow that are no whole record: a write was interrupted, and never acknowledged.
    pub is_torn: bool,
}

/// A segment that is being written.
#[derive(Debug)]
pub(super) struct Segment {
    file: File,
    bytes: u64,
}

impl Segment {
    /// Makes a segment.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(MAGIC)?;
        Ok(Self { file, bytes: MAGIC.len() as u64 })
    }

    /// Returns its length.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends records and brings them to disk.
    pub fn append(&mut self, records: &[u8]) -> io::Result<()> {
        self.file.write_all(records)?;
        self.file.sync_data()?;
        self.bytes += records.len() as u64;
        Ok(())
    }
}

/// Returns a segment's name. Names sort by the time of their beginning.
pub(super) fn name(now: Timestamp, own: [u8; 4], count: u32) -> String {
    format!("{:012}-{}-{count:06}{ENDING}", now.0.max(0), hex::encode(&own))
}

/// Returns the segments of a folder, the oldest first.
pub(super) fn all(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    let named = |path: &PathBuf| path.to_str().is_some_and(|path| path.ends_with(ENDING));
    let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).filter(named).collect();
    paths.sort();
    Ok(paths)
}

/// Encodes a record.
pub(super) fn record(kind: Kind, message: &[u8], received: Timestamp) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + message.len() + HASH);
    // Messages of the wire have half a MiB at most.
    bytes.extend_from_slice(&(message.len() as u32).to_be_bytes());
    bytes.push(kind as u8);
    bytes.extend_from_slice(&received.0.to_be_bytes());
    bytes.extend_from_slice(message);
    let hash = Sha256::digest(&bytes);
    bytes.extend_from_slice(&hash);
    bytes
}

/// Reads a segment up to the first record that is not whole.
pub(super) fn read(path: &Path) -> io::Result<Read> {
    let bytes = fs::read(path)?;
    let mut rest = bytes.strip_prefix(MAGIC).unwrap_or_default();
    let mut is_torn = !bytes.starts_with(MAGIC);
    let mut records = Vec::new();
    while !rest.is_empty() {
        let Some((record, after)) = first(rest) else {
            is_torn = true;
            break;
        };
        records.push(record);
        rest = after;
    }
    Ok(Read { records, is_torn })
}

fn first(bytes: &[u8]) -> Option<(Record, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first()?;
    let (received, rest) = rest.split_first_chunk::<8>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let (message, rest) = rest.split_at_checked(length)?;
    let (hash, rest) = rest.split_first_chunk::<HASH>()?;
    if Sha256::digest(&bytes[..HEAD + length])[..] != hash[..] {
        return None;
    }
    let received = Timestamp(i64::from_be_bytes(*received));
    Some((Record { kind: Kind::from_repr(*kind)?, received, message: message.to_vec() }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_that_was_cut_anywhere_gives_every_whole_record_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name(Timestamp(5), [1; 4], 1));
        let messages = [vec![1; 40], Vec::new(), vec![3; 7]];
        let mut ends = vec![MAGIC.len()];
        let mut bytes = MAGIC.to_vec();
        for message in &messages {
            bytes.extend_from_slice(&record(Kind::Batch, message, Timestamp(9)));
            ends.push(bytes.len());
        }
        for cut in 0..=bytes.len() {
            fs::write(&path, &bytes[..cut]).unwrap();
            let read = read(&path).unwrap();
            let whole = ends.iter().filter(|end| **end <= cut).count().saturating_sub(1);
            let found: Vec<_> = read.records.iter().map(|record| record.message.clone()).collect();
            assert_eq!(found, messages[..whole], "{cut}");
            assert_eq!(read.is_torn, !ends.contains(&cut), "{cut}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, other).unwrap();
            assert!(read(&path).unwrap().is_torn, "bit {bit}");
        }
    }
}
