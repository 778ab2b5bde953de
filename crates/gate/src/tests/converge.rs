//! Two administrators at two laptops and an office, in any order of changes, exchanges, lost answers and files that come
//! late: in the end both laptops show what the office says.

use health_code::{Community, PersonId, Timestamp, Trust};
use proptest::collection::vec;
use proptest::prelude::*;
use roster::{Applied, apply};
use sample::{Deployment, NOW, PHC};
use wire::report::RosterChange;
use wire::{Notice, NoticeCode, RecordId};

use crate::changes::{Changes, Entry, Roster};

/// The office: its order is everybody's.
struct Office {
    community: Community,
    /// What became of each change that arrived.
    told: Vec<Notice>,
}

impl Office {
    /// Takes a report, once however often it comes.
    fn take(&mut self, record: RecordId, change: &RosterChange) {
        if self.told.iter().any(|notice| notice.record == record) {
            return;
        }
        let code = match apply(&mut self.community, change) {
            Applied::Done | Applied::Already => NoticeCode::Entered,
            refused => NoticeCode::of(refused.code()),
        };
        self.community.version += 1;
        self.told.push(Notice { record, code });
    }

    /// Returns the files that it publishes now.
    fn published(&self) -> Trust {
        let mut deployment = Deployment::new();
        deployment.community = self.community.clone();
        deployment.trust()
    }
}

/// A laptop: its file with the changes that were made there on top.
struct Laptop {
    number: u8,
    trust: Trust,
    roster: Roster,
    /// Reports that no receipt acknowledged yet.
    outbox: Vec<(RecordId, RosterChange)>,
    made: u8,
}

impl Laptop {
    fn new(number: u8, trust: Trust) -> Self {
        let roster = Roster::new(Changes::default(), Some(&trust));
        Self { number, trust, roster, outbox: Vec::new(), made: 0 }
    }

    /// Makes a change here: it acts at once, and its report waits. What means nothing here can't be asked for.
    fn change(&mut self, edit: Edit) {
        let Some(shown) = self.roster.community() else { return };
        let change = edit.change(self.number, self.made);
        if apply(&mut shown.clone(), &change) != Applied::Done {
            return;
        }
        self.made += 1;
        let mut record = [self.number; 16];
        record[0] = self.made;
        let entry = Entry::new(RecordId(record), PersonId([9; 8]), Timestamp(NOW.0), &change);
        self.roster.reported(entry, Some(&self.trust));
        self.outbox.push((RecordId(record), change));
    }

    /// Sends what waits. The answer may be lost, and the file that it offers may come another time.
    fn exchange(&mut self, office: &mut Office, answered: bool, file: bool) {
        for (record, change) in &self.outbox {
            office.take(*record, change);
        }
        if !answered {
            return;
        }
        self.outbox.clear();
        let mine = |notice: &&Notice| self.roster.holds(notice.record);
        let notices: Vec<Notice> = office.told.iter().filter(mine).cloned().collect();
        self.roster.told(&notices, office.community.version, Some(&self.trust));
        if file {
            self.trust = office.published();
            self.roster.trust_changed(Some(&self.trust));
        }
    }

    /// Starts again, with what the last run kept on the disk.
    fn restart(&mut self) {
        let mut actions = Vec::new();
        self.roster.tell(&mut actions);
        let kept = actions.into_iter().find_map(|action| match action {
            crate::Action::KeepChanges(changes) => Some(changes),
            _ => None,
        });
        if let Some(kept) = kept {
            self.roster = Roster::new(kept.to_string().parse().unwrap(), Some(&self.trust));
        }
    }

    fn shows(&self) -> Shown {
        Shown::of(self.roster.community().unwrap())
    }
}

/// What people see of a community, in no order.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    checkpoints: Vec<(u8, u8, String, u8)>,
    people: Vec<(u8, u8, String)>,
}

impl Shown {
    fn of(community: &Community) -> Self {
        let checkpoint =
            |it: &health_code::Checkpoint| (it.id.0[0], it.id.0[7], it.name.clone(), it.directions.bits());
        let person = |it: &health_code::Person| (it.id.0[0], it.id.0[7], it.pin_phc.clone());
        let mut shown = Self {
            checkpoints: community.checkpoints.iter().map(checkpoint).collect(),
            people: community.people.iter().map(person).collect(),
        };
        shown.checkpoints.sort();
        shown.people.sort();
        shown
    }
}

/// What somebody does at a laptop. Those who are there from the beginning have the ids 1 to 3.
#[derive(Debug, Clone, Copy)]
enum Edit {
    AddCheckpoint { name: u8 },
    AddPerson,
    Change { of: u8, name: u8 },
    Pin { of: u8, pin: u8 },
    RemoveCheckpoint { of: u8 },
    RemovePerson { of: u8 },
}

impl Edit {
    /// Returns the change. Whatever is added has an id of its own, as it is drawn.
    fn change(self, laptop: u8, count: u8) -> RosterChange {
        let fresh = [100 + laptop, 0, 0, 0, 0, 0, 0, count];
        let name = |name: u8| ["东门", "西门", "北门"][usize::from(name)].to_owned();
        let (both, exit) = (wire::Directions::Both, wire::Directions::Exit);
        match self {
            Self::AddCheckpoint { name: of } => {
                RosterChange::CheckpointAdded { id: fresh, name: name(of), directions: both, place: None }
            }
            Self::AddPerson => RosterChange::PersonAdded {
                id: fresh,
                masked_name: "王*".to_owned(),
                masked_phone: "135****0006".to_owned(),
                phc: PHC.to_owned(),
                code: Vec::new(),
                phone: None,
            },
            Self::Change { of, name: to } => {
                RosterChange::CheckpointChanged { id: [of; 8], name: name(to), directions: exit }
            }
            Self::Pin { of, pin } => {
                RosterChange::PinChanged { id: [of; 8], phc: PHC.replace("t=3", &format!("t={pin}")) }
            }
            Self::RemoveCheckpoint { of } => RosterChange::CheckpointRemoved { id: [of; 8] },
            Self::RemovePerson { of } => RosterChange::PersonRemoved { id: [of; 8] },
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Change(Edit),
    Exchange { answered: bool, file: bool },
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let (of, name) = (|| 1..4_u8, || 0..3_u8);
    let edit = prop_oneof![
        name().prop_map(|name| Edit::AddCheckpoint { name }),
        Just(Edit::AddPerson),
        (of(), name()).prop_map(|(of, name)| Edit::Change { of, name }),
        (of(), 4..7_u8).prop_map(|(of, pin)| Edit::Pin { of, pin }),
        of().prop_map(|of| Edit::RemoveCheckpoint { of }),
        of().prop_map(|of| Edit::RemovePerson { of }),
    ];
    let step = prop_oneof![
        4 => edit.prop_map(Step::Change),
        3 => any::<(bool, bool)>().prop_map(|(answered, file)| Step::Exchange { answered, file }),
        1 => Just(Step::Restart),
    ];
    vec((0..2_usize, step), 1..24)
}

/// Three checkpoints and three collectors, and the administrator 9.
fn community() -> Community {
    let mut community = Deployment::new().community;
    let (checkpoint, collector) = (community.checkpoints[0].clone(), community.people[0].clone());
    let ids = || (1..4_u8).map(|id| [id; 8]);
    community.checkpoints = ids()
        .map(|id| health_code::Checkpoint {
            id: health_code::CheckpointId(id),
            name: format!("{}号门", id[0]),
            ..checkpoint.clone()
        })
        .collect();
    community.people =
        ids().map(|id| health_code::Person { id: PersonId(id), ..collector.clone() }).collect();
    let role = health_code::Role::Administrator;
    community.people.push(health_code::Person { id: PersonId([9; 8]), role, ..collector });
    community
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn both_laptops_end_with_what_the_office_says_and_what_either_removed_stays_away(steps in steps()) {
        let mut office = Office { community: community(), told: Vec::new() };
        let mut laptops = [1, 2].map(|number| Laptop::new(number, office.published()));
        let mut removed = Vec::new();
        for (at, step) in steps {
            let laptop = &mut laptops[at];
            match step {
                Step::Change(edit) => {
                    let before = laptop.made;
                    laptop.change(edit);
                    if laptop.made > before
                        && let Edit::RemoveCheckpoint { of } | Edit::RemovePerson { of } = edit
                    {
                        removed.push((matches!(edit, Edit::RemovePerson { .. }), of));
                        let shown = laptop.shows();
                        let ids: Vec<u8> = match edit {
                            Edit::RemovePerson { .. } => shown.people.iter().map(|it| it.0).collect(),
                            _ => shown.checkpoints.iter().map(|it| it.0).collect(),
                        };
                        prop_assert!(!ids.contains(&of), "it acts at once");
                    }
                }
                Step::Exchange { answered, file } => laptop.exchange(&mut office, answered, file),
                Step::Restart => laptop.restart(),
            }
        }
        // The line comes back for both; the second one may still change what the first one has to hear.
        for _ in 0..2 {
            laptops.iter_mut().for_each(|laptop| laptop.exchange(&mut office, true, true));
        }
        let said = Shown::of(&office.community);
        for laptop in &laptops {
            prop_assert_eq!(&laptop.shows(), &said, "laptop {}", laptop.number);
            prop_assert_eq!(laptop.roster.reported_changes().count(), 0, "nothing waits any more");
        }
        for (is_person, of) in removed {
            let there = match is_person {
                true => said.people.iter().any(|it| it.0 == of),
                false => said.checkpoints.iter().any(|it| it.0 == of),
            };
            prop_assert!(!there, "{of} was removed by somebody");
        }
    }
}
