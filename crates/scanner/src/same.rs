//! Whether two settings mean one device: nothing else may be asked of a scanner's port, and no scanner be read
//! at what is something else's.

use crate::choice::{Port, ScannerChoice};
use crate::serial::port_of;
use crate::sysfs::System;

/// Returns whether two ports are one device's, by what is known of them and by what is plugged in.
#[must_use]
pub fn is_same_port(one: &Port, other: &Port, system: &System) -> bool {
    if let (Port::Usb(one), Port::Usb(other)) = (one, other) {
        return one.is_of(other);
    }
    let real = |port: &Port| {
        let path = match port {
            Port::Path { path } => Some(path.clone()),
            Port::Usb(_) => port_of(port, system),
        }?;
        Some(std::fs::canonicalize(&path).unwrap_or(path))
    };
    real(one).is_some_and(|one| real(other) == Some(one))
}

/// Returns whether a scanner is, or is at, the device behind a port.
#[must_use]
pub fn is_scanner_at(choice: &ScannerChoice, port: &Port, system: &System) -> bool {
    match (choice, port) {
        (ScannerChoice::Serial { port: own, .. }, _) => is_same_port(own, port, system),
        (ScannerChoice::Keyboard { device, .. }, Port::Usb(other)) => device.is_of(other),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serial::serial_ports;
    use crate::sysfs::tests::Played;

    const NUMBERED: [(&str, &str); 3] = [("idVendor", "0c2e"), ("idProduct", "0b61"), ("serial", "SAMPLE1")];
    const BARE: [(&str, &str); 2] = [("idVendor", "1a86"), ("idProduct", "7523")];

    #[test]
    fn one_port_is_the_same_by_its_path_and_by_its_device() {
        let played = Played::new();
        let system = played.system();
        played.plug("tty", "ttyACM0", "2", &NUMBERED);
        played.plug("tty", "ttyUSB0", "3", &BARE);
        let [one, other] = &serial_ports(&system)[..] else { panic!() };
        let path = |name: &str| Port::Path { path: system.dev.join(name) };
        assert!(is_same_port(&one.port, &one.port, &system));
        assert!(!is_same_port(&one.port, &other.port, &system));
        assert!(is_same_port(&one.port, &path("ttyACM0"), &system));
        assert!(!is_same_port(&path("ttyUSB0"), &one.port, &system));
        std::fs::write(system.dev.join("ttyUSB0"), "").unwrap();
        std::os::unix::fs::symlink("ttyUSB0", system.dev.join("barrier")).unwrap();
        assert!(is_same_port(&path("barrier"), &other.port, &system), "by another name");
        played.unplug("tty", "ttyACM0");
        assert!(is_same_port(&one.port, &one.port, &system), "unplugged, and the same still");
        assert!(!is_same_port(&one.port, &path("ttyACM0"), &system), "nobody can tell");
    }

    #[test]
    fn a_scanner_is_at_its_port_and_is_its_own_device_as_a_keyboard() {
        let played = Played::new();
        let system = played.system();
        played.plug("tty", "ttyACM0", "2", &NUMBERED);
        played.plug("tty", "ttyUSB0", "3", &BARE);
        let [one, other] = &serial_ports(&system)[..] else { panic!() };
        let Port::Usb(device) = one.port.clone() else { panic!() };
        let choices = [
            ScannerChoice::serial(one.port.clone()),
            ScannerChoice::Keyboard { device, prefix: String::new() },
        ];
        for choice in choices {
            assert!(is_scanner_at(&choice, &one.port, &system), "{choice:?}");
            assert!(!is_scanner_at(&choice, &other.port, &system), "{choice:?}");
        }
        assert!(!is_scanner_at(&ScannerChoice::Window, &one.port, &system));
    }
}
