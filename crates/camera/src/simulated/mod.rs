//! The simulated camera: plays picture files, or draws a phone that shows a code.

mod paint;
mod phone;
mod pictures;
mod planes;
mod projection;
mod scene;
mod source;

use std::time::Duration;

use crate::choice::SimulatedSource;
use crate::fault::CameraFault;
use crate::open_camera::{Camera, Description};
use crate::picture::Picture;
use crate::showing::Showing;
use crate::stopwatch::Stopwatch;
use pictures::Pictures;
use planes::{HEIGHT, WIDTH};
pub use scene::RISE;
use scene::Scene;
use source::Folder;

/// Pictures a second.
const RATE: u32 = 20;
/// How often the folder is read again.
const REREAD: Duration = Duration::from_millis(200);

/// Opens a simulated camera.
pub(crate) fn open(source: &SimulatedSource, stopwatch: Stopwatch) -> Result<Box<dyn Camera>, CameraFault> {
    open_at_rate(source, stopwatch, RATE)
}

/// Opens a simulated camera at a rate in pictures a second.
///
/// # Errors
/// The folder cannot be read, or holds no pictures.
pub fn open_at_rate(
    source: &SimulatedSource,
    stopwatch: Stopwatch,
    rate: u32,
) -> Result<Box<dyn Camera>, CameraFault> {
    let pace = Pace { next: stopwatch(), stopwatch, rate };
    Ok(match source {
        SimulatedSource::Pictures { folder } => {
            Box::new(Slideshow { pictures: Pictures::open(folder)?, pace })
        }
        SimulatedSource::Codes { folder } => {
            Box::new(CodeCamera::new(Shown::Folder(Folder::open(folder)?), pace))
        }
        SimulatedSource::Program(showing) => Box::new(CodeCamera::new(Shown::Program(showing.clone()), pace)),
    })
}

/// Limits the rate of pictures.
struct Pace {
    stopwatch: Stopwatch,
    next: Duration,
    rate: u32,
}

impl Pace {
    /// Waits until the next picture is due, and returns that time. `None` if it is not due within
    /// `timeout`.
    fn wait(&mut self, timeout: Duration) -> Option<Duration> {
        let now = (self.stopwatch)();
        let wait = self.next.saturating_sub(now);
        std::thread::sleep(wait.min(timeout));
        if wait > timeout {
            return None;
        }
        let due = now.max(self.next);
        // After a pause, missed pictures are not made up for.
        self.next = due + Duration::from_secs(1) / self.rate.max(1);
        Some(due)
    }
}

struct Slideshow {
    pictures: Pictures,
    pace: Pace,
}

impl Camera for Slideshow {
    fn next(&mut self, timeout: Duration) -> Result<Option<Picture>, CameraFault> {
        let Some(now) = self.pace.wait(timeout) else { return Ok(None) };
        self.pictures.at(now).map(Some)
    }

    fn describe(&self) -> Description {
        description("pictures")
    }
}

/// Where the code on the phone comes from.
enum Shown {
    Folder(Folder),
    Program(Showing),
}

/// Draws codes on a phone.
struct CodeCamera {
    source: Shown,
    scene: Box<Scene>,
    pace: Pace,
    /// Name and text of the code that is shown. Another name means another person.
    shown: Option<(String, String)>,
    read_at: Option<Duration>,
}

impl CodeCamera {
    fn new(source: Shown, pace: Pace) -> Self {
        Self { source, scene: Box::new(Scene::new()), pace, shown: None, read_at: None }
    }

    fn update(&mut self, now: Duration) -> Result<(), CameraFault> {
        let shown = match &mut self.source {
            Shown::Program(showing) => showing.text().map(|text| (text.clone(), text)),
            Shown::Folder(folder) => {
                if self.read_at.is_some_and(|read_at| now.saturating_sub(read_at) < REREAD) {
                    return Ok(());
                }
                self.read_at = Some(now);
                folder.read()?
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

impl Camera for CodeCamera {
    fn next(&mut self, timeout: Duration) -> Result<Option<Picture>, CameraFault> {
        let Some(now) = self.pace.wait(timeout) else { return Ok(None) };
        self.update(now)?;
        self.scene.picture(now).map(Some).ok_or(CameraFault::Unusable)
    }

    fn describe(&self) -> Description {
        description("codes")
    }
}

fn description(what: &str) -> Description {
    let (width, height, rate) = (WIDTH, HEIGHT, RATE);
    Description {
        name: format!("simulated ({what})"),
        place: String::new(),
        format: format!("{width}×{height} {rate}/s"),
        reduced: None,
        set: Vec::new(),
        simulated: true,
        frozen: false,
    }
}

#[cfg(test)]
mod tests;
