//! A hand scanner that is a keyboard, made by the kernel's `uinput`: taken from everybody else, and read
//! whole at the rates at which such keyboards report.

use std::process::{Command, Stdio};
use std::time::Duration;

use evdev::uinput::VirtualDevice;
use evdev::{AttributeSet, BusType, EventType, InputEvent, InputId, KeyCode};
use serde_json::Value;
use stage::{JsonLines, Running};

const PATIENCE: Duration = Duration::from_secs(90);
const NAME: &str = "Sample scanner";
/// Every character that a code has, and as many as one has.
const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CHARACTERS: usize = 430;
/// A report every millisecond, as of a fast keyboard on USB, and every eight, as of a slow one.
const REPORTS: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(8)];

pub fn check() {
    let code: String = "KD1:".chars().chain(ALPHABET.chars().cycle()).take(CHARACTERS).collect();
    let mut scanner = plug();
    let nodes: Vec<_> = scanner.enumerate_dev_nodes_blocking().unwrap().flatten().collect();
    let number = number_of(Command::new("/bin/kadian"));
    // Somebody else who listens, as a desktop does.
    let mut other = evdev::Device::open(&nodes[0]).unwrap();
    other.set_nonblocking(true).unwrap();
    for report in REPORTS {
        let (_program, lines) = try_out(&number);
        wait(&lines, "the grabbed keyboard", |line| (line["state"] == "connected").then_some(()));
        while other.fetch_events().is_ok() {}
        type_all(&mut scanner, &code, report);
        let read = wait(&lines, "the code", |line| line["text"].as_str().map(str::to_owned));
        assert_eq!(read, code);
        assert!(other.fetch_events().is_err(), "another program heard keys");
        println!(
            "   {NAME}: {CHARACTERS} characters, a report every {report:?}: whole, and nobody else heard one"
        );
    }
    let (_program, lines) = try_out(&number);
    wait(&lines, "the grabbed keyboard", |line| (line["state"] == "connected").then_some(()));
    drop(other);
    drop(scanner);
    wait(&lines, "the end of the keyboard", |line| (line["fault"] == "absent").then_some(()));
    let mut scanner = plug();
    wait(&lines, "its return", |line| (line["state"] == "connected").then_some(()));
    type_all(&mut scanner, &code, REPORTS[0]);
    assert_eq!(wait(&lines, "the code", |line| line["text"].as_str().map(str::to_owned)), code);
    println!("   {NAME}: unplugged: absent; plugged in again: taken again, and read");
}

/// Returns the scanner's number in the list of this program.
pub fn number_of(mut kadian: Command) -> String {
    let listed = kadian.arg("scanner").output().unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let line = listed.lines().find(|line| line.contains(NAME)).unwrap_or_else(|| panic!("{listed}"));
    line.split_whitespace().next().unwrap().to_owned()
}

/// Plugs the scanner in; unplugged when dropped.
pub fn plug() -> VirtualDevice {
    let keys: AttributeSet<KeyCode> = (1..120).map(KeyCode::new).collect();
    let id = InputId::new(BusType::BUS_USB, 0x0c2e, 0x0b61, 1);
    VirtualDevice::builder().unwrap().name(NAME).input_id(id).with_keys(&keys).unwrap().build().unwrap()
}

fn try_out(number: &str) -> (Running, JsonLines) {
    let mut command = Command::new("/bin/kadian");
    command.args(["scanner", "try", number]);
    let mut program = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped())).unwrap();
    let lines = program.stdout_lines().unwrap();
    (program, lines)
}

fn wait<T>(lines: &JsonLines, what: &str, is: impl FnMut(&Value) -> Option<T>) -> T {
    lines.wait(what, PATIENCE, is).unwrap()
}

/// Types a text and Enter, one report after the other.
pub fn type_all(scanner: &mut VirtualDevice, text: &str, every: Duration) {
    for character in text.chars().chain(['\n']) {
        let (key, shift) = key_of(character);
        let shift = shift.then_some(KeyCode::KEY_LEFTSHIFT);
        for (key, value) in
            shift.map(|key| (key, 1)).into_iter().chain([(key, 1), (key, 0)]).chain(shift.map(|key| (key, 0)))
        {
            scanner.emit(&[InputEvent::new(EventType::KEY.0, key.code(), value)]).unwrap();
            std::thread::sleep(every);
        }
    }
}

/// Returns the key of a character of a code, and whether Shift is held with it.
fn key_of(character: char) -> (KeyCode, bool) {
    const DIGITS: [KeyCode; 10] = [
        KeyCode::KEY_0,
        KeyCode::KEY_1,
        KeyCode::KEY_2,
        KeyCode::KEY_3,
        KeyCode::KEY_4,
        KeyCode::KEY_5,
        KeyCode::KEY_6,
        KeyCode::KEY_7,
        KeyCode::KEY_8,
        KeyCode::KEY_9,
    ];
    match character {
        '0'..='9' => (DIGITS[usize::try_from(character.to_digit(10).unwrap()).unwrap()], false),
        'A'..='Z' => (format!("KEY_{character}").parse().unwrap(), true),
        ' ' => (KeyCode::KEY_SPACE, false),
        '$' => (KeyCode::KEY_4, true),
        '%' => (KeyCode::KEY_5, true),
        '*' => (KeyCode::KEY_8, true),
        '+' => (KeyCode::KEY_EQUAL, true),
        '-' => (KeyCode::KEY_MINUS, false),
        '.' => (KeyCode::KEY_DOT, false),
        '/' => (KeyCode::KEY_SLASH, false),
        ':' => (KeyCode::KEY_SEMICOLON, true),
        _ => (KeyCode::KEY_ENTER, false),
    }
}
