//! One turn of downloading. Downloads take turns with uploads, so that neither waits long for the
//! other.

use std::time::Duration;

use wire::hex;

use super::office::{ExchangeError, Request};
use super::parts::Parts;
use super::shelf::{Put, Shelf};

/// Longest part of a file that is asked for at once, in bytes: half a minute at 2 KB/s. An upload that
/// is due waits for one of them.
const PART: usize = 64 * 1024;
/// After this, a turn begins no further part.
pub(super) const TURN: Duration = Duration::from_secs(10);
/// How often a turn goes on after a line that broke off.
const INTERRUPTIONS: u32 = 3;

/// A turn: at least one part, and as many as its time holds.
pub(super) struct Turn<'a> {
    pub parts: &'a Parts,
    shelf: &'a mut Shelf,
    /// When it ends, on the stopwatch.
    until: Duration,
    asked: bool,
    interruptions: u32,
    /// Whether something could not be asked for in this turn any more.
    later: bool,
}

/// A file that is wanted.
pub(super) struct Wanted<'a> {
    pub path: &'a str,
    pub answer: &'static str,
    pub header: Option<(&'static str, String)>,
    /// Its longest length in bytes.
    pub limit: usize,
    /// The hash of the version that is wanted, where one is named. It is the file's entity tag.
    pub hash: Option<[u8; 32]>,
}

impl<'a> Turn<'a> {
    pub(super) fn begin(parts: &'a Parts, shelf: &'a mut Shelf, time: Duration) -> Self {
        let until = parts.clock.read().0.mono.saturating_add(time);
        Self { parts, shelf, until, asked: false, interruptions: 0, later: false }
    }

    /// Returns whether another turn is needed.
    pub(super) fn goes_on(&self) -> bool {
        self.later
    }

    /// Returns a file, from the shelf or from the office; `None` if it cannot be had, or not in this
    /// turn.
    pub(super) async fn get(&mut self, wanted: Wanted<'_>) -> Option<Vec<u8>> {
        match self.try_get(&wanted).await {
            Ok(file) => file,
            Err(error) => {
                tracing::warn!(%error, file = wanted.path, "a newer trust file could not be had");
                None
            }
        }
    }

    /// Returns a file as [`Turn::get`] does; an error says why it cannot be had.
    pub(super) async fn try_get(&mut self, wanted: &Wanted<'_>) -> Result<Option<Vec<u8>>, ExchangeError> {
        if let Some(hash) = &wanted.hash {
            self.shelf.keep_only(wanted.path, &entity_tag(hash));
        }
        loop {
            if let Some(whole) = self.shelf.whole(wanted.path) {
                return Ok(Some(whole.to_vec()));
            }
            if self.later || (self.asked && self.is_over()) {
                self.later = true;
                return Ok(None);
            }
            self.asked = true;
            let Wanted { path, answer, limit, .. } = *wanted;
            let had = self.shelf.had(path);
            let request = Request { path, answer, header: wanted.header.clone(), limit, had, part: PART };
            let part = self.parts.office.get(request).await?;
            if self.shelf.put(path, limit, part)? == Put::Interrupted {
                self.interruptions += 1;
                if self.interruptions > INTERRUPTIONS {
                    return Err(ExchangeError::BrokenOff);
                }
            }
        }
    }

    fn is_over(&self) -> bool {
        self.parts.clock.read().0.mono >= self.until
    }
}

/// Returns the entity tag under which an office has a trust file.
fn entity_tag(hash: &[u8; 32]) -> String {
    format!("\"{}\"", hex::encode(hash))
}
