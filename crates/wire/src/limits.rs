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
pub const BATCH_OVERHEAD_BYTES: usize = 160 + HEAD + AWAITS * ID + ABOUT_BYTES;
/// Longest version of a station's program, in bytes.
pub const VERSION_BYTES: usize = 32;
/// Most records of which a batch asks what became.
pub const AWAITS: usize = 32;
/// Longest receipt in bytes.
pub const RECEIPT_BYTES: usize = 1024 * 1024;
/// Longest trust file that an answer carries, in bytes.
pub const TRUST_FILE_BYTES: usize = 32 * 1024 * 1024;
/// Longest policy file in bytes.
pub const POLICY_FILE_BYTES: usize = 16 * 1024;
/// Most policy files of one community.
pub const POLICY_FILES: usize = 64;
/// Longest enrolment request in bytes.
pub const ENROLMENT_REQUEST_BYTES: usize = 1024;
/// Longest enrolment answer in bytes: the trust files, the revocations and the policies.
pub const ENROLMENT_BYTES: usize = 4 * TRUST_FILE_BYTES + POLICY_FILES * (POLICY_FILE_BYTES + HEAD) + 1024;
/// Longest ticket text in characters, without what an e-mail adds.
pub const TICKET_CHARS: usize = 2632;
/// Longest text in which a ticket is looked for, with what an e-mail adds, in bytes.
pub const TICKET_INPUT_BYTES: usize = 16 * 1024;
/// Longest ticket in bytes, before it is text.
pub const TICKET_BYTES: usize = 1640;
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
pub const COUNTERS: usize = 30;
/// Longest counter name in bytes.
pub const COUNTER_NAME_BYTES: usize = 17;
/// Longest identifier of a certificate in a passage, in bytes (80 characters).
pub const CERTIFICATE_ID_BYTES: usize = 320;
/// Longest country of a certificate in a passage, in bytes.
pub const COUNTRY_BYTES: usize = 3;
/// Longest masked name, of a certificate in a passage or of a person that is added, in bytes.
pub const MASKED_NAME_BYTES: usize = 32;
/// Longest masked phone number of a person that is added, in bytes.
pub const MASKED_PHONE_BYTES: usize = 24;
/// Longest phone number of a person that is added, in digits (E.164).
pub const PHONE_BYTES: usize = 15;
/// Longest hash of a PIN (a PHC string) in a report, in bytes. With the parameters that a community
/// file takes, a salt of 16 bytes and a hash of 32, it has 105.
pub const PHC_BYTES: usize = 128;
/// Cells of a policy's table: five rows by five columns.
pub const CELLS: usize = 25;
/// Longest pause between two batches that a receipt may ask for, in seconds.
pub const PAUSE_SECONDS: u16 = 300;
/// Shortest and longest time, in seconds, after which a station asks what is new.
pub const POLL_SECONDS: (u16, u16) = (10, 3600);
/// Longest contact in a receipt, in bytes.
pub const CONTACT_BYTES: usize = 128;
/// Most notices in a receipt.
pub const NOTICES: usize = AWAITS;
/// Longest code of a notice, in bytes.
pub const NOTICE_CODE_BYTES: usize = 32;
/// Longest receipt, of an empty batch, by which a station makes itself known again, in bytes.
pub const AGAIN_RECEIPT_BYTES: usize = 3 * 1024;
/// Longest request of a station that makes itself known again, in bytes.
pub const AGAIN_BYTES: usize = 4 * 1024;
/// Longest answer to it, in bytes.
pub const AGAIN_ANSWER_BYTES: usize = 64;
/// Most batches in one export to a stick.
pub const EXPORT_BATCHES: usize = 256;
/// Longest export in bytes: as many of the largest batches.
pub const EXPORT_BYTES: usize = EXPORT_BATCHES * (BATCH_BYTES + LONG_HEAD) + 64;
/// Longest file of receipts on a stick, in bytes.
pub const RECEIPTS_BYTES: usize = 32 * 1024 * 1024;
/// Most stations that one sealed community file is for.
pub const SEALED_STATIONS: usize = 4096;
/// A content key, sealed to one station: the encapsulated key, the key, the tag.
pub const SEALED_KEY_BYTES: usize = 32 + 32 + 16;
/// Longest sealed community file in bytes.
pub const SEALED_COMMUNITY_BYTES: usize =
    TRUST_FILE_BYTES + 16 + 2 * LONG_HEAD + 16 + SEALED_STATIONS * SEALED_STATION;

/// Longest answer to an enrolment on a stick, in bytes: the answer under its key, the receipt, and little more.
pub const SEALED_ANSWER_BYTES: usize =
    ENROLMENT_BYTES + 16 + RECEIPT_BYTES + SEALED_KEY_BYTES + 4 * LONG_HEAD + 2 * ID + 16;

/// Longest refusal on a stick, in bytes.
pub const REFUSAL_BYTES: usize = 128;

/// Longest code in a refusal.
pub const REFUSAL_CODE_CHARS: usize = 32;

/// Longest CBOR head of an item of up to 64 KiB.
const HEAD: usize = 3;
/// What a station says of itself, with its key.
const ABOUT_BYTES: usize = 2 + 4 + 2 * 9 + 2 + VERSION_BYTES + 1;
/// Longest CBOR head of an item of up to 4 GiB.
const LONG_HEAD: usize = 5;
/// A whole number of 64 bits, with its head.
const NUMBER: usize = 9;
/// An id of 8 bytes, with its head.
const SHORT_ID: usize = 1 + 8;
/// An id of 16 bytes, with its head.
const ID: usize = 1 + 16;
/// A hash, with its head.
const HASH: usize = 2 + 32;
/// One entry of a sealed community file.
const SEALED_STATION: usize = 1 + ID + 2 + SEALED_KEY_BYTES;

/// What each report begins with: the map's head, kind, moment, clock; each key takes a byte.
const REPORT_HEAD: usize = 1 + 2 + (1 + NUMBER) + 2;
/// A passage without its code: checkpoint, collector, policies, list version, what was shown, when it
/// was judged, direction, outcome.
const PASSAGE_FIELDS: usize = REPORT_HEAD + 2 * (1 + SHORT_ID) + (1 + HASH) + 2 * (1 + NUMBER) + 3 * 2;
/// A change of the roster without what it names: by whom, which change, the id.
const ROSTER_FIELDS: usize = REPORT_HEAD + (1 + SHORT_ID) + 2 + (1 + SHORT_ID);

/// Copies that the receipt for an erasure names.
pub const COPIES_NAMED: usize = 1000;
/// Longest name of such a copy in bytes.
pub const COPY_NAME_BYTES: usize = 120;
/// Longest receipt for an erasure in bytes.
pub const ERASURE_BYTES: usize = 192 * 1024;

// What a report may carry fits its one size, with a byte for the padding's mark.
const _: () = assert!(PASSAGE_FIELDS + 1 + HEAD + CODE_BYTES < REPORT_BYTES);
const _: () = {
    let certificate = CERTIFICATE_ID_BYTES + COUNTRY_BYTES + MASKED_NAME_BYTES + 3 * (1 + HEAD);
    assert!(PASSAGE_FIELDS + 2 + certificate < REPORT_BYTES);
};
// A checkpoint: its name, its directions and its place.
const _: () = assert!(ROSTER_FIELDS + 1 + HEAD + NAME_BYTES + 2 + 2 + 2 * NUMBER < REPORT_BYTES);
// A person: both masks, the hash of the PIN, the code that they showed, the phone number, whose head is one
// byte. One who is restored has the id of a record instead of the last two.
const _: () = {
    let texts = MASKED_NAME_BYTES + MASKED_PHONE_BYTES + PHC_BYTES;
    assert!(ROSTER_FIELDS + texts + CODE_BYTES + 4 * (1 + HEAD) + 1 + 1 + PHONE_BYTES < REPORT_BYTES);
    assert!(PHONE_BYTES < 24 && ID < CODE_BYTES);
};
// A stricter policy: a pair of two small numbers for each cell, and two limits.
const _: () = assert!(ROSTER_FIELDS + 1 + HEAD + CELLS * 4 + 2 * (1 + HEAD) < REPORT_BYTES);
// A counter is an array of a short text and a number of 32 bits; one more counts wrong tries.
const _: () =
    assert!(REPORT_HEAD + 1 + HEAD + COUNTERS * (1 + 1 + COUNTER_NAME_BYTES + 5) + 1 + 5 < REPORT_BYTES);
// The largest batch: six parts a report, of which the ciphertext is the longest by far.
const _: () = {
    let report = 1 + 2 * ID + NUMBER + SHORT_ID + HASH + HEAD + SEALED_BYTES;
    assert!(BATCH_OVERHEAD_BYTES + BATCH_REPORTS * report <= BATCH_BYTES);
};
/// A receipt for no report: the notices; the contact; offers, ids and the rest.
const EMPTY_RECEIPT: usize = NOTICES * (1 + ID + HEAD + NOTICE_CODE_BYTES) + CONTACT_BYTES + 512;
/// The receipt for the largest batch: id, hash and status a line besides.
const LARGEST_RECEIPT: usize = BATCH_REPORTS * (1 + ID + HASH + 1) + EMPTY_RECEIPT;
const _: () = assert!(LARGEST_RECEIPT <= RECEIPT_BYTES);
const _: () = assert!(EMPTY_RECEIPT <= AGAIN_RECEIPT_BYTES);
// Both keys, the name, the receipt; the outer form and the signature.
const _: () = assert!(2 * 40 + NAME_BYTES + HEAD + AGAIN_RECEIPT_BYTES + 160 <= AGAIN_BYTES);
// The receipts for the largest export fit one file.
const _: () = assert!(EXPORT_BATCHES * (LARGEST_RECEIPT + LONG_HEAD) + 16 <= RECEIPTS_BYTES);
// Eight keys, each with its value's head; root, secret, time; three names.
const _: () = assert!(URL_BYTES + CA_BYTES + 32 + 16 + 8 + 3 * NAME_BYTES + 8 * (1 + 3) < TICKET_BYTES);
// Base32 writes eight characters for five bytes (RFC 4648).
const _: () = assert!((TICKET_BYTES * 8).div_ceil(5) + 5 <= TICKET_CHARS);
const _: () = assert!(NAME_BYTES + 32 + 16 + 32 + 128 <= ENROLMENT_REQUEST_BYTES);
// Name, two numbers and two heads a copy; fourteen fields and the signature besides.
const _: () = assert!(COPIES_NAMED * (COPY_NAME_BYTES + 2 + 1 + 2 * NUMBER) + 512 <= ERASURE_BYTES);
