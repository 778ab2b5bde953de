//! The simulated camera: picture files, or codes on a phone that somebody holds up at dusk.

mod paint;
mod phone;
mod pictures;
mod planes;
mod scene;
mod source;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Camera, CameraFault, Description, Picture, SimulatedSource, Stopwatch, limits};
use pictures::Pictures;
use scene::Scene;
use source::Folder;

/// What a program holds up to a simulated camera.
#[derive(Debug, Clone, Default)]
pub struct Showing(Arc<Mutex<Option<String>>>);

impl Showing {
    /// Holds up a code with this text; `None`: nobody is there.
    pub fn show(&self, text: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    fn text(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Opens the simulated camera.
pub(super) fn open(source: &SimulatedSource, stopwatch: Stopwatch) -> Result<Box<dyn Camera>, CameraFault> {
    open_at(source, stopwatch, limits::SIMULATED_RATE)
}

/// Opens a simulated camera at a rate in pictures a second.
///
/// # Errors
/// Where its folder cannot be read.
pub fn open_at(
    source: &SimulatedSource,
    stopwatch: Stopwatch,
    rate: u32,
) -> Result<Box<dyn Camera>, CameraFault> {
    let pace = Pace { next: stopwatch(), stopwatch, rate };
    Ok(match source {
        SimulatedSource::Pictures { folder } => Box::new(Slides { pictures: Pictures::open(folder)?, pace }),
        SimulatedSource::Codes { folder } => Box::new(Phone::new(Held::Folder(Folder::open(folder)?), pace)),
        SimulatedSource::Program(showing) => Box::new(Phone::new(Held::Program(showing.clone()), pace)),
    })
}

/// Keeps to a rate of pictures a second.
struct Pace {
    stopwatch: Stopwatch,
    next: Duration,
    rate: u32,
}

impl Pace {
    /// Waits for the next picture's time and returns it; `None` if it is not within `timeout`.
    fn wait(&mut self, timeout: Duration) -> Option<Duration> {
        let now = (self.stopwatch)();
        let wait = self.next.saturating_sub(now);
        std::thread::sleep(wait.min(timeout));
        if wait > timeout {
            return None;
        }
        let due = now.max(self.next);
        // After a pause the rhythm starts anew, without making up for what was missed.
        self.next = due + Duration::from_secs(1) / self.rate.max(1);
        Some(due)
    }
}

struct Slides {
    pictures: Pictures,
    pace: Pace,
}

impl Camera for Slides {
    fn next(&mut self, timeout: Duration) -> Result<Option<Picture>, CameraFault> {
        let Some(now) = self.pace.wait(timeout) else { return Ok(None) };
        self.pictures.at(now).map(Some)
    }

    fn describe(&self) -> Description {
        description("pictures")
    }
}

/// Who decides what is on the phone.
enum Held {
    Folder(Folder),
    Program(Showing),
}

struct Phone {
    held: Held,
    scene: Box<Scene>,
    pace: Pace,
    /// What is held up: its name, by which one person is told from the next, and its text.
    shown: Option<(String, String)>,
    looked: Option<Duration>,
}

impl Phone {
    fn new(held: Held, pace: Pace) -> Self {
        Self { held, scene: Box::new(Scene::new()), pace, shown: None, looked: None }
    }

    fn look(&mut self, now: Duration) -> Result<(), CameraFault> {
        let shown = match &mut self.held {
            Held::Program(showing) => showing.text().map(|text| (text.clone(), text)),
            Held::Folder(folder) => {
                if self.looked.is_some_and(|looked| now.saturating_sub(looked) < limits::LOOK_AGAIN) {
                    return Ok(());
                }
                self.looked = Some(now);
                folder.look()?
            }
        };
        if shown != self.shown {
            let same_person = match (&shown, &self.shown) {
                (Some((new, _)), Some((old, _))) => new == old,
                _ => false,
            };
            self.scene.hold(shown.as_ref().map(|(_, text)| text.as_str()), now, !same_person);
            self.shown = shown;
        }
        Ok(())
    }
}

impl Camera for Phone {
    fn next(&mut self, timeout: Duration) -> Result<Option<Picture>, CameraFault> {
        let Some(now) = self.pace.wait(timeout) else { return Ok(None) };
        self.look(now)?;
        self.scene.picture(now).map(Some).ok_or(CameraFault::Unusable)
    }

    fn describe(&self) -> Description {
        description("codes")
    }
}

fn description(what: &str) -> Description {
    let (width, height, rate) = (limits::WIDTH, limits::HEIGHT, limits::SIMULATED_RATE);
    Description {
        name: format!("simulated ({what})"),
        place: String::new(),
        format: format!("{width}×{height} {rate}/s"),
        lesser: None,
        set: Vec::new(),
        simulated: true,
        frozen: false,
    }
}

#[cfg(test)]
mod tests;
