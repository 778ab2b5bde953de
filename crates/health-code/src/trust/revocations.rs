//! Revoked pseudonyms, a million and more, of which a day moves only a few.
//!
//! An entry is `HMAC-SHA-256(salt, iss ‖ 0 ‖ pseudonym)`, first 8 bytes. All entries, ascending and
//! end to end, are the file `revocations.bin`. Those with one first byte are a chunk of it; the
//! trust list names each chunk that is not empty by its hash, so that one new entry moves one chunk:
//!
//! ```cddl
//! revocations = {
//!   1: bstr .size 16,                        ; salt
//!   2: {* 0..255 => bstr .size 32}           ; first byte => SHA-256 of the chunk
//! }
//! ```
//!
//! The salt changes with the epoch of the pseudonyms (30 days); everything moves then.

use std::collections::BTreeMap;
use std::sync::Arc;

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::reading::Flaw;
use super::{Rejection, TrustFile};
use crate::hash::{first, hmac, sha256};
use crate::limits::{REVOCATION_CHUNK_BYTES, REVOCATIONS};

/// What a trust list says of revocations: of which entries the set must consist.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RevocationIndex {
    /// Salt of the epoch.
    pub salt: [u8; 16],
    /// SHA-256 of each chunk that is not empty, by the first byte of its entries.
    pub chunks: BTreeMap<u8, [u8; 32]>,
}

/// A complete set of revocations, as its index names it.
#[derive(Clone, PartialEq, Eq)]
pub struct Revocations {
    index: RevocationIndex,
    /// Entries of 8 bytes, ascending, none twice.
    bytes: Arc<[u8]>,
    /// Number of the first entry of each chunk, and the number of all.
    starts: Box<[u32; 257]>,
}

impl Revocations {
    /// Returns the set of these entries, given in any order. Whoever publishes a list needs it.
    #[must_use]
    pub fn new(salt: [u8; 16], entries: impl IntoIterator<Item = [u8; 8]>) -> Self {
        let mut entries: Vec<[u8; 8]> = entries.into_iter().collect();
        entries.sort_unstable();
        entries.dedup();
        Self::of_ascending(salt, entries.concat().into())
    }

    /// Reads a `revocations.bin` by its form alone, whether or not a list names it.
    ///
    /// # Errors
    /// [`Rejection::Malformed`].
    pub fn read_unlisted(salt: [u8; 16], bytes: &Arc<[u8]>) -> Result<Self, Rejection> {
        let malformed =
            |what: &str| Rejection::Malformed { file: TrustFile::Revocations, what: what.to_owned() };
        let (entries, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() || entries.len() > REVOCATIONS {
            return Err(malformed("not whole entries, or too many"));
        }
        if !entries.is_sorted_by(|a, b| a < b) {
            return Err(malformed("entries out of order"));
        }
        Ok(Self::of_ascending(salt, Arc::clone(bytes)))
    }

    fn of_ascending(salt: [u8; 16], bytes: Arc<[u8]>) -> Self {
        let starts = starts(bytes.as_chunks().0);
        let chunks = chunks(&bytes, &starts).map(|(byte, chunk)| (byte, sha256(chunk))).collect();
        Self { index: RevocationIndex { salt, chunks }, bytes, starts }
    }

    /// Returns the entry of a pseudonym under `salt`.
    #[must_use]
    pub fn entry(salt: &[u8; 16], iss: &str, pseudonym: &[u8; 16]) -> [u8; 8] {
        first(hmac(salt, &[iss.as_bytes(), &[0], pseudonym]))
    }

    /// Returns whether a pseudonym of an issuer is revoked.
    #[must_use]
    pub fn contains(&self, iss: &str, pseudonym: &[u8; 16]) -> bool {
        let entry = Self::entry(&self.index.salt, iss, pseudonym);
        let (from, to) = bounds(&self.starts, entry[0]);
        let (entries, _) = self.bytes.as_chunks::<8>();
        entries.get(from..to).is_some_and(|chunk| chunk.binary_search(&entry).is_ok())
    }

    /// Returns how many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() / 8
    }

    /// Returns whether nobody is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns what the list says of this set.
    #[must_use]
    pub fn index(&self) -> &RevocationIndex {
        &self.index
    }

    /// Returns `revocations.bin`.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// Returns the chunk of this first byte, as it travels; empty where no entry begins with it.
    #[must_use]
    pub fn chunk(&self, byte: u8) -> &[u8] {
        slice(&self.bytes, &self.starts, byte)
    }

    /// Returns the chunks of another index that this set does not have, with their hashes.
    #[must_use]
    pub fn missing(&self, index: &RevocationIndex) -> Vec<(u8, [u8; 32])> {
        let ours = &self.index.chunks;
        index
            .chunks
            .iter()
            .filter(|(byte, hash)| ours.get(byte) != Some(*hash))
            .map(|(b, h)| (*b, *h))
            .collect()
    }

    /// Returns `revocations.bin` of another index: changed chunks from `fresh`, the others from this set.
    #[must_use]
    pub fn patched(&self, index: &RevocationIndex, fresh: &BTreeMap<u8, Vec<u8>>) -> Arc<[u8]> {
        let chunk = |byte: &u8| fresh.get(byte).map_or_else(|| self.chunk(*byte), Vec::as_slice);
        index.chunks.keys().map(chunk).collect::<Vec<_>>().concat().into()
    }

    /// Returns the set that an index names, from `revocations.bin`: every chunk there, none else, each
    /// ascending and with its hash.
    ///
    /// # Errors
    /// [`Rejection::Malformed`], [`Rejection::OtherRevocations`].
    pub fn open(index: &RevocationIndex, bytes: &Arc<[u8]>) -> Result<Self, Rejection> {
        let set = Self::read_unlisted(index.salt, bytes)?;
        if set.index == *index { Ok(set) } else { Err(Rejection::OtherRevocations) }
    }
}

impl Default for Revocations {
    fn default() -> Self {
        Self::new([0; 16], [])
    }
}

impl std::fmt::Debug for Revocations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revocations").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl RevocationIndex {
    pub(super) fn to_value(&self) -> Value {
        let chunks = self.chunks.iter().map(|(byte, hash)| (i64::from(*byte), hash.to_vec().into()));
        map([(1, self.salt.to_vec().into()), (2, map(chunks))])
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, Flaw> {
        let salt = fields.array(1)?;
        let mut inner = fields.fields(2)?;
        let mut chunks = BTreeMap::new();
        for byte in 0..=u8::MAX {
            let key = i64::from(byte);
            match inner.optional_bytes(key, 32)?.map(<[u8; 32]>::try_from) {
                None => {}
                Some(Ok(hash)) => _ = chunks.insert(byte, hash),
                Some(Err(_)) => return Err(FieldError::OutOfRange(key).into()),
            }
        }
        inner.finish()?;
        Ok(Self { salt, chunks })
    }
}

/// Returns whether bytes can be the chunk of a first byte. Whoever downloads a chunk asks this.
#[must_use]
pub fn is_chunk(bytes: &[u8], hash: &[u8; 32]) -> bool {
    bytes.len() <= REVOCATION_CHUNK_BYTES && sha256(bytes) == *hash
}

/// For ascending entries.
fn starts(entries: &[[u8; 8]]) -> Box<[u32; 257]> {
    let mut starts = Box::new([0; 257]);
    for (byte, start) in starts.iter_mut().enumerate() {
        let before = entries.partition_point(|entry| usize::from(entry[0]) < byte);
        // REVOCATIONS fits 32 bits; a longer set is refused, or never published.
        *start = u32::try_from(before).unwrap_or(u32::MAX);
    }
    starts
}

fn bounds(starts: &[u32; 257], byte: u8) -> (usize, usize) {
    let at = usize::from(byte);
    (starts[at] as usize, starts[at + 1] as usize)
}

fn slice<'b>(bytes: &'b [u8], starts: &[u32; 257], byte: u8) -> &'b [u8] {
    let (from, to) = bounds(starts, byte);
    bytes.get(from * 8..to * 8).unwrap_or_default()
}

fn chunks<'b>(bytes: &'b [u8], starts: &[u32; 257]) -> impl Iterator<Item = (u8, &'b [u8])> {
    (0..=u8::MAX).map(|byte| (byte, slice(bytes, starts, byte))).filter(|(_, chunk)| !chunk.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(count: u32) -> Vec<[u8; 8]> {
        (0..count).map(|n| first(sha256(&n.to_be_bytes()))).collect()
    }

    fn opened(set: &Revocations) -> Result<Revocations, Rejection> {
        Revocations::open(set.index(), set.bytes())
    }

    #[test]
    fn a_set_opens_as_it_was_made_whatever_its_order() {
        let mut entries = many(3000);
        let set = Revocations::new([3; 16], entries.clone());
        entries.reverse();
        assert_eq!(opened(&set).unwrap(), Revocations::new([3; 16], entries));
        assert_eq!((set.len(), set.index().chunks.len()), (3000, 256));
        let none = Revocations::default();
        assert!(opened(&none).unwrap().is_empty() && none.index().chunks.is_empty());
    }

    #[test]
    fn whoever_is_in_it_is_found_and_nobody_else() {
        let salt = [3; 16];
        let entry = |n: u8| Revocations::entry(&salt, "hubei", &[n; 16]);
        let set = Revocations::new(salt, (0..100).map(entry).chain(many(1000)));
        assert!((0..100).all(|n| set.contains("hubei", &[n; 16])));
        assert!((100..=255).all(|n| !set.contains("hubei", &[n; 16])));
        assert!(!set.contains("gjzwfw", &[1; 16]), "another issuer's");
    }

    #[test]
    fn one_new_entry_moves_one_chunk() {
        let before = Revocations::new([3; 16], many(5000));
        let after = Revocations::new([3; 16], many(5001));
        let missing = before.missing(after.index());
        let [(byte, hash)] = missing[..] else { panic!("{missing:?}") };
        assert_eq!(Some(&byte), many(5001).last().map(|entry| &entry[0]));
        let chunk = after.chunk(byte).to_vec();
        assert!(is_chunk(&chunk, &hash) && !is_chunk(before.chunk(byte), &hash));
        assert!(chunk.len() < after.bytes().len() / 100);
        let patched = before.patched(after.index(), &BTreeMap::from([(byte, chunk)]));
        assert_eq!(Revocations::open(after.index(), &patched).unwrap(), after);
        // And one that goes.
        assert_eq!(after.missing(before.index()).len(), 1);
    }

    #[test]
    fn what_the_index_does_not_name_is_refused() {
        let set = Revocations::new([3; 16], many(500));
        let other = Revocations::new([3; 16], many(501));
        let open = |bytes: &[u8]| Revocations::open(set.index(), &bytes.into()).unwrap_err();
        assert_eq!(open(other.bytes()), Rejection::OtherRevocations);
        assert_eq!(open(&[]), Rejection::OtherRevocations);
        assert_eq!(open(&set.bytes()[8..]), Rejection::OtherRevocations);
        let mut swapped = set.bytes().to_vec();
        swapped.rotate_left(8);
        for bad in [&set.bytes()[1..], &swapped, &[set.bytes().as_ref(), &[0]].concat()] {
            assert!(matches!(open(bad), Rejection::Malformed { file: TrustFile::Revocations, .. }));
        }
    }
}
