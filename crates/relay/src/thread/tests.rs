//! Relays that a pseudo-terminal plays, which counts what it is told.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use scanner::Port;

use super::*;
use crate::choice::{Line, Pulse};
use crate::limits::PULSE_MIN_MS;

/// On, and off.
const PULSE: [u8; 8] = [0xa0, 0x01, 0x01, 0xa2, 0xa0, 0x01, 0x00, 0xa1];
const PATIENCE: Duration = Duration::from_secs(30);

/// Pulses by hand after which nothing can wait any more.
const SETTLES: usize = 3;

/// A board that is plugged in.
struct Board(File);

impl Board {
    fn plug(at: &Path) -> Self {
        let board = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&board).unwrap();
        unlockpt(&board).unwrap();
        symlink(ptsname(&board, Vec::new()).unwrap().into_string().unwrap(), at).unwrap();
        Self(File::from(board))
    }

    /// Returns whether anybody ever opened its port and closed it again.
    fn was_opened(&self) -> bool {
        let mut polled = [PollFd::new(&self.0, PollFlags::IN)];
        poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).unwrap();
        polled[0].revents().contains(PollFlags::HUP)
    }

    /// Returns how many pulses came since the last look, each ended. Nobody may be about to send more.
    fn pulses(&mut self) -> usize {
        let mut bytes = Vec::new();
        let end = self.0.read_to_end(&mut bytes).unwrap_err();
        assert_eq!(end.raw_os_error(), Some(rustix::io::Errno::IO.raw_os_error()), "it is closed");
        assert_eq!(bytes.len() % PULSE.len(), 0, "{bytes:x?}");
        assert!(bytes.chunks(PULSE.len()).all(|pulse| pulse == PULSE), "{bytes:x?}");
        bytes.len() / PULSE.len()
    }
}

/// A relay's thread, what is heard of it, and its clock in milliseconds.
struct Running {
    handle: RelayHandle,
    told: Receiver<Heard>,
    millis: Arc<AtomicU64>,
}

impl Running {
    fn new(path: &Path) -> Self {
        let (tell, told) = channel();
        let millis = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&millis);
        let clock: Stopwatch = Arc::new(move || Duration::from_millis(clock.load(Ordering::Relaxed)));
        let handle = spawn(&bytes(path), clock, move |heard| tell.send(heard).is_ok()).unwrap().unwrap();
        Self { handle, told, millis }
    }

    fn becomes(&self, state: RelayState) {
        while self.told.recv_timeout(PATIENCE).expect("a word in time") != Heard::State(state) {}
    }

    /// Lets time pass, and tries the relay so often, so that whatever was asked for before is done or dropped.
    fn settle(&self) -> usize {
        for _ in 0..SETTLES {
            self.millis.fetch_add(500, Ordering::Relaxed);
            assert_eq!(self.tried(), Ok(()));
        }
        SETTLES
    }

    fn tried(&self) -> Result<(), RelayFault> {
        self.handle.try_out();
        loop {
            if let Heard::Tried(tried) = self.told.recv_timeout(PATIENCE).expect("a word in time") {
                return tried;
            }
        }
    }
}

fn bytes(path: &Path) -> RelayChoice {
    let port = Port::Path { path: path.to_owned() };
    RelayChoice::Bytes { port, pulse_ms: Pulse::try_from(PULSE_MIN_MS).unwrap() }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ttyUSB0");
    (folder, path)
}

#[test]
fn a_passage_is_one_pulse_and_the_port_is_closed_behind_it() {
    let (_folder, path) = folder();
    let mut board = Board::plug(&path);
    let running = Running::new(&path);
    running.becomes(RelayState::Ready);
    assert!(!board.was_opened(), "it was looked for and not opened");
    running.handle.let_through(PassageId([1; 16]));
    running.handle.let_through(PassageId([1; 16]));
    let by_hand = running.settle();
    drop(running);
    assert_eq!(board.pulses(), 1 + by_hand);
}

#[test]
fn what_was_asked_for_too_long_ago_is_not_made_up() {
    let (_folder, path) = folder();
    let mut board = Board::plug(&path);
    let running = Running::new(&path);
    running.becomes(RelayState::Ready);
    // Three are asked for at once; the first holds the thread up, by this clock for longer than they wait.
    for number in 1..4 {
        running.handle.let_through(PassageId([number; 16]));
    }
    while !board.was_opened() {
        std::thread::yield_now();
    }
    running.millis.fetch_add(3_001, Ordering::Relaxed);
    let by_hand = running.settle();
    drop(running);
    assert_eq!(board.pulses(), 1 + by_hand);
}

#[test]
fn a_relay_that_was_away_says_so_makes_nothing_up_and_works_again_when_it_is_back() {
    let (_folder, path) = folder();
    let board = Board::plug(&path);
    let running = Running::new(&path);
    running.becomes(RelayState::Ready);
    std::fs::remove_file(&path).unwrap();
    drop(board);
    running.handle.let_through(PassageId([1; 16]));
    running.becomes(RelayState::Fault(RelayFault::Absent));
    assert_eq!(running.tried(), Err(RelayFault::Absent));
    let mut board = Board::plug(&path);
    running.becomes(RelayState::Ready);
    let by_hand = running.settle();
    running.handle.let_through(PassageId([2; 16]));
    let by_hand = by_hand + running.settle();
    drop(running);
    assert_eq!(board.pulses(), 1 + by_hand);
}

#[test]
fn a_new_thread_owes_nobody_anything_and_what_waits_ends_with_the_old_one() {
    let (_folder, path) = folder();
    let mut board = Board::plug(&path);
    let running = Running::new(&path);
    running.becomes(RelayState::Ready);
    for number in 1..4 {
        running.handle.let_through(PassageId([number; 16]));
    }
    drop(running);
    let again = Running::new(&path);
    again.becomes(RelayState::Ready);
    let by_hand = again.settle();
    drop(again);
    let pulses = board.pulses() - by_hand;
    assert!(pulses <= 1, "at most the one that had begun: {pulses}");
}

#[test]
fn a_port_that_nobody_chose_is_never_opened() {
    let (folder, path) = folder();
    let other = Board::plug(&folder.path().join("ttyUSB1"));
    let mut board = Board::plug(&path);
    let running = Running::new(&path);
    running.handle.let_through(PassageId([1; 16]));
    let by_hand = running.settle();
    drop(running);
    assert_eq!(board.pulses(), 1 + by_hand);
    assert!(!other.was_opened());
    // The proof would see it.
    drop(File::open(folder.path().join("ttyUSB1")).unwrap());
    assert!(other.was_opened());
}

#[test]
fn what_is_no_serial_port_says_so_until_it_is_gone() {
    let (_folder, path) = folder();
    std::fs::write(&path, "").unwrap();
    let running = Running::new(&path);
    running.becomes(RelayState::Ready);
    assert_eq!(running.tried(), Err(RelayFault::Unusable));
    running.becomes(RelayState::Fault(RelayFault::Unusable));
    assert_eq!(std::fs::read(&path).unwrap(), b"", "nothing is written to a file");
    std::fs::remove_file(&path).unwrap();
    running.becomes(RelayState::Fault(RelayFault::Absent));
    // A pseudo-terminal has no lines to raise.
    let _board = Board::plug(&path);
    let port = Port::Path { path };
    let line = RelayChoice::Line { port, line: Line::Rts, pulse_ms: Pulse::default() };
    assert_eq!(pulse_once(&line, &System::default()), Err(RelayFault::Unusable));
}
