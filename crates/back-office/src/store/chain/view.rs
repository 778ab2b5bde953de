//! What is known while a batch is decided: by place, by head, by what follows a head.

use std::collections::{BTreeMap, BTreeSet};

use wire::{RecordId, StreamId};

use super::{Head, Loose, Run, StoredRun};

/// A report that is known at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occupant {
    pub record: RecordId,
    pub hash: [u8; 32],
    pub fork: u32,
    pub hangs: bool,
}

/// What is known of a station, as far as a batch asks.
#[derive(Debug, Default)]
pub(super) struct View {
    places: BTreeMap<(StreamId, u64), Vec<Occupant>>,
    heads: BTreeSet<Head>,
    followers: BTreeMap<Head, BTreeSet<RecordId>>,
}

impl View {
    pub fn add(&mut self, stored: &StoredRun) {
        let StoredRun { run, fork, loose } = stored;
        self.add_run(run, *fork, *loose != Loose::Joined);
    }

    pub fn add_run(&mut self, run: &Run, fork: u32, hangs: bool) {
        for report in run.reports() {
            // Only the first report of a run can hang.
            let hangs = hangs && report.seq == run.first;
            let occupant = Occupant { record: report.record, hash: report.hash, fork, hangs };
            let at = self.places.entry((run.stream, report.seq)).or_default();
            if !at.iter().any(|known| (known.record, known.fork) == (occupant.record, fork)) {
                at.push(occupant);
            }
            self.heads.insert(report.head);
            self.follows(report.link, report.record);
        }
    }

    pub fn forget_head(&mut self, head: &Head) {
        self.heads.remove(head);
    }

    pub fn add_heads(&mut self, heads: impl IntoIterator<Item = Head>) {
        self.heads.extend(heads);
    }

    pub fn follows(&mut self, link: Head, record: RecordId) {
        self.followers.entry(link).or_default().insert(record);
    }

    pub fn at(&self, stream: StreamId, seq: u64) -> &[Occupant] {
        self.places.get(&(stream, seq)).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn knows(&self, head: &Head) -> bool {
        *head == super::NOTHING || self.heads.contains(head)
    }

    /// Returns whether a report other than this one follows a head.
    pub fn other_follows(&self, link: &Head, record: RecordId) -> bool {
        self.followers.get(link).is_some_and(|all| all.iter().any(|other| *other != record))
    }

    pub fn is_followed(&self, head: &Head) -> bool {
        self.followers.contains_key(head)
    }
}
