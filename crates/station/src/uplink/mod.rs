//! The uplink: it sends the outbox to the back office and downloads newer trust files.
//!
//! It erases only what a receipt, signed by a receipt key of the root, acknowledges. The gate never
//! waits for it.

mod again;
mod answer;
mod asking;
pub(crate) mod bad_office;
mod exchange;
mod generation;
pub(crate) mod http;
pub(crate) mod office;
mod parts;
mod shelf;
pub(crate) mod stick;
mod tls;
mod trust_download;
mod turn;
mod withdrawn;

use std::sync::Arc;
use std::time::Duration;

use gate::Input;
use gate::sync::{BatchLimits, Malformed, MalformedSearch, Outcome, Rest, busy_delay, retry_delay};
use gate::window::bar::Line;
use rand_core::Rng as _;
use tokio::sync::{mpsc, watch};
use wire::{Batch, Pace};

use crate::heads::Heads;
use crate::outbox::backlog::Settled;
use office::ExchangeError;
pub(crate) use parts::Parts;

/// How often a station sends before a receipt has told it.
const FIRST_PACE: Pace = Pace { pause: 2, poll: 60 };
/// A station that was turned away asks again after this.
const WITHDRAWN_RETRY: Duration = Duration::from_secs(3600);
/// A rest looks at the stopwatch this often. A timer stands still while the laptop sleeps, the stopwatch does not.
const LOOKS_EVERY: Duration = Duration::from_secs(5);

/// The uplink's state between two attempts.
pub(crate) struct Uplink {
    parts: Parts,
    limits: BatchLimits,
    /// Batches with an answer since the limits shrank or grew last.
    answers: u32,
    /// The search for a report that the back office calls malformed.
    search: MalformedSearch,
    /// A batch that was sent and has no valid receipt yet. It is sent again unchanged.
    in_flight: Option<Batch>,
    /// How many reports the last batch held.
    carried: usize,
    /// How many waiting reports the outbox did not hand out when it was asked last.
    stuck: u64,
    failures: u32,
    /// How often in a row the back office was busy.
    busy: u32,
    line: Option<Line>,
    /// Whether the last attempt failed because of this machine's clock.
    by_the_clock: bool,
    /// What the last receipt said of how often to send.
    pace: Pace,
    withdrawal: Option<withdrawn::Known>,
    trust_download: trust_download::TrustDownload,
    introduction: again::Introduction,
    heads: Heads,
    /// The newest state of the office's database that was heard of.
    newest: generation::Newest,
    /// The changes of which the gate wants to hear what became.
    asking: asking::Asking,
}

/// What ends an attempt, or a rest.
enum Event {
    Attempted {
        over: bool,
    },
    /// The network was switched, or closed for good.
    Switched {
        closed: bool,
    },
    Stick(Box<stick::Task>),
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next {
    /// The next attempt is made after this, if nothing ends the wait before.
    pub(crate) wait: Duration,
    /// When waiting reports end the wait, and when on the stopwatch the attempt had begun; `None` if
    /// they don't.
    rest: Option<(Rest, Duration)>,
    /// Whether there is nothing left to do, ever.
    pub(crate) over: bool,
}

impl Next {
    fn after(wait: Duration) -> Self {
        Self { wait, rest: None, over: false }
    }
}

impl Uplink {
    pub(crate) fn new(mut parts: Parts) -> Self {
        let withdrawal = parts.heard.take().map(withdrawn::Known::from_disk);
        let heads = Heads::load(&parts.folder);
        let newest = generation::Newest::load(&parts.folder);
        Self {
            parts,
            heads,
            newest,
            limits: BatchLimits::FULL,
            answers: 0,
            search: MalformedSearch::default(),
            in_flight: None,
            carried: 0,
            stuck: 0,
            failures: 0,
            busy: 0,
            line: None,
            by_the_clock: false,
            pace: FIRST_PACE,
            withdrawal,
            trust_download: trust_download::TrustDownload::default(),
            introduction: again::Introduction::default(),
            asking: asking::Asking::default(),
        }
    }

    /// Runs until `network` is closed. What `sticks` bring is taken with the network on or off, and interrupts an
    /// attempt: its batch goes again, unchanged.
    pub(crate) async fn run(
        mut self,
        mut network: watch::Receiver<bool>,
        mut sticks: mpsc::Receiver<stick::Task>,
    ) {
        loop {
            // Looked at anew each time: a switch can come together with the end of an attempt.
            let is_on = *network.borrow_and_update();
            if !is_on {
                self.tell_line(Line::Offline);
                self.failures = 0;
            }
            let attempts = async {
                if !is_on {
                    return std::future::pending().await;
                }
                let next = self.attempt().await;
                if !next.over {
                    self.rest(next).await;
                }
                next.over
            };
            let event = tokio::select! {
                over = attempts => Event::Attempted { over },
                switched = network.wait_for(|on| *on != is_on) => Event::Switched { closed: switched.is_err() },
                Some(task) = sticks.recv() => Event::Stick(Box::new(task)),
            };
            let over = match event {
                Event::Attempted { over } => over,
                Event::Switched { closed } => closed,
                Event::Stick(task) => self.take_stick(*task).await,
            };
            if over {
                break;
            }
        }
        self.tell_line(Line::Offline);
    }

    /// Rests until the next attempt is due, or a person sends now. What is still to be downloaded fills
    /// the rest, part by part.
    async fn rest(&mut self, next: Next) {
        let wake = Arc::clone(&self.parts.wake);
        let until = self.mono().saturating_add(next.wait);
        let withdrawn = self.withdrawal.is_some();
        // When the first report that waits came. What waits already came before the rest.
        let mut first = (wake.waiting() > self.stuck).then_some(Duration::ZERO);
        loop {
            let (mono, waiting) = (self.mono(), wake.waiting());
            let due = match next.rest {
                None => until,
                Some((rest, begun)) => {
                    let waiting = waiting.saturating_sub(self.stuck);
                    first = (waiting > 0).then(|| first.unwrap_or(mono.saturating_sub(begun)));
                    begun.saturating_add(rest.ends(waiting, first.unwrap_or_default()))
                }
            };
            if due <= mono {
                return;
            }
            if self.trust_download.goes_on() {
                tokio::select! {
                    () = self.download() => {}
                    () = wake.sent_now() => return,
                }
                if self.withdrawal.is_some() && !withdrawn {
                    return;
                }
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(due.saturating_sub(mono).min(LOOKS_EVERY)) => {}
                () = wake.other_than(waiting), if next.rest.is_some() => {}
                () = wake.sent_now() => return,
            }
        }
    }

    /// Sends once, and returns what to do next.
    pub(crate) async fn attempt(&mut self) -> Next {
        let begun = self.mono();
        // What the gate still reports when it hears of it is sent before the end.
        let ending = self.withdrawal.is_some();
        self.by_the_clock = false;
        let outcome = self.exchange().await;
        match outcome {
            Outcome::Answered => self.tell_line(Line::Online),
            // It is there, whatever it says.
            Outcome::TooLarge | Outcome::Busy { .. } | Outcome::Malformed => {}
            _ if self.by_the_clock => self.tell_line(Line::OfflineClock),
            _ => self.tell_line(Line::Offline),
        }
        if !matches!(outcome, Outcome::Busy { .. }) {
            self.busy = 0;
        }
        let answered = matches!(outcome, Outcome::Answered);
        self.parts.inputs.tell(Input::Exchanged { answered, coming: self.trust_download.goes_on() });
        match outcome {
            Outcome::Answered => {
                self.failures = 0;
                self.after_an_answer(begun, ending).await
            }
            Outcome::TooLarge | Outcome::TooSlow => {
                // What the back office took of it all the same, it knows by each report's id.
                let sent = self.in_flight.take().map_or(1, |batch| batch.reports.len());
                self.limits = self.limits.below(sent);
                self.answers = 0;
                self.fail(None)
            }
            Outcome::Failed { retry_after } => self.fail(retry_after),
            Outcome::Busy { retry_after } => {
                self.busy = self.busy.saturating_add(1);
                Next::after(busy_delay(retry_after, self.busy, self.parts.rng.next_u64()))
            }
            Outcome::Malformed => self.after_malformed().await,
            Outcome::Unknown => match self.make_known().await {
                Ok(true) => Next::after(Duration::ZERO),
                Ok(false) => turned_away(),
                Err(ExchangeError::Status { retry_after, .. }) => self.fail(retry_after),
                Err(_) => self.fail(None),
            },
            Outcome::Withdrawn => turned_away(),
        }
    }

    async fn after_an_answer(&mut self, begun: Duration, ending: bool) -> Next {
        let over = ending && self.carried == 0 && self.end_if_drained().await;
        let waiting = self.parts.wake.waiting().saturating_sub(self.stuck);
        let just_heard = self.withdrawal.is_some() && !ending;
        let poll = Duration::from_secs(self.pace.poll.into());
        let pause = Duration::from_secs(self.pace.pause.into());
        let poll = self.asking.poll(poll);
        let poll = if self.waits_for_the_gate() { poll.min(withdrawn::ASKS_AGAIN) } else { poll };
        let rest = Rest { pause, poll: if just_heard { pause } else { poll } };
        let taken = self.mono().saturating_sub(begun);
        let wait = rest.ends(waiting, Duration::ZERO).saturating_sub(taken);
        Next { wait, rest: Some((rest, begun)), over }
    }

    /// Narrows down which report is malformed, and sets it aside once it is surely that one.
    async fn after_malformed(&mut self) -> Next {
        let Some(batch) = self.in_flight.take() else { return self.fail(None) };
        let sent: Vec<_> = batch.reports.iter().map(|report| report.record).collect();
        match (self.search.refused(&sent), &sent[..]) {
            (Malformed::SetAside, [record]) if self.parts.outbox.set_aside(*record).await => {
                tracing::error!(%record, "a report that the back office calls malformed is set aside");
                Next::after(Duration::ZERO)
            }
            (Malformed::Narrow, _) => Next::after(Duration::ZERO),
            (Malformed::Hold | Malformed::SetAside, _) => {
                let settled = Settled { missing: sent, ..Settled::default() };
                self.parts.outbox.settle(settled).await;
                self.fail(None)
            }
        }
    }

    fn fail(&mut self, retry_after: Option<Duration>) -> Next {
        self.failures = self.failures.saturating_add(1);
        let random = self.parts.rng.next_u64();
        Next::after(retry_delay(self.failures, retry_after, random))
    }

    fn mono(&self) -> Duration {
        self.parts.clock.read().0.mono
    }

    fn tell_line(&mut self, line: Line) {
        if self.line != Some(line) {
            self.line = Some(line);
            // Once per change: without a network, each attempt fails.
            match line {
                Line::Online => tracing::info!("the back office answers"),
                Line::Offline => {
                    tracing::info!("the back office is not reached; reports wait on this laptop");
                }
                Line::OfflineClock => {
                    tracing::warn!("this clock is outside the dates of the back office's certificate");
                }
            }
            self.parts.inputs.tell(Input::Line(line));
        }
    }
}

fn turned_away() -> Next {
    tracing::error!("the back office turns this station away: enrol it again, or ask there");
    Next::after(WITHDRAWN_RETRY)
}

#[cfg(test)]
mod tests;
