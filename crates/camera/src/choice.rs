//! Which camera: chosen by a setting, never silently.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::simulated::Showing;

/// Which camera to use.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CameraChoice {
    /// None at all: codes come from a script.
    None,
    /// A real one.
    Device(Wanted),
    /// A drawn one, which every screen says it is.
    Simulated {
        /// What is held up to it.
        source: SimulatedSource,
    },
}

/// Which real camera, and how it is set. Without name and place: the first that works, those that
/// were plugged in before those that are built in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Wanted {
    /// The beginning of its name; alone, it may also be a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is plugged in, as `kadian camera` lists it: tells two cameras of one model apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How it is set, where it has such a setting.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tuning: Tuning,
    /// What takes its pictures.
    #[serde(default, skip_serializing_if = "is_default")]
    pub library: Library,
}

/// How a camera is set, where it has such a setting; what is absent stays with the camera, on
/// automatic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tuning {
    /// What lamps flicker by.
    #[serde(default)]
    pub power_line: PowerLine,
    /// Exposure in units of 0.1 ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<i32>,
    /// Focus, in the camera's own units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<i32>,
}

/// What lamps flicker by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PowerLine {
    /// As in China, and most of the world.
    #[default]
    #[serde(rename = "50-hz")]
    Hz50,
    /// As in the Americas.
    #[serde(rename = "60-hz")]
    Hz60,
    /// As the camera finds.
    #[serde(rename = "auto")]
    Auto,
}

/// What takes a camera's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Library {
    /// The system's own way where this program knows one (V4L2 on Linux), nokhwa elsewhere.
    #[default]
    Native,
    /// nokhwa, wherever it runs.
    Nokhwa,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What is held up to a simulated camera.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SimulatedSource {
    /// Picture files of a folder, in the order of their names, over and over.
    Pictures {
        /// The folder.
        folder: PathBuf,
    },
    /// Codes on a phone: `show.txt` holds the name of one, or nothing while nobody is there, and
    /// `NAME.txt` its text. Both are read again as they change.
    Codes {
        /// The folder.
        folder: PathBuf,
    },
    /// Codes on a phone, as the program says.
    #[serde(skip)]
    Program(Showing),
}

impl Default for CameraChoice {
    fn default() -> Self {
        Self::Device(Wanted::default())
    }
}

/// A text that names no camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither `device`, `device:NAME`, `device:NAME@PLACE`, `none` nor `simulated:FOLDER`")]
pub struct BadChoice;

impl std::str::FromStr for CameraChoice {
    type Err = BadChoice;

    /// As commands take it: `device`, `device:NAME`, `device:NAME@PLACE`, `device:@PLACE`, the
    /// same with `nokhwa` for `device`, `none`, or `simulated:FOLDER` with the codes of a folder.
    fn from_str(text: &str) -> Result<Self, BadChoice> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None => device(text, ""),
            Some((kind @ ("device" | "nokhwa"), name)) if !name.is_empty() => device(kind, name),
            Some(("simulated", folder)) if !folder.is_empty() => {
                Ok(Self::Simulated { source: SimulatedSource::Codes { folder: folder.into() } })
            }
            _ => Err(BadChoice),
        }
    }
}

fn device(kind: &str, which: &str) -> Result<CameraChoice, BadChoice> {
    let library = match kind {
        "device" => Library::Native,
        "nokhwa" => Library::Nokhwa,
        _ => return Err(BadChoice),
    };
    let (name, place) = which.split_once('@').unwrap_or((which, ""));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(CameraChoice::Device(Wanted { name: some(name), place: some(place), library, ..Wanted::default() }))
}

impl CameraChoice {
    /// Whether this is the simulated camera.
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
        assert_eq!(read(r#"{"kind": "device"}"#), Wanted::default());
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
        assert_eq!(wanted("device"), Wanted::default());
        assert_eq!(wanted("device:HD"), Wanted { name: Some("HD".to_owned()), ..Wanted::default() });
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
