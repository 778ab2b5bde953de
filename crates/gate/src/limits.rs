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
/// Wrong PINs cost this much at first, and twice as much each time.
pub const PIN_WAIT: Duration = Duration::from_secs(5);
/// A PIN check that has not answered by now is given up.
pub const PIN_CHECK: Duration = Duration::from_secs(10);
/// A code that was just dismissed is taken again once it was out of view for this long.
pub const OUT_OF_VIEW: Duration = Duration::from_millis(1500);
/// Recorded or discarded by a person and still held in view: taken again after this.
pub const HELD_LONGEST: Duration = Duration::from_secs(10);
/// Codes just dismissed that are remembered at once.
pub const HELD: usize = 8;
/// Longest window of "just recorded", whatever the policy says.
pub const REPEAT_WINDOW_MAX: Duration = Duration::from_secs(3600);
/// Reports that could not be made durable, and that no person waits for, are tried again after
/// this.
pub const UNSAVED_RETRY: Duration = Duration::from_secs(30);
/// Most such reports; beyond them the oldest but passages give way.
pub const UNSAVED: usize = 256;
/// Longest wait between attempts to send.
pub const RETRY_MAX: Duration = Duration::from_secs(300);
/// The first wait between attempts to send is up to this.
pub const RETRY_FIRST: Duration = Duration::from_secs(1);
/// Longest `Retry-After` that is obeyed.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);
/// Failures in a row from which no attempt is made sooner than [`BREAKER_WAIT`].
pub const BREAKER_FAILURES: u32 = 5;
/// Shortest wait once the breaker is open.
pub const BREAKER_WAIT: Duration = Duration::from_secs(30);
/// Room that a batch keeps for what is around its reports, in bytes.
pub const BATCH_ENVELOPE: usize = 512;
/// Room that a batch keeps for what is around each report, in bytes.
pub const REPORT_ENVELOPE: usize = 8;
