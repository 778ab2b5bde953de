//! What lies in the files of a station and of an office, read from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use wire::{Carried, RecordId, Report, SealedReport, StationId, StreamId};

use crate::ledger::Code;

/// Why files could not be read.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Returns how often an office has filed each code.
pub fn filed(office: &Path) -> Result<BTreeMap<Code, u64>, Failure> {
    let db = Connection::open_with_flags(office.join("office.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    let mut statement = db.prepare("SELECT code, count(*) FROM passages GROUP BY code")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A row of an outbox.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its place in the file.
    pub place: i64,
    /// The report as it waits.
    pub sealed: SealedReport,
    /// The code in it; `None` where it is no passage, or can't be opened.
    pub code: Option<Code>,
}

/// Opens what stations sealed, as the office would.
#[derive(Debug, Clone)]
pub struct Opener {
    /// The station whose reports are opened.
    pub station: StationId,
    /// The office's private key.
    pub sealing: [u8; 32],
}

impl Opener {
    /// Returns what waits in an outbox, as far as it reads, and leaves its files as they are.
    pub fn rows(&self, outbox: &Path) -> Result<Vec<Row>, Failure> {
        if !outbox.exists() {
            return Ok(Vec::new());
        }
        // The log belongs to it; the station shall find both as a power cut left them.
        let copies = tempfile::tempdir()?;
        let copy = copies.path().join("outbox.sqlite");
        std::fs::copy(outbox, &copy)?;
        let log = with_suffix(outbox, "-wal");
        if log.exists() {
            std::fs::copy(log, with_suffix(&copy, "-wal"))?;
        }
        let db = Connection::open(&copy)?;
        let mut statement = db
            .prepare("SELECT place, record, stream, seq, kid, link, ciphertext FROM report ORDER BY place")?;
        let rows = statement.query_map([], |row| {
            let sealed = SealedReport {
                record: RecordId(row.get(1)?),
                stream: StreamId(row.get(2)?),
                seq: row.get::<_, i64>(3)?.unsigned_abs(),
                kid: health_code::KeyId(row.get(4)?),
                link: row.get(5)?,
                ciphertext: row.get(6)?,
            };
            Ok((row.get(0)?, sealed))
        })?;
        let readable = rows.map_while(Result::ok);
        Ok(readable.map(|(place, sealed)| Row { place, code: self.code(&sealed), sealed }).collect())
    }

    /// Returns the codes that wait in an outbox.
    pub fn codes(&self, outbox: &Path) -> Result<BTreeSet<Code>, Failure> {
        Ok(self.rows(outbox)?.into_iter().filter_map(|row| row.code).collect())
    }

    fn code(&self, sealed: &SealedReport) -> Option<Code> {
        match wire::seal::open(sealed, self.station, &self.sealing) {
            Ok(Report::Passage(passage)) => match passage.code {
                Carried::Whole(code) => Some(code),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Returns the name of a file that SQLite keeps beside a database.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
