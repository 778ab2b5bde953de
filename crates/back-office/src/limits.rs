//! Every limit of this crate, in one place.

use std::time::Duration;

/// A request has to arrive whole within this.
pub const BODY_TIME: Duration = Duration::from_secs(30);
/// A request has to be answered within this.
pub const REQUEST_TIME: Duration = Duration::from_secs(60);
/// Requests worked on at once; one more is asked to come back.
pub const REQUESTS: usize = 64;
/// What `Retry-After` says then, in seconds.
pub const RETRY_AFTER_SECONDS: u64 = 2;
/// How long open requests may take to end when the office stops.
pub const STOP_TIME: Duration = Duration::from_secs(10);
/// How long the head of a request may take.
pub const HEADER_TIME: Duration = Duration::from_secs(15);
/// How long a TLS handshake may take.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long another process may hold the database.
pub const DATABASE_WAIT: Duration = Duration::from_secs(5);
/// Seals opened in one round of the worker, and filed in one transaction.
pub const OPENED_AT_ONCE: usize = 200;
/// How often the worker looks by itself: for reopened rows, broken chains, changed trust files.
pub const WORKER_PAUSE: Duration = Duration::from_secs(2);
/// A report whose predecessor has not arrived counts as a gap after this many seconds.
pub const GAP_SECONDS: i64 = 600;
/// How long a ticket is good for unless said otherwise, in seconds.
pub const TICKET_SECONDS: i64 = 24 * 3600;
/// Passages, quarantined reports and alerts on the page.
pub const PAGE_ROWS: usize = 100;
/// Most passages in one answer of the list.
pub const LIST_ROWS: usize = 5000;
/// Lists of earlier trust files that stay opened in memory.
pub const TRUSTS_KEPT: usize = 8;
/// Longest key file in bytes.
pub const KEY_FILE_BYTES: u64 = 256;
