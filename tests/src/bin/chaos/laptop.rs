//! A laptop at a gate, and the collector who works at it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use health_code::UnverifiedCode;
use serde_json::json;
use stage::{HeadlessStation, Problem, Surroundings};
use stories::residents::{Issuer, Resident};

use crate::ledger::{Code, Ledger};

/// Longest wait for what a collector waits for at the screen.
pub const PATIENCE: Duration = Duration::from_secs(60);
const DIGITS: &str = "0001";
const PIN: &str = "246810";

/// Hands out residents, each with a code that no gate has seen.
pub struct Queue<'a> {
    pub issuer: &'a Issuer,
    pub next: usize,
}

/// A station's folder, and how its program is started.
#[derive(Debug, Clone)]
pub struct Laptop {
    pub folder: PathBuf,
    pub surroundings: Surroundings,
}

/// How a shift at the gate ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// All came through.
    Done,
    /// The program ended.
    Killed,
    /// The screen did not go on.
    Hindered(String),
}

impl Laptop {
    /// Returns the file of its outbox.
    pub fn outbox(&self) -> PathBuf {
        self.folder.join("outbox.sqlite")
    }

    /// Starts the program.
    pub fn switch_on(&self) -> stage::Result<HeadlessStation> {
        // Each PIN whose check was cut off counts as a wrong try. Five in a row make everybody wait, which
        // is right, and is none of what is looked for here.
        let _ = std::fs::remove_file(self.folder.join("tries"));
        HeadlessStation::launch(&self.folder, &["--hurry"], &self.surroundings)
    }

    /// Puts a copy of its folder elsewhere, as somebody does with a disk image.
    pub fn copy_to(&self, to: &Path) -> std::io::Result<()> {
        copy_folder(&self.folder, to)
    }

    /// Replaces its folder by a copy that was made before.
    pub fn restore_from(&self, copy: &Path) -> std::io::Result<()> {
        std::fs::remove_dir_all(&self.folder)?;
        copy_folder(copy, &self.folder)
    }
}

/// Signs in and lets people through.
pub fn shift(station: &mut HeadlessStation, work: Work, queue: &mut Queue<'_>, book: &mut Book<'_>) -> End {
    let patience = work.patience;
    let worked = sign_in(station, patience).and_then(|()| {
        (0..work.people).try_for_each(|_| {
            queue.next += 1;
            let text = queue.issuer.sign(&Resident::number(queue.next), stage::clock::wall());
            let_through(station, &text, (queue.next, patience), book)
        })
    });
    match worked {
        Ok(()) => End::Done,
        Err(Problem::Ended { .. } | Problem::Io { .. }) => End::Killed,
        Err(other) => End::Hindered(other.to_string().chars().take(1500).collect()),
    }
}

/// What a collector is there for.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    pub people: usize,
    /// Longest wait for the screen.
    pub patience: Duration,
}

/// The ledger, open at a cycle.
pub struct Book<'a> {
    pub ledger: &'a mut Ledger,
    pub cycle: u64,
}

fn sign_in(station: &mut HeadlessStation, patience: Duration) -> stage::Result<()> {
    station.started()?;
    let line = json!({ "wing": "shift", "kind": "sign-in", "digits": DIGITS, "person": null, "secret": PIN });
    station.say(&line)?;
    let is_in = |view: &serde_json::Value| {
        view["screen"]["kind"] == "choose-checkpoint" || view["bar"]["checkpoint"].is_string()
    };
    let view = station.view_within("somebody to be signed in", patience, is_in)?;
    if view["screen"]["kind"] == "choose-checkpoint" {
        let row = &view["screen"]["rows"][0];
        let (id, direction) = (row["id"].clone(), row["direction"].clone());
        let line = json!({ "wing": "shift", "kind": "choose-checkpoint", "id": id, "direction": direction });
        station.say(&line)?;
        let chosen = |view: &serde_json::Value| view["bar"]["checkpoint"].is_string();
        station.view_within("the checkpoint in the bar", patience, chosen)?;
    }
    Ok(())
}

fn let_through(
    station: &mut HeadlessStation,
    text: &str,
    (number, patience): (usize, Duration),
    book: &mut Book<'_>,
) -> stage::Result<()> {
    station.say(&json!({ "kind": "scan", "text": text }))?;
    let own = Resident::number(number).masked_name;
    station.view_within("a result", patience, |view| {
        view["screen"]["kind"] == "result" && view["screen"]["result"]["fields"]["maskedName"] == *own
    })?;
    let code: Code = UnverifiedCode::parse(text).map(|code| code.cose().to_vec()).unwrap_or_default();
    book.ledger.pressed(code.clone(), number, book.cycle);
    station.say(&json!({ "kind": "confirm-shown" }))?;
    station.view_within("recorded", patience, |view| view["screen"]["kind"] == "recorded")?;
    book.ledger.confirmed(&code);
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => std::fs::copy(entry.path(), target).map(drop)?,
        }
    }
    Ok(())
}
