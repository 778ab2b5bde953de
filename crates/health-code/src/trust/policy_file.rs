//! A policy file: one policy, signed by a region key that may sign it.

use strict_cose::Signed;
use strict_cose::cbor;

use super::policy_codec;
use super::reading::{in_file, threshold, whole};
use super::{PolicyHash, Rejection, Root, TrustFile};
use crate::limits::POLICY_BYTES;
use crate::policy::Policy;

/// External additional data of a policy file's signature.
pub const AAD: &[u8] = b"kadian-policy-v1";

/// A policy that a key of the root signed which may sign it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    policy: Policy,
    hash: PolicyHash,
    bytes: Vec<u8>,
}

impl PolicyFile {
    /// Opens a file that a region key of the root signed: its region holds the policy's, and its grants
    /// allow the level. Whether a list or a community names the file is not asked here.
    ///
    /// # Errors
    /// [`Rejection::Malformed`], [`Rejection::OtherRoot`] where no key may sign it, and
    /// [`Rejection::Threshold`] where none of those that may did.
    pub fn open(bytes: &[u8], root: &Root) -> Result<Self, Rejection> {
        let file = TrustFile::Policy;
        let signed = Signed::parse(bytes, POLICY_BYTES).map_err(in_file(file))?;
        // Whose signature counts depends on the region, as with a community.
        let policy = Policy::read_unverified(signed.payload_unverified())?;
        let mut keys = root.regions.iter().filter(|key| key.may_sign_policy(&policy.region)).peekable();
        if keys.peek().is_none() {
            return Err(Rejection::OtherRoot { file });
        }
        threshold(&signed, keys.map(|key| (key.kid, &key.key)), 1, AAD, file)?;
        Ok(Self { policy, hash: PolicyHash::of(bytes), bytes: bytes.to_vec() })
    }

    /// Returns the policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the name by which a list or a community names it.
    #[must_use]
    pub fn hash(&self) -> PolicyHash {
        self.hash
    }

    /// Returns the file, byte for byte.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Policy {
    /// Reads a payload without any signature, for whoever is about to sign it or inspects it.
    ///
    /// # Errors
    /// [`Rejection::Malformed`].
    pub fn read_unverified(payload: &[u8]) -> Result<Self, Rejection> {
        whole(payload, policy_codec::read).map_err(in_file(TrustFile::Policy))
    }

    /// Returns the payload of the file (canonical CBOR), for signing.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        cbor::encode(&policy_codec::to_value(self))
    }
}
