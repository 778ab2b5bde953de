//! Limits of the office. Those of its HTTP server are in `web::limits`, those of messages in
//! `wire::limits`.

use std::time::Duration;

/// How long a call waits for another process that holds the database.
pub const DATABASE_WAIT: Duration = Duration::from_secs(5);
/// Connections that read a SQLite database and stay open.
pub const READING_CONNECTIONS: usize = 4;
/// How long the database may take to answer an office that counts as ready.
pub const READY_TIME: Duration = Duration::from_secs(3);
/// Connections that one process opens to a PostgreSQL server; its default takes a hundred from all.
pub const DATABASE_CONNECTIONS: usize = 16;
/// Reports that a worker claims at once, and files in one transaction.
pub const OPENED_AT_ONCE: usize = 2000;
/// How often the worker looks without being woken: for reopened reports, and for changed trust files.
pub const WORKER_PAUSE: Duration = Duration::from_secs(2);
/// How often the worker looks for gaps in the stations' chains.
pub const CHAINS_PAUSE: Duration = Duration::from_secs(10);
/// How often the head of the audit log is read that receipts show.
pub const AUDIT_PAUSE: Duration = Duration::from_secs(1);
/// How often the worker counts stations, and looks how long what arrived waits.
pub const WATCH_PAUSE: Duration = Duration::from_secs(10);
/// Seconds that a report may wait to be opened before an alert says so.
pub const BEHIND_SECONDS: i64 = 60;
/// Seconds after which a report whose predecessor has not arrived counts as a gap.
pub const GAP_SECONDS: i64 = 600;
/// Seconds for which a ticket is valid by default.
pub const TICKET_SECONDS: i64 = 24 * 3600;
/// Seconds for which a worker holds the reports that it claimed. If it dies, others may claim them
/// after that.
pub const LEASE_SECONDS: i64 = 30;
/// Rows of each list on the page.
pub const PAGE_ROWS: usize = 100;
/// Most rows of each list in one answer.
pub const LIST_ROWS: usize = 5000;
/// Earlier sets of trust files that stay opened in memory.
pub const TRUSTS_KEPT: usize = 24;
/// Sets of trust files with the same list that are tried for one passage, the latest first.
pub const SETS_OF_A_LIST: usize = 16;
/// Seconds between the moment at which something was judged and the one at which it was confirmed: the
/// longest that a policy may let a result stand.
pub const CONFIRM_SECONDS: i64 = 600;
/// Changes of the roster that one renewal enters.
pub const CHANGES_AT_ONCE: usize = 200;
/// Changes of the roster, the latest first, that a publisher's community file is compared with.
pub const CHANGES_COMPARED: usize = 10_000;
/// Communities that an error names for whoever has to choose one.
pub const COMMUNITIES_NAMED: usize = 8;
/// Longest key file in bytes.
pub const KEY_FILE_BYTES: u64 = 256;
/// Longest recipient of backups, in bytes.
pub const RECIPIENT_BYTES: u64 = 256;
/// Longest file with identities that open backups, in bytes.
pub const IDENTITY_BYTES: u64 = 64 * 1024;
/// Longest description of a backup, in bytes.
pub const ABOUT_BYTES: u64 = 64 * 1024;
/// Longest file with a backup's checksum, in bytes.
pub const CHECKSUM_BYTES: u64 = 1024;
/// Longest file of the CA, in bytes.
pub const TLS_FILE_BYTES: u64 = 16 * 1024;

// A round that looks at two lists, each with all its sets, and at the moments of its reports, opens no
// set twice.
const _: () = assert!(SETS_OF_A_LIST < TRUSTS_KEPT);
const _: () = assert!(CONFIRM_SECONDS >= *health_code::limits::SCREEN_SECONDS.end() as i64);
/// Guessers that are remembered at once, by account and by address.
pub const GUESSERS: usize = 20_000;
/// Lines of people that are pasted at once.
pub const PEOPLE_LINES: usize = 1000;
/// Characters of a pasted line.
pub const LINE_CHARS: usize = 200;
/// Characters of a person's name.
pub const PERSON_NAME_CHARS: usize = 30;
/// Regions that are offered for a name that several have.
pub const REGION_CANDIDATES: usize = 20;
/// Rows of a table of regions: all communities of the country, and as many again.
pub const REGION_ROWS: usize = 1_500_000;
/// Bad lines of a table of regions that are named.
pub const REGION_ERRORS: usize = 100;
/// Characters of a region's name.
pub const REGION_NAME_CHARS: usize = 60;
/// Longest table of regions in bytes.
pub const REGION_BYTES: usize = 64 * 1024 * 1024;
/// Longest body of an ordinary request to the console in bytes: a thousand lines, escaped.
pub const CONSOLE_BODY: usize = 2 * 1024 * 1024;
/// Longest body of a request that uploads trust files, in bytes.
pub const UPLOAD_BODY: usize = 48 * 1024 * 1024;
/// People at the console.
pub const ACCOUNTS: usize = 20_000;
/// Characters of an account's name.
pub const ACCOUNT_CHARS: usize = 40;
/// Looks of people at lists that are remembered, so that each is noted once in a while.
pub const LOOKS: usize = 10_000;
/// Longest name of a deployment in bytes.
pub const NAME_FILE_BYTES: u64 = 128;
/// Tickets that are made at once.
pub const TICKETS_AT_ONCE: usize = 50;
/// Hours for which a ticket from the console is good.
pub const TICKET_HOURS: i64 = 720;
/// Seconds for which an invitation to the console is open.
pub const INVITATION_SECONDS: i64 = 3 * 24 * 3600;
/// Longest exported audit log in bytes.
pub const AUDIT_EXPORT_BYTES: u64 = 1 << 30;
/// Longest file with heads that stations saw, in bytes.
pub const WITNESS_BYTES: u64 = 1 << 20;
/// Entries of the audit log in one answer.
pub const AUDIT_ROWS: usize = 200;
/// Entries of the audit log that one search looks through; the next one goes on.
pub const AUDIT_SEARCHED: usize = 20_000;
/// Longest text that the audit log is searched for, in characters.
pub const AUDIT_TEXT: usize = 60;
/// Acts that a searched text may stand for.
pub const AUDIT_ACTS: usize = 80;
/// Entries of the audit log that are read at once, where all are.
pub const AUDIT_PAGE: usize = 1000;
/// Seconds for which a look at a resident lasts.
pub const LOOK_SECONDS: i64 = 300;
/// Looks at residents of one person within a day.
pub const LOOKS_A_DAY: u64 = 50;
/// Oldest passages that are looked at to tell whether the person secret is still the one that filed them.
pub const OLDEST_LOOKED_AT: usize = 100;
/// Longest picture of a code in bytes: one of a phone has some five million.
pub const PICTURE_BYTES: usize = 12 * 1024 * 1024;
/// Longest request with such a picture in bytes: base64 takes a third more.
pub const PICTURE_BODY: usize = PICTURE_BYTES / 3 * 4 + 1024 * 1024;
/// Pages of a PDF that are looked through for a code: drawing one may take 20 seconds.
pub const PICTURE_PAGES: usize = 2;
/// Traces of one person within a day.
pub const TRACES_A_DAY: u64 = 20;
/// Phone numbers that one person opens within a day.
pub const PHONES_A_DAY: u64 = 20;
/// Seconds within which somebody agrees to a request of another, and that one uses it.
pub const CONSENT_SECONDS: i64 = 24 * 3600;
/// Requests for consent of one person within a day.
pub const CONSENTS_A_DAY: u64 = 20;
/// Requests for consent in one answer.
pub const CONSENTS_SHOWN: usize = 100;
/// Longest file that says which acts need two people, in bytes.
pub const TWO_PEOPLE_BYTES: u64 = 4096;
/// Minutes before and after a passage in which others are looked for, at most.
pub const TRACE_MINUTES: i64 = 60;
/// People whom a trace shows.
pub const TRACED_PEOPLE: usize = 200;
/// Passages before, and after, the one that a trace goes on from: a busy gate has some 30 a minute.
pub const TRACED_PASSAGES: usize = 4000;
/// Passages of a resident in one answer.
pub const LOOK_ROWS: usize = 500;
/// Characters of a number, or of a code's text, by which somebody is looked for: as many as a QR code holds.
pub const SOUGHT_CHARS: usize = 4296;
/// Least and most characters of a look's case number.
pub const CASE_CHARS: std::ops::RangeInclusive<usize> = 4..=40;
/// Least and most characters of a look's words, where it names no case.
pub const LOOK_WORDS: std::ops::RangeInclusive<usize> = 10..=300;
/// Reasons in a deployment's list.
pub const LOOK_REASONS: usize = 12;
/// Characters of such a reason.
pub const LOOK_REASON_CHARS: usize = 40;
/// Longest file of reasons in bytes.
pub const LOOK_REASONS_BYTES: u64 = 4096;
/// Seconds for which counters of single minutes are kept: a day, and what a board shows of the day before.
pub const TALLY_MINUTES_SECONDS: i64 = 26 * 3600;
/// Seconds for which counters of hours are kept.
pub const TALLY_HOURS_SECONDS: i64 = 400 * 86_400;
/// Invalid scans of one report of a station that count: more than a camera reads in an hour.
pub const INVALID_A_REPORT: u64 = 20_000;
/// How often counters that are too old are deleted.
pub const TALLIES_PAUSE: Duration = Duration::from_secs(600);
/// Parts of a region on one board: the regions or checkpoints below it.
pub const BOARD_PARTS: usize = 200;
/// Laptops on one board, the worst first.
pub const BOARD_ROWS: usize = 40;
/// Sentences on one board about what needs a person.
pub const BOARD_NEEDS: usize = 20;
/// Boards that one process keeps, each for those who look at one region.
pub const BOARDS: usize = 500;
/// Seconds for which a board's laptops stay as they were read.
pub const BOARD_STATIONS_SECONDS: i64 = 5;
/// Boards that one process sends as they change, all together and to one session.
pub const BOARD_STREAMS: usize = 200;
/// See [`BOARD_STREAMS`].
pub const BOARD_STREAMS_OF_ONE: usize = 6;
/// The shortest time between two messages of one such stream.
pub const BOARD_PAUSE: Duration = Duration::from_secs(1);
/// Pauses after which a stream on which nothing happened says that it lives.
pub const BOARD_BEAT: u32 = 10;
/// Pauses after which a stream looks whether its session lasts still.
pub const BOARD_SESSION: u32 = 3;
/// Days of collectors' work in one answer.
pub const WORK_DAYS: i64 = 31;
/// Rows of each kind that one answer about collectors' work reads.
pub const WORK_ROWS: usize = 20_000;
/// Exports of one person within a day.
pub const EXPORTS_A_DAY: u64 = 5;
/// Passages in one export.
/// The crate's own tests file a few.
pub const EXPORT_ROWS: usize = if cfg!(test) { 8 } else { 200_000 };
/// Passages of an export that are read at once.
pub const EXPORT_PAGE: usize = 1000;
/// Seconds of one export: 31 days.
pub const EXPORT_SECONDS: i64 = 31 * 86_400;
/// Longest list of what was erased, in bytes: about a million lines.
pub const ERASED_BYTES: u64 = 64 * 1024 * 1024;
/// How often an office brings its list of what was erased, and those of others, to the same lines.
pub const ERASED_PAUSE: Duration = Duration::from_secs(3600);
/// How often somebody's names are followed to further names of theirs.
pub const ERASURE_ROUNDS: usize = 16;
/// Seconds for which an erasure waits for reports to be opened that had arrived before.
pub const ERASURE_WAIT_SECONDS: i64 = 3600;
/// Reports in quarantine, or names of people, that are read at once.
pub const HELD_AT_ONCE: usize = 500;
/// Seconds for which a letter that was opened may lie in its partition.
pub const MAIL_SECONDS: i64 = 2 * 3600;
/// Rows of each kind that one step of a purge deletes: so nobody who files waits for long.
pub const PURGED_AT_ONCE: usize = 2000;
/// How often an office looks for what is past its days.
pub const RETENTION_PAUSE: Duration = Duration::from_secs(3600);
/// Days for which a backup is kept where nobody says another number.
pub const BACKUP_DAYS: i64 = 90;
/// Days for which a backup may be kept.
pub const BACKUP_DAYS_RANGE: std::ops::RangeInclusive<i64> = 1..=3650;

// The hour of its arrival, and the time in which gaps are looked for.
const _: () = assert!(3600 + GAP_SECONDS < MAIL_SECONDS);
/// Most names of a stick's folder that are looked at for a station's folder.
pub const STICK_NAMES: usize = 20_000;
/// Most files of reports of one station on a stick.
pub const STICK_PARTS: usize = 64;
/// Most requests of laptops to be enrolled that are taken from a stick at once.
pub const STICK_REQUESTS: usize = 256;
/// Longest file of reports that is uploaded to the console, in bytes: as long as a laptop writes one. Longer ones
/// are imported by command.
pub const STICK_UPLOAD_BYTES: usize = 64 * (wire::limits::BATCH_BYTES + 5) + 64;

// In base64, with a few words around it.
const _: () = assert!(STICK_UPLOAD_BYTES.div_ceil(3) * 4 + 1024 < UPLOAD_BODY);
