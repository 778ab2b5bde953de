//! What a code or a file may hold, against hostile input; and the times that the formats fix.

use std::ops::RangeInclusive;

/// Longest `KD1` text in characters, prefix included.
pub const CODE_TEXT_CHARS: usize = 780;
/// Longest COSE message in a code, in bytes.
pub const CODE_COSE_BYTES: usize = 512;
/// Deepest nesting in a code's claims.
pub const CODE_DEPTH: usize = 8;
/// Longest masked name in bytes of UTF-8.
pub const NAME_BYTES: usize = 32;
/// Longest masked tail of an identity number in bytes.
pub const ID_TAIL_BYTES: usize = 8;
/// Longest sealed declaration in bytes.
pub const SEAL_BYTES: usize = 256;
/// Longest issuer identifier in bytes.
pub const ISS_BYTES: usize = 64;
/// Clocks of issuer and station may differ by this many seconds.
pub const SKEW_SECONDS: i64 = 120;
/// An app code (no static flag) lives at most this long, whatever its issuer's maximum.
pub const APP_CODE_LIFE_SECONDS: i64 = 300;
/// Longest trust file in bytes.
pub const TRUST_FILE_BYTES: usize = 32 * 1024 * 1024;
/// Most roots that a station or an office follows one after the other at once.
pub const ROOT_STEPS: usize = 64;
/// Deepest nesting in a trust file's payload.
pub const TRUST_DEPTH: usize = 8;
/// Most issuers on a trust list.
pub const ISSUERS: usize = 4096;
/// Most region keys in a root.
pub const REGION_KEYS: usize = 4096;
/// Most keys of one role in a root.
pub const ROLE_KEYS: usize = 16;
/// Most checkpoints in a community.
pub const CHECKPOINTS: usize = 1024;
/// Most collectors and administrators in a community.
pub const PEOPLE: usize = 1024;
/// Most revoked pseudonyms under a trust list: 32 MiB of 8 bytes each.
pub const REVOCATIONS: usize = TRUST_FILE_BYTES / 8;
/// Longest chunk of revocations in bytes; entries are hashes, so chunks are about equally long.
pub const REVOCATION_CHUNK_BYTES: usize = 2 * TRUST_FILE_BYTES / 256;
/// Longest name, contact or document number in a trust file, in bytes.
pub const LABEL_BYTES: usize = 128;
/// Longest address in a trust file, in bytes.
pub const URL_BYTES: usize = 256;
/// Longest Argon2id string of a secret in bytes.
pub const PHC_BYTES: usize = 256;
/// Memory of a secret's Argon2id in KiB: enough to slow a thief, and no more than a station can bear.
pub const PHC_MEMORY_KIB: RangeInclusive<u32> = 64 * 1024..=128 * 1024;
/// Passes of a secret's Argon2id.
pub const PHC_PASSES: RangeInclusive<u32> = 3..=8;
/// Lanes of a secret's Argon2id.
pub const PHC_LANES: RangeInclusive<u32> = 1..=4;
/// Length of a secret's salt in bytes.
pub const PHC_SALT_BYTES: RangeInclusive<usize> = 16..=48;
/// Length of a secret's hash in bytes.
pub const PHC_HASH_BYTES: usize = 32;
/// Fewest digits of a collector's PIN.
pub const PIN_DIGITS: usize = 6;
/// Fewest characters of an administrator's secret.
pub const SECRET_CHARS: usize = 10;
/// Longest PIN or secret in characters.
pub const LONGEST_SECRET_CHARS: usize = 64;
/// Digits of the phone by which a person signs in.
pub const SIGN_IN_DIGITS: usize = 4;
/// No reader believes a trust list for longer than this after it was issued, whatever it says itself.
pub const LIST_LIFE_SECONDS: i64 = 45 * 86_400;
/// No reader believes a community for longer than this after it was issued.
pub const COMMUNITY_LIFE_SECONDS: i64 = 180 * 86_400;
/// A community's soft expiry is this long after `issued`, or longer.
pub const COMMUNITY_SOFT_SECONDS: i64 = 7 * 86_400;
/// A community's hard expiry is this long after `issued`, or longer.
pub const COMMUNITY_HARD_SECONDS: i64 = 45 * 86_400;
/// Most stations that a community names as withdrawn.
pub const WITHDRAWN: usize = 1024;
/// Most prefixes for which a root or a list says from when on it believes communities.
pub const BELIEVED_FROM: usize = 4096;
/// Longest policy file in bytes.
pub const POLICY_BYTES: usize = 16 * 1024;
/// Most policies that a trust list names.
pub const NAMED_POLICIES: usize = 4096;
/// Most policies that are named for one region.
pub const NAMED_A_REGION: usize = 8;
/// Most policy files that travel together.
pub const POLICIES: usize = 64;
/// Longest name of a time zone in bytes.
pub const ZONE_BYTES: usize = 64;
/// Most regions that a policy lets be milder.
pub const MILDER: usize = 64;
/// Seconds that a result may stay on the screen.
pub const SCREEN_SECONDS: RangeInclusive<u16> = 5..=600;
/// Minutes without a key or a code after which a gate signs out.
pub const IDLE_MINUTES: RangeInclusive<u16> = 1..=720;
/// Most reports that a policy may ask a station to keep.
pub const KEPT_REPORTS: u32 = 100_000;
/// Days for which a policy may let an office keep passages.
pub const KEEP_DAYS: RangeInclusive<u16> = 1..=3650;
/// Most regions that one issuer names.
pub const REGIONS: usize = 256;
/// Lowest and highest temperature that a code can declare, in 0.1 °C.
pub const TEMPERATURE_TENTHS: RangeInclusive<u16> = 300..=450;
/// Last moment that any file or code can name: the end of the year 9999.
pub const LATEST_TIME: i64 = 253_402_300_799;
/// Longest name, identity number or phone inside a declaration, in bytes.
pub const DECLARED_BYTES: usize = 64;
/// Longest `HC1` text in characters, prefix included: the most that an alphanumeric QR code holds.
pub const CERTIFICATE_TEXT_CHARS: usize = 4296;
/// Longest certificate in bytes once it is inflated; the longest public test vector has 1 KiB.
pub const CERTIFICATE_BYTES: usize = 16 * 1024;
/// Deepest nesting in a certificate: claims, container, certificate, entries, entry.
pub const CERTIFICATE_DEPTH: usize = 16;
/// Longest key identifier in a certificate's header, in bytes; listed ones have 8.
pub const CERTIFICATE_KID_BYTES: usize = 64;
/// Longest text of a certificate's payload in characters (names: the schema's 80, and room).
pub const CERTIFICATE_TEXT: usize = 255;
/// Longest certificate identifier (UVCI) in characters.
pub const CERTIFICATE_ID_CHARS: usize = 80;
/// Most keys of document signers on a trust list.
pub const SIGNERS: usize = 4096;
/// Longest public key of a document signer in bytes (RSA of 4096 bits).
pub const SIGNER_KEY_BYTES: usize = 600;
/// Most codes of one value set on a trust list; the EU's longest has about 500.
pub const VALUES: usize = 4096;
/// Longest such code in bytes (the schema's 80 characters).
pub const VALUE_BYTES: usize = 80;
/// Longest issuer that a certificate names and a list lists beside its country, in bytes.
pub const SIGNER_ISSUER_BYTES: usize = 64;
/// No event of a certificate is before this day: days since 1970, 2000-01-01.
pub const EARLIEST_EVENT_DAY: i64 = 10_957;
/// A day abroad may have begun already: an event may be this many seconds from now.
pub const EVENT_SKEW_SECONDS: i64 = 86_400;

// Base45 writes three characters for two bytes (RFC 9285); the prefix has four.
const _: () = assert!(4 + CODE_COSE_BYTES.div_ceil(2) * 3 <= CODE_TEXT_CHARS);
// A seal leaves room for the other claims and for the signature.
const _: () = assert!(SEAL_BYTES + NAME_BYTES + ID_TAIL_BYTES + 64 < CODE_COSE_BYTES);
// The chunks together hold every revocation.
const _: () = assert!(256 * REVOCATION_CHUNK_BYTES >= 8 * REVOCATIONS);
// What is named for one community travels together: six levels, each with as many as may be named.
const _: () = assert!(6 * NAMED_A_REGION <= POLICIES);
