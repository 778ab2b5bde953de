//! What could be chosen as a scanner, by what is plugged in.

use serde::{Deserialize, Serialize};

use crate::choice::ScannerChoice;
use crate::sysfs::System;
use crate::{keyboard, serial};

/// A device that may be a scanner. It was seen, and not opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// What the device calls itself; may be empty.
    pub name: String,
    /// The choice that makes it the scanner.
    pub choice: ScannerChoice,
}

/// Returns the devices that may be scanners: serial ports, then keyboards that are not built in.
#[must_use]
pub fn candidates(system: &System) -> Vec<Candidate> {
    serial::candidates(system).into_iter().chain(keyboard::candidates(system)).collect()
}

/// Returns the device that was plugged in between two looks, where it is one alone. A scanner that is serial
/// and a keyboard at once is taken as what is better: serial.
#[must_use]
pub fn appeared<'a>(before: &[Candidate], now: &'a [Candidate]) -> Option<&'a Candidate> {
    let is_serial = |candidate: &&Candidate| matches!(candidate.choice, ScannerChoice::Serial { .. });
    let new: Vec<&Candidate> = now.iter().filter(|candidate| !before.contains(candidate)).collect();
    let mut serial = new.iter().copied().filter(is_serial);
    match (serial.next(), serial.next(), new.as_slice()) {
        (Some(port), None, _) => Some(port),
        (None, _, [keyboard]) => Some(keyboard),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sysfs::tests::Played;

    const FACTS: [(&str, &str); 2] = [("idVendor", "0c2e"), ("idProduct", "0b61")];

    #[test]
    fn what_was_just_plugged_in_is_found_unless_it_is_two_things() {
        let played = Played::new();
        played.plug("tty", "ttyACM0", "1", &FACTS);
        let before = candidates(&played.system());
        assert_eq!(appeared(&before, &before), None, "nothing is new");
        played.plug("tty", "ttyACM1", "2", &FACTS);
        let one = candidates(&played.system());
        let found = appeared(&before, &one).unwrap();
        assert!(matches!(&found.choice, ScannerChoice::Serial { .. }) && !before.contains(found));
        played.plug("tty", "ttyUSB0", "3", &FACTS);
        assert_eq!(appeared(&before, &candidates(&played.system())), None, "which of the two?");
        assert_eq!(appeared(&one, &before), None, "what is gone is not new");
    }

    #[test]
    fn of_a_scanner_that_is_both_the_port_is_taken() {
        let serial = Candidate {
            name: String::new(),
            choice: ScannerChoice::serial(crate::Port::Path { path: "/dev/ttyS0".into() }),
        };
        let device = crate::DeviceIdentity {
            vendor: "0c2e".to_owned(),
            product: "0b61".to_owned(),
            serial: None,
            place: "usb-2".to_owned(),
        };
        let keyboard = Candidate {
            name: String::new(),
            choice: ScannerChoice::Keyboard { device, prefix: String::new() },
        };
        let both = [keyboard.clone(), serial.clone()];
        assert_eq!(appeared(&[], &both), Some(&serial));
        assert_eq!(appeared(std::slice::from_ref(&serial), &both), Some(&keyboard));
    }
}
