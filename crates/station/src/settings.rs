//! `station.json`: which station this laptop is, and its settings.

mod device;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use camera::CameraChoice;
use disk::{Access, DiskError};
use gate::window::workbench::Enrolment;
use health_code::Timestamp;
use relay::RelayChoice;
use reqwest::Url;
use scanner::ScannerChoice;
use serde::{Deserialize, Serialize};
use wire::limits::NAME_BYTES;
use wire::{StationId, Ticket, hex};

use crate::limits::{NAME_CHARS, SETTINGS_BYTES};

pub use device::{DeviceSetting, Lamp, Voice};

/// Version of the file's format.
const VERSION: u32 = 1;

/// The settings that the window may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// What the technician called the laptop.
    pub name: String,
    /// The language of the screen.
    pub language: Language,
    /// The colours of the screen.
    pub theme: Theme,
    /// The second language stands small beside the first.
    pub gloss: bool,
    /// The camera's picture is shown as in a mirror.
    pub mirrored: bool,
    /// Where the resident's side is.
    pub resident_display: ResidentDisplay,
    /// Only an administrator leaves the window, from the next start on.
    pub kiosk: bool,
    /// How loud sounds are, from 0 to 100.
    pub volume: u8,
    /// Whether the screen is a lamp.
    pub lamp: Lamp,
    /// In which languages the resident's side is spoken.
    pub voice: Voice,
}

/// A language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// The language of the operating system.
    #[default]
    System,
    /// 中文.
    Zh,
    /// English.
    En,
}

/// The colours of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// What the operating system prefers, also when that changes.
    #[default]
    System,
    /// Dark on light: for daylight.
    Light,
    /// Light on dark: for dusk.
    Dark,
    /// High contrast.
    Contrast,
}

/// Where the resident's side is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ResidentDisplay {
    /// Nowhere.
    #[default]
    None,
    /// In an ordinary window, which somebody moves to where it belongs.
    Window,
    /// On a whole display, as long as it is connected and the collector's window is on another.
    Display {
        /// The name that the system gives it.
        name: String,
    },
}

/// Why settings could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read or written. Retrying may help.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The file does not have the format.
    #[error("station.json is damaged: {0}")]
    Damaged(String),
    /// A later version of this program wrote the file.
    #[error("station.json has version {0}, which this program does not know")]
    Newer(u32),
}

impl SettingsError {
    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disk(_) => "settings-io",
            Self::Damaged(_) => "settings-damaged",
            Self::Newer(_) => "settings-newer",
        }
    }

    /// Returns whether retrying may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Disk(_))
    }
}

/// The whole file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StationFile {
    version: u32,
    /// The station's id in hex.
    station: String,
    pub name: String,
    #[serde(default)]
    pub language: Language,
    #[serde(default)]
    pub theme: Theme,
    #[serde(default = "with_gloss")]
    pub gloss: bool,
    #[serde(default)]
    pub mirrored: bool,
    #[serde(default)]
    pub resident_display: ResidentDisplay,
    #[serde(default)]
    pub kiosk: bool,
    #[serde(default = "volume")]
    pub volume: u8,
    #[serde(default)]
    pub lamp: Lamp,
    #[serde(default)]
    pub voice: Voice,
    pub office: Office,
    #[serde(default)]
    pub camera: CameraChoice,
    #[serde(default)]
    pub scanner: ScannerChoice,
    #[serde(default)]
    pub relay: RelayChoice,
    /// The camera that looks down at paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_camera: Option<CameraChoice>,
}

/// Where the back office is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Office {
    /// Its address.
    pub url: String,
    /// The deployment's CA certificate (DER in hex).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ca: Option<String>,
    /// What the ticket called it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    /// When it took this station in, by its own clock, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<i64>,
}

impl Office {
    pub(crate) fn new(url: &str, ca: Option<&[u8]>) -> Self {
        Self { url: url.to_owned(), ca: ca.map(hex::encode), name: String::new(), since: None }
    }

    /// Returns the office of a ticket, which took this station in at a moment.
    pub(crate) fn of(ticket: &Ticket, since: i64) -> Self {
        let since = Some(since);
        Self { name: ticket.office.clone(), since, ..Self::new(&ticket.url, ticket.ca.as_deref()) }
    }

    /// Returns the CA certificate (DER). Unreadable hex gives an empty one, which nothing trusts.
    pub(crate) fn ca(&self) -> Option<Vec<u8>> {
        self.ca.as_ref().map(|ca| hex::decode(ca).unwrap_or_default())
    }
}

impl StationFile {
    pub(crate) fn new(station: StationId, name: &str, office: Office) -> Self {
        let (camera, scanner) = (CameraChoice::default(), ScannerChoice::default());
        let (version, station, name) = (VERSION, station.to_string(), bounded(name));
        let (language, theme, gloss) = (Language::System, Theme::System, with_gloss());
        let resident_display = ResidentDisplay::None;
        let (mirrored, kiosk) = (false, false);
        let (volume, lamp, voice, second_camera) = (volume(), Lamp::default(), Voice::default(), None);
        Self {
            version,
            station,
            name,
            language,
            theme,
            gloss,
            mirrored,
            resident_display,
            kiosk,
            office,
            volume,
            lamp,
            voice,
            camera,
            scanner,
            relay: RelayChoice::None,
            second_camera,
        }
    }

    pub(crate) fn load(path: &Path) -> Result<Self, SettingsError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let bytes = disk::read(path, SETTINGS_BYTES)?;
        let damaged = |error: serde_json::Error| SettingsError::Damaged(error.to_string());
        let Versioned { version } = serde_json::from_slice(&bytes).map_err(damaged)?;
        if version != VERSION {
            return Err(SettingsError::Newer(version));
        }
        let file: Self = serde_json::from_slice(&bytes).map_err(damaged)?;
        if file.name.chars().count() > NAME_CHARS {
            return Err(SettingsError::Damaged("name".to_owned()));
        }
        file.station()?;
        Ok(file)
    }

    pub(crate) fn save(&self, path: &Path) -> Result<(), SettingsError> {
        let mut text =
            serde_json::to_vec_pretty(self).map_err(|error| SettingsError::Damaged(error.to_string()))?;
        text.push(b'\n');
        Ok(disk::replace(path, &text, Access::Owner)?)
    }

    pub(crate) fn station(&self) -> Result<StationId, SettingsError> {
        self.station.parse().map_err(|_| SettingsError::Damaged("station".to_owned()))
    }

    /// Returns what the laptop knows of its enrolment.
    pub(crate) fn enrolment(&self) -> Enrolment {
        let (host, port) = address(&self.office.url);
        Enrolment {
            laptop: self.name.clone(),
            station: self.station.clone(),
            office: self.office.name.clone(),
            host,
            port,
            since: self.office.since.map(Timestamp),
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        let Self { language, theme, gloss, mirrored, kiosk, lamp, voice, .. } = *self;
        let volume = self.volume.min(LOUDEST);
        let (name, resident_display) = (self.name.clone(), self.resident_display.clone());
        Settings { name, language, theme, gloss, mirrored, resident_display, kiosk, volume, lamp, voice }
    }

    pub(crate) fn set(&mut self, setting: DeviceSetting) {
        match setting {
            DeviceSetting::Mirrored(mirrored) => self.mirrored = mirrored,
            DeviceSetting::Volume(volume) => self.volume = volume.min(LOUDEST),
            DeviceSetting::Lamp(lamp) => self.lamp = lamp,
            DeviceSetting::Voice(voice) => self.voice = voice,
        }
    }
}

/// Changes the settings on the disk, and then here.
pub(crate) fn keep(
    file: &Mutex<StationFile>,
    path: &Path,
    change: impl FnOnce(&mut StationFile),
) -> Result<(), SettingsError> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    let mut changed = file.clone();
    change(&mut changed);
    changed.save(path)?;
    *file = changed;
    Ok(())
}

/// The largest volume.
const LOUDEST: u8 = 100;

/// Returns the volume where nobody chose one.
fn volume() -> u8 {
    80
}

/// Returns whether the second language is shown where nobody chose.
fn with_gloss() -> bool {
    true
}

/// Returns host and port of an address, for people.
pub(crate) fn address(url: &str) -> (String, u16) {
    let Ok(url) = url.parse::<Url>() else { return (String::new(), 0) };
    (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default().unwrap_or_default())
}

/// Returns a name without control characters and of bounded length; `station` for an empty one.
pub(crate) fn bounded(name: &str) -> String {
    let mut bytes = 0;
    let name: String = name
        .trim()
        .chars()
        .filter(|char| !char.is_control())
        .take(NAME_CHARS)
        .take_while(|char| {
            bytes += char.len_utf8();
            bytes <= NAME_BYTES
        })
        .collect();
    if name.is_empty() { "station".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_go_both_ways() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("station.json");
        let office = Office::new("https://office.example:8443", Some(&[1, 2, 0xff]));
        let mut file = StationFile::new(StationId([5; 16]), " 东门\n一号 ", office);
        file.language = Language::Zh;
        file.theme = Theme::Contrast;
        file.gloss = false;
        file.scanner = ScannerChoice::None;
        for setting in [
            DeviceSetting::Mirrored(true),
            DeviceSetting::Volume(200),
            DeviceSetting::Lamp(Lamp::Off),
            DeviceSetting::Voice(Voice::Both),
        ] {
            file.set(setting);
        }
        file.kiosk = true;
        file.resident_display = ResidentDisplay::Display { name: "HDMI-1".to_owned() };
        file.save(&path).unwrap();
        let read = StationFile::load(&path).unwrap();
        let (language, theme) = (Language::Zh, Theme::Contrast);
        let (name, resident_display) = ("东门一号".to_owned(), file.resident_display.clone());
        let (gloss, mirrored, kiosk, volume, lamp, voice) = (false, true, true, 100, Lamp::Off, Voice::Both);
        let settings =
            Settings { name, language, theme, gloss, mirrored, resident_display, kiosk, volume, lamp, voice };
        assert_eq!(read.settings(), settings);
        assert_eq!(read.office.ca(), Some(vec![1, 2, 0xff]));
        assert_eq!(read.station().unwrap(), StationId([5; 16]));
        assert_eq!(read.scanner, ScannerChoice::None);
    }

    #[test]
    fn other_forms_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("station.json");
        let office = Office::new("https://office.example", None);
        StationFile::new(StationId([5; 16]), "", office).save(&path).unwrap();
        let good = std::fs::read_to_string(&path).unwrap();
        for (from, to) in
            [("\"version\": 1", "\"version\": 2"), ("0505", "05"), ("\"name\"", "\"nom\""), ("{", "")]
        {
            std::fs::write(&path, good.replacen(from, to, 1)).unwrap();
            assert!(StationFile::load(&path).is_err(), "{to}");
        }
        std::fs::write(&path, good.replace("\"station\",\n", &format!("\"{}\",\n", "x".repeat(70_000))))
            .unwrap();
        assert!(StationFile::load(&path).is_err());
    }
}
