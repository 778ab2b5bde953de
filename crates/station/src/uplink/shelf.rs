//! Unfinished downloads: files as far as they have come, and whole ones that wait for others.

use std::collections::BTreeMap;

use super::office::{ExchangeError, Had, Part};
use crate::limits::SHELF_BYTES;

/// Files by their address.
#[derive(Debug, Default)]
pub(super) struct Shelf(BTreeMap<String, File>);

#[derive(Debug)]
struct File {
    bytes: Vec<u8>,
    /// Names the version that the bytes are of.
    tag: Option<String>,
    whole: bool,
    /// Whether it was asked for since the last [`Shelf::tidy`].
    wanted: bool,
}

/// What a part did to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// There is more of it than before.
    Grown,
    /// The line broke off, but there is more of it than before, or it begins anew.
    Interrupted,
}

impl Shelf {
    /// Returns a file if all of it is here.
    pub(super) fn whole(&mut self, path: &str) -> Option<&[u8]> {
        let file = self.0.get_mut(path)?;
        file.wanted = true;
        file.whole.then_some(&*file.bytes)
    }

    /// Returns what is here of a file, for asking for the rest.
    pub(super) fn had(&self, path: &str) -> Option<Had> {
        let file = self.0.get(path)?;
        Some(Had { bytes: file.bytes.len(), tag: file.tag.clone()? })
    }

    /// Lets go of a file unless it is the version with this entity tag.
    pub(super) fn keep_only(&mut self, path: &str, tag: &str) {
        if self.0.get(path).is_some_and(|file| file.tag.as_deref() != Some(tag)) {
            self.0.remove(path);
        }
    }

    /// Puts a part of a file to what is here. `limit` is the file's longest length in bytes.
    pub(super) fn put(&mut self, path: &str, limit: usize, part: Part) -> Result<Put, ExchangeError> {
        let had = self.0.remove(path);
        let anew = part.from == 0;
        let mut bytes = match had {
            _ if anew => Vec::new(),
            Some(file) if file.bytes.len() == part.from && file.tag == part.tag => file.bytes,
            _ => return Err(ExchangeError::OtherContent),
        };
        bytes.extend_from_slice(&part.bytes);
        let longest = part.total.unwrap_or(bytes.len()).max(bytes.len());
        if longest > limit || self.bytes().saturating_add(bytes.len()) > SHELF_BYTES {
            return Err(ExchangeError::TooLong);
        }
        let whole = !part.broken && part.total.is_none_or(|total| total == bytes.len());
        if !whole && !part.broken && part.bytes.is_empty() {
            return Err(ExchangeError::OtherContent);
        }
        // Without a tag nobody can ask for the rest of just this version.
        let kept = whole || (part.tag.is_some() && !bytes.is_empty());
        let stands = part.broken && part.bytes.is_empty() && !anew;
        if kept {
            let file = File { bytes, tag: part.tag, whole, wanted: true };
            self.0.insert(path.to_owned(), file);
        }
        match part.broken {
            false => Ok(Put::Grown),
            true if stands => Err(ExchangeError::BrokenOff),
            true => Ok(Put::Interrupted),
        }
    }

    /// Lets go of what nobody has asked for since this was called last.
    pub(super) fn tidy(&mut self) {
        self.0.retain(|_, file| std::mem::take(&mut file.wanted));
    }

    fn bytes(&self) -> usize {
        self.0.values().map(|file| file.bytes.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/v1/trust/trust.cose";

    fn part(from: usize, bytes: &[u8], total: usize) -> Part {
        let tag = Some("\"1\"".to_owned());
        Part { from, bytes: bytes.to_vec(), tag, total: Some(total), broken: false }
    }

    #[test]
    fn parts_in_their_order_become_the_file() {
        let mut shelf = Shelf::default();
        assert_eq!(shelf.put(PATH, 9, part(0, b"abc", 8)), Ok(Put::Grown));
        assert_eq!(shelf.had(PATH), Some(Had { bytes: 3, tag: "\"1\"".to_owned() }));
        assert_eq!(shelf.whole(PATH), None);
        assert_eq!(shelf.put(PATH, 9, Part { broken: true, ..part(3, b"de", 8) }), Ok(Put::Interrupted));
        assert_eq!(shelf.put(PATH, 9, part(5, b"fgh", 8)), Ok(Put::Grown));
        assert_eq!(shelf.whole(PATH), Some(&b"abcdefgh"[..]));
    }

    #[test]
    fn another_version_begins_anew_and_what_does_not_fit_is_let_go() {
        let mut shelf = Shelf::default();
        let other = |from| Part { tag: Some("\"2\"".to_owned()), ..part(from, b"xy", 4) };
        for wrong in [other(3), part(2, b"xy", 8), part(4, b"xy", 8)] {
            shelf.put(PATH, 9, part(0, b"abc", 8)).unwrap();
            assert_eq!(shelf.put(PATH, 9, wrong), Err(ExchangeError::OtherContent));
            assert_eq!(shelf.had(PATH), None);
        }
        shelf.put(PATH, 9, part(0, b"abc", 8)).unwrap();
        assert_eq!(shelf.put(PATH, 9, other(0)), Ok(Put::Grown));
        assert_eq!(shelf.had(PATH), Some(Had { bytes: 2, tag: "\"2\"".to_owned() }));
        shelf.keep_only(PATH, "\"2\"");
        assert!(shelf.had(PATH).is_some());
        shelf.keep_only(PATH, "\"3\"");
        assert!(shelf.had(PATH).is_none());
    }

    #[test]
    fn what_never_ends_is_refused() {
        let mut shelf = Shelf::default();
        assert_eq!(shelf.put(PATH, 7, part(0, b"abc", 8)), Err(ExchangeError::TooLong));
        assert_eq!(
            shelf.put(PATH, 2, Part { total: None, ..part(0, b"abc", 0) }),
            Err(ExchangeError::TooLong)
        );
        assert_eq!(shelf.put(PATH, 9, part(0, b"", 8)), Err(ExchangeError::OtherContent), "nothing of more");
        shelf.put(PATH, 9, part(0, b"abc", 8)).unwrap();
        let nothing = Part { broken: true, ..part(3, b"", 8) };
        assert_eq!(shelf.put(PATH, 9, nothing), Err(ExchangeError::BrokenOff));
        assert_eq!(shelf.had(PATH).map(|had| had.bytes), Some(3), "and what is here stays");
        let half = SHELF_BYTES / 2;
        let large = |from| Part { total: Some(SHELF_BYTES), bytes: vec![0; half], ..part(from, b"", 0) };
        shelf.put("/a", SHELF_BYTES, large(0)).unwrap();
        assert_eq!(shelf.put("/b", SHELF_BYTES, large(0)), Err(ExchangeError::TooLong), "all files together");
    }

    #[test]
    fn without_a_tag_a_file_comes_whole_or_not_at_all() {
        let mut shelf = Shelf::default();
        let part = Part { tag: None, broken: true, ..part(0, b"abc", 8) };
        assert_eq!(shelf.put(PATH, 9, part.clone()), Ok(Put::Interrupted));
        assert_eq!(shelf.had(PATH), None);
        let whole = Part { total: None, broken: false, ..part };
        assert_eq!(shelf.put(PATH, 9, whole), Ok(Put::Grown));
        assert_eq!(shelf.whole(PATH), Some(&b"abc"[..]));
    }

    #[test]
    fn what_nobody_asks_for_any_more_is_let_go() {
        let mut shelf = Shelf::default();
        shelf.put("/a", 9, part(0, b"abc", 8)).unwrap();
        shelf.put("/b", 9, part(0, b"abc", 3)).unwrap();
        shelf.tidy();
        shelf.whole("/b");
        shelf.tidy();
        assert!(shelf.had("/a").is_none() && shelf.whole("/b").is_some());
    }
}
