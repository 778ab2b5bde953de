//! Every limit and period of the station, in one place.

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

/// Wall and boot time may drift apart by this, and signed times may be ahead by this.
pub const CLOCK_SKEW: Duration = Duration::from_secs(120);
/// The heartbeat is rounded up to this, and written this often.
pub const HEARTBEAT: Duration = Duration::from_secs(600);

/// Inputs waiting for the gate's thread before their senders wait.
pub const INPUTS: usize = 256;
/// Exchanges in which a trust file that was refused is not asked for again.
pub const REFUSED_PAUSE: u32 = 10;
/// A tick at least this often.
pub const TICK: Duration = Duration::from_millis(250);
/// The battery is read this often.
pub const BATTERY_EVERY: Duration = Duration::from_secs(30);
/// The camera's newest picture is waited for this long before looking whether to go on.
pub const FRAME_WAIT: Duration = Duration::from_millis(250);
/// An outbox that could not be opened is tried again after this.
pub const OUTBOX_RETRY: Duration = Duration::from_secs(5);

/// Set aside from the disk, so that a full one can still be emptied.
pub const RESERVE_BYTES: u64 = 2 * 1024 * 1024;
/// Damaged outboxes that are kept beside the good one.
pub const DAMAGED_KEPT: u32 = 4;

/// Longest answer of the back office that is no trust file, in bytes.
pub const ANSWER_BYTES: usize = 1024 * 1024;
/// The back office must take a connection within this.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// It must not pause for longer within an answer.
pub const READ_TIMEOUT: Duration = Duration::from_secs(15);
/// A whole exchange ends within this.
pub const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(60);
/// A whole download of a trust file ends within this.
pub const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(300);
/// With nothing to send, the back office is asked for news this often.
pub const POLL: Duration = Duration::from_secs(60);
/// A station that was turned away asks again after this.
pub const WITHDRAWN_RETRY: Duration = Duration::from_secs(3600);

/// Most memory an Argon2id hash in a community file may ask for, in KiB.
pub const PIN_MEMORY_KIB: u32 = 256 * 1024;
/// Most passes it may ask for.
pub const PIN_PASSES: u32 = 16;
/// Most lanes it may ask for.
pub const PIN_LANES: u32 = 8;
