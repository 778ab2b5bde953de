//! The setting that says which scanner to use.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The speed of a serial port where the setting names none, in bits a second. On USB it means nothing.
const SPEED: u32 = 9600;

/// The scanner to use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ScannerChoice {
    /// None: what a scanner types into the window is swallowed, and read by nobody.
    None,
    /// A scanner that types into the window, as a keyboard does.
    #[default]
    Window,
    /// A scanner at a serial port.
    Serial {
        /// The port.
        port: Port,
        /// Its speed in bits a second.
        #[serde(default = "usual_speed", skip_serializing_if = "is_usual_speed")]
        speed: u32,
        /// What the scanner puts before each text; a control character, `]Q1` and the like need no naming.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        prefix: String,
    },
    /// A scanner that is a keyboard, whose keys reach this program alone.
    Keyboard {
        /// The keyboard.
        device: DeviceIdentity,
        /// What the scanner puts before each text, as with a serial port.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        prefix: String,
    },
}

/// A serial port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Port {
    /// The port of a USB device, whatever number the system gives it.
    Usb(DeviceIdentity),
    /// A port that is built in, by its path: `/dev/ttyS0`.
    Path {
        /// The path.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        path: PathBuf,
    },
}

/// What tells one device from all others.
///
/// A device with a serial number is known wherever it is plugged in. One without is known at one place alone:
/// another device of the same maker there may be a receiver or a barrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeviceIdentity {
    /// The maker's number, four hexadecimal digits.
    pub vendor: String,
    /// The maker's number of the product, four hexadecimal digits.
    pub product: String,
    /// The device's own number, if it has one; a Bluetooth device's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub serial: Option<String>,
    /// Where it is plugged in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
}

impl DeviceIdentity {
    /// Returns whether a device that was found is the one that was chosen.
    #[must_use]
    pub fn is_of(&self, found: &Self) -> bool {
        self.vendor == found.vendor
            && self.product == found.product
            && self.serial == found.serial
            && (self.serial.is_some() || self.place == found.place)
    }
}

impl ScannerChoice {
    /// Returns a stable name of the way, without the device.
    #[must_use]
    pub fn way(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Window => "window",
            Self::Serial { .. } => "serial",
            Self::Keyboard { .. } => "keyboard",
        }
    }

    /// Returns the choice of a serial port with what is usual.
    #[must_use]
    pub fn serial(port: Port) -> Self {
        Self::Serial { port, speed: SPEED, prefix: String::new() }
    }
}

fn usual_speed() -> u32 {
    SPEED
}

fn is_usual_speed(speed: &u32) -> bool {
    *speed == SPEED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(serial: Option<&str>, place: &str) -> DeviceIdentity {
        DeviceIdentity {
            vendor: "1a86".to_owned(),
            product: "7523".to_owned(),
            serial: serial.map(str::to_owned),
            place: place.to_owned(),
        }
    }

    #[test]
    fn a_choice_goes_both_ways_and_a_strange_one_is_refused() {
        let choices = [
            ScannerChoice::None,
            ScannerChoice::Window,
            ScannerChoice::serial(Port::Usb(device(Some("A1"), ""))),
            ScannerChoice::Serial {
                port: Port::Path { path: "/dev/ttyS0".into() },
                speed: 115_200,
                prefix: "#".to_owned(),
            },
            ScannerChoice::Keyboard { device: device(None, "usb-2"), prefix: String::new() },
        ];
        for choice in choices {
            let json = serde_json::to_string(&choice).unwrap();
            assert_eq!(serde_json::from_str::<ScannerChoice>(&json).unwrap(), choice, "{json}");
            assert!(json.contains(&format!("\"kind\":\"{}\"", choice.way())), "{json}");
        }
        for strange in ["{}", r#"{"kind":"serial"}"#, r#"{"kind":"mouse"}"#] {
            assert!(serde_json::from_str::<ScannerChoice>(strange).is_err(), "{strange}");
        }
    }

    #[test]
    fn a_device_without_a_number_of_its_own_is_known_at_one_place_alone() {
        let numbered = device(Some("A1"), "usb-2");
        assert!(numbered.is_of(&device(Some("A1"), "usb-3")), "wherever it is plugged in");
        assert!(!numbered.is_of(&device(Some("A2"), "usb-2")), "another one of the same make");
        assert!(!numbered.is_of(&device(None, "usb-2")));
        let bare = device(None, "usb-2");
        assert!(bare.is_of(&device(None, "usb-2")));
        assert!(!bare.is_of(&device(None, "usb-3")), "it may be a barrier");
        assert!(!bare.is_of(&device(Some("A1"), "usb-2")));
    }
}
