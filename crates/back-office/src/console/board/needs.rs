//! What needs a person, the most urgent first. Pure.

use std::collections::BTreeMap;

use health_code::{Community, Root, Timestamp, TrustList};
use wire::StationId;

use super::view::{Named, Need};
use crate::console::stations::Found;
use crate::retention::Today;

/// Seconds before the root's end at which somebody should make the next one.
const ROOT_ENDS: i64 = 30 * 86_400;

/// What the office itself goes by.
pub(super) struct Office<'a> {
    pub root: &'a Root,
    pub list: &'a TrustList,
    /// The community, where the board is one's.
    pub community: Option<&'a Community>,
    /// Whether its clock can be relied on for deleting what is past its days.
    pub today: Today,
}

/// Returns what needs a person, of a region's laptops and of the trust that all go by.
pub(super) fn of(
    found: &[Found],
    held: &BTreeMap<StationId, u64>,
    office: &Office<'_>,
    now: Timestamp,
) -> Vec<Need> {
    let mut needs: Vec<(u8, Need)> = trust(office, now);
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

/// The trust list, the community's file and the root, each with how long it is good still.
fn trust(office: &Office<'_>, now: Timestamp) -> Vec<(u8, Need)> {
    let need = |code, until: Timestamp| {
        let seconds = Some(until.since(now).max(0));
        (0, Need { code, kind: None, station: None, count: None, seconds })
    };
    let mut needs = Vec::new();
    let list = office.list;
    if now >= list.soft_expiry {
        needs.push(need(
            if now < list.believed_until() { "list-ends" } else { "list-ended" },
            list.believed_until(),
        ));
    }
    if let Some(community) = office.community.filter(|community| now >= community.soft_expiry) {
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
    use sample::{Deployment, NOW};

    use super::*;
    use crate::console::stations::{AlertView, StationView};
    use crate::console::view::RegionRef;

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
        let deployment = Deployment::new();
        let (root, list, today) = (&deployment.root, &deployment.list, Today::Known(NOW));
        let office = Office { root, list, community: None, today };
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
        let deployment = Deployment::new();
        let community = &deployment.community;
        let (root, list, today) = (&deployment.root, &deployment.list, Today::Known(NOW));
        let office = Office { root, list, community: Some(community), today };
        let at = |moment: Timestamp| -> Vec<&str> {
            of(&[], &BTreeMap::new(), &office, moment).iter().map(|need| need.code).collect()
        };
        let list = &deployment.list;
        assert!(at(list.soft_expiry).contains(&"list-ends"));
        assert!(at(list.believed_until()).contains(&"list-ended"));
        assert!(at(community.believed_until()).contains(&"community-ended"));
        assert!(at(deployment.root.expires.plus(-60)).contains(&"root-ends"));
    }

    #[test]
    fn a_clock_by_which_nothing_is_deleted_needs_a_person() {
        let deployment = Deployment::new();
        let (root, list) = (&deployment.root, &deployment.list);
        for (today, code) in [(Today::Ahead(7), "purge-ahead"), (Today::Back(7), "purge-back")] {
            let office = Office { root, list, community: None, today };
            let needs = of(&[], &BTreeMap::new(), &office, NOW);
            assert_eq!(
                needs.iter().map(|need| (need.code, need.seconds)).collect::<Vec<_>>(),
                [(code, Some(7))]
            );
        }
    }
}
