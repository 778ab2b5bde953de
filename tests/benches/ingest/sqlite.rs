//! SQLite as it is after a day.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

/// Megabytes at which the office's log is written back (`wal_autocheckpoint`), and a few more.
const LOG_MEGABYTES: usize = 70;

/// Brings the log of an open database to its full length. From then on it is overwritten, and no commit has
/// to wait until the file system has made a file longer.
pub fn fill_log(path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(Duration::from_secs(60)).unwrap();
    let table = "PRAGMA wal_autocheckpoint = 16384; CREATE TABLE filler (megabyte BLOB);
        INSERT INTO filler VALUES (zeroblob(1000000));";
    connection.execute_batch(table).unwrap();
    for _ in 0..LOG_MEGABYTES {
        connection.execute("UPDATE filler SET megabyte = randomblob(1000000)", []).unwrap();
    }
    connection.execute_batch("DROP TABLE filler").unwrap();
    connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).unwrap();
}
