//! Limits of what the station reads from outside: files, devices, and the back office's answers.

use std::time::Duration;

/// Longest `station.json` in bytes.
pub const SETTINGS_BYTES: u64 = 64 * 1024;
/// Longest name of a station in characters.
pub const NAME_CHARS: usize = 64;
/// Longest small file of the station's folder (keys, pin, clock, checkpoint) in bytes.
pub const SMALL_FILE_BYTES: u64 = 256;
/// Longest file of wrong tries in bytes: a line of at most 28 for each person, and one for all others.
pub const TRIES_BYTES: u64 = 32 * (gate::limits::COUNTED_PEOPLE as u64 + 1);
/// Longest file of changes that were made here, in bytes: for each a line with a report in hexadecimal digits,
/// whom it is about, and little more.
pub const CHANGES_BYTES: u64 =
    (128 + 2 * wire::limits::REPORT_BYTES as u64 + gate::limits::SUBJECT_BYTES as u64)
        * gate::limits::CHANGES as u64;
/// Longest path of a folder to which reports are exported, in bytes.
pub const EXPORT_PATH_BYTES: usize = 4096;
/// Longest file that says that a station is withdrawn, in bytes.
pub const WITHDRAWAL_BYTES: u64 = 128 + wire::limits::CONTACT_BYTES as u64 + EXPORT_PATH_BYTES as u64;
/// Heads of the office's audit log that are kept.
pub const HEADS: usize = 32;
/// Longest file of heads in bytes: a count of at most 20 digits and a hash a line.
pub const HEADS_BYTES: u64 = (20 + 1 + 64 + 1) * HEADS as u64;
/// Longest sentence of a GPS receiver that is read, in bytes; NMEA 0183 has 82.
pub const NMEA_BYTES: usize = 102;
/// Most serial devices that are asked for a place.
pub const GPS_DEVICES: usize = 8;
/// Longest file under `/sys` that is read, in bytes.
pub const SYS_FILE_BYTES: u64 = 64;
/// Longest file that names the operating system, in bytes.
pub const OS_RELEASE_BYTES: u64 = 4096;
/// Most power supplies that are looked at.
pub const POWER_SUPPLIES: usize = 16;
/// Longest table of mounts that is read, in bytes.
pub const MOUNTS_BYTES: u64 = 1024 * 1024;
/// Most sticks that are looked at.
pub const STICKS: usize = 8;
/// Longest name of a stick that is shown, in characters.
pub const STICK_NAME_CHARS: usize = 40;
/// Most batches that are written to a stick at once.
pub const STICK_BATCHES: usize = 64;
/// Longest file with as many batches, in bytes.
pub const STICK_REPORTS_BYTES: usize = STICK_BATCHES * (wire::limits::BATCH_BYTES + 5) + 64;
/// Longest file that says which state of the office's database is the newest, in bytes.
pub const GENERATION_BYTES: u64 = 20 + 1 + 32 + 1;

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
/// Lowest rate at which an upload or an answer is waited for, in bytes a second: half of a line of
/// 2 KB/s.
pub const LOWEST_RATE: u64 = 1024;
/// Longest body of a refusal in bytes.
pub const PROBLEM_BYTES: usize = 4096;
/// Longest entity tag that is kept, in bytes.
pub const ENTITY_TAG_BYTES: usize = 128;
/// Most bytes of unfinished downloads that are kept: as many as an enrolment may bring.
pub const SHELF_BYTES: usize = 4 * wire::limits::TRUST_FILE_BYTES;
/// Most texts of a hand scanner that wait for the entrance: it takes one, and shows the next page.
pub const SCANS: usize = 4;

const _: () = assert!(STICK_BATCHES <= wire::limits::EXPORT_BATCHES);
