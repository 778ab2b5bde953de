//! The chains of a station's reports, decided purely: what is new, known, in conflict, forked, missing.
//!
//! Each report names the head that it follows (its link) and makes a new head. A batch is cut into
//! [`Run`]s: reports of one stream that follow one another. A store keeps each run in one row, for ever,
//! and one row a station, the [`Tip`].
//!
//! **Fast path.** A batch whose first link is the tip's head and that goes on in the tip's stream at its
//! next place, or in a stream that was never seen, is all new. The store sees that by one row.
//!
//! **Slow path.** For every other batch the store reads the [`History`] that [`Asks`] names, and
//! [`decide`] says what to write.
//!
//! **Why the fast path needs no look-up.** Three things always hold:
//!
//! 1. The tip's next place lies just beyond all places of the tip's stream that were ever seen. The fast
//!    path moves it beyond what it takes. `decide` moves the tip within its stream whenever a place at or
//!    beyond `next` is taken; otherwise only into a stream that was never seen. So what goes on in the
//!    tip's stream is new; and of another stream the store asks whether it was ever seen.
//! 2. No known report follows the tip's head. A head that is new is followed only by reports that came
//!    before it, and these are loose; where one is joined to the tip's head, the head is taken from the
//!    tip. A report that follows the tip's head later moves the tip, or takes its head away.
//! 3. A run is loose unless its link was found: among zeros, the tip's head, the runs around its place,
//!    the newest runs of the tip's stream, or the batch itself. A run that arrives joins the loose runs that
//!    follow one of its heads. [`Search`] looks at the whole history once for what is still loose after a
//!    while.
//!
//! By 1 the fast path takes no place twice, by 2 it misses no fork, by 3 no gap.

mod decide;
mod history;
mod join;
mod plan;
mod search;
mod view;

pub use decide::{Decision, NewRun, decide};
pub use history::{Asks, Follower, History, Loose, LooseRun, RunKey, Span, StoredRun, Tip};
pub use join::{Joined, Raised, join};
pub use plan::{Fast, Plan, Planned, Run};
pub use search::{Search, Verdict};

/// The head of a chain.
pub type Head = [u8; 32];

/// The link of a station's very first report, which follows nothing.
pub const NOTHING: Head = [0; 32];
