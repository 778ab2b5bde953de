//! A demo world in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};

use health_code::{Region, RootPin, Trust};
use serde_json::Value;

use crate::problem::{Problem, Result, io};
use crate::programs::command;
use crate::running::finish;

/// First line of `codes.tsv`.
const HEADER: &str = "name\tat\tverdict\trefusal\tmasked_name\tmasked_id\tpseudonym";

/// Returns the digits of a phone by which its owner signs in.
pub(crate) fn last_digits(phone: &str) -> &str {
    phone.get(phone.len().saturating_sub(4)..).unwrap_or(phone)
}

/// A folder that `kadian-issue demo` filled.
pub struct World {
    folder: PathBuf,
    /// Removes the folder when dropped.
    _temporary: Option<tempfile::TempDir>,
}

/// One line of `codes.tsv`.
#[derive(Debug, Clone)]
pub struct Row {
    /// Names the files.
    pub name: String,
    /// The moment to judge at.
    pub at: String,
    /// What it must come to.
    pub verdict: String,
    /// The refusal's code, or empty.
    pub refusal: String,
    /// What may be shown, or empty.
    pub masked_name: String,
    /// What may be shown, or empty.
    pub masked_id: String,
    /// In hex, or empty.
    pub pseudonym: String,
}

/// What `kadian verify` said.
#[derive(Debug)]
pub struct Answer {
    /// Its exit status; `None` where a signal ended it.
    pub status: Option<i32>,
    /// Its one object; null where it printed none.
    pub object: Value,
    /// Its standard error.
    pub error: String,
}

impl World {
    /// Makes a world, as of now or of a moment (RFC 3339); gone when dropped.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn new(at: Option<&str>) -> Result<Self> {
        let temporary = tempfile::tempdir().map_err(io("a folder for a world"))?;
        let world = Self { folder: temporary.path().to_owned(), _temporary: Some(temporary) };
        world.make(at)?;
        Ok(world)
    }

    /// Makes a world as of now, in a folder that stays.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn at(folder: &Path) -> Result<Self> {
        let world = Self { folder: folder.to_owned(), _temporary: None };
        world.make(None)?;
        Ok(world)
    }

    /// Takes a folder that was made already, by `kadian-issue demo` or `kadian-issue trust new`.
    #[must_use]
    pub fn made(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), _temporary: None }
    }

    /// Makes it again.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn make(&self, at: Option<&str>) -> Result<()> {
        let mut command = command("kadian-issue")?;
        command.arg("demo").arg(self.path());
        if let Some(at) = at {
            command.args(["--at", at]);
        }
        finish(&mut command).map(|_| ())
    }

    /// Returns its folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Returns the path of a file of one of its codes.
    #[must_use]
    pub fn code(&self, name: &str, ending: &str) -> PathBuf {
        self.path().join("codes").join(format!("{name}.{ending}"))
    }

    /// Reads a private key, by its file's name in `keys`.
    ///
    /// # Errors
    /// [`Problem`] where there is none.
    pub fn key(&self, name: &str) -> Result<[u8; 32]> {
        self.key_in("keys", name)
    }

    /// Reads a private key of the back office, by its file's name in `office`.
    ///
    /// # Errors
    /// [`Problem`] where there is none.
    pub fn office_key(&self, name: &str) -> Result<[u8; 32]> {
        self.key_in("office", name)
    }

    fn key_in(&self, folder: &str, name: &str) -> Result<[u8; 32]> {
        let path = self.path().join(folder).join(format!("{name}.key"));
        let text = read_text(&path)?;
        key(text.trim_end()).ok_or_else(|| Problem::unexpected(path.display().to_string(), "it holds no key"))
    }

    /// Reads the table of its codes.
    ///
    /// # Errors
    /// [`Problem`] where it is not the table that `kadian-issue demo` writes.
    pub fn rows(&self) -> Result<Vec<Row>> {
        let table = read_text(&self.path().join("codes.tsv"))?;
        let mut lines = table.lines();
        if lines.next() != Some(HEADER) {
            return Err(Problem::unexpected("codes.tsv", "its header is another"));
        }
        lines
            .map(row)
            .collect::<Option<_>>()
            .ok_or_else(|| Problem::unexpected("codes.tsv", "seven columns are wanted"))
    }

    /// Opens its trust files in this process, and returns them with the region of its community.
    ///
    /// # Errors
    /// [`Problem::Unexpected`] where they do not hold together.
    pub fn trust(&self) -> Result<(Trust, Region)> {
        let files = disk::trust_folder::read(&self.path().join("trust"))
            .map_err(|error| Problem::unexpected("the world's trust", error))?;
        let pin = RootPin::of(&files.root);
        let trust = Trust::open(files, &pin).map_err(|why| Problem::unexpected("the world's trust", why))?;
        let region = trust.community().region.clone();
        Ok((trust, region))
    }

    /// Runs `kadian verify` with this world's trust. An error of the program is an answer, too.
    ///
    /// # Errors
    /// [`Problem`] where the program does not start.
    pub fn verify(&self, arguments: &[&str]) -> Result<Answer> {
        let mut command = command("kadian")?;
        command.arg("verify").arg("--trust").arg(self.path().join("trust")).args(arguments);
        let output = command.output().map_err(io("kadian verify"))?;
        Ok(Answer {
            status: output.status.code(),
            object: serde_json::from_slice(&output.stdout).unwrap_or_default(),
            error: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(io(path.display().to_string()))
}

fn key(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes().as_chunks::<2>().0;
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.iter().map(byte).collect::<Option<Vec<u8>>>()?.try_into().ok()
}

fn row(line: &str) -> Option<Row> {
    let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
    let [name, at, verdict, refusal, masked_name, masked_id, pseudonym] = columns.try_into().ok()?;
    Some(Row { name, at, verdict, refusal, masked_name, masked_id, pseudonym })
}
