//! The list of changes that were made here and that the community's file does not hold yet. It outlives a
//! restart.

use std::fmt;
use std::str::FromStr;

use health_code::trust::PersonId;
use health_code::{Timestamp, hex};
use wire::RecordId;
use wire::report::RosterChange;

use crate::limits::{CHANGES, SUBJECT_BYTES};
use crate::window::workbench::{ChangeKind, OfficeRefusal};

/// A change that was made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The name of its report.
    pub(crate) record: RecordId,
    pub(crate) by: PersonId,
    pub(crate) at: Timestamp,
    pub(crate) state: State,
    pub(crate) change: RosterChange,
    /// Whom or what it is about, for a notice: a masked name, or a checkpoint's name.
    pub(crate) subject: String,
}

/// How far a change has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It acts, and is not reported yet: it may still be taken back.
    Held,
    /// It acts, and its report is durable.
    Reported,
    /// The back office refused it. It acts no more, and somebody has to see that.
    Refused(OfficeRefusal),
}

/// The changes that were made here, in the order in which they were.
///
/// As text it is one line for each, of which only the last part may be empty or hold spaces: the report's
/// name, by whom, when, how far it has come, the change as a report holds it, and whom it is about.
/// Neither a whole phone number nor a code is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes(pub(super) Vec<Entry>);

/// A text that does not hold changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadChanges;

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Entry { record, by, at, state, change, subject } in &self.0 {
            let change = hex::encode(&change.to_bytes());
            writeln!(f, "{record} {by} {} {} {change} {subject}", at.0, state.word())?;
        }
        Ok(())
    }
}

impl FromStr for Changes {
    type Err = BadChanges;

    fn from_str(text: &str) -> Result<Self, BadChanges> {
        let mut entries: Vec<Entry> = Vec::new();
        for line in text.lines() {
            let entry = Entry::read(line).ok_or(BadChanges)?;
            let twice = entries.iter().any(|other| other.record == entry.record);
            if twice || entries.len() == CHANGES {
                return Err(BadChanges);
            }
            entries.push(entry);
        }
        Ok(Self(entries))
    }
}

impl fmt::Display for BadChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a list of changes")
    }
}

impl std::error::Error for BadChanges {}

impl Entry {
    /// Makes a change that is to be reported. What only the office may know of it stays in its report.
    pub(crate) fn new(record: RecordId, by: PersonId, at: Timestamp, change: &RosterChange) -> Self {
        let mut change = change.clone();
        if let RosterChange::PersonAdded { code, phone, .. } = &mut change {
            *code = Vec::new();
            *phone = None;
        }
        Self { record, by, at, state: State::Held, change, subject: String::new() }
    }

    /// Returns the id of the checkpoint or the person that the change is about.
    pub(crate) fn about(&self) -> Option<[u8; 8]> {
        match &self.change {
            RosterChange::CheckpointAdded { id, .. }
            | RosterChange::CheckpointChanged { id, .. }
            | RosterChange::CheckpointRemoved { id }
            | RosterChange::PersonAdded { id, .. }
            | RosterChange::PersonRemoved { id }
            | RosterChange::PersonRestored { id, .. }
            | RosterChange::PinChanged { id, .. } => Some(*id),
            RosterChange::PolicyStricter { .. } => None,
        }
    }

    /// Returns what is changed.
    pub(crate) fn kind(&self) -> ChangeKind {
        match &self.change {
            RosterChange::CheckpointAdded { .. } => ChangeKind::CheckpointAdded,
            RosterChange::CheckpointChanged { .. } => ChangeKind::CheckpointChanged,
            RosterChange::CheckpointRemoved { .. } => ChangeKind::CheckpointRemoved,
            RosterChange::PersonAdded { .. } => ChangeKind::PersonAdded,
            RosterChange::PersonRemoved { .. } => ChangeKind::PersonRemoved,
            RosterChange::PersonRestored { .. } => ChangeKind::PersonRestored,
            RosterChange::PinChanged { .. } => ChangeKind::PinChanged,
            RosterChange::PolicyStricter { .. } => ChangeKind::PolicyStricter,
        }
    }

    fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(6, ' ');
        let mut next = || parts.next();
        let entry = Self {
            record: next()?.parse().ok()?,
            by: next()?.parse().ok()?,
            at: Timestamp(next()?.parse().ok()?),
            state: State::of_word(next()?)?,
            change: RosterChange::parse(&hex::decode(next()?)?)?,
            subject: next()?.to_owned(),
        };
        let is_label = entry.subject.len() <= SUBJECT_BYTES && !entry.subject.chars().any(char::is_control);
        is_label.then_some(entry)
    }
}

impl State {
    const ALL: [Self; 10] = [
        Self::Held,
        Self::Reported,
        Self::Refused(OfficeRefusal::NotAllowed),
        Self::Refused(OfficeRefusal::NotThere),
        Self::Refused(OfficeRefusal::Taken),
        Self::Refused(OfficeRefusal::Full),
        Self::Refused(OfficeRefusal::LastAdministrator),
        Self::Refused(OfficeRefusal::Unverified),
        Self::Refused(OfficeRefusal::Future),
        Self::Refused(OfficeRefusal::Unusable),
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Reported => "reported",
            Self::Refused(OfficeRefusal::NotAllowed) => "not-allowed",
            Self::Refused(OfficeRefusal::NotThere) => "not-there",
            Self::Refused(OfficeRefusal::Taken) => "taken",
            Self::Refused(OfficeRefusal::Full) => "full",
            Self::Refused(OfficeRefusal::LastAdministrator) => "last-administrator",
            Self::Refused(OfficeRefusal::Unverified) => "unverified",
            Self::Refused(OfficeRefusal::Future) => "future",
            Self::Refused(OfficeRefusal::Unusable) => "unusable",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: u8, state: State) -> Entry {
        let change = RosterChange::PersonAdded {
            id: [n; 8],
            masked_name: "王*".to_owned(),
            masked_phone: "135****0006".to_owned(),
            phc: sample::PHC.to_owned(),
            code: vec![1, 2, 3],
            phone: Some("13500000006".to_owned()),
        };
        let entry = Entry::new(RecordId([n; 16]), PersonId([2; 8]), Timestamp(1_900_000_000), &change);
        Entry { state, subject: "王 *".to_owned(), ..entry }
    }

    #[test]
    fn what_is_written_is_read_again_and_holds_neither_code_nor_phone() {
        let entries = (0_u8..).zip(State::ALL).map(|(n, state)| entry(n, state));
        let changes = Changes(entries.collect());
        assert_eq!(changes.to_string().parse(), Ok(changes.clone()));
        assert!(!changes.to_string().contains(&hex::encode(b"13500000006")));
        assert!(changes.0.iter().all(|entry| matches!(
            &entry.change,
            RosterChange::PersonAdded { code, phone: None, .. } if code.is_empty()
        )));
        assert_eq!("".parse(), Ok(Changes::default()));
    }

    #[test]
    fn what_nobody_wrote_is_refused() {
        let line = Changes(vec![entry(1, State::Held)]).to_string();
        let twice = line.repeat(2);
        let many = Changes((0..=CHANGES).map(|n| Entry { record: id(n), ..entry(1, State::Held) }).collect());
        let long = format!("{}{}\n", line.trim_end(), "长".repeat(SUBJECT_BYTES));
        for bad in ["x", "\n", &twice, &many.to_string(), &long, &line.replace("held", "hold"), &line[1..]] {
            assert_eq!(bad.parse::<Changes>(), Err(BadChanges), "{bad}");
        }
        assert!(line.replace("王 *", "a\u{7}b").parse::<Changes>().is_err());
    }

    fn id(n: usize) -> RecordId {
        RecordId((n as u128).to_be_bytes())
    }
}
