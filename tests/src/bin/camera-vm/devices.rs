//! The machine's devices: finds, sets, unbinds and feeds them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use serde_json::Value;
use stage::{JsonLines, Running};
use v4l::Device;
use v4l::control::{Control, Type, Value as Setting};

use crate::feed::TEXT;

/// Longest wait: the machine is emulated, and slow.
const PATIENCE: Duration = Duration::from_secs(90);

/// Finds the device node whose name in sysfs has this beginning.
pub fn node(name: &str) -> Option<PathBuf> {
    let entries = fs::read_dir("/sys/class/video4linux").unwrap().flatten();
    let found = entries
        .map(|entry| entry.path())
        .find(|path| fs::read_to_string(path.join("name")).is_ok_and(|text| text.starts_with(name)))?;
    Some(Path::new("/dev").join(found.file_name()?))
}

/// Sets a control of a device by its name.
pub fn set(device: &Path, name: &str, value: i64) {
    let device = Device::with_path(device).unwrap();
    let controls = device.query_controls().unwrap();
    let control = controls.iter().find(|control| control.name == name);
    let control = control.unwrap_or_else(|| panic!("no control {name}"));
    let value =
        if control.typ == Type::Boolean { Setting::Boolean(value != 0) } else { Setting::Integer(value) };
    device.set_control(Control { id: control.id, value }).unwrap();
}

/// Unbinds a driver's device or binds it again, as if a cable were pulled and plugged in.
pub fn drive(driver: &str, what: &str, device: &str) {
    fs::write(format!("/sys/bus/platform/drivers/{driver}/{what}"), device).unwrap();
}

/// Starts a program that feeds a device.
pub fn feed(device: &Path, code: &str, frames: &Path, cut: bool) -> Running {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg("feed").arg(device).arg(code).arg(frames).args(cut.then_some("--cut"));
    Running::start(command.stdin(Stdio::null())).unwrap()
}

/// A running `kadian camera watch`.
pub struct Watched {
    _program: Running,
    lines: JsonLines,
}

impl Watched {
    pub fn start(camera: &str) -> Self {
        let mut command = Command::new("/bin/kadian");
        command.args(["camera", "watch", "--camera", camera]);
        let mut program = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped())).unwrap();
        let lines = program.stdout_lines().unwrap();
        Self { _program: program, lines }
    }

    /// Waits for pictures, and returns their format.
    pub fn live(&self) -> String {
        let live = self.line("live", |line| line["state"] == "live");
        let lesser = live["lesser"].as_str().map(|why| format!(", less for want of {why}"));
        format!("{}{}", live["format"].as_str().unwrap(), lesser.unwrap_or_default())
    }

    pub fn fault(&self, code: &str) -> Value {
        self.line(code, |line| line["state"] == "fault" && line["fault"] == code)
    }

    pub fn pictures(&self) -> Value {
        self.line("pictures", |line| line["event"] == "pictures" && line["came"] != 0)
    }

    pub fn code(&self) {
        self.line("the code", |line| line["code"] == TEXT);
    }

    fn line(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        self.lines.wait(what, PATIENCE, |line| is(line).then(|| line.clone())).unwrap()
    }
}
