//! Lists the video devices of this computer, with the port that each is plugged into.

use std::fs;
use std::path::Path;

use crate::limits;

/// The folder in which the system lists them.
const CLASS: &str = "/sys/class/video4linux";

/// A video device of this computer. Not every one can capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The number in `/dev/videoN`. It may change each time that the device is plugged in.
    pub number: u32,
    /// The name that the device reports. All cameras of one model have the same.
    pub name: String,
    /// The port that the device is plugged into, in the form of udev's by-path names:
    /// `pci-0000:00:14.0-usb-2:1.0`. It does not change with the number, and tells two cameras of
    /// one model apart.
    pub place: String,
    /// Whether the device is built into the computer.
    pub fixed: bool,
}

/// Lists the video devices: external ones before built-in ones, then by port. Ignores nodes whose
/// name is not `video` and a number.
#[must_use]
pub fn devices() -> Vec<Device> {
    let mut devices: Vec<Device> = numbers(Path::new(CLASS)).filter_map(describe).collect();
    // Without sysfs, `/dev` still lists the numbers.
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
    // A virtual device has no parent device: its own path stands for the port.
    let parent = fs::canonicalize(format!("{node}/device")).or_else(|_| fs::canonicalize(&node)).ok()?;
    let fixed = parent.parent().and_then(|usb| text(&usb.join("removable")));
    let fixed = fixed.is_some_and(|removable| removable.trim() == "fixed");
    Some(Device { number, name, place: place(&parent), fixed })
}

/// Reads a small file under `/sys`.
fn text(path: &Path) -> Option<String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(limits::SYS_FILE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Bounds a name that a device reports, and removes control characters.
pub(super) fn plain(text: &str) -> String {
    text.trim().chars().filter(|char| !char.is_control()).take(limits::DEVICE_NAME_CHARS).collect()
}

/// Derives the port from a path under `/sys/devices`: the last PCI function, then the USB ports and
/// the interface. The number of the USB bus is left out, because it depends on the order in which
/// controllers start.
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
    fn a_place_does_not_depend_on_bus_numbers() {
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
    fn a_name_is_bounded_and_has_no_control_characters() {
        assert_eq!(plain(" HD\u{7} Webcam\n"), "HD Webcam");
        assert_eq!(plain(&"x".repeat(1000)).len(), limits::DEVICE_NAME_CHARS);
    }
}
