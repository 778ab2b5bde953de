//! The station's window: wiring around [`station::Laptop`], and nothing that decides.
//!
//! The page has sixteen commands, two events (`view` and `sound`), and the camera's picture under the
//! scheme `preview`. The resident's side is a second window with one command and no events. All else
//! about a station is in the crates `station` and `gate`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod args;
mod awake;
mod commands;
mod display;
mod error;
mod hardening;
mod kiosk;
mod kiosk_window;
mod preview;
mod pulse;
mod resident;
mod resident_window;
mod state;
mod watchdog;

use std::process::ExitCode;

use tauri::{Manager, RunEvent};

use crate::args::Args;
use crate::state::AppState;

/// The label of the collector's window.
const WINDOW: &str = "main";
/// The label of the resident's side.
const RESIDENT: &str = "resident";

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
            commands::set_device,
            commands::save_diagnostics,
            commands::seen,
            commands::displays,
            commands::set_resident_display,
            commands::kiosk,
            commands::set_kiosk,
            commands::leave_kiosk,
            commands::resident,
        ])
        .on_window_event(kiosk_window::on_window_event)
        .setup(move |app| {
            // Without a station the page says why: a program opened from a menu has no terminal.
            let patient = args.patient;
            app.manage(AppState::open(args, app.handle()));
            hardening::open_window(app.handle())?;
            kiosk_window::hold(app.handle())?;
            if !patient {
                watchdog::watch(app.handle())?;
            }
            resident_window::follow(app.handle())?;
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
