//! Residents who are erased, with the real programs: at the console, killed in the middle, and by the command. Nothing
//! that names them is in any byte of the office's folder, and neither an older backup nor a station that sends the same
//! again brings any of it back.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use health_code::Declaration;
use issuer::seal_declaration;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use rusqlite::{Connection, OpenFlags};
use stage::clock::{PATIENCE, until, wall};
use stage::search::Find;
use stage::{Browser, HeadlessStation, Office, Search, World};
use stories::accounts::administrator;
use stories::residents::{Issuer, Resident};
use stories::shell::{identity, office_says};

const COLLECTOR: (&str, &str) = ("13800000001", "246810");
const COMMUNITY: &str = "420106001001";
const CASE: &str = "样例-0317";
const REASON: &str = "本人申请 · 样例-0317";
/// Who is erased at the console, who by the command, and who stays.
const FIRST: Person = Person { number: 7, identity: "990101199001010011", phone: "13800010044" };
const SECOND: Person = Person { number: 8, identity: "990101199002020022", phone: "13800010055" };
const STAYS: Person = Person { number: 9, identity: "990101199003030033", phone: "13800010066" };

struct Person {
    number: usize,
    identity: &'static str,
    phone: &'static str,
}

impl Person {
    fn resident(&self, world: &World) -> Resident {
        let key = wire::seal::recipient_key(&world.office_key("identity").unwrap()).unwrap();
        let (identity, phone) = (self.identity.to_owned(), self.phone.to_owned());
        let declared = Declaration { name: "样例居民".into(), identity, phone };
        let resident = Resident::number(self.number);
        let mut rng = ChaCha20Rng::seed_from_u64(self.number as u64);
        let sealed = seal_declaration(&declared, &resident.pseudonym, &key, &mut rng).unwrap();
        resident.declaring(sealed)
    }

    /// Scans a new code of theirs at a station and confirms it. What a file could give away is added to the search.
    fn passes(&self, station: &mut HeadlessStation, world: &World, search: &mut Search) {
        let resident = self.resident(world);
        let code = Issuer::of(world).sign(&resident, wall());
        assert_eq!(station.scan(&code).unwrap()["answer"]["kind"], "pass");
        station.confirm().unwrap();
        resident.add_to(search, &code);
        let masked = |text: &str, head: usize, tail: usize| {
            let (stars, end) = (text.len() - head - tail, text.len() - tail);
            format!("{}{}{}", &text[..head], "*".repeat(stars), &text[end..])
        };
        let phone = masked(self.phone, 3, 4);
        for text in [self.identity, self.phone, &masked(self.identity, 4, 4), &phone] {
            search.add(text, text.as_bytes()).unwrap();
        }
    }

    /// Adds the keys by which the office files them.
    fn keys_to(&self, database: &Path, world: &World, search: &mut Search) {
        let sql = "SELECT identity, phone FROM passages WHERE pseudonym = ?1";
        let connection = read(database);
        let mut statement = connection.prepare(sql).unwrap();
        let mut rows = statement.query([self.resident(world).pseudonym]).unwrap();
        let mut count = 0;
        while let Some(row) = rows.next().unwrap() {
            for column in [0, 1] {
                search.add("a person key", &row.get::<_, Vec<u8>>(column).unwrap()).unwrap();
            }
            count += 1;
        }
        assert!(count > 0, "they are filed by their number");
    }
}

/// Opens the office's database beside it, and never writes, nor brings the log in when it closes.
fn read(database: &Path) -> Connection {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Starts a station at which the collector has signed in.
fn station(folder: &Path) -> HeadlessStation {
    let mut station = HeadlessStation::start(folder, &["--hurry"]).unwrap();
    station.sign_in(COLLECTOR.0, COLLECTOR.1).unwrap();
    station
}

/// Copies a folder, as an image of a disk does.
fn image(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            image(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Waits until this many passages are filed and nothing waits.
fn filed(office: &Office, count: usize) {
    let list = until(&format!("{count} passages"), PATIENCE, || {
        let list = office.list()?;
        let counts = &list["counts"];
        Ok((counts["passages"].as_u64() >= Some(count as u64) && counts["waiting"] == 0).then_some(list))
    })
    .unwrap();
    assert_eq!(
        (&list["counts"]["passages"], &list["counts"]["quarantined"]),
        (&count.into(), &0.into()),
        "{list}"
    );
}

/// Returns what is found of those who were erased. What is in the code of whoever stays, too, such as the issuer's name, is
/// nobody's alone.
fn left(folder: &Path, erased: &Search, stays: &Search) -> stage::Result<Vec<Find>> {
    let place = |find: &Find| (find.file.clone(), find.at);
    let of_all: BTreeSet<_> = stays.folder(folder)?.iter().map(place).collect();
    Ok(erased.folder(folder)?.into_iter().filter(|find| !of_all.contains(&place(find))).collect())
}

/// Asserts that nothing of those who were erased is in any file of a folder, and that the list beside the database says
/// nothing of anybody.
fn nobody_is_in(folder: &Path, (erased, stays): (&Search, &Search)) {
    // Right after a letter is settled its log is emptied.
    let nobody = || left(folder, erased, stays).is_ok_and(|found| found.is_empty());
    let gone = until("a folder without them", PATIENCE, || Ok(nobody().then_some(())));
    let found = if gone.is_ok() { Vec::new() } else { left(folder, erased, stays).unwrap() };
    assert!(found.is_empty(), "{} finds, the first ones {:?}", found.len(), &found[..found.len().min(5)]);
    let list = fs::read_to_string(folder.join("erased")).unwrap();
    assert!(!list.is_empty());
    for line in list.lines() {
        let mut words = line.split(' ');
        assert!(["report", "words"].contains(&words.next().unwrap()), "{line}");
        assert!(words.all(|word| word.chars().all(|digit| digit.is_ascii_hexdigit())), "{line}");
    }
}

/// Looks somebody up as the page wants it: the reason, then the number.
fn look(browser: &mut Browser, office: &Office, who: &str) {
    // Another page first: whoever leaves this one has ended the look.
    browser.go(&format!("{}/console/#/account", office.page())).unwrap();
    browser.go(&format!("{}/console/#/residents", office.page())).unwrap();
    browser.fill("[name=case]", CASE).unwrap();
    browser.fill("[name=who]", who).unwrap();
    browser.press("Enter").unwrap();
}

/// Erases whom the open look shows, at the page, and waits for nothing.
fn erase(browser: &mut Browser, who: &str) {
    browser.click("role=button[name=抹去此人…]").unwrap();
    browser.click(".form .reasons button").unwrap();
    browser.fill(".form [name=case]", CASE).unwrap();
    browser.fill("[name=erase-who]", who).unwrap();
    browser.click(".form button[type=submit]").unwrap();
}

/// Asserts that a look by any name of theirs finds nothing.
fn is_not_found(browser: &mut Browser, office: &Office, person: &Person, world: &World) {
    let code = Issuer::of(world).sign(&person.resident(world), wall());
    for who in [person.identity, person.phone, &code] {
        look(browser, office, who);
        browser.wait_for("text=没有找到登记").unwrap();
    }
}

#[test]
fn who_is_erased_is_in_no_file_and_comes_back_by_no_backup_and_no_station() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (identity, recipient) = identity(folder.path());
    let (data, database) = (at("office"), at("office/office.sqlite"));
    let backup_to: [&OsStr; 2] = ["--backup-to".as_ref(), recipient.as_ref()];
    let mut office = Office::start_with(&data, &world, &backup_to).unwrap();
    let (mut erased, mut stays) = (Search::default(), Search::default());

    // The first gate sends at once. The second one is offline, and somebody keeps an image of its disk.
    for name in ["gate-1", "gate-2"] {
        HeadlessStation::enrol(&at(name), &office.ticket().unwrap()).unwrap();
    }
    let mut first = station(&at("gate-1"));
    FIRST.passes(&mut first, &world, &mut erased);
    SECOND.passes(&mut first, &world, &mut erased);
    filed(&office, 2);
    let (copy, keys) = (at("data.age"), at("keys.age"));
    office_says(&["backup"], &data, &["--to".as_ref(), &copy, "--keys-to".as_ref(), &keys], "");
    let mut second = station(&at("gate-2"));
    second.network(false).unwrap();
    FIRST.passes(&mut second, &world, &mut erased);
    STAYS.passes(&mut second, &world, &mut stays);
    SECOND.passes(&mut second, &world, &mut erased);
    let gate = second.kill().unwrap();
    for name in ["image-1", "image-2", "read"] {
        image(&gate, &at(name));
    }
    let outbox = Connection::open(at("read/outbox.sqlite")).unwrap();
    let mut reports = outbox.prepare("SELECT ciphertext FROM report").unwrap();
    let sealed: Vec<Vec<u8>> = reports.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(sealed.len() >= 3, "they wait at the gate");
    sealed
        .iter()
        .flat_map(|sealed| sealed.chunks_exact(64))
        .for_each(|piece| erased.add("a report", piece).unwrap());
    let second = HeadlessStation::start(&gate, &["--hurry"]).unwrap();
    filed(&office, 5);
    second.quit().unwrap();

    // The first one at the console, from an open look. The office is killed once it has erased, before it has
    // overwritten what it freed: as long as somebody reads, it cannot.
    let mut browser = Browser::open().unwrap();
    administrator(&mut browser, &office, &data, ("样例甲", "13800000031", COMMUNITY));
    look(&mut browser, &office, FIRST.identity);
    browser.wait_for("li[data-shown=pass]").unwrap();
    for person in [&FIRST, &SECOND] {
        person.keys_to(&database, &world, &mut erased);
    }
    STAYS.keys_to(&database, &world, &mut stays);
    let before = erased.folder(&data).unwrap();
    for what in ["name of", "pseudonym of", "code of", "a person key", "9901**********0011"] {
        assert!(before.iter().any(|find| find.what.starts_with(what)), "{what} is looked for where it is");
    }
    let reader = read(&database);
    reader.execute_batch("BEGIN; SELECT count(*) FROM passages;").unwrap();
    erase(&mut browser, FIRST.identity);
    let open = |connection: &Connection| -> i64 {
        let sql = "SELECT coalesce(max(passages), 0) FROM erasures WHERE names IS NOT NULL";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    until("the erasure", PATIENCE, || Ok((open(&read(&database)) == 2).then_some(()))).unwrap();
    office.cut().unwrap();
    assert_eq!(open(&read(&database)), 2, "it has not ended");
    drop(reader);
    office.start_again().unwrap();
    let receipt = until("the receipt", PATIENCE, || {
        let sql = "SELECT max(receipt) FROM erasures WHERE names IS NULL";
        Ok(read(&database).query_row(sql, [], |row| row.get::<_, Option<Vec<u8>>>(0)).unwrap())
    });
    fs::write(at("first.cose"), receipt.unwrap()).unwrap();

    // The second one by the command, while the office runs.
    let receipt = at("second.cose");
    let said = office_says(
        &["erase", "--reason", REASON],
        &data,
        &["--receipt".as_ref(), &receipt],
        SECOND.identity,
    );
    assert!(said.contains("2 passages name nobody any more"), "{said}");
    for receipt in [at("first.cose"), receipt] {
        let said = office_says(&["erasure"], &data, &[&receipt], "");
        assert!(
            said.contains("2 passages name nobody any more") && said.contains("data.age, made"),
            "{said}"
        );
    }
    nobody_is_in(&data, (&erased, &stays));
    assert!(!stays.folder(&data).unwrap().is_empty(), "who was not erased is found as before");

    // The image of the disk sends the same once more, and then somebody new.
    let mut again = station(&at("image-1"));
    STAYS.passes(&mut again, &world, &mut stays);
    filed(&office, 6);
    again.quit().unwrap();
    nobody_is_in(&data, (&erased, &stays));
    browser.another_person().unwrap();
    administrator(&mut browser, &office, &data, ("样例乙", "13800000032", COMMUNITY));
    for person in [&FIRST, &SECOND] {
        is_not_found(&mut browser, &office, person, &world);
    }
    look(&mut browser, &office, STAYS.identity);
    browser.wait_for("li[data-shown=pass]").unwrap();
    assert!(office_says(&["audit", "verify"], &data, &[], "").contains("entries"));
    first.quit().unwrap();

    // An office from before, to which the second gate sends what that one never had.
    office.cut().unwrap();
    let (restored, list) = (at("restored"), data.join("erased"));
    let from: [&Path; 8] = [
        "--from".as_ref(),
        &copy,
        "--keys".as_ref(),
        &keys,
        "--identity".as_ref(),
        &identity,
        "--erased".as_ref(),
        &list,
    ];
    office_says(&["restore"], &restored, &from, "");
    nobody_is_in(&restored, (&erased, &stays));
    office.start_again_on(&restored).unwrap();
    let mut again = station(&at("image-2"));
    STAYS.passes(&mut again, &world, &mut stays);
    // Two that name nobody, and two of the one who stays.
    filed(&office, 4);
    again.quit().unwrap();
    nobody_is_in(&restored, (&erased, &stays));
    browser.another_person().unwrap();
    administrator(&mut browser, &office, &restored, ("样例丙", "13800000033", COMMUNITY));
    for person in [&FIRST, &SECOND] {
        is_not_found(&mut browser, &office, person, &world);
    }
    look(&mut browser, &office, STAYS.identity);
    browser.wait_for("li[data-shown=pass]").unwrap();
    assert!(office_says(&["audit", "verify"], &restored, &[], "").contains("entries"));
}
