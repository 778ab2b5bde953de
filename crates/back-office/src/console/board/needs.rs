//! What needs a person, the most urgent first. Pure.

use std::collections::BTreeMap;

use health_code::{Community, Root, Timestamp, TrustList};
use wire::StationId;

use super::view::{Named, Need};
use crate::console::stations::Found;
use crate::keys::Keyring;
use crate::retention::Today;

/// Seconds before the root's end at which somebody should make the next one.
const ROOT_ENDS: i64 = 30 * 86_400;
/// Seconds before a key, a certificate or an unsigned community ends at which somebody should do something.
const SOON: i64 = 14 * 86_400;

/// What the office itself goes by.
pub(super) struct Office<'a> {
    pub root: &'a Root,
    pub list: &'a TrustList,
    /// The community, where the board is one's.
    pub community: Option<&'a Community>,
    /// Whether its clock can be relied on for deleting what is past its days.
    pub today: Today,
    /// Its own private keys.
    pub keys: &'a Keyring,
    /// Until when the certificates are good that it answers with.
    pub tls_ends: Option<Timestamp>,
}

/// Returns what needs a person, of a region's laptops and of the trust that all go by.
pub(super) fn of(
    found: &[Found],
    held: &BTreeMap<StationId, u64>,
    office: &Office<'_>,
    now: Timestamp,
) -> Vec<Need> {
    let mut needs: Vec<(u8, Need)> = trust(office, now);
    needs.extend(keys(office, now));
    for station in found {
        let name = Some(Named { id: station.view.id.clone(), name: station.view.name.clone() });
        let need = |code| Need { code, kind: None, station: name.clone(), count: None, seconds: None };
        for alert in &station.view.alerts {
            let urgent = if alert.action == Some("withdraw") { 0 } else { 3 };
            let count = Some(alert.count as u64);
            needs.push((urgent, Need { kind: Some(alert.kind), count, ..need("alert") }));
        }
        let waiting = station.view.waiting;
        match station.view.state {
            "clock" => needs.push((1, need("clock"))),
            "trust" => needs.push((1, Need { seconds: station.view.trust_age, ..need("old-trust") })),
            "offline" => {
                let seconds = station.last_seen.map(|seen| now.since(seen));
                needs.push((4, Need { seconds, count: waiting, ..need("offline") }));
            }
            "behind" => needs.push((5, Need { count: waiting, ..need("behind") })),
            _ => {}
        }
        if let Some(count) = held.get(&station.id) {
            needs.push((2, Need { count: Some(*count), ..need("quarantine") }));
        }
    }
    // Of two that are as urgent, the one that lasts longer.
    needs.sort_by_key(|(urgent, need)| {
        (*urgent, std::cmp::Reverse(need.seconds), need.station.as_ref().map(|named| named.name.clone()))
    });
    needs.into_iter().map(|(_, need)| need).collect()
}

/// Says that there are more of them than a board has room for.
pub(super) fn more(count: usize) -> Need {
    Need { code: "more", kind: None, station: None, count: Some(count as u64), seconds: None }
}

/// Returns what the office itself needs, with the time that is left.
fn left(code: &'static str, until: Timestamp, now: Timestamp) -> (u8, Need) {
    let seconds = Some(until.since(now).max(0));
    (0, Need { code, kind: None, station: None, count: None, seconds })
}

/// The office's certificates, its keys for receipts and reports, and whether it may renew the community's file.
fn keys(office: &Office<'_>, now: Timestamp) -> Vec<(u8, Need)> {
    let (root, keys) = (office.root, office.keys);
    let mut needs = Vec::new();
    let mut ends = |until: Timestamp, soon, over| {
        if now.plus(SOON) >= until {
            needs.push(left(if now < until { soon } else { over }, until, now));
        }
    };
    if let Some(until) = office.tls_ends {
        ends(until, "tls-ends", "tls-ended");
    }
    if let Some(until) = keys.receipts_until(root) {
        ends(until, "receipt-key-ends", "receipt-key-ended");
    }
    // Reports are sealed to the last recipient after its time too: somebody should know, and nothing stops.
    if let Some(until) = keys.sealing_until(root) {
        ends(until, "sealing-key-ends", "sealing-key-ended");
    }
    if let Some(community) =
        office.community.filter(|community| keys.region(root, &community.region).is_none())
    {
        ends(community.believed_until(), "community-unsigned", "community-ended");
    }
    if root.sealing_key(now).is_some_and(|key| keys.sealing(key.kid).is_none()) {
        needs.push((
            0,
            Need { code: "sealing-key-missing", kind: None, station: None, count: None, seconds: None },
        ));
    }
    needs
}

/// The trust list, the community's file and the root, each with how long it is good still.
fn trust(office: &Office<'_>, now: Timestamp) -> Vec<(u8, Need)> {
    let need = |code, until: Timestamp| left(code, until, now);
    let mut needs = Vec::new();
    let list = office.list;
    if now >= list.soft_expiry {
        needs.push(need(
            if now < list.believed_until() { "list-ends" } else { "list-ended" },
            list.believed_until(),
        ));
    }
    // One that the office may not renew is said with the keys, and sooner.
    let renewed = office.community.filter(|one| office.keys.region(office.root, &one.region).is_some());
    if let Some(community) = renewed.filter(|community| now >= community.soft_expiry) {
        let until = community.believed_until();
        needs.push(need(if now < until { "community-ends" } else { "community-ended" }, until));
    }
    if let Some((code, seconds)) = office.today.needs_a_person() {
        needs.push((0, Need { code, kind: None, station: None, count: None, seconds: Some(seconds) }));
    }
    if now.plus(ROOT_ENDS) >= office.root.expires {
        needs.push(need("root-ends", office.root.expires));
    }
    needs
}

#[cfg(test)]
mod tests {
    use sample::NOW;

    use super::*;
    use crate::console::stations::{AlertView, StationView};
    use crate::console::view::RegionRef;
    use crate::testing::world;

    fn found(number: u8, state: &'static str, alerts: Vec<AlertView>) -> Found {
        let community = RegionRef { code: sample::HERE.into(), name: String::new(), path: vec![] };
        Found {
            id: StationId([number; 16]),
            community: sample::HERE.parse().unwrap(),
            place: None,
            last_seen: Some(NOW.plus(-i64::from(number) * 100)),
            view: StationView {
                id: number.to_string(),
                name: format!("样例 {number:02}"),
                community,
                checkpoint: None,
                state,
                last_seen: None,
                waiting: Some(312),
                version: None,
                trust_age: Some(9),
                alerts,
            },
        }
    }

    fn alert(kind: &'static str, action: &'static str) -> AlertView {
        AlertView { id: String::new(), kind, since: String::new(), count: 2, action: Some(action) }
    }

    #[test]
    fn what_a_laptop_needs_is_said_once_and_the_urgent_first() {
        let deployment = world::deployment();
        let (_folder, keys) = world::keyring();
        let (root, list) = (&deployment.root, &deployment.list);
        let office =
            Office { root, list, community: None, keys: &keys, today: Today::Known(NOW), tls_ends: None };
        let stations = [
            found(1, "offline", vec![]),
            found(2, "online", vec![alert("fork", "withdraw")]),
            found(3, "clock", vec![alert("gap", "look")]),
            found(4, "behind", vec![]),
            found(5, "offline", vec![]),
            found(6, "online", vec![]),
        ];
        let held = BTreeMap::from([(StationId([6; 16]), 7)]);
        let needs = of(&stations, &held, &office, NOW);
        let said: Vec<_> = needs
            .iter()
            .filter_map(|need| Some((need.code, need.kind, need.station.as_ref()?.id.clone(), need.count)))
            .collect();
        let expected = [
            ("alert", Some("fork"), "2", Some(2)),
            ("clock", None, "3", None),
            ("quarantine", None, "6", Some(7)),
            ("alert", Some("gap"), "3", Some(2)),
            ("offline", None, "5", Some(312)),
            ("offline", None, "1", Some(312)),
            ("behind", None, "4", Some(312)),
        ];
        assert_eq!(said, expected.map(|(code, kind, id, count)| (code, kind, id.to_owned(), count)));
    }

    #[test]
    fn trust_that_ends_is_said_before_it_has_ended() {
        let deployment = world::deployment();
        let (_folder, keys) = world::keyring();
        let (root, list, community) = (&deployment.root, &deployment.list, &deployment.community);
        let office = Office {
            root,
            list,
            community: Some(community),
            keys: &keys,
            today: Today::Known(NOW),
            tls_ends: None,
        };
        let at = |moment: Timestamp| codes(&office, moment);
        assert!(at(list.soft_expiry).contains(&"list-ends"));
        assert!(at(list.believed_until()).contains(&"list-ended"));
        assert!(at(community.soft_expiry).contains(&"community-ends"));
        assert!(at(community.believed_until()).contains(&"community-ended"));
        assert!(at(root.expires.plus(-60)).contains(&"root-ends"));
    }

    #[test]
    fn keys_and_certificates_that_end_are_said_two_weeks_before_and_after() {
        let mut deployment = world::deployment();
        let (_folder, keys) = world::keyring();
        let (receipts, sealing, tls) =
            (NOW.plus(100 * 86_400), NOW.plus(200 * 86_400), NOW.plus(300 * 86_400));
        deployment.root.receipts[0].not_after = receipts;
        deployment.root.sealing[0].not_after = sealing;
        let (root, list) = (&deployment.root, &deployment.list);
        let office = Office {
            root,
            list,
            community: None,
            keys: &keys,
            today: Today::Known(NOW),
            tls_ends: Some(tls),
        };
        for (until, soon, over) in [
            (receipts, "receipt-key-ends", "receipt-key-ended"),
            (sealing, "sealing-key-ends", "sealing-key-ended"),
            (tls, "tls-ends", "tls-ended"),
        ] {
            assert!(!codes(&office, until.plus(-SOON - 1)).contains(&soon), "{soon}");
            let needs = of(&[], &BTreeMap::new(), &office, until.plus(-86_400));
            let need = needs.iter().find(|need| need.code == soon).unwrap();
            assert_eq!(need.seconds, Some(86_400), "{soon}");
            assert!(codes(&office, until).contains(&over), "{over}");
        }
    }

    #[test]
    fn keys_that_the_office_does_not_have_are_said() {
        let mut deployment = world::deployment();
        let (_folder, keys) = world::keyring();
        // Nobody has the key to which reports are sealed now, and no key of this office may sign the community.
        let newer = health_code::trust::SealingKey {
            kid: deployment.root.receipts[0].kid,
            not_before: NOW.plus(-1),
            ..deployment.root.sealing[0].clone()
        };
        deployment.root.sealing.push(newer);
        deployment.root.regions.clear();
        let (root, list, community) = (&deployment.root, &deployment.list, &deployment.community);
        let office = Office {
            root,
            list,
            community: Some(community),
            keys: &keys,
            today: Today::Known(NOW),
            tls_ends: None,
        };
        assert!(codes(&office, NOW).contains(&"sealing-key-missing"));
        assert!(codes(&office, community.believed_until().plus(-SOON)).contains(&"community-unsigned"));
    }

    fn codes(office: &Office<'_>, moment: Timestamp) -> Vec<&'static str> {
        of(&[], &BTreeMap::new(), office, moment).iter().map(|need| need.code).collect()
    }

    #[test]
    fn a_clock_by_which_nothing_is_deleted_needs_a_person() {
        let deployment = world::deployment();
        let (_folder, keys) = world::keyring();
        let (root, list) = (&deployment.root, &deployment.list);
        for (today, code) in [(Today::Ahead(7), "purge-ahead"), (Today::Back(7), "purge-back")] {
            let office = Office { root, list, community: None, keys: &keys, today, tls_ends: None };
            let needs = of(&[], &BTreeMap::new(), &office, NOW);
            assert_eq!(
                needs.iter().map(|need| (need.code, need.seconds)).collect::<Vec<_>>(),
                [(code, Some(7))]
            );
        }
    }
}
