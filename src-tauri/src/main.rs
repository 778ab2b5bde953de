//! The station's window: wiring around [`station::Laptop`], and nothing that decides.
//!
//! The page has nine commands, two events (`view` and `sound`), and the camera's picture under the
//! scheme `preview`. All else about a station is in the crates `station` and `gate`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod args;
mod commands;
mod display;
mod error;
mod hardening;
mod preview;
mod pulse;
mod state;
mod watchdog;

use std::process::ExitCode;

use tauri::{Manager, RunEvent};

use crate::args::Args;
use crate::state::AppState;

/// The label of the only window.
const WINDOW: &str = "main";

fn main() -> ExitCode {
    hardening::prepare_process();
    program::run(|args: Args| {
        run(args).map_err(|error| error.to_string())?;
        Ok(ExitCode::SUCCESS)
    })
}

fn run(args: Args) -> tauri::Result<()> {
    let app = tauri::Builder::default()
        .register_asynchronous_uri_scheme_protocol(preview::SCHEME, preview::answer)
        .invoke_handler(tauri::generate_handler![
            commands::start,
            commands::user,
            commands::ticket,
            commands::leave,
            commands::settings,
            commands::set_language,
            commands::set_theme,
            commands::set_gloss,
            commands::seen,
        ])
        .setup(move |app| {
            // Without a station the page says why: a program opened from a menu has no terminal.
            app.manage(AppState::open(args, app.handle()));
            hardening::open_window(app.handle())?;
            watchdog::watch(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if matches!(event, RunEvent::Exit) {
            app.state::<AppState>().close();
        }
    });
    Ok(())
}
