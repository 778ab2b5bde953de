//! The community's file in force, which a new root may leave without anybody who vouches for it.

use super::{Community, NamedPolicy, Rejection, Root};

/// The community's file in force, as far as it counts.
///
/// A root that withdraws the key that signed it is taken all the same, with its list and the newer
/// revocations. The file then stays until the next one comes, and says nothing but which community it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeldCommunity {
    counts: Community,
    unvouched: Option<Unvouched>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Unvouched {
    why: Rejection,
    /// The policies that the file names. They are kept for the next one, and do not count.
    named: Vec<NamedPolicy>,
}

impl HeldCommunity {
    /// Opens the file in force. The caller checks the dates.
    ///
    /// # Errors
    /// [`Rejection::Malformed`], whoever signed it, and [`Rejection::Threshold`] where it is damaged.
    pub(super) fn open(bytes: &[u8], root: &Root) -> Result<Self, Rejection> {
        let (community, vouched) = Community::read_signed(bytes, root)?;
        Ok(match vouched {
            Ok(()) => Self::vouched_for(community),
            Err(why) => Self::unvouched_for(community, why),
        })
    }

    /// Holds a file that a key of the root signed.
    pub(super) fn vouched_for(counts: Community) -> Self {
        Self { counts, unvouched: None }
    }

    /// Holds a file that nobody vouches for: it has no people, no checkpoints, no policies, and withdraws
    /// no station.
    fn unvouched_for(file: Community, why: Rejection) -> Self {
        let counts = Community {
            contact: String::new(),
            policies: Vec::new(),
            checkpoints: Vec::new(),
            people: Vec::new(),
            withdrawn: Vec::new(),
            ..file
        };
        Self { counts, unvouched: Some(Unvouched { why, named: file.policies }) }
    }

    /// Returns what counts of the file.
    pub(super) fn counts(&self) -> &Community {
        &self.counts
    }

    /// Returns why nobody vouches for the file, where that is so.
    pub(super) fn rejection(&self) -> Option<&Rejection> {
        self.unvouched.as_ref().map(|unvouched| &unvouched.why)
    }

    /// Returns the policies that a file names for which nobody vouches.
    pub(super) fn named_by_nobody(&self) -> &[NamedPolicy] {
        self.unvouched.as_ref().map(|unvouched| unvouched.named.as_slice()).unwrap_or_default()
    }
}
