//! Signing trust files.

use health_code::trust::{COMMUNITY_AAD, LIST_AAD, POLICY_AAD, ROOT_AAD};
use health_code::{Community, Policy, Root, TrustList};
use strict_cose::Signed;

use crate::keys::KeyPair;

/// Signs `root.cose`. A root that follows another needs a threshold of signatures by both.
#[must_use]
pub fn sign_root(root: &Root, keys: &[&KeyPair]) -> Vec<u8> {
    sign_file(root.to_payload(), ROOT_AAD, keys)
}

/// Signs `trust.cose`.
#[must_use]
pub fn sign_list(list: &TrustList, keys: &[&KeyPair]) -> Vec<u8> {
    sign_file(list.to_payload(), LIST_AAD, keys)
}

/// Signs `community.cose`.
#[must_use]
pub fn sign_community(community: &Community, keys: &[&KeyPair]) -> Vec<u8> {
    sign_file(community.to_payload(), COMMUNITY_AAD, keys)
}

/// Signs a policy file.
#[must_use]
pub fn sign_policy(policy: &Policy, keys: &[&KeyPair]) -> Vec<u8> {
    sign_file(policy.to_payload(), POLICY_AAD, keys)
}

/// Signs any payload for any purpose. [`KeyPair::kid`] names each key.
#[must_use]
pub fn sign_file(payload: Vec<u8>, aad: &[u8], keys: &[&KeyPair]) -> Vec<u8> {
    let mut file = Signed::unsigned(payload);
    keys.iter().for_each(|key| file.add(key.kid(), aad, |tbs| key.sign(tbs)));
    file.to_bytes()
}
