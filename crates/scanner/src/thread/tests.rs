//! Scanners that a pseudo-terminal plays: plugged in, unplugged, busy, and never opened unasked.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, symlink};
use std::path::Path;
use std::time::Instant;

use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::*;
use crate::choice::Port;
use crate::sysfs::tests::Played;

const CODE: &str = "KD1:6BFOXN*TS0BI$ZD-PHQ7I9:6DAH";
const FACTS: [(&str, &str); 3] = [("idVendor", "0c2e"), ("idProduct", "0b61"), ("serial", "SAMPLE1")];

/// Plugs a scanner in; what is written to it is what it sends.
fn plug(at: &Path) -> File {
    let scanner = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&scanner).unwrap();
    unlockpt(&scanner).unwrap();
    symlink(ptsname(&scanner, Vec::new()).unwrap().into_string().unwrap(), at).unwrap();
    File::from(scanner)
}

#[expect(clippy::disallowed_methods, reason = "a test waits for a real device")]
fn clock() -> Stopwatch {
    let begun = Instant::now();
    Arc::new(move || begun.elapsed())
}

/// Runs a scanner; returns what is heard of it, without how far a text is read.
fn run(system: System, choice: &ScannerChoice) -> (ScannerHandle, Receiver<Heard>) {
    let (tell, told) = channel();
    let tell = move |heard| matches!(heard, Heard::Reading(_)) || tell.send(heard).is_ok();
    (spawn_on(system, choice, clock(), tell).unwrap().unwrap(), told)
}

fn next(told: &Receiver<Heard>) -> Heard {
    told.recv_timeout(Duration::from_secs(30)).expect("a word in time")
}

fn text(text: &str) -> Heard {
    Heard::Frame(Frame::Text(text.to_owned()))
}

#[test]
fn a_serial_scanner_is_read_as_long_as_it_is_there_and_again_when_it_comes_back() {
    let played = Played::new();
    let system = played.system();
    played.plug("tty", "ttyACM0", "2", &FACTS);
    let ScannerChoice::Serial { port, .. } = crate::candidates(&system).remove(0).choice else { panic!() };
    played.unplug("tty", "ttyACM0");
    let (handle, told) = run(system.clone(), &ScannerChoice::serial(port));
    assert_eq!(next(&told), Heard::State(ScannerState::Fault(ScannerFault::Absent)));
    let mut scanner = plug(&system.dev.join("ttyACM0"));
    played.plug("tty", "ttyACM0", "2", &FACTS);
    assert_eq!(next(&told), Heard::State(ScannerState::Connected));
    scanner.write_all(format!("]Q1{CODE}\r\n").as_bytes()).unwrap();
    assert_eq!(next(&told), text(CODE));
    scanner.write_all(CODE.as_bytes()).unwrap();
    assert_eq!(next(&told), text(CODE), "by a pause");
    scanner.write_all(b"KD1:6BF").unwrap();
    played.unplug("tty", "ttyACM0");
    std::fs::remove_file(system.dev.join("ttyACM0")).unwrap();
    drop(scanner);
    while next(&told) != Heard::State(ScannerState::Fault(ScannerFault::Absent)) {}
    let mut again = plug(&system.dev.join("ttyACM3"));
    played.plug("tty", "ttyACM3", "4", &FACTS);
    while next(&told) != Heard::State(ScannerState::Connected) {}
    again.write_all(format!("{CODE}\n").as_bytes()).unwrap();
    while next(&told) != text(CODE) {}
    drop(handle);
    assert!(told.recv_timeout(Duration::from_secs(30)).is_err(), "the thread has ended");
}

#[test]
fn a_port_that_nobody_chose_is_never_opened() {
    let played = Played::new();
    let system = played.system();
    played.plug("tty", "ttyACM0", "2", &FACTS);
    let ScannerChoice::Serial { port, .. } = crate::candidates(&system).remove(0).choice else { panic!() };
    played.unplug("tty", "ttyACM0");
    // The same make with another number, and one without any. Whoever opens a pipe for reading is seen.
    for (name, place, serial) in [("ttyACM1", "2", Some("SAMPLE2")), ("ttyUSB0", "3", None)] {
        let facts = FACTS.into_iter().filter(|(file, _)| *file != "serial");
        let facts: Vec<_> = facts.chain(serial.map(|serial| ("serial", serial))).collect();
        played.plug("tty", name, place, &facts);
        let pipe = system.dev.join(name);
        let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, mode, 0).unwrap();
    }
    let (_handle, told) = run(system.clone(), &ScannerChoice::serial(port));
    assert_eq!(next(&told), Heard::State(ScannerState::Fault(ScannerFault::Absent)));
    let mut scanner = plug(&system.dev.join("ttyACM5"));
    played.plug("tty", "ttyACM5", "5", &FACTS);
    assert_eq!(next(&told), Heard::State(ScannerState::Connected), "it looked more than once");
    scanner.write_all(format!("{CODE}\r").as_bytes()).unwrap();
    assert_eq!(next(&told), text(CODE));
    for name in ["ttyACM1", "ttyUSB0"] {
        let mut to_it = File::options();
        to_it.write(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed());
        let error = to_it.open(system.dev.join(name)).expect_err("nobody reads");
        assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::NXIO.raw_os_error()), "{name}");
    }
}

#[test]
fn what_is_no_serial_port_says_so_and_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ttyS0");
    std::fs::write(&path, CODE).unwrap();
    let (_handle, told) = run(System::default(), &ScannerChoice::serial(Port::Path { path }));
    assert_eq!(next(&told), Heard::State(ScannerState::Fault(ScannerFault::Unusable)));
}

#[test]
fn a_keyboard_that_is_away_is_waited_for_and_other_ways_have_no_thread() {
    let device = crate::DeviceIdentity {
        vendor: "0c2e".to_owned(),
        product: "0b61".to_owned(),
        serial: None,
        place: "usb-2".to_owned(),
    };
    let played = Played::new();
    let choice = ScannerChoice::Keyboard { device, prefix: String::new() };
    let (_handle, told) = run(played.system(), &choice);
    assert_eq!(next(&told), Heard::State(ScannerState::Fault(ScannerFault::Absent)));
    for none in [ScannerChoice::None, ScannerChoice::Window] {
        assert!(spawn(&none, clock(), |_| true).unwrap().is_none());
    }
}

#[test]
fn the_codes_of_faults_are_stable() {
    use strum::VariantArray as _;
    let codes: Vec<_> = ScannerFault::VARIANTS.iter().map(|fault| fault.code()).collect();
    assert_eq!(codes, ["absent", "no-permission", "busy", "unusable"]);
}
