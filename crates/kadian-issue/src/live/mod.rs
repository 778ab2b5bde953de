//! `kadian-issue live`: signs the codes of a demo world anew each minute, for a page and a simulated
//! camera.

mod page;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use clap::Args;
use program::{Failure, say};
use serde::Serialize;

use crate::clock;
use crate::demo::codes;
use crate::demo::keys::Keys;
use crate::demo::maker::DemoCode;
use crate::files::{self, Access};

/// Time after which codes are signed anew.
const EVERY: Duration = Duration::from_secs(60);
/// File that names the code before the simulated camera.
const SHOW: &str = "show.txt";

/// Sign the codes of a demo world anew each minute, and show them on a page
///
/// Each minute it writes DIR/live/NAME.txt for every code of codes.tsv. DIR/live/show.txt names the
/// code that the simulated camera sees; where it is empty, the camera sees none. The page shows a
/// code large enough for a camera. A tap on a code holds it before the simulated camera, too. The
/// command runs until it is interrupted.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    kadian-issue live target/demo/world\n  \
    kadian-issue live world --listen 127.0.0.1:8401 &\n  \
    curl -X POST http://127.0.0.1:8401/show/green     hold a code before the camera\n  \
    curl -X POST http://127.0.0.1:8401/show/nobody    and take it away\n\n\
    To show codes on a phone, listen on an address that the phone reaches. Whoever reaches the page\n\
    can choose codes. They are samples, and worth nothing at a real gate.")]
pub struct LiveArgs {
    /// Folder that `kadian-issue demo` has made
    #[arg(value_name = "DIR")]
    world: PathBuf,
    /// Address of the page; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Write the port to this file once the page answers
    #[arg(long, value_name = "FILE")]
    port_file: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &LiveArgs) -> Result<ExitCode, Failure> {
    let world = &arguments.world;
    let keys = Keys::stored(world)?.ok_or_else(|| {
        format!("{0} holds no demo world; make one: kadian-issue demo {0}", world.display())
    })?;
    let live = Arc::new(Live { folder: world.join("live"), keys, codes: RwLock::default() });
    live.sign()?;
    if live.shown().is_none() {
        live.show(None)?;
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    runtime.block_on(serve(live, arguments))
}

async fn serve(live: Arc<Live>, arguments: &LiveArgs) -> Result<ExitCode, Failure> {
    let listener = tokio::net::TcpListener::bind(arguments.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", arguments.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    say!(r#"{{"listening":"{address}","url":"http://{address}"}}"#)?;
    if let Some(path) = &arguments.port_file {
        files::write(path, format!("{}\n", address.port()).as_bytes(), Access::Everyone)?;
    }
    let signing = tokio::spawn(sign_each_minute(Arc::clone(&live)));
    let served = axum::serve(listener, page::routes(live)).with_graceful_shutdown(interrupted()).await;
    signing.abort();
    served.map(|()| ExitCode::SUCCESS).map_err(|error| error.to_string().into())
}

async fn sign_each_minute(live: Arc<Live>) {
    let mut due = tokio::time::interval(EVERY);
    due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    due.tick().await;
    loop {
        due.tick().await;
        // A full disk may have room in a minute. Until then the old codes expire, and the gate says so.
        if let Err(sentence) = live.sign() {
            tracing::error!(%sentence, "the codes could not be signed anew");
        }
    }
}

async fn interrupted() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => (), _ = terminate.recv() => () }
            return;
        }
    }
    // Where no handler can be set, there is nothing to wait for.
    let _ = interrupt.await;
}

/// The codes as last signed, and the folder that they are written to.
pub struct Live {
    folder: PathBuf,
    keys: Keys,
    codes: RwLock<Vec<DemoCode>>,
}

/// A code as the page lists it.
#[derive(Debug, Serialize)]
pub struct Entry {
    name: &'static str,
    verdict: &'static str,
    refusal: Option<&'static str>,
}

impl Live {
    fn sign(&self) -> Result<(), String> {
        let codes = codes::all(&self.keys, clock::now())?;
        for code in &codes {
            let path = self.folder.join(format!("{}.txt", code.name));
            files::write(&path, code.text.as_bytes(), Access::Everyone)?;
        }
        *self.codes.write().unwrap_or_else(std::sync::PoisonError::into_inner) = codes;
        Ok(())
    }

    /// Looks at the codes as last signed.
    fn with<T>(&self, look: impl FnOnce(&[DemoCode]) -> T) -> T {
        look(&self.codes.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Lists every code, in the order of the table.
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |code: &DemoCode| Entry {
            name: code.name,
            verdict: code.expected.verdict(),
            refusal: code.expected.refusal(),
        };
        self.with(|codes| codes.iter().map(entry).collect())
    }

    /// Returns the text of a code.
    pub fn text(&self, name: &str) -> Option<String> {
        self.with(|codes| codes.iter().find(|code| code.name == name).map(|code| code.text.clone()))
    }

    /// Returns the name of the code before the simulated camera: empty where it sees none, `None`
    /// before the first.
    pub fn shown(&self) -> Option<String> {
        let bytes = files::read(&self.folder.join(SHOW), 256).ok()?;
        Some(String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    /// Holds a code before the simulated camera, or takes it away.
    pub fn show(&self, name: Option<&str>) -> Result<(), String> {
        show(&self.folder, name.unwrap_or_default())
    }
}

fn show(folder: &Path, name: &str) -> Result<(), String> {
    files::write(&folder.join(SHOW), name.as_bytes(), Access::Everyone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_signed_and_one_can_be_held_up() {
        let folder = tempfile::tempdir().unwrap();
        let live =
            Live { folder: folder.path().join("live"), keys: Keys::new([1; 32]), codes: RwLock::default() };
        live.sign().unwrap();
        let entries = live.entries();
        assert!(entries.len() > 40);
        let green = std::fs::read_to_string(folder.path().join("live/green.txt")).unwrap();
        assert_eq!(live.text("green"), Some(green));
        assert_eq!((live.shown(), live.text("nobody")), (None, None));
        live.show(Some("green")).unwrap();
        assert_eq!(live.shown().as_deref(), Some("green"));
        live.show(None).unwrap();
        assert_eq!(live.shown().as_deref(), Some(""));
    }
}
