use std::collections::BTreeSet;

use super::*;
use crate::testing::{STATION, enrolled};

fn heard(phase: Phase) -> Heard {
    Heard { phase, left: false, contact: "社区办公室 027-1234".to_owned(), exported: None }
}

/// A folder with all that a station leaves in it, and the traces of interrupted writes.
fn full(dir: &Path) -> Folder {
    enrolled(dir);
    let folder = Folder::new(dir);
    folder.keep_tries(&"unknown 3\n".parse().unwrap()).unwrap();
    drop(crate::outbox::Outbox::open(&folder.outbox(), STATION, wire::StreamId([1; 16])).unwrap());
    for name in ["checkpoint", ".clock.new", "outbox-damaged-1.sqlite", "lock"] {
        fs::write(dir.join(name), b"x").unwrap();
    }
    for name in ["trust.new", "trust.old", "next", "next.new", "next.old", "next-over"] {
        fs::create_dir(dir.join(name)).unwrap();
        fs::write(dir.join(name).join(disk::trust_folder::ROOT), b"half").unwrap();
    }
    folder
}

/// Puts a sealed report into the outbox.
fn with_report(folder: &Folder) {
    let mut outbox = crate::outbox::Outbox::open(&folder.outbox(), STATION, wire::StreamId([2; 16])).unwrap();
    let place = outbox.place(wire::RecordId([3; 16]));
    let sealed = wire::SealedReport {
        stream: place.stream,
        seq: place.seq,
        record: place.record,
        kid: health_code::KeyId([0; 8]),
        link: place.link,
        ciphertext: vec![0; 816],
    };
    outbox.append(&sealed).unwrap();
}

fn exported() -> ExportedReports {
    ExportedReports { reports: 700, folder: "/home/样例 甲/Downloads".to_owned() }
}

fn names(dir: &Path) -> BTreeSet<String> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn the_word_is_read_as_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path());
    assert_eq!(Heard::read(&folder), None);
    for phase in [Phase::Sending, Phase::Erasing] {
        for contact in ["", "社区办公室 027-1234"] {
            for (left, exported) in [(false, None), (true, None), (true, Some(exported()))] {
                let heard = Heard { phase, left, contact: contact.to_owned(), exported };
                heard.keep(&folder).unwrap();
                assert_eq!(Heard::read(&folder), Some(heard));
            }
        }
    }
    heard(Phase::Sending).keep(&folder).unwrap();
    let longest = Heard { contact: "x".repeat(wire::limits::CONTACT_BYTES), ..heard(Phase::Erasing) };
    longest.keep(&folder).unwrap();
    assert_eq!(Heard::read(&folder), Some(longest));
}

#[test]
fn a_damaged_word_is_a_word_and_erases_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path());
    for text in [
        "",
        "x",
        "kadian-withdrawn-1 erased\n\n",
        "kadian-withdrawn-1 erasing",
        "kadian-withdrawn-1 erasing left\n\nexported many /x\n",
    ] {
        fs::write(folder.withdrawn(), text).unwrap();
        let read = Heard::read(&folder).unwrap();
        assert_eq!((read.phase, read.contact.as_str()), (Phase::Sending, ""), "{text:?}");
    }
}

#[test]
fn all_goes_but_the_word_and_what_only_the_office_can_open() {
    let dir = tempfile::tempdir().unwrap();
    let folder = full(dir.path());
    heard(Phase::Erasing).keep(&folder).unwrap();
    assert!(!is_erased(&folder, &heard(Phase::Erasing)));
    erase_rest(&folder, &heard(Phase::Erasing)).unwrap();
    assert!(is_erased(&folder, &heard(Phase::Erasing)));
    let left = ["lock", "outbox-damaged-1.sqlite", "withdrawn"].map(str::to_owned);
    assert_eq!(names(dir.path()), BTreeSet::from(left));
    erase_rest(&folder, &heard(Phase::Erasing)).unwrap();
}

#[test]
fn an_outbox_that_holds_a_report_stays() {
    let dir = tempfile::tempdir().unwrap();
    let folder = full(dir.path());
    with_report(&folder);
    erase_rest(&folder, &heard(Phase::Erasing)).unwrap();
    assert!(folder.outbox().exists());
    assert!(!folder.key().exists());
}

/// Kills the process after each thing that erasing does: the next start completes it.
#[test]
fn wherever_it_is_killed_the_next_start_completes_it() {
    for word in
        [heard(Phase::Erasing), Heard { left: true, exported: Some(exported()), ..heard(Phase::Erasing) }]
    {
        completes_wherever_it_is_killed(&word);
    }
}

fn completes_wherever_it_is_killed(word: &Heard) {
    let all = || {
        let dir = tempfile::tempdir().unwrap();
        let folder = full(dir.path());
        if word.exported.is_some() {
            with_report(&folder);
        }
        word.keep(&folder).unwrap();
        (dir, folder)
    };
    let (dir, folder) = all();
    let mut files = Vec::new();
    let outbox = word.exported.as_ref().map(|_| folder.outbox());
    for path in [
        &[folder.key()][..],
        outbox.as_slice(),
        &trust_folders(&folder),
        &unfinished(dir.path()),
        &folder.small_files(),
    ]
    .concat()
    {
        match fs::read_dir(&path) {
            Ok(entries) => files.extend(entries.map(|entry| entry.unwrap().path())),
            Err(_) => files.push(path),
        }
    }
    let names_of = |files: &[PathBuf]| -> Vec<PathBuf> {
        files.iter().map(|file| file.strip_prefix(dir.path()).unwrap().to_owned()).collect()
    };
    let files = names_of(&files);
    assert!(files.len() > 10);
    for killed_after in 0..=files.len() {
        for overwritten in [false, true] {
            let (dir, folder) = all();
            for file in &files[..killed_after] {
                disk::erase(&dir.path().join(file)).unwrap();
            }
            // Killed between overwriting the next one and removing it.
            if let Some(next) = files.get(killed_after).filter(|_| overwritten) {
                fs::write(dir.path().join(next), [0; 7]).unwrap();
            }
            let started = crate::Station::start(
                crate::StartOptions {
                    dir: dir.path().to_owned(),
                    camera: None,
                    second_camera: None,
                    network: false,
                    stick: None,
                },
                Box::new(Nowhere),
            );
            match started {
                Err(crate::StartError::Withdrawn { contact }) if !word.left => {
                    assert_eq!(contact, word.contact);
                }
                Err(crate::StartError::Left { exported }) if word.left => assert_eq!(exported, word.exported),
                other => panic!("after {killed_after}: {:?}", other.err()),
            }
            assert!(is_erased(&folder, word) && !folder.key().exists(), "after {killed_after}");
            assert!(!folder.outbox().exists(), "after {killed_after}");
        }
    }
}

struct Nowhere;

impl crate::Display for Nowhere {
    fn show(&mut self, _: &gate::View) {}
    fn play(&mut self, _: gate::action::Sound) {}
}
