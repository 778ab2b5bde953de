//! Chooses the devices to try, and in which order. Pure.

use super::list::Device;
use crate::choice::DeviceChoice;

/// The device that was used last, if any.
#[derive(Debug, Default)]
pub(crate) struct LastUsed(Option<Used>);

#[derive(Debug)]
struct Used {
    name: String,
    place: String,
    /// Name and place of each device that was connected at that time.
    connected: Vec<(String, String)>,
}

impl LastUsed {
    /// Remembers a device, and all devices that are connected with it.
    pub(super) fn new(device: &Device, all: &[Device]) -> Self {
        let identity = |device: &Device| (device.name.clone(), device.place.clone());
        Self(Some(Used {
            name: device.name.clone(),
            place: device.place.clone(),
            connected: all.iter().map(identity).collect(),
        }))
    }

    /// Returns whether any device was used.
    pub(super) fn is_known(&self) -> bool {
        self.0.is_some()
    }
}

/// Returns the devices to try, in order.
///
/// A name means a model, a place means a port. With both, the device is searched at its place
/// first; elsewhere it is accepted only if no other connected device has the name. Without either,
/// any device may be the first.
///
/// A device that was used is not silently replaced by one that was connected all along, such as
/// the camera in the lid. It is replaced only by itself, at any port, or by a device that was
/// plugged in since.
pub(super) fn candidates(devices: &[Device], wanted: &DeviceChoice, last_used: &LastUsed) -> Vec<Device> {
    let named = |device: &&Device| wanted.name.as_ref().is_none_or(|name| device.name.starts_with(name));
    let at_place = |device: &&Device| wanted.place.as_ref().is_none_or(|place| device.place == *place);
    let meant: Vec<&Device> = match (&wanted.name, &wanted.place) {
        (Some(name), None) => {
            let meant = |device: &&Device| device.name.starts_with(name) || device.place == *name;
            devices.iter().filter(meant).collect()
        }
        (Some(_), Some(_)) => {
            let here: Vec<&Device> = devices.iter().filter(named).filter(at_place).collect();
            if here.is_empty() { only_one(devices.iter().filter(named)) } else { here }
        }
        _ => devices.iter().filter(at_place).collect(),
    };
    let Some(last) = &last_used.0 else { return meant.into_iter().cloned().collect() };
    let same = |device: &&Device| device.name == last.name;
    let here = |device: &&Device| same(device) && device.place == last.place;
    let new = |device: &&Device| {
        !last.connected.iter().any(|(name, place)| *name == device.name && *place == device.place)
    };
    // A second camera of the same model that was connected all along is not the one that was lost.
    let first = meant.iter().copied().filter(here);
    let then = meant.iter().copied().filter(|device| !here(device) && new(device));
    let (same_model, others): (Vec<&Device>, Vec<&Device>) = then.partition(same);
    first.chain(same_model).chain(others).cloned().collect()
}

fn only_one<'a>(mut devices: impl Iterator<Item = &'a Device>) -> Vec<&'a Device> {
    let first: Vec<&Device> = devices.next().into_iter().collect();
    if devices.next().is_some() { Vec::new() } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(number: u32, name: &str, place: &str) -> Device {
        Device { number, name: name.to_owned(), place: place.to_owned(), fixed: false }
    }

    fn wanted(name: Option<&str>, place: Option<&str>) -> DeviceChoice {
        let own = |text: Option<&str>| text.map(str::to_owned);
        DeviceChoice { name: own(name), place: own(place), ..DeviceChoice::default() }
    }

    fn numbers(devices: &[Device], wanted: &DeviceChoice, last: &LastUsed) -> Vec<u32> {
        candidates(devices, wanted, last).iter().map(|device| device.number).collect()
    }

    #[test]
    fn two_of_one_model_are_told_apart_by_their_place() {
        let all = [device(0, "HD", "usb-1"), device(2, "HD", "usb-2"), device(4, "Lid", "usb-5")];
        assert_eq!(numbers(&all, &wanted(Some("HD"), Some("usb-2")), &LastUsed::default()), [2]);
        assert_eq!(numbers(&all, &wanted(Some("usb-2"), None), &LastUsed::default()), [2]);
        assert_eq!(numbers(&all, &wanted(None, Some("usb-1")), &LastUsed::default()), [0]);
        assert_eq!(numbers(&all, &wanted(Some("HD"), None), &LastUsed::default()), [0, 2]);
        // Nothing is at that place, and either of the two may be meant.
        assert!(numbers(&all, &wanted(Some("HD"), Some("usb-3")), &LastUsed::default()).is_empty());
    }

    #[test]
    fn a_camera_is_found_at_another_port_and_under_another_number() {
        let moved = [device(7, "HD", "usb-3"), device(4, "Lid", "usb-5")];
        assert_eq!(numbers(&moved, &wanted(Some("HD"), Some("usb-2")), &LastUsed::default()), [7]);
        assert!(numbers(&moved, &wanted(Some("Other"), Some("usb-5")), &LastUsed::default()).is_empty());
    }

    #[test]
    fn a_device_that_was_connected_all_along_is_no_replacement() {
        let all = [device(0, "HD", "usb-1"), device(4, "Lid", "usb-5")];
        let any = DeviceChoice::default();
        assert_eq!(numbers(&all, &any, &LastUsed::default()), [0, 4]);
        let last = LastUsed::new(&all[0], &all);
        assert!(numbers(&all[1..], &any, &last).is_empty());
        // Back at its port, at another port, or replaced by a new one.
        assert_eq!(numbers(&all, &any, &last), [0]);
        assert_eq!(numbers(&[device(9, "HD", "usb-7"), all[1].clone()], &any, &last), [9]);
        assert_eq!(numbers(&[all[1].clone(), device(1, "New", "usb-1")], &any, &last), [1]);
        // The other camera of the same model is no replacement.
        let twins = [device(0, "HD", "usb-1"), device(2, "HD", "usb-2")];
        let last = LastUsed::new(&twins[0], &twins);
        assert!(numbers(&twins[1..], &any, &last).is_empty());
    }
}
