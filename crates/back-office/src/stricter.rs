//! A community's own policy, made stricter at a station, by a region key that may sign it.
//!
//! The file says what its people made stricter, and is as mild as a policy may be in everything else: what a
//! wider policy orders, and takes back, holds here all the same. Nobody at a station makes anything milder.

use health_code::limits::{LABEL_BYTES, TEMPERATURE_TENTHS};
use health_code::policy::{CELLS, Item, Limit, Row};
use health_code::trust::{NamedPolicy, PolicyFile};
use health_code::{Community, Policy, PolicyHash, Ruling, Timestamp, Trust};
use issuer::KeyPair;
use wire::report::{RosterChange, StricterRuling};

/// What screens show after the document's number.
const MARK: &str = "（社区收紧）";

/// Signs the community's own policy with what these changes make stricter, and names it in the community.
/// Returns the file, and for each change whether a policy may say so. No file is needed where the policy
/// says it already.
///
/// `None` where this key may not sign it, or no policy is in force: the changes wait.
#[must_use]
pub fn tighten(
    trust: &Trust,
    community: &mut Community,
    changes: &[&RosterChange],
    key: &KeyPair,
    now: Timestamp,
) -> Option<(Option<Vec<u8>>, Vec<bool>)> {
    let region = &community.region;
    let may = trust.root().regions.iter().any(|listed| {
        (listed.kid, &listed.key) == (key.kid(), key.public()) && listed.may_sign_policy(region)
    });
    let in_force = trust.policy(now).ok().filter(|_| may)?.policy;
    let own = own(trust.policy_files(), community, now);
    let before =
        own.map_or_else(|| mildest(trust.policy_files(), &in_force, community), |own| own.policy().clone());
    let mut policy = before.clone();
    let said = changes.iter().map(|change| {
        let stricter = with(&policy, change);
        let usable = Policy::read_unverified(&stricter.to_payload()).is_ok();
        if usable {
            policy = stricter;
        }
        usable
    });
    let said = said.collect();
    if policy == before {
        return Some((None, said));
    }
    if own.is_some() {
        policy.version = before.version.checked_add(1)?;
    }
    let file = issuer::sign_policy(&policy, &[key]);
    let hash = PolicyHash::of(&file);
    let replaced = own.map(PolicyFile::hash);
    community.policies.retain(|named| Some(named.hash) != replaced);
    community.policies.push(NamedPolicy { region: community.region.clone(), hash });
    community.policies.sort_by_key(|named| (named.region.clone(), named.hash));
    Some((Some(file), said))
}

/// Returns the community's own policy that is in force.
fn own<'p>(files: &'p [PolicyFile], community: &Community, now: Timestamp) -> Option<&'p PolicyFile> {
    let files = files.iter().filter(|file| file.policy().region == community.region);
    let in_force = files.filter(|file| file.policy().is_in_force(now));
    in_force.max_by_key(|file| (file.policy().from, file.policy().version, file.hash()))
}

/// Returns the mildest policy of a community that changes nothing of what is in force. Where a wider one lets
/// this community's be milder, its own counts alone, so it says what is in force.
fn mildest(files: &[PolicyFile], in_force: &Policy, community: &Community) -> Policy {
    let permissions = || files.iter().flat_map(|file| &file.policy().milder);
    let pinned = |item| permissions().any(|permission| permission.lets(item, &community.region));
    let limit = |limit| pinned(Item::Limit(limit));
    let mut policy = Policy {
        version: 1,
        region: community.region.clone(),
        document: marked(&in_force.document),
        to: None,
        fever_tenths: *TEMPERATURE_TENTHS.end(),
        declaration_max_hours: u32::MAX,
        soft_expiry_seconds: in_force.soft_expiry_seconds.filter(|_| limit(Limit::SoftExpiry)),
        hard_expiry_seconds: in_force.hard_expiry_seconds.filter(|_| limit(Limit::HardExpiry)),
        collectors_add_checkpoints: in_force.collectors_add_checkpoints || !limit(Limit::CollectorsAdd),
        no_code_url: String::new(),
        milder: Vec::new(),
        screen: None,
        kept_reports: None,
        keep_days: None,
        ..in_force.clone()
    };
    if limit(Limit::Fever) {
        policy.fever_tenths = in_force.fever_tenths;
    }
    if limit(Limit::Declaration) {
        policy.declaration_max_hours = in_force.declaration_max_hours;
    }
    for index in 0..CELLS {
        let ruling = if pinned(Item::Cell(index)) { cell(in_force, index) } else { Ruling::Pass };
        set_cell(&mut policy, index, ruling);
    }
    policy
}

/// Says after the document that ordered what is in force that the community made it stricter itself.
fn marked(document: &str) -> String {
    let marked = format!("{document}{MARK}");
    if marked.len() <= LABEL_BYTES { marked } else { MARK.to_owned() }
}

/// Returns a policy that is stricter by a change, and milder in nothing.
fn with(policy: &Policy, change: &RosterChange) -> Policy {
    let mut policy = policy.clone();
    if let RosterChange::PolicyStricter { cells, fever, declaration_hours } = change {
        for stricter in cells {
            let ruling = match stricter.ruling {
                StricterRuling::Check => Ruling::Check,
                StricterRuling::Stop => Ruling::Stop,
            };
            let ruling = ruling.max(cell(&policy, stricter.index));
            set_cell(&mut policy, stricter.index, ruling);
        }
        policy.fever_tenths = fever.unwrap_or(u16::MAX).min(policy.fever_tenths);
        let hours = declaration_hours.map_or(u32::MAX, u32::from);
        policy.declaration_max_hours = hours.min(policy.declaration_max_hours);
    }
    policy
}

fn cell(policy: &Policy, index: u8) -> Ruling {
    let (row, column) = (usize::from(index / 5), usize::from(index % 5));
    policy.table.get(row).map_or(Ruling::Stop, |row| row.cells()[column])
}

fn set_cell(policy: &mut Policy, index: u8, ruling: Ruling) {
    if let Some(row) = policy.table.get_mut(usize::from(index / 5)) {
        let mut cells = row.cells();
        cells[usize::from(index % 5)] = ruling;
        *row = Row::of(cells);
    }
}

#[cfg(test)]
mod tests {
    use health_code::TrustUpdate;
    use health_code::policy::Milder;
    use sample::{Deployment, NOW};
    use wire::report::Cell;

    use super::*;

    fn stricter(cells: &[(u8, StricterRuling)], fever: Option<u16>, hours: Option<u16>) -> RosterChange {
        let cells = cells.iter().map(|(index, ruling)| Cell { index: *index, ruling: *ruling }).collect();
        RosterChange::PolicyStricter { cells, fever, declaration_hours: hours }
    }

    /// Enters changes one after the other, each into a file of its own.
    fn after(deployment: &Deployment, changes: &[RosterChange]) -> Trust {
        let mut trust = deployment.trust();
        for change in changes {
            let mut community = trust.community().clone();
            community.version += 1;
            community.issued = community.issued.plus(1);
            let key = sample::key(sample::REGION);
            let (file, said) = tighten(&trust, &mut community, &[change], &key, NOW).unwrap();
            assert_eq!(said, [true]);
            let policies = file.into_iter().collect();
            let community = Some(issuer::sign_community(&community, &[&key]));
            trust =
                trust.update(&TrustUpdate { community, policies, ..TrustUpdate::default() }, NOW).unwrap();
        }
        trust
    }

    #[test]
    fn what_was_made_stricter_holds_and_nothing_else_changes() {
        let deployment = Deployment::new();
        let before = deployment.trust().policy(NOW).unwrap().policy;
        let changes = [
            stricter(&[(0, StricterRuling::Check), (7, StricterRuling::Stop)], None, None),
            stricter(&[(0, StricterRuling::Stop)], Some(370), Some(4)),
            // It is that strict already.
            stricter(&[(0, StricterRuling::Check)], Some(380), Some(9)),
        ];
        let trust = after(&deployment, &changes);
        let policy = trust.policy(NOW).unwrap().policy;
        assert_eq!((cell(&policy, 0), cell(&policy, 7)), (Ruling::Stop, Ruling::Stop));
        assert_eq!((policy.fever_tenths, policy.declaration_max_hours), (370, 4));
        for index in (0..CELLS).filter(|index| ![0, 7].contains(index)) {
            assert_eq!(cell(&policy, index), cell(&before, index), "cell {index}");
        }
        let others = |policy: &Policy| {
            let Policy { certificates, screen, .. } = policy.clone();
            let repeat =
                (policy.repeat_window_seconds, policy.idle_minutes, policy.kept_reports, policy.keep_days);
            (certificates, screen, repeat, policy.no_code_url.clone(), policy.collectors_add_checkpoints)
        };
        assert_eq!(others(&policy), others(&before));
        assert_eq!(policy.version, 2, "one file for each change that says more");
        let named: Vec<_> = trust.community().policies.iter().map(|named| named.region.as_str()).collect();
        assert_eq!(named, [sample::HERE]);
    }

    #[test]
    fn a_wider_policy_that_becomes_milder_is_milder_here_but_for_what_was_made_stricter() {
        let mut deployment = Deployment::new();
        set_cell(&mut deployment.policy, 5, Ruling::Stop);
        let trust = after(&deployment, &[stricter(&[(0, StricterRuling::Check)], None, None)]);
        let own = own(trust.policy_files(), trust.community(), NOW).unwrap().policy().clone();
        assert_eq!((cell(&own, 0), cell(&own, 5)), (Ruling::Check, Ruling::Pass));
    }

    #[test]
    fn where_a_wider_policy_lets_the_community_be_milder_its_own_says_what_was_in_force() {
        let mut deployment = Deployment::new();
        set_cell(&mut deployment.policy, 5, Ruling::Check);
        let region = sample::region("42");
        deployment.policy.milder = vec![Milder { region, cells: vec![5], limits: vec![Limit::Fever] }];
        let before = deployment.trust().policy(NOW).unwrap().policy;
        let policy = after(&deployment, &[stricter(&[(0, StricterRuling::Stop)], None, None)])
            .policy(NOW)
            .unwrap()
            .policy;
        assert_eq!(cell(&policy, 5), Ruling::Check);
        assert_eq!(policy.fever_tenths, before.fever_tenths);
    }

    #[test]
    fn what_no_policy_may_say_is_refused_and_a_key_without_the_right_signs_nothing() {
        let trust = Deployment::new().trust();
        let mut community = trust.community().clone();
        let before = community.clone();
        let frozen = stricter(&[], Some(1), None);
        let key = sample::key(sample::REGION);
        assert_eq!(tighten(&trust, &mut community, &[&frozen], &key, NOW), Some((None, vec![false])));
        let stranger = sample::key(sample::STRANGER);
        let good = stricter(&[(0, StricterRuling::Stop)], None, None);
        assert_eq!(tighten(&trust, &mut community, &[&good], &stranger, NOW), None);
        assert_eq!(community, before);
    }
}
