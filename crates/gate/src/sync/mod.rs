//! The rules for emptying the outbox: which reports go next, what an answer settles, when to send
//! again.

mod batches;
mod pace;
mod settling;

use std::time::Duration;

use wire::{Batch, Receipt};

pub use batches::{BatchLimits, Malformed, MalformedSearch, next_batch};
pub use pace::{Rest, SENDS_AT_ONCE, busy_delay, retry_delay};
pub use settling::{Settlement, settle};

/// The rules of an exchange, for whoever carries it out. A simulation hands in others to see that it
/// notices.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Decides how many reports go into the next batch: [`next_batch`].
    pub next_batch: fn(&[usize], BatchLimits) -> usize,
    /// Decides what a receipt settles: [`settle`].
    pub settle: fn(&Batch, &Receipt) -> Settlement,
}

impl Default for Rules {
    fn default() -> Self {
        Self { next_batch, settle }
    }
}

/// The outcome of an attempt to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A valid receipt came.
    Answered,
    /// No connection, a server error, or no valid receipt.
    Failed {
        /// The server's `Retry-After`, if it sent one.
        retry_after: Option<Duration>,
    },
    /// 429 or 503 with a `Retry-After`: the back office is there, and has no time now.
    Busy {
        /// The answer's `Retry-After`.
        retry_after: Duration,
    },
    /// 413: half as much must be sent.
    TooLarge,
    /// 408, or several reports on a connection that broke off or took too long: half as much must
    /// be sent.
    TooSlow,
    /// 400 `malformed`, for a batch with reports: one of them has a shape that the back office does
    /// not take.
    Malformed,
    /// 401 `unknown-station`: the back office was restored from before this station's enrolment.
    Unknown,
    /// Another 401 or 403: this station may not send any more.
    Withdrawn,
}
