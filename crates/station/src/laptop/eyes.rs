//! Reads the camera and the station's hand scanner for a ticket, while one is waited for and no gate reads them.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use code_reader::Sighting;
use gate::Scan;

use super::entrance::{Entrance, Input};
use super::surface::Surface;
use super::{Shared, lock};
use crate::camera_host::Read;
use crate::reading::{Readers, hint_of};
use crate::scanner_host::Ear;

/// Longest wait for a new frame, and for a ticket to be wanted.
const WAIT: Duration = Duration::from_millis(250);

/// Returns what takes a scan away from the gate while a ticket is waited for in its workbench, and sends it to `scans`.
pub(super) fn ear(window: Surface, entrance: Arc<Mutex<Entrance>>, scans: SyncSender<Input>) -> Ear {
    Arc::new(move |scan| {
        // Whoever stops the scanner may hold the laptop's state: it is not asked here.
        if !window.is_in_workbench() || !lock(&entrance).reads() {
            return false;
        }
        let input = match scan {
            Scan::Text(text) => Input::Read(text.to_string()),
            Scan::Broken => Input::ReadInPart,
        };
        scans.try_send(input).is_ok()
    })
}

/// Reads until the laptop stops.
pub(super) fn watch(shared: &Arc<Shared>, stopped: &Receiver<()>, scans: &Receiver<Input>) {
    while stopped.recv_timeout(WAIT) == Err(RecvTimeoutError::Timeout) {
        hear_all(shared, scans);
        if shared.camera.has_pictures() && shared.reads() {
            read(shared, scans);
        }
    }
}

fn hear_all(shared: &Arc<Shared>, scans: &Receiver<Input>) {
    for scan in scans.try_iter() {
        shared.hear(scan);
    }
}

/// Reads the cameras' frames for as long as a ticket is waited for.
fn read(shared: &Arc<Shared>, scans: &Receiver<Input>) {
    let (mut readers, mut read) = (Readers::default(), Read::default());
    while shared.reads() && shared.camera.has_pictures() {
        hear_all(shared, scans);
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
