//! A camera that sees one picture for ever: the simulated street, with a code held up in it or without.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use camera::{Showing, SimulatedSource, open_simulated};
use stage::{Problem, Result};

/// Writes a folder with one picture and returns what `--camera` takes.
///
/// # Errors
/// [`Problem`]: the folder cannot be written.
pub fn folder(folder: &Path, code: Option<&str>) -> Result<String> {
    let jpeg = picture(code).ok_or_else(|| Problem::Unexpected {
        what: "the simulated camera".to_owned(),
        why: "it gives no picture".to_owned(),
    })?;
    let path: PathBuf = folder.join("code.jpg");
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, jpeg));
    written.map_err(super::io(path.display().to_string()))?;
    Ok(format!("pictures:{}", folder.display()))
}

/// Returns the simulated camera's picture two seconds after a code was held up, if one was, as JPEG.
fn picture(code: Option<&str>) -> Option<Arc<[u8]>> {
    let showing = Showing::default();
    showing.show(code.map(str::to_owned));
    let seconds = AtomicU64::new(0);
    let stopwatch = Arc::new(move || Duration::from_secs(seconds.fetch_add(2, Ordering::Relaxed)));
    let mut camera = open_simulated(&SimulatedSource::Program(showing), stopwatch, 1).ok()?;
    let mut next = || camera.next(Duration::from_secs(4)).ok().flatten();
    next()?;
    next()?.jpeg()
}
