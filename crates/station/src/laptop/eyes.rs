//! Reads the camera for a ticket, while one is waited for and no gate reads it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use camera::LatestFrame;
use code_reader::{Reader, Sighting};

use super::Shared;
use super::entrance::Input;
use crate::reading::hint_of;

/// Longest wait for a new frame, and for a ticket to be wanted.
const WAIT: Duration = Duration::from_millis(250);

/// Reads until the laptop stops.
pub(super) fn watch(shared: &Arc<Shared>, stopped: &Receiver<()>) {
    while stopped.recv_timeout(WAIT) == Err(RecvTimeoutError::Timeout) {
        if let Some(frames) = shared.camera.frames().filter(|_| shared.reads()) {
            read(shared, &frames);
        }
    }
}

/// Reads one camera's frames for as long as a ticket is waited for.
fn read(shared: &Arc<Shared>, frames: &Arc<LatestFrame>) {
    let mut reader = Reader::new();
    let mut seq = 0;
    while shared.reads() && shared.camera.frames().is_some_and(|newest| Arc::ptr_eq(&newest, frames)) {
        let Some(frame) = frames.newer_than(seq, WAIT) else { continue };
        seq = frame.seq;
        shared.hear(match reader.read(&frame.grey) {
            Sighting::Code(code) => Input::Read(code.text.into_string()),
            Sighting::Unreadable { hint, .. } => Input::Unreadable(hint_of(hint)),
            Sighting::Nothing => Input::Nothing,
        });
    }
}
