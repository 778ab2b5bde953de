//! Who is listed in a community file by the office, and not by the community's own roster. Pure.
//!
//! An officer serves a region: a community, a street, or wider. Every community below it lists them while
//! they are active, and nobody at a station changes that.

use health_code::limits::{NAME_BYTES, PEOPLE};
use health_code::{Community, Person, PersonId, secret};

use crate::store::Officer;

/// Enters officers into a community: those who serve it are listed as the office knows them, and all others
/// are not. People who are no officers stay. Returns how many found no room.
pub fn list(community: &mut Community, officers: &[Officer]) -> usize {
    let Community { region, people, .. } = community;
    let serves =
        |officer: &Officer| officer.active && officer.region.contains(region) && is_usable(&officer.person);
    people.retain(|person| !officers.iter().any(|officer| is(officer, person.id) && !serves(officer)));
    let mut left_out = 0;
    for officer in officers.iter().filter(|officer| serves(officer)) {
        let person = Person { id: PersonId(officer.id), ..officer.person.clone() };
        if let Some(listed) = people.iter_mut().find(|listed| listed.id == person.id) {
            *listed = person;
        } else if people.len() < PEOPLE {
            people.push(person);
        } else {
            left_out += 1;
        }
    }
    left_out
}

/// Returns whether a station would take the person: one that it would not take costs the whole file.
fn is_usable(person: &Person) -> bool {
    let Person { masked_name, pin_phc, .. } = person;
    let named = !masked_name.trim().is_empty() && masked_name.len() <= NAME_BYTES;
    named && !person.sign_in_digits().is_empty() && secret::is_bearable_hash(pin_phc)
}

fn is(officer: &Officer, person: PersonId) -> bool {
    officer.id == person.0
}

#[cfg(test)]
mod tests {
    use health_code::Role;
    use sample::{Deployment, PHC};

    use super::*;

    fn officer(number: u8, region: &str) -> Officer {
        let person = Person {
            id: PersonId([number; 8]),
            masked_name: "王**".to_owned(),
            masked_phone: "138****0002".to_owned(),
            pin_phc: PHC.to_owned(),
            role: Role::Administrator,
        };
        Officer { id: [number; 8], region: region.parse().unwrap(), person, active: true }
    }

    fn listed(community: &Community) -> Vec<u8> {
        community.people.iter().map(|person| person.id.0[0]).collect()
    }

    #[test]
    fn officers_of_a_wider_region_are_listed_and_those_of_another_are_not() {
        let mut community = Deployment::new().community;
        let mut officers = [
            officer(20, "420106001001"),
            officer(21, "420106001"),
            officer(22, "42"),
            officer(23, "420106002"),
            officer(24, "420106001002"),
        ];
        assert_eq!(list(&mut community, &officers), 0);
        assert_eq!(listed(&community), [1, 20, 21, 22]);
        // One is disabled, one moves away, one has another secret.
        officers[0].active = false;
        officers[1].region = "420106002".parse().unwrap();
        officers[2].person.pin_phc = PHC.replace("t=3", "t=4");
        list(&mut community, &officers);
        assert_eq!(listed(&community), [1, 22]);
        assert_eq!(community.people[1].pin_phc, officers[2].person.pin_phc);
        // A hash that no station would bear keeps its officer out, and nobody else.
        officers[2].person.pin_phc = "$2b$cheap".to_owned();
        list(&mut community, &officers);
        assert_eq!(listed(&community), [1]);
        let before = community.clone();
        list(&mut community, &officers);
        assert_eq!(community, before, "once is enough");
    }

    #[test]
    fn a_community_that_is_full_takes_no_more() {
        let mut community = Deployment::new().community;
        let first = community.people[0].clone();
        community.people =
            (0..PEOPLE as u64).map(|n| Person { id: PersonId(n.to_be_bytes()), ..first.clone() }).collect();
        assert_eq!(list(&mut community, &[officer(20, "42")]), 1);
        assert_eq!(community.people.len(), PEOPLE);
        // There is room again once somebody leaves.
        community.people.pop();
        assert_eq!(list(&mut community, &[officer(20, "42")]), 0);
    }
}
