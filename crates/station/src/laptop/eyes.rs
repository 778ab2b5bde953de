//! Reads the camera for a ticket, while one is waited for and no gate reads it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use code_reader::Sighting;

use super::Shared;
use super::entrance::Input;
use crate::camera_host::Read;
use crate::reading::{Readers, hint_of};

/// Longest wait for a new frame, and for a ticket to be wanted.
const WAIT: Duration = Duration::from_millis(250);

/// Reads until the laptop stops.
pub(super) fn watch(shared: &Arc<Shared>, stopped: &Receiver<()>) {
    while stopped.recv_timeout(WAIT) == Err(RecvTimeoutError::Timeout) {
        if shared.camera.has_pictures() && shared.reads() {
            read(shared);
        }
    }
}

/// Reads the cameras' frames for as long as a ticket is waited for.
fn read(shared: &Arc<Shared>) {
    let (mut readers, mut read) = (Readers::default(), Read::default());
    while shared.reads() && shared.camera.has_pictures() {
        let Some((which, frame)) = shared.camera.next_frame(&mut read, WAIT) else { continue };
        let (sighting, counts) = readers.read(which, &frame);
        if !counts {
            continue;
        }
        shared.hear(match sighting {
            Sighting::Code(code) => Input::Read(code.text.into_string()),
            Sighting::Unreadable { hint, .. } => Input::Unreadable(hint_of(hint)),
            Sighting::Nothing => Input::Nothing,
        });
    }
}
