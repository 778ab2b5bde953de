//! A relay board at a serial port, played by a pseudo-terminal, which counts what it is told: no station does.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use stage::clock::{PATIENCE, until};
use stage::finish;
use stage::programs::command;

/// On, and off.
const PULSE: [u8; 8] = [0xa0, 0x01, 0x01, 0xa2, 0xa0, 0x01, 0x00, 0xa1];

/// Chooses the board at a port as the relay of a station that does not run, as a technician would.
pub fn choose(port: &Path, station: &Path) {
    let mut choose = command("kadian").unwrap();
    choose.args(["relay", "choose"]).arg(port).args(["--kind", "bytes", "--pulse-ms", "200", "--dir"]);
    finish(choose.arg(station)).unwrap();
}

/// A board that is plugged in; unplugged when dropped.
pub struct CountingBoard {
    board: File,
    port: PathBuf,
    bytes: Vec<u8>,
}

impl CountingBoard {
    /// Plugs a board in: its port appears under this path.
    #[must_use]
    pub fn plug(port: &Path) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let board = openpt(flags).unwrap();
        grantpt(&board).unwrap();
        unlockpt(&board).unwrap();
        symlink(ptsname(&board, Vec::new()).unwrap().into_string().unwrap(), port).unwrap();
        Self { board: board.into(), port: port.to_owned(), bytes: Vec::new() }
    }

    /// Returns whether its port was ever opened, and closed again.
    #[must_use]
    pub fn was_opened(&self) -> bool {
        self.polled(PollFlags::IN).contains(PollFlags::HUP)
    }

    /// Returns the number of whole pulses since it was plugged in.
    pub fn pulses(&mut self) -> usize {
        while self.polled(PollFlags::IN).contains(PollFlags::IN) {
            let mut read = [0; 64];
            let Ok(count @ 1..) = self.board.read(&mut read) else { break };
            self.bytes.extend_from_slice(&read[..count]);
        }
        let whole = self.bytes.chunks_exact(PULSE.len());
        assert!(PULSE.starts_with(whole.remainder()), "{:x?}", self.bytes);
        assert!(whole.clone().all(|pulse| pulse == PULSE), "{:x?}", self.bytes);
        whole.len()
    }

    /// Waits until there were so many; more are too many.
    pub fn wait(&mut self, pulses: usize) {
        until("the relay's pulse", PATIENCE, || Ok((self.pulses() >= pulses).then_some(()))).unwrap();
        assert_eq!(self.pulses(), pulses);
    }

    fn polled(&self, events: PollFlags) -> PollFlags {
        let mut polled = [PollFd::new(&self.board, events)];
        poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).unwrap();
        polled[0].revents()
    }
}

impl Drop for CountingBoard {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.port);
    }
}
