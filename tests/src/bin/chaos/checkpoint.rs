//! One checkpoint: an office, a network and a laptop, and what happens to them in a cycle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use stage::clock::{now, until};
use stage::{HeadlessStation, Machine, Office, Surroundings, World};
use stories::dice::Dice;
use stories::residents::Issuer;
use wire::StationId;

use crate::archive::Archive;
use crate::blow::{Blow, Victim};
use crate::books::{self, Failure, Opener};
use crate::laptop::{Book, End, Laptop, PATIENCE, Queue, Work, shift};
use crate::ledger::{Balance, Ledger};
use crate::network::{Network, WEATHER, Weather};
use crate::outcome::Outcome;
use crate::trouble::{Machines, Trouble};

/// Cycles of one checkpoint after which everything has to have arrived.
const SETTLES_AFTER: u64 = 8;
/// Longest time until everything has arrived once all is well. An hour of backoff is not well.
const SETTLED_WITHIN: Duration = Duration::from_secs(90);
/// Longest wait for a screen that need not go on.
const HINDERED: Duration = Duration::from_millis(1500);
/// Cycles that a failure repeats.
const REMEMBERED: usize = 10;

/// A running checkpoint.
pub struct Checkpoint {
    pub folder: PathBuf,
    pub dice: Dice,
    pub issuer: Issuer,
    pub next_person: usize,
    pub office: Office,
    pub network: Network,
    pub machines: Machines,
    pub laptop: Laptop,
    pub opener: Opener,
    pub ledger: Ledger,
    /// A copy of the laptop's folder, made in an earlier cycle.
    pub image: Option<PathBuf>,
    pub archive: Archive,
    /// The cycle that runs.
    pub cycle: u64,
    pub cycles: u64,
    pub faults: BTreeMap<String, u64>,
    pub history: VecDeque<String>,
}

impl Checkpoint {
    /// Starts an office and enrols a laptop, in a new folder.
    pub fn open(world: &World, folder: PathBuf, seed: u64, number: u64) -> Result<Self, Failure> {
        let mut dice = Dice::new(seed.wrapping_mul(1009).wrapping_add(number));
        std::fs::create_dir_all(&folder)?;
        let machine = |name: &str| Machine::new(&folder.join(name), &folder.join(format!("{name}.machine")));
        let machines = Machines { laptop: machine("laptop")?, office: machine("office")? };
        let around = |machine: &Machine, log: &str| Surroundings {
            environment: machine.environment(),
            log: Some(folder.join(log)),
        };
        let around_office = around(&machines.office, "office.log");
        let archive = Archive::new(&folder)?;
        let backups = ["--backup-to".as_ref(), archive.recipient.as_ref()];
        let office = Office::start_plain_in(&folder.join("office"), world, around_office, &backups)?;
        let network = Network::start(address(&office)?, Dice::new(dice.draw(0..u64::MAX)))?;
        let laptop =
            Laptop { folder: folder.join("laptop"), surroundings: around(&machines.laptop, "laptop.log") };
        HeadlessStation::enrol(&laptop.folder, &office.ticket_by(&network.url())?)?;
        let opener = Opener { station: station(&office)?, sealing: world.office_key("sealing")? };
        Ok(Self {
            dice,
            issuer: Issuer::of(world),
            next_person: 0,
            office,
            network,
            machines,
            laptop,
            opener,
            ledger: Ledger::default(),
            image: None,
            archive,
            cycle: 0,
            cycles: 0,
            faults: BTreeMap::new(),
            history: VecDeque::new(),
            folder,
        })
    }

    /// Runs one cycle.
    pub fn cycle(&mut self, cycle: u64) -> Result<(), Failure> {
        let begun = now();
        self.cycle = cycle;
        self.remember(format!("cycle {cycle}:"));
        self.between()?;
        self.weather();
        let blow = Blow::draw(&mut self.dice);
        let trouble = Trouble::draw(&mut self.dice);
        let people = usize::try_from(self.dice.draw(1..7))?;
        let hindered = trouble.is_some_and(Trouble::hinders);
        let work = Work { people, patience: if hindered { HINDERED } else { PATIENCE } };
        let mut station = self.laptop.switch_on()?;
        let (end, lingers) = self.suffer(&mut station, blow, trouble, work)?;
        self.remember(format!("{people} people, {}", if end == End::Done { "done" } else { "not done" }));
        std::thread::sleep(lingers);
        self.machines.heal()?;
        if blow.is_some_and(|blow| blow.victim != Victim::Station) || self.office.has_ended()? {
            self.office.cut()?;
            self.office.start_again()?;
        }
        let well = blow.is_none() && trouble.is_none() && end == End::Done;
        if well && self.dice.chance(50) {
            station.quit()?
        } else {
            station.kill()?
        };
        match end {
            End::Hindered(why) if !hindered => return Err(why.into()),
            _ => {}
        }
        self.cycles += 1;
        if self.cycles.is_multiple_of(SETTLES_AFTER) {
            self.settle()?;
        }
        self.remember(format!("{} ms", (now() - begun).as_millis()));
        Ok(())
    }

    fn weather(&mut self) {
        let weather = self.dice.pick(&WEATHER).copied().unwrap_or(Weather::Well);
        self.network.set(weather);
        match weather {
            Weather::Well => {}
            Weather::Faults(_) => self.note("bad network"),
            Weather::Down => self.note("no network"),
        }
    }

    /// Lets people through while a blow falls.
    fn suffer(
        &mut self,
        station: &mut HeadlessStation,
        blow: Option<Blow>,
        trouble: Option<Trouble>,
        work: Work,
    ) -> Result<(End, Duration), Failure> {
        if let Some(blow) = blow {
            self.note(match blow.victim {
                Victim::Station => "station killed",
                Victim::Office => "office killed",
                Victim::Both => "both killed",
            });
            self.remember(blow.to_string());
        }
        if let Some(trouble) = trouble {
            self.note(&trouble.name());
            self.remember(format!("{trouble:?}"));
        }
        let lingers = Duration::from_millis(self.dice.draw(0..400));
        let (network, ids) = (&self.network, (station.id(), self.office.id()));
        let mut queue = Queue { issuer: &self.issuer, next: self.next_person };
        let mut book = Book { ledger: &mut self.ledger, cycle: self.cycle };
        let machines = &self.machines;
        let (end, begun) = std::thread::scope(|scope| {
            if let Some(blow) = blow {
                scope.spawn(move || blow.strike(network, ids.0, ids.1));
            }
            let begun = trouble.map(|trouble| scope.spawn(move || trouble.begin(machines)));
            let end = shift(station, work, &mut queue, &mut book);
            (end, begun.map_or(Ok(Ok(())), std::thread::ScopedJoinHandle::join))
        });
        self.next_person = queue.next;
        begun.map_err(|_| "trouble panicked")??;
        Ok((end, lingers))
    }

    pub fn overwritten(&mut self, codes: BTreeSet<Vec<u8>>, fault: &str) {
        self.note(fault);
        self.remember(format!("{fault}, which overwrites {}", codes.len()));
        self.ledger.destroyed(&codes, fault);
    }

    /// Waits until a laptop has delivered everything, through a network that is well.
    pub fn drain(&self, laptop: &Laptop) -> Result<(), Failure> {
        let end = now() + SETTLED_WITHIN;
        loop {
            let station = laptop.switch_on()?;
            station.started()?;
            let empty = station
                .view_within("an empty outbox", SETTLED_WITHIN, |view| view["bar"]["waiting"] == 0)
                .map(drop);
            station.kill()?;
            // The first view comes before the outbox was counted.
            let left = self.opener.rows(&laptop.outbox())?.len();
            match (left, empty) {
                (0, _) => return Ok(()),
                (_, Err(why)) => return Err(format!("{left} reports are stuck: {why}").into()),
                _ if now() > end => return Err(format!("{left} reports are stuck").into()),
                _ => {}
            }
        }
    }

    /// Lets everything arrive, and compares.
    fn settle(&mut self) -> Result<(), Failure> {
        self.network.set(Weather::Well);
        self.drain(&self.laptop.clone())?;
        self.wait_for_the_office()?;
        let balance = self.balance()?;
        match balance.is_right() {
            true => Ok(()),
            false => Err(format!("lost {:?}, doubled {:?}", balance.lost, balance.doubled).into()),
        }
    }

    pub fn wait_for_the_office(&self) -> Result<(), Failure> {
        Ok(until("the office to open what arrived", SETTLED_WITHIN, || {
            let list = self.office.list()?;
            Ok((list["counts"]["waiting"] == 0).then_some(()))
        })?)
    }

    fn balance(&self) -> Result<Balance, Failure> {
        Ok(self.ledger.balance(&books::filed(&self.folder.join("office"))?))
    }

    /// Lets everything arrive, and returns what came of it.
    pub fn end(mut self) -> Outcome {
        let settled = self.settle();
        let mut outcome = Outcome { cycles: self.cycles, ..Outcome::default() };
        match (self.balance(), self.office.list()) {
            (Ok(balance), Ok(list)) => {
                outcome.balance = balance;
                let rows = list["quarantine"].as_array().cloned().unwrap_or_default();
                let name = self.folder.file_name().unwrap_or_default().display().to_string();
                let line = |row: &serde_json::Value| format!("{name}: {} {}", row["reason"], row["record"]);
                outcome.quarantined = rows.iter().map(line).collect();
            }
            (balance, list) => {
                outcome.broken.extend(balance.err().map(|error| error.to_string()));
                outcome.broken.extend(list.err().map(|error| error.to_string()));
            }
        }
        if let Err(error) = settled {
            outcome.broken.push(error.to_string());
        }
        outcome.faults = self.faults;
        outcome
    }

    /// Returns what happened in the last cycles.
    pub fn history(&self) -> String {
        Vec::from(self.history.clone()).join("\n")
    }

    pub fn note(&mut self, fault: &str) {
        *self.faults.entry(fault.to_owned()).or_default() += 1;
    }

    pub fn remember(&mut self, what: String) {
        if what.starts_with("cycle") {
            self.history.push_back(what);
            if self.history.len() > REMEMBERED {
                self.history.pop_front();
            }
        } else if let Some(last) = self.history.back_mut() {
            *last += &format!(" {what};");
        }
    }
}

fn address(office: &Office) -> Result<SocketAddr, Failure> {
    Ok(office.url().trim_start_matches("http://").parse()?)
}

fn station(office: &Office) -> Result<StationId, Failure> {
    let list = office.list()?;
    let id = list["stations"][0]["id"].as_str().unwrap_or_default().to_owned();
    Ok(id.parse().map_err(|_| format!("no station's id: {id}"))?)
}
