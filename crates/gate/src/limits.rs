//! Bounds on what people, networks and files may make the gate hold or wait for.
//!
//! Waits and countdowns are no such bounds: each stands beside its rule.

use std::time::Duration;

/// Digits of a phone by which somebody signs in: its last ones.
pub const SIGN_IN_DIGITS: usize = health_code::limits::SIGN_IN_DIGITS;
/// Longest PIN or secret that is looked at, in characters.
pub const SECRET_CHARS: usize = health_code::limits::LONGEST_SECRET_CHARS;
/// People whose wrong tries are counted at once.
pub const COUNTED_PEOPLE: usize = health_code::limits::PEOPLE;
/// Longest name of a checkpoint, in characters.
pub const CHECKPOINT_NAME_CHARS: usize = 40;
/// Changes of checkpoints and people that wait for the back office, or whose refusal nobody has seen.
pub const CHANGES: usize = 256;
/// Longest name of whom or what a change is about, in bytes.
pub const SUBJECT_BYTES: usize = health_code::limits::LABEL_BYTES;
/// Longest phone number that is looked at, as typed, in characters.
pub const PHONE_CHARS: usize = 24;
/// Keys of issuers that are listed.
pub const ISSUERS_SHOWN: usize = 64;
/// Codes that are remembered at once as just dismissed.
pub const DISMISSED_CODES: usize = 8;
/// People who are remembered as just recorded, in each of two generations.
pub const JUST_RECORDED: usize = 4096;
/// Longest time for which somebody counts as just recorded, whatever the policy says.
pub const REPEAT_WINDOW: Duration = Duration::from_secs(3600);
/// Records that may still become durable after nobody waits for them.
pub const SILENT_RECORDS: usize = 64;
/// Reports that failed, and that are kept to be tried again.
pub const UNSAVED_REPORTS: usize = 256;
/// Longest `Retry-After` of a server that is obeyed.
pub const RETRY_AFTER: Duration = Duration::from_secs(3600);

// What the gate reports fits what a report may hold.
const _: () = {
    use health_code::{Refusal, limits as code};
    use wire::limits as report;
    // All refusals, and what was asked for and is not allowed.
    assert!(Refusal::CODES.len() < report::COUNTERS);
    let mut at = 0;
    while at < Refusal::CODES.len() {
        assert!(Refusal::CODES[at].len() <= report::COUNTER_NAME_BYTES);
        at += 1;
    }
    assert!(code::CODE_COSE_BYTES <= report::CODE_BYTES);
    assert!(code::CERTIFICATE_ID_CHARS * 4 <= report::CERTIFICATE_ID_BYTES);
    assert!(code::NAME_BYTES <= report::MASKED_NAME_BYTES);
    assert!(code::LABEL_BYTES <= report::NAME_BYTES);
    assert!(code::TRUST_FILE_BYTES == report::TRUST_FILE_BYTES);
};
