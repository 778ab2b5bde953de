//! The video devices of this computer, by what stays the same when their numbers change.

use std::fs;
use std::path::Path;

use super::super::limits;

/// Where the system lists them.
const CLASS: &str = "/sys/class/video4linux";

/// A video device of this computer. It may turn out to be one that cannot capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The number in `/dev/video7`. Given out anew each time that a cable is plugged in.
    pub number: u32,
    /// What it calls itself: the same for every camera of a model.
    pub name: String,
    /// Where it is plugged in, which stays the same when numbers change and tells two cameras of
    /// one model apart: `pci-0000:00:14.0-usb-2:1.0`, as udev's by-path names have it.
    pub place: String,
    /// Built into the computer.
    pub fixed: bool,
}

/// The video devices: those that were plugged in before those that are built in, then by place.
/// Names that are not `video` and a number are passed over.
#[must_use]
pub fn devices() -> Vec<Device> {
    let mut devices: Vec<Device> = numbers(Path::new(CLASS)).filter_map(describe).collect();
    // Without sysfs the nodes themselves still tell their numbers.
    if devices.is_empty() && !Path::new(CLASS).exists() {
        devices.extend(numbers(Path::new("/dev")).map(|number| Device {
            number,
            name: format!("video{number}"),
            place: String::new(),
            fixed: false,
        }));
    }
    devices.sort_by(|a, b| (a.fixed, &a.place, a.number).cmp(&(b.fixed, &b.place, b.number)));
    devices
}

fn numbers(folder: &Path) -> impl Iterator<Item = u32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter_map(|name| number(&name)).take(limits::DEVICES)
}

fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("video")?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

fn describe(number: u32) -> Option<Device> {
    let node = format!("{CLASS}/video{number}");
    let name = plain(&text(Path::new(&format!("{node}/name")))?);
    // Virtual devices hang on nothing, and then the node itself is where they are.
    let hangs_on = fs::canonicalize(format!("{node}/device")).or_else(|_| fs::canonicalize(&node)).ok()?;
    let fixed = hangs_on.parent().and_then(|usb| text(&usb.join("removable")));
    let fixed = fixed.is_some_and(|removable| removable.trim() == "fixed");
    Some(Device { number, name, place: place(&hangs_on), fixed })
}

/// A small file under `/sys`.
fn text(path: &Path) -> Option<String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(limits::SYS_FILE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// A device's word about itself: bounded, and without anything that a screen would obey.
pub(super) fn plain(text: &str) -> String {
    text.trim().chars().filter(|char| !char.is_control()).take(limits::DEVICE_NAME_CHARS).collect()
}

/// The place in a path under `/sys/devices`: the last PCI function, and below it the ports and the
/// interface. The number of a USB bus is left out: it depends on which controller woke first.
fn place(path: &Path) -> String {
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    let last = parts.last().copied().unwrap_or_default();
    let is_function = |part: &&&str| {
        let mut numbers = part.split([':', '.']);
        part.len() == 12
            && numbers.clone().count() == 4
            && numbers.all(|it| it.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let ports = last.split_once('-').filter(|(bus, _)| bus.bytes().all(|byte| byte.is_ascii_digit()));
    match (parts.iter().rfind(is_function), ports) {
        (Some(function), Some((_, ports))) => format!("pci-{function}-usb-{ports}"),
        (Some(function), None) => format!("pci-{function}"),
        (None, Some((_, ports))) => format!("usb-{ports}"),
        (None, None) => plain(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_no_devices() {
        assert_eq!(number("video12"), Some(12));
        for odd in ["video", "videoX", "video-1", "v4l", "video99999999999", "video1a"] {
            assert_eq!(number(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_place_knows_no_numbers_of_buses() {
        let at = |path: &str| place(Path::new(path));
        let usb = "/sys/devices/pci0000:00/0000:00:14.0/usb3/3-2/3-2.4:1.0";
        assert_eq!(at(usb), "pci-0000:00:14.0-usb-2.4:1.0");
        assert_eq!(at(&usb.replace("usb3", "usb1").replace("3-", "1-")), at(usb));
        assert_ne!(at(&usb.replace("2.4", "2.3")), at(usb));
        assert_eq!(at("/sys/devices/pci0000:00/0000:00:1c.0/0000:02:00.0"), "pci-0000:02:00.0");
        assert_eq!(at("/sys/devices/platform/vivid.0"), "vivid.0");
        assert_eq!(at("/sys/devices/platform/soc/3f980000.usb/usb1/1-1/1-1.2:1.0"), "usb-1.2:1.0");
        assert_eq!(at("/sys/devices/virtual/video4linux/video3"), "video3");
        assert_eq!(at(""), "");
    }

    #[test]
    fn a_name_is_plain() {
        assert_eq!(plain(" HD\u{7} Webcam\n"), "HD Webcam");
        assert_eq!(plain(&"x".repeat(1000)).len(), limits::DEVICE_NAME_CHARS);
    }
}
