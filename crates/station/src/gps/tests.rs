//! A receiver that a pseudo-terminal plays, unplugged and plugged in again.

use std::io::Write as _;
use std::os::unix::fs::symlink;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use wire::report::Place;

use super::*;

const FIX: &[u8] = b"$GPGGA,114208.00,3035.5860,N,11418.3240,E,1,08,1.20,31.0,M,-12.0,M,,*43\r\n";
const NO_FIX: &[u8] = b"$GPGGA,114209.00,,,,,0,00,99.99,,,,,,*69\r\n";

/// Plugs a receiver in; what is written to it is what it says.
fn plug(devices: &Path, name: &str) -> File {
    let receiver = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&receiver).unwrap();
    unlockpt(&receiver).unwrap();
    let terminal = ptsname(&receiver, Vec::new()).unwrap().into_string().unwrap();
    symlink(terminal, devices.join(name)).unwrap();
    File::from(receiver)
}

fn nobodys() -> Taken {
    Arc::new(Vec::new)
}

fn next(told: &Receiver<Heard>) -> Option<Located> {
    match told.recv_timeout(Duration::from_secs(30)).expect("a word in time") {
        Heard::At(located) => located,
        other @ Heard::Plugged(_) => panic!("{other:?}"),
    }
}

#[test]
fn whether_there_may_be_one_is_seen_without_opening_it() {
    let devices = tempfile::tempdir().unwrap();
    let (tell, told) = channel();
    let mut gps = Gps::default();
    gps.want_in(devices.path(), GpsUse::Look, nobodys(), move |heard| tell.send(heard).is_ok());
    let next = || told.recv_timeout(Duration::from_secs(30)).expect("a word in time");
    assert_eq!(next(), Heard::Plugged(false));
    // Whoever opens a pipe for reading waits for a writer: this one is not opened.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        devices.path().join("ttyUSB0"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    )
    .unwrap();
    assert_eq!(next(), Heard::Plugged(true));
    let mut to_it = File::options();
    to_it.write(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed());
    let error = to_it.open(devices.path().join("ttyUSB0")).expect_err("nobody reads");
    assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::NXIO.raw_os_error()));
    std::fs::remove_file(devices.path().join("ttyUSB0")).unwrap();
    assert_eq!(next(), Heard::Plugged(false));
    gps.want_in(devices.path(), GpsUse::None, nobodys(), |_| false);
    assert!(told.recv_timeout(Duration::from_secs(30)).is_err(), "the thread has ended");
}

#[test]
fn a_receiver_is_heard_while_it_is_wanted_and_as_long_as_it_is_there() {
    let devices = tempfile::tempdir().unwrap();
    std::fs::write(devices.path().join("ttyUSB0"), FIX).unwrap();
    let (tell, told) = channel();
    let mut gps = Gps::default();
    gps.want_in(devices.path(), GpsUse::Listen, nobodys(), move |heard| tell.send(heard).is_ok());
    let mut receiver = plug(devices.path(), "ttyACM0");
    receiver.write_all(FIX).unwrap();
    let here =
        Located { place: Place { latitude: 30_593_100, longitude: 114_305_400 }, within_metres: Some(6) };
    assert_eq!(next(&told), Some(here));
    receiver.write_all(NO_FIX).unwrap();
    assert_eq!(next(&told), None);
    receiver.write_all(FIX).unwrap();
    assert_eq!(next(&told), Some(here));
    std::fs::remove_file(devices.path().join("ttyACM0")).unwrap();
    drop(receiver);
    assert_eq!(next(&told), None, "unplugged");
    let mut again = plug(devices.path(), "ttyUSB1");
    again.write_all(FIX).unwrap();
    assert_eq!(next(&told), Some(here));
    gps.want_in(devices.path(), GpsUse::None, nobodys(), |_| false);
    assert!(told.recv_timeout(Duration::from_secs(30)).is_err(), "the thread has ended");
    assert!(matches!(told.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected)));
}

#[test]
fn the_port_of_a_hand_scanner_is_neither_opened_nor_counted() {
    let devices = tempfile::tempdir().unwrap();
    let scanner = devices.path().join("ttyACM0");
    let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU);
    rustix::fs::mknodat(rustix::fs::CWD, &scanner, kind, mode, 0).unwrap();
    // It was chosen by another name.
    let by_id = devices.path().join("by-id-sample");
    symlink(&scanner, &by_id).unwrap();
    let taken: Taken = Arc::new(move || vec![by_id.clone()]);
    let (tell, told) = channel();
    let mut gps = Gps::default();
    gps.want_in(devices.path(), GpsUse::Look, Arc::clone(&taken), move |heard| tell.send(heard).is_ok());
    assert_eq!(told.recv_timeout(Duration::from_secs(30)), Ok(Heard::Plugged(false)));
    let (tell, told) = channel();
    gps.want_in(devices.path(), GpsUse::Listen, taken, move |heard| tell.send(heard).is_ok());
    let mut receiver = plug(devices.path(), "ttyUSB0");
    receiver.write_all(FIX).unwrap();
    assert!(next(&told).is_some(), "it came by the scanner's port");
    let mut to_it = File::options();
    to_it.write(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed());
    let error = to_it.open(&scanner).expect_err("nobody reads");
    assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::NXIO.raw_os_error()));
}
