//! A demo world in a folder of its own.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::programs::command;

/// A folder that `kadian-issue demo` filled.
pub struct World {
    folder: PathBuf,
    /// Where it is gone when dropped.
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
    /// Its exit status.
    pub status: i32,
    /// Its one object; null where it printed none.
    pub object: Value,
    /// Its standard error.
    pub error: String,
}

impl World {
    /// A new world, as of now or of a moment (RFC 3339); gone when dropped.
    #[must_use]
    pub fn new(at: Option<&str>) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let world = Self { folder: temporary.path().to_owned(), _temporary: Some(temporary) };
        world.make(at);
        world
    }

    /// A new world as of now, in a folder that stays.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        let world = Self { folder: folder.to_owned(), _temporary: None };
        world.make(None);
        world
    }

    /// Makes it again.
    pub fn make(&self, at: Option<&str>) {
        let mut command = command("kadian-issue");
        command.arg("demo").arg(self.path());
        if let Some(at) = at {
            command.args(["--at", at]);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Its folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// A file of one of its codes.
    #[must_use]
    pub fn code(&self, name: &str, ending: &str) -> PathBuf {
        self.path().join("codes").join(format!("{name}.{ending}"))
    }

    /// A private key of it, by its file's name in `keys`.
    #[must_use]
    pub fn key(&self, name: &str) -> [u8; 32] {
        self.key_in("keys", name)
    }

    /// A private key of its back office, by its file's name in `office`.
    #[must_use]
    pub fn office_key(&self, name: &str) -> [u8; 32] {
        self.key_in("office", name)
    }

    fn key_in(&self, folder: &str, name: &str) -> [u8; 32] {
        let text = std::fs::read_to_string(self.path().join(folder).join(format!("{name}.key"))).unwrap();
        let text = text.trim_end();
        assert_eq!(text.len(), 64);
        std::array::from_fn(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap())
    }

    /// The table of its codes.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let table = std::fs::read_to_string(self.path().join("codes.tsv")).unwrap();
        let mut lines = table.lines();
        assert_eq!(
            lines.next(),
            Some("name\tat\tverdict\trefusal\tmasked_name\tmasked_id\tpseudonym"),
            "the header"
        );
        lines.map(row).collect()
    }

    /// Its trust, opened in this process for stories that judge thousands of codes, and the region
    /// of its community.
    #[must_use]
    pub fn trust(&self) -> (health_code::Trust, health_code::Region) {
        let files = disk::trust_folder::read(&self.path().join("trust")).unwrap();
        let pin = health_code::RootPin::of(&files.root);
        let trust = health_code::Trust::open(files, &pin).unwrap();
        let region = trust.community().region.clone();
        (trust, region)
    }

    /// Runs `kadian verify` with this world's trust.
    #[must_use]
    pub fn verify(&self, arguments: &[&str]) -> Answer {
        let output = command("kadian")
            .arg("verify")
            .arg("--trust")
            .arg(self.path().join("trust"))
            .args(arguments)
            .output();
        let output = output.unwrap();
        Answer {
            status: output.status.code().expect("it ended by itself"),
            object: serde_json::from_slice(&output.stdout).unwrap_or_default(),
            error: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

fn row(line: &str) -> Row {
    let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
    let [name, at, verdict, refusal, masked_name, masked_id, pseudonym] =
        <[String; 7]>::try_from(columns).expect("seven columns");
    Row { name, at, verdict, refusal, masked_name, masked_id, pseudonym }
}
