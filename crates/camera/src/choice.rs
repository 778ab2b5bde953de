//! The setting that says which camera to use.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::showing::Showing;

/// The camera to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CameraChoice {
    /// No camera: a script supplies the codes.
    None,
    /// A camera that is plugged in or built in.
    Device(DeviceChoice),
    /// A simulated camera. Every screen says that it is one.
    Simulated {
        /// What is shown to it.
        source: SimulatedSource,
    },
}

/// Which device to use, and its settings. Without `name` and `place`, the first device that works
/// is used; external devices come before built-in ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeviceChoice {
    /// The beginning of the device's name. Without `place`, it may also be a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The port that the device is plugged into, as `kadian camera` lists it. It tells two cameras
    /// of one model apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The settings of the device.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tuning: Tuning,
    /// The library that captures.
    #[serde(default, skip_serializing_if = "is_default")]
    pub library: Library,
}

/// Settings of a camera, applied if it has such a control. An absent one stays automatic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tuning {
    /// The mains frequency, at which lamps flicker.
    #[serde(default)]
    pub power_line: PowerLine,
    /// Exposure time in units of 0.1 ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<i32>,
    /// Focus, in the camera's own units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<i32>,
}

/// The mains frequency, at which lamps flicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PowerLine {
    /// 50 Hz: China and most of the world.
    #[default]
    #[serde(rename = "50-hz")]
    Hz50,
    /// 60 Hz: the Americas.
    #[serde(rename = "60-hz")]
    Hz60,
    /// Detected by the camera.
    #[serde(rename = "auto")]
    Auto,
}

/// The library that captures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Library {
    /// V4L2 on Linux, nokhwa on other systems.
    #[default]
    Native,
    /// nokhwa on every system.
    Nokhwa,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What is shown to a simulated camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SimulatedSource {
    /// The picture files of a folder, in the order of their names, again and again.
    Pictures {
        /// The folder.
        folder: PathBuf,
    },
    /// Codes on a phone. `show.txt` holds the name of a code, or nothing while nobody is there.
    /// `NAME.txt` holds the text of that code. Both are read again when they change.
    Codes {
        /// The folder.
        folder: PathBuf,
    },
    /// Codes on a phone, supplied by this program.
    #[serde(skip)]
    Program(Showing),
}

impl Default for CameraChoice {
    fn default() -> Self {
        Self::Device(DeviceChoice::default())
    }
}

/// A text that names no camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "neither `device`, `device:NAME`, `device:NAME@PLACE`, `none`, `simulated:FOLDER` nor `pictures:FOLDER`"
)]
pub struct InvalidChoice;

impl std::str::FromStr for CameraChoice {
    type Err = InvalidChoice;

    /// Parses the form that commands take: `device`, `device:NAME`, `device:NAME@PLACE`,
    /// `device:@PLACE`, the same with `nokhwa` for `device`, `none`, `simulated:FOLDER`, whose
    /// folder holds codes, or `pictures:FOLDER`, whose folder holds picture files.
    fn from_str(text: &str) -> Result<Self, InvalidChoice> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None => device(text, ""),
            Some((kind @ ("device" | "nokhwa"), name)) if !name.is_empty() => device(kind, name),
            Some(("simulated", folder)) if !folder.is_empty() => {
                Ok(Self::Simulated { source: SimulatedSource::Codes { folder: folder.into() } })
            }
            Some(("pictures", folder)) if !folder.is_empty() => {
                Ok(Self::Simulated { source: SimulatedSource::Pictures { folder: folder.into() } })
            }
            _ => Err(InvalidChoice),
        }
    }
}

fn device(kind: &str, which: &str) -> Result<CameraChoice, InvalidChoice> {
    let library = match kind {
        "device" => Library::Native,
        "nokhwa" => Library::Nokhwa,
        _ => return Err(InvalidChoice),
    };
    let (name, place) = which.split_once('@').unwrap_or((which, ""));
    let non_empty = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(CameraChoice::Device(DeviceChoice {
        name: non_empty(name),
        place: non_empty(place),
        library,
        ..DeviceChoice::default()
    }))
}

impl CameraChoice {
    /// Returns whether the camera is simulated.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        matches!(self, Self::Simulated { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_made_by_an_earlier_program_is_read() {
        let read = |text: &str| match serde_json::from_str(text).unwrap() {
            CameraChoice::Device(wanted) => wanted,
            other => panic!("{other:?}"),
        };
        assert_eq!(read(r#"{"kind": "device"}"#), DeviceChoice::default());
        assert_eq!(read(r#"{"kind": "device", "name": "HD"}"#).name.as_deref(), Some("HD"));
        let tuned = read(r#"{"kind": "device", "tuning": {"power-line": "60-hz", "focus": 30}}"#).tuning;
        assert_eq!(tuned, Tuning { power_line: PowerLine::Hz60, exposure: None, focus: Some(30) });
        let plain = serde_json::to_string(&CameraChoice::default()).unwrap();
        assert_eq!(plain, r#"{"kind":"device"}"#);
        assert!(serde_json::from_str::<CameraChoice>(r#"{"kind": "device", "nam": "HD"}"#).is_err());
    }

    #[test]
    fn cameras_are_named_in_words() {
        assert!(matches!("none".parse(), Ok(CameraChoice::None)));
        let wanted = |text: &str| match text.parse() {
            Ok(CameraChoice::Device(wanted)) => wanted,
            other => panic!("{other:?}"),
        };
        assert_eq!(wanted("device"), DeviceChoice::default());
        assert_eq!(
            wanted("device:HD"),
            DeviceChoice { name: Some("HD".to_owned()), ..DeviceChoice::default() }
        );
        let both = wanted("nokhwa:HD@usb-1:1.0");
        assert_eq!((both.name.as_deref(), both.place.as_deref()), (Some("HD"), Some("usb-1:1.0")));
        assert_eq!(both.library, Library::Nokhwa);
        assert_eq!(wanted("device:@usb-1").place.as_deref(), Some("usb-1"));
        assert!("simulated:/live".parse::<CameraChoice>().unwrap().is_simulated());
        for bad in ["", "rear", "simulated:", "device:", "none:x"] {
            assert!(bad.parse::<CameraChoice>().is_err(), "{bad}");
        }
    }
}
