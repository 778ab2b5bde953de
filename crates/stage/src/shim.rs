//! Cameras that do not exist: `crates/stage/v4l2-shim` stands between a program and libc, and is told
//! what to do.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt as _, symlink};
use std::path::PathBuf;
use std::process::Command;

use crate::compiled::library;
use crate::photo::Photo;
use crate::problem::{Problem, Result, io};

/// Cameras of one shim; `DEVICES` in shim.h.
const CAMERAS: usize = 4;
/// Bytes of one camera's record; `RECORD` in shim.h.
const RECORD: usize = 128;
/// Frames that take turns, so that no two pictures are alike.
const FRAMES: usize = 4;

/// Fields of `struct control` in shim.h, by their place.
mod field {
    pub const PLUGGED: usize = 0;
    pub const MODE: usize = 1;
    pub const DAMAGE: usize = 2;
    pub const GENERATION: usize = 3;
    pub const RATE: usize = 4;
    pub const FIRST_MS: usize = 5;
    pub const EPOCH: usize = 6;
    pub const HANG_BELOW: usize = 7;
    pub const HAS_CONTROLS: usize = 8;
    pub const OPENS: usize = 16;
    pub const FRAMES: usize = 17;
    pub const STREAMING: usize = 18;
    pub const POWER_LINE: usize = 19;
    pub const FOCUS_AUTO: usize = 20;
    pub const FOCUS: usize = 21;
    pub const EXPOSURE_AUTO: usize = 22;
    pub const EXPOSURE: usize = 23;
    pub const STEADY_RATE: usize = 24;
}

/// Whether a camera works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It works.
    Well = 0,
    /// It sends nothing more.
    Stall = 1,
    /// Another program holds it.
    Busy = 2,
    /// It may not be opened.
    Denied = 3,
}

/// What is done to its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Nothing.
    None = 0,
    /// They are cut short.
    Cut = 1,
    /// Bytes are changed here and there.
    Flip = 2,
    /// The driver marks them as damaged.
    Marked = 3,
    /// They are noise.
    Noise = 4,
}

/// The values that a camera's controls were set to.
#[derive(Debug, PartialEq, Eq)]
pub struct Set {
    /// 1: 50 Hz, 2: 60 Hz, 3: automatic.
    pub power_line: u32,
    /// Focus is automatic.
    pub focus_auto: u32,
    /// Focus, where it is not automatic.
    pub focus: u32,
    /// 1: by hand, 3: automatic.
    pub exposure_auto: u32,
    /// Exposure in units of 0.1 ms, by hand.
    pub exposure: u32,
    /// The frame rate is kept in poor light.
    pub steady_rate: u32,
}

/// Cameras that the programs started with [`Shim::lend`] see instead of the computer's own.
pub struct Shim {
    folder: tempfile::TempDir,
    control: File,
    /// The compiled shim.
    library: PathBuf,
}

impl Shim {
    /// Makes a computer without a camera. The first shim compiles the library.
    ///
    /// # Errors
    /// [`Problem`] where it does not compile; `cc` is there wherever Rust links.
    pub fn new() -> Result<Self> {
        let unwritable = || io("the folder of the shim");
        let folder = tempfile::tempdir().map_err(unwritable())?;
        fs::create_dir_all(folder.path().join("sys/class/video4linux")).map_err(unwritable())?;
        fs::create_dir_all(folder.path().join("dev")).map_err(unwritable())?;
        let path = folder.path().join("control");
        fs::write(&path, [0; CAMERAS * RECORD]).map_err(unwritable())?;
        let control = File::options().read(true).write(true).open(path).map_err(unwritable())?;
        Ok(Self { folder, control, library: library("v4l2-shim", &["hooks.c", "device.c"])? })
    }

    /// Returns what a program's environment needs to see these cameras.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, PathBuf); 2] {
        [("LD_PRELOAD", self.library.clone()), ("KADIAN_V4L2_SHIM", self.folder.path().to_owned())]
    }

    /// Makes a program see these cameras.
    pub fn lend<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment())
    }

    /// Plugs a camera in at a port. `formats` are lines such as `MJPG 1280 720 30`.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn plug(&self, number: usize, name: &str, port: &str, formats: &[&str]) -> Result<()> {
        self.write(number, field::RATE, 30)?;
        self.add_to_sysfs(number, name, port, formats).map_err(io("plugging a camera in"))?;
        self.write(number, field::PLUGGED, 1)
    }

    fn add_to_sysfs(&self, number: usize, name: &str, port: &str, formats: &[&str]) -> std::io::Result<()> {
        fs::write(self.file(&format!("video{number}.formats")), formats.join("\n"))?;
        let bus = format!("devices/pci0000:00/0000:00:14.0/usb1/1-{port}/1-{port}:1.0");
        let node = self.file("sys").join(&bus).join(format!("video4linux/video{number}"));
        fs::create_dir_all(&node)?;
        fs::write(node.join("name"), format!("{name}\n"))?;
        // Both links may be there from the last time.
        let _ = symlink("../..", node.join("device"));
        let class = self.file(&format!("sys/class/video4linux/video{number}"));
        let _ = fs::remove_file(&class);
        symlink(format!("../../{bus}/video4linux/video{number}"), class)?;
        fs::write(self.node(number), "")
    }

    /// Pulls its cable.
    ///
    /// # Errors
    /// [`Problem::Io`] where it is not plugged in.
    pub fn pull(&self, number: usize) -> Result<()> {
        self.write(number, field::PLUGGED, 0)?;
        self.write(number, field::EPOCH, self.read(number, field::EPOCH)? + 1)?;
        fs::remove_file(self.file(&format!("sys/class/video4linux/video{number}")))
            .and_then(|()| fs::remove_file(self.node(number)))
            .map_err(io("pulling a camera's cable"))
    }

    /// Holds something before a camera; its frames are made for each of `formats`.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn show(&self, number: usize, photo: &Photo, formats: &[&str]) -> Result<()> {
        self.show_frames(number, photo, formats, FRAMES)
    }

    /// Makes the camera send one picture again and again.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn freeze(&self, number: usize, photo: &Photo, formats: &[&str]) -> Result<()> {
        self.show_frames(number, photo, formats, 1)
    }

    fn show_frames(&self, number: usize, photo: &Photo, formats: &[&str], frames: usize) -> Result<()> {
        for format in formats {
            let (code, width, height) =
                size(format).ok_or_else(|| Problem::unexpected("a camera's format", format))?;
            let mut bytes = Vec::new();
            for turn in 0..frames {
                let frame = photo.frame(code, width, height, turn)?;
                let length =
                    u32::try_from(frame.len()).map_err(|error| Problem::unexpected("a frame", error))?;
                bytes.extend_from_slice(&length.to_le_bytes());
                bytes.extend_from_slice(&frame);
            }
            let path = self.file(&format!("video{number}-{code}-{width}x{height}.frames"));
            // Replaced whole: a camera never reads half of it.
            fs::write(path.with_extension("next"), bytes)
                .and_then(|()| fs::rename(path.with_extension("next"), path))
                .map_err(io("the frames of a camera"))?;
        }
        self.write(number, field::GENERATION, self.read(number, field::GENERATION)? + 1)
    }

    /// Sets a camera's mode.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn be(&self, number: usize, mode: Mode) -> Result<()> {
        self.write(number, field::MODE, mode as u32)
    }

    /// Damages a camera's frames.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn damage(&self, number: usize, damage: Damage) -> Result<()> {
        self.write(number, field::DAMAGE, damage as u32)
    }

    /// Makes whoever has it open by now hang in the driver for ever.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn hang(&self, number: usize) -> Result<()> {
        self.write(number, field::HANG_BELOW, self.read(number, field::OPENS)? + 1)
    }

    /// Lets those go who hang.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn let_go(&self, number: usize) -> Result<()> {
        self.write(number, field::HANG_BELOW, 0)
    }

    /// Sets how long it needs for its first picture.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn wake_in(&self, number: usize, milliseconds: u32) -> Result<()> {
        self.write(number, field::FIRST_MS, milliseconds)
    }

    /// Gives it exposure, focus and a power-line frequency.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn give_controls(&self, number: usize) -> Result<()> {
        self.write(number, field::HAS_CONTROLS, 1)
    }

    /// Returns what its controls were set to.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn set(&self, number: usize) -> Result<Set> {
        Ok(Set {
            power_line: self.read(number, field::POWER_LINE)?,
            focus_auto: self.read(number, field::FOCUS_AUTO)?,
            focus: self.read(number, field::FOCUS)?,
            exposure_auto: self.read(number, field::EXPOSURE_AUTO)?,
            exposure: self.read(number, field::EXPOSURE)?,
            steady_rate: self.read(number, field::STEADY_RATE)?,
        })
    }

    /// Returns how often it was opened.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn opens(&self, number: usize) -> Result<u32> {
        self.read(number, field::OPENS)
    }

    /// Returns how many frames it gave.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn frames(&self, number: usize) -> Result<u32> {
        self.read(number, field::FRAMES)
    }

    /// Returns how many programs have it switched on.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn streaming(&self, number: usize) -> Result<u32> {
        self.read(number, field::STREAMING)
    }

    /// Returns the file that stands for its node. Whoever has it open is seen to hold the camera.
    #[must_use]
    pub fn node(&self, number: usize) -> PathBuf {
        self.file(&format!("dev/video{number}"))
    }

    /// Returns the file that stands for /proc/self. The program takes itself for the owner of this file.
    #[must_use]
    pub fn account(&self) -> PathBuf {
        self.file("self")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, number: usize, field: usize) -> Result<u32> {
        let mut bytes = [0; 4];
        let at = (number * RECORD + field * 4) as u64;
        self.control.read_exact_at(&mut bytes, at).map_err(io("the shim's control file"))?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn write(&self, number: usize, field: usize, value: u32) -> Result<()> {
        let at = (number * RECORD + field * 4) as u64;
        self.control.write_all_at(&value.to_le_bytes(), at).map_err(io("the shim's control file"))
    }
}

/// Reads the code and the size from a line such as `MJPG 1280 720 30`.
fn size(format: &str) -> Option<(&str, usize, usize)> {
    let mut words = format.split(' ');
    Some((words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}
