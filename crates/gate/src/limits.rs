//! Bounds on what people, networks and files may make the gate hold or wait for.
//!
//! Waits and countdowns are no such bounds: each stands beside its rule.

use std::time::Duration;

/// Longest phone number and PIN that are looked at, in characters.
pub const SIGN_IN_CHARS: usize = 32;
/// Longest name of a checkpoint, in characters.
pub const CHECKPOINT_NAME_CHARS: usize = 40;
/// Codes that are remembered at once as just dismissed.
pub const DISMISSED_CODES: usize = 8;
/// People who are remembered as just recorded, in each of two generations.
pub const JUST_RECORDED: usize = 4096;
/// Longest time for which somebody counts as just recorded, whatever the policy says.
pub const REPEAT_WINDOW: Duration = Duration::from_secs(3600);
/// Reports that failed, and that are kept to be tried again.
pub const UNSAVED_REPORTS: usize = 256;
/// Longest `Retry-After` of a server that is obeyed.
pub const RETRY_AFTER: Duration = Duration::from_secs(3600);
