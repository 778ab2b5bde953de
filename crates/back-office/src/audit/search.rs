//! Finding entries by who did them, what was done, words and time.

use std::collections::BTreeSet;

use health_code::{PersonId, Timestamp};

use crate::limits::{AUDIT_PAGE, AUDIT_SEARCHED};
use crate::store::{AuditWanted, Entry, Store, StoreError};

/// What a clock may have gone back: entries are nearly in the order of their times.
const SLACK: i64 = 24 * 3600;

/// What an entry says beside its act, to whoever reads the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Whom or what it is about.
    pub object: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Returns what an entry says. Below a look's reason stands by which key it is erased: that is nobody's to read.
#[must_use]
pub fn said(entry: &Entry) -> Said {
    let words = entry.words.as_ref().map(|(_, words)| words.as_str()).filter(|words| !words.is_empty());
    let (words, reason) = match words.and_then(|words| words.split_once('\n')) {
        Some((whom, why)) => (Some(whom), why.lines().next()),
        None => (words, None),
    };
    let object = words.or(Some(entry.object.as_str()).filter(|object| !object.is_empty()));
    Said { object: object.map(str::to_owned), reason: reason.map(str::to_owned) }
}

/// What is sought.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this one.
    pub until: Option<Timestamp>,
    /// What is typed, and what it may stand for; `None` for every entry.
    pub text: Option<SoughtText>,
}

/// A text, and whose acts and which acts it names. One of them is enough.
#[derive(Debug, Clone, Default)]
pub struct SoughtText {
    /// In small letters.
    pub text: String,
    /// Who may be meant.
    pub actors: BTreeSet<PersonId>,
    /// Which acts may be meant, by their codes.
    pub acts: BTreeSet<String>,
}

impl Sought {
    /// Returns whether an entry is meant. Only what it says to its reader counts.
    #[must_use]
    pub fn meets(&self, entry: &Entry) -> bool {
        let in_time =
            self.from.is_none_or(|from| entry.at >= from) && self.until.is_none_or(|until| entry.at < until);
        in_time && self.text.as_ref().is_none_or(|text| text.meets(entry))
    }
}

impl SoughtText {
    fn meets(&self, entry: &Entry) -> bool {
        let Said { object, reason } = said(entry);
        let names = |part: &String| part.to_lowercase().contains(&self.text);
        self.acts.contains(&entry.act)
            || entry.actor.is_some_and(|actor| self.actors.contains(&actor))
            || [object, reason].iter().flatten().any(names)
    }
}

/// Entries that were found, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Before which number to go on; `None` where there is nothing older.
    pub next: Option<u64>,
}

/// Looks through the entries that `wanted` names, at most [`AUDIT_SEARCHED`] of them, for `wanted.limit` that are meant.
///
/// # Errors
/// [`StoreError`].
pub async fn search(store: &dyn Store, wanted: AuditWanted, sought: &Sought) -> Result<Found, StoreError> {
    let head = store.audit_head().await?.count;
    let floor = match sought.from {
        Some(from) => begin(store, head, from.plus(-SLACK)).await?,
        None => 1,
    };
    let mut before = wanted.before.unwrap_or(head + 1);
    if let Some(until) = sought.until {
        before = before.min(begin(store, head, until.plus(SLACK)).await?);
    }
    // Where no text is sought, nearly every entry is meant.
    let size = if sought.text.is_some() { AUDIT_PAGE } else { wanted.limit };
    let mut entries = Vec::new();
    let mut looked = 0;
    while before > floor && looked < AUDIT_SEARCHED {
        let page = AuditWanted { before: Some(before), limit: size, ..wanted.clone() };
        let page = store.audit_entries(page).await?;
        let ended = page.len() < size;
        looked += page.len();
        for entry in page {
            before = entry.seq;
            if sought.meets(&entry) {
                entries.push(entry);
            }
            if entries.len() == wanted.limit {
                return Ok(Found { entries, next: Some(before).filter(|next| *next > floor) });
            }
        }
        if ended {
            return Ok(Found { entries, next: None });
        }
    }
    Ok(Found { entries, next: Some(before).filter(|next| *next > floor) })
}

/// Returns about where entries begin to be of a moment or later.
async fn begin(store: &dyn Store, head: u64, moment: Timestamp) -> Result<u64, StoreError> {
    let (mut low, mut high) = (1, head + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let entry = store.audit_after(middle - 1, 1).await?;
        if entry.first().is_some_and(|entry| entry.at < moment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use health_code::Region;

    use super::*;
    use crate::store::{AuditLog as _, MemoryStore, Note};

    const DAY: i64 = 24 * 3600;

    fn note(n: i64, actor: u8, act: &str, words: &str) -> Note {
        Note {
            at: Timestamp(n * DAY),
            actor: Some(PersonId([actor; 8])),
            act: act.into(),
            object: String::new(),
            region: "420106001001".parse().unwrap(),
            words: words.into(),
            salt: [0; 16],
        }
    }

    async fn log() -> MemoryStore {
        let store = MemoryStore::default();
        let look = "张* · 9901**********0011\ninvestigation · 样例-0316\nabcdef0123";
        let mut notes = vec![note(1, 1, "resident-looked", look), note(2, 2, "sign-in", "")];
        notes.push(Note {
            region: "110101".parse().unwrap(),
            ..note(3, 1, "resident-looked", "样例-0316 elsewhere")
        });
        notes.extend((4..40).map(|n| note(n, 2, "people-looked", "")));
        store.note(notes).await.unwrap();
        store
    }

    fn wanted(limit: usize) -> AuditWanted {
        AuditWanted { before: None, kind: None, region: "42".parse::<Region>().unwrap(), limit }
    }

    fn typed(text: &str) -> Sought {
        Sought { text: Some(SoughtText { text: text.into(), ..SoughtText::default() }), ..Sought::default() }
    }

    async fn seqs(sought: Sought, limit: usize) -> (Vec<u64>, Option<u64>) {
        let Found { entries, next } = search(&log().await, wanted(limit), &sought).await.unwrap();
        (entries.iter().map(|entry| entry.seq).collect(), next)
    }

    #[tokio::test]
    async fn words_are_found_in_the_region_and_what_nobody_may_read_is_not() {
        assert_eq!(seqs(typed("样例-0316"), 9).await, (vec![1], None));
        assert_eq!(seqs(typed("9901**"), 9).await, (vec![1], None));
        assert_eq!(seqs(typed("abcdef"), 9).await, (vec![], None), "the key by which it is erased");
    }

    #[tokio::test]
    async fn who_did_something_and_what_it_was_are_found() {
        let text = SoughtText {
            text: "x".into(),
            actors: [PersonId([1; 8])].into(),
            acts: ["sign-in".to_owned()].into(),
        };
        assert_eq!(seqs(Sought { text: Some(text), ..Sought::default() }, 9).await, (vec![2, 1], None));
    }

    #[tokio::test]
    async fn a_span_holds_its_first_moment_and_not_its_last() {
        let span = |from, until| Sought {
            from: Some(Timestamp(from * DAY)),
            until: Some(Timestamp(until * DAY)),
            text: None,
        };
        assert_eq!(seqs(span(10, 13), 9).await, (vec![12, 11, 10], None));
        assert_eq!(seqs(span(50, 60), 9).await, (vec![], None));
        assert_eq!(seqs(span(0, 2), 9).await, (vec![1], None));
    }

    #[tokio::test]
    async fn a_full_page_says_where_to_go_on() {
        let (found, next) = seqs(Sought::default(), 3).await;
        assert_eq!((found, next), (vec![39, 38, 37], Some(37)));
    }
}
