//! Which of the newer trust files that could be had are put in force together, wherever they came
//! from: a network that gave some of them, or a stick that holds some.
//!
//! All of them, if they hold together; otherwise as many as do. A file that is missing or does not
//! hold keeps out no other, but for two that TUF ties together: a new root comes with a list that was
//! made for it, and a list with the revocations that it names. A new root may leave the community that is
//! in force without anybody who vouches for it: then nothing is judged until the next one comes.

use health_code::trust::{NamedPolicy, RevocationIndex};
use health_code::{Rejection, Timestamp, Trust, TrustUpdate};

/// What became of newer files.
#[derive(Debug)]
pub(crate) struct Choice {
    /// The newest trust that holds together. It is the one before where nothing newer does.
    pub trust: Trust,
    /// Why the files were not taken all together, where they were not.
    pub refused: Option<Rejection>,
}

/// Puts together the newest trust that holds, from the one in force and what could be had.
pub(crate) fn choose(trust: &Trust, had: &TrustUpdate, now: Timestamp) -> Choice {
    let mut refused = None;
    for set in sets(had) {
        match trust.update(&set, now) {
            Ok(trust) => return Choice { trust, refused },
            Err(rejection) => _ = refused.get_or_insert(rejection),
        }
    }
    Choice { trust: trust.clone(), refused }
}

/// Returns the revocations that the newest trust needs: the chunks of them that are not here are to
/// be had next. `None` where no newer list holds.
pub(crate) fn wanted_revocations(
    trust: &Trust,
    had: &TrustUpdate,
    now: Timestamp,
) -> Option<RevocationIndex> {
    let with_list = sets(had).into_iter().filter(|set| set.list.is_some());
    with_list.map(|set| trust.index_after(&set, now)).find_map(Result::ok)
}

/// Returns the policies that the newest trust would miss: they are to be had next.
pub(crate) fn wanted_policies(trust: &Trust, had: &TrustUpdate, now: Timestamp) -> Vec<NamedPolicy> {
    choose(trust, had, now).trust.missing_policies().to_vec()
}

/// Returns the sets of files in the order in which they are tried. The last one changes nothing but
/// the policies.
fn sets(had: &TrustUpdate) -> Vec<TrustUpdate> {
    let mut sets = Vec::new();
    for roots in [true, false] {
        for (list, community) in [(true, true), (true, false), (false, true), (false, false)] {
            let set = TrustUpdate {
                roots: if roots { had.roots.clone() } else { Vec::new() },
                list: had.list.clone().filter(|_| list),
                community: had.community.clone().filter(|_| community),
                revocations: had.revocations.clone().filter(|_| list),
                policies: had.policies.clone(),
            };
            if !sets.contains(&set) {
                sets.push(set);
            }
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, key};

    const NOW: Timestamp = Timestamp(1_900_000_000);

    /// A deployment in which everything is newer, and the files of the next root.
    fn newer(root: bool) -> (Trust, World, TrustUpdate) {
        let mut world = World::new(NOW);
        let trust = Trust::open(world.files(), &health_code::RootPin::of(&world.files().root)).unwrap();
        if root {
            world.root.version += 1;
            world.list.root_epoch = world.root.version;
        }
        world.revocations = health_code::trust::Revocations::new([3; 16], [[7; 8]]);
        world.list.revocations = world.revocations.index().clone();
        world.list.version += 1;
        world.community.version += 1;
        world.policy.version += 1;
        let files = world.files();
        let had = TrustUpdate {
            roots: if root { vec![files.root] } else { Vec::new() },
            list: Some(files.list),
            community: Some(files.community),
            revocations: Some(files.revocations),
            policies: files.policies,
        };
        (trust, world, had)
    }

    /// Which of root, list, community and policy are newer.
    fn news(trust: &Trust, before: &Trust) -> [bool; 4] {
        [
            trust.root().version > before.root().version,
            trust.list().version > before.list().version,
            trust.community().version > before.community().version,
            trust.missing_policies().is_empty() && trust.policy_files() != before.policy_files(),
        ]
    }

    #[test]
    fn what_is_missing_keeps_out_no_other() {
        type Case = (&'static str, fn(&mut TrustUpdate), [bool; 4]);
        let without: [Case; 7] = [
            ("nothing", |_| (), [true; 4]),
            ("the root", |had| had.roots.clear(), [false, false, true, false]),
            ("the list", |had| had.list = None, [false, false, true, false]),
            ("the community", |had| had.community = None, [true, true, false, true]),
            ("the revocations", |had| had.revocations = None, [false, false, true, false]),
            ("the policies", |had| had.policies.clear(), [true, true, true, false]),
            ("everything", |had| *had = TrustUpdate::default(), [false; 4]),
        ];
        for (what, take_out, expected) in without {
            let (before, _, mut had) = newer(true);
            take_out(&mut had);
            let choice = choose(&before, &had, NOW);
            assert_eq!(news(&choice.trust, &before), expected, "without {what}");
        }
    }

    #[test]
    fn what_does_not_hold_keeps_out_no_other() {
        let forged = |world: &World| issuer::sign_list(&world.list, &[&key(99)]);
        let (before, world, mut had) = newer(false);
        had.list = Some(forged(&world));
        let choice = choose(&before, &had, NOW);
        assert_eq!(news(&choice.trust, &before), [false, false, true, false]);
        assert!(choice.refused.is_some());
        let (before, _, mut had) = newer(true);
        had.community = Some(b"rubbish".to_vec());
        let choice = choose(&before, &had, NOW);
        assert_eq!(news(&choice.trust, &before), [true, true, false, true]);
        let (before, _, mut had) = newer(false);
        had.roots = vec![b"rubbish".to_vec()];
        let choice = choose(&before, &had, NOW);
        assert_eq!(news(&choice.trust, &before), [false, true, true, true]);
    }

    #[test]
    fn it_says_which_revocations_and_policies_to_get_whatever_else_is_refused() {
        for community in [None, Some(b"rubbish".to_vec())] {
            let (before, world, had) = newer(true);
            let had = TrustUpdate { community, revocations: None, policies: Vec::new(), ..had };
            let index = wanted_revocations(&before, &had, NOW);
            assert_eq!(index.as_ref(), Some(world.revocations.index()));
            let had = TrustUpdate { revocations: Some(world.files().revocations), ..had };
            assert_eq!(wanted_policies(&before, &had, NOW).len(), 1);
        }
        let (before, _, had) = newer(true);
        let list = Some(b"rubbish".to_vec());
        assert_eq!(wanted_revocations(&before, &TrustUpdate { list, ..had }, NOW), None);
    }

    #[test]
    fn nothing_newer_is_no_news() {
        let (before, ..) = newer(false);
        let choice = choose(&before, &TrustUpdate::default(), NOW);
        assert_eq!(choice.trust, before);
        assert!(choice.refused.is_none());
    }
}
