//! What kills a program in the middle of a cycle.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use stories::dice::Dice;

use crate::network::{MOMENTS, Moment, Network};

/// Whom it hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Victim {
    Station,
    Office,
    Both,
}

/// A kill, and when.
#[derive(Debug, Clone, Copy)]
pub struct Blow {
    pub victim: Victim,
    /// Not later than this after the start.
    within: Duration,
    /// As soon as a batch has come so far, if one does in time.
    at: Option<Moment>,
}

impl Blow {
    /// Draws one; most cycles have one.
    pub fn draw(dice: &mut Dice) -> Option<Self> {
        let victim = match dice.draw(0..10) {
            0..5 => Victim::Station,
            5..7 => Victim::Office,
            7 => Victim::Both,
            _ => return None,
        };
        let at = if dice.chance(50) { dice.pick(&MOMENTS).copied() } else { None };
        let within = Duration::from_millis(dice.draw(0..1500));
        Some(Self { victim, within, at })
    }

    /// Waits for the moment, and kills. The processes must not have been waited for before.
    pub fn strike(self, network: &Network, station: u32, office: u32) {
        match self.at {
            Some(moment) => network.wait_for(moment, self.within),
            None => std::thread::sleep(self.within),
        }
        if self.victim != Victim::Office {
            kill(station);
        }
        if self.victim != Victim::Station {
            kill(office);
        }
    }
}

fn kill(id: u32) {
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // It may have ended by itself.
        let _ = kill_process(pid, Signal::KILL);
    }
}

impl std::fmt::Display for Blow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { victim, within, at } = self;
        write!(f, "kill {victim:?} within {} ms", within.as_millis())?;
        at.map_or(Ok(()), |moment| write!(f, " or when a batch is {moment:?}"))
    }
}
