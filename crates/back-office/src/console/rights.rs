//! What somebody may do at the console, and who may give it. Pure.

use std::collections::BTreeSet;

use health_code::Region;
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

/// What somebody may do in their region.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
pub enum Right {
    /// Look at people of the console, invite and change them, and give them rights.
    #[serde(rename = "people.manage")]
    #[strum(serialize = "people.manage")]
    PeopleManage,
    /// Make and revoke tickets, withdraw laptops, and work at them as an administrator.
    #[serde(rename = "stations.manage")]
    #[strum(serialize = "stations.manage")]
    StationsManage,
    /// Look up a resident, with a reason.
    #[serde(rename = "residents.look")]
    #[strum(serialize = "residents.look")]
    ResidentsLook,
    /// See who passed at about the same time, with a reason.
    #[serde(rename = "residents.trace")]
    #[strum(serialize = "residents.trace")]
    ResidentsTrace,
    /// Take passages out of the office as a file.
    #[serde(rename = "residents.export")]
    #[strum(serialize = "residents.export")]
    ResidentsExport,
    /// Erase a resident.
    #[serde(rename = "residents.erase")]
    #[strum(serialize = "residents.erase")]
    ResidentsErase,
    /// See laptops, checkpoints and collectors: every administrator does.
    #[serde(rename = "stations.see")]
    #[strum(serialize = "stations.see")]
    StationsSee,
    /// Import names of regions: who manages people of the whole deployment does.
    #[serde(rename = "regions.import")]
    #[strum(serialize = "regions.import")]
    RegionsImport,
    /// Read the audit log: everybody does.
    #[serde(rename = "audit.read")]
    #[strum(serialize = "audit.read")]
    AuditRead,
}

/// Rights that are given one by one.
pub type Rights = BTreeSet<Right>;

impl Right {
    /// Returns whether it is given, and does not come with a role.
    #[must_use]
    pub fn is_given(self) -> bool {
        !matches!(self, Self::StationsSee | Self::RegionsImport | Self::AuditRead)
    }
}

/// Returns every right that is given.
#[must_use]
pub fn all() -> Rights {
    Right::VARIANTS.iter().copied().filter(|right| right.is_given()).collect()
}

/// Returns what a new administrator has: what the daily work needs, as far as whoever adds them has it. The rest is
/// given by a deliberate act.
#[must_use]
pub fn first(own: &Rights) -> Rights {
    let daily = Rights::from([Right::PeopleManage, Right::StationsManage, Right::ResidentsLook]);
    daily.intersection(own).copied().collect()
}

/// Returns whether `giver` may make `after` of `before`: nobody gives what they have not. Taking away is free.
/// What somebody had elsewhere counts as new.
#[must_use]
pub fn may_make(giver: &Rights, before: (&Region, &Rights), after: (&Region, &Rights)) -> bool {
    let had = |right: &Right| before.0.contains(after.0) && before.1.contains(right);
    after.1.iter().all(|right| giver.contains(right) || had(right))
}

/// Returns what the audit log says of a change: `+residents.trace -people.manage`.
#[must_use]
pub fn change(before: &Rights, after: &Rights) -> String {
    let signed = |sign: &str, right: &Right| format!("{sign}{}", <&str>::from(*right));
    let given = after.difference(before).map(|right| signed("+", right));
    let taken = before.difference(after).map(|right| signed("-", right));
    given.chain(taken).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str) -> Region {
        code.parse().unwrap()
    }

    #[test]
    fn nobody_gives_what_they_have_not_and_everybody_may_take() {
        let (street, district) = (region("420107001"), region("420107"));
        let own = Rights::from([Right::PeopleManage, Right::ResidentsLook]);
        let may = |before: (&Region, &[Right]), after: (&Region, &[Right])| {
            let rights = |rights: &[Right]| rights.iter().copied().collect::<Rights>();
            may_make(&own, (before.0, &rights(before.1)), (after.0, &rights(after.1)))
        };
        let trace = Right::ResidentsTrace;
        assert!(may((&street, &[]), (&street, &[Right::ResidentsLook])));
        assert!(!may((&street, &[]), (&street, &[trace])));
        assert!(may((&street, &[trace]), (&street, &[])), "taken");
        assert!(may((&street, &[trace]), (&street, &[trace, Right::ResidentsLook])), "kept");
        assert!(!may((&street, &[trace]), (&district, &[trace])), "a wider region is more");
        assert!(!may((&street, &[trace]), (&region("420107002"), &[trace])), "so is another one");
        assert!(may((&district, &[trace]), (&street, &[trace])), "a narrower one is less");
    }

    #[test]
    fn a_new_administrator_has_what_the_daily_work_needs_and_the_giver_has() {
        assert_eq!(first(&all()).len(), 3);
        assert_eq!(first(&Rights::from([Right::ResidentsTrace])), Rights::new());
        assert_eq!(all().len(), 6);
    }

    #[test]
    fn the_log_says_what_was_given_and_what_was_taken() {
        let (before, after) = (
            Rights::from([Right::PeopleManage]),
            Rights::from([Right::ResidentsTrace, Right::ResidentsLook]),
        );
        assert_eq!(change(&before, &after), "+residents.look +residents.trace -people.manage");
    }
}
