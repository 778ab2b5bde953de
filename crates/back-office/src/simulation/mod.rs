//! Laptops and an office in one process, by one seed, with no disk, no network and no cryptography: the
//! rules of the sync and of the store alone, thousands of histories a second.
//!
//! A history is drawn from its seed: passages, batches that are lost, repeated and mixed up, laptops that
//! are restarted, restored and cloned with and without their memory, an office that is restored. In the
//! end all is well, everything arrives, and it is compared with what was confirmed and with somebody who
//! remembers every report. A history that fails names its seed, and repeats with it.

mod laptop;
mod rules;
mod shelf;

use std::collections::BTreeSet;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use wire::{AuditHead, Batch, Generation, Offer, Pace, Receipt};

use laptop::{Disk, Laptop, STATION};
use rules::{RIGHT, Rules, WRONG};
use shelf::Shelf;

/// Histories of one test run.
const HISTORIES: u64 = 2000;
/// Steps of one history.
const STEPS: usize = 60;
/// Attempts within which all is delivered once all is well.
const DRAIN: usize = 500;

#[test]
fn in_any_history_nothing_is_lost_or_doubled_and_every_alert_is_right() {
    (0..HISTORIES).for_each(|seed| run(seed, RIGHT).unwrap_or_else(|why| panic!("seed {seed}: {why}")));
}

#[test]
#[ignore = "takes long"]
fn nothing_is_lost_or_doubled_in_100_000_histories() {
    (0..100_000).for_each(|seed| run(seed, RIGHT).unwrap_or_else(|why| panic!("seed {seed}: {why}")));
}

#[test]
fn every_wrong_rule_is_found_out() {
    for (mistake, rules) in WRONG {
        let found = (0..HISTORIES).find_map(|seed| Some((seed, run(seed, rules).err()?)));
        let (seed, why) = found.unwrap_or_else(|| panic!("not found out: {mistake}"));
        println!("{mistake}: seed {seed}: {why}");
    }
}

/// Runs a history; an error says what is wrong.
fn run(seed: u64, rules: Rules) -> Result<(), String> {
    let mut world = World::new(seed, rules);
    if seed.is_multiple_of(4) {
        world.clone_speaks_first()?;
    }
    (0..STEPS).try_for_each(|_| world.step())?;
    world.settle()
}

struct World {
    rules: Rules,
    dice: ChaCha20Rng,
    office: Shelf,
    /// A backup of the office.
    backup: Option<Shelf>,
    laptops: Vec<Laptop>,
    /// A copy of a laptop's disk.
    image: Option<Disk>,
    confirmed: u64,
    /// What a fault overwrote.
    destroyed: BTreeSet<u64>,
    /// Batches as they were sent, and the answers given.
    sent: Vec<Batch>,
    answers: Vec<Receipt>,
}

impl World {
    fn new(seed: u64, rules: Rules) -> Self {
        let mut dice = ChaCha20Rng::seed_from_u64(seed);
        let laptops = vec![Laptop::start(Disk::new(), fork(&mut dice))];
        Self {
            rules,
            dice,
            office: Shelf::new(),
            backup: None,
            laptops,
            image: None,
            confirmed: 0,
            destroyed: BTreeSet::new(),
            sent: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// A cloned laptop sends its own report before what it was cloned with, and is never seen again. Dice come
    /// to this once in ten thousand histories, and only so the fast path meets what hangs loose.
    fn clone_speaks_first(&mut self) -> Result<(), String> {
        for _ in 0..3 {
            self.confirmed += 1;
            self.laptops[0].confirm(self.confirmed);
        }
        let disk = self.laptops[0].disk.clone();
        self.laptops.push(Laptop::start(disk, fork(&mut self.dice)));
        self.confirmed += 1;
        self.laptops[1].confirm(self.confirmed);
        self.laptops[1].disk.rows.rotate_right(1);
        let batch = self.laptops[1].batch(1);
        let answer = self.answer(&batch)?;
        self.laptops[1].hear(&answer, self.rules);
        self.laptops.pop();
        if self.draw(2) == 0 {
            self.office.search();
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), String> {
        let which = self.draw(self.laptops.len());
        match self.draw(44) {
            0..16 => {
                self.confirmed += 1;
                self.laptops[which].confirm(self.confirmed);
            }
            16..30 => self.attempt(which, true)?,
            30 => _ = self.office.open(),
            31 => self.office.search(),
            32 => self.restart(which),
            33 => self.image = Some(self.laptops[which].disk.clone()),
            34 => self.restore(which),
            35 if self.laptops.len() < 3 => {
                let disk = self.laptops[which].disk.clone();
                self.laptops.push(Laptop::start(disk, fork(&mut self.dice)));
            }
            // A memory snapshot: both draw the same ids, and seal something else by them.
            36 if self.laptops.len() < 3 => self.laptops.push(self.laptops[which].clone()),
            37 if self.draw(2) == 0 => self.wear(which),
            38 if self.draw(3) == 0 => self.backup = Some(self.office.clone()),
            39 if self.draw(3) == 0 => self.restore_office(),
            40.. => self.reorder(which),
            _ => {}
        }
        Ok(())
    }

    fn restart(&mut self, which: usize) {
        let disk = self.laptops[which].disk.clone();
        self.laptops[which] = Laptop::start(disk, fork(&mut self.dice));
    }

    fn restore(&mut self, which: usize) {
        let Some(image) = self.image.clone() else { return };
        let gone = &self.laptops[which].disk.payloads() - &image.payloads();
        self.destroyed.extend(gone);
        self.laptops[which] = Laptop::start(image, fork(&mut self.dice));
    }

    /// Two rows change their order.
    fn reorder(&mut self, which: usize) {
        let count = self.laptops[which].disk.rows.len();
        if count > 1 {
            let (one, other) = (self.draw(count), self.draw(count));
            self.laptops[which].disk.rows.swap(one, other);
        }
    }

    /// A bit of a report turns, or its place changes.
    fn wear(&mut self, which: usize) {
        let count = self.laptops[which].disk.rows.len();
        if count == 0 {
            return;
        }
        let one = self.draw(count);
        let (kind, place) = (self.draw(8), self.draw(20));
        let rows = &mut self.laptops[which].disk.rows;
        match kind {
            0 => rows[one].seq = place as u64,
            _ => rows[one].ciphertext[9] ^= 1,
        }
        self.destroyed.insert(laptop::payload(&rows[one]));
    }

    fn restore_office(&mut self) {
        let Some(backup) = self.backup.clone() else { return };
        while self.office.open() {}
        let (filed, quarantined) = self.office.books();
        let waiting: BTreeSet<u64> = self.laptops.iter().flat_map(|laptop| laptop.disk.payloads()).collect();
        let held = filed.into_keys().chain(quarantined);
        self.destroyed.extend(held.filter(|number| !waiting.contains(number)));
        self.office = backup;
        // No network keeps an encrypted answer for later.
        self.answers.clear();
    }

    /// A laptop sends once.
    fn attempt(&mut self, which: usize, faulty: bool) -> Result<(), String> {
        let at_most = if faulty { 1 + self.draw(6) } else { 500 };
        let batch = self.laptops[which].batch(at_most);
        let fate = if faulty { self.draw(12) } else { 11 };
        self.sent.push(batch.clone());
        match fate {
            // The request is lost.
            0 => return Ok(()),
            // It is lost, and an earlier answer comes: to a batch of the same id, if there is one. A laptop
            // that goes on from the same memory draws the same ids.
            7 if !self.answers.is_empty() => {
                let same = self.answers.iter().rposition(|answer| answer.batch == batch.id);
                let earlier = self.draw(self.answers.len());
                let told = self.answers[same.unwrap_or(earlier)].clone();
                self.laptops[which].hear(&told, self.rules);
                return Ok(());
            }
            // It arrives twice.
            1 | 2 => _ = self.office.accept(&batch.reports, self.rules)?,
            // An earlier one arrives again before it.
            3 | 4 => {
                let earlier = self.draw(self.sent.len());
                let earlier = self.sent[earlier].clone();
                let answer = self.answer(&earlier)?;
                self.answers.push(answer);
            }
            _ => {}
        }
        let taken = match fate {
            // The office takes less than came, and says so.
            9 => batch.reports.len() / 2,
            _ => batch.reports.len(),
        };
        let answer = self.answer(&Batch { reports: batch.reports[..taken].to_vec(), ..batch.clone() })?;
        self.answers.push(answer.clone());
        let told = match fate {
            // The answer is lost.
            5 | 6 => return Ok(()),
            // An earlier one comes in its place.
            8 => {
                let earlier = self.draw(self.answers.len());
                self.answers[earlier].clone()
            }
            _ => answer,
        };
        self.laptops[which].hear(&told, self.rules);
        Ok(())
    }

    fn answer(&mut self, batch: &Batch) -> Result<Receipt, String> {
        let lines = self.office.accept(&batch.reports, self.rules)?;
        let offer = Offer { version: 1, hash: [0; 32] };
        Ok(Receipt {
            station: STATION,
            batch: batch.id,
            time: 0,
            lines,
            root: offer,
            list: offer,
            community: offer,
            region: "420106001001".to_owned(),
            pace: Pace { pause: 2, poll: 60 },
            withdrawn: None,
            notices: Vec::new(),
            audit: AuditHead::EMPTY,
            backed_up: None,
            generation: Generation([1; 16]),
        })
    }

    /// All is well: everything arrives. Then it is compared.
    fn settle(&mut self) -> Result<(), String> {
        for which in 0..self.laptops.len() {
            let mut attempts = 0;
            while !self.laptops[which].disk.rows.is_empty() {
                self.attempt(which, false)?;
                attempts += 1;
                if attempts > DRAIN {
                    return Err("an outbox does not empty".to_owned());
                }
            }
        }
        while self.office.open() {}
        self.office.search();
        let (filed, quarantined) = self.office.books();
        for number in 1..=self.confirmed {
            let times = filed.get(&number).copied().unwrap_or_default();
            let excused = self.destroyed.contains(&number) || quarantined.contains(&number);
            match times {
                0 if !excused => return Err(format!("passage {number} is lost")),
                2.. => return Err(format!("passage {number} is filed {times} times")),
                _ => {}
            }
        }
        self.office.check()
    }

    fn draw(&mut self, below: usize) -> usize {
        usize::try_from(self.dice.next_u32()).unwrap_or_default() % below
    }
}

fn fork(dice: &mut ChaCha20Rng) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(dice.next_u64())
}
