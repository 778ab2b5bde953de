//! All that a page can ask. Errors are codes that the page turns into sentences.

use gate::UserInput;
use gate::View;
use serde::Serialize;
use serde_json::Value;
use station::{Language, Settings};
use tauri::State;

use crate::desk::Desk;

/// Why a command was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub(crate) struct CommandError {
    /// What was wrong.
    pub(crate) code: CommandErrorCode,
    /// Whether the same command may succeed later.
    pub(crate) retry: bool,
}

/// The stable codes of [`CommandError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CommandErrorCode {
    /// The argument is none that this command takes.
    BadArgument,
    /// The station has shown nothing yet.
    NotReady,
    /// The folder is no enrolled station.
    NotEnrolled,
    /// This station is open in another window.
    InUse,
    /// The station could not be opened.
    NoStation,
    /// The settings could not be written.
    NotSaved,
}

impl From<CommandErrorCode> for CommandError {
    fn from(code: CommandErrorCode) -> Self {
        let retry = matches!(code, CommandErrorCode::NotReady | CommandErrorCode::NotSaved);
        Self { code, retry }
    }
}

/// What is to be shown now; `view` events follow.
#[tauri::command]
pub(crate) async fn start(desk: State<'_, Desk>) -> Result<View, CommandError> {
    desk.newest_view().await
}

/// What a person did at the screen.
#[tauri::command]
pub(crate) fn user(desk: State<'_, Desk>, input: Value) -> Result<(), CommandError> {
    let input: UserInput = typed(input)?;
    desk.station(|station| station.user(input))
}

/// The station's settings.
#[tauri::command]
pub(crate) fn settings(desk: State<'_, Desk>) -> Result<Settings, CommandError> {
    desk.station(|station| station.settings())
}

/// Chooses the window's language, and keeps it.
#[tauri::command]
pub(crate) fn set_language(desk: State<'_, Desk>, language: Value) -> Result<(), CommandError> {
    let language: Language = typed(language)?;
    desk.station(|station| station.set_language(language))?.map_err(|_| CommandErrorCode::NotSaved.into())
}

/// A heartbeat of the page: so many pictures of the camera were shown. A page without one is loaded
/// anew; in the log it tells a window that stands still from a camera that does.
#[tauri::command]
pub(crate) fn seen(desk: State<'_, Desk>, heartbeat: Value) -> Result<(), CommandError> {
    let frames: u64 = typed(heartbeat)?;
    desk.pulse().beat();
    tracing::debug!(frames, "the page is alive");
    Ok(())
}

/// Parses an argument here and not in Tauri, whose own refusal would be a sentence.
fn typed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, CommandError> {
    serde_json::from_value(value).map_err(|_| CommandErrorCode::BadArgument.into())
}

#[cfg(test)]
mod tests {
    use gate::window::collector::{CollectorInput, ScanId};
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_cross_as_codes() {
        let error = CommandError::from(CommandErrorCode::NotReady);
        assert_eq!(serde_json::to_value(error).unwrap(), json!({"code": "not-ready", "retry": true}));
        let error = CommandError::from(CommandErrorCode::BadArgument);
        assert_eq!(serde_json::to_value(error).unwrap(), json!({"code": "bad-argument", "retry": false}));
    }

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
        assert_eq!(
            typed::<UserInput>(json!({"wing": "collector", "kind": "confirm", "scan": 7})),
            Ok(UserInput::Collector(CollectorInput::Confirm { scan: ScanId(7) }))
        );
    }
}
