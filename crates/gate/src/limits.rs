//! Every limit and period of the gate, in one place.

use std::time::Duration;

/// Enter and Esc are ignored for a result's first moments.
pub const DEAF: Duration = Duration::from_millis(300);
/// A pass clears itself after this.
pub const CLEAR_PASS: Duration = Duration::from_secs(20);
/// Check, stop, invalid and not judged clear themselves after this.
pub const CLEAR_OTHERS: Duration = Duration::from_secs(30);
/// "Just recorded" clears itself after this.
pub const CLEAR_AGAIN: Duration = Duration::from_secs(4);
/// The screens of R and N close themselves after this.
pub const CLEAR_ADDRESS: Duration = Duration::from_secs(60);
/// "Recorded" is shown for this long, or until the next code.
pub const RECORDED: Duration = Duration::from_millis(900);
/// A hint is shown after the same finding for this long.
pub const HINT_AFTER: Duration = Duration::from_millis(600);
/// And then for at least this long.
pub const HINT_STAYS: Duration = Duration::from_secs(1);
/// The fault's sound comes again after this.
pub const FAULT_SOUND: Duration = Duration::from_secs(10);
/// People remembered as just recorded, in each of two generations.
pub const REPEATS: usize = 4096;
/// Wrong PINs before waiting begins.
pub const FREE_PIN_TRIES: u32 = 5;
/// Longest wait after wrong PINs.
pub const PIN_WAIT_MAX: Duration = Duration::from_secs(300);
/// Longest phone and PIN that are looked at, in characters.
pub const SIGN_IN_CHARS: usize = 32;
/// Longest name of a checkpoint, in characters.
pub const CHECKPOINT_NAME_CHARS: usize = 40;
/// A health report is due after this, where anything was counted.
pub const HEALTH_EVERY: Duration = Duration::from_secs(3600);
