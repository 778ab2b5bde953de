//! Limits of what the station reads from outside: files, devices, and the back office's answers.

use std::time::Duration;

/// Longest `station.json` in bytes.
pub const SETTINGS_BYTES: u64 = 64 * 1024;
/// Longest name of a station in characters.
pub const NAME_CHARS: usize = 64;
/// Longest small file of the station's folder (keys, pin, clock, checkpoint) in bytes.
pub const SMALL_FILE_BYTES: u64 = 256;
/// Longest file under `/sys` that is read, in bytes.
pub const SYS_FILE_BYTES: u64 = 64;
/// Most power supplies that are looked at.
pub const POWER_SUPPLIES: usize = 16;

/// Size of the reserve, which makes space for emptying the outbox on a full disk, in bytes.
pub const RESERVE_BYTES: u64 = 2 * 1024 * 1024;
/// Number of damaged outboxes that are kept.
pub const DAMAGED_KEPT: u32 = 4;

/// Longest answer of the back office other than a trust file, in bytes.
pub const ANSWER_BYTES: usize = 1024 * 1024;
/// Longest wait for a connection to the back office.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest pause within an answer.
pub const READ_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest duration of a whole exchange.
pub const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest duration of a trust file's download.
pub const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(300);

/// Most memory an Argon2id hash in a community file may ask for, in KiB.
pub const PIN_MEMORY_KIB: u32 = 256 * 1024;
/// Most passes it may ask for.
pub const PIN_PASSES: u32 = 16;
/// Most lanes it may ask for.
pub const PIN_LANES: u32 = 8;
