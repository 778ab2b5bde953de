//! What happens to a laptop while it is off, and to an office.

use std::collections::BTreeSet;

use crate::books::{self, Failure};
use crate::checkpoint::Checkpoint;
use crate::laptop::{Book, End, Laptop, PATIENCE, Queue, Work, shift};
use crate::network::Weather;
use crate::wear::WEAR;

impl Checkpoint {
    /// Lets something happen to the laptop while it is off, or nothing.
    pub fn between(&mut self) -> Result<(), Failure> {
        match self.dice.draw(0..20) {
            0 | 1 => self.take_image(),
            2 | 3 => self.restore(),
            4 | 5 => self.clone_laptop(),
            6..10 => self.wear(),
            10 | 11 => self.back_up(),
            // Rarer, as otherwise most of what was delivered would be overwritten.
            12 if self.dice.chance(35) => self.restore_office(),
            _ => Ok(()),
        }
    }

    fn take_image(&mut self) -> Result<(), Failure> {
        let image = self.folder.join("image");
        if image.exists() {
            std::fs::remove_dir_all(&image)?;
        }
        self.laptop.copy_to(&image)?;
        self.remember("image taken".to_owned());
        self.image = Some(image);
        Ok(())
    }

    /// Puts an older copy in the place of the laptop's folder. What waited since then is overwritten.
    fn restore(&mut self) -> Result<(), Failure> {
        let Some(image) = self.image.clone() else { return Ok(()) };
        let waited = self.opener.codes(&self.laptop.outbox())?;
        self.laptop.restore_from(&image)?;
        let waits = self.opener.codes(&self.laptop.outbox())?;
        self.overwritten(&waited - &waits, "restored folder");
        Ok(())
    }

    /// Starts a copy of the laptop beside it. Both work; then one of the two is gone for good, once what
    /// it recorded has arrived.
    fn clone_laptop(&mut self) -> Result<(), Failure> {
        self.note("cloned folder");
        let folder = self.folder.join("clone");
        self.laptop.copy_to(&folder)?;
        let log = self.laptop.surroundings.clone();
        let twin = Laptop { folder, surroundings: log };
        self.network.set(Weather::Well);
        let mut both = [self.laptop.switch_on()?, twin.switch_on()?];
        let mut book = Book { ledger: &mut self.ledger, cycle: self.cycle };
        for station in &mut both {
            let people = usize::try_from(self.dice.draw(1..4))?;
            let mut queue = Queue { issuer: &self.issuer, next: self.next_person };
            let work = Work { people, patience: PATIENCE };
            let end = shift(station, work, &mut queue, &mut book);
            self.next_person = queue.next;
            if let End::Hindered(why) = end {
                return Err(format!("clones: {why}").into());
            }
        }
        for station in both {
            station.kill()?;
        }
        let (stays, goes) = (self.laptop.clone(), twin);
        self.drain(&goes)?;
        std::fs::remove_dir_all(&goes.folder)?;
        if self.dice.chance(50) {
            self.drain(&stays)?;
        }
        Ok(())
    }

    fn back_up(&mut self) -> Result<(), Failure> {
        self.note("office backed up");
        self.remember("office backed up".to_owned());
        self.archive.add(&self.office)
    }

    /// Replaces the office by its last backup. What was acknowledged since then is overwritten.
    fn restore_office(&mut self) -> Result<(), Failure> {
        let Some(backup) = self.archive.last() else { return Ok(()) };
        self.wait_for_the_office()?;
        let filed = books::filed(&self.folder.join("office"))?.into_keys().collect::<BTreeSet<_>>();
        self.office.restore(&backup, &self.archive.identity)?;
        self.network.forget();
        let restored = books::filed(&self.folder.join("office"))?.into_keys().collect();
        let waits = self.opener.codes(&self.laptop.outbox())?;
        self.overwritten(&(&filed - &restored) - &waits, "restored office");
        Ok(())
    }

    fn wear(&mut self) -> Result<(), Failure> {
        let Some(&wear) = self.dice.pick(&WEAR) else { return Ok(()) };
        let outbox = self.laptop.outbox();
        if let Some(codes) = wear.out(&outbox, &self.opener, &mut self.dice)? {
            self.overwritten(codes, &format!("{wear:?}").to_lowercase());
        }
        Ok(())
    }
}
