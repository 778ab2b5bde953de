//! The program's command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use station::CameraChoice;

/// Opens the collector's window on a station's folder.
///
/// The folder is made by `kadian station enrol --dir DIR --ticket TICKET`. One folder belongs to
/// one running station: a second window on the same folder says so.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// The station's folder.
    #[arg(long, value_name = "DIR", env = "KADIAN_STATION_DIR", default_value_os_t = own_folder())]
    pub(crate) dir: PathBuf,

    /// Which camera, instead of the one in the settings: `device`, `none`, or `simulated:DIR`,
    /// which plays the codes that `kadian-issue live` writes to DIR.
    #[arg(long, value_name = "CAMERA")]
    pub(crate) camera: Option<CameraChoice>,

    /// A folder that counts as a USB stick, beside those that are plugged in.
    #[arg(long, value_name = "DIR")]
    pub(crate) stick: Option<PathBuf>,

    /// Locks the laptop into this window, whatever the settings say: only an administrator's sign-in leaves.
    /// With `session` the program then ends, because it is the whole session (see docs/kiosk.md).
    #[arg(long, value_name = "MODE", num_args = 0..=1, default_missing_value = "window")]
    pub(crate) kiosk: Option<KioskMode>,

    /// Which second camera, instead of the one in the settings, in the same form.
    #[arg(long, value_name = "CAMERA")]
    pub(crate) second_camera: Option<CameraChoice>,

    /// Never reloads a page that does not answer: for an emulated machine, where that is no sign of anything, and for a
    /// debugger.
    #[arg(long, hide = true)]
    pub(crate) patient: bool,
}

/// What becomes of the window when an administrator leaves the kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KioskMode {
    /// It is an ordinary window from then on.
    Window,
    /// The program ends: it was the whole session.
    Session,
}

/// Returns the folder of a station that is opened from a menu.
fn own_folder() -> PathBuf {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .unwrap_or_default()
        .join("kadian/station")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn the_usual_ones_are_read() {
        let args = Args::try_parse_from(["kadian-station", "--dir", "/s", "--camera", "none"]).unwrap();
        assert_eq!(args.dir, PathBuf::from("/s"));
        assert!(args.camera.is_some());
        assert!(Args::try_parse_from(["kadian-station", "--camera", "rear"]).is_err());
        for (words, mode) in [
            (&["kadian-station"][..], None),
            (&["kadian-station", "--kiosk"], Some(KioskMode::Window)),
            (&["kadian-station", "--kiosk", "session"], Some(KioskMode::Session)),
        ] {
            assert_eq!(Args::try_parse_from(words).unwrap().kiosk, mode);
        }
    }
}
