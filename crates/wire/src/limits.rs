//! What a message may hold, against hostile input. Lengths are in bytes where nothing else is said.

/// Every report is padded to this many bytes before it is sealed.
pub const REPORT_BYTES: usize = 768;
/// A sealed report: the encapsulated key, the padded report, the tag.
pub const SEALED_BYTES: usize = 32 + REPORT_BYTES + 16;
/// Most reports in a batch.
pub const BATCH_REPORTS: usize = 500;
/// Longest signed batch in bytes.
pub const BATCH_BYTES: usize = 512 * 1024;
/// Bytes that a signed batch needs besides its reports, at most.
pub const BATCH_OVERHEAD_BYTES: usize = 160;
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
/// Most refusal codes counted in one health report. `gate` asserts that every code has room.
pub const COUNTERS: usize = 28;
/// Longest counter name in bytes.
pub const COUNTER_NAME_BYTES: usize = 18;
/// Longest identifier of a certificate in a passage, in bytes (80 characters).
pub const CERTIFICATE_ID_BYTES: usize = 320;
/// Longest country of a certificate in a passage, in bytes.
pub const COUNTRY_BYTES: usize = 3;
/// Longest masked name of a certificate in a passage, in bytes.
pub const MASKED_NAME_BYTES: usize = 32;

/// Longest CBOR head of an item of up to 64 KiB.
const HEAD: usize = 3;
/// A report's fields besides the code, the name or the counters: at most this many bytes.
const REPORT_FIELDS: usize = 72;

// What a report may carry fits its one size, with a byte for the padding's mark.
const _: () = assert!(REPORT_FIELDS + HEAD + CODE_BYTES < REPORT_BYTES);
const _: () = {
    let certificate = CERTIFICATE_ID_BYTES + COUNTRY_BYTES + MASKED_NAME_BYTES + 4 * HEAD;
    assert!(REPORT_FIELDS + certificate < REPORT_BYTES);
};
const _: () = assert!(REPORT_FIELDS + HEAD + NAME_BYTES < REPORT_BYTES);
// A counter is an array of a short text and a number of 32 bits.
const _: () = assert!(REPORT_FIELDS / 2 + COUNTERS * (1 + 1 + COUNTER_NAME_BYTES + 5) < REPORT_BYTES);
// The largest batch: six parts a report, of which the ciphertext is the longest by far.
const _: () = {
    let report = 1 + 2 * (1 + 16) + 9 + (1 + 8) + (2 + 32) + HEAD + SEALED_BYTES;
    assert!(BATCH_OVERHEAD_BYTES + BATCH_REPORTS * report <= BATCH_BYTES);
};
// The receipt for it: id, hash and status a line, and three offers.
const _: () = assert!(BATCH_REPORTS * (1 + (1 + 16) + (2 + 32) + 1) + 512 <= RECEIPT_BYTES);
// Base45 writes three characters for two bytes (RFC 9285).
const _: () = assert!((URL_BYTES + CA_BYTES + 32 + 16 + 32).div_ceil(2) * 3 + 5 <= TICKET_CHARS);
const _: () = assert!(NAME_BYTES + 32 + 16 + 128 <= ENROLMENT_REQUEST_BYTES);
