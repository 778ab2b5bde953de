//! Leaving service: an administrator turns a station back into a laptop.
//!
//! It is a withdrawal that nobody at the office spoke: the station judges nothing from then on, sends what it
//! has, and erases trust and key. Where the office cannot be reached, what waits is written to files first.
//! What follows is a laptop that says so, and waits for a ticket.

use std::path::Path;

use disk::DiskError;
use gate::Input;
use serde::Deserialize;

use super::{Laptop, Shared, State};
use crate::folder::Folder;
use crate::limits::EXPORT_PATH_BYTES;
use crate::outbox::export::{ExportError, export_of_leaving};
use crate::withdrawal::{ExportedReports, Heard, Phase};

/// A laptop that takes no ticket, since it is a station and nobody may change that here, or cannot become
/// one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this laptop takes no ticket now")]
pub struct TakesNoTicket;

/// A step of leaving service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum LeaveStep {
    /// Judges nothing from now on, and sends what waits. Only an administrator in the workbench may.
    Begin,
    /// Writes what still waits to files instead of sending it, and ends. Only after the first step.
    Export,
}

/// Why a station does not leave service.
#[derive(Debug, thiserror::Error)]
pub enum CannotLeave {
    /// No administrator is in the workbench; or nobody began to leave.
    #[error("only an administrator in the workbench takes a station out of service")]
    NotAllowed,
    /// The word could not be written. Retrying may help.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The reports could not be written to files. Retrying may help; they are still there.
    #[error(transparent)]
    Export(#[from] ExportError),
}

impl Laptop {
    /// Takes the station out of service, step by step. It judges nothing from the first one on, sends what it
    /// has, and is then erased; a process that ends before goes on when the folder is opened. `to` is the folder
    /// for what cannot be sent.
    ///
    /// # Errors
    /// [`CannotLeave`]; the station stays as it is.
    pub fn leave(&self, step: LeaveStep, to: &Path) -> Result<(), CannotLeave> {
        let left = match step {
            LeaveStep::Begin => self.shared.begin_to_leave(),
            LeaveStep::Export => self.shared.leave_by_export(to),
        };
        if matches!(left, Err(CannotLeave::NotAllowed)) {
            self.shared.count_forbidden();
        }
        left
    }
}

impl Shared {
    fn begin_to_leave(&self) -> Result<(), CannotLeave> {
        let mut state = self.lock();
        if !matches!(&*state, State::Station(_)) || !self.window.is_in_workbench() {
            return Err(CannotLeave::NotAllowed);
        }
        let word = Heard { phase: Phase::Sending, left: true, contact: String::new(), exported: None };
        word.keep(&Folder::new(&self.options.dir))?;
        tracing::warn!("an administrator takes this station out of service");
        // It begins again, out of service.
        self.stop(&mut state);
        self.start(&mut state, false);
        Ok(())
    }

    /// The files are durable before the word that erasing begins: a process that is killed in between goes on
    /// sending, and the office knows the reports that come twice.
    fn leave_by_export(&self, to: &Path) -> Result<(), CannotLeave> {
        let folder = Folder::new(&self.options.dir);
        let mut state = self.lock();
        let heard = Heard::read(&folder).filter(|heard| heard.left && heard.phase == Phase::Sending);
        let Some(heard) = heard.filter(|_| matches!(&*state, State::Station(_))) else {
            return Err(CannotLeave::NotAllowed);
        };
        // What the gate still held is in the outbox when the station has stopped.
        self.stop(&mut state);
        let ended = write_reports(&folder, to)
            .and_then(|exported| Ok(Heard { phase: Phase::Erasing, exported, ..heard }.keep(&folder)?));
        self.start(&mut state, ended.is_ok());
        ended
    }

    /// Shows what became of a station that has left service and sent everything.
    pub(super) fn end_if_left(&self, state: &mut State) {
        let heard = Heard::read(&Folder::new(&self.options.dir));
        if heard.is_some_and(|heard| heard.left && heard.phase == Phase::Erasing) {
            self.stop(state);
            self.start(state, true);
        }
    }

    /// Has the gate count that somebody asked for what they may not do.
    pub(super) fn count_forbidden(&self) {
        if let State::Station(station) = &*self.lock() {
            station.inputs.tell(Input::Forbidden);
        }
    }
}

/// Writes all reports of a folder to files. Returns where they are, if there were any.
fn write_reports(folder: &Folder, to: &Path) -> Result<Option<ExportedReports>, CannotLeave> {
    let path = to.to_string_lossy();
    if path.len() > EXPORT_PATH_BYTES || path.contains(char::is_control) {
        return Err(CannotLeave::Export(std::io::Error::from(std::io::ErrorKind::InvalidFilename).into()));
    }
    let exported = export_of_leaving(folder, to)?;
    let reports = exported.iter().map(|file| u64::try_from(file.reports).unwrap_or(u64::MAX));
    let reports = reports.fold(0, u64::saturating_add);
    Ok((reports > 0).then(|| ExportedReports { reports, folder: path.into_owned() }))
}
