//! Counters of what was filed.

use async_trait::async_trait;
use health_code::{Region, Timestamp};
use wire::report::{Health, Shift};
use wire::{Direction, StationId};

use super::MemoryStore;
use super::office::Office;
use crate::store::tally::{Batch, kept_from};
use crate::store::{Duty, Filing, Series, Span, StoreError, Subject, Tallies, WorkHour};

impl Office {
    /// Counts a report that was filed.
    pub fn count(&mut self, station: StationId, received: Timestamp, filing: &Filing, now: Timestamp) {
        let mut batch = Batch::new(now);
        if let Some(known) = self.stations.get(&station) {
            batch.add(&known.station.community, station, received, filing);
        }
        for (key, tally) in batch.tallies {
            *self.tallies.entry(key).or_default() += tally;
        }
        for (key, tally) in batch.work {
            *self.work.entry(key).or_default() += tally;
        }
    }
}

#[async_trait]
impl Tallies for MemoryStore {
    async fn tallies(
        &self,
        span: Span,
        subjects: Vec<Subject>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Series>, StoreError> {
        let office = self.office();
        let of = |subject: &Subject| {
            let key = |at: Timestamp| (span, subject.key(), at.0);
            let found = office.tallies.range(key(from)..key(until.max(from)));
            found.map(|((_, _, at), tally)| (*at, *tally)).collect()
        };
        Ok(subjects.iter().map(of).collect())
    }

    async fn work_hours(
        &self,
        community: &Region,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<WorkHour>, StoreError> {
        let office = self.office();
        let found = office
            .work
            .iter()
            .filter(|((of, at, ..), _)| of == community.as_str() && (from.0..until.0).contains(at));
        let row = |(&(_, at, collector, checkpoint, direction), tally): (&(String, i64, _, _, u8), &_)| {
            let direction = Direction::from_repr(direction)?;
            Some(WorkHour { at: Timestamp(at), collector, checkpoint, direction, tally: *tally })
        };
        Ok(found.filter_map(row).take(limit).collect())
    }

    async fn shifts_of(
        &self,
        stations: Vec<StationId>,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Duty<Shift>>, StoreError> {
        let office = self.office();
        let here = office.shifts.iter().filter(|((station, _), _)| stations.contains(station));
        let then = here.filter(|(_, shift)| (from.0..until.0).contains(&shift.at));
        let mut found: Vec<_> =
            then.map(|((station, _), shift)| Duty { station: *station, report: shift.clone() }).collect();
        found.sort_by_key(|duty| duty.report.at);
        found.truncate(limit);
        Ok(found)
    }

    async fn health_of(
        &self,
        stations: Vec<StationId>,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Duty<Health>>, StoreError> {
        let office = self.office();
        let here = office.health.iter().filter(|((station, _), _)| stations.contains(station));
        let then = here.filter(|(_, health)| (from.0..until.0).contains(&health.at));
        let mut found: Vec<_> =
            then.map(|((station, _), health)| Duty { station: *station, report: health.clone() }).collect();
        found.sort_by_key(|duty| duty.report.at);
        found.truncate(limit);
        Ok(found)
    }

    async fn forget_tallies(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut office = self.office();
        office.tallies.retain(|(span, _, at), _| *at >= kept_from(*span, now));
        office.work.retain(|(_, at, ..), _| *at >= kept_from(Span::Hour, now));
        Ok(())
    }
}
