//! Sticks: trust files and receipts come in, sealed reports go out, where no network is.
//!
//! [`find`] tells which sticks are plugged in, [`drive`] reads and writes one, and [`found`] is what was read. What
//! is done with it is decided and done where the network's messages are ([`crate::uplink::stick`]); files are
//! touched here alone, on a thread of their own, so that a stick that hangs holds up nothing else.

pub(crate) mod drive;
pub(crate) mod find;
pub(crate) mod found;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::SystemTime;

use gate::Input;
use gate::window::stick::{
    ReceiptsOnStick, ReportsOnStick, StickProblem, StickSeen, SticksSeen, TrustOnStick,
};
use tokio::sync::{mpsc, oneshot};
use wire::StationId;
use wire::limits::TICKET_INPUT_BYTES;
use wire::stick::REPORTS;

use crate::inputs::Inputs;
use crate::trust_store::TrustStore;
use crate::uplink::stick::{Done, Task};
use drive::{Drive, FolderDrive, free};
use find::Places;
use found::Found;

/// The file with a ticket's text.
const TICKET: &str = "ticket.txt";
/// Room that a stick needs beside what is written: its folder, and the blocks that are not filled.
const SLACK: u64 = 64 * 1024;

/// Reads the text that a stick has for a laptop that is no station yet: `ticket.txt`.
pub(crate) fn ticket(root: &Path) -> Option<String> {
    let text = disk::read(&root.join(TICKET), TICKET_INPUT_BYTES as u64).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// What the gate asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Look which stick is plugged in, and what carrying it would do.
    Look,
    /// Carry it.
    Carry,
}

/// Reads and writes sticks for a running station.
#[derive(Debug, Clone)]
pub(crate) struct Sticks {
    pub station: StationId,
    pub trust: Arc<TrustStore>,
    /// Where sticks are taken.
    pub tasks: mpsc::Sender<Task>,
    /// The station's folder, whose disk holds the queue.
    pub folder: PathBuf,
    pub places: Places,
}

impl Sticks {
    /// Looks at a stick, or carries it: reads it, has that taken, and writes what goes out.
    pub(crate) fn take(&self, root: &Path, carry: bool) -> StickSeen {
        let drive = FolderDrive::new(root, self.station);
        self.take_by(&drive, find::name_of(root), carry)
    }

    fn take_by(&self, drive: &dyn Drive, name: String, carry: bool) -> StickSeen {
        let version = self.trust.current().map_or(0, |trust| trust.root().version);
        let found = Found::read(drive, version);
        let done = self.ask(Task { found, carry, answer: oneshot::channel().0 });
        let Done { trust, receipts, reports, write } = done;
        let reports = match write {
            Some(file) if drive.free().is_some_and(|free| free < file.len() as u64 + SLACK) => {
                ReportsOnStick::Problem { why: StickProblem::Full }
            }
            Some(file) if carry => match drive.write(REPORTS, &file) {
                Ok(()) => reports,
                Err(why) => ReportsOnStick::Problem { why },
            },
            _ => reports,
        };
        StickSeen { name, free: drive.free(), carried: carry, trust, receipts, reports }
    }

    /// Has a stick's files taken. A station that is over takes nothing.
    fn ask(&self, task: Task) -> Done {
        let (answer, answered) = oneshot::channel();
        let sent = self.tasks.blocking_send(Task { answer, ..task });
        let done = sent.ok().and_then(|()| answered.blocking_recv().ok());
        let why = StickProblem::NoStation;
        done.unwrap_or(Done {
            trust: TrustOnStick::Problem { why },
            receipts: ReceiptsOnStick::Problem { why },
            reports: ReportsOnStick::Problem { why },
            write: None,
        })
    }

    /// Does what the gate asks for until nobody asks any more. The thread is not waited for: a stick that hangs
    /// would keep the program from ending, and every file is written whole or not at all.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub(crate) fn serve(self, inputs: Inputs) -> std::io::Result<Sender<Order>> {
        let (sender, orders) = channel();
        std::thread::Builder::new().name("sticks".into()).spawn(move || self.run(&orders, &inputs))?;
        Ok(sender)
    }

    fn run(&self, orders: &Receiver<Order>, inputs: &Inputs) {
        let mut last: Option<(Stamp, StickSeen)> = None;
        while let Ok(order) = orders.recv() {
            let plugged = self.places.sticks();
            let stick = plugged.first().map(|root| {
                let stamp = Stamp::of(root, self.station);
                match (&last, order) {
                    // A stick that stands still is not read again and again.
                    (Some((before, seen)), Order::Look) if *before == stamp => seen.clone(),
                    _ => {
                        let seen = self.take(root, order == Order::Carry);
                        last = Some((Stamp::of(root, self.station), seen.clone()));
                        seen
                    }
                }
            });
            if stick.is_none() {
                last = None;
            }
            let others = u32::try_from(plugged.len().saturating_sub(1)).unwrap_or(u32::MAX);
            let seen = SticksSeen { stick, others, disk_free: free(&self.folder) };
            if !inputs.tell(Input::Sticks(Box::new(seen))) {
                return;
            }
        }
    }
}

/// Tells a stick that changed from one that did not: its folder, and times and lengths of its files.
#[derive(Debug, PartialEq, Eq)]
struct Stamp(PathBuf, Vec<Option<(u64, Option<SystemTime>)>>);

impl Stamp {
    fn of(root: &Path, station: StationId) -> Self {
        let own = station.to_string();
        let names =
            disk::trust_folder::FILES.into_iter().chain([wire::stick::COMMUNITY, wire::stick::RECEIPTS]);
        let own = [REPORTS, wire::stick::RECEIPTS].map(|name| root.join(&own).join(name));
        let paths = names.map(|name| root.join(name)).chain(own);
        let stamp = |path: PathBuf| {
            let found = std::fs::symlink_metadata(path).ok()?;
            Some((found.len(), found.modified().ok()))
        };
        Self(root.to_owned(), paths.map(stamp).collect())
    }
}
