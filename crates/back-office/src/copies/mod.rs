//! Copies of what arrived, on another disk, before it is acknowledged.
//!
//! A backup lacks what came after it. Whoever wants to lose nothing gives the office a folder on another
//! disk: each batch is written there, as its station signed it, and brought to disk before the receipt
//! is signed; and so is each enrolment. [`replay`] gives them to a restored database, which knows what it
//! has. Reports are sealed, so the folder says of people no more than a station's outbox does.
//!
//! The folder holds segments. A new one begins with each start, after an error, and where one is full.
//! Nothing here removes them: segments that are older than the oldest backup are needed no more.

mod replay;
mod segment;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use health_code::Timestamp;
use tokio::sync::oneshot;

use crate::system::{self, NoRandomness};

pub use replay::{ReplayError, Replayed, replay};
pub use segment::Kind;
use segment::Segment;

/// A segment of this length is followed by another one.
const SEGMENT_BYTES: u64 = 64 * 1024 * 1024;
/// Most bytes that are brought to disk together.
const TOGETHER_BYTES: usize = 4 * 1024 * 1024;

/// Why a message has no copy. Nothing of it may be acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The folder's disk refused.
    #[error("the folder of copies: {0}")]
    Disk(String),
    /// The thread that writes ended.
    #[error("the folder of copies is not written any more")]
    Ended,
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Writes messages into a folder, from one thread: what several requests hand in at the same time is
/// brought to disk once. The thread ends with the last handle.
#[derive(Debug, Clone)]
pub struct Copies(Sender<Job>);

#[derive(Debug)]
struct Job {
    record: Vec<u8>,
    now: Timestamp,
    done: oneshot::Sender<Result<(), String>>,
}

impl Copies {
    /// Opens a folder, and makes it if there is none.
    ///
    /// # Errors
    /// [`CopyError`]: a folder in which nothing can be written.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, CopyError> {
        let said = |error: disk::DiskError| CopyError::Disk(error.to_string());
        disk::private_folder(folder).map_err(said)?;
        // The name of a segment is its own, whatever the clock says and however many offices write here.
        let own: [u8; 4] = system::random()?;
        let mut writer = Writer { folder: folder.to_owned(), own, count: 0, segment: None };
        // A disk that refuses is told at the start, and not by the first station.
        writer.write(&[], now).map_err(|error| CopyError::Disk(error.to_string()))?;
        let (sender, jobs) = channel();
        let thread = std::thread::Builder::new().name("copies".to_owned());
        thread.spawn(move || run(writer, &jobs)).map_err(|error| CopyError::Disk(error.to_string()))?;
        Ok(Self(sender))
    }

    /// Writes a message and returns once it is on the disk.
    ///
    /// # Errors
    /// [`CopyError`].
    pub async fn keep(&self, kind: Kind, message: &[u8], now: Timestamp) -> Result<(), CopyError> {
        let (done, kept) = oneshot::channel();
        let record = segment::record(kind, message, now);
        self.0.send(Job { record, now, done }).map_err(|_| CopyError::Ended)?;
        kept.await.map_err(|_| CopyError::Ended)?.map_err(CopyError::Disk)
    }
}

fn run(mut writer: Writer, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let now = first.now;
        let (mut bytes, mut waiting) = (first.record, vec![first.done]);
        while bytes.len() < TOGETHER_BYTES
            && let Ok(job) = jobs.try_recv()
        {
            bytes.extend_from_slice(&job.record);
            waiting.push(job.done);
        }
        let written = writer.write(&bytes, now).map_err(|error| error.to_string());
        for done in waiting {
            // Whoever waited may be gone: a request that was broken off.
            let _ = done.send(written.clone());
        }
    }
}

struct Writer {
    folder: PathBuf,
    own: [u8; 4],
    count: u32,
    segment: Option<Segment>,
}

impl Writer {
    /// Appends records and brings them to disk. After an error another segment begins: the end of this
    /// one may be torn.
    fn write(&mut self, records: &[u8], now: Timestamp) -> io::Result<()> {
        let mut segment = match self.segment.take() {
            Some(segment) if segment.bytes() < SEGMENT_BYTES => segment,
            _ => self.next(now)?,
        };
        segment.append(records)?;
        self.segment = Some(segment);
        Ok(())
    }

    fn next(&mut self, now: Timestamp) -> io::Result<Segment> {
        self.count += 1;
        let name = segment::name(now, self.own, self.count);
        let segment = Segment::create(&self.folder.join(name))?;
        disk::sync(&self.folder).map_err(io::Error::other)?;
        Ok(segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_583_000_000);

    fn messages(folder: &Path) -> Vec<(Kind, Vec<u8>, Timestamp)> {
        let read = |path: PathBuf| segment::read(&path).unwrap().records;
        let records = segment::all(folder).unwrap().into_iter().flat_map(read);
        records.map(|record| (record.kind, record.message, record.received)).collect()
    }

    #[tokio::test]
    async fn what_is_kept_is_there_in_its_order_over_several_starts() {
        let folder = tempfile::tempdir().unwrap();
        let mut expected = Vec::new();
        for start in 0..3 {
            let now = NOW.plus(start);
            let copies = Copies::open(folder.path(), now).unwrap();
            for n in 0..3 {
                let kind = if n == 0 { Kind::Enrolment } else { Kind::Batch };
                let message = vec![n; 300 * usize::from(n)];
                copies.keep(kind, &message, now).await.unwrap();
                expected.push((kind, message, now));
            }
        }
        assert_eq!(messages(folder.path()), expected);
    }

    #[tokio::test]
    async fn many_at_once_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let copies = Copies::open(folder.path(), NOW).unwrap();
        let all = (0..100_u8).map(|n| {
            let copies = copies.clone();
            async move { copies.keep(Kind::Batch, &[n], NOW).await.unwrap() }
        });
        futures_util::future::join_all(all).await;
        let mut kept: Vec<u8> =
            messages(folder.path()).into_iter().map(|(_, message, _)| message[0]).collect();
        kept.sort_unstable();
        assert_eq!(kept, (0..100).collect::<Vec<u8>>());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(Copies::open(&file.join("copies"), NOW), Err(CopyError::Disk(_))));
    }
}
