//! What the router holds for all wings, and what each wing may know of it.

use std::sync::Arc;

use health_code::{Timestamp, Trust};

use crate::changes::Roster;
use crate::collector::Collector;
use crate::input::{Aim, Now, Scan};
use crate::shift::Shift;
use crate::standing::Standing;
use crate::station::Station;
use crate::surroundings::Surroundings;
use crate::window::View;
use crate::window::bar::StatusBar;
use crate::window::collector::Hint;
use crate::wing::{Effects, Known, Wing, WingName};
use crate::workbench::Workbench;

/// What the router knows for all wings.
pub(crate) struct Shared {
    pub(crate) trust: Option<Arc<Trust>>,
    /// What the trust allows at the moment of the latest input.
    pub(crate) standing: Standing,
    /// The community, with the changes that were made here.
    pub(crate) roster: Roster,
    pub(crate) around: Surroundings,
    pub(crate) front: WingName,
}

/// The wings that can be in front.
pub(crate) struct Wings {
    pub(crate) shift: Shift,
    pub(crate) collector: Collector,
    pub(crate) workbench: Workbench,
}

impl Shared {
    /// Asks the trust anew if another second is on the wall clock.
    pub(crate) fn pass_time(&mut self, wall: Timestamp) {
        let generation = self.standing.generation();
        if !self.standing.is_of(generation, wall) {
            self.standing = Standing::of(self.trust.as_deref(), generation, wall);
        }
    }

    /// Returns what every wing may know at the moment of the latest input.
    pub(crate) fn known_now<'a>(&'a self, wings: &Wings, now: Now) -> Known<'a> {
        self.known(&self.standing, wings, now)
    }

    pub(crate) fn known<'a>(&'a self, standing: &'a Standing, wings: &Wings, now: Now) -> Known<'a> {
        let trust = self.trust.as_deref();
        let front = wings.get(self.front);
        let fault = self.around.fault(trust, standing);
        Known {
            now,
            trust,
            standing,
            around: &self.around,
            roster: &self.roster,
            duty: wings.shift.duty(self.roster.community()),
            keeper: wings.shift.keeper(),
            current: wings.shift.last_place().map(|place| place.checkpoint),
            front: self.front,
            activity: front.activity(),
            fault,
            fault_on_screen: fault
                .filter(|fault| self.around.withdrawn.is_none() && front.is_covered_by(*fault, trust)),
        }
    }
}

impl Wings {
    /// The camera read a code.
    pub(crate) fn code_seen(&mut self, text: &str, aim: Aim, known: &Known, effects: &mut Effects) {
        self.workbench.code_seen(text, aim, known, effects);
        self.collector.code_seen(text, aim, known, effects);
    }

    /// Takes a frame's finding; `None` if no code is in view.
    pub(crate) fn found(&mut self, hint: Option<Hint>, known: &Known) {
        self.workbench.found(hint, known);
        self.collector.found(hint, known);
    }

    /// A hand scanner sent something.
    pub(crate) fn scanned(&mut self, scan: &Scan, known: &Known, effects: &mut Effects) {
        self.workbench.scanned(scan, known, effects);
        self.collector.scanned(scan, known, effects);
    }

    pub(crate) fn get(&self, name: WingName) -> &dyn Wing {
        match name {
            WingName::Shift => &self.shift,
            WingName::Collector => &self.collector,
            WingName::Workbench => &self.workbench,
        }
    }

    pub(crate) fn get_mut(&mut self, name: WingName) -> &mut dyn Wing {
        match name {
            WingName::Shift => &mut self.shift,
            WingName::Collector => &mut self.collector,
            WingName::Workbench => &mut self.workbench,
        }
    }
}

/// Returns what is on the screen.
pub(crate) fn view(known: &Known, wings: &Wings, station: &Station) -> View {
    let screen = match (&known.around.withdrawn, known.fault_on_screen) {
        (Some(withdrawal), _) => station.out_of_service(withdrawal, known),
        (None, Some(fault)) => station.screen(fault, known),
        (None, None) => wings.get(known.front).screen(known),
    };
    let shift = wings.shift.in_bar(known.community());
    let bar = known.around.bar(known.trust, known.standing, shift, station.asserted_by(), known.now);
    let contact = known.community().map(|community| community.contact.trim().to_owned());
    View { screen, bar, contact: contact.unwrap_or_default() }
}

/// Returns whether two views look alike: the bar's clock shows no seconds.
pub(crate) fn looks_alike(a: &View, b: &View) -> bool {
    let minute = |view: &View| view.bar.now.0.div_euclid(60);
    a.screen == b.screen
        && a.contact == b.contact
        && minute(a) == minute(b)
        && a.bar == StatusBar { now: a.bar.now, ..b.bar.clone() }
}
