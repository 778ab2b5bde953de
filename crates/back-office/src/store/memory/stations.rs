//! Tickets and stations.

use std::collections::BTreeMap;

use health_code::{Region, Timestamp};
use program::moment::rfc3339;
use wire::report::ShiftEvent;
use wire::{Generation, RecordId, StationId};

use super::office::{Known, Office, Ticket};
use crate::store::chain::{Raised, Tip};
use crate::store::{AlertKind, ChainEnd, Introduction, IssuedTicket, Redeemed, Redemption, Station};

impl Office {
    pub fn add_ticket(&mut self, issued: IssuedTicket) {
        self.tickets.insert(issued.secret_hash, Ticket { issued, used_by: None, used_at: Timestamp(0) });
    }

    pub fn unused_tickets(&self, now: Timestamp) -> Vec<IssuedTicket> {
        let unused = self.tickets.values().filter(|ticket| ticket.used_by.is_none());
        let mut good: Vec<_> =
            unused.map(|ticket| ticket.issued.clone()).filter(|ticket| ticket.expires > now).collect();
        good.sort_by_key(|ticket| (ticket.expires, ticket.secret_hash));
        good
    }

    pub fn revoke_ticket(&mut self, secret_hash: &[u8; 32]) -> bool {
        let over = Timestamp(0);
        let ticket = self.tickets.get_mut(secret_hash);
        let unused = ticket.filter(|ticket| ticket.used_by.is_none() && ticket.issued.expires > over);
        unused.map(|ticket| ticket.issued.expires = over).is_some()
    }

    pub fn places(&self) -> BTreeMap<StationId, [u8; 8]> {
        let mut latest = BTreeMap::new();
        // Those that were made last come last; of two at one moment the record with the lower id.
        let mut shifts: Vec<_> = self.shifts.iter().collect();
        shifts.sort_by_key(|((_, record), shift)| (shift.at, std::cmp::Reverse(*record)));
        for ((station, _), shift) in shifts {
            if let ShiftEvent::At { checkpoint, .. } = shift.event {
                latest.insert(*station, checkpoint);
            }
        }
        latest
    }

    pub fn communities_of(&self, stations: &[StationId]) -> BTreeMap<StationId, Region> {
        let known = stations.iter().filter_map(|id| self.stations.get(id));
        known.map(|known| (known.station.id, known.station.community.clone())).collect()
    }

    pub fn redeem(&mut self, redemption: &Redemption, now: Timestamp) -> Redeemed {
        let Redemption { secret_hash, station: id, key, sealing, name } = redemption;
        let Some(ticket) = self.tickets.get_mut(secret_hash) else { return Redeemed::Unknown };
        let known = self.stations.get(id);
        if known.is_some_and(|known| known.station.withdrawn.is_some()) {
            return Redeemed::Withdrawn;
        }
        if let Some(used_by) = ticket.used_by {
            return if known.is_some() && *id == used_by {
                Redeemed::Enrolled(used_by)
            } else {
                Redeemed::Used { at: ticket.used_at }
            };
        }
        if now >= ticket.issued.expires {
            return Redeemed::Expired;
        }
        (ticket.used_by, ticket.used_at) = (Some(*id), now);
        let community = ticket.issued.community.clone();
        let station = self.begin(*id, (*key, *sealing), name, &community, now);
        station.name.clone_from(name);
        station.sealing = *sealing;
        station.community = community;
        Redeemed::Enrolled(*id)
    }

    pub fn introduce(&mut self, introduction: &Introduction, now: Timestamp) -> bool {
        let Introduction { station: id, key, sealing, name, community, seen } = introduction;
        if !self.stations.contains_key(id) {
            self.begin(*id, (*key, *sealing), name, community, *seen);
            let detail = format!("{name}: known by a receipt of {}, and not by a ticket", rfc3339(*seen));
            let record = RecordId([0; 16]);
            self.raise(*id, Raised { kind: AlertKind::KnownAgain, record, detail }, now);
        }
        self.station(*id).is_some_and(|station| station.withdrawn.is_none())
    }

    fn begin(
        &mut self,
        id: StationId,
        (key, sealing): ([u8; 32], [u8; 32]),
        name: &str,
        community: &Region,
        enrolled: Timestamp,
    ) -> &mut Station {
        let known = self.stations.entry(id).or_insert_with(|| {
            let station = Station {
                id,
                key,
                sealing,
                name: name.to_owned(),
                community: community.clone(),
                enrolled,
                withdrawn: None,
                told: None,
                last_seen: None,
                about: None,
            };
            Known { station, tip: Tip::START, runs: Default::default() }
        });
        &mut known.station
    }

    pub fn station(&self, id: StationId) -> Option<Station> {
        self.stations.get(&id).map(|known| known.station.clone())
    }

    pub fn all_stations(&self) -> Vec<Station> {
        let mut all: Vec<_> = self.stations.values().map(|known| known.station.clone()).collect();
        all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        all
    }

    pub fn withdrawn(&self) -> Vec<(StationId, Region)> {
        let gone = self.stations.iter().filter(|(_, known)| known.station.withdrawn.is_some());
        gone.map(|(id, known)| (*id, known.station.community.clone())).collect()
    }

    pub fn withdraw(&mut self, id: StationId, now: Timestamp) -> bool {
        let Some(known) = self.stations.get_mut(&id) else { return false };
        known.station.withdrawn = known.station.withdrawn.or(Some(now));
        true
    }

    pub fn begin_generation(&mut self, drawn: Generation, community_from: u64, now: Timestamp) -> usize {
        (self.generation, self.community_from) = (Some(drawn), community_from);
        let unused = self
            .tickets
            .values_mut()
            .filter(|ticket| ticket.used_by.is_none() && ticket.issued.expires > now);
        unused.map(|ticket| ticket.issued.expires = now).count()
    }

    pub fn chain_ends(&self) -> Vec<ChainEnd> {
        let forked = |id: StationId| {
            self.alerts.iter().any(|alert| (alert.station, alert.kind) == (id, AlertKind::Fork))
        };
        let whole = self.stations.iter().filter(|(id, known)| known.tip.loose == 0 && !forked(**id));
        whole
            .filter_map(|(id, known)| {
                let (stream, next) = known.tip.place?;
                Some(ChainEnd { station: *id, stream, seq: next.checked_sub(1)? })
            })
            .collect()
    }
}
