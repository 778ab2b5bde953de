//! What every store has to do, whatever it is built on. Each case is a test of each backend.

mod accounts;
mod alerting;
mod arrivals;
mod audit_log;
mod conflicts;
mod consents;
mod erasing;
mod forgetting;
mod identity;
pub(super) mod model;
mod nearby;
mod officers;
mod residents;
mod retention;
mod roster;
mod stations;
mod tally;
mod trust_history;
mod worklist;

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use health_code::{KeyId, Region, Timestamp};
use wire::{Batch, BatchId, ReceiptLine, RecordId, RecordStatus, SealedReport, StationId, StreamId};

use super::postgres::testing::Scratch;
use super::{
    AlertKind, Arrival, IssuedTicket, Letter, MemoryStore, Opened, Outcome, Redeemed, Redemption, Settled,
    SqliteStore, Store,
};

/// Makes a module of tests for a backend: one test for each case. `$database` makes an empty database.
macro_rules! contract {
    ($backend:ident, $database:expr) => {
        contract!(
            $backend,
            $database,
            arrivals:
                doubles_are_told_apart,
                two_servers_take_the_same_batch_once,
                what_was_stored_is_known_after_a_restart,
                a_conflict_is_kept_beside,
                what_a_withdrawn_station_sends_after_it_heard_is_in_quarantine,
                a_gap_is_an_alert_until_it_is_filled,
                two_successors_are_a_fork,
                random_histories_agree_with_a_naive_model;
            worklist:
                what_is_filed_is_listed,
                quarantine_can_be_opened_again,
                two_workers_never_hold_the_same_letter,
                a_claim_is_bounded_by_reports_and_gives_at_least_one_letter,
                a_lease_ends_by_itself,
                a_letter_is_settled_whole_or_not_at_all,
                only_what_is_new_in_a_letter_is_opened,
                a_record_that_comes_again_at_another_place_is_filed_once,
                a_passage_that_comes_again_weeks_later_is_filed_once;
            stations:
                a_ticket_is_good_once_and_for_a_time,
                tickets_that_nobody_used_are_listed_and_can_be_taken_back,
                a_station_belongs_to_the_community_of_its_ticket,
                what_a_station_says_of_itself_is_kept_until_it_says_otherwise,
                a_station_stands_where_people_last_began_to_work,
                stations_are_counted_until_they_are_withdrawn,
                a_station_that_shows_a_receipt_is_known_again;
            officers:
                an_officer_is_kept_and_replaced_by_id;
            alerting:
                an_alert_about_a_station_is_raised_once_and_again_after_it_was_cleared;
            accounts:
                an_account_is_replaced_by_who_read_its_latest_state,
                accounts_are_kept_all_or_none_and_no_name_twice,
                a_session_lasts_until_it_is_ended_or_forgotten,
                the_names_of_regions_are_replaced_as_a_whole;
            audit_log:
                entries_of_two_servers_are_one_chain,
                erased_words_leave_the_chain_whole;
            erasing:
                who_is_erased_is_nowhere_in_the_raw_database;
            residents:
                somebody_is_found_by_each_of_their_names_and_only_in_the_region,
                passages_of_a_span_come_in_pages_and_from_the_region_alone;
            tally:
                counters_equal_a_recount_however_reports_came_to_be_filed,
                a_conflict_that_is_filed_counts_once,
                counters_are_forgotten_after_their_time,
                shifts_and_invalid_scans_are_read_by_station_and_time;
            nearby:
                who_passed_near_is_found_by_place_and_time_the_nearest_first;
            consents:
                a_request_is_kept_by_who_read_its_latest_state_and_is_gone_with_its_resident;
            forgetting:
                a_resident_who_is_erased_is_nowhere_in_the_raw_database,
                nothing_is_erased_in_another_region,
                all_names_of_somebody_are_found_from_one,
                what_was_erased_is_not_filed_again,
                reports_in_quarantine_are_erased_and_stay_away,
                a_conflict_that_is_erased_comes_back_by_no_copy,
                a_conflict_that_was_erased_stays_away_from_a_copy_that_never_had_it,
                a_conflict_that_was_filed_is_erased_from_older_copies,
                tombstones_erase_what_an_older_copy_has,
                copies_are_named_until_their_day;
            retention:
                what_is_past_its_days_is_nowhere_in_the_raw_database,
                another_community_keeps_what_it_has,
                quarantine_leaves_unless_it_waits_and_alerts_leave_with_their_reports,
                what_purges_go_by_only_grows_unless_somebody_vouches;
            conflicts:
                a_conflict_is_filed_once_under_another_id;
            identity:
                all_servers_work_on_one_generation_until_another_begins,
                a_copy_of_an_office_that_never_served_begins_a_generation,
                what_is_backed_up_is_told_of_chains_without_a_gap;
            roster:
                a_change_enters_one_community_file,
                a_station_hears_of_its_own_changes_alone,
                changes_of_one_second_go_by_the_order_in_which_their_station_sent_them,
                changes_are_found_by_what_they_are_about;
            trust_history:
                editions_are_read_whole_or_from_one_on,
                trust_files_are_found_by_name_list_and_moment,
                a_clock_that_was_set_back_brings_no_older_set_back,
                a_policy_is_kept_for_ever,
                the_slower_of_two_servers_brings_nothing_into_force;
        );
    };
    ($backend:ident, $database:expr, $($subject:ident: $($case:ident),+;)+) => {
        mod $backend {
            use super::*;

            $($(
                #[tokio::test]
                async fn $case() {
                    $subject::$case($database).await;
                }
            )+)+
        }
    };
}

contract!(sqlite, Database::Folder(tempfile::tempdir().unwrap()));
contract!(memory, Database::Memory(MemoryStore::default()));
contract!(postgres, Database::Server(Scratch::new()));
contract!(postgres_behind_two_offices, Database::ServerOfTwo(Scratch::new()));

/// An empty database, which several servers may open.
enum Database {
    /// A file in a folder.
    Folder(tempfile::TempDir),
    /// An office in memory.
    Memory(MemoryStore),
    /// A schema on a PostgreSQL server.
    Server(Scratch),
    /// The same, and each call is answered by another office process than the one before.
    ServerOfTwo(Scratch),
}

impl Database {
    async fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::Folder(folder) => {
                Arc::new(SqliteStore::open(&folder.path().join("office.sqlite")).unwrap())
            }
            Self::Memory(store) => Arc::new(store.clone()),
            Self::Server(scratch) => Arc::new(scratch.open().await),
            Self::ServerOfTwo(scratch) => Arc::new(scratch.open_as_two().await),
        }
    }
}

impl Database {
    /// Returns whether a text is anywhere in what the database keeps: in any byte of its files, or in any column
    /// of any table of a server.
    async fn raw_holds(&self, text: &str) -> bool {
        match self {
            Self::Folder(folder) => {
                let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
                let has = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
                files.map(|file| std::fs::read(file).unwrap()).any(has)
            }
            Self::Memory(store) => store.holds(text),
            Self::Server(scratch) | Self::ServerOfTwo(scratch) => scratch.open().await.holds(text).await,
        }
    }
}

const NOW: Timestamp = Timestamp(1_583_000_000);
const STATION: StationId = StationId([1; 16]);

fn here() -> Region {
    "420106001001".parse().unwrap()
}

/// Returns the ticket of this number for a station of the usual community.
fn ticket(number: u8, expires: Timestamp) -> IssuedTicket {
    IssuedTicket::nameless([number; 32], here(), NOW, expires)
}

/// Redeems a ticket for the station of this number.
async fn redeem(store: &dyn Store, ticket: u8, number: u8, now: Timestamp) -> Redeemed {
    let redemption = Redemption {
        secret_hash: [ticket; 32],
        station: StationId([number; 16]),
        key: [number; 32],
        sealing: [number; 32],
        name: "东门".into(),
    };
    store.redeem(redemption, now).await.unwrap()
}

/// Opens the database and enrols [`STATION`].
async fn enrolled(database: &Database) -> Arc<dyn Store> {
    let store = database.open().await;
    store.add_ticket(ticket(9, NOW.plus(60))).await.unwrap();
    assert_eq!(redeem(&*store, 9, 1, NOW).await, Redeemed::Enrolled(STATION));
    store
}

async fn claim(store: &dyn Store, limit: usize) -> Vec<Letter> {
    store.claim(limit, NOW, NOW.plus(30)).await.unwrap()
}

/// Returns the reports of letters that are to be opened.
fn reports_of(letters: &[Letter]) -> Vec<SealedReport> {
    letters.iter().flat_map(|letter| letter.reports().unwrap()).map(|waiting| waiting.report).collect()
}

/// Opens letters: each of their reports, in this order, has one of these outcomes.
fn open(letters: &[Letter], outcomes: impl IntoIterator<Item = Outcome>) -> Vec<Opened> {
    let mut outcomes = outcomes.into_iter();
    let mut settle =
        |key| Settled { key, outcome: outcomes.next().expect("an outcome for each"), alerts: Vec::new() };
    letters
        .iter()
        .map(|letter| Opened {
            letter: letter.clone(),
            settled: letter.reports().unwrap().iter().map(|waiting| settle(waiting.key)).collect(),
        })
        .collect()
}

/// Reports that follow one another.
fn chain(count: u8, mut link: [u8; 32]) -> Vec<SealedReport> {
    (0..count)
        .map(|n| {
            let report = SealedReport {
                stream: StreamId([3; 16]),
                seq: u64::from(n),
                record: RecordId([n; 16]),
                kid: KeyId([4; 8]),
                link,
                ciphertext: vec![n; 20],
            };
            link = wire::chain(&link, &report.ciphertext);
            report
        })
        .collect()
}

/// A batch of [`STATION`] with these reports.
fn arrival(reports: &[SealedReport]) -> Arrival {
    let batch = Batch {
        station: STATION,
        id: BatchId([5; 16]),
        reports: reports.to_vec(),
        awaits: vec![],
        about: None,
    };
    let signed = batch.sign(&SigningKey::from_bytes(&[1; 32])).bytes;
    Arrival { batch, signed, received: NOW }
}

async fn accept(store: &dyn Store, reports: &[SealedReport]) -> Vec<ReceiptLine> {
    store.accept(arrival(reports)).await.unwrap().lines
}

fn statuses(lines: &[ReceiptLine]) -> Vec<RecordStatus> {
    lines.iter().map(|line| line.status).collect()
}

async fn open_alerts(store: &dyn Store) -> Vec<AlertKind> {
    let alerts = store.alerts(100).await.unwrap();
    alerts.into_iter().filter(|alert| alert.cleared.is_none()).map(|alert| alert.kind).collect()
}
