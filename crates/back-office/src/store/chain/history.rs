//! What a store knows of a station, as far as a decision asks for it.

use std::collections::BTreeSet;

use health_code::Timestamp;
use wire::limits::BATCH_REPORTS;
use wire::{RecordId, StreamId};

use super::{Fast, Head, NOTHING, Plan, Run};

/// Where a station's chain goes on: one row a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// The number of the last letter.
    pub n: u64,
    /// How many reports were ever stored.
    pub records: u64,
    /// The stream that goes on, and the place just beyond all that were ever seen of it. `None` before the
    /// first report, and where a stream has come to its last place.
    pub place: Option<(StreamId, u64)>,
    /// The head that the next report follows; `None` if a known report follows it already.
    pub head: Option<Head>,
    /// How many runs hang loose.
    pub loose: u64,
}

impl Tip {
    /// The tip of a station that has sent nothing yet.
    pub const START: Self = Self { n: 0, records: 0, place: None, head: Some(NOTHING), loose: 0 };

    /// Returns the tip after a batch of this many reports that goes on from it; `None` if it does not.
    ///
    /// Databases do the same by one statement.
    #[must_use]
    pub fn after(&self, fast: &Fast, reports: u64) -> Option<Self> {
        let goes_on = self.head == Some(fast.link) && (fast.from.1 == 0 || self.place == Some(fast.from));
        goes_on.then(|| Self {
            n: self.n.saturating_add(1),
            records: self.records.saturating_add(reports),
            place: Some(fast.next),
            head: Some(fast.head),
            loose: self.loose,
        })
    }
}

/// Names a run of a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    /// The stream.
    pub stream: StreamId,
    /// The first place.
    pub first: u64,
    /// 0 in the ordinary case; more where other reports had taken these places before.
    pub fork: u32,
}

/// Whether what a run follows was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr)]
#[repr(u8)]
pub enum Loose {
    /// It was found.
    Joined = 0,
    /// It was not found yet.
    Hangs = 1,
    /// It was not found, and an alert says so.
    Told = 2,
}

/// A run that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRun {
    /// The run.
    pub run: Run,
    /// See [`RunKey::fork`].
    pub fork: u32,
    /// Whether what it follows was found.
    pub loose: Loose,
}

/// A run that hangs loose, without its reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LooseRun {
    /// Its name.
    pub key: RunKey,
    /// The head that its first report follows.
    pub link: Head,
    /// Its first report.
    pub record: RecordId,
    /// Whether an alert tells of it.
    pub told: bool,
    /// When it arrived.
    pub received: Timestamp,
}

/// The first report of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follower {
    /// The head that it follows.
    pub link: Head,
    /// Its record id.
    pub record: RecordId,
}

/// Places of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The stream.
    pub stream: StreamId,
    /// The lowest first place of runs that are asked for.
    pub low: u64,
    /// The highest first place of runs that are asked for.
    pub high: u64,
}

/// What the slow path asks a store for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asks {
    /// All runs, of every fork, whose first place is in one of these.
    pub spans: Vec<Span>,
    /// Which of these streams were ever seen.
    pub streams: BTreeSet<StreamId>,
    /// The runs that begin a stream (`first` is 0) and follow one of these.
    pub links: BTreeSet<Head>,
    /// The runs that hang loose and follow one of these; not to be asked if the tip has no loose runs.
    pub heads: BTreeSet<Head>,
    /// How many of the runs of the tip's stream with the highest first place, whatever their fork.
    pub newest: usize,
}

/// How many runs the slow path looks back for a link.
const NEWEST: usize = 8;

/// What a store answers to [`Asks`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The tip, locked.
    pub tip: Tip,
    /// The runs of the spans and the newest ones; none needs to be there twice.
    pub runs: Vec<StoredRun>,
    /// The streams that were ever seen.
    pub seen: BTreeSet<StreamId>,
    /// The runs that begin a stream.
    pub firsts: Vec<Follower>,
    /// The runs that hang loose.
    pub loose: Vec<LooseRun>,
}

impl Asks {
    /// Returns what has to be known to decide about a batch.
    #[must_use]
    pub fn of(plan: &Plan, tip: &Tip) -> Self {
        let mut spans: Vec<Span> = plan
            .runs
            .iter()
            .map(|planned| Span {
                stream: planned.run.stream,
                // No run is longer than a batch. The report before counts too, and so does the one after.
                low: planned.run.first.saturating_sub(BATCH_REPORTS as u64),
                high: planned.run.last().saturating_add(1),
            })
            .collect();
        spans.sort_unstable();
        spans.dedup_by(|next, before| {
            let meets = next.stream == before.stream && next.low <= before.high.saturating_add(1);
            if meets {
                before.high = before.high.max(next.high);
            }
            meets
        });
        let reports = || plan.runs.iter().flat_map(|planned| planned.run.reports());
        let heads = plan.heads();
        let far = plan.runs.iter().any(|planned| {
            let link = planned.run.link;
            let near = link == NOTHING || tip.head == Some(link) || heads.contains(&link);
            planned.run.first == 0 && !near
        });
        Self {
            spans,
            streams: plan.runs.iter().map(|planned| planned.run.stream).collect(),
            links: reports().map(|report| report.link).collect(),
            heads,
            newest: if far { NEWEST } else { 0 },
        }
    }
}

impl History {
    /// Returns those of the runs of which it is not known whether a report follows them in their stream:
    /// the place after them was not asked for.
    pub(super) fn cut_off<'a>(&'a self, asks: &'a Asks) -> impl Iterator<Item = &'a StoredRun> {
        let newest = self.tip.place.filter(|_| asks.newest > 0).map(|(stream, _)| {
            let of_it = self.runs.iter().filter(|stored| stored.run.stream == stream);
            let firsts: BTreeSet<_> = of_it.map(|stored| (stored.run.first, stored.fork)).collect();
            let lowest = firsts.iter().rev().nth(asks.newest.saturating_sub(1));
            (stream, lowest.map_or(0, |(first, _)| *first))
        });
        self.runs.iter().filter(move |StoredRun { run, .. }| {
            let among_newest = newest.is_some_and(|(stream, from)| run.stream == stream && run.first >= from);
            let mut spans = asks.spans.iter().filter(|span| span.stream == run.stream);
            let asked = spans.any(|span| (span.low..=span.high).contains(&run.last().saturating_add(1)));
            !(among_newest || asked)
        })
    }
}
