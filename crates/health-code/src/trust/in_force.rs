//! What holds at a moment: the policy, the age of the files, and what keeps a trust from judging.

use sha2::{Digest as _, Sha256};

use super::{PolicyFile, PolicyHash, Trust, believed_from};
use crate::limits::SKEW_SECONDS;
use crate::policy::{Policy, compose};
use crate::time::Timestamp;

strict_cose::hex_id! {
    /// Names the policies that were in force together: SHA-256 of the hashes of their files, one after
    /// the other from the nation's to the community's.
    pub struct PolicySet([u8; 32]);
}

impl PolicySet {
    /// Returns the name of policies, from the widest to the narrowest.
    #[must_use]
    pub fn of(hashes: impl IntoIterator<Item = PolicyHash>) -> Self {
        let mut hash = Sha256::new();
        hashes.into_iter().for_each(|policy| hash.update(policy.0));
        Self(hash.finalize().into())
    }
}

/// The policy that holds at a moment, composed of all that are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyInForce {
    /// What holds. Region, document, version and dates are the narrowest policy's.
    pub policy: Policy,
    /// Which policies it was composed of.
    pub set: PolicySet,
}

/// How old the trust list and the community are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// No expiry has passed.
    Fresh,
    /// Past a soft expiry: the bar warns.
    Old,
    /// Past a hard expiry: nothing is judged.
    Expired,
}

/// What keeps a trust from judging anything at a moment, the first that holds. The codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub enum TrustFault {
    /// The moment lies before one that a trust file names as past: the clock is wrong.
    #[strum(serialize = "clock-wrong")]
    ClockWrong,
    /// The root or the list believes only communities that were issued later, or the root has withdrawn
    /// the key that signed this one.
    #[strum(serialize = "community-not-believed")]
    CommunityNotBelieved,
    /// The trust list is past its hard expiry, 45 days old, or past the policy's where that is sooner.
    #[strum(serialize = "trust-expired")]
    ListExpired,
    /// The community is past its hard expiry, or 180 days old.
    #[strum(serialize = "community-expired")]
    CommunityExpired,
    /// A policy is named for this community and is not here.
    #[strum(serialize = "policy-missing")]
    PolicyMissing,
    /// No national policy is in force.
    #[strum(serialize = "no-policy")]
    NoPolicy,
}

impl TrustFault {
    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

impl Trust {
    /// Returns what keeps this trust from judging at `now`, the first of [`TrustFault`]'s order.
    ///
    /// The gate, `kadian verify` and the back office all ask here.
    #[must_use]
    pub fn fault_at(&self, now: Timestamp) -> Option<TrustFault> {
        let policy = self.policy(now);
        if now.is_behind(self.latest_signed_time()) {
            Some(TrustFault::ClockWrong)
        } else if !self.believes_its_community() {
            Some(TrustFault::CommunityNotBelieved)
        } else if now >= self.expiries_under(policy.as_ref().ok()).1 {
            Some(TrustFault::ListExpired)
        } else if now >= self.community().believed_until() {
            Some(TrustFault::CommunityExpired)
        } else {
            policy.err()
        }
    }

    /// Returns the policy that holds at `now`, composed of all that are in force: at each level, from
    /// nation to community, the one that began last.
    ///
    /// # Errors
    /// [`TrustFault::PolicyMissing`] where one is named and not here: what it says could be stricter.
    /// [`TrustFault::NoPolicy`] where no national one is in force.
    pub fn policy(&self, now: Timestamp) -> Result<PolicyInForce, TrustFault> {
        if !self.policies.missing().is_empty() {
            return Err(TrustFault::PolicyMissing);
        }
        let chain = self.policies_in_force(now);
        if chain.first().is_none_or(|nation| !nation.policy().region.as_str().is_empty()) {
            return Err(TrustFault::NoPolicy);
        }
        let policies: Vec<&Policy> = chain.iter().map(|file| file.policy()).collect();
        let policy = compose(&policies).ok_or(TrustFault::NoPolicy)?;
        Ok(PolicyInForce { policy, set: PolicySet::of(chain.iter().map(|file| file.hash())) })
    }

    /// Returns how far list and community can be relied on. The policy may shorten the list's periods.
    #[must_use]
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        let (soft, hard) = self.expiries(now);
        if now >= hard.min(self.community().believed_until()) {
            Freshness::Expired
        } else if now >= soft.min(self.community().soft_expiry) {
            Freshness::Old
        } else {
            Freshness::Fresh
        }
    }

    /// Returns the list's soft and hard expiry under the policy of this moment: from the first on it
    /// counts as old, from the second on nothing is judged by it. The second is never later than 45 days
    /// after it was issued.
    #[must_use]
    pub fn expiries(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        self.expiries_under(self.policy(now).ok().as_ref())
    }

    fn expiries_under(&self, in_force: Option<&PolicyInForce>) -> (Timestamp, Timestamp) {
        let policy = in_force.map(|in_force| &in_force.policy);
        let sooner = |own: Timestamp, seconds: Option<u32>| {
            seconds.map_or(own, |seconds| own.min(self.list.issued.plus(i64::from(seconds))))
        };
        let soft = policy.and_then(|policy| policy.soft_expiry_seconds);
        let hard = policy.and_then(|policy| policy.hard_expiry_seconds);
        let hard = sooner(self.list.believed_until(), hard);
        (sooner(self.list.soft_expiry, soft).min(hard), hard)
    }

    /// Returns the next moment after `now` at which fault, freshness or policy may change by time alone.
    #[must_use]
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let (soft, hard) = self.expiries(now);
        let dates = self.policies.held().iter().flat_map(|file| {
            let policy = file.policy();
            [Some(policy.from), policy.to]
        });
        let others = [
            Some(self.latest_signed_time().plus(-SKEW_SECONDS)),
            Some(soft),
            Some(hard),
            Some(self.community().soft_expiry),
            Some(self.community().believed_until()),
        ];
        dates.chain(others).flatten().filter(|moment| *moment > now).min()
    }

    /// Returns when the newest of the three files was made, or of two where nobody vouches for the
    /// community's. A clock behind it is wrong.
    #[must_use]
    pub fn latest_signed_time(&self) -> Timestamp {
        let community = self.unvouched().is_none().then_some(self.community().issued);
        self.root.issued.max(self.list.issued).max(community.unwrap_or(self.root.issued))
    }

    /// Returns whether the community says that a station, by its id, is out of service.
    #[must_use]
    pub fn withdrawn(&self, station: &[u8; 16]) -> bool {
        self.community().withdrawn.binary_search(station).is_ok()
    }

    /// Returns whether root and list still believe the community that is in force, and a key of the root
    /// vouches for it.
    fn believes_its_community(&self) -> bool {
        self.unvouched().is_none()
            && self.community_believed_from().is_none_or(|from| from <= self.community().issued)
    }

    /// Returns from which `issued` on root and list believe a community of this region.
    pub(super) fn community_believed_from(&self) -> Option<Timestamp> {
        let both = self.root.believed_from.iter().chain(&self.list.believed_from);
        believed_from::of(both, &self.community().region)
    }

    /// Returns the policies in force, from the widest to the narrowest, one for each level.
    #[must_use]
    pub fn policies_in_force(&self, now: Timestamp) -> Vec<&PolicyFile> {
        let in_force = || self.policies.held().iter().filter(|file| file.policy().is_in_force(now));
        let level = |digits: usize| {
            let of_level = in_force().filter(move |file| file.policy().region.as_str().len() == digits);
            of_level.max_by_key(|file| (file.policy().from, file.policy().version, file.hash()))
        };
        [0, 2, 4, 6, 9, 12].into_iter().filter_map(level).collect()
    }
}
