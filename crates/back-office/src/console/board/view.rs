//! What a board says, as types. `ui/apps/console/src/backend/board.ts` has the same.

use serde::Serialize;
use utoipa::ToSchema;

use crate::console::stations::{Found, StationView};
use crate::console::view::RegionRef;
use crate::store::Tally;

/// The board of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// When it was read.
    pub at: String,
    /// Of which region.
    pub region: RegionRef,
    /// The second since 1970 at which its first minute begins. The last of sixty is not over yet.
    pub from: i64,
    /// What was counted in each minute.
    pub minutes: Minutes,
    /// How many laptops there are.
    pub stations: StationCounts,
    /// Which one has been silent for the longest time, of those that are.
    pub silent: Option<Silent>,
    /// Which one judges by the oldest trust list.
    pub oldest_trust: Option<Silent>,
    /// What needs a person, the most urgent first.
    pub needs: Vec<Need>,
    /// The regions below, or a community's checkpoints.
    pub parts: Vec<Part>,
    /// How many more there are.
    pub more_parts: usize,
    /// Laptops, the worst first.
    pub rows: Vec<Row>,
    /// How many more there are.
    pub more_rows: usize,
}

/// Counts by the minute, one for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Minutes {
    /// Pass was shown.
    pub passed: Vec<u64>,
    /// Check was shown, and they were let through.
    pub let_through: Vec<u64>,
    /// Check was shown, and they were turned away.
    pub turned_away: Vec<u64>,
    /// Stop was shown.
    pub stopped: Vec<u64>,
    /// Nothing was judged.
    pub unjudged: Vec<u64>,
    /// Invalid codes, which are no people; in the minute in which a laptop reported them.
    pub invalid: Vec<u64>,
}

/// How many laptops there are that are not withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StationCounts {
    /// Those that have sent something.
    pub all: usize,
    /// Those of them that are not silent.
    pub online: usize,
    /// Those that are.
    pub offline: usize,
    /// Those for which more waits than one batch takes.
    pub behind: usize,
    /// Those that were enrolled and have sent nothing yet.
    pub new: usize,
}

/// A laptop, and for how long something has been so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Silent {
    /// Its id.
    pub station: String,
    /// What it is called.
    pub name: String,
    /// Where people last began to work at it.
    pub checkpoint: Option<String>,
    /// For how many seconds.
    pub seconds: i64,
    /// Reports that waited when it was last heard.
    pub waiting: Option<u64>,
}

/// Something that needs a person. Its sentence is the page's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Need {
    /// What: a stable code.
    pub code: &'static str,
    /// Of an alert: its kind.
    pub kind: Option<&'static str>,
    /// The laptop that it is about.
    pub station: Option<Named>,
    /// How many.
    pub count: Option<u64>,
    /// For how many seconds, or how many are left.
    pub seconds: Option<i64>,
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// Its id, or a region's code.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// Part of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Part {
    /// Which.
    #[serde(flatten)]
    pub named: Named,
    /// People within the hour.
    pub people: u64,
    /// Invalid codes within the hour.
    pub invalid: u64,
    /// People by the minute, of the last minutes.
    pub line: Vec<u64>,
}

/// A laptop on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Row {
    /// Which.
    pub station: StationView,
    /// People by the minute, of the last minutes.
    pub line: Vec<u64>,
}

impl Minutes {
    pub(super) fn of(tallies: &[Tally]) -> Self {
        let column = |of: fn(&Tally) -> u64| tallies.iter().map(of).collect();
        Self {
            passed: column(|tally| tally.passed),
            let_through: column(|tally| tally.let_through),
            turned_away: column(|tally| tally.turned_away),
            stopped: column(|tally| tally.stopped),
            unjudged: column(|tally| tally.unjudged),
            invalid: column(|tally| tally.invalid),
        }
    }
}

impl Silent {
    pub(super) fn of(found: &Found, seconds: i64) -> Self {
        Self {
            station: found.view.id.clone(),
            name: found.view.name.clone(),
            checkpoint: found.view.checkpoint.clone(),
            seconds,
            waiting: found.view.waiting,
        }
    }
}
