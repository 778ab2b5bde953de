//! Disks that fill up or fail, power that fails in the middle of a write, clocks that jump.

use std::time::Duration;

use stage::{Disk, Machine};
use stories::dice::Dice;

/// The machines of a checkpoint.
pub struct Machines {
    pub laptop: Machine,
    pub office: Machine,
}

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Laptop,
    Office,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Disk(Disk),
    /// The power fails in the middle of so manieth write.
    Power(u32),
    /// The wall clock jumps by so many seconds.
    Clock(i64),
}

/// What happens to a machine in a cycle, until its end.
#[derive(Debug, Clone, Copy)]
pub struct Trouble {
    after: Duration,
    whose: Whose,
    what: What,
}

const JUMPS: [i64; 8] = [-30 * 86_400, -3600, -90, -20, 20, 90, 3600, 30 * 86_400];
const DISKS: [Disk; 4] = [Disk::Full, Disk::Full, Disk::ReadOnly, Disk::Failing];

impl Trouble {
    /// Draws one; most cycles have none.
    pub fn draw(dice: &mut Dice) -> Option<Self> {
        let whose = if dice.chance(60) { Whose::Laptop } else { Whose::Office };
        let what = match dice.draw(0..20) {
            0..3 => What::Disk(dice.pick(&DISKS).copied()?),
            3..6 => What::Power(u32::try_from(dice.draw(1..60)).ok()?),
            // Nobody can be right about a time that the office is wrong about.
            6 if whose == Whose::Laptop => What::Clock(dice.pick(&JUMPS).copied()?),
            _ => return None,
        };
        let after = if dice.chance(30) { 0 } else { dice.draw(0..1000) };
        Some(Self { after: Duration::from_millis(after), whose, what })
    }

    /// Returns whether a collector may not be able to go on.
    pub fn hinders(self) -> bool {
        self.whose == Whose::Laptop && !matches!(self.what, What::Power(_))
    }

    /// Returns a few words for it.
    pub fn name(self) -> String {
        let whose = match self.whose {
            Whose::Laptop => "laptop's",
            Whose::Office => "office's",
        };
        match self.what {
            What::Disk(Disk::Full) => format!("{whose} disk full"),
            What::Disk(Disk::ReadOnly) => format!("{whose} disk read-only"),
            What::Disk(_) => format!("{whose} disk failing"),
            What::Power(_) => format!("{whose} write torn"),
            What::Clock(_) => format!("{whose} clock jumps"),
        }
    }

    /// Waits for its time, and begins.
    pub fn begin(self, machines: &Machines) -> stage::Result<()> {
        std::thread::sleep(self.after);
        let machine = match self.whose {
            Whose::Laptop => &machines.laptop,
            Whose::Office => &machines.office,
        };
        match self.what {
            What::Disk(disk) => machine.set_disk(disk),
            What::Power(writes) => machine.fail_power_in(writes),
            What::Clock(seconds) => machine.set_clock_ahead(seconds),
        }
    }
}

impl Machines {
    /// Ends all trouble.
    pub fn heal(&self) -> stage::Result<()> {
        for machine in [&self.laptop, &self.office] {
            machine.set_disk(Disk::Well)?;
            machine.fail_power_in(0)?;
            machine.set_clock_ahead(0)?;
        }
        Ok(())
    }
}
