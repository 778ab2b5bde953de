//! The hand scanner and the relay on the device page.

use gate::window::workbench::{
    DeviceProblem, PortItem, PortUse, RelayKind, RelayNow, RelayPick, RelayTried, ScannerNow, ScannerPick,
};
use relay::{Line, Pulse, RelayChoice, RelayState};
use scanner::{Candidate, DeviceIdentity, Port, ScannerChoice, ScannerState, SerialPort, System};

use crate::relay_host::{self, RelayStatus};
use crate::scanner_host::{self, ScannerStatus};
use crate::serial_choice::CannotChoose;

/// What is plugged in, and what is chosen of it.
pub(super) struct Plugged {
    pub scanners: Vec<Candidate>,
    pub ports: Vec<SerialPort>,
}

impl Plugged {
    /// Looks at what is plugged in, and opens nothing.
    pub(super) fn look() -> Self {
        let system = System::default();
        Self { scanners: scanner::candidates(&system), ports: scanner::serial_ports(&system) }
    }

    /// Returns what the page shows of the scanner.
    pub(super) fn scanner(&self, status: &ScannerStatus) -> ScannerNow {
        let way = scanner_host::way_of(&status.choice);
        let fault = match status.state {
            ScannerState::Fault(fault) => Some(scanner_host::trouble_of(fault)),
            ScannerState::Starting | ScannerState::Connected => None,
        };
        let name = match &status.choice {
            ScannerChoice::None | ScannerChoice::Window => String::new(),
            ScannerChoice::Serial { port, .. } => self.name_of(port),
            ScannerChoice::Keyboard { device, .. } => {
                let is_it = |found: &&Candidate| {
                    matches!(&found.choice,
                    ScannerChoice::Keyboard { device: found, .. } if device.is_of(found))
                };
                let found = self.scanners.iter().find(is_it).map(|found| found.name.clone());
                found.unwrap_or_else(|| numbers(device))
            }
        };
        ScannerNow { way, name, fault, last_read: status.last_read }
    }

    /// Returns what the page shows of the relay.
    pub(super) fn relay(&self, status: &RelayStatus) -> RelayNow {
        let fault = match status.state {
            RelayState::Fault(fault) => Some(relay_host::trouble_of(fault)),
            RelayState::Starting | RelayState::Ready => None,
        };
        let kind = match &status.choice {
            RelayChoice::None => None,
            RelayChoice::Bytes { .. } => Some(RelayKind::Bytes),
            RelayChoice::Line { line: Line::Rts, .. } => Some(RelayKind::Rts),
            RelayChoice::Line { line: Line::Dtr, .. } => Some(RelayKind::Dtr),
        };
        let name = status.choice.port().map(|port| self.name_of(port)).unwrap_or_default();
        let tried = status.tried.map(|tried| RelayTried { fault: tried.err().map(relay_host::trouble_of) });
        RelayNow { kind, name, pulse: status.choice.pulse().millis(), fault, tried }
    }

    /// Lists what could be the scanner.
    pub(super) fn scanner_items(&self, scanner: &ScannerChoice, relay: &RelayChoice) -> Vec<PortItem> {
        let item = |Candidate { name, choice }: &Candidate| {
            let (place, keyboard) = match choice {
                ScannerChoice::Serial { port, .. } => (place(port), false),
                ScannerChoice::Keyboard { device, .. } => (place_of(device), true),
                ScannerChoice::None | ScannerChoice::Window => return None,
            };
            let used_as = match (scanner, choice) {
                (ScannerChoice::Keyboard { device, .. }, ScannerChoice::Keyboard { device: found, .. })
                    if device.is_of(found) =>
                {
                    Some(PortUse::Scanner)
                }
                (ScannerChoice::Serial { .. }, ScannerChoice::Serial { port, .. }) => {
                    used_as(port, scanner, relay)
                }
                (_, ScannerChoice::Serial { port, .. }) => used_as(port, &ScannerChoice::None, relay),
                _ => None,
            };
            Some(PortItem { key: key_of(choice), name: name.clone(), place, keyboard, used_as })
        };
        self.scanners.iter().filter_map(item).collect()
    }

    /// Lists what could be the relay.
    pub(super) fn relay_items(&self, scanner: &ScannerChoice, relay: &RelayChoice) -> Vec<PortItem> {
        let item = |SerialPort { name, port }: &SerialPort| PortItem {
            key: key_of(port),
            name: name.clone(),
            place: place(port),
            keyboard: false,
            used_as: used_as(port, scanner, relay),
        };
        self.ports.iter().map(item).collect()
    }

    /// Returns the choice of a scanner by what names it in the list.
    ///
    /// # Errors
    /// [`DeviceProblem::DeviceGone`].
    pub(super) fn pick_scanner(&self, pick: &ScannerPick) -> Result<ScannerChoice, DeviceProblem> {
        match pick {
            ScannerPick::None => Ok(ScannerChoice::None),
            ScannerPick::Window => Ok(ScannerChoice::Window),
            ScannerPick::Device { key } => {
                let found = self.scanners.iter().find(|found| key_of(&found.choice) == *key);
                found.map(|found| found.choice.clone()).ok_or(DeviceProblem::DeviceGone)
            }
        }
    }

    /// Returns the choice of a relay by what names its port in the list. One that is chosen already may be
    /// switched in another way while it is unplugged.
    ///
    /// # Errors
    /// [`DeviceProblem`].
    pub(super) fn pick_relay(
        &self,
        pick: Option<&RelayPick>,
        now: &RelayChoice,
    ) -> Result<RelayChoice, DeviceProblem> {
        let Some(RelayPick { key, kind, pulse }) = pick else { return Ok(RelayChoice::None) };
        let pulse_ms = Pulse::try_from(*pulse).map_err(|_| DeviceProblem::BadPulse)?;
        let ports = self.ports.iter().map(|found| &found.port).chain(now.port());
        let port = ports.into_iter().find(|port| key_of(*port) == *key).cloned();
        let port = port.ok_or(DeviceProblem::DeviceGone)?;
        Ok(match kind {
            RelayKind::Bytes => RelayChoice::Bytes { port, pulse_ms },
            RelayKind::Rts => RelayChoice::Line { port, line: Line::Rts, pulse_ms },
            RelayKind::Dtr => RelayChoice::Line { port, line: Line::Dtr, pulse_ms },
        })
    }

    fn name_of(&self, port: &Port) -> String {
        match port {
            Port::Path { path } => path.display().to_string(),
            Port::Usb(device) => {
                let is_it = |found: &&SerialPort| {
                    matches!(&found.port,
                    Port::Usb(found) if device.is_of(found))
                };
                let name = self.ports.iter().find(is_it).map(|found| found.name.clone());
                name.filter(|name| !name.is_empty()).unwrap_or_else(|| numbers(device))
            }
        }
    }
}

/// Returns what the page says of a choice that came to nothing.
pub(super) fn problem_of(error: &CannotChoose) -> DeviceProblem {
    match error {
        CannotChoose::SameDevice => DeviceProblem::SameDevice,
        CannotChoose::Start(_) | CannotChoose::Settings(_) => DeviceProblem::NotSaved,
    }
}

fn used_as(port: &Port, scanner: &ScannerChoice, relay: &RelayChoice) -> Option<PortUse> {
    let system = System::default();
    if scanner::is_scanner_at(scanner, port, &system) {
        return Some(PortUse::Scanner);
    }
    let own = relay.port()?;
    scanner::is_same_port(own, port, &system).then_some(PortUse::Relay)
}

fn key_of(named: &impl serde::Serialize) -> String {
    serde_json::to_string(named).unwrap_or_default()
}

fn place(port: &Port) -> String {
    match port {
        Port::Path { path } => path.display().to_string(),
        Port::Usb(device) => place_of(device),
    }
}

fn place_of(device: &DeviceIdentity) -> String {
    device.serial.clone().unwrap_or_else(|| device.place.clone())
}

fn numbers(device: &DeviceIdentity) -> String {
    format!("{}:{}", device.vendor, device.product)
}

#[cfg(test)]
mod tests {
    use gate::window::scanner::{ScannerTrouble, ScannerWay};
    use scanner::ScannerFault;

    use super::*;

    fn device(product: &str) -> DeviceIdentity {
        DeviceIdentity {
            vendor: "1a86".to_owned(),
            product: product.to_owned(),
            serial: None,
            place: "usb-2".to_owned(),
        }
    }

    fn plugged() -> Plugged {
        let port = Port::Usb(device("7523"));
        let keyboard = ScannerChoice::Keyboard { device: device("0b61"), prefix: String::new() };
        Plugged {
            scanners: vec![
                Candidate { name: "Board".to_owned(), choice: ScannerChoice::serial(port.clone()) },
                Candidate { name: "Keys".to_owned(), choice: keyboard },
            ],
            ports: vec![SerialPort { name: "Board".to_owned(), port }],
        }
    }

    #[test]
    fn a_scanner_and_a_relay_are_picked_from_the_list_and_shown_by_name() {
        let plugged = plugged();
        let items = plugged.scanner_items(&ScannerChoice::Window, &RelayChoice::None);
        assert_eq!(items.iter().map(|item| item.keyboard).collect::<Vec<_>>(), [false, true]);
        let pick = ScannerPick::Device { key: items[1].key.clone() };
        let chosen = plugged.pick_scanner(&pick).unwrap();
        assert_eq!(chosen, plugged.scanners[1].choice);
        let state = ScannerState::Fault(ScannerFault::Busy);
        let now = plugged.scanner(&ScannerStatus { choice: chosen.clone(), state, last_read: None });
        assert_eq!(
            (now.way, &*now.name, now.fault),
            (ScannerWay::Keyboard, "Keys", Some(ScannerTrouble::Busy))
        );

        let key = plugged.relay_items(&chosen, &RelayChoice::None)[0].key.clone();
        let pick = |pulse| RelayPick { key: key.clone(), kind: RelayKind::Rts, pulse };
        let chosen = plugged.pick_relay(Some(&pick(700)), &RelayChoice::None).unwrap();
        assert_eq!((chosen.kind(), chosen.pulse().millis()), ("line", 700));
        let too_short = plugged.pick_relay(Some(&pick(7)), &RelayChoice::None);
        assert_eq!(too_short, Err(DeviceProblem::BadPulse));
        let status = RelayStatus { choice: chosen.clone(), state: RelayState::Ready, tried: Some(Ok(())) };
        let now = plugged.relay(&status);
        assert_eq!((now.kind, &*now.name, now.pulse), (Some(RelayKind::Rts), "Board", 700));
        assert_eq!(now.tried, Some(RelayTried { fault: None }));
        assert_eq!(plugged.relay_items(&ScannerChoice::Window, &chosen)[0].used_as, Some(PortUse::Relay));
        let scanners = plugged.scanner_items(&ScannerChoice::Window, &chosen);
        assert_eq!(scanners[0].used_as, Some(PortUse::Relay));

        let none = Plugged { scanners: Vec::new(), ports: Vec::new() };
        assert_eq!(none.pick_relay(Some(&pick(700)), &RelayChoice::None), Err(DeviceProblem::DeviceGone));
        assert!(none.pick_relay(Some(&pick(700)), &chosen).is_ok(), "it is the one already");
        assert_eq!(none.relay(&status).name, "1a86:7523");
        let gone = none.pick_scanner(&ScannerPick::Device { key: items[0].key.clone() });
        assert_eq!(gone, Err(DeviceProblem::DeviceGone));
    }
}
