//! Whose a serial device is: the hand scanner's or the relay's, and never both.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use relay::RelayChoice;
use scanner::{ScannerChoice, System};

use crate::folder::Folder;
use crate::settings::{self, SettingsError, StationFile};
use crate::start::StartError;

/// Why a device could not be chosen. What was chosen before stays.
#[derive(Debug, thiserror::Error)]
pub enum CannotChoose {
    /// The folder is no station, or one runs on it.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The choice could not be written down.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The hand scanner and the relay would be one device, which would then be written to and read at once.
    #[error(
        "the hand scanner and the relay can't be one device; choose another, or `none` for the other one"
    )]
    SameDevice,
}

impl CannotChoose {
    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Start(error) => error.code(),
            Self::Settings(error) => error.code(),
            Self::SameDevice => "same-device",
        }
    }

    /// Returns whether retrying may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Start(error) => error.may_pass(),
            Self::Settings(error) => error.may_pass(),
            Self::SameDevice => false,
        }
    }
}

/// Chooses the hand scanner of a folder's station, which does not run: for its next start.
///
/// # Errors
/// [`CannotChoose`].
pub fn choose_scanner(dir: &Path, choice: ScannerChoice) -> Result<(), CannotChoose> {
    in_folder(dir, |file| file.scanner = choice)
}

/// Chooses the relay of a folder's station, which does not run: for its next start.
///
/// # Errors
/// [`CannotChoose`].
pub fn choose_relay(dir: &Path, choice: RelayChoice) -> Result<(), CannotChoose> {
    in_folder(dir, |file| file.relay = choice)
}

/// Changes which devices a running station uses, on the disk and then here.
///
/// # Errors
/// [`CannotChoose`].
pub(crate) fn keep(
    file: &Mutex<StationFile>,
    folder: &Folder,
    change: impl FnOnce(&mut StationFile),
) -> Result<(), CannotChoose> {
    let mut changed = file.lock().unwrap_or_else(PoisonError::into_inner).clone();
    change(&mut changed);
    check(&changed)?;
    let (scanner, relay) = (changed.scanner, changed.relay);
    Ok(settings::keep(file, &folder.settings(), |file| (file.scanner, file.relay) = (scanner, relay))?)
}

/// Returns whether a scanner and a relay would be one device, by what is plugged in.
pub(crate) fn is_one(scanner: &ScannerChoice, relay: &RelayChoice) -> bool {
    relay.port().is_some_and(|port| scanner::is_scanner_at(scanner, port, &System::default()))
}

fn in_folder(dir: &Path, change: impl FnOnce(&mut StationFile)) -> Result<(), CannotChoose> {
    let folder = Folder::new(dir);
    if !folder.settings().exists() {
        return Err(StartError::NotEnrolled(dir.to_owned()).into());
    }
    let _lock = folder.lock().map_err(StartError::from)?.ok_or(StartError::InUse)?;
    let mut file = StationFile::load(&folder.settings())?;
    change(&mut file);
    check(&file)?;
    Ok(file.save(&folder.settings())?)
}

fn check(file: &StationFile) -> Result<(), CannotChoose> {
    if is_one(&file.scanner, &file.relay) { Err(CannotChoose::SameDevice) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use relay::Pulse;
    use scanner::Port;

    use super::*;

    fn settings(dir: &Path) -> Folder {
        let folder = Folder::new(dir);
        let office = settings::Office::new("https://office.example", None);
        StationFile::new(wire::StationId([5; 16]), "", office).save(&folder.settings()).unwrap();
        folder
    }

    fn port(name: &str) -> Port {
        Port::Path { path: format!("/dev/{name}").into() }
    }

    fn relay_at(name: &str) -> RelayChoice {
        RelayChoice::Bytes { port: port(name), pulse_ms: Pulse::default() }
    }

    #[test]
    fn a_stations_devices_are_chosen_while_it_does_not_run() {
        let dir = tempfile::tempdir().unwrap();
        let none = choose_scanner(dir.path(), ScannerChoice::None).unwrap_err();
        assert_eq!(none.code(), "not-enrolled");
        let folder = settings(dir.path());
        choose_scanner(dir.path(), ScannerChoice::None).unwrap();
        choose_relay(dir.path(), relay_at("ttyS7")).unwrap();
        let file = StationFile::load(&folder.settings()).unwrap();
        assert_eq!((file.scanner, file.relay), (ScannerChoice::None, relay_at("ttyS7")));
        let _running = folder.lock().unwrap().unwrap();
        assert_eq!(choose_scanner(dir.path(), ScannerChoice::Window).unwrap_err().code(), "in-use");
        assert_eq!(choose_relay(dir.path(), RelayChoice::None).unwrap_err().code(), "in-use");
    }

    #[test]
    fn one_device_is_never_both_the_scanner_and_the_relay() {
        let dir = tempfile::tempdir().unwrap();
        let folder = settings(dir.path());
        choose_scanner(dir.path(), ScannerChoice::serial(port("ttyS7"))).unwrap();
        let refused = choose_relay(dir.path(), relay_at("ttyS7")).unwrap_err();
        assert_eq!((refused.code(), refused.may_pass()), ("same-device", false));
        choose_relay(dir.path(), relay_at("ttyS8")).unwrap();
        let file = Mutex::new(StationFile::load(&folder.settings()).unwrap());
        let scanner = ScannerChoice::serial(port("ttyS8"));
        let refused = keep(&file, &folder, |file| file.scanner = scanner.clone()).unwrap_err();
        assert_eq!(refused.code(), "same-device");
        assert_eq!(file.lock().unwrap().scanner, ScannerChoice::serial(port("ttyS7")), "it stays as it was");
        keep(&file, &folder, |file| file.relay = RelayChoice::None).unwrap();
        keep(&file, &folder, |file| file.scanner = scanner).unwrap();
    }
}
