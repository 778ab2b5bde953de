//! What collectors did: shifts, people by the hour, invalid codes. Pure; no resident is in it.

use std::collections::BTreeMap;

use wire::report::{Health, Shift, ShiftEvent};
use wire::{Direction, StationId};

use crate::store::{Duty, WorkHour};

/// Seconds after somebody signed out within which a station's counts are theirs: it reports them then.
const AFTER_SIGN_OUT: i64 = 60;

/// What one collector did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// When they stood where, the earliest first.
    pub stints: Vec<Stint>,
    /// People by the hour, the earliest first.
    pub hours: Vec<WorkHour>,
    /// Invalid codes by refusal.
    pub refusals: BTreeMap<String, u64>,
    /// Wrong PINs while they were signed in.
    pub wrong_tries: u64,
}

/// Time at one checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stint {
    /// At which laptop.
    pub station: StationId,
    /// Where.
    pub checkpoint: [u8; 8],
    /// In which direction people passed.
    pub direction: Direction,
    /// From when, in seconds since 1970.
    pub began: i64,
    /// Until when; `None` where no report says so.
    pub ended: Option<i64>,
}

/// The work of everybody in a community, by who they are; and what nobody was signed in for.
pub type Everybody = (BTreeMap<[u8; 8], Work>, Work);

/// Joins reports of a community's stations, each in the order of their times, to what everybody did from `from` on.
/// Shifts from before it say who was at work then.
#[must_use]
pub fn of(hours: Vec<WorkHour>, shifts: &[Duty<Shift>], health: &[Duty<Health>], from: i64) -> Everybody {
    let mut everybody: BTreeMap<[u8; 8], Work> = BTreeMap::new();
    let mut nobody = Work::default();
    for hour in hours {
        everybody.entry(hour.collector).or_default().hours.push(hour);
    }
    for (person, stint) in stints(shifts) {
        if stint.ended.is_none_or(|ended| ended > from) {
            everybody.entry(person).or_default().stints.push(stint);
        }
    }
    for Duty { station, report } in health {
        let work = match at_work(shifts, *station, report.at) {
            Some(person) => everybody.entry(person).or_default(),
            None => &mut nobody,
        };
        work.wrong_tries += u64::from(report.wrong_tries);
        for (refusal, count) in &report.refusals {
            *work.refusals.entry(refusal.clone()).or_default() += u64::from(*count);
        }
    }
    (everybody, nobody)
}

/// Returns who stood where: until they went elsewhere or signed out, or somebody else began at that laptop.
fn stints(shifts: &[Duty<Shift>]) -> Vec<([u8; 8], Stint)> {
    let mut done = Vec::new();
    let mut open: BTreeMap<StationId, ([u8; 8], Stint)> = BTreeMap::new();
    for Duty { station, report } in shifts {
        if let Some((person, stint)) = open.remove(station) {
            done.push((person, Stint { ended: Some(report.at), ..stint }));
        }
        if let ShiftEvent::At { checkpoint, direction } = report.event {
            let stint = Stint { station: *station, checkpoint, direction, began: report.at, ended: None };
            open.insert(*station, (report.person, stint));
        }
    }
    done.extend(open.into_values());
    done.sort_by_key(|(_, stint)| stint.began);
    done
}

/// Returns who was signed in at a station at a moment, or had just signed out.
fn at_work(shifts: &[Duty<Shift>], station: StationId, at: i64) -> Option<[u8; 8]> {
    let before = shifts.iter().take_while(|duty| duty.report.at <= at);
    let last = before.filter(|duty| duty.station == station).last()?;
    let left = last.report.event == ShiftEvent::SignedOut;
    (!left || at - last.report.at <= AFTER_SIGN_OUT).then_some(last.report.person)
}

#[cfg(test)]
mod tests {
    use wire::ClockState;

    use super::*;

    const GATE: StationId = StationId([1; 16]);
    const YARD: StationId = StationId([2; 16]);

    fn shift(station: StationId, at: i64, person: u8, event: ShiftEvent) -> Duty<Shift> {
        Duty { station, report: Shift { at, clock: ClockState::Trusted, person: [person; 8], event } }
    }

    fn place(id: u8) -> ShiftEvent {
        ShiftEvent::At { checkpoint: [id; 8], direction: Direction::In }
    }

    fn health(station: StationId, at: i64, count: u32) -> Duty<Health> {
        let refusals = vec![("expired".to_owned(), count)];
        Duty { station, report: Health { at, clock: ClockState::Trusted, refusals, wrong_tries: 1 } }
    }

    #[test]
    fn a_stint_ends_where_its_person_leaves_or_another_begins() {
        let shifts = [
            shift(GATE, 10, 1, ShiftEvent::SignedIn),
            shift(GATE, 11, 1, place(7)),
            shift(YARD, 12, 2, place(9)),
            shift(GATE, 40, 1, place(8)),
            shift(GATE, 60, 1, ShiftEvent::SignedOut),
            shift(GATE, 70, 3, ShiftEvent::SignedIn),
            shift(GATE, 71, 3, place(7)),
        ];
        let (all, _) = of(Vec::new(), &shifts, &[], 0);
        let told = |person: u8| -> Vec<(u8, i64, Option<i64>)> {
            let stints = all[&[person; 8]].stints.iter();
            stints.map(|stint| (stint.checkpoint[0], stint.began, stint.ended)).collect()
        };
        assert_eq!(told(1), [(7, 11, Some(40)), (8, 40, Some(60))]);
        assert_eq!(told(2), [(9, 12, None)], "no report says that they left");
        assert_eq!(told(3), [(7, 71, None)]);
        let (later, _) = of(Vec::new(), &shifts, &[], 40);
        assert_eq!(later[&[1; 8]].stints.len(), 1, "what ended before is left out");
    }

    #[test]
    fn invalid_codes_belong_to_whoever_was_signed_in() {
        let shifts = [shift(GATE, 10, 1, place(7)), shift(GATE, 100, 1, ShiftEvent::SignedOut)];
        let counts = [
            health(GATE, 5, 1),
            health(GATE, 50, 2),
            health(GATE, 100, 4),
            health(GATE, 100 + AFTER_SIGN_OUT + 1, 8),
            health(YARD, 50, 16),
        ];
        let (all, nobody) = of(Vec::new(), &shifts, &counts, 0);
        let work = &all[&[1; 8]];
        assert_eq!((work.refusals["expired"], work.wrong_tries), (6, 2));
        assert_eq!((nobody.refusals["expired"], nobody.wrong_tries), (25, 3));
    }
}
