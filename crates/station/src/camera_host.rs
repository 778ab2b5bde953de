//! The laptop's cameras: they run whether a gate runs or not, and tell the gate that listens.

mod listener;
mod told;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use camera::{Arrivals, CameraChoice, CameraHandle, Frame, LatestFrame};
use gate::Fault;
use gate::window::bar::CameraView;
use gate::window::workbench::{CameraName, CameraNow, WhichCamera};

use crate::clock::SystemClock;
use crate::inputs::Inputs;
use listener::Listener;

/// Holds at most two running cameras, and at most one gate that hears of them.
#[derive(Default)]
pub(crate) struct CameraHost {
    /// Numbers the frames of both.
    arrivals: Arc<Arrivals>,
    /// Held while a camera is exchanged, which may take seconds.
    exchanging: Mutex<()>,
    running: Mutex<[Option<Running>; 2]>,
    listener: Arc<Mutex<Listener>>,
    /// The second camera saw a code last: its picture is shown.
    second_saw: AtomicBool,
}

struct Running {
    choice: CameraChoice,
    /// `None` for [`CameraChoice::None`]. Dropping it stops the camera.
    handle: Option<CameraHandle>,
}

/// What somebody who reads both cameras has read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    seqs: [u64; 2],
    last: WhichCamera,
}

impl CameraHost {
    /// Runs the chosen camera, or no second one. One that runs already goes on; another one is stopped first.
    ///
    /// # Errors
    /// When no thread can be started. That camera does not run then.
    pub(crate) fn run(&self, which: WhichCamera, choice: Option<CameraChoice>) -> std::io::Result<()> {
        let _only_one = lock(&self.exchanging);
        if self.choice(which) == choice {
            return Ok(());
        }
        // Stopping a camera waits for its driver; whoever reads the other one does not wait for that.
        let before = lock(&self.running)[which.index()].take();
        drop(before);
        lock(&self.listener).begin(which, choice.as_ref());
        let Some(choice) = choice else { return Ok(()) };
        let handle = match &choice {
            CameraChoice::None => None,
            choice => {
                let listener = Arc::clone(&self.listener);
                let on_state = move |state| lock(&listener).hear(which, state);
                let frames = Arc::new(LatestFrame::counted_by(Arc::clone(&self.arrivals)));
                let clock = Arc::new(SystemClock::since_start);
                Some(camera::spawn_into(frames, choice.clone(), clock, on_state)?)
            }
        };
        lock(&self.running)[which.index()] = Some(Running { choice, handle });
        Ok(())
    }

    /// Stops the cameras that run.
    pub(crate) fn stop(&self) {
        let _only_one = lock(&self.exchanging);
        let before = std::mem::take(&mut *lock(&self.running));
        drop(before);
    }

    /// Tells a gate how the cameras do, now and at each change, until [`CameraHost::detach`].
    pub(crate) fn attach(&self, inputs: Inputs) {
        lock(&self.listener).attach(inputs);
    }

    /// Tells nobody any more.
    pub(crate) fn detach(&self) {
        lock(&self.listener).detach();
    }

    /// Returns how the cameras look to somebody who is not a gate, their fault, and whether they are
    /// simulated.
    pub(crate) fn seen(&self) -> (CameraView, Option<Fault>, bool) {
        lock(&self.listener).seen()
    }

    /// Returns what a camera was chosen to be; `None` where it does not run.
    pub(crate) fn choice(&self, which: WhichCamera) -> Option<CameraChoice> {
        lock(&self.running)[which.index()].as_ref().map(|running| running.choice.clone())
    }

    /// Returns how a camera does; `None` where it does not run.
    pub(crate) fn now(&self, which: WhichCamera) -> Option<CameraNow> {
        let choice = self.choice(which)?;
        Some(lock(&self.listener).now(which, &choice))
    }

    /// Returns what names a camera that gives pictures; a simulated one has no name.
    pub(crate) fn place(&self, which: WhichCamera) -> Option<CameraName> {
        lock(&self.listener).place(which)
    }

    /// Returns whether a camera repeats one picture.
    pub(crate) fn is_frozen(&self, which: WhichCamera) -> bool {
        lock(&self.listener).is_frozen(which)
    }

    /// Returns where a camera's newest frame is.
    pub(crate) fn frames(&self, which: WhichCamera) -> Option<Arc<LatestFrame>> {
        lock(&self.running)[which.index()].as_ref()?.handle.as_ref().map(CameraHandle::latest)
    }

    /// Returns whether any camera runs that may give pictures.
    pub(crate) fn has_pictures(&self) -> bool {
        WhichCamera::BOTH.iter().any(|which| self.frames(*which).is_some())
    }

    /// Waits up to `timeout` for a frame that was not read yet. If both cameras have one, they take turns.
    pub(crate) fn next_frame(&self, read: &mut Read, timeout: Duration) -> Option<(WhichCamera, Arc<Frame>)> {
        let count = self.arrivals.count();
        self.unread(read).or_else(|| {
            self.arrivals.wait_beyond(count, timeout);
            self.unread(read)
        })
    }

    fn unread(&self, read: &mut Read) -> Option<(WhichCamera, Arc<Frame>)> {
        let found = [read.last.other(), read.last].into_iter().find_map(|which| {
            let frame = self.frames(which)?.newest()?;
            (frame.seq > read.seqs[which.index()]).then_some((which, frame))
        });
        if let Some((which, frame)) = &found {
            (read.seqs[which.index()], read.last) = (frame.seq, *which);
        }
        found
    }

    /// Hears that a camera saw a code: its picture is shown from now on.
    pub(crate) fn saw_a_code(&self, which: WhichCamera) {
        self.second_saw.store(which == WhichCamera::Second, Ordering::Relaxed);
    }

    /// Returns the newest frame to be shown: of the camera that saw a code last, if it gives any.
    pub(crate) fn newest_shown(&self) -> Option<Arc<Frame>> {
        let saw =
            if self.second_saw.load(Ordering::Relaxed) { WhichCamera::Second } else { WhichCamera::First };
        let newest = |which| self.frames(which)?.newest();
        newest(saw).or_else(|| newest(saw.other()))
    }

    /// Waits up to `timeout` for a frame to be shown with a number above `seq`.
    pub(crate) fn shown_after(&self, seq: u64, until: Duration) -> Option<Arc<Frame>> {
        loop {
            let count = self.arrivals.count();
            if let Some(frame) = self.newest_shown().filter(|frame| frame.seq > seq) {
                return Some(frame);
            }
            let left = until.saturating_sub(SystemClock::since_start());
            if left.is_zero() {
                return None;
            }
            self.arrivals.wait_beyond(count, left);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change under these locks is one assignment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
