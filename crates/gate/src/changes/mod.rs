//! The community as this station sees it: the file's, with the changes that were made here on top.
//!
//! A change acts at once and outlives a restart. It ends when the community's file holds it, or when the
//! back office refuses it. A removal may be taken back for a while: until then it acts, and is not reported.

mod list;

pub use list::{BadChanges, Changes};
pub(crate) use list::{Entry, State};

use std::time::Duration;

use health_code::{Community, Person, Policy, Role, Ruling, Trust};
use roster::Applied;
use wire::limits::AWAITS;
use wire::report::{RosterChange, StricterRuling};
use wire::{Notice, NoticeCode, RecordId};

use crate::action::Action;
use crate::limits::CHANGES;
use crate::window::workbench::OfficeRefusal;

/// A removal can be taken back for this long.
pub(crate) const UNDO: Duration = Duration::from_secs(10);
/// Stands for the moment of a held change whose report is on its way to the disk.
const ON_ITS_WAY: Duration = Duration::MAX;

/// The community as this station sees it, and the changes that make it so.
pub(crate) struct Roster {
    changes: Changes,
    /// Until when a change that is held can be taken back. One without a moment is due.
    undo: Vec<(RecordId, Duration)>,
    /// Changes that a community file of this version holds, or a later one.
    entered: Vec<(RecordId, u64)>,
    /// With all changes that act.
    acting: Option<Community>,
    /// The same, with whom and what may still be brought back.
    listed: Option<Community>,
    /// The collectors whose removal was reported from here, while the community's file still lists them, each
    /// with that report.
    removed: Vec<(RecordId, Person)>,
    /// What the shell was told last.
    kept: Changes,
    awaited: Vec<RecordId>,
}

impl Roster {
    /// Makes the community with the changes of the last run. What was held then is due now.
    pub(crate) fn new(changes: Changes, trust: Option<&Trust>) -> Self {
        let kept = changes.clone();
        let mut roster = Self {
            changes,
            undo: Vec::new(),
            entered: Vec::new(),
            acting: None,
            listed: None,
            removed: Vec::new(),
            kept,
            awaited: Vec::new(),
        };
        roster.trust_changed(trust);
        roster
    }

    /// Returns the community with all changes that act here; `None` without trust.
    pub(crate) fn community(&self) -> Option<&Community> {
        self.acting.as_ref()
    }

    /// Returns the same, with whom and what was removed and may still be brought back.
    pub(crate) fn listed(&self) -> Option<&Community> {
        self.listed.as_ref()
    }

    /// Returns the collectors whose removal was reported from here and who can be restored, each with that
    /// report. Whom the community's file does not list any more, nobody here knows.
    pub(crate) fn removed(&self) -> &[(RecordId, Person)] {
        &self.removed
    }

    /// Returns whether the report of a removal is on its way to the disk.
    pub(crate) fn is_leaving(&self, about: [u8; 8]) -> bool {
        self.held(about).is_some() && self.undo_until(about).is_none()
    }

    /// Returns whether there is room for one more change.
    pub(crate) fn has_room(&self) -> bool {
        self.changes.0.len() < CHANGES
    }

    /// Returns until when the removal of a checkpoint or a person can be taken back.
    pub(crate) fn undo_until(&self, about: [u8; 8]) -> Option<Duration> {
        let entry = self.held(about)?;
        let undo = self.undo.iter().find(|(record, _)| *record == entry.record);
        undo.map(|(_, until)| *until).filter(|until| *until < ON_ITS_WAY)
    }

    /// Returns whether a change of a checkpoint or a person waits for the back office.
    pub(crate) fn is_pending(&self, about: [u8; 8]) -> bool {
        self.changes.0.iter().any(|entry| entry.state == State::Reported && entry.about() == Some(about))
    }

    /// Returns the changes that the back office refused.
    pub(crate) fn refused(&self) -> impl Iterator<Item = (&Entry, OfficeRefusal)> {
        self.changes.0.iter().filter_map(|entry| match entry.state {
            State::Refused(why) => Some((entry, why)),
            State::Held | State::Reported => None,
        })
    }

    /// Returns the changes that wait for the back office.
    pub(crate) fn reported_changes(&self) -> impl Iterator<Item = &RosterChange> {
        self.changes.0.iter().filter(|entry| entry.state == State::Reported).map(|entry| &entry.change)
    }

    /// Returns whether a report is that of a change which acts already.
    pub(crate) fn holds(&self, record: RecordId) -> bool {
        self.changes.0.iter().any(|entry| entry.record == record)
    }

    /// Takes a change that acts from now on and can be taken back until a moment.
    pub(crate) fn hold(&mut self, entry: Entry, until: Duration, trust: Option<&Trust>) {
        self.undo.push((entry.record, until));
        self.add(Entry { state: State::Held, ..entry }, trust);
    }

    /// Takes a change whose report is durable: it acts from now on, if it does not already.
    pub(crate) fn reported(&mut self, entry: Entry, trust: Option<&Trust>) {
        match self.changes.0.iter_mut().find(|known| known.record == entry.record) {
            // The office may have refused it meanwhile.
            Some(known) if known.state == State::Held => {
                known.state = State::Reported;
                self.undo.retain(|(record, _)| *record != entry.record);
                self.rebuild(trust);
            }
            Some(_) => {}
            None => self.add(Entry { state: State::Reported, ..entry }, trust),
        }
    }

    /// Takes back what was removed last, of this or of anything. Returns whether there was something.
    pub(crate) fn take_back(
        &mut self,
        about: Option<[u8; 8]>,
        mono: Duration,
        trust: Option<&Trust>,
    ) -> bool {
        let open = |entry: &Entry| {
            let undo = self.undo.iter().find(|(record, _)| *record == entry.record);
            entry.state == State::Held && undo.is_some_and(|(_, until)| *until < ON_ITS_WAY && mono < *until)
        };
        let matches = |entry: &Entry| about.is_none_or(|about| entry.about() == Some(about));
        let Some(at) = self.changes.0.iter().rposition(|entry| open(entry) && matches(entry)) else {
            return false;
        };
        let entry = self.changes.0.remove(at);
        self.undo.retain(|(record, _)| *record != entry.record);
        self.rebuild(trust);
        true
    }

    /// Returns the held changes that are to be reported now: those whose time is over, or all. From here on
    /// they can't be taken back.
    pub(crate) fn due(&mut self, mono: Option<Duration>) -> Vec<Entry> {
        let mut due = Vec::new();
        for entry in self.changes.0.iter().filter(|entry| entry.state == State::Held) {
            let at = self.undo.iter().position(|(record, _)| *record == entry.record);
            let until = at.and_then(|at| self.undo.get_mut(at)).map(|(_, until)| until);
            match until {
                Some(until) if *until == ON_ITS_WAY || mono.is_some_and(|mono| mono < *until) => {}
                Some(until) => {
                    *until = ON_ITS_WAY;
                    due.push(entry.clone());
                }
                None => {
                    self.undo.push((entry.record, ON_ITS_WAY));
                    due.push(entry.clone());
                }
            }
        }
        due
    }

    /// Returns whether something can still be taken back.
    pub(crate) fn can_take_back(&self) -> bool {
        self.deadline().is_some()
    }

    /// Returns until when each removal can be taken back.
    pub(crate) fn undos(&self) -> impl Iterator<Item = Duration> {
        self.undo.iter().map(|(_, until)| *until).filter(|until| *until < ON_ITS_WAY)
    }

    /// Returns when the next held change is due.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.undos().min()
    }

    /// Takes what the office says of changes; `community` is the version of the file that it offers.
    pub(crate) fn told(&mut self, notices: &[Notice], community: u64, trust: Option<&Trust>) {
        for Notice { record, code } in notices {
            let why = match code {
                NoticeCode::Waits | NoticeCode::Other(_) => continue,
                NoticeCode::Entered => {
                    self.entered(*record, community, trust);
                    continue;
                }
                NoticeCode::NotAllowed => OfficeRefusal::NotAllowed,
                NoticeCode::NotThere => OfficeRefusal::NotThere,
                NoticeCode::Taken => OfficeRefusal::Taken,
                NoticeCode::Full => OfficeRefusal::Full,
                NoticeCode::LastAdministrator => OfficeRefusal::LastAdministrator,
                NoticeCode::Unverified => OfficeRefusal::Unverified,
                NoticeCode::Future => OfficeRefusal::Future,
                NoticeCode::Unusable => OfficeRefusal::Unusable,
            };
            self.refuse(*record, why, trust);
        }
    }

    /// Drops a change that a community file of this version holds.
    fn entered(&mut self, record: RecordId, version: u64, trust: Option<&Trust>) {
        if self.changes.0.iter().any(|entry| entry.record == record && entry.state == State::Reported) {
            self.entered.retain(|(known, _)| *known != record);
            self.entered.push((record, version));
            self.trust_changed(trust);
        }
    }

    /// Ends a change that the back office refused: it acts no more.
    fn refuse(&mut self, record: RecordId, why: OfficeRefusal, trust: Option<&Trust>) {
        let mut entries = self.changes.0.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.record == record && entry.state == State::Reported) {
            entry.state = State::Refused(why);
            // What it takes to sign in is kept for nobody.
            if let RosterChange::PersonAdded { phc, .. } = &mut entry.change {
                "-".clone_into(phc);
            }
            self.rebuild(trust);
        }
    }

    /// Forgets what the back office refused: somebody has seen it.
    pub(crate) fn seen(&mut self) {
        self.changes.0.retain(|entry| !matches!(entry.state, State::Refused(_)));
    }

    /// Drops the changes that the community's file holds by now, and enters the others on top of it.
    pub(crate) fn trust_changed(&mut self, trust: Option<&Trust>) {
        if let Some(trust) = trust.filter(|trust| trust.unvouched().is_none()) {
            let version = trust.community().version;
            let entered = std::mem::take(&mut self.entered);
            let (here, later): (Vec<_>, Vec<_>) = entered.into_iter().partition(|(_, from)| *from <= version);
            self.entered = later;
            let mut community = trust.community().clone();
            self.changes.0.retain(|entry| {
                let in_file = here.iter().any(|(record, _)| *record == entry.record);
                match entry.state {
                    State::Refused(_) => true,
                    State::Held => roster::apply(&mut community, &entry.change) != Applied::Already,
                    State::Reported if in_file => false,
                    State::Reported => roster::apply(&mut community, &entry.change) != Applied::Already,
                }
            });
            self.undo.retain(|(record, _)| self.changes.0.iter().any(|entry| entry.record == *record));
        }
        self.rebuild(trust);
    }

    /// Drops what was asked for a stricter policy and holds by now.
    pub(crate) fn policy_changed(&mut self, policy: &Policy) {
        self.changes.0.retain(|entry| entry.state != State::Reported || !holds(&entry.change, policy));
    }

    /// Asks the shell for what has changed: to keep the changes, and to ask the office about them.
    pub(crate) fn tell(&mut self, actions: &mut Vec<Action>) {
        if self.kept != self.changes {
            self.kept = self.changes.clone();
            actions.push(Action::KeepChanges(self.changes.clone()));
        }
        let reported = self.changes.0.iter().filter(|entry| entry.state == State::Reported);
        let awaited: Vec<RecordId> = reported.map(|entry| entry.record).take(AWAITS).collect();
        if awaited != self.awaited {
            self.awaited.clone_from(&awaited);
            actions.push(Action::Await(awaited));
        }
    }

    fn add(&mut self, mut entry: Entry, trust: Option<&Trust>) {
        if entry.subject.is_empty() {
            entry.subject = self.subject(&entry);
        }
        self.changes.0.push(entry);
        self.rebuild(trust);
    }

    fn held(&self, about: [u8; 8]) -> Option<&Entry> {
        self.changes.0.iter().find(|entry| entry.state == State::Held && entry.about() == Some(about))
    }

    fn rebuild(&mut self, trust: Option<&Trust>) {
        let Some(trust) = trust else {
            (self.acting, self.listed, self.removed) = (None, None, Vec::new());
            return;
        };
        // A community that nobody vouches for lists nobody, whatever was added.
        if trust.unvouched().is_some() {
            let community = trust.community().clone();
            (self.acting, self.listed, self.removed) = (Some(community.clone()), Some(community), Vec::new());
            return;
        }
        let with = |counts: &dyn Fn(&Entry) -> bool| {
            let mut community = trust.community().clone();
            for entry in self.changes.0.iter().filter(|entry| counts(entry)) {
                roster::apply(&mut community, &entry.change);
            }
            community
        };
        self.removed = removed(trust.community(), &self.changes.0);
        let acting = with(&|entry| !matches!(entry.state, State::Refused(_)));
        self.listed = Some(with(&|entry| entry.state == State::Reported));
        self.acting = Some(acting);
    }

    /// Returns the name of whom or what a change is about.
    fn subject(&self, entry: &Entry) -> String {
        use RosterChange as Change;
        let community = self.acting.as_ref();
        let checkpoint = |id: &[u8; 8]| {
            let found = community?.checkpoints.iter().find(|checkpoint| checkpoint.id.0 == *id);
            found.map(|checkpoint| checkpoint.name.clone())
        };
        let person = |id: &[u8; 8]| {
            let found = community?.people.iter().find(|person| person.id.0 == *id);
            found.map(|person| person.masked_name.clone())
        };
        let subject = match &entry.change {
            Change::CheckpointAdded { name, .. } => Some(name.clone()),
            Change::CheckpointChanged { id, name, .. } => checkpoint(id).or_else(|| Some(name.clone())),
            Change::CheckpointRemoved { id } => checkpoint(id),
            Change::PersonAdded { masked_name, .. } | Change::PersonRestored { masked_name, .. } => {
                Some(masked_name.clone())
            }
            Change::PersonRemoved { id } | Change::PinChanged { id, .. } => person(id),
            Change::PolicyStricter { .. } => None,
        };
        subject.unwrap_or_default()
    }
}

/// Returns the collectors whom reported changes have removed and nothing has brought back.
fn removed(file: &Community, changes: &[Entry]) -> Vec<(RecordId, Person)> {
    let mut community = file.clone();
    let mut removed = Vec::new();
    for entry in changes.iter().filter(|entry| !matches!(entry.state, State::Refused(_))) {
        if let (RosterChange::PersonRemoved { id }, State::Reported) = (&entry.change, entry.state) {
            let person = community.people.iter().find(|person| person.id.0 == *id);
            removed.extend(
                person
                    .filter(|person| person.role == Role::Collector)
                    .map(|person| (entry.record, person.clone())),
            );
        }
        roster::apply(&mut community, &entry.change);
    }
    // Whoever came back and was removed again counts once, by the last removal.
    let mut last: Vec<(RecordId, Person)> = Vec::new();
    for (record, person) in removed {
        last.retain(|(_, other)| other.id != person.id);
        if !community.people.iter().any(|other| other.id == person.id) {
            last.push((record, person));
        }
    }
    last
}

/// Returns whether a policy is as strict as was asked for. What is no matter of the policy does not hold.
fn holds(change: &RosterChange, policy: &Policy) -> bool {
    let RosterChange::PolicyStricter { cells, fever, declaration_hours } = change else { return false };
    let is_strict = |cell: &wire::report::Cell| {
        let wanted = match cell.ruling {
            StricterRuling::Check => Ruling::Check,
            StricterRuling::Stop => Ruling::Stop,
        };
        let (row, column) = (usize::from(cell.index / 5), usize::from(cell.index % 5));
        let ruling = policy.table.get(row).and_then(|row| row.cells().get(column).copied());
        ruling.is_some_and(|ruling| ruling >= wanted)
    };
    cells.iter().all(is_strict)
        && fever.is_none_or(|tenths| policy.fever_tenths <= tenths)
        && declaration_hours.is_none_or(|hours| policy.declaration_max_hours <= hours.into())
}
