//! Boards as they were last read: however many look at a region, it is read once a second. And streams, bounded.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use health_code::{Region, Timestamp};

use super::reading::{Around, around, read};
use super::view::Board;
use crate::console::regions::RegionTable;
use crate::context::Context;
use crate::limits::{BOARD_STATIONS_SECONDS, BOARD_STREAMS, BOARD_STREAMS_OF_ONE, BOARDS};
use crate::store::StoreError;

/// A region, and that of whoever looks, by which names are cut.
type Key = (Region, Region);

/// Boards that were read, and who is told of changes.
#[derive(Debug, Default)]
pub struct Boards {
    /// Until when the office's certificates are good.
    tls_ends: Option<Timestamp>,
    kept: Mutex<BTreeMap<Key, Arc<tokio::sync::Mutex<Kept>>>>,
    /// Streams by session.
    streams: Arc<Mutex<BTreeMap<[u8; 32], usize>>>,
}

#[derive(Debug, Default)]
struct Kept {
    around: Option<(i64, Around)>,
    board: Option<(i64, Arc<Board>)>,
}

/// A place among the streams; dropping it makes room.
#[derive(Debug)]
pub struct Stream {
    streams: Arc<Mutex<BTreeMap<[u8; 32], usize>>>,
    session: [u8; 32],
}

impl Boards {
    /// Returns the boards of an office whose certificates are good until then.
    #[must_use]
    pub fn of_office(tls_ends: Option<Timestamp>) -> Self {
        Self { tls_ends, ..Self::default() }
    }

    /// Returns the board of a region, at most a second old, with names for whoever has `top`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(
        &self,
        context: &Context,
        names: &RegionTable,
        (scope, top): (&Region, &Region),
    ) -> Result<Arc<Board>, StoreError> {
        let kept = self.kept((scope.clone(), top.clone()));
        // Whoever asks meanwhile waits, and has the same one.
        let mut kept = kept.lock().await;
        let now = context.clock.now().0;
        if let Some((read, board)) = &kept.board
            && *read == now
        {
            return Ok(board.clone());
        }
        let is_fresh = |read: i64| (read..read + BOARD_STATIONS_SECONDS).contains(&now);
        let known = kept.around.take().filter(|(read, _)| is_fresh(*read));
        let around = match known {
            Some(known) => known,
            None => (now, around(context, names, (scope, top), self.tls_ends).await?),
        };
        let board = Arc::new(read(context, scope, &around.1).await?);
        kept.around = Some(around);
        kept.board = Some((now, board.clone()));
        Ok(board)
    }

    fn kept(&self, key: Key) -> Arc<tokio::sync::Mutex<Kept>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= BOARDS && !kept.contains_key(&key) {
            // Those that somebody looks at are read anew within a second.
            kept.clear();
        }
        kept.entry(key).or_default().clone()
    }

    /// Returns a place among the streams, or `None` where there is none left.
    #[must_use]
    pub fn stream(&self, session: [u8; 32]) -> Option<Stream> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let own = streams.get(&session).copied().unwrap_or_default();
        if own >= BOARD_STREAMS_OF_ONE || streams.values().sum::<usize>() >= BOARD_STREAMS {
            return None;
        }
        streams.insert(session, own + 1);
        Some(Stream { streams: self.streams.clone(), session })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = streams.get_mut(&self.session) {
            *own -= 1;
            if *own == 0 {
                streams.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_bounded_for_one_and_for_all_and_give_their_place_back() {
        let boards = Boards::default();
        let own: Vec<_> = (0..BOARD_STREAMS_OF_ONE).map(|_| boards.stream([1; 32]).unwrap()).collect();
        assert!(boards.stream([1; 32]).is_none());
        let session = |number: usize| {
            let mut session = [2; 32];
            session[..8].copy_from_slice(&number.to_be_bytes());
            session
        };
        let others: Vec<_> = (own.len()..BOARD_STREAMS).map(|n| boards.stream(session(n)).unwrap()).collect();
        assert!(boards.stream([3; 32]).is_none());
        drop(own);
        assert!(boards.stream([1; 32]).is_some());
        drop(others);
        assert!(boards.streams.lock().unwrap().is_empty());
    }
}
