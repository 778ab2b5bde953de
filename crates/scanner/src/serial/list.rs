//! The serial ports of this computer, by what `/sys` says of them.

use std::path::{Path, PathBuf};

use crate::candidate::Candidate;
use crate::choice::{Port, ScannerChoice};
use crate::sysfs::{System, text, usb_device};

/// How the names of serial ports on USB begin.
const ON_USB: [&str; 2] = ["ttyACM", "ttyUSB"];
/// How the names of built-in ones begin.
const BUILT_IN: [&str; 1] = ["ttyS"];

/// A serial port of this computer. It was seen, and not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialPort {
    /// What its device calls itself; may be empty.
    pub name: String,
    /// What names it in a setting.
    pub port: Port,
}

/// Returns the serial ports. Of a device with several, the first is taken.
#[must_use]
pub fn serial_ports(system: &System) -> Vec<SerialPort> {
    let mut found: Vec<SerialPort> = Vec::new();
    for (_, folder) in system.class("tty", &ON_USB) {
        let Some(usb) = usb_device(&folder) else { continue };
        let port = Port::Usb(usb.identity);
        if !found.iter().any(|known| known.port == port) {
            found.push(SerialPort { name: usb.name, port });
        }
    }
    for (name, folder) in system.class("tty", &BUILT_IN) {
        // The kernel lists ports that no machine has; their type is 0.
        if text(&folder.join("type")).is_some_and(|kind| kind != "0") {
            let port = Port::Path { path: system.dev.join(&name) };
            found.push(SerialPort { name, port });
        }
    }
    found
}

pub(crate) fn candidates(system: &System) -> Vec<Candidate> {
    let of = |SerialPort { name, port }| Candidate { name, choice: ScannerChoice::serial(port) };
    serial_ports(system).into_iter().map(of).collect()
}

/// Returns the path of a chosen port, if its device is there.
#[must_use]
pub fn port_of(port: &Port, system: &System) -> Option<PathBuf> {
    match port {
        Port::Path { path } => path.exists().then(|| path.clone()),
        Port::Usb(identity) => {
            let is_it = |folder: &Path| usb_device(folder).is_some_and(|usb| identity.is_of(&usb.identity));
            let ports = system.class("tty", &ON_USB);
            ports.into_iter().find(|(_, folder)| is_it(folder)).map(|(name, _)| system.dev.join(name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::DeviceIdentity;
    use crate::sysfs::tests::Played;

    const NUMBERED: [(&str, &str); 4] =
        [("idVendor", "0c2e"), ("idProduct", "0b61"), ("serial", "SAMPLE1"), ("product", "Sample scanner")];
    const BARE: [(&str, &str); 2] = [("idVendor", "1a86"), ("idProduct", "7523")];

    #[test]
    fn ports_are_listed_by_what_is_plugged_in_and_found_again_under_another_number() {
        let played = Played::new();
        let system = played.system();
        played.plug("tty", "ttyACM0", "2", &NUMBERED);
        played.plug("tty", "ttyACM1", "2", &[]);
        let listed = candidates(&system);
        assert_eq!(listed.len(), 1, "one device: {listed:?}");
        assert_eq!(listed[0].name, "Sample scanner");
        let ScannerChoice::Serial { port, .. } = listed[0].choice.clone() else { panic!("{listed:?}") };
        assert_eq!(port_of(&port, &system), Some(system.dev.join("ttyACM0")));
        played.unplug("tty", "ttyACM0");
        played.unplug("tty", "ttyACM1");
        assert_eq!(port_of(&port, &system), None);
        played.plug("tty", "ttyACM7", "3", &NUMBERED);
        assert_eq!(port_of(&port, &system), Some(system.dev.join("ttyACM7")), "at another place");
    }

    #[test]
    fn another_device_of_the_same_make_is_not_the_chosen_one() {
        let played = Played::new();
        let system = played.system();
        let of = |facts: &[(&str, &str)]| {
            let said = |file| facts.iter().find(|(name, _)| *name == file).map(|(_, said)| *said);
            let place = "pci-0000:00:14.0-usb-2".to_owned();
            Port::Usb(DeviceIdentity {
                vendor: said("idVendor").unwrap().to_owned(),
                product: said("idProduct").unwrap().to_owned(),
                serial: said("serial").map(str::to_owned),
                place,
            })
        };
        played.plug("tty", "ttyUSB0", "4", &BARE);
        assert_eq!(port_of(&of(&BARE), &system), None, "at another place it may be a barrier");
        played.plug("tty", "ttyUSB1", "2", &BARE);
        assert_eq!(port_of(&of(&BARE), &system), Some(system.dev.join("ttyUSB1")));
        played.plug(
            "tty",
            "ttyACM0",
            "5",
            &[("idVendor", "0c2e"), ("idProduct", "0b61"), ("serial", "SAMPLE2")],
        );
        assert_eq!(port_of(&of(&NUMBERED), &system), None);
    }

    #[test]
    fn a_built_in_port_is_listed_where_the_machine_has_it_and_named_by_its_path() {
        let played = Played::new();
        let system = played.system();
        for (name, kind) in [("ttyS0", "4"), ("ttyS1", "0")] {
            let node = played.link("tty", name, &system.sys);
            std::fs::write(node.join("type"), kind).unwrap();
        }
        let port = Port::Path { path: system.dev.join("ttyS0") };
        let listed = candidates(&system);
        let only = Candidate { name: "ttyS0".to_owned(), choice: ScannerChoice::serial(port.clone()) };
        assert_eq!(listed, [only]);
        assert_eq!(port_of(&port, &system), None, "no such file");
        std::fs::write(system.dev.join("ttyS0"), "").unwrap();
        assert_eq!(port_of(&port, &system), Some(system.dev.join("ttyS0")));
    }
}
