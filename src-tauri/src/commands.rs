//! All that a page can ask.

use std::path::PathBuf;

use gate::UserInput;
use gate::window::resident::ResidentView;
use serde_json::Value;
use station::{
    CannotSave, DeviceSetting, Language, LeaveStep, ResidentDisplay, Settings, Theme, TicketInput, WindowView,
};
use tauri::{AppHandle, Manager as _, State};

use crate::error::{CommandError, CommandErrorCode};
use crate::kiosk::KioskState;
use crate::resident_window::{self, DisplayInfo};
use crate::state::AppState;

/// Returns what is to be shown now; `view` events follow.
#[tauri::command]
pub(crate) async fn start(state: State<'_, AppState>) -> Result<WindowView, CommandError> {
    state.newest_view().await
}

/// Hands in what a person did at the screen.
#[tauri::command]
pub(crate) fn user(state: State<'_, AppState>, input: Value) -> Result<(), CommandError> {
    let input: UserInput = typed(input)?;
    state.station(|station| station.user(input))
}

/// Hands in what a person did with a ticket. A laptop that is a station takes none.
#[tauri::command]
pub(crate) fn ticket(state: State<'_, AppState>, input: Value) -> Result<(), CommandError> {
    let input: TicketInput = typed(input)?;
    state.ticket(input)
}

/// Takes the station out of service, step by step: begun by an administrator in its workbench.
#[tauri::command]
pub(crate) async fn leave(app: AppHandle, step: Value) -> Result<(), CommandError> {
    let step: LeaveStep = typed(step)?;
    // It waits for the station's threads, and for files.
    let left = tauri::async_runtime::spawn_blocking(move || {
        let to = export_folder(&app);
        app.state::<AppState>().leave(step, &to)
    });
    left.await.unwrap_or(Err(CommandErrorCode::NotSaved.into()))
}

/// Returns the folder for reports that cannot be sent: it is new, among what this person downloads.
fn export_folder(app: &AppHandle) -> PathBuf {
    downloads(app).join("kadian-reports")
}

/// Returns the folder of what this person downloads.
fn downloads(app: &AppHandle) -> PathBuf {
    let path = app.path();
    path.download_dir().or_else(|_| path.home_dir()).unwrap_or_default()
}

/// Returns the station's settings.
#[tauri::command]
pub(crate) fn settings(state: State<'_, AppState>) -> Result<Settings, CommandError> {
    state.station(|station| station.settings())
}

/// Chooses the window's language, and keeps it.
#[tauri::command]
pub(crate) fn set_language(state: State<'_, AppState>, language: Value) -> Result<(), CommandError> {
    let language: Language = typed(language)?;
    state.station(|station| station.set_language(language))?.map_err(|_| CommandErrorCode::NotSaved.into())
}

/// Chooses the window's colours, and keeps them.
#[tauri::command]
pub(crate) fn set_theme(state: State<'_, AppState>, theme: Value) -> Result<(), CommandError> {
    let theme: Theme = typed(theme)?;
    state.station(|station| station.set_theme(theme))?.map_err(|_| CommandErrorCode::NotSaved.into())
}

/// Chooses whether the second language stands beside the first, and keeps it.
#[tauri::command]
pub(crate) fn set_gloss(state: State<'_, AppState>, gloss: Value) -> Result<(), CommandError> {
    let gloss: bool = typed(gloss)?;
    state.station(|station| station.set_gloss(gloss))?.map_err(|_| CommandErrorCode::NotSaved.into())
}

/// Changes a setting of the device page, and keeps it. Only an administrator in the workbench may.
#[tauri::command]
pub(crate) fn set_device(state: State<'_, AppState>, setting: Value) -> Result<(), CommandError> {
    let setting: DeviceSetting = typed(setting)?;
    state.administrator()?;
    state.station(|station| station.set_device(setting))?.map_err(|_| CommandErrorCode::NotSaved.into())
}

/// Saves the diagnostics that an administrator reads now among what this person downloads. Returns where.
#[tauri::command]
pub(crate) async fn save_diagnostics(app: AppHandle) -> Result<String, CommandError> {
    let saved = tauri::async_runtime::spawn_blocking(move || {
        let state = app.state::<AppState>();
        state.administrator()?;
        let folder = downloads(&app);
        match state.station(|station| station.save_diagnostics(&folder))? {
            Ok(path) => Ok(path.to_string_lossy().into_owned()),
            Err(CannotSave::NotShown) => Err(CommandErrorCode::NotAllowed.into()),
            Err(error @ CannotSave::Io(_)) => {
                tracing::error!(%error, "diagnostics");
                Err(CommandErrorCode::NotSaved.into())
            }
        }
    });
    saved.await.unwrap_or(Err(CommandErrorCode::NotSaved.into()))
}

/// Takes a heartbeat of the page, with the number of camera pictures that it has shown.
///
/// A page without heartbeats is loaded anew. In the log the number tells a window that stands still
/// from a camera that does.
#[tauri::command]
pub(crate) fn seen(state: State<'_, AppState>, heartbeat: Value) -> Result<(), CommandError> {
    let frames: u64 = typed(heartbeat)?;
    state.pulse().beat();
    tracing::debug!(frames, "the page is alive");
    Ok(())
}

/// Returns the displays on which the resident's side can be.
#[tauri::command]
pub(crate) async fn displays(app: AppHandle) -> Result<Vec<DisplayInfo>, CommandError> {
    resident_window::displays(&app).map_err(|_| CommandErrorCode::NotReady.into())
}

/// Chooses where the resident's side is, and keeps it. Only an administrator in the workbench may.
#[tauri::command]
pub(crate) async fn set_resident_display(app: AppHandle, display: Value) -> Result<(), CommandError> {
    let display: ResidentDisplay = typed(display)?;
    let state = app.state::<AppState>();
    state.administrator()?;
    if let ResidentDisplay::Display { name } = &display {
        let connected = resident_window::displays(&app).map_err(|_| CommandErrorCode::NotReady)?;
        if !connected.iter().any(|of| of.name == *name) {
            return Err(CommandErrorCode::BadArgument.into());
        }
    }
    let kept = state.station(|station| station.set_resident_display(display))?;
    kept.map_err(|_| CommandErrorCode::NotSaved.into())
}

/// Returns whether this laptop is a kiosk.
#[tauri::command]
pub(crate) fn kiosk(state: State<'_, AppState>) -> KioskState {
    state.kiosk_state()
}

/// Chooses whether this laptop is a kiosk from the next start on. Only an administrator in the workbench may.
#[tauri::command]
pub(crate) fn set_kiosk(state: State<'_, AppState>, kiosk: Value) -> Result<(), CommandError> {
    let kiosk: bool = typed(kiosk)?;
    state.administrator()?;
    state.station(|station| station.set_kiosk(kiosk))?.map_err(|_| CommandErrorCode::NotSaved.into())
}

/// Leaves the kiosk until the program starts again. Only an administrator in the workbench may.
#[tauri::command]
pub(crate) async fn leave_kiosk(app: AppHandle) -> Result<(), CommandError> {
    app.state::<AppState>().administrator()?;
    crate::kiosk_window::leave(&app).map_err(|error| {
        tracing::error!(%error, "the window still fills the screen");
        CommandErrorCode::NotReady.into()
    })
}

/// Returns what the resident's side shows, once it is other than `seen`, and in a second at the latest. It is
/// the one command of that window, and this is all that it is ever told.
#[tauri::command]
pub(crate) async fn resident(state: State<'_, AppState>, seen: Value) -> Result<ResidentView, CommandError> {
    let seen: Option<ResidentView> = typed(seen)?;
    state.resident_pulse().beat();
    Ok(state.resident().other_than(seen).await)
}

/// Parses an argument here, because Tauri's own refusal would be a sentence and not a code.
fn typed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, CommandError> {
    serde_json::from_value(value).map_err(|_| CommandErrorCode::BadArgument.into())
}

#[cfg(test)]
mod tests {
    use gate::window::collector::{CollectorInput, ScanId};
    use serde_json::json;

    use super::*;

    #[test]
    fn bad_arguments_are_refused_by_code() {
        let bad = CommandError::from(CommandErrorCode::BadArgument);
        for input in [
            json!(null),
            json!("confirm"),
            json!({"kind": "confirm", "scan": 7}),
            json!({"wing": "collector", "kind": "confirm"}),
        ] {
            assert_eq!(typed::<UserInput>(input), Err(bad));
        }
        assert_eq!(typed::<u64>(json!(-1)), Err(bad));
        assert_eq!(typed::<LeaveStep>(json!("end")), Err(bad));
        for input in [json!("HDMI-1"), json!({"kind": "display"}), json!({"kind": "everywhere"})] {
            assert_eq!(typed::<ResidentDisplay>(input), Err(bad));
        }
        assert_eq!(typed::<Option<ResidentView>>(json!("green")), Err(bad));
        assert_eq!(typed::<DeviceSetting>(json!({"kind": "volume", "to": 300})), Err(bad));
        for input in [json!("back"), json!({"kind": "offer"}), json!({"kind": "offer", "text": 7})] {
            assert_eq!(typed::<TicketInput>(input), Err(bad));
        }
        assert_eq!(
            typed::<UserInput>(json!({"wing": "collector", "kind": "confirm", "scan": 7})),
            Ok(UserInput::Collector(CollectorInput::Confirm { scan: ScanId(7) }))
        );
    }
}
