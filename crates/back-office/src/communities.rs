//! Opening a community that has no file yet, by the region key that the root delegates to this office.

use std::sync::Arc;

use health_code::trust::NamedPolicy;
use health_code::{Community, Region, Timestamp, Trust};

use crate::context::Context;
use crate::officers;
use crate::renewal;
use crate::trust::{Signed, TrustError};

/// Seconds after which the first file of a community is to be renewed at the latest: the bar warns then.
const SOFT_SECONDS: i64 = 30 * 86_400;
/// Seconds after which nothing is judged by it any more.
const HARD_SECONDS: i64 = 90 * 86_400;

/// Why a community is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The region is none of a community: it has not 12 digits.
    #[error("{0} is no community: that has 12 digits")]
    NoCommunity(Region),
    /// The office has a file of it already.
    #[error("community {0} has a file already")]
    Exists(Region),
    /// The root delegates no key for it to this office.
    #[error("the root lets this office sign no file of community {0}")]
    NotDelegated(Region),
    /// The office signs nothing now: its clock, its receipt key or its list is over.
    #[error("this office signs nothing now: look at its clock and its trust files")]
    SignsNothing,
    /// The name is none that a trust file may hold.
    #[error("a community's name has 1 to 128 bytes, without line breaks or invisible characters")]
    BadName,
    /// The file does not come into force.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

impl OpenError {
    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCommunity(_) => "no-community",
            Self::Exists(_) => "exists",
            Self::NotDelegated(_) => "not-delegated",
            Self::SignsNothing => "signs-nothing",
            Self::BadName => "bad-name",
            Self::Trust(_) => "trust",
        }
    }
}

impl Context {
    /// Makes the first file of a community and brings it into force. It has no checkpoint, the officers who
    /// serve it, and the policies of its district and street as its nearest neighbour names them.
    ///
    /// # Errors
    /// [`OpenError`]; nothing has changed.
    pub async fn open_community(
        &self,
        region: &Region,
        name: &str,
        now: Timestamp,
    ) -> Result<Arc<Trust>, OpenError> {
        if region.as_str().len() != 12 {
            return Err(OpenError::NoCommunity(region.clone()));
        }
        self.trust.follow().await.map_err(TrustError::from)?;
        if self.trust.of(region).is_some() {
            return Err(OpenError::Exists(region.clone()));
        }
        let root = self.trust.trust();
        let key = self.keys.region(root.root(), region);
        let key = key.ok_or_else(|| OpenError::NotDelegated(region.clone()))?;
        if !renewal::may_sign(self, now) {
            return Err(OpenError::SignsNothing);
        }
        let mut community = Community {
            version: self.store.community_from().await.map_err(TrustError::from)?.max(1),
            region: region.clone(),
            issued: now,
            name: name.to_owned(),
            contact: String::new(),
            policies: inherited(region, &self.trust.communities()),
            checkpoints: Vec::new(),
            people: Vec::new(),
            soft_expiry: now.plus(SOFT_SECONDS),
            hard_expiry: now.plus(HARD_SECONDS),
            withdrawn: Vec::new(),
        };
        officers::list(&mut community, &self.store.officers().await.map_err(TrustError::from)?);
        if Community::read_unverified(&community.to_payload()).is_err() {
            return Err(OpenError::BadName);
        }
        let file = issuer::sign_community(&community, &[key]);
        self.trust
            .publish(vec![Signed { region: region.clone(), file, policy: None, entered: Vec::new() }], now)
            .await?;
        tracing::info!(%region, name, "a community is opened");
        let opened = self.trust.of(region);
        Ok(opened.ok_or(TrustError::Overtaken)?)
    }
}

/// Returns the policies of district and street that hold in a community, as the neighbour names them that
/// shares most of its code.
fn inherited(region: &Region, communities: &[Arc<Trust>]) -> Vec<NamedPolicy> {
    let shared = |trust: &&Arc<Trust>| {
        let other = trust.community().region.as_str();
        region.as_str().bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
    };
    let nearest = communities.iter().max_by_key(shared);
    let named = nearest.map(|trust| trust.community().policies.as_slice()).unwrap_or_default();
    named.iter().filter(|named| named.region.contains(region)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicI64;

    use health_code::{Person, PersonId, Role};
    use sample::{HERE, NOW, PHC};

    use super::*;
    use crate::store::Officer;
    use crate::system::Clock;
    use crate::testing::world;

    const THERE: &str = "420106001002";

    async fn office_of(has_key: bool) -> (tempfile::TempDir, Context) {
        let data = tempfile::tempdir().unwrap();
        let clock = Clock::set_by(Arc::new(AtomicI64::new(NOW.0)));
        let context = if has_key {
            world::context_with_region_key(data.path(), clock).await
        } else {
            world::context(data.path(), clock).await
        };
        (data, context)
    }

    #[tokio::test]
    async fn a_community_is_opened_once_with_its_officers() {
        let (data, office) = office_of(true).await;
        let person = Person {
            id: PersonId([7; 8]),
            masked_name: "王**".to_owned(),
            masked_phone: "138****0002".to_owned(),
            pin_phc: PHC.to_owned(),
            role: Role::Administrator,
        };
        let officer = Officer {
            id: [7; 8],
            region: "420106001".parse().unwrap(),
            person: person.clone(),
            active: true,
        };
        office.store.set_officer(officer).await.unwrap();
        let there: Region = THERE.parse().unwrap();
        let opened = office.open_community(&there, "样例二社区", NOW).await.unwrap();
        assert_eq!((opened.fault_at(NOW), opened.community().version), (None, 1));
        assert_eq!(opened.community().people, [person]);
        assert_eq!(office.trust.of(&there), Some(opened.clone()));
        assert_eq!(office.trust.communities().len(), 2);
        // Another server knows it, and it lies in the folder for a publisher.
        let file = data.path().join("trust/communities").join(format!("{THERE}.cose"));
        assert_eq!(std::fs::read(file).unwrap(), opened.files().community);
        assert!(!office.trust.refresh(NOW).await.unwrap());
        assert_eq!(office.trust.refused(), None);
        let again = office.open_community(&there, "样例二社区", NOW).await;
        assert_eq!(again.unwrap_err().code(), "exists");
    }

    #[tokio::test]
    async fn what_may_not_be_opened_is_said() {
        let (_data, office) = office_of(true).await;
        let code = async |region: &str, name: &str, now| {
            let opened = office.open_community(&region.parse().unwrap(), name, now).await;
            opened.unwrap_err().code()
        };
        assert_eq!(code("420106001", "样例街道", NOW).await, "no-community");
        assert_eq!(code(HERE, "样例社区", NOW).await, "exists");
        assert_eq!(code("110101001001", "样例社区", NOW).await, "not-delegated");
        for bad in ["", " ", "a\nb", &"n".repeat(129)] {
            assert_eq!(code(THERE, bad, NOW).await, "bad-name", "{bad:?}");
        }
        assert_eq!(code(THERE, "样例二社区", NOW.plus(3000 * 86_400)).await, "signs-nothing");
        let (_data, other) = office_of(false).await;
        let without = other.open_community(&THERE.parse().unwrap(), "样例二社区", NOW).await;
        assert_eq!(without.unwrap_err().code(), "not-delegated");
    }
}
