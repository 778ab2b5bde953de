//! Cameras that are not there: `tests/v4l2-shim` between a program and libc, told what to do.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::photo::Photo;
use crate::programs::{target, workspace};

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

/// How a camera is.
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

/// What a camera says that it was set to.
#[derive(Debug, PartialEq, Eq)]
pub struct Set {
    /// 1: 50 Hz, 2: 60 Hz, 3: as it finds.
    pub power_line: u32,
    /// Focus is automatic.
    pub focus_auto: u32,
    /// Focus, where it is not.
    pub focus: u32,
    /// 1: by hand, 3: automatic.
    pub exposure_auto: u32,
    /// Exposure in units of 0.1 ms, by hand.
    pub exposure: u32,
    /// The rate is kept in poor light.
    pub steady_rate: u32,
}

/// Cameras that the programs started with [`Shim::lend`] see instead of the computer's own.
pub struct Shim {
    folder: tempfile::TempDir,
    control: File,
}

impl Shim {
    /// A computer without a camera.
    ///
    /// # Panics
    /// Where the shim cannot be compiled: `cc` is there wherever Rust links.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("sys/class/video4linux")).unwrap();
        fs::create_dir_all(folder.path().join("dev")).unwrap();
        let path = folder.path().join("control");
        fs::write(&path, [0; CAMERAS * RECORD]).unwrap();
        let control = File::options().read(true).write(true).open(path).unwrap();
        library();
        Self { folder, control }
    }

    /// What a program's environment needs.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, PathBuf); 2] {
        [("LD_PRELOAD", library().to_owned()), ("KADIAN_V4L2_SHIM", self.folder.path().to_owned())]
    }

    /// Makes a program see these cameras.
    pub fn lend<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment())
    }

    /// Plugs a camera in at a port. `formats` are lines such as `MJPG 1280 720 30`.
    pub fn plug(&self, number: usize, name: &str, port: &str, formats: &[&str]) {
        self.write(number, field::RATE, 30);
        fs::write(self.file(&format!("video{number}.formats")), formats.join("\n")).unwrap();
        let bus = format!("devices/pci0000:00/0000:00:14.0/usb1/1-{port}/1-{port}:1.0");
        let node = self.file("sys").join(&bus).join(format!("video4linux/video{number}"));
        fs::create_dir_all(&node).unwrap();
        fs::write(node.join("name"), format!("{name}\n")).unwrap();
        let _ = symlink("../..", node.join("device"));
        let class = self.file(&format!("sys/class/video4linux/video{number}"));
        let _ = fs::remove_file(&class);
        symlink(format!("../../{bus}/video4linux/video{number}"), class).unwrap();
        fs::write(self.node(number), "").unwrap();
        self.write(number, field::PLUGGED, 1);
    }

    /// Pulls its cable.
    pub fn pull(&self, number: usize) {
        self.write(number, field::PLUGGED, 0);
        self.write(number, field::EPOCH, self.read(number, field::EPOCH) + 1);
        fs::remove_file(self.file(&format!("sys/class/video4linux/video{number}"))).unwrap();
        fs::remove_file(self.node(number)).unwrap();
    }

    /// Holds something before a camera; its frames are made for each of `formats`.
    pub fn show(&self, number: usize, photo: &Photo, formats: &[&str]) {
        self.show_frames(number, photo, formats, FRAMES);
    }

    /// The camera sends one picture again and again.
    pub fn freeze(&self, number: usize, photo: &Photo, formats: &[&str]) {
        self.show_frames(number, photo, formats, 1);
    }

    fn show_frames(&self, number: usize, photo: &Photo, formats: &[&str], frames: usize) {
        for format in formats {
            let mut words = format.split(' ');
            let code = words.next().unwrap();
            let [width, height] = [(); 2].map(|()| words.next().unwrap().parse().unwrap());
            let mut bytes = Vec::new();
            for turn in 0..frames {
                let frame = photo.frame(code, width, height, turn);
                bytes.extend_from_slice(&u32::try_from(frame.len()).unwrap().to_le_bytes());
                bytes.extend_from_slice(&frame);
            }
            let path = self.file(&format!("video{number}-{code}-{width}x{height}.frames"));
            // Replaced whole: a camera never reads half of it.
            fs::write(path.with_extension("next"), bytes).unwrap();
            fs::rename(path.with_extension("next"), path).unwrap();
        }
        self.write(number, field::GENERATION, self.read(number, field::GENERATION) + 1);
    }

    /// Makes a camera be like this.
    pub fn be(&self, number: usize, mode: Mode) {
        self.write(number, field::MODE, mode as u32);
    }

    /// Does this to its frames.
    pub fn damage(&self, number: usize, damage: Damage) {
        self.write(number, field::DAMAGE, damage as u32);
    }

    /// Whoever has it open by now hangs in the driver for ever.
    pub fn hang(&self, number: usize) {
        self.write(number, field::HANG_BELOW, self.read(number, field::OPENS) + 1);
    }

    /// Lets those go who hang.
    pub fn let_go(&self, number: usize) {
        self.write(number, field::HANG_BELOW, 0);
    }

    /// How long it needs for its first picture.
    pub fn wake_in(&self, number: usize, milliseconds: u32) {
        self.write(number, field::FIRST_MS, milliseconds);
    }

    /// Gives it exposure, focus and a power-line frequency.
    pub fn give_controls(&self, number: usize) {
        self.write(number, field::HAS_CONTROLS, 1);
    }

    /// What it was set to.
    #[must_use]
    pub fn set(&self, number: usize) -> Set {
        Set {
            power_line: self.read(number, field::POWER_LINE),
            focus_auto: self.read(number, field::FOCUS_AUTO),
            focus: self.read(number, field::FOCUS),
            exposure_auto: self.read(number, field::EXPOSURE_AUTO),
            exposure: self.read(number, field::EXPOSURE),
            steady_rate: self.read(number, field::STEADY_RATE),
        }
    }

    /// How often it was opened.
    #[must_use]
    pub fn opens(&self, number: usize) -> u32 {
        self.read(number, field::OPENS)
    }

    /// How many frames it gave.
    #[must_use]
    pub fn frames(&self, number: usize) -> u32 {
        self.read(number, field::FRAMES)
    }

    /// How many have it switched on.
    #[must_use]
    pub fn streaming(&self, number: usize) -> u32 {
        self.read(number, field::STREAMING)
    }

    /// The file that stands for its node: whoever has it open is seen to hold the camera.
    #[must_use]
    pub fn node(&self, number: usize) -> PathBuf {
        self.file(&format!("dev/video{number}"))
    }

    /// The file that stands for /proc/self: whoever owns it is whom the program takes itself for.
    #[must_use]
    pub fn account(&self) -> PathBuf {
        self.file("self")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, number: usize, field: usize) -> u32 {
        let mut bytes = [0; 4];
        self.control.read_exact_at(&mut bytes, (number * RECORD + field * 4) as u64).unwrap();
        u32::from_le_bytes(bytes)
    }

    fn write(&self, number: usize, field: usize, value: u32) {
        let at = (number * RECORD + field * 4) as u64;
        self.control.write_all_at(&value.to_le_bytes(), at).unwrap();
    }
}

impl Default for Shim {
    fn default() -> Self {
        Self::new()
    }
}

/// The compiled shim, made by the first who asks.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = workspace().join("tests/v4l2-shim");
        // Stories run beside each other, as processes: each compiles to a name of its own first.
        let folder = target().join("v4l2-shim");
        fs::create_dir_all(&folder).unwrap();
        let own = folder.join(format!("{}.so", std::process::id()));
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(&own)
            .args([source.join("hooks.c"), source.join("device.c")])
            .args(["-ldl", "-lpthread"])
            .status()
            .expect("cc is there wherever Rust links");
        assert!(compiled.success(), "the shim does not compile");
        let library = folder.join("v4l2-shim.so");
        fs::rename(own, &library).unwrap();
        library
    })
}
