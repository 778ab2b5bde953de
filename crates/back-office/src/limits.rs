//! Every limit of this crate, in one place.

use std::time::Duration;

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
/// How long a worker holds the reports that it opens, in seconds. If it dies, others open them then.
pub const LEASE_SECONDS: i64 = 30;
/// Passages, quarantined reports and alerts on the page.
pub const PAGE_ROWS: usize = 100;
/// Most passages in one answer of the list.
pub const LIST_ROWS: usize = 5000;
/// Lists of earlier trust files that stay opened in memory.
pub const TRUSTS_KEPT: usize = 8;
/// Longest key file in bytes.
pub const KEY_FILE_BYTES: u64 = 256;
/// Longest file of the CA, in bytes.
pub const TLS_FILE_BYTES: u64 = 16 * 1024;
