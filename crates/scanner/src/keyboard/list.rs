//! The keyboards of this computer that are not built in, by what `/sys` says of them.

use std::path::{Path, PathBuf};

use crate::candidate::Candidate;
use crate::choice::{DeviceIdentity, ScannerChoice};
use crate::limits::KEYBOARD_NODES;
use crate::sysfs::{System, text, usb_device};

/// Buses by which keyboards are plugged in, by the kernel's numbers: USB and Bluetooth. A laptop's own is at
/// neither, or says that it is fixed.
const BUSES: [&str; 2] = [USB, BLUETOOTH];
const USB: &str = "0003";
const BLUETOOTH: &str = "0005";
/// Keys that every scanner types: K, D, 1 and Enter.
const TYPED: [usize; 4] = [37, 32, 2, 28];

/// Returns the keyboards.
pub(crate) fn candidates(system: &System) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (_, folder) in system.class("input", &["event"]) {
        let Some((identity, name)) = describe(&folder) else { continue };
        let choice = ScannerChoice::Keyboard { device: identity, prefix: String::new() };
        if !found.iter().any(|known| known.choice == choice) {
            found.push(Candidate { name, choice });
        }
    }
    found
}

/// Returns the paths of a chosen keyboard's nodes.
pub(crate) fn nodes_of(device: &DeviceIdentity, system: &System) -> Vec<PathBuf> {
    let is_it = |folder: &Path| describe(folder).is_some_and(|(identity, _)| device.is_of(&identity));
    let nodes = system.class("input", &["event"]).into_iter().filter(|(_, folder)| is_it(folder));
    nodes.map(|(name, _)| system.dev.join("input").join(name)).take(KEYBOARD_NODES).collect()
}

/// Returns what a node under `/sys/class/input` is, if it is a keyboard that is plugged in.
fn describe(folder: &Path) -> Option<(DeviceIdentity, String)> {
    let said = |file: &str| text(&folder.join("device").join(file)).filter(|text| !text.is_empty());
    let bus = said("id/bustype")?;
    let keys = said("capabilities/key")?;
    if !BUSES.contains(&bus.as_str()) || !TYPED.iter().all(|key| has_key(&keys, *key)) {
        return None;
    }
    let name = said("name").unwrap_or_default();
    if bus == USB
        && let Some(usb) = usb_device(folder)
    {
        return Some((usb.identity, name));
    }
    let identity = DeviceIdentity {
        vendor: said("id/vendor")?,
        product: said("id/product")?,
        serial: said("uniq"),
        place: said("phys").unwrap_or_default(),
    };
    Some((identity, name))
}

/// Returns whether a bitmap of `/sys` has a key: hexadecimal words, the last one first.
fn has_key(bitmap: &str, key: usize) -> bool {
    let word = bitmap.split(' ').rev().nth(key / 64);
    let word = word.and_then(|word| u64::from_str_radix(word, 16).ok()).unwrap_or_default();
    word >> (key % 64) & 1 == 1
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::sysfs::tests::Played;

    /// What a keyboard says of its keys.
    const KEYS: &str = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe";
    const MOUSE: &str = "70000 0 0 0 0";
    const SCANNER: [(&str, &str); 3] = [("idVendor", "0c2e"), ("idProduct", "0b61"), ("serial", "SAMPLE1")];

    /// Lists an input device that hangs at a USB device, or at nothing.
    fn input(played: &Played, node: &str, port: Option<&str>, bus: &str, keys: &str) {
        let sys = played.system().sys;
        let usb = port.map(|port| format!("devices/pci0000:00/0000:00:14.0/usb3/3-{port}"));
        let parent = sys.join(usb.unwrap_or_else(|| "devices/platform/i8042".to_owned()));
        let parent = parent.join("input").join(node);
        fs::create_dir_all(parent.join("id")).unwrap();
        fs::create_dir_all(parent.join("capabilities")).unwrap();
        for (file, said) in [
            ("name", "Sample scanner"),
            ("id/bustype", bus),
            ("id/vendor", "0c2e"),
            ("id/product", "0b61"),
            ("uniq", "00:11:22:33:44:55"),
            ("capabilities/key", keys),
        ] {
            fs::write(parent.join(file), format!("{said}\n")).unwrap();
        }
        played.link("input", node, &parent);
    }

    #[test]
    fn keyboards_that_are_plugged_in_are_listed_once_and_no_other_device() {
        let played = Played::new();
        played.plug("tty", "ttyACM0", "2", &SCANNER);
        input(&played, "event1", None, "0011", KEYS);
        input(&played, "event2", Some("2"), USB, KEYS);
        input(&played, "event3", Some("2"), USB, KEYS);
        input(&played, "event4", Some("2"), USB, MOUSE);
        let listed = candidates(&played.system());
        assert_eq!(listed.len(), 1, "{listed:?}");
        assert_eq!(listed[0].name, "Sample scanner");
        let ScannerChoice::Keyboard { device, .. } = &listed[0].choice else { panic!("{listed:?}") };
        assert_eq!(device.serial.as_deref(), Some("SAMPLE1"));
        let folder = played.system().dev.join("input");
        let both = [folder.join("event2"), folder.join("event3")];
        assert_eq!(nodes_of(device, &played.system()), both, "all of its keyboards");
    }

    #[test]
    fn a_bluetooth_scanner_is_known_by_its_address() {
        let played = Played::new();
        input(&played, "event5", None, BLUETOOTH, KEYS);
        let listed = candidates(&played.system());
        let ScannerChoice::Keyboard { device, .. } = &listed[0].choice else { panic!("{listed:?}") };
        assert_eq!(device.serial.as_deref(), Some("00:11:22:33:44:55"));
    }

    #[test]
    fn a_bitmap_is_read_from_its_end() {
        assert!(has_key(KEYS, 28) && has_key(KEYS, 37) && !has_key(KEYS, 0));
        assert!(!has_key(MOUSE, 28) && has_key(MOUSE, 272));
        for odd in ["", "zz", " "] {
            assert!(!has_key(odd, 28), "{odd:?}");
        }
    }
}
