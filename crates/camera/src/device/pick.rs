//! Which of several cameras, and which after one was lost. Pure.

use super::list::Device;
use crate::choice::Wanted;

/// The camera that ran last, and what was plugged in beside it.
#[derive(Debug, Clone)]
pub(super) struct Remembered {
    name: String,
    place: String,
    beside: Vec<(String, String)>,
}

impl Remembered {
    pub(super) fn new(device: &Device, all: &[Device]) -> Self {
        let identity = |device: &Device| (device.name.clone(), device.place.clone());
        Self {
            name: device.name.clone(),
            place: device.place.clone(),
            beside: all.iter().map(identity).collect(),
        }
    }
}

/// The cameras to try, in order.
///
/// A name means that model, a place that plug; with both, the camera is looked for at its place
/// first and elsewhere where it is the only one of its name. Without either, any camera may be
/// first; but one that ran is not silently followed by one that was there all along, such as the
/// camera in the lid: only by itself, at any plug, or by one that was plugged in since.
pub(super) fn candidates(
    devices: &[Device],
    wanted: &Wanted,
    remembered: Option<&Remembered>,
) -> Vec<Device> {
    let named = |device: &&Device| wanted.name.as_ref().is_none_or(|name| device.name.starts_with(name));
    let placed = |device: &&Device| wanted.place.as_ref().is_none_or(|place| device.place == *place);
    let meant: Vec<&Device> = match (&wanted.name, &wanted.place) {
        (Some(name), None) => {
            let meant = |device: &&Device| device.name.starts_with(name) || device.place == *name;
            devices.iter().filter(meant).collect()
        }
        (Some(_), Some(_)) => {
            let here: Vec<&Device> = devices.iter().filter(named).filter(placed).collect();
            if here.is_empty() { only_one(devices.iter().filter(named)) } else { here }
        }
        _ => devices.iter().filter(placed).collect(),
    };
    let Some(last) = remembered else { return meant.into_iter().cloned().collect() };
    let same = |device: &&Device| device.name == last.name;
    let here = |device: &&Device| same(device) && device.place == last.place;
    let new = |device: &&Device| {
        !last.beside.iter().any(|(name, place)| *name == device.name && *place == device.place)
    };
    // One model twice: the other one was there all along, and is not this one.
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

    fn wanted(name: Option<&str>, place: Option<&str>) -> Wanted {
        Wanted { name: name.map(str::to_owned), place: place.map(str::to_owned), ..Wanted::default() }
    }

    fn numbers(devices: &[Device], wanted: &Wanted, last: Option<&Remembered>) -> Vec<u32> {
        candidates(devices, wanted, last).iter().map(|device| device.number).collect()
    }

    #[test]
    fn two_of_one_model_are_told_apart_by_their_place() {
        let all = [device(0, "HD", "usb-1"), device(2, "HD", "usb-2"), device(4, "Lid", "usb-5")];
        assert_eq!(numbers(&all, &wanted(Some("HD"), Some("usb-2")), None), [2]);
        assert_eq!(numbers(&all, &wanted(Some("usb-2"), None), None), [2]);
        assert_eq!(numbers(&all, &wanted(None, Some("usb-1")), None), [0]);
        assert_eq!(numbers(&all, &wanted(Some("HD"), None), None), [0, 2]);
        // Its place is empty, and which of the two was meant cannot be known.
        assert!(numbers(&all, &wanted(Some("HD"), Some("usb-3")), None).is_empty());
    }

    #[test]
    fn a_camera_is_found_at_another_plug_and_under_another_number() {
        let moved = [device(7, "HD", "usb-3"), device(4, "Lid", "usb-5")];
        assert_eq!(numbers(&moved, &wanted(Some("HD"), Some("usb-2")), None), [7]);
        assert!(numbers(&moved, &wanted(Some("Other"), Some("usb-5")), None).is_empty());
    }

    #[test]
    fn what_was_there_all_along_does_not_step_in() {
        let all = [device(0, "HD", "usb-1"), device(4, "Lid", "usb-5")];
        let any = Wanted::default();
        assert_eq!(numbers(&all, &any, None), [0, 4]);
        let last = Remembered::new(&all[0], &all);
        assert!(numbers(&all[1..], &any, Some(&last)).is_empty());
        // Back at its plug, at another plug, or replaced by one from the drawer.
        assert_eq!(numbers(&all, &any, Some(&last)), [0]);
        assert_eq!(numbers(&[device(9, "HD", "usb-7"), all[1].clone()], &any, Some(&last)), [9]);
        assert_eq!(numbers(&[all[1].clone(), device(1, "New", "usb-1")], &any, Some(&last)), [1]);
        // The other one of the same model is not it.
        let twins = [device(0, "HD", "usb-1"), device(2, "HD", "usb-2")];
        let last = Remembered::new(&twins[0], &twins);
        assert!(numbers(&twins[1..], &any, Some(&last)).is_empty());
    }
}
