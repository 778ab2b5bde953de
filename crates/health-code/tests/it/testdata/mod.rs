//! `testdata/`: a folder for each refusal of a code and each rejection of a trust file, named for
//! it, for whoever writes another gate. Re-made byte for byte from fixed keys.
//!
//! ```text
//! world/                     the trust in force: root.cose, trust.cose, community.cose, revocations.bin
//! codes/REFUSAL/NAME.txt     the text of a code; REFUSAL is `accepted` where it passes
//! codes/REFUSAL/cases.tsv    name, at (seconds since 1970), region of the checkpoint
//! files/REJECTION/NAME/      files offered to the world, all in one update
//! files/REJECTION/cases.tsv  name, at
//! ```

mod codes;
mod files;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use health_code::trust::Revocations;
use health_code::{Timestamp, Trust, TrustUpdate, UnverifiedCode};

use crate::world::*;

/// Seed of the issuer with the longest name there can be.
pub const LONG: u8 = 14;

#[derive(Clone)]
pub struct CodeCase {
    pub result: &'static str,
    pub name: String,
    pub at: Timestamp,
    pub region: &'static str,
    pub text: String,
}

pub struct FileCase {
    pub result: &'static str,
    pub name: String,
    pub at: Timestamp,
    pub files: Vec<(String, Vec<u8>)>,
}

pub fn long_iss() -> String {
    "i".repeat(64)
}

/// As docs/code-format.md lists its issuers, and one with a long name.
pub fn world() -> World {
    let mut world = World::new();
    world.list.issuers.push(listed(&long_iss(), LONG, "", true));
    world.revoke([Revocations::entry(&[3; 16], "hubei", &[0xee; 16])]);
    world.issuer(HUBEI).static_cut_off = Some(NOW.plus(-10 * DAY));
    world
}

/// Every file, by its path under `testdata/`.
fn tree() -> BTreeMap<String, Vec<u8>> {
    let mut tree = BTreeMap::new();
    let files = world().files();
    tree.insert("world/root.cose".to_owned(), files.root);
    tree.insert("world/trust.cose".to_owned(), files.list);
    tree.insert("world/community.cose".to_owned(), files.community);
    tree.insert("world/revocations.bin".to_owned(), files.revocations.to_vec());
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    for CodeCase { result, name, at, region, text } in codes::all() {
        let table =
            tables.entry(format!("codes/{result}/cases.tsv")).or_insert_with(|| "name\tat\tregion\n".into());
        table.push_str(&format!("{name}\t{}\t{region}\n", at.0));
        assert!(
            tree.insert(format!("codes/{result}/{name}.txt"), text.into_bytes()).is_none(),
            "{name} twice"
        );
    }
    for FileCase { result, name, at, files } in files::all() {
        let table = tables.entry(format!("files/{result}/cases.tsv")).or_insert_with(|| "name\tat\n".into());
        table.push_str(&format!("{name}\t{}\n", at.0));
        for (file, bytes) in files {
            assert!(tree.insert(format!("files/{result}/{name}/{file}"), bytes).is_none(), "{name} twice");
        }
    }
    tree.extend(tables.into_iter().map(|(path, table)| (path, table.into_bytes())));
    tree
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// What lies in the folder, by path.
fn stored() -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, top: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, top, found);
            } else {
                let name = path.strip_prefix(top).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&folder(), &folder(), &mut found);
    found
}

/// Lines of every `cases.tsv` under a part: result, name, further columns.
fn cases(stored: &BTreeMap<String, Vec<u8>>, part: &str) -> Vec<(String, String, Vec<String>)> {
    let tables = stored.iter().filter(|(path, _)| path.starts_with(part) && path.ends_with("/cases.tsv"));
    tables
        .flat_map(|(path, table)| {
            let result = path.split('/').nth(1).unwrap().to_owned();
            let lines: Vec<String> =
                std::str::from_utf8(table).unwrap().lines().skip(1).map(ToOwned::to_owned).collect();
            lines.into_iter().map(move |line| {
                let mut columns = line.split('\t').map(ToOwned::to_owned);
                (result.clone(), columns.next().unwrap(), columns.collect())
            })
        })
        .collect()
}

fn in_force(stored: &BTreeMap<String, Vec<u8>>) -> Trust {
    let file = |name: &str| stored[&format!("world/{name}")].clone();
    let files = health_code::TrustFiles {
        root: file("root.cose"),
        list: file("trust.cose"),
        community: file("community.cose"),
        revocations: file("revocations.bin").into(),
    };
    let pin = health_code::RootPin::of(&files.root);
    Trust::open(files, &pin).unwrap()
}

#[test]
fn the_folder_is_what_this_code_writes() {
    let (stored, made) = (stored(), tree());
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&stored), names(&made));
    for (path, bytes) in &made {
        assert!(stored[path] == *bytes, "{path} is another one");
    }
}

#[test]
fn every_code_comes_to_the_refusal_of_its_folder() {
    let stored = stored();
    let trust = in_force(&stored);
    let cases = cases(&stored, "codes/");
    assert!(cases.len() > 150, "{}", cases.len());
    let mut wrong = Vec::new();
    for (result, name, columns) in cases {
        let [at, at_region] = &columns[..] else { panic!("{name}: {columns:?}") };
        let text = std::str::from_utf8(&stored[&format!("codes/{result}/{name}.txt")]).unwrap();
        let found = match UnverifiedCode::parse(text) {
            Err(refusal) => refusal.code(),
            Ok(code) => match trust.verify(&code, &region(at_region), Timestamp(at.parse().unwrap())) {
                Err(refused) => refused.refusal.code(),
                Ok(_) => "accepted",
            },
        };
        if found != result {
            wrong.push(format!("{name}: {found}, not {result}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_update_comes_to_the_rejection_of_its_folder() {
    let stored = stored();
    let trust = in_force(&stored);
    let cases = cases(&stored, "files/");
    assert!(cases.len() > 60, "{}", cases.len());
    let mut wrong = Vec::new();
    for (result, name, columns) in cases {
        let file = |file: &str| stored.get(&format!("files/{result}/{name}/{file}")).cloned();
        let update = TrustUpdate {
            roots: [file("2.root.cose"), file("root.cose")].into_iter().flatten().collect(),
            list: file("trust.cose"),
            community: file("community.cose"),
            revocations: file("revocations.bin").map(Into::into),
        };
        let found = trust.update(&update, Timestamp(columns[0].parse().unwrap()));
        let found = found.map_or_else(|rejection| rejection.code(), |_| "accepted");
        if found != result {
            wrong.push(format!("{name}: {found}, not {result}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn there_is_a_folder_for_each_refusal_and_each_rejection() {
    let stored = stored();
    let has = |path: String| stored.contains_key(&path);
    for refusal in health_code::Refusal::CODES {
        assert!(has(format!("codes/{refusal}/cases.tsv")), "{refusal}");
    }
    // `wrong-root` is decided when files are opened, by the pin: an update brings no other pin.
    for rejection in health_code::Rejection::CODES.iter().filter(|code| **code != "wrong-root") {
        assert!(has(format!("files/{rejection}/cases.tsv")), "{rejection}");
    }
}

#[test]
fn the_page_shows_them_in_full() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/trust-files.md");
    let page: String = fs::read_to_string(page).unwrap().split_whitespace().collect();
    for name in ["world/revocations.bin", "world/community.cose"] {
        let hex: String = stored()[name].iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(page.contains(&hex), "{name}");
    }
}

/// `cargo xtask vectors`, after a format changed on purpose.
#[test]
#[ignore = "writes into testdata/"]
fn writes_the_vectors() {
    // It is not there the first time.
    let _ = fs::remove_dir_all(folder());
    for (path, bytes) in tree() {
        let path = folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
