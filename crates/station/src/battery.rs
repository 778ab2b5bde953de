//! The battery, from Linux's `/sys/class/power_supply`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::limits::{POWER_SUPPLIES, SYS_FILE_BYTES};
use gate::window::bar::Battery;

/// The folder in which the kernel shows power supplies.
pub(crate) const POWER_SUPPLY: &str = "/sys/class/power_supply";

/// Reads the first battery of the machine itself; returns `None` where there is none.
pub(crate) fn read(dir: &Path) -> Option<Battery> {
    let supplies = std::fs::read_dir(dir).ok()?.take(POWER_SUPPLIES);
    supplies.filter_map(Result::ok).find_map(|supply| read_one(&supply.path()))
}

fn read_one(supply: &Path) -> Option<Battery> {
    // A mouse has a battery too: its scope is "Device".
    let own = word(&supply.join("scope")).is_none_or(|scope| scope == "System");
    if word(&supply.join("type"))? != "Battery" || !own {
        return None;
    }
    let percent: u8 = word(&supply.join("capacity"))?.parse().ok()?;
    let charging = word(&supply.join("status")).is_some_and(|status| status != "Discharging");
    Some(Battery { percent: percent.min(100), charging })
}

fn word(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(SYS_FILE_BYTES).read_to_string(&mut text).ok()?;
    Some(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supply(dir: &Path, name: &str, files: &[(&str, &str)]) {
        let supply = dir.join(name);
        std::fs::create_dir(&supply).unwrap();
        for (file, text) in files {
            std::fs::write(supply.join(file), text).unwrap();
        }
    }

    #[test]
    fn the_machines_own_battery_is_found() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()), None);
        supply(dir.path(), "AC", &[("type", "Mains\n")]);
        supply(dir.path(), "mouse", &[("type", "Battery\n"), ("scope", "Device\n"), ("capacity", "9\n")]);
        assert_eq!(read(dir.path()), None);
        let files = [("type", "Battery\n"), ("capacity", "41\n"), ("status", "Discharging\n")];
        supply(dir.path(), "BAT0", &files);
        assert_eq!(read(dir.path()), Some(Battery { percent: 41, charging: false }));
    }

    #[test]
    fn nonsense_is_no_battery() {
        let dir = tempfile::tempdir().unwrap();
        supply(dir.path(), "BAT0", &[("type", "Battery"), ("capacity", "many")]);
        assert_eq!(read(dir.path()), None);
        assert_eq!(read(&dir.path().join("absent")), None);
    }
}
