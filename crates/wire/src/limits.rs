//! Every limit of this crate, in one place.

/// Every report is padded to this many bytes before it is sealed.
pub const REPORT_BYTES: usize = 768;
/// A sealed report: the encapsulated key, the padded report, the tag.
pub const SEALED_BYTES: usize = 32 + REPORT_BYTES + 16;
/// Most reports in a batch.
pub const BATCH_REPORTS: usize = 500;
/// Longest signed batch in bytes.
pub const BATCH_BYTES: usize = 512 * 1024;
/// Longest receipt in bytes.
pub const RECEIPT_BYTES: usize = 1024 * 1024;
/// Longest trust file that an answer carries, in bytes.
pub const TRUST_FILE_BYTES: usize = 32 * 1024 * 1024;
/// Longest enrolment request in bytes.
pub const ENROLMENT_REQUEST_BYTES: usize = 1024;
/// Longest enrolment answer in bytes: the trust files and the revocations.
pub const ENROLMENT_BYTES: usize = 4 * TRUST_FILE_BYTES + 1024;
/// Longest ticket text in characters.
pub const TICKET_CHARS: usize = 2048;
/// Longest code in a passage, in bytes.
pub const CODE_BYTES: usize = 512;
/// Longest name inside a report, in bytes.
pub const NAME_BYTES: usize = 128;
/// Longest address in a ticket in bytes.
pub const URL_BYTES: usize = 256;
/// Longest CA certificate in a ticket in bytes.
pub const CA_BYTES: usize = 900;
/// Longest station token in bytes.
pub const TOKEN_BYTES: usize = 256;
/// A station token is good for this many seconds to either side of its time.
pub const TOKEN_LIFE_SECONDS: i64 = 600;
/// Most refusal codes counted in one health report: with the longest names and counts they fit.
pub const COUNTERS: usize = 28;
/// Longest counter name in bytes.
pub const COUNTER_NAME_BYTES: usize = 18;
/// Longest identifier of a certificate in a passage, in bytes (80 characters).
pub const CERTIFICATE_ID_BYTES: usize = 320;
/// Longest country of a certificate in a passage, in bytes.
pub const COUNTRY_BYTES: usize = 3;
/// Longest masked name of a certificate in a passage, in bytes.
pub const MASKED_NAME_BYTES: usize = 32;
