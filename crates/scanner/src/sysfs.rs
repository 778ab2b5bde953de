//! What the system knows of its devices, without opening one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::choice::DeviceIdentity;
use crate::limits::{DEVICES, NAME_CHARS, SYS_FILE_BYTES};

/// The folders in which the system lists its devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// What it knows of them: `/sys`.
    pub sys: PathBuf,
    /// What opens them: `/dev`.
    pub dev: PathBuf,
}

impl Default for System {
    fn default() -> Self {
        Self { sys: "/sys".into(), dev: "/dev".into() }
    }
}

impl System {
    /// Returns the devices of a class whose name begins so, by name, at most [`DEVICES`].
    pub(crate) fn class(&self, class: &str, begins: &[&str]) -> Vec<(String, PathBuf)> {
        let entries = fs::read_dir(self.sys.join("class").join(class)).into_iter().flatten().flatten();
        let mut found: Vec<(String, PathBuf)> = entries
            .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
            .filter(|(name, _)| begins.iter().any(|begin| name.starts_with(begin)))
            .take(DEVICES)
            .collect();
        found.sort();
        found
    }
}

/// A device on USB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsbDevice {
    pub(crate) identity: DeviceIdentity,
    pub(crate) name: String,
}

/// Returns the USB device to which a device under `/sys/class` belongs, if there is one.
pub(crate) fn usb_device(class_device: &Path) -> Option<UsbDevice> {
    let device = fs::canonicalize(class_device.join("device")).ok()?;
    let usb = device.ancestors().find(|folder| folder.join("idVendor").exists())?;
    let said = |file: &str| text(&usb.join(file)).filter(|text| !text.is_empty());
    let identity = DeviceIdentity {
        vendor: said("idVendor")?,
        product: said("idProduct")?,
        serial: said("serial"),
        place: place(usb),
    };
    let name = [said("manufacturer"), said("product")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(UsbDevice { identity, name: plain(&name) })
}

/// Reads a small file under `/sys`: one line of a device, without control characters.
pub(crate) fn text(path: &Path) -> Option<String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(SYS_FILE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(plain(&String::from_utf8_lossy(&bytes)))
}

/// Bounds what a device reports, and removes control characters.
pub(crate) fn plain(text: &str) -> String {
    text.trim().chars().filter(|char| !char.is_control()).take(NAME_CHARS).collect()
}

/// Returns the port of a USB device: the last PCI function and the ports on the way, without the number of
/// the bus, which depends on the order in which controllers start.
fn place(usb: &Path) -> String {
    let parts: Vec<&str> = usb.iter().filter_map(|part| part.to_str()).collect();
    let is_function = |part: &&&str| {
        part.len() == 12 && part.split([':', '.']).all(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let ports = parts.last().and_then(|last| last.split_once('-')).map_or("", |(_, ports)| ports);
    match parts.iter().rfind(is_function) {
        Some(function) => format!("pci-{function}-usb-{ports}"),
        None => format!("usb-{ports}"),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A folder in the form of `/sys` and `/dev`.
    pub(crate) struct Played {
        folder: tempfile::TempDir,
    }

    impl Played {
        pub(crate) fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            for path in ["sys/class/tty", "sys/class/input", "dev/input"] {
                fs::create_dir_all(folder.path().join(path)).unwrap();
            }
            Self { folder }
        }

        pub(crate) fn system(&self) -> System {
            System { sys: self.folder.path().join("sys"), dev: self.folder.path().join("dev") }
        }

        /// Plugs a USB device in: `class` and `name` are what the system calls it, `facts` its files.
        pub(crate) fn plug(&self, class: &str, name: &str, port: &str, facts: &[(&str, &str)]) {
            let usb = format!("sys/devices/pci0000:00/0000:00:14.0/usb3/3-{port}");
            let usb = self.folder.path().join(usb);
            let interface = usb.join(format!("3-{port}:1.0"));
            fs::create_dir_all(&interface).unwrap();
            for (file, said) in facts {
                let path = usb.join(file);
                fs::write(path, format!("{said}\n")).unwrap();
            }
            self.link(class, name, &interface);
        }

        /// Lists a device of a class whose parent is another folder; returns its own folder.
        pub(crate) fn link(&self, class: &str, name: &str, parent: &Path) -> PathBuf {
            let node = self.folder.path().join("sys/class").join(class).join(name);
            fs::create_dir_all(&node).unwrap();
            symlink(parent, node.join("device")).unwrap();
            node
        }

        pub(crate) fn unplug(&self, class: &str, name: &str) {
            fs::remove_dir_all(self.folder.path().join("sys/class").join(class).join(name)).unwrap();
        }
    }

    #[test]
    fn a_usb_device_is_known_by_its_numbers_and_its_port() {
        let played = Played::new();
        let facts =
            [("idVendor", "0c2e"), ("idProduct", "0b61"), ("serial", "SAMPLE1"), ("product", "Scan\u{7}ner")];
        played.plug("tty", "ttyACM0", "2.4", &facts);
        let found = played.system().class("tty", &["ttyACM"]);
        assert_eq!(found.len(), 1);
        let device = usb_device(&found[0].1).unwrap();
        assert_eq!(device.name, "Scanner");
        let expected = DeviceIdentity {
            vendor: "0c2e".to_owned(),
            product: "0b61".to_owned(),
            serial: Some("SAMPLE1".to_owned()),
            place: "pci-0000:00:14.0-usb-2.4".to_owned(),
        };
        assert_eq!(device.identity, expected);
        played.unplug("tty", "ttyACM0");
        assert!(played.system().class("tty", &["ttyACM"]).is_empty());
    }

    #[test]
    fn what_a_device_reports_is_bounded() {
        assert_eq!(plain(&"x".repeat(1000)).len(), NAME_CHARS);
        assert_eq!(plain(" a\nb "), "ab");
    }
}
