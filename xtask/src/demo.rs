//! `cargo xtask run`: a whole demo checkpoint, from nothing to an open window.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::setup;
use crate::steps::{self, root, run};

/// A process of ours that ends with us.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Builds everything, starts the parts and opens the window; returns when the window is closed.
pub(crate) fn open() -> Result<(), String> {
    setup::packages()?;
    setup::npm()?;
    steps::npm("pages of the user interface", "build")?;
    steps::cargo(
        "programs",
        &["build", "--locked", "-p", "kadian", "-p", "back-office", "-p", "kadian-station"],
    )?;
    let demo = root().join("target/demo");
    // Trust lists age and tickets are good once: a run begins with a new world.
    let _ = std::fs::remove_dir_all(&demo);
    std::fs::create_dir_all(&demo).map_err(|error| format!("{}: {error}", demo.display()))?;
    let [world, office, station] = ["world", "office", "station"].map(|name| demo.join(name));
    run("demo world", program("kadian").arg("demo").arg(&world))?;
    let (_office, address) = serve("back office", &mut back_office(&world, &office))?;
    println!("   {address} lists what arrives");
    let ticket = output(program("back-office").arg("ticket").arg("--data").arg(&office))?;
    let ticket = ticket.split_whitespace().find(|word| word.starts_with("KDT1:"));
    let ticket = ticket.ok_or("the back office gave no ticket")?;
    run(
        "station",
        program("kadian")
            .args(["station", "enrol", "--name", "demo", "--ticket", ticket, "--dir"])
            .arg(&station),
    )?;
    let (_live, page) =
        serve("live codes", program("kadian").args(["live", "--listen", "127.0.0.1:0"]).arg(&world))?;
    println!("   {page} shows codes signed anew each minute; tap one to hold it before the simulated camera");
    let people = std::fs::read_to_string(world.join("people.tsv")).unwrap_or_default();
    println!("   sign in with one of these (phone, PIN, role, name):\n{people}");
    window(&station, &world)
}

fn back_office(world: &Path, data: &Path) -> Command {
    let mut command = program("back-office");
    command.args(["serve", "--plain-http", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    command.arg("--import-keys").arg(world.join("office")).arg("--import-trust").arg(world.join("trust"));
    command
}

fn window(station: &Path, world: &Path) -> Result<(), String> {
    if ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none()) {
        return Err("no display: open the window from a desktop session".into());
    }
    let mut command = program("kadian-station");
    command.arg("--dir").arg(station);
    if !Path::new("/dev/video0").exists() {
        println!("   no camera: the window uses the simulated one, and says so");
        command.arg("--camera").arg(format!("simulated:{}", world.join("live").display()));
    }
    run("window", &mut command)
}

fn program(name: &str) -> Command {
    let path: PathBuf = root().join("target/debug").join(name);
    Command::new(path)
}

/// Starts a server, and waits for the line that says where it listens.
fn serve(what: &str, command: &mut Command) -> Result<(Running, String), String> {
    println!("── {what}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{what}: did not start: {error}"))?;
    let out = child.stdout.take().ok_or("no output")?;
    let running = Running(child);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).map_err(|error| format!("{what}: {error}"))?;
    let said: serde_json::Value =
        serde_json::from_str(&line).map_err(|_| format!("{what}: ended before it listened"))?;
    Ok((running, said["url"].as_str().unwrap_or_default().to_owned()))
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
