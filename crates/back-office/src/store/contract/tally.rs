//! Cases of [`Tallies`](crate::store::Tallies).

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use health_code::{Region, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use wire::report::{Carried, Health, Passage, Shift, ShiftEvent};
use wire::{Batch, BatchId, ClockState, Direction, SealedReport, Shown, StationId};

use super::worklist::claims;
use super::{Database, NOW, STATION, accept, chain, claim, enrolled, here, open, redeem};
use crate::limits::{TALLY_HOURS_SECONDS, TALLY_MINUTES_SECONDS};
use crate::store::{
    Arrival, Filing, IssuedTicket, Outcome, PersonKeys, QuarantineReason, ReportKey, Series, Settled, Span,
    Store, Subject, Tally,
};

const OTHER: StationId = StationId([2; 16]);
/// How many reports a station makes in a history.
const REPORTS: u8 = 40;

fn neighbour() -> Region {
    "420106001002".parse().unwrap()
}

fn drawn(rng: &mut ChaCha20Rng, below: u32) -> u32 {
    rng.next_u32() % below
}

/// Draws what a station may report: mostly of the last minutes, and now and then of long ago or of the future.
fn draw(rng: &mut ChaCha20Rng) -> Filing {
    let at = match drawn(rng, 8) {
        0 => NOW.0 + 500,
        1 => NOW.0 - TALLY_MINUTES_SECONDS - i64::from(drawn(rng, 9000)),
        2 => NOW.0 - TALLY_HOURS_SECONDS - 3600 - i64::from(drawn(rng, 9000)),
        _ => NOW.0 - i64::from(drawn(rng, 200)),
    };
    let clock = ClockState::Trusted;
    if drawn(rng, 6) == 0 {
        let refusals = vec![("expired".to_owned(), drawn(rng, 4)), ("signature".to_owned(), 1)];
        return Filing::Health(Health { at, clock, refusals, wrong_tries: drawn(rng, 3) });
    }
    let shown = [Shown::Pass, Shown::Check, Shown::Stop, Shown::UnjudgedClock][drawn(rng, 4) as usize];
    let outcome = [wire::Outcome::LetThrough, wire::Outcome::TurnedAway][drawn(rng, 2) as usize];
    let passage = Passage {
        at,
        clock,
        checkpoint: [u8::try_from(drawn(rng, 2)).unwrap(); 8],
        collector: [u8::try_from(drawn(rng, 2)).unwrap(); 8],
        policies: [3; 32],
        trust: 7,
        shown,
        code: Carried::Whole(vec![1]),
        judged_at: at,
        direction: [Direction::In, Direction::Out][drawn(rng, 2) as usize],
        outcome,
    };
    if drawn(rng, 5) == 0 {
        return Filing::Certificate(passage);
    }
    Filing::Passage { passage, claims: Box::new(claims()), person: PersonKeys::default() }
}

/// Sends reports of a station, one letter for a few of them.
async fn send(store: &dyn Store, station: StationId, reports: &[SealedReport]) {
    for part in reports.chunks(7) {
        let batch =
            Batch { station, id: BatchId([5; 16]), reports: part.to_vec(), awaits: vec![], about: None };
        let signed = batch.sign(&SigningKey::from_bytes(&[1; 32])).bytes;
        store.accept(Arrival { batch, signed, received: NOW }).await.unwrap();
    }
}

/// Files histories of two stations of neighbouring communities, and returns what was filed at which of them.
async fn live(store: &dyn Store, seed: u64) -> Vec<(StationId, Filing)> {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let ticket = IssuedTicket::nameless([8; 32], neighbour(), NOW, NOW.plus(60));
    store.add_ticket(ticket).await.unwrap();
    redeem(store, 8, 2, NOW).await;
    for station in [STATION, OTHER] {
        send(store, station, &chain(REPORTS, [0; 32])).await;
    }
    let mut filed = Vec::new();
    let mut outcome = |station: StationId, rng: &mut ChaCha20Rng| {
        if drawn(rng, 5) == 0 {
            return Outcome::Quarantined(QuarantineReason::Seal);
        }
        let filing = draw(rng);
        filed.push((station, filing.clone()));
        Outcome::Filed(Box::new(filing))
    };
    // What is in quarantine is opened again, and goes there or is filed, until nothing is left.
    let mut rounds = 0;
    loop {
        let letters = claim(store, 8).await;
        if letters.is_empty() {
            let reopened = store.reopen(None).await.unwrap();
            if reopened == 0 {
                break;
            }
            continue;
        }
        let waiting: Vec<_> = letters.iter().flat_map(|letter| letter.reports().unwrap()).collect();
        let outcomes: Vec<_> = waiting.iter().map(|report| outcome(report.key.station, &mut rng)).collect();
        let opened = open(&letters, outcomes);
        // A worker that dies after the commit settles again; and one that outlived its lease, too.
        for _ in 0..=drawn(&mut rng, 2) {
            store.settle(opened.clone(), NOW).await.unwrap();
        }
        rounds += 1;
    }
    assert!(rounds > 8, "{rounds}");
    filed
}

/// Counts by going through everything that was filed: what the counters are compared with.
fn recount(filed: &[(StationId, Filing)], span: Span, subject: &Subject) -> Series {
    let mut series = Series::new();
    for (station, filing) in filed {
        let community = if *station == STATION { here() } else { neighbour() };
        let (at, checkpoint, tally) = match filing {
            Filing::Passage { passage, .. } | Filing::Certificate(passage) => {
                (passage.at, Some(passage.checkpoint), by_hand(passage))
            }
            Filing::Health(health) => {
                let invalid = health.refusals.iter().map(|(_, count)| u64::from(*count)).sum();
                (health.at, None, Tally { invalid, ..Tally::default() })
            }
            _ => continue,
        };
        let is_of = match subject {
            Subject::Region(region) => region.contains(&community),
            Subject::Station(of) => of == station && span == Span::Minute,
            Subject::Checkpoint { community: of, id } => *of == community && checkpoint == Some(*id),
        };
        let start = |moment: i64| moment.div_euclid(span.seconds()) * span.seconds();
        let at = start(at.min(NOW.0));
        let kept = if span == Span::Minute { TALLY_MINUTES_SECONDS } else { TALLY_HOURS_SECONDS };
        if is_of && at >= start(NOW.0 - kept) {
            *series.entry(at).or_default() += tally;
        }
    }
    series
}

fn by_hand(passage: &Passage) -> Tally {
    let away = passage.outcome == wire::Outcome::TurnedAway;
    let is = |condition: bool| u64::from(condition);
    Tally {
        passed: is(passage.shown == Shown::Pass),
        let_through: is(passage.shown == Shown::Check && !away),
        turned_away: is(passage.shown == Shown::Check && away),
        stopped: is(passage.shown == Shown::Stop),
        unjudged: is(!passage.shown.is_judged()),
        invalid: 0,
    }
}

fn subjects() -> Vec<Subject> {
    let regions = ["", "42", "4201", "420106", "420106001", "420106001001", "420106001002", "420106001003"];
    let regions = regions.map(|digits| Subject::Region(digits.parse().unwrap()));
    let checkpoint = |community: Region, id: u8| Subject::Checkpoint { community, id: [id; 8] };
    let checkpoints = [(here(), 0), (here(), 1), (neighbour(), 0), (neighbour(), 2)];
    let checkpoints = checkpoints.map(|(community, id)| checkpoint(community, id));
    regions
        .into_iter()
        .chain(checkpoints)
        .chain([STATION, OTHER, StationId([3; 16])].map(Subject::Station))
        .collect()
}

async fn all(store: &dyn Store, span: Span) -> Vec<Series> {
    store.tallies(span, subjects(), Timestamp(0), NOW.plus(9000)).await.unwrap()
}

pub(super) async fn counters_equal_a_recount_however_reports_came_to_be_filed(database: Database) {
    let store = &*enrolled(&database).await;
    let filed = live(store, 7).await;
    let compare = async |filed: &[(StationId, Filing)]| {
        for span in [Span::Minute, Span::Hour] {
            let counted = all(&*database.open().await, span).await;
            for (subject, counted) in subjects().iter().zip(counted) {
                assert_eq!(counted, recount(filed, span, subject), "{span:?} {subject:?}");
            }
        }
    };
    compare(&filed).await;
    // What is read is bounded by its moments: the first is in, the last is not.
    let minutes = recount(&filed, Span::Minute, &Subject::Region(here()));
    let (first, last) = (*minutes.keys().next().unwrap(), *minutes.keys().next_back().unwrap());
    let some = store
        .tallies(Span::Minute, vec![Subject::Region(here())], Timestamp(first), Timestamp(last))
        .await
        .unwrap();
    assert_eq!(some[0].len(), minutes.len() - 1);
    // By collectors and hours the same people are counted once more.
    let mut work: BTreeMap<_, Tally> = BTreeMap::new();
    for (station, filing) in &filed {
        if let Filing::Passage { passage, .. } | Filing::Certificate(passage) = filing
            && *station == STATION
        {
            let hour = passage.at.min(NOW.0).div_euclid(3600) * 3600;
            if hour >= (NOW.0 - TALLY_HOURS_SECONDS).div_euclid(3600) * 3600 {
                let key = (hour, passage.collector, passage.checkpoint, Direction::number(passage.direction));
                *work.entry(key).or_default() += by_hand(passage);
            }
        }
    }
    let hours = async |limit| {
        let rows = store.work_hours(&here(), Timestamp(0), NOW.plus(9000), limit).await.unwrap();
        let key =
            |row: &crate::store::WorkHour| (row.at.0, row.collector, row.checkpoint, row.direction.number());
        rows.into_iter().map(|row| (key(&row), row.tally)).collect::<Vec<_>>()
    };
    assert_eq!(hours(1000).await, work.clone().into_iter().collect::<Vec<_>>());
    assert_eq!(hours(2).await, work.into_iter().take(2).collect::<Vec<_>>());
}

pub(super) async fn a_conflict_that_is_filed_counts_once(database: Database) {
    let store = &*enrolled(&database).await;
    let mut other = chain(1, [0; 32]);
    accept(store, &other).await;
    let filing = draw(&mut ChaCha20Rng::seed_from_u64(3));
    store
        .settle(open(&claim(store, 9).await, [Outcome::Filed(Box::new(filing.clone()))]), NOW)
        .await
        .unwrap();
    other[0].ciphertext[0] ^= 1;
    accept(store, &other).await;
    let conflict = store.conflicts(STATION, other[0].record).await.unwrap().remove(0);
    for id in [100, 100, 101] {
        let key = ReportKey { record: wire::RecordId([id; 16]), ..conflict.key };
        let outcome = Outcome::Filed(Box::new(filing.clone()));
        let opened = Settled { key, outcome, alerts: Vec::new() };
        store.file_conflict(conflict.clone(), opened, NOW).await.unwrap();
    }
    let filed = [(STATION, filing.clone()), (STATION, filing)];
    for span in [Span::Minute, Span::Hour] {
        for (subject, counted) in subjects().iter().zip(all(store, span).await) {
            assert_eq!(counted, recount(&filed, span, subject), "{span:?} {subject:?}");
        }
    }
}

pub(super) async fn counters_are_forgotten_after_their_time(database: Database) {
    let store = &*enrolled(&database).await;
    live(store, 11).await;
    let before = (all(store, Span::Minute).await, all(store, Span::Hour).await);
    store.forget_tallies(NOW).await.unwrap();
    assert_eq!((all(store, Span::Minute).await, all(store, Span::Hour).await), before, "all are kept still");
    store.forget_tallies(NOW.plus(TALLY_MINUTES_SECONDS + 60)).await.unwrap();
    assert!(all(store, Span::Minute).await.iter().all(Series::is_empty));
    assert_eq!(all(store, Span::Hour).await, before.1);
    store.forget_tallies(NOW.plus(TALLY_HOURS_SECONDS + 3600)).await.unwrap();
    assert!(all(store, Span::Hour).await.iter().all(Series::is_empty));
    assert_eq!(store.work_hours(&here(), Timestamp(0), NOW, 9).await.unwrap(), []);
}

pub(super) async fn shifts_and_invalid_scans_are_read_by_station_and_time(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(5, [0; 32])).await;
    let clock = ClockState::Trusted;
    let shift = |at, event| Shift { at, clock, person: [2; 8], event };
    let place = ShiftEvent::At { checkpoint: [1; 8], direction: Direction::Out };
    let shifts = [shift(30, ShiftEvent::SignedOut), shift(10, ShiftEvent::SignedIn), shift(20, place)];
    let refusals = vec![("expired".to_owned(), 3), ("signature".to_owned(), 1)];
    let health = [
        Health { at: 25, clock, refusals, wrong_tries: 2 },
        Health { at: 15, clock, refusals: vec![], wrong_tries: 1 },
    ];
    let filings = shifts.clone().map(Filing::Shift).into_iter().chain(health.clone().map(Filing::Health));
    let outcomes: Vec<_> = filings.map(|filing| Outcome::Filed(Box::new(filing))).collect();
    store.settle(open(&claim(store, 9).await, outcomes), NOW).await.unwrap();
    let listed = async |stations: &[StationId], from, until, limit| {
        let (from, until) = (Timestamp(from), Timestamp(until));
        let shifts = store.shifts_of(stations.to_vec(), from, until, limit).await.unwrap();
        let health = store.health_of(stations.to_vec(), from, until, limit).await.unwrap();
        assert!(shifts.iter().all(|duty| duty.station == STATION));
        (
            shifts.into_iter().map(|duty| duty.report).collect::<Vec<_>>(),
            health.into_iter().map(|duty| duty.report).collect::<Vec<_>>(),
        )
    };
    let [last, first, middle] = shifts;
    let [late, early] = health;
    let both = [STATION, OTHER];
    assert_eq!(
        listed(&both, 0, 99, 9).await,
        (vec![first.clone(), middle.clone(), last], vec![early.clone(), late])
    );
    assert_eq!(listed(&both, 10, 25, 9).await, (vec![first.clone(), middle], vec![early.clone()]));
    assert_eq!(listed(&both, 0, 99, 1).await, (vec![first], vec![early]));
    assert_eq!(listed(&[OTHER], 0, 99, 9).await, (vec![], vec![]));
}
