//! Checking the chain from its first entry on.

use health_code::Timestamp;
use wire::AuditHead;

use crate::limits::AUDIT_PAGE;
use crate::store::{Entry, Store, StoreError};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How many entries there are.
    pub count: u64,
    /// The first entry that does not follow the one before it.
    pub broken_at: Option<u64>,
    /// When the first entry was made.
    pub first: Option<Timestamp>,
    /// Heads that stations saw, and that the log does not have: it was cut short or written anew.
    pub missing: Vec<AuditHead>,
}

/// Follows a chain, entry by entry.
#[derive(Debug)]
pub struct Follower {
    head: AuditHead,
    first: Option<Timestamp>,
    broken_at: Option<u64>,
    /// Heads that are not met yet, by their count.
    witnessed: Vec<AuditHead>,
    missing: Vec<AuditHead>,
}

impl Follower {
    /// Begins before the first entry. `witnessed` are heads that stations saw.
    #[must_use]
    pub fn new(mut witnessed: Vec<AuditHead>) -> Self {
        witnessed.sort_by_key(|head| std::cmp::Reverse(head.count));
        // Before the first entry every log is alike.
        witnessed.retain(|head| *head != AuditHead::EMPTY);
        Self { head: AuditHead::EMPTY, first: None, broken_at: None, witnessed, missing: Vec::new() }
    }

    /// Takes the next entry.
    pub fn follow(&mut self, entry: &Entry) {
        self.first.get_or_insert(entry.at);
        if self.broken_at.is_none() && !entry.follows(self.head) {
            self.broken_at = Some(entry.seq);
        }
        self.head = entry.head();
        while let Some(witness) = self.witnessed.pop_if(|witness| witness.count <= entry.seq) {
            if witness != self.head {
                self.missing.push(witness);
            }
        }
    }

    /// Returns what was found, after the last entry.
    #[must_use]
    pub fn end(mut self) -> Checked {
        while let Some(beyond) = self.witnessed.pop() {
            self.missing.push(beyond);
        }
        let Self { head, first, broken_at, missing, .. } = self;
        Checked { count: head.count, broken_at, first, missing }
    }
}

/// Checks the whole log.
///
/// # Errors
/// [`StoreError`].
pub async fn check(store: &dyn Store, witnessed: Vec<AuditHead>) -> Result<Checked, StoreError> {
    let mut follower = Follower::new(witnessed);
    let mut after = 0;
    loop {
        let entries = store.audit_after(after, AUDIT_PAGE).await?;
        let Some(last) = entries.last() else { return Ok(follower.end()) };
        after = last.seq;
        entries.iter().for_each(|entry| follower.follow(entry));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use health_code::Region;

    use super::*;
    use crate::store::Note;

    /// A log of so many entries.
    pub(in crate::audit) fn log(count: u8) -> Vec<Entry> {
        let mut head = AuditHead::EMPTY;
        let mut entry = |n: u8| {
            let note = Note {
                at: Timestamp(i64::from(n)),
                actor: None,
                act: "sign-in".into(),
                object: n.to_string(),
                region: Region::country(),
                words: "样例甲".into(),
                salt: [n; 16],
            };
            let entry = note.after(head);
            head = entry.head();
            entry
        };
        (1..=count).map(&mut entry).collect()
    }

    fn checked(entries: &[Entry], witnessed: Vec<AuditHead>) -> Checked {
        let mut follower = Follower::new(witnessed);
        entries.iter().for_each(|entry| follower.follow(entry));
        follower.end()
    }

    #[test]
    fn a_changed_a_missing_and_a_swapped_entry_break_the_chain() {
        let good = log(9);
        assert_eq!(
            checked(&good, vec![]),
            Checked { count: 9, broken_at: None, first: Some(Timestamp(1)), missing: vec![] }
        );
        let mut changed = good.clone();
        changed[4].object = "x".into();
        assert_eq!(checked(&changed, vec![]).broken_at, Some(5));
        let mut missing = good.clone();
        missing.remove(4);
        assert_eq!(checked(&missing, vec![]).broken_at, Some(6));
        let mut swapped = good;
        swapped.swap(4, 5);
        assert_eq!(checked(&swapped, vec![]).broken_at, Some(6));
    }

    #[test]
    fn what_stations_saw_shows_a_log_that_was_cut_or_written_anew() {
        let good = log(9);
        let seen = vec![AuditHead::EMPTY, good[8].head(), good[3].head()];
        assert_eq!(checked(&good, seen.clone()).missing, []);
        assert_eq!(checked(&good[..6], seen.clone()).missing, [good[8].head()]);
        assert_eq!(checked(&[], seen.clone()).missing.len(), 2);
        let mut anew = good.clone();
        anew[2].words = None;
        let mut head = AuditHead::EMPTY;
        let forged: Vec<_> = (1..=9)
            .map(|n| {
                let note = Note {
                    at: Timestamp(n),
                    actor: None,
                    act: "sign-out".into(),
                    object: String::new(),
                    region: Region::country(),
                    words: String::new(),
                    salt: [0; 16],
                };
                let entry = note.after(head);
                head = entry.head();
                entry
            })
            .collect();
        let checked = checked(&forged, seen);
        assert_eq!((checked.broken_at, checked.missing.len()), (None, 2));
    }
}
