//! Who passed at about the same time: passages put together by whose they are. Pure.

use std::collections::BTreeMap;

use health_code::Timestamp;
use wire::{RecordId, StationId};

use crate::store::{Passer, PersonKey};

/// Somebody who passed near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// Their passage that was nearest in time.
    pub nearest: Passer,
    /// How often they passed within the time.
    pub times: usize,
}

/// Who passed near.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traced {
    /// The nearest in time first.
    pub met: Vec<Met>,
    /// How many they are, with those who are not shown.
    pub all: usize,
    /// Passages of people who were erased since.
    pub erased: usize,
}

/// What tells people apart: one number is one person, whichever issuer's code they showed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Identity(PersonKey),
    Certificate(String),
    Code(String, [u8; 16]),
}

/// Puts passages together, without the person whose passage it goes on from, and shows `most` people.
#[must_use]
pub fn trace(found: Vec<Passer>, from: (StationId, RecordId), at: Timestamp, most: usize) -> Traced {
    let own: Vec<Who> = found.iter().filter(|one| named(one) == from).filter_map(who).collect();
    let (mut people, mut erased) = (BTreeMap::<Who, Met>::new(), 0);
    let distance = |passer: &Passer| (passer.row.at.0 - at.0).abs();
    for passer in found {
        let Some(who) = who(&passer) else {
            erased += usize::from(named(&passer) != from);
            continue;
        };
        if own.contains(&who) {
            continue;
        }
        let met = people.entry(who).or_insert_with(|| Met { nearest: passer.clone(), times: 0 });
        met.times += 1;
        if distance(&passer) < distance(&met.nearest) {
            met.nearest = passer;
        }
    }
    let all = people.len();
    let mut met: Vec<Met> = people.into_values().collect();
    met.sort_by_key(|met| (distance(&met.nearest), met.nearest.row.at, met.nearest.row.record));
    met.truncate(most);
    Traced { met, all, erased }
}

fn named(passer: &Passer) -> (StationId, RecordId) {
    (passer.row.station, passer.row.record)
}

/// Says whose a passage is; `None` for somebody who was erased.
fn who(passer: &Passer) -> Option<Who> {
    let by_code = || Who::Code(passer.row.iss.clone(), passer.row.pseudonym);
    let certificate = || passer.certificate.clone().map(Who::Certificate);
    let known = passer.person.identity.map(Who::Identity).or_else(certificate);
    known.or_else(|| (passer.row.pseudonym != [0; 16]).then(by_code))
}

#[cfg(test)]
mod tests {
    use wire::{ClockState, Direction, Outcome, Shown};

    use super::*;
    use crate::store::{PassageRow, PersonKeys};

    fn passer(record: u8, at: i64, identity: Option<u8>, pseudonym: u8) -> Passer {
        let row = PassageRow {
            station: StationId([1; 16]),
            record: RecordId([record; 16]),
            at: Timestamp(at),
            judged: Timestamp(at),
            clock: ClockState::Trusted,
            checkpoint: [1; 8],
            collector: [2; 8],
            shown: Shown::Pass,
            direction: Direction::In,
            outcome: Outcome::LetThrough,
            iss: "hubei".into(),
            masked_name: "样*".into(),
            masked_id: String::new(),
            colour: "green".into(),
            verified: true,
            pseudonym: [pseudonym; 16],
            received: Timestamp(at),
        };
        let identity = identity.map(|key| PersonKey([key; 16]));
        Passer { row, person: PersonKeys { identity, phone: None }, certificate: None }
    }

    fn of(found: Vec<Passer>, most: usize) -> (Vec<(u8, usize)>, usize, usize) {
        let traced = trace(found, (StationId([1; 16]), RecordId([0; 16])), Timestamp(100), most);
        let met = traced.met.iter().map(|met| (met.nearest.row.record.0[0], met.times)).collect();
        (met, traced.all, traced.erased)
    }

    #[test]
    fn each_person_is_there_once_by_their_nearest_passage_and_the_resident_is_not() {
        let found = vec![
            passer(0, 100, Some(7), 1),
            passer(1, 101, Some(7), 2),
            passer(2, 140, Some(8), 3),
            passer(3, 90, Some(8), 4),
            passer(4, 130, None, 5),
            passer(5, 99, None, 5),
            passer(6, 98, None, 0),
        ];
        assert_eq!(of(found.clone(), 9), (vec![(5, 2), (3, 2)], 2, 1));
        assert_eq!(of(found, 1), (vec![(5, 2)], 2, 1), "it says how many there are");
        assert_eq!(of(vec![passer(0, 100, None, 5), passer(1, 101, None, 5)], 9), (vec![], 0, 0));
    }

    #[test]
    fn whose_own_passage_was_erased_meets_all_who_passed() {
        assert_eq!(of(vec![passer(0, 100, None, 0), passer(1, 101, None, 5)], 9), (vec![(1, 1)], 1, 0));
    }
}
