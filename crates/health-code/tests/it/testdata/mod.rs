//! `testdata/`: a folder for each refusal of a code and each rejection of a trust file, named for
//! it, for whoever writes another gate. Re-made byte for byte from fixed keys.
//!
//! ```text
//! world/                     the trust in force: root.cose, trust.cose, community.cose, revocations.bin,
//!                            policies.cbor
//! codes/REFUSAL/NAME.txt     the text of a code; REFUSAL is `accepted` where it passes
//! codes/REFUSAL/cases.tsv    name, at (seconds since 1970), region of the checkpoint
//! certificates/REFUSAL/… the same for certificates from abroad
//! files/REJECTION/NAME/      files offered to the world, all in one update
//! files/REJECTION/cases.tsv  name, at
//! policies/root.cose         a root with an office's key, and
//! policies/REJECTION/NAME.cose  policy files to be opened under it
//! composed/NAME/             list, community and policies, to be opened with the world's root
//! composed/cases.tsv         name, at, and the fault or the policy that holds
//! ```

pub mod certificates;
mod codes;
mod files;
mod policies;
mod tree;

use std::collections::BTreeMap;

use health_code::trust::{Revocations, bundle, unbundle};
use health_code::{Presented, Timestamp, Trust, TrustUpdate, UnverifiedCode};

use crate::world::*;
use tree::{Tree, stored};

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
    let revoked = health_code::hcert::pseudonym("URN:UVCI:01:XS:REVOKED");
    world.revoke([
        Revocations::entry(&[3; 16], "hubei", &[0xee; 16]),
        Revocations::entry(&[3; 16], "XS", &revoked),
    ]);
    world.list.signers = certificates::signers();
    world.issuer(HUBEI).static_cut_off = Some(NOW.plus(-10 * DAY));
    world
}

/// Every file, by its path under `testdata/`.
fn made() -> Tree {
    let mut tree = Tree::new();
    let files = world().files();
    tree.insert("world/root.cose".to_owned(), files.root);
    tree.insert("world/trust.cose".to_owned(), files.list);
    tree.insert("world/community.cose".to_owned(), files.community);
    tree.insert("world/revocations.bin".to_owned(), files.revocations.to_vec());
    tree.insert("world/policies.cbor".to_owned(), bundle(&files.policies));
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    let codes = codes::all().into_iter().map(|case| ("codes", case));
    let certificates = certificates::all().into_iter().map(|case| ("certificates", case));
    for (part, CodeCase { result, name, at, region, text }) in codes.chain(certificates) {
        let table =
            tables.entry(format!("{part}/{result}/cases.tsv")).or_insert_with(|| "name\tat\tregion\n".into());
        table.push_str(&format!("{name}\t{}\t{region}\n", at.0));
        assert!(
            tree.insert(format!("{part}/{result}/{name}.txt"), text.into_bytes()).is_none(),
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
    policies::add(&mut tree);
    tree.extend(tables.into_iter().map(|(path, table)| (path, table.into_bytes())));
    tree
}

/// Lines of every `cases.tsv` under a part: result, name, further columns.
fn cases(stored: &Tree, part: &str) -> Vec<(String, String, Vec<String>)> {
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

fn in_force(stored: &Tree) -> Trust {
    let file = |name: &str| stored[&format!("world/{name}")].clone();
    let files = health_code::TrustFiles {
        root: file("root.cose"),
        list: file("trust.cose"),
        community: file("community.cose"),
        revocations: file("revocations.bin").into(),
        policies: unbundle(&file("policies.cbor")).unwrap(),
    };
    let pin = health_code::RootPin::of(&files.root);
    Trust::open(files, &pin).unwrap()
}

#[test]
fn the_folder_is_what_this_code_writes() {
    tree::assert_stored(&made());
}

/// Keeps what disagrees, so that a test names all of it at once.
fn note(wrong: &mut Vec<String>, name: &str, found: &str, result: &str) {
    if found != result {
        wrong.push(format!("{name}: {found}, not {result}"));
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
        note(&mut wrong, &name, found, &result);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_certificate_comes_to_the_refusal_of_its_folder() {
    let stored = stored();
    let trust = in_force(&stored);
    let cases = cases(&stored, "certificates/");
    assert!(cases.len() > 70, "{}", cases.len());
    let mut wrong = Vec::new();
    for (result, name, columns) in cases {
        let [at, at_region] = &columns[..] else { panic!("{name}: {columns:?}") };
        let text = std::str::from_utf8(&stored[&format!("certificates/{result}/{name}.txt")]).unwrap();
        let at = Timestamp(at.parse().unwrap());
        let found = match Presented::parse(text) {
            Err(refusal) => refusal.code(),
            Ok(presented) => match trust.verify_presented(&presented, &region(at_region), at) {
                Err(refused) => refused.refusal.code(),
                Ok(_) => "accepted",
            },
        };
        note(&mut wrong, &name, found, &result);
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
            policies: Vec::new(),
        };
        let found = trust.update(&update, Timestamp(columns[0].parse().unwrap()));
        let found = found.map_or_else(|rejection| rejection.code(), |_| "accepted");
        note(&mut wrong, &name, found, &result);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn there_is_a_folder_for_each_refusal_and_each_rejection() {
    let stored = stored();
    let has = |path: String| stored.contains_key(&path);
    for refusal in health_code::Refusal::HEALTH_CODES {
        assert!(has(format!("codes/{refusal}/cases.tsv")), "{refusal}");
    }
    for refusal in health_code::Refusal::CERTIFICATE_CODES {
        assert!(has(format!("certificates/{refusal}/cases.tsv")), "{refusal}");
    }
    // `wrong-root` is decided when files are opened, by the pin: an update brings no other pin.
    for rejection in health_code::Rejection::CODES.iter().filter(|code| **code != "wrong-root") {
        assert!(has(format!("files/{rejection}/cases.tsv")), "{rejection}");
    }
}

#[test]
fn the_page_shows_them_in_full() {
    tree::assert_shown("trust-files.md", &["world/revocations.bin", "world/community.cose"]);
}

/// `cargo xtask vectors`, after a format changed on purpose.
#[test]
#[ignore = "writes into testdata/"]
fn writes_the_vectors() {
    tree::write(&made());
}
